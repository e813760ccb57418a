"""The pool of connections to the one PostgreSQL: one transaction per request or task, nothing kept in sessions."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import asyncpg
import orjson

from palmtax.plumbing.settings import DatabaseSettings
from palmtax.plumbing.together import Engine

Tx: TypeAlias = asyncpg.Connection
"""A connection inside the edge's transaction (or inside `statement()`, where each statement is its own)."""

CONNECTION_LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    ConnectionError,
    OSError,
    TimeoutError,
)
"""What a caller sees when the database is away; the work is unknown to have happened, so only idempotent acts are repeated."""


class HouseConnection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg ships no types
    """A pooled connection that is not reset on release: it saves a round trip, and we keep nothing in sessions."""

    def get_reset_query(self) -> str:
        """No reset: settings, cursors and locks live in transactions only (closing test `test_no_session_state`)."""
        return ""


def _jsonb_out(value: Any) -> bytes:
    return b"\x01" + orjson.dumps(value)


def _jsonb_in(raw: bytes) -> Any:
    return orjson.loads(raw[1:])


async def _prepare(connection: asyncpg.Connection) -> None:
    """JSON as Python values, in the binary form (COPY has no other); jsonb carries its version in front."""
    await connection.set_type_codec(
        "jsonb", encoder=_jsonb_out, decoder=_jsonb_in, schema="pg_catalog", format="binary"
    )
    await connection.set_type_codec(
        "json", encoder=orjson.dumps, decoder=orjson.loads, schema="pg_catalog", format="binary"
    )


class Database:
    """The pool; opened lazily, survives a restart of the server."""

    def __init__(self, dsn: str, settings: DatabaseSettings | None = None, application: str = "palmtax") -> None:
        self.dsn = dsn
        self.settings = settings or DatabaseSettings()
        self.application = application
        self._pool: asyncpg.Pool | None = None
        self._opening = asyncio.Lock()
        self.longest_wait = 0.0
        """The longest wait for a connection since somebody set it back, seconds."""

    @property
    def engine(self) -> Engine:
        """`postgres` or `citus`."""
        return self.settings.engine

    async def pool(self) -> asyncpg.Pool:
        """The pool, opened at the first call."""
        if self._pool is None:
            async with self._opening:
                if self._pool is None:
                    self._pool = await asyncpg.create_pool(
                        self.dsn,
                        min_size=1,
                        max_size=self.settings.pool_size,
                        command_timeout=self.settings.statement_timeout_seconds + 5,
                        connection_class=HouseConnection,
                        init=_prepare,
                        server_settings={
                            "application_name": self.application,
                            "statement_timeout": f"{self.settings.statement_timeout_seconds}s",
                            "lock_timeout": f"{self.settings.lock_timeout_seconds}s",
                            "idle_in_transaction_session_timeout": "30s",
                            "timezone": "UTC",
                        },
                    )
        return self._pool

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """A connection in one transaction: committed at the end of the block, rolled back on any error."""
        async with self._connection() as connection, connection.transaction():
            yield connection

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Tx]:
        pool = await self.pool()
        asked = time.perf_counter()
        async with pool.acquire(timeout=10) as connection:
            self.longest_wait = max(self.longest_wait, time.perf_counter() - asked)
            yield connection

    @asynccontextmanager
    async def statement(self) -> AsyncIterator[Tx]:
        """A connection without BEGIN, for an act that is one statement (two round trips fewer)."""
        if self.settings.engine == "citus":
            async with self.transaction() as tx:
                yield tx
            return
        async with self._connection() as connection:
            yield connection

    async def ping(self) -> bool:
        """Whether the database answers within a second."""
        try:
            async with asyncio.timeout(1):
                pool = await self.pool()
                async with pool.acquire() as connection:
                    return bool(await connection.fetchval("select true"))
        except (*CONNECTION_LOST, asyncpg.PostgresError):
            return False

    async def close(self) -> None:
        """Close the pool; a connection that is still busy after five seconds is cut."""
        if self._pool is not None:
            pool, self._pool = self._pool, None
            try:
                await asyncio.wait_for(pool.close(), timeout=5)
            except (*CONNECTION_LOST, asyncpg.PostgresError):
                pool.terminate()


def dsn_for_sqlalchemy(dsn: str) -> Any:
    """The same address in the form Alembic's driver wants."""
    return dsn.replace("postgresql://", "postgresql+asyncpg://", 1)
