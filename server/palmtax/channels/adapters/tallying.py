"""Callbacks counted in this process and written down together now and then: none of them waits for a counter."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from palmtax.channels.model.figures import bucket
from palmtax.channels.store.figures import Figure

WRITTEN_SECONDS = 5


@dataclass(slots=True)
class Tallies:
    """What was counted and not yet written down; at most a few seconds of it are lost with the process."""

    _counted: dict[tuple[Figure, datetime], tuple[int, int, int]] = field(default_factory=dict)
    _since: datetime | None = None

    def add(self, channel: str, outcome: str, code: str, milliseconds: int, at: datetime) -> None:
        """Count one callback."""
        key = (Figure(channel, outcome, code, took=bucket(milliseconds)), at.replace(second=0, microsecond=0))
        count, total, slowest = self._counted.get(key, (0, 0, 0))
        self._counted[key] = (count + 1, total + milliseconds, max(slowest, milliseconds))
        self._since = self._since or at

    def put_back(self, figures: list[tuple[Figure, datetime]], now: datetime) -> None:
        """What could not be written down is kept for the next time."""
        for one, at in figures:
            key = (replace(one, count=1, milliseconds=0, slowest=0), at)
            count, total, slowest = self._counted.get(key, (0, 0, 0))
            self._counted[key] = (count + one.count, total + one.milliseconds, max(slowest, one.slowest))
        self._since = self._since or now

    def due(self, now: datetime) -> list[tuple[Figure, datetime]]:
        """What is to be written down now; nothing while it is too early."""
        if self._since is None or 0 <= (now - self._since).total_seconds() < WRITTEN_SECONDS:
            return []
        counted, self._counted, self._since = self._counted, {}, None
        return [
            (replace(one, count=count, milliseconds=total, slowest=slowest), at)
            for (one, at), (count, total, slowest) in counted.items()
        ]
