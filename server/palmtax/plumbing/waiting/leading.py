"""What the leading process does once a second: learn the pace, move the lines, close and open rooms. No I/O."""

from __future__ import annotations

from dataclasses import dataclass, field

from palmtax.plumbing.waiting.door import Door
from palmtax.plumbing.waiting.line import SECOND, Line
from palmtax.plumbing.waiting.pace import Measured, shared_out

_CALM_TICKS = 3
_SPARE = 0.9
AHEAD_OF_TIME_US = 5 * SECOND


@dataclass(slots=True)
class Leader:
    """Remembers between two looks; any process can become it at any moment."""

    calm: dict[str, int] = field(default_factory=dict)
    passed: float = 0.0

    def lead(self, door: Door, seen: Measured, full_since_us: int, now_us: int, *, is_last_days: bool) -> None:
        """One look. `seen.came` counts the open door only; what the lines passed is added here."""
        door.ranks = {code: door.rooms.room(code).rank_on(is_last_days=is_last_days) for code in door.lines}
        seen.came += self.passed
        seen.is_wanted = any(line.is_waiting and line.waiting() >= 1 for line in door.lines.values())
        people = door.pace.learn(seen)
        open_speed = (seen.came - self.passed) / max(seen.seconds, 1e-6)
        if full_since_us:
            door.close(full_since_us, now_us)
        self._obey_switches(door, now_us)
        waiting = [line for line in door.lines.values() if line.is_waiting]
        for line in waiting:
            if line.line_us > now_us + AHEAD_OF_TIME_US:  # some clock had run ahead
                line.line_us = now_us
            line.rebuild(now_us)
        self.passed = _move(door, waiting, people - open_speed, seen.seconds, now_us)
        self._reopen(door, people - open_speed, now_us)
        door.reckon()

    def _obey_switches(self, door: Door, now_us: int) -> None:
        for code, line in list(door.lines.items()):
            switch = door.switches.get(code)
            is_forced = door.settings.people_a_minute > 0 or (switch is not None and switch.mode == "own_rate")
            if is_forced and not line.is_waiting:
                line.begin(now_us, own_rate(door, code) or 0.0)
            elif (switch is not None and switch.mode == "open") or (switch is None and code.startswith("matter:")):
                line.is_waiting = False

    def _reopen(self, door: Door, spare: float, now_us: int) -> None:
        """A room in which people come more slowly than they can be served needs no line."""
        for code in sorted(door.lines, key=lambda one: door.ranks[one]):
            line = door.lines[code]
            if not line.is_waiting or own_rate(door, code) is not None:
                continue
            last = now_us // SECOND
            coming = sum(line.counts.get(last - ago, 0) for ago in range(1, 4)) / 3
            is_calm = line.ahead((last - 1) * SECOND) < 1 and coming < spare * _SPARE
            self.calm[code] = self.calm.get(code, 0) + 1 if is_calm else 0
            spare -= coming
            if self.calm[code] >= _CALM_TICKS:
                line.is_waiting, self.calm[code] = False, 0


def own_rate(door: Door, code: str) -> float | None:
    """People a second that were decided for a room, by an officer or for a rehearsal; none: as measured."""
    switch = door.switches.get(code)
    if switch is not None and switch.mode == "own_rate":
        return switch.people_a_minute / 60
    if door.settings.people_a_minute and (switch is None or switch.mode == "auto"):
        return door.settings.people_a_minute / 60
    return None


def _move(door: Door, waiting: list[Line], people: float, seconds: float, now_us: int) -> float:
    """Move every line by its share; gives how many places were passed."""
    passed = 0.0
    measured: dict[str, float] = {}
    for line in waiting:
        rate = own_rate(door, line.room)
        if rate is None:
            measured[line.room] = line.waiting()
        else:
            passed += line.move(rate * seconds, now_us, seconds)
    left = max(people, 0.0) * seconds
    for code, share in shared_out(left, measured, door.ranks).items():
        passed += door.lines[code].move(share, now_us, seconds)
    for line in waiting:
        if line.room in measured and measured[line.room] <= 0:
            line.move(0.0, now_us, seconds)
        line.rebuild(now_us)  # who asks until the next look hears where the line is now
    return passed
