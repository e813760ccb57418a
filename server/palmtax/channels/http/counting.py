"""Genuine callbacks are counted beside their work: answered in time, late, or not at all."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from palmtax.base.errors import PalmtaxError
from palmtax.channels.adapters.process import process_of
from palmtax.channels.model.wechat_codec import CallbackRefused
from palmtax.channels.store import figures
from palmtax.plumbing.database import CONNECTION_LOST
from palmtax.plumbing.edge import Edge


@asynccontextmanager
async def counted(edge: Edge, channel: str) -> AsyncIterator[None]:
    """Times what is done within it; what was counted is written down every few seconds, later if the database is away."""
    started, outcome = time.perf_counter(), "untaken"
    try:
        yield
        outcome = "taken"
    except CallbackRefused:
        outcome = ""
        raise
    finally:
        await _count(edge, channel, outcome, round((time.perf_counter() - started) * 1000))


async def _count(edge: Edge, channel: str, outcome: str, milliseconds: int) -> None:
    tallies, now = process_of(edge.house).tallies, edge.clock.now()
    if outcome:
        tallies.add(channel, outcome, "", milliseconds, now)
    due = tallies.due(now)
    if not due:
        return
    try:
        async with edge.transaction() as tx:
            await figures.count(tx, due)
    except (*CONNECTION_LOST, asyncpg.PostgresError, PalmtaxError):
        tallies.put_back(due, now)
