"""Topics, desks, halls by the level of their office, and the rules of booking: data files, read once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from palmtax import rules
from palmtax.appointments.errors import TopicUnknown
from palmtax.base.clock import day_begins

FOLDER = Path(__file__).parents[1] / "kinds"
_LEVELS = {2: "city", 3: "district"}


@dataclass(frozen=True, slots=True)
class Desk:
    """A group of windows that do the same things; tickets begin with its letter."""

    code: str
    letter: str
    title: str
    title_en: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Topic:
    """What somebody comes for."""

    code: str
    desk: str
    title: str
    title_en: str
    say: str


@dataclass(frozen=True, slots=True)
class Hall:
    """A service hall as it works: windows and places of each desk, hours as (from, until)."""

    office_code: str
    name: str
    name_en: str
    windows: Mapping[str, int]
    hours: Sequence[tuple[str, str]]
    places: Mapping[str, int] = field(default_factory=dict)

    def times(self, day: date) -> list[str]:
        """When slots begin.

        >>> Hall("1", "厅", "Hall", {}, [("09:00", "10:30")]).times(date(2026, 11, 24))
        ['09:00', '09:30', '10:00']
        """
        step, found = rule("slot_minutes", day), []
        for begin, end in self.hours:
            at, last = _minute(begin), _minute(end)
            while at + step <= last:
                found.append(f"{at // 60:02d}:{at % 60:02d}")
                at += step
        return found

    def capacity(self, desk: str, day: date) -> int:
        """Bookings in one slot: what the hall says, else the share of what its windows can do; none without windows."""
        if desk in self.places:
            return max(0, self.places[desk])
        windows = self.windows.get(desk, 0)
        able = windows * (rule("slot_minutes", day) // desks()[desk].minutes)
        return max(1, able * rule("booked_share", day) // 100) if windows else 0


def _minute(clock: str) -> int:
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute)


def _read(name: str) -> Any:
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


@cache
def desks() -> Mapping[str, Desk]:
    """Every desk by code."""
    return {one["code"]: Desk(**one) for one in _read("topics")["desks"]}


@cache
def topics() -> Mapping[str, Topic]:
    """Every topic by code, in the order in which they are shown."""
    return {one["code"]: Topic(**one) for one in _read("topics")["topics"]}


def find_topic(text: str) -> Topic:
    """A topic by code or title. Errors: appointments.topic_unknown.

    >>> find_topic("invoice").desk, find_topic("发票业务").code
    ('invoice', 'invoice')
    """
    asked = text.strip()
    for one in topics().values():
        if asked in {one.code, one.title}:
            return one
    raise TopicUnknown(topic=asked[:40], known="、".join(one.title for one in topics().values()))


@cache
def _rules() -> Mapping[str, Any]:
    found: Mapping[str, Any] = _read("rules")
    return found


@lru_cache(maxsize=4096)
def rule(name: str, day: date) -> int:
    """A number of the rules of booking on a day: the newest that had begun.

    >>> rule("open_days", date(2026, 11, 23)), rule("missed_limit", date(2026, 11, 23))
    (7, 2)
    """
    known = _rules()[name]["values"]
    begun = [one for one in known if one["from"] <= day] or known[:1]
    return int(max(begun, key=lambda one: one["from"])["value"])


@cache
def _levels() -> Mapping[str, Any]:
    found: Mapping[str, Any] = _read("halls")
    return found


def level_of(office_code: str) -> str | None:
    """Whose hall it is: of a city, a district or a branch; a province has none.

    >>> level_of("14403000000"), level_of("14403050000"), level_of("14403050100"), level_of("14400000000")
    ('city', 'district', 'branch', None)
    """
    used = sum(office_code[at : at + 2] != "00" for at in range(1, len(office_code), 2))
    return _LEVELS.get(used, "branch") if used > 1 else None


def planned_hall(office_code: str, name: str, name_en: str, own: Mapping[str, Any] | None = None) -> Hall | None:
    """A hall by its level, with what its own row says; none for a province."""
    level = level_of(office_code)
    if level is None:
        return None
    plan, own = _levels()[level], own or {}
    hours = own.get("hours") or plan["hours"]
    return Hall(
        office_code=office_code,
        name=name,
        name_en=name_en,
        windows={**plan["windows"], **(own.get("windows") or {})},
        hours=[(begin, end) for begin, end in hours],
        places=own.get("places") or {},
    )


def is_working_day(day: date) -> bool:
    """Whether halls are open; a make-up Saturday counts, a holiday does not.

    >>> is_working_day(date(2026, 11, 22)), is_working_day(date(2026, 10, 10)), is_working_day(date(2026, 10, 1))
    (False, True, False)
    """
    return rules.working_days_between(day - timedelta(days=1), day) == 1


def opens_at(day: date) -> datetime:
    """The instant at which a day's places are given out.

    >>> opens_at(date(2026, 11, 24)).isoformat()
    '2026-11-13T08:00:00+08:00'
    """
    first = rules.add_working_days(day, -rule("open_days", day))
    return day_begins(first) + timedelta(minutes=rule("open_minute", day))


def starts_at(day: date, clock: str) -> datetime:
    """The instant (UTC) at which a slot begins.

    >>> starts_at(date(2026, 11, 24), "09:30").isoformat()
    '2026-11-24T01:30:00+00:00'
    """
    return (day_begins(day) + timedelta(minutes=_minute(clock))).astimezone(UTC)
