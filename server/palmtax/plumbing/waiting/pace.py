"""How many people a second may come in, and which room has how many of them. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

LEAST_SHARE = 0.05
"""Of what there is, for every room in which somebody waits: nobody starves."""
BACKLOG_SECONDS = 0.25
"""Work that may stand before the door of the process: little, but never none while people wait."""
_HORIZON_SECONDS = 3.0
_MEMORY_SECONDS = 20.0
_LONGEST_CUT, _LARGEST_RISE = 0.7, 0.12
_LEAST_PEOPLE = 0.2
_SLOW_SECONDS, _LAG_LOOKS = 12.0, 1
_TELLING_BUSY, _PROBE = 0.15, 1.04
_YOUNG_SECONDS, _IDLE_BUSY, _STRIDE = 20.0, 0.6, 1.5
_COST = 0.5
"""What a request that only accompanies costs, of what any other does: a guess for the first crowd, borne out by `bench overload`."""
_TELLING_COUNT, _REMEMBERED_COUNT = 200, 20_000


@dataclass(slots=True)
class Measured:
    """What the processes saw since the last look, together."""

    seconds: float
    served: int
    """Requests of people (not officers, not callbacks) that were answered."""
    came: float
    """People let in: places passed by the line, and those who came through an open door."""
    queued: int
    """Requests of people already let in that wait for a slot now."""
    is_full: bool
    """Every slot was in use all the time."""
    busy: float
    """The share of its time that the busiest process worked."""
    is_wanted: bool = False
    """Somebody waits in a line."""


@dataclass(slots=True)
class Pace:
    """Learns how many requests a second there can be and how many one person makes; from both, how many may come in.

    A calm day and a crowd have a pace each: while people wait, phones let rest what only accompanies the matter at hand.
    """

    requests: float = 60.0
    each: float = 4.0
    people: float = 15.0
    seconds: float = 0.0
    """How long it has been learning."""
    has_learned: bool = False
    """Not only what was thought at first."""
    _heard: float = 0.0
    _beside: float = 0.0
    _served: float = 0.0
    _came: float = 0.0
    _lately: deque[float] = field(default_factory=deque)

    def recall(self, requests: float, each: float) -> None:
        """Go on from what was learned before: by the last leader, or before a restart."""
        self.requests, self.each, self.seconds = max(requests, 1.0), min(max(each, 0.2), 200.0), _YOUNG_SECONDS
        self.people = max(self.requests / self.each, _LEAST_PEOPLE)
        self.has_learned = True

    def hear(self, *, accompanies: bool) -> None:
        """A request was taken in; whether it only accompanies."""
        self._heard += 1
        self._beside += accompanies
        if self._heard > _REMEMBERED_COUNT:
            self._heard, self._beside = self._heard / 2, self._beside / 2

    def begin_crowd(self, calm: Pace) -> None:
        """The first crowd: as on a calm day, without what rests then."""
        rests = calm._beside / calm._heard if calm._heard >= _TELLING_COUNT else 0.0
        left = 1 - min(rests, 0.9)
        self.seconds = calm.seconds
        self.requests, self.each = calm.requests * (left + (1 - left) * _COST), max(calm.each * left, 0.2)
        self._served, self._came = calm._served * left, calm._came
        self.people = max(self.requests / self.each, _LEAST_PEOPLE)

    def learn(self, seen: Measured) -> float:
        """People a second from now on."""
        self._learn_requests(seen, seen.served / max(seen.seconds, 1e-6))
        self._learn_each(seen)
        backlog = seen.queued / max(self.requests, 0.1)
        off = (BACKLOG_SECONDS - backlog) / _HORIZON_SECONDS
        change = 1 + min(max(off, -_LONGEST_CUT), _LARGEST_RISE)
        self.people = max(self.requests / self.each * change, _LEAST_PEOPLE)
        return self.people

    def _learn_requests(self, seen: Measured, rate: float) -> None:
        """Full: what was served is what can be. Not full: what the work done shows, and, while people wait, a little more."""
        self.seconds += seen.seconds
        if seen.is_full:
            self.has_learned = True
            self.requests += (rate - self.requests) * min(seen.seconds / 4, 1.0)
            return
        if rate > 0 and seen.busy > _TELLING_BUSY:
            self.has_learned = True
            shown = rate / seen.busy
            self.requests += (shown - self.requests) * (0.3 if seen.busy > 2 * _TELLING_BUSY else 0.1)
            if self.seconds < _YOUNG_SECONDS and seen.is_wanted and not seen.queued and seen.busy < _IDLE_BUSY:
                # Turning people away makes a process busy too: what the work shows is too little, so feel the way up quickly.
                self.requests = max(self.requests, min(self.requests * _STRIDE, 2 * shown))
        elif seen.is_wanted:
            self.requests *= _PROBE
        self.requests = max(self.requests, rate, 1.0)

    def _learn_each(self, seen: Measured) -> None:
        """Who comes in makes requests for a while: so those of now are set against people of a moment ago, and slowly."""
        self._lately.append(seen.came)
        if len(self._lately) <= _LAG_LOOKS:
            return
        came = self._lately.popleft()
        fade = max(1 - seen.seconds / _MEMORY_SECONDS, 0.0)
        self._served = self._served * fade + seen.served
        self._came = self._came * fade + came
        if self._came >= 5 and self._served >= 20:
            found = min(max(self._served / self._came, 0.2), 200.0)
            self.each += (found - self.each) * min(seen.seconds / _SLOW_SECONDS, 1.0)


def shared_out(people: float, wanted: Mapping[str, float], ranks: Mapping[str, int]) -> dict[str, float]:
    """How many of `people` each room has: a little for all in which somebody waits, the rest by rank; never more than wanted."""
    waiting = [room for room in sorted(wanted, key=lambda room: (ranks[room], room)) if wanted[room] > 0]
    given = {room: min(wanted[room], people * LEAST_SHARE) for room in waiting}
    left = people - sum(given.values())
    for room in waiting:
        more = min(max(left, 0.0), wanted[room] - given[room])
        given[room] += more
        left -= more
    return given
