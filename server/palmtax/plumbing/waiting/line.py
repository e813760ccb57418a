"""One room's line: who came when, how far the line has moved, how long it will take. Pure; instants in microseconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

SECOND = 1_000_000
REMEMBERED_SECONDS = 6 * 3600
_SMOOTH_SECONDS = 12.0
_NARROWEST, _SLOWEST = 0.1, 0.01


class Estimate(NamedTuple):
    """What a person is told: how many stand before, and between which seconds the turn comes."""

    ahead: int
    seconds: float
    low: int
    high: int


@dataclass(slots=True)
class Line:
    """Arrivals by the second (of all processes together) and the instant up to which everybody is let in."""

    room: str
    is_waiting: bool = False
    line_us: int = 0
    speed: float = 0.0
    """Places a second that the line moves on."""
    error: float = 0.0
    """Measured: how far estimates were off, as a share."""
    comes_back: float = 1.0
    """Measured: the share of places that are still wanted when their turn comes."""
    counts: dict[int, int] = field(default_factory=dict)
    _firsts: dict[int, int] = field(default_factory=dict)
    """When the first of each second came: a storm, or the line, may begin in its middle."""
    _base: int = 0
    _before: list[float] = field(default_factory=list)
    _behind: float = 0.0
    """All places behind the line: as summed up, and who came since."""
    _carry: float = 0.0
    moved: float = 0.0
    history: list[tuple[int, int]] = field(default_factory=list)

    def begin(self, at_us: int, speed: float) -> None:
        """From this instant on who comes gets a place; so many places a second are thought to be possible."""
        self.is_waiting, self.line_us = True, max(self.line_us, at_us)
        self.speed = speed

    def came(self, at_us: int, count: int = 1) -> None:
        """Somebody came, or so many from this instant on."""
        second = at_us // SECOND
        known = self.counts.get(second, 0)
        self.counts[second] = known + count
        if not known or at_us < self._firsts[second]:
            self._firsts[second] = at_us
        if second >= self._base:
            self._behind += count

    def rebuild(self, now_us: int) -> None:
        """Sum up from the line's second on; once a tick, whatever the number of people."""
        last = now_us // SECOND
        self._base = max(self.line_us // SECOND, last - REMEMBERED_SECONDS)
        for gone in [second for second in self.counts if second < self._base]:
            del self.counts[gone], self._firsts[gone]
        total, self._before = -self._passed_in_first(), []
        for second in range(self._base, last + 1):
            self._before.append(total)
            total += self.counts.get(second, 0)
        self._behind = total

    def _passed_in_first(self) -> float:
        return self.counts.get(self._base, 0) * self._part(self._base, self.line_us)

    def _part(self, second: int, at_us: int) -> float:
        """Which part of those who came in a second had come at this instant: from the first on people come evenly."""
        begin = self._firsts.get(second, second * SECOND)
        return min(max((at_us - begin) / ((second + 1) * SECOND - begin), 0.0), 1.0)

    def ahead(self, at_us: int) -> float:
        """How many places lie between the line and this instant."""
        if at_us <= self.line_us or not self._before:
            return 0.0
        second = at_us // SECOND - self._base
        if second >= len(self._before):
            return self.waiting()
        inside = self.counts.get(self._base + second, 0) * self._part(self._base + second, at_us)
        return max(self._before[second] + inside, 0.0)

    def is_turn_of(self, at_us: int) -> bool:
        """Whether who came at this instant may come in."""
        return at_us <= self.line_us

    def passed_at(self, at_us: int) -> int:
        """When the line passed this instant; the oldest instant known when that is forgotten."""
        found = self.line_us
        for when, line in reversed(self.history):
            if line < at_us:
                return found or when
            found = when
        return found

    def move(self, places: float, now_us: int, seconds: float) -> float:
        """Let in so many, first come first; never who came within the last second. Gives how many it became."""
        limit = (now_us // SECOND - 1) * SECOND
        self.line_us = max(self.line_us, limit - REMEMBERED_SECONDS * SECOND)
        wanted = places + self._carry
        moved = 0.0
        at = self.line_us
        while at < limit and wanted > 1e-9:
            second = at // SECOND
            here = self.counts.get(second, 0)
            at = max(at, self._firsts.get(second, at))
            left = here * (1 - self._part(second, at))
            end = (second + 1) * SECOND
            if left <= wanted:
                at, moved, wanted = end, moved + left, wanted - left
            else:
                at, moved, wanted = at + int(wanted / left * (end - at)), moved + wanted, 0.0
        while at < limit and not self.counts.get(at // SECOND, 0):
            at = (at // SECOND + 1) * SECOND
        self._carry = min(wanted, 1.0)
        self.line_us = min(max(at, self.line_us), max(limit, self.line_us))
        self.history.append((now_us, self.line_us))
        del self.history[:-3600]
        self.moved += moved
        if wanted <= 1e-9:  # else the line ended before the places did: that says nothing of how fast it can move
            self.speed += (moved / max(seconds, 1e-6) - self.speed) * min(seconds / _SMOOTH_SECONDS, 1.0)
        return moved

    def waiting(self) -> float:
        """How many places lie behind the line: what stands before a newcomer."""
        return max(self._behind, 0.0)

    def estimate(self, ahead: float) -> Estimate:
        """What to tell a person who has so many places before."""
        seconds = 1.0 + ahead / (max(_SLOWEST, self.speed))
        wide = max(_NARROWEST, self.error)
        low = int(seconds * (1 - wide))
        return Estimate(round(ahead * self.comes_back), seconds, max(1, low), int(seconds * (1 + wide)) + 2)

    def came_in(self, waited_seconds: float, promised_seconds: int) -> None:
        """Learn from a person whose turn it was how good the promise had been."""
        if promised_seconds >= 10:
            self.error += (abs(waited_seconds - promised_seconds) / promised_seconds - self.error) * 0.02
