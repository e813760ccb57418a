"""The filing calendar: the published list first, the computed day else, always with its reason."""

from __future__ import annotations

from datetime import date

import pytest

from palmtax import rules
from palmtax.base.period import Period
from palmtax.rules.calendar import rolled
from palmtax.rules.laws import LAWS
from palmtax.rules.parameters import read_yaml

LAST_DAYS = {
    2024: [15, 23, 15, 18, 22, 19, 15, 15, 18, 24, 15, 16],
    2025: [15, 20, 17, 18, 22, 16, 15, 15, 15, 27, 17, 15],
    2026: [20, 24, 16, 20, 22, 15, 15, 17, 15, 26, 16, 15],
    2027: [20, 25, 15, 20, 21, 15, 15, 16, 16, 26, 15, 15],
}


@pytest.mark.parametrize("year", LAST_DAYS)
def test_the_rule_reproduces_every_known_list(year: int) -> None:
    assert [rolled(date(year, month, 15))[0].day for month in range(1, 13)] == LAST_DAYS[year]


@pytest.mark.parametrize("path", sorted(LAWS.glob("calendar/examples/*.yaml")), ids=lambda path: path.stem)
def test_the_examples_hold(path: object) -> None:
    raw = read_yaml(path)  # type: ignore[arg-type]  # a path
    due = rules.due_on(raw["tax"], raw["period"])
    assert (due.base_on, due.on) == (raw["expect"]["base_on"], raw["expect"]["on"])


@pytest.mark.parametrize(
    ("period", "on", "rolled_days", "reason", "reason_en", "official"),
    [
        ("2026Q3", date(2026, 10, 26), 11, "申报期内国庆节放假7天，顺延7个工作日",
         "National Day (7 days) within the filing window: 7 working days later", True),
        ("2026-07", date(2026, 8, 17), 2,
         "15日逢周末，顺延至下一工作日", "the 15th falls on a weekend: next working day", True),
        ("2026-01", date(2026, 2, 24), 9, "15日逢春节，顺延至下一工作日",
         "the 15th falls on Spring Festival: next working day", True),
        ("2026Q2", date(2026, 7, 15), 0, "", "", True),
        ("2025Q3", date(2025, 10, 27), 12, "申报期内国庆节、中秋节放假8天，顺延8个工作日",
         "National Day and Mid-Autumn Festival (8 days) within the filing window: 8 working days later", False),
        ("2026Q4", date(2027, 1, 20), 5, "申报期内元旦放假3天，顺延3个工作日",
         "New Year (3 days) within the filing window: 3 working days later", False),
        ("2028-08", date(2028, 9, 15), 0, "（该年放假通知未公布）", " (no holiday notice for this year yet)", False),
    ],
)  # fmt: skip
def test_a_deadline_has_its_reason(
    period: str, on: date, rolled_days: int, reason: str, reason_en: str, official: bool
) -> None:
    due = rules.due_on("vat_small_scale", period)
    assert (due.on, due.rolled_days, due.reason, due.reason_en, due.official) == (
        on,
        rolled_days,
        reason,
        reason_en,
        official,
    )
    assert due.citations[0].article in ("第三十一条", "第二十三条")
    assert rules.due_on("vat_small_scale", Period.parse(period)) == due


@pytest.mark.parametrize(("tax", "period"), [("beer", "2026Q3"), ("vat_small_scale", "2026")])
def test_what_the_calendar_does_not_hold_is_refused(tax: str, period: str) -> None:
    with pytest.raises(rules.CalendarUnknown):
        rules.due_on(tax, period)


def test_a_year_has_twelve_months_and_four_quarters() -> None:
    calendar = rules.calendar_of(2026)
    assert len(calendar) == 16
    assert [entry.due.on for entry in calendar] == sorted(entry.due.on for entry in calendar)
    assert {entry.period.code for entry in calendar if entry.period.kind == "quarter"} == {
        "2025Q4",
        "2026Q1",
        "2026Q2",
        "2026Q3",
    }
    assert {entry.due.on for entry in calendar} == {date(2026, m, d) for m, d in enumerate(LAST_DAYS[2026], start=1)}
