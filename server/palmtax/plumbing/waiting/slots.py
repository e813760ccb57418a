"""How many requests a process works on at once: as many as help, the others wait a moment in the order of their rank."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field

LONGEST_QUEUE = 600
"""Requests of people already let in; more than this at one process are turned away for a moment."""
_TARGET_SECONDS = 0.06
"""How late the process's own work may be (event loop, database pool) before it takes on less."""


@dataclass(slots=True)
class Slots:
    """Slots with a limit that grows while all are used and nothing is late, and shrinks by a tenth when the process is late.

    What a partner outside takes does not count as late: a slow bank must not close our door.
    """

    smallest: int = 8
    largest: int = 64
    limit: int = 16
    in_use: int = 0
    most_used: int = 0
    answered: int = 0
    turned_away: int = 0
    """Requests that found the queue full: they come again soon."""
    _queues: dict[int, deque[asyncio.Future[None]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.limit = min(max(self.limit, self.smallest), self.largest)

    @property
    def queued(self) -> int:
        """How many wait."""
        return sum(map(len, self._queues.values()))

    async def take(self, rank: int) -> bool:
        """Wait for a slot; false when too many wait already."""
        if self.in_use < self.limit:
            self.in_use += 1
            self.most_used = max(self.most_used, self.in_use)
            return True
        if self.queued >= LONGEST_QUEUE:
            self.turned_away += 1
            return False
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue = self._queues.setdefault(rank, deque())
        queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._hand_on()
            elif turn in queue:
                queue.remove(turn)
            raise
        return True

    def give_back(self) -> None:
        """Done: the next one has the slot."""
        self.answered += 1
        self._hand_on()

    def _hand_on(self) -> None:
        if self.in_use <= self.limit:
            for rank in sorted(self._queues):
                queue = self._queues[rank]
                while queue:
                    turn = queue.popleft()
                    if not turn.done():
                        turn.set_result(None)
                        return
        self.in_use -= 1

    def adapt(self, late_seconds: float) -> None:
        """Look back on the last moment; called several times a second."""
        if late_seconds > _TARGET_SECONDS:
            self.limit = max(self.smallest, min(self.limit - 1, int(self.limit * 0.9)))
        elif self.most_used >= self.limit and late_seconds < _TARGET_SECONDS / 2:
            self.limit = min(self.largest, self.limit + 1)
            self._fill()
        self.most_used = self.in_use

    def _fill(self) -> None:
        for rank in sorted(self._queues):
            queue = self._queues[rank]
            while queue and self.in_use < self.limit:
                turn = queue.popleft()
                if not turn.done():
                    self.in_use += 1
                    turn.set_result(None)
