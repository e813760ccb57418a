"""Keeping the law of this process as two officers agreed on it: before it serves, and every few seconds after."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import asyncpg
import structlog

from palmtax import knowledge
from palmtax.plumbing.database import CONNECTION_LOST, Database

log = structlog.get_logger()
SECONDS = 3.0
"""How long an approved version may stay unknown to a process that did not approve it."""
PATIENCE_SECONDS = 15.0
"""How long a start waits for the database; afterwards the process serves, says that it is not ready, and goes on trying."""


async def enact_once(database: Database) -> bool:
    """Whether this process now holds the approved versions; false when the database is away or older than we are."""
    try:
        async with database.statement() as tx:
            await knowledge.enact_approved(tx)
    except (*CONNECTION_LOST, asyncpg.PostgresError) as lost:
        log.warning("knowledge.law_not_read", kind=type(lost).__name__)
        return False
    return True


@asynccontextmanager
async def current_law(
    database: Database, *, seconds: float = SECONDS, patience: float = PATIENCE_SECONDS
) -> AsyncIterator[None]:
    """The approved versions are in force inside the block, and stay current."""
    held = asyncio.Event()
    keeping = asyncio.create_task(_keep(database, seconds, held))
    with suppress(TimeoutError):
        async with asyncio.timeout(patience):
            await held.wait()
    try:
        yield
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping


async def _keep(database: Database, seconds: float, held: asyncio.Event) -> None:
    while True:
        try:
            if await enact_once(database):
                held.set()
        except Exception:
            log.exception("knowledge.law_refresh_failed")  # whatever it was, the next look may succeed
        await asyncio.sleep(seconds if held.is_set() else 0.5)
