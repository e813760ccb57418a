"""The daily limit of a channel, held by all processes together: each takes a share of it at a time, so no row is hot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from palmtax.base.clock import Clock, china_day
from palmtax.channels.model.manifest import Channel
from palmtax.channels.store import shares as store
from palmtax.plumbing.database import Database, Tx

PARTS = 50
"""A process takes so small a part of its whole share at a time: what dies with it is at most two hundredths of a day."""
LOW = 200
"""Fewer are too few for the messages that go at once: the next share is taken before the last is used up."""
ASKED_AGAIN = timedelta(minutes=1)
"""A day that was found used up is asked for again so much later: an officer may have raised the limit."""


@dataclass(slots=True)
class Shares:
    """What this process may still send today, by channel; a channel without a daily limit is not in it."""

    _left: dict[str, tuple[date, int]] = field(default_factory=dict)
    _asked: dict[str, datetime] = field(default_factory=dict)

    def is_used_up(self, channel: Channel, clock: Clock) -> bool:
        """Whether the whole day was found used up lately; else only this process's share is, and the next is soon there."""
        return clock.now() - self._asked.get(channel.name, datetime.min.replace(tzinfo=UTC)) < ASKED_AGAIN

    async def top_up(
        self, database: Database, clock: Clock, channels: Mapping[str, Channel], *, processes: int
    ) -> None:
        """Take a share for each channel whose last one runs out; mostly nothing. One short transaction each."""
        now, today = clock.now(), china_day(clock.now())
        for name, channel in channels.items():
            limit = channel.manifest.limits.day
            share = max(1, limit // (max(1, processes) * PARTS))
            is_enough = self._of(name, today) >= min(share, LOW)
            if not limit or is_enough or now - self._asked.get(name, now - ASKED_AGAIN) < ASKED_AGAIN:
                continue
            async with database.transaction() as tx:
                granted = await store.take(tx, name, today, share=share, limit=limit)
            self._left[name] = (today, self._of(name, today) + granted)
            if not granted:
                self._asked[name] = now

    def may_spend(self, channel: Channel, clock: Clock) -> bool:
        """Spend one message of today; false when the day is used up."""
        if not channel.manifest.limits.day:
            return True
        today = china_day(clock.now())
        left = self._of(channel.name, today)
        if left > 0:
            self._left[channel.name] = (today, left - 1)
        return left > 0

    def _of(self, name: str, today: date) -> int:
        day, left = self._left.get(name, (today, 0))
        return left if day == today else 0


async def forget(tx: Tx, *, clock: Clock) -> None:
    """Drop days that are long over. One round trip."""
    await store.forget(tx, china_day(clock.now()))
