"""Which periods a taxpayer owes a return for."""

from __future__ import annotations

from collections.abc import Collection
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


_OF_KIND: dict[str, frozenset[str]] = {
    "enterprise": frozenset({"cit_prepay", "cit_annual", "financial_statements", "financial_statements_annual"}),
    "individual_business": frozenset({"iit_business", "iit_business_annual"}),
    "natural_person": frozenset({"iit_annual", "iit_special_deductions"}),
}
_OF_BUSINESSES = frozenset({"iit_withholding", "social_insurance", "stamp_duty"})
_BY_FILING_PERIOD = frozenset({"cit_prepay", "iit_business"})
"""Prepayments go by the quarter unless the office says otherwise; the register holds no other period."""


def concerns(
    tax: str, period: Period, *, kind: str, vat_kind: str, filing_period: PeriodKind, declared: Collection[str]
) -> bool:
    """Whether a deadline of the calendar is one of this taxpayer's: what all of its kind file, and what it has declared.

    Taxes that only some owe (consumption tax, resource tax) count once they were declared.

    >>> third = Period.parse("2026Q3")
    >>> shop = {"kind": "individual_business", "vat_kind": "small_scale", "filing_period": "quarter", "declared": ()}
    >>> [concerns(tax, third, **shop) for tax in ("vat_small_scale", "vat_general", "cit_prepay", "iit_business")]
    [True, False, False, True]
    >>> concerns("consumption_tax", third, **shop | {"declared": {"consumption_tax"}})
    True
    """
    if tax == "vat_small_scale":
        return vat_kind == "small_scale" and period.kind == filing_period
    if tax == "vat_general":
        return vat_kind == "general"
    if tax in _BY_FILING_PERIOD and period.kind != "quarter":
        return False
    is_business = kind != "natural_person"
    return tax in _OF_KIND[kind] or (is_business and tax in _OF_BUSINESSES) or tax in declared


def window(period: Period) -> tuple[date, date]:
    """The twelve months that end with the period, and its last day."""
    first = period.last_day.replace(day=1)
    return date(first.year - (first.month < 12), first.month % 12 + 1, 1), period.last_day
