"""How messages go outside: ways with their cost, caps, quiet hours, retries; read once from `kinds/sending.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from palmtax.base.clock import CHINA
from palmtax.identity import FAMILIES, Family

_FILE = Path(__file__).parents[1] / "kinds" / "sending.yaml"
INBOX = "inbox"


@dataclass(frozen=True, slots=True)
class Way:
    """A way outside: the addresses it can use and what one message costs, fen."""

    code: str
    families: tuple[Family, ...]
    cost_fen: int


@dataclass(frozen=True, slots=True)
class ConsentKind:
    """A purpose that needs consent; `notice` is the version of what the person reads before giving it."""

    code: str
    title: str
    title_en: str
    notice: str


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of the China day in which nobody is disturbed; `start` after `end` goes over midnight."""

    start: time
    end: time

    def is_quiet(self, at: datetime) -> bool:
        """Whether the instant lies in these hours.

        >>> from datetime import UTC
        >>> night = Quiet(time(21), time(8))
        >>> [night.is_quiet(datetime(2026, 11, 23, hour, tzinfo=UTC)) for hour in (4, 13, 23, 0)]
        [False, True, True, False]
        """
        clock = at.astimezone(CHINA).time()
        if self.start <= self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end

    def over(self, at: datetime) -> datetime:
        """The first instant from `at` on that is not quiet.

        >>> from datetime import UTC
        >>> Quiet(time(21), time(8)).over(datetime(2026, 11, 23, 14, tzinfo=UTC)).isoformat()
        '2026-11-24T00:00:00+00:00'
        """
        if not self.is_quiet(at):
            return at
        here = at.astimezone(CHINA)
        end = here.replace(hour=self.end.hour, minute=self.end.minute, second=0, microsecond=0)
        if end <= here:
            end += timedelta(days=1)
        return end.astimezone(at.tzinfo)


ANY_TIME = Quiet(time(), time())
"""No quiet hour at all: somebody on duty wants to hear at any time."""


@dataclass(frozen=True, slots=True)
class Sending:
    """The whole of it."""

    ways: Mapping[str, Way]
    caps_per_day: Mapping[str, int]
    consents: Mapping[str, ConsentKind]
    links: Mapping[str, str]
    retries: tuple[timedelta, ...]
    quiet: Quiet

    def pause(self, tries: int) -> timedelta | None:
        """How long to wait after so many tries; none when the way has had all it gets."""
        return self.retries[tries - 1] if 0 < tries <= len(self.retries) else None

    def link(self, subject_kind: str, subject_id: UUID | None, message_id: UUID) -> str:
        """Where a tap on the message leads."""
        known = self.links.get(subject_kind) if subject_id else None
        return known.format(id=subject_id, message=message_id) if known else f"/pages/messages/index?id={message_id}"


def hour_of(text: str) -> time:
    """An hour of the day as written in files and by people.

    >>> hour_of("21:30")
    datetime.time(21, 30)
    """
    return time.fromisoformat(text)


def quiet_of(raw: Mapping[str, Any]) -> Quiet:
    """Quiet hours as written in a file."""
    return Quiet(hour_of(raw["from"]), hour_of(raw["until"]))


@cache
def sending() -> Sending:
    """What is set for going outside."""
    raw = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    ways = {one["code"]: Way(one["code"], tuple(one["families"]), int(one["cost_fen"])) for one in raw["ways"]}
    wrong = {family for way in ways.values() for family in way.families} - set(FAMILIES)
    if wrong:
        raise ValueError(f"sending.yaml: unknown families {sorted(wrong)}")
    return Sending(
        ways=ways,
        caps_per_day=raw["caps_per_day"],
        consents={one["code"]: ConsentKind(**one) for one in raw["consents"]},
        links=raw["links"],
        retries=tuple(timedelta(seconds=one) for one in raw["retries_seconds"]),
        quiet=quiet_of(raw["quiet"]),
    )
