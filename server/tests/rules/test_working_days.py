"""Working days over holidays, make-up days and the ends of years."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from palmtax import rules


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 11, 23), 1, date(2026, 11, 24)),  # Monday
        (date(2026, 11, 27), 1, date(2026, 11, 30)),  # Friday
        (date(2026, 9, 30), 1, date(2026, 10, 8)),  # the National Day holidays
        (date(2026, 9, 18), 1, date(2026, 9, 20)),  # a Sunday on which people work
        (date(2026, 10, 8), -1, date(2026, 9, 30)),
        (date(2026, 10, 3), 0, date(2026, 10, 3)),
    ],
)
def test_so_many_working_days_after_a_day(day, count, expected):
    assert rules.add_working_days(day, count) == expected


def test_counting_is_the_inverse_of_adding():
    for offset in range(0, 730, 3):
        day = date(2026, 1, 1) + timedelta(days=offset)
        for count in (0, 1, 2, 5, 20, 30):
            assert rules.working_days_between(day, rules.add_working_days(day, count)) == count
    assert rules.working_days_between(date(2026, 11, 25), date(2026, 11, 23)) == -2
