"""The running system's account can add to the ledger and to evidence, and never change or remove what is there."""

from __future__ import annotations

import asyncpg
import pytest

from palmtax.entry import roles
from palmtax.plumbing.database import Database
from palmtax.plumbing.postgres import Postgres


async def test_what_is_only_added_to_cannot_be_changed(postgres: Postgres, database: Database) -> None:
    """Insert works, update, delete and new tables are refused by PostgreSQL itself (42501)."""
    async with database.statement() as tx:
        await tx.execute("create table alembic_version (version_num text)")
    await roles.grant(database.dsn, postgres.app_password)
    name = database.dsn.rsplit("/", 1)[1]
    app = await asyncpg.connect(postgres.app_dsn(roles.APP, name))
    try:
        await app.execute("insert into evidence_head (size, root, at) values (1, 'x', now())")
        assert {"payment_line", "payment_entry", "filing_return", "evidence_entry"} <= set(roles.append_only_tables())
        for table in roles.append_only_tables():
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await app.execute(f'delete from "{table}"')
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute("update evidence_head set size = 2")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute("create table more (n int)")
    finally:
        await app.close()
