"""Which periods a taxpayer owes a return for."""

from __future__ import annotations

from datetime import date

from palmtax.base.period import Period, PeriodKind

PERIODS_BACK = 8
"""How many ended periods can be filed here; older ones go to a hall."""


def periods_owed(kind: PeriodKind, registered_on: date, today: date) -> list[Period]:
    """The last eight ended periods since registration, and the one that runs now; oldest first."""
    running = Period.containing(today, kind)
    found = [running]
    while len(found) <= PERIODS_BACK:
        before = found[-1].previous()
        if before.last_day < registered_on:
            break
        found.append(before)
    return found[::-1]


def window(period: Period) -> tuple[date, date]:
    """The twelve months that end with the period, and its last day."""
    first = period.last_day.replace(day=1)
    return date(first.year - (first.month < 12), first.month % 12 + 1, 1), period.last_day
