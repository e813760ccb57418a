"""Is the database as this version wants it? Asked at every start, so that Alembic is only loaded when there is work."""

from __future__ import annotations

from pathlib import Path

import asyncpg

NEWEST = Path(__file__).resolve().parents[2] / "migrations" / ".head"
APP = "palmtax_app"
"""The account the running system uses."""

NOT_GRANTED = """
select exists (
    select 1 from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not has_table_privilege(oid, 'select')
)"""


def newest() -> str:
    """The newest revision in the repository."""
    return NEWEST.read_text().strip()


async def is_up_to_date(owner_dsn: str, app_dsn: str) -> bool:
    """Whether every migration has run and the running system's account may read every table."""
    try:
        connection = await asyncpg.connect(app_dsn)
    except (
        asyncpg.InvalidAuthorizationSpecificationError,
        asyncpg.InvalidPasswordError,
        asyncpg.InvalidCatalogNameError,
    ):
        return False  # neither account nor database is there yet
    try:
        if await connection.fetchval("select version_num from alembic_version") != newest():
            return False
        return owner_dsn == app_dsn or not await connection.fetchval(NOT_GRANTED)
    except (asyncpg.UndefinedTableError, asyncpg.InsufficientPrivilegeError):
        return False
    finally:
        await connection.close()
