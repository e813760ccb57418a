"""How a function becomes a line of a rule: its law, its labels and the first day it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar, cast

from palmtax.rules.errors import LawError


@dataclass(frozen=True)
class Formula:
    """One line of a rule: a function with its law, labels and the first day it counts."""

    name: str
    function: Callable[..., Any]
    articles: tuple[str, ...]
    label: str
    label_en: str
    since: date = date.min


_WRITTEN: dict[str, list[Formula]] = {}
F = TypeVar("F", bound=Callable[..., Any])


def law(*articles: str, label: str, label_en: str) -> Callable[[F], F]:
    """Make a function one line of its rule; cites at least one article of `statutes.yaml`.

    Articles that are not in force on the day of an assessment are left out of its explanation.
    """
    if not articles:
        raise LawError("a formula needs its law")

    def keep(function: F) -> F:
        formula = Formula(function.__name__, function, articles, label, label_en)
        _WRITTEN.setdefault(function.__module__, []).append(formula)
        return function

    return keep


def since(first_day: date, *, of: str) -> Callable[[F], F]:
    """Put above `@law`: from that day on, this function is the line `of`; the older one stays above it."""

    def keep(function: F) -> F:
        written = _WRITTEN[cast("Any", function).__module__]
        written[-1] = replace(written[-1], name=of, since=first_day)
        return function

    return keep


def take_written(module: str) -> tuple[Formula, ...]:
    """The formulas that a module wrote while it was loaded, in order; they are handed out once."""
    return tuple(_WRITTEN.pop(module, ()))
