"""Empties the databases of the tests: over connections that stay open, and by deleting the few rows that a test left.

Both matter. A new connection has to look up each of 150 tables first (50 to 100 ms), and TRUNCATE makes new files for every
table and index (another 50); so the emptying took longer than most tests. Here it takes a few milliseconds.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import asyncpg

from palmtax.plumbing.postgres import Postgres

T = TypeVar("T")
LARGE = 1 << 20
"""A table of more bytes is truncated: deleting many rows takes longer, and leaves them for the vacuum."""
PATIENCE_SECONDS = 2.0
"""How long work that a test left under way in its database may go on."""
_TABLES = (
    "select format('%I', relname), size from pg_class, pg_relation_size(oid) size"
    " where relnamespace = 'public'::regnamespace and relkind = 'r' and size > 0"
)
"""Tables that have, or had, a row: what was deleted leaves its page behind."""
_SHAPE = "select count(*) from pg_class where relnamespace = 'public'::regnamespace"
_AT_WORK = (
    "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    " and backend_type = 'client backend' and xact_start is not null"
)
_SEQUENCES = (
    "select setval(format('%I', sequencename)::regclass, start_value, false) from pg_sequences"
    " where schemaname = 'public' and last_value is not null"
)


@dataclass
class Known:
    """A database: our connection to it, and how many relations it has."""

    connection: asyncpg.Connection
    shape: int


@dataclass
class Emptier:
    """Lives in a loop of its own, for every test has another."""

    postgres: Postgres
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    known: dict[str, Known] = field(default_factory=dict)

    @contextmanager
    def running(self) -> Iterator[Emptier]:
        """Until the block ends."""
        thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        thread.start()
        yield self
        asyncio.run_coroutine_threadsafe(self._leave(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        thread.join(10)
        self.loop.close()

    async def begin(self, name: str) -> None:
        """Get to know a database that has the whole schema and no rows."""
        if name not in self.known:
            await self._there(self._meet(name))

    async def emptied(self, name: str) -> bool:
        """Whether it is as new again; not when a test changed its schema, or something is still at work in it."""
        return await self._there(self._empty(name))

    async def _there(self, work: Coroutine[Any, Any, T]) -> T:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self.loop))

    async def _meet(self, name: str) -> None:
        connection = await asyncpg.connect(self.postgres.dsn(name), server_settings={"lock_timeout": "2s"})
        self.known[name] = Known(connection, await connection.fetchval(_SHAPE))

    async def _empty(self, name: str) -> bool:
        one = self.known[name]
        try:
            if await self._is_quiet(one.connection) and await one.connection.fetchval(_SHAPE) == one.shape:
                await self._delete(one.connection)
                return True
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
            pass
        del self.known[name]
        one.connection.terminate()
        return False

    async def _is_quiet(self, connection: asyncpg.Connection) -> bool:
        """Whether nobody else is within a transaction: what it wrote would appear after the emptying."""
        end = self.loop.time() + PATIENCE_SECONDS
        while await connection.fetchval(_AT_WORK):
            if self.loop.time() > end:
                return False
            await asyncio.sleep(0.005)
        return True

    async def _delete(self, connection: asyncpg.Connection) -> None:
        used = dict(await connection.fetch(_TABLES))
        large = [name for name, size in used.items() if size > LARGE]
        deeds = [f"delete from {name}" for name, size in used.items() if size <= LARGE]
        deeds += [f"truncate {', '.join(large)} cascade"] if large else []
        if not used:
            return
        async with connection.transaction():
            await connection.execute("set local session_replication_role = replica")  # no triggers, no foreign keys
            await connection.execute(";".join(deeds))
            await connection.execute(_SEQUENCES)

    async def _leave(self) -> None:
        for one in self.known.values():
            await one.connection.close(timeout=5)
