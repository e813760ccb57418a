"""The account the running system uses: it may not change the schema, nor anything that is only added to."""

from __future__ import annotations

import asyncpg

from palmtax.entry.domains import load_everything
from palmtax.entry.standing import APP
from palmtax.plumbing.schema import metadata


def append_only_tables() -> list[str]:
    """Tables whose rows are never changed nor removed (`info["append_only"]`)."""
    load_everything()
    return sorted(table.name for table in metadata.sorted_tables if table.info.get("append_only"))


def unchanging_tables() -> list[str]:
    """Tables whose rows are never changed, and removed only when their time is over (`info["is_kept_for_a_while"]`)."""
    load_everything()
    return sorted(table.name for table in metadata.sorted_tables if table.info.get("is_kept_for_a_while"))


async def grant(owner_dsn: str, password: str) -> None:
    """Make the account and give it what it needs and no more; run after every migration, safe to run again."""
    connection = await asyncpg.connect(owner_dsn)
    try:
        quoted = await connection.fetchval("select quote_literal($1::text)", password)
        if not await connection.fetchval("select true from pg_roles where rolname = $1", APP):
            await connection.execute(f"create role {APP} login")
        await connection.execute(f"alter role {APP} password {quoted}")
        await connection.execute(
            f"grant usage on schema public to {APP};"
            f" grant select, insert, update, delete on all tables in schema public to {APP};"
            f" grant usage, select on all sequences in schema public to {APP}"
        )
        for table in append_only_tables():
            await connection.execute(f'revoke update, delete, truncate on "{table}" from {APP}')
        for table in unchanging_tables():
            await connection.execute(f'revoke update, truncate on "{table}" from {APP}')
        await connection.execute(f"revoke insert, update, delete on alembic_version from {APP}")
    finally:
        await connection.close()
