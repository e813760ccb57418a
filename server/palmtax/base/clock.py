"""The clock is handed in, never read from the wall inside a rule or an action."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
"""Statutory days of China begin and end in UTC+8, whatever the server's zone."""


class Clock(Protocol):
    """Tells the instant (UTC) and the statutory day (Beijing time)."""

    def now(self) -> datetime:
        """The instant, with zone UTC."""
        ...

    def today(self) -> date:
        """The calendar day in China at `now`."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """The instant, with zone UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """The calendar day in China."""
        return self.now().astimezone(CHINA).date()


@dataclass
class FixedClock:
    """A clock that stands until it is moved: for tests, demos and replays."""

    at: datetime = field(default_factory=lambda: datetime(2026, 11, 23, 4, 0, tzinfo=UTC))

    def now(self) -> datetime:
        """The instant it was set to."""
        return self.at

    def today(self) -> date:
        """The calendar day in China."""
        return self.at.astimezone(CHINA).date()

    def move(self, **by: float) -> None:
        """Move on by a `timedelta(**by)`."""
        self.at += timedelta(**by)


def china_day(at: datetime) -> date:
    """The calendar day in China of a UTC instant."""
    return at.astimezone(CHINA).date()


def day_begins(day: date) -> datetime:
    """The first instant of a calendar day in China.

    >>> day_begins(date(2026, 11, 30)).isoformat()
    '2026-11-30T00:00:00+08:00'
    """
    return datetime.combine(day, time(), CHINA)
