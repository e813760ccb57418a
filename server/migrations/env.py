"""Alembic's environment: our declarations, Citus-safe session settings, time limits."""

from __future__ import annotations

import asyncio

from alembic import context
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from palmtax.entry.domains import load_everything
from palmtax.plumbing.schema import metadata

load_everything()


def _ours(_object: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    """The queue's own tables are kept by its library (plumbing/queue.sql), not by our declarations."""
    return not (kind in {"table", "index"} and (name or "").startswith("pgqueuer"))


def _run(connection: Connection) -> None:
    connection.execute(text("set citus.multi_shard_modify_mode to 'sequential'"))
    connection.execute(text("set lock_timeout to '5s'"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_object=_ours,
        compare_type=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def _online() -> None:
    engine = create_async_engine(context.config.attributes["dsn"])
    async with engine.connect() as connection:
        await connection.run_sync(_run)
    await engine.dispose()


asyncio.run(_online())
