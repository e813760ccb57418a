"""The late fee on one tax between its deadline and the day of payment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from palmtax.rules.assessment import ExplainedLine, assess


@dataclass(frozen=True, slots=True)
class LateFee:
    """Days late, the fee in fen, and how it came about."""

    days: int
    fee_fen: int
    lines: tuple[ExplainedLine, ...]
    version: str


def late_fee(tax_fen: int, due_on: date, paid_on: date, *, known_on: date | None = None) -> LateFee:
    """The late fee on one tax: from the day after the deadline through the day of payment; 0 when in time.

    Each tax by itself; below one yuan nothing is charged. The rate in force on the day of payment counts.
    """
    days = max((paid_on - due_on).days, 0)
    facts = {"unpaid_tax": tax_fen, "days_late": days}
    assessment = assess("late_fee", on=paid_on, facts=facts, known_on=known_on)
    return LateFee(days, int(assessment.outputs["fee"]), assessment.lines, assessment.version)
