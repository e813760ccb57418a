"""A question as the file says it: label, type, limits, where its answer may already lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from palmtax.matters.model.conditions import Check, Condition


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a choice."""

    value: str
    label: str
    label_en: str
    help: str = ""
    help_en: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question. `lowest` and `highest` are wire values (fen, whole numbers, ISO days); `source` is where an answer may lie already.

    `fact` names the fact of `law` that the answer is; `each` makes a row of twelve months or four quarters of it.
    """

    code: str
    type: str
    label: str
    label_en: str
    help: str = ""
    help_en: str = ""
    section: str = ""
    section_en: str = ""
    options: tuple[Option, ...] = ()
    rows: tuple[Ask, ...] = ()
    lowest: int | str | None = None
    highest: int | str | None = None
    at_least: int = 0
    at_most: int = 0
    max_length: int = 0
    unit: str = ""
    unit_en: str = ""
    kinds: tuple[str, ...] = ()
    source: str = ""
    is_locked: bool = False
    is_optional: bool = False
    checks: tuple[Check, ...] = ()
    say_wrong: str = ""
    say_wrong_en: str = ""
    when: tuple[Condition, ...] = ()
    law: str = ""
    fact: str = ""
    each: str = ""

    def is_shown(self, answers: Mapping[str, object]) -> bool:
        """Whether the answers so far ask for it; an answer that is not there holds no condition."""
        return all(one.holds(answers) for one in self.when)
