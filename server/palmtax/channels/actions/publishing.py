"""What works now, for everybody: states of services and channels, ninety days of bars, notices; nothing internal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from palmtax.base.clock import Clock
from palmtax.channels.actions.knowing import Known
from palmtax.channels.model.monitoring import services
from palmtax.channels.model.routing import is_on
from palmtax.channels.store import incidents, journeys, standings
from palmtax.channels.store.incidents import Incident
from palmtax.plumbing.database import Tx

State = Literal["up", "degraded", "down", "maintenance", "unknown"]
BARS = 90
SHOWN_DAYS = 14
DOWN_FROM, DEGRADED_FROM = 100, 10
"""Failed journeys of a day in per mille from which its bar is red, or amber."""
STALE = timedelta(minutes=20)
"""Journeys older than this say nothing about now."""
_BY_LIGHT: Mapping[str, State] = {"green": "up", "amber": "degraded", "red": "down"}
_WORSE: Sequence[State] = ("up", "unknown", "maintenance", "degraded", "down")


@dataclass(frozen=True, slots=True)
class Line:
    """A service or channel: how it is now, and how each of the last ninety days was, oldest first."""

    code: str
    title: str
    title_en: str
    is_channel: bool
    state: State
    days: tuple[tuple[date, State], ...]


@dataclass(frozen=True, slots=True)
class Status:
    """Everything the public is told."""

    as_of: datetime
    lines: tuple[Line, ...]
    incidents: tuple[Incident, ...]
    maintenance: tuple[Incident, ...]

    @property
    def overall(self) -> State:
        """The worst state of any service; a channel alone has a fallback and only degrades."""
        worst: State = "up"
        for one in self.lines:
            state: State = "degraded" if one.is_channel and one.state == "down" else one.state
            if state != "unknown" and _WORSE.index(state) > _WORSE.index(worst):
                worst = state
        return worst


async def status(tx: Tx, *, clock: Clock, known: Known) -> Status:
    """How everything is now. Five round trips."""
    now = clock.now()
    told = await incidents.since(tx, now - timedelta(days=SHOWN_DAYS))
    days = _days(await journeys.days(tx, clock.today() - timedelta(days=BARS - 1)))
    travelled = await journeys.last_two(tx, now - STALE)
    stored = await standings.standings(tx)
    first = clock.today() - timedelta(days=BARS - 1)
    lines = []
    for service in services().services:
        state = _with_notices(_travelled(travelled.get(service.subject, [])), service.code, told, now)
        bars = _bars(days.get(service.subject, {}), first)
        lines.append(Line(service.code, service.title, service.title_en, False, state, bars))
    for name, channel in sorted(known.channels.items(), key=lambda one: (one[1].manifest.order, one[0])):
        if is_on(channel, known.standings[name]):
            light: State = _BY_LIGHT[stored[name].light] if name in stored else "unknown"
            bars = _bars(days.get(name, {}), first)
            manifest, state = channel.manifest, _with_notices(light, name, told, now)
            lines.append(Line(name, manifest.title, manifest.title_en, True, state, bars))
    return Status(
        as_of=now,
        lines=tuple(lines),
        incidents=tuple(one for one in told if one.kind == "incident"),
        maintenance=tuple(one for one in told if one.kind == "maintenance" and one.state != "cancelled"),
    )


def _travelled(last: Sequence[journeys.Journey]) -> State:
    """Two failures in a row are an outage, one is a hiccup."""
    if not last:
        return "unknown"
    if last[0].is_good:
        return "up"
    return "degraded" if len(last) < 2 or last[1].is_good else "down"


def _with_notices(state: State, code: str, told: Sequence[Incident], now: datetime) -> State:
    """What officers say counts too: an open incident is at least a disturbance, maintenance is what it is."""
    for one in told:
        if code not in one.services or one.state not in ("open", "watching") or one.starts_at > now:
            continue
        if one.kind == "maintenance":
            return "maintenance" if one.ends_at is None or one.ends_at > now else state
        if state in ("up", "unknown"):
            state = "degraded"
    return state


def _days(rows: Sequence[tuple[str, date, int, int]]) -> dict[str, dict[date, State]]:
    found: dict[str, dict[date, State]] = {}
    for subject, day, tries, failed in rows:
        share = failed * 1000 // tries
        state: State = "down" if share >= DOWN_FROM else "degraded" if share >= DEGRADED_FROM else "up"
        found.setdefault(subject, {})[day] = state
    return found


def _bars(known: Mapping[date, State], first: date) -> tuple[tuple[date, State], ...]:
    days = [first + timedelta(days=one) for one in range(BARS)]
    return tuple((day, known.get(day, "unknown")) for day in days)
