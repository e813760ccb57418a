"""Days on the calendar in whole-number steps: year, month and day of an ordinal, and whole months between two days.

The year is taken to begin on 1 March, so that the leap day is its last day.
"""

from __future__ import annotations

from palmtax.rules.kernel.program import Builder

_FROM_MARCH_OF_YEAR_0 = 305
"""Days from 1 March of the year 0 to the ordinal 0."""
_DAYS_IN_400_YEARS = 146_097


def _civil(builder: Builder, day: int) -> tuple[int, int, int]:
    """Year, month and day of an ordinal (1 January of the year 1 is 1)."""
    days = builder.add(day, builder.number(_FROM_MARCH_OF_YEAR_0))
    era = builder.floor(days, 1, 0, _DAYS_IN_400_YEARS)
    of_era = builder.subtract(days, builder.multiply(era, builder.number(_DAYS_IN_400_YEARS)))
    of_era = builder.smaller(builder.larger(of_era, builder.number(0)), builder.number(_DAYS_IN_400_YEARS - 1))
    year = builder.floor(_without_leap_days(builder, of_era), 1, 0, 365)
    of_year = builder.subtract(of_era, _days_before(builder, year))
    of_year = builder.smaller(builder.larger(of_year, builder.number(0)), builder.number(365))
    from_march = builder.floor(of_year, 5, 2, 153)
    day_of_month = builder.add(builder.subtract(of_year, builder.floor(from_march, 153, 2, 5)), builder.number(1))
    is_next_year = builder.at_most(builder.number(10), from_march)
    month = builder.where(
        is_next_year, builder.subtract(from_march, builder.number(9)), builder.add(from_march, builder.number(3))
    )
    full_year = builder.add(builder.multiply(era, builder.number(400)), year)
    full_year = builder.add(full_year, builder.where(is_next_year, builder.number(1), builder.number(0)))
    return full_year, month, day_of_month


def _without_leap_days(builder: Builder, of_era: int) -> int:
    """365 days for each year that has begun; `of_era` counts the days of 400 years."""
    found = builder.subtract(of_era, builder.floor(of_era, 1, 0, 1460))
    found = builder.add(found, builder.floor(of_era, 1, 0, 36_524))
    return builder.subtract(found, builder.floor(of_era, 1, 0, _DAYS_IN_400_YEARS - 1))


def _days_before(builder: Builder, year: int) -> int:
    """Days of the 400 years before this one."""
    found = builder.add(builder.multiply(year, builder.number(365)), builder.floor(year, 1, 0, 4))
    return builder.subtract(found, builder.floor(year, 1, 0, 100))


def year_of(builder: Builder, day: int) -> int:
    """The year."""
    return _civil(builder, day)[0]


def month_of(builder: Builder, day: int) -> int:
    """The month, 1 to 12."""
    month = _civil(builder, day)[1]
    return builder.smaller(builder.larger(month, builder.number(1)), builder.number(12))


def full_months(builder: Builder, from_day: int, to_day: int) -> int:
    """Whole months that have passed; 0 where the second day comes first."""
    (year, month, day), (to_year, to_month, to_date) = _civil(builder, from_day), _civil(builder, to_day)
    twelve = builder.number(12)
    months = builder.add(builder.multiply(builder.subtract(to_year, year), twelve), builder.subtract(to_month, month))
    open_month = builder.where(builder.below(to_date, day), builder.number(1), builder.number(0))
    return builder.larger(builder.subtract(months, open_month), builder.number(0))


def full_years(builder: Builder, from_day: int, to_day: int) -> int:
    """Whole years that have passed; 0 where the second day comes first."""
    return builder.floor(full_months(builder, from_day, to_day), 1, 0, 12)
