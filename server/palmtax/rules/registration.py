"""Registering as a general taxpayer: whether, by which day of the filing calendar, and from which day it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from palmtax.base.period import Period
from palmtax.rules.assessment import ExplainedLine, assess
from palmtax.rules.calendar import DueDate, due_on

_CALENDAR = "vat_small_scale"


@dataclass(frozen=True, slots=True)
class Registration:
    """The duty to register; `register_by` and `effective_from` are absent when there is none."""

    must_register: bool
    register_by: DueDate | None
    effective_from: date | None
    lines: tuple[ExplainedLine, ...]
    version: str


def registration(rolling_sales_fen: int, exceeded_in: Period, *, known_on: date | None = None) -> Registration:
    """What follows when sales of twelve months reached `rolling_sales_fen` in a month or quarter.

    Register by the last day of the return of that period. From 2026 general from the first day of that period; before,
    from the first day of the month of registration, taken as that of the last day (the next month could be chosen).
    Raises `CalendarUnknown` for a year, `FactRefused` for impossible sales.
    """
    due = due_on(_CALENDAR, exceeded_in)
    facts: dict[str, int | date] = {
        "rolling_sales": rolling_sales_fen,
        "exceeded_period_on": exceeded_in.first_day,
        "chosen_on": due.on.replace(day=1),
    }
    found = assess("vat_registration", on=exceeded_in.last_day, facts=facts, known_on=known_on)
    if not found.outputs["must_register"]:
        return Registration(False, None, None, found.lines, found.version)
    return Registration(True, due, date.fromordinal(int(found.outputs["effective_from"])), found.lines, found.version)
