"""Comparisons, and nothing more: a fact with a fact or a constant. Whatever needs more is a formula in `rules` (decision 0006)."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "!=": operator.ne,
    "==": operator.eq,
    ">": operator.gt,
    "<": operator.lt,
}
_WRITTEN = re.compile(r"\s*(>=|<=|!=|==|>|<)\s*(.+?)\s*")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def written(text: str) -> tuple[str, str] | None:
    """The operator and the operand of a comparison as the files write it; none when it is no comparison.

    >>> written("> current_quota"), written(">= 500000"), written("house")
    (('>', 'current_quota'), ('>=', '500000'), None)
    """
    found = _WRITTEN.fullmatch(text)
    return (found[1], found[2]) if found else None


def is_name(text: str) -> bool:
    """Whether an operand names another ask.

    >>> is_name("current_quota"), is_name("500000"), is_name("2026-01-01")
    (True, False, False)
    """
    return _NAME.fullmatch(text) is not None


def comparable(value: object) -> Any:
    """Numbers written as text as numbers; everything else as it is.

    >>> comparable("140.01") > comparable("99"), comparable("2026-01-02") > comparable("2026-01-01")
    (True, True)
    """
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,15}(\.\d{1,6})?", value):
        return Fraction(value)
    if isinstance(value, str) and re.fullmatch(r"\d{1,9}(\.\d{1,6})?%", value):
        return Fraction(value[:-1]) / 100
    return value


def compare(sign: str, left: object, right: object) -> bool:
    """Whether the comparison holds; values of different kinds are never ordered."""
    a, b = comparable(left), comparable(right)
    if sign in ("==", "!="):
        return OPERATORS[sign](a, b)
    try:
        return OPERATORS[sign](a, b)
    except TypeError:
        return False


@dataclass(frozen=True, slots=True)
class Check:
    """An answer must compare so with another answer (`other`) or with a constant, a wire value."""

    sign: str
    other: str = ""
    constant: object = None

    def holds(self, value: object, answers: Mapping[str, object]) -> bool:
        """Whether it holds; with an answer that is not there yet it holds."""
        right = answers.get(self.other) if self.other else self.constant
        return right is None or compare(self.sign, value, right)


@dataclass(frozen=True, slots=True)
class Condition:
    """An ask or paper is there only when an earlier answer is one of `values`, or compares so."""

    on: str
    values: tuple[object, ...] = ()
    sign: str = ""
    constant: object = None

    def holds(self, answers: Mapping[str, object]) -> bool:
        """Whether it holds."""
        answer = answers.get(self.on)
        if answer is None:
            return False
        if self.sign:
            return compare(self.sign, answer, self.constant)
        if isinstance(answer, list):
            return any(value in answer for value in self.values)
        return any(type(answer) is type(value) and answer == value for value in self.values)
