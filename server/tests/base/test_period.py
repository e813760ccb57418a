"""Periods: months, quarters and years with their days, order and words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palmtax.base.period import Period, PeriodKind

KINDS: tuple[PeriodKind, ...] = ("month", "quarter", "year")


@pytest.mark.parametrize(
    ("code", "first", "last", "zh", "en"),
    [
        ("2026Q3", date(2026, 7, 1), date(2026, 9, 30), "2026年第三季度", "Q3 2026"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "2024年2月", "February 2024"),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "2026年", "2026"),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31), "2026年12月", "December 2026"),
    ],
)
def test_a_code_names_a_period(code: str, first: date, last: date, zh: str, en: str) -> None:
    period = Period.parse(code)
    assert (period.first_day, period.last_day) == (first, last)
    assert (period.code, period.label(), period.label("en")) == (code, zh, en)


@pytest.mark.parametrize("code", ["", "2026Q5", "2026Q0", "2026-13", "2026-1", "26Q1", "2026q1", "２０２６Q1", "0000"])
def test_other_texts_are_refused(code: str) -> None:
    with pytest.raises(ValueError, match="not a period"):
        Period.parse(code)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.sampled_from(KINDS))
def test_periods_follow_each_other_without_gap(day: date, kind: PeriodKind) -> None:
    period = Period.containing(day, kind)
    assert period.contains(day)
    assert period.next().previous() == period
    assert (period.next().first_day - period.last_day).days == 1
    assert period < period.next()
    assert Period.parse(period.code) == period
    assert len({period, Period.parse(period.code)}) == 1


def test_periods_are_ordered_by_their_last_day_the_longer_first() -> None:
    periods = [Period.parse(code) for code in ("2026-12", "2026Q4", "2026", "2026-01")]
    assert [period.code for period in sorted(periods)] == ["2026-01", "2026", "2026Q4", "2026-12"]


def test_there_is_no_fifth_quarter() -> None:
    with pytest.raises(ValueError, match="no such period"):
        Period("quarter", 2026, 5)
