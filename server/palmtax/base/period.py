"""Tax periods: a month, a quarter or a year of the calendar."""

from __future__ import annotations

import re
from calendar import month_name, monthrange
from dataclasses import dataclass
from datetime import date
from functools import total_ordering
from typing import Literal

PeriodKind = Literal["month", "quarter", "year"]

_CODE = re.compile(r"(?P<year>\d{4})(?:Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?", re.ASCII)
_MONTHS: dict[PeriodKind, int] = {"month": 1, "quarter": 3, "year": 12}
_QUARTERS_ZH = "一二三四"


@total_ordering
@dataclass(frozen=True, slots=True)
class Period:
    """One period; `number` is the month 1–12, the quarter 1–4, or 1 for a year. Ordered by last, then first day.

    >>> quarter = Period.parse("2026Q3")
    >>> quarter.first_day.isoformat(), quarter.last_day.isoformat(), quarter.label(), quarter.label("en")
    ('2026-07-01', '2026-09-30', '2026年第三季度', 'Q3 2026')
    >>> Period.parse("2026-12").next().code, Period.parse("2026").previous().code
    ('2027-01', '2025')
    """

    kind: PeriodKind
    year: int
    number: int = 1

    def __post_init__(self) -> None:
        if self.kind not in _MONTHS or not 1 <= self.number <= 12 // _MONTHS[self.kind] or not 1 <= self.year <= 9999:
            raise ValueError(f"no such period: {self.kind} {self.year} {self.number}")

    @classmethod
    def parse(cls, code: str) -> Period:
        """The period of a code such as `2026Q3`, `2026-09` or `2026`; anything else raises `ValueError`."""
        found = _CODE.fullmatch(code)
        if found is None or found["year"] == "0000":
            raise ValueError(f"not a period: {code[:20]!r}")
        if found["quarter"]:
            return cls("quarter", int(found["year"]), int(found["quarter"]))
        if found["month"]:
            return cls("month", int(found["year"]), int(found["month"]))
        return cls("year", int(found["year"]))

    @classmethod
    def containing(cls, day: date, kind: PeriodKind) -> Period:
        """The period of that kind in which the day lies."""
        return cls(kind, day.year, (day.month - 1) // _MONTHS[kind] + 1)

    @property
    def code(self) -> str:
        """How the period is written in programs and on the wire."""
        if self.kind == "quarter":
            return f"{self.year:04d}Q{self.number}"
        return f"{self.year:04d}-{self.number:02d}" if self.kind == "month" else f"{self.year:04d}"

    @property
    def first_day(self) -> date:
        """The first day of the period."""
        return date(self.year, (self.number - 1) * _MONTHS[self.kind] + 1, 1)

    @property
    def last_day(self) -> date:
        """The last day of the period."""
        month = self.number * _MONTHS[self.kind]
        return date(self.year, month, monthrange(self.year, month)[1])

    @property
    def month_count(self) -> int:
        """How many months the period has: 1, 3 or 12."""
        return _MONTHS[self.kind]

    def contains(self, day: date) -> bool:
        """Whether the day lies in the period."""
        return self.first_day <= day <= self.last_day

    def next(self) -> Period:
        """The period after this one, of the same kind."""
        return self._moved(1)

    def previous(self) -> Period:
        """The period before this one, of the same kind."""
        return self._moved(-1)

    def _moved(self, by: int) -> Period:
        per_year = 12 // _MONTHS[self.kind]
        index = self.year * per_year + self.number - 1 + by
        return Period(self.kind, index // per_year, index % per_year + 1)

    def label(self, language: str = "zh") -> str:
        """The period in words, `zh` or `en`."""
        if language == "en":
            names = {"month": f"{month_name[self.number]} {self.year}", "quarter": f"Q{self.number} {self.year}"}
        else:
            quarter = f"{self.year}年第{_QUARTERS_ZH[(self.number - 1) % 4]}季度"
            names = {"month": f"{self.year}年{self.number}月", "quarter": quarter, "year": f"{self.year}年"}
        return names.get(self.kind, str(self.year))

    def __lt__(self, other: Period) -> bool:
        return (self.last_day, self.first_day) < (other.last_day, other.first_day)

    def __str__(self) -> str:
        return self.code
