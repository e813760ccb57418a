"""The calendar of every tax and fee: monthly, quarterly, yearly and after an event, each day as published or computed."""

from __future__ import annotations

from datetime import date

import pytest

from palmtax import rules
from palmtax.rules.calendar import due_after, due_days, taxes_in_calendar, whole_calendar

OFFICIAL_2026 = [20, 24, 16, 20, 22, 15, 15, 17, 15, 26, 16, 15]
PROJECTED_2027 = [20, 25, 15, 20, 21, 15, 15, 16, 16, 26, 15, 15]
MONTHLY = ("vat_general", "consumption_tax", "iit_withholding", "culture_fee", "social_insurance")
QUARTERLY = (
    "vat_small_scale", "cit_prepay", "iit_business", "stamp_duty", "environment_tax", "financial_statements",
)  # fmt: skip


def last_days(tax: str, year: int, kind: str) -> dict[int, date]:
    entries = [d for d in whole_calendar(year) if d.tax_type_code == tax and d.period.kind == kind]
    return {entry.due.base_on.month: entry.due.on for entry in entries}


@pytest.mark.parametrize(("year", "days"), [(2026, OFFICIAL_2026), (2027, PROJECTED_2027)])
@pytest.mark.parametrize("tax", MONTHLY)
def test_monthly_returns_fall_on_the_known_days(tax: str, year: int, days: list[int]) -> None:
    assert last_days(tax, year, "month") == {m: date(year, m, day) for m, day in enumerate(days, 1)}


@pytest.mark.parametrize(("year", "days"), [(2026, OFFICIAL_2026), (2027, PROJECTED_2027)])
@pytest.mark.parametrize("tax", QUARTERLY)
def test_quarterly_returns_fall_on_the_known_days(tax: str, year: int, days: list[int]) -> None:
    assert last_days(tax, year, "quarter") == {m: date(year, m, days[m - 1]) for m in (1, 4, 7, 10)}
    assert all(due_days(tax, f"2026Q{q}")[0].official == (q < 4) for q in range(1, 5))


@pytest.mark.parametrize(
    ("tax", "period", "opens_on", "on"),
    [("iit_business_annual", "2025", date(2026, 1, 1), date(2026, 3, 31)),
     ("iit_business_annual", "2026", date(2027, 1, 1), date(2027, 3, 31)),
     ("iit_annual", "2025", date(2026, 3, 1), date(2026, 6, 30)),
     ("iit_annual", "2026", date(2027, 3, 1), date(2027, 6, 30)),
     ("cit_annual", "2025", date(2026, 1, 1), date(2026, 6, 1)),
     ("cit_annual", "2026", date(2027, 1, 1), date(2027, 5, 31)),
     ("iit_not_withheld", "2025", None, date(2026, 6, 30)), ("iit_not_withheld", "2026", None, date(2027, 6, 30)),
     ("vat_natural_person", "2026", None, date(2027, 6, 30)),
     ("iit_special_deductions", "2026", date(2026, 12, 1), date(2026, 12, 31)),
     ("credit_rating", "2025", date(2026, 4, 1), date(2026, 4, 30)),
     ("vehicle_vessel_tax", "2026", None, date(2026, 12, 31)),
     ("social_insurance_residents", "2027", date(2026, 9, 1), date(2026, 12, 31))],
)  # fmt: skip
def test_yearly_returns_fall_on_the_known_days(tax: str, period: str, opens_on: date | None, on: date) -> None:
    due = rules.due_on(tax, period)
    assert (due.opens_on, due.on, due.official) == (opens_on, on, False)


@pytest.mark.parametrize(("tax", "period", "base", "on"), [
    ("vat_small_scale", "2026-01", date(2026, 2, 15), date(2026, 2, 24)),  # DL-02
    ("vat_small_scale", "2026-07", date(2026, 8, 15), date(2026, 8, 17)),  # DL-03
])  # fmt: skip
def test_the_shared_deadlines_hold(tax: str, period: str, base: date, on: date) -> None:
    due = rules.due_on(tax, period)
    assert (due.base_on, due.on) == (base, on)


@pytest.mark.parametrize(
    ("tax", "event_on", "on"),
    [("vehicle_purchase_tax", date(2026, 6, 1), date(2026, 7, 31)), ("stamp_duty", date(2026, 6, 1), date(2026, 6, 16)),
     ("stamp_duty", date(2026, 1, 31), date(2026, 2, 24)), ("land_vat", date(2026, 6, 1), date(2026, 6, 8)),
     ("farmland_tax", date(2026, 6, 1), date(2026, 7, 1)), ("cit_withholding", date(2026, 9, 24), date(2026, 10, 8)),
     ("environment_tax", date(2026, 12, 18), date(2027, 1, 4)), ("stamp_duty", date(2028, 12, 16), date(2029, 1, 2))],
)  # fmt: skip
def test_days_after_an_event_move_off_rest_days_only(tax: str, event_on: date, on: date) -> None:
    assert due_after(tax, event_on).on == on


def test_places_set_their_own_instalments() -> None:
    halves = due_days("property_tax", "2026", "guangdong")
    assert [(due.part, due.on) for due in halves] == [("上半年", date(2026, 4, 20)), ("下半年", date(2026, 10, 26))]
    assert [due.on for due in due_days("land_use_tax", "2026", "yearly")] == [date(2026, 12, 31)]
    assert all(due.is_local and due.confidence == "uncertain" and not due.official for due in halves)
    with pytest.raises(rules.CalendarUnknown):
        due_days("property_tax", "2026", "nowhere")
    with pytest.raises(rules.CalendarUnknown):
        due_after("iit_annual", date(2026, 1, 1))
    with pytest.raises(rules.CalendarUnknown):
        rules.due_on("vehicle_purchase_tax", "2026Q1")


def test_the_whole_calendar_cites_every_day_and_leaves_the_short_one_alone() -> None:
    assert len(rules.calendar_of(2026)) == 16
    assert {entry.tax_type_code for entry in rules.calendar_of(2026)} == {"vat_small_scale"}
    for year in (2026, 2027):
        entries = whole_calendar(year)
        assert [entry.due.on for entry in entries] == sorted(entry.due.on for entry in entries)
        assert all(entry.due.citations and entry.tax_name != entry.tax_name_en for entry in entries)
        assert all(entry.due.on >= entry.due.base_on for entry in entries)
    seen = {entry.tax_type_code for entry in whole_calendar(2026)}
    events = {"cit_withholding", "land_vat", "farmland_tax", "vehicle_purchase_tax"}
    assert set(taxes_in_calendar()) == seen | events
