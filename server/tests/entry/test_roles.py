"""The running system's account can add to the ledger and to evidence, and never change or remove what is there."""

from __future__ import annotations

import asyncpg
import pytest

from palmtax.entry import roles, standing
from palmtax.plumbing.database import Database
from palmtax.plumbing.postgres import Postgres


async def test_what_is_only_added_to_cannot_be_changed(postgres: Postgres, database: Database) -> None:
    """Insert works, update, delete and new tables are refused by PostgreSQL itself (42501)."""
    async with database.statement() as tx:
        await tx.execute("create table if not exists alembic_version (version_num text)")
    await roles.grant(database.dsn, postgres.app_password)
    name = database.dsn.rsplit("/", 1)[1]
    app = await asyncpg.connect(postgres.app_dsn(standing.APP, name))
    try:
        await app.execute("insert into evidence_head (size, root, at) values (1, 'x', now())")
        assert {"payment_line", "payment_entry", "filing_return", "evidence_entry"} <= set(roles.append_only_tables())
        for table in roles.append_only_tables():
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await app.execute(f'delete from "{table}"')
        assert roles.unchanging_tables() == ["messaging_message", "messaging_reading"]
        for table in roles.unchanging_tables():
            await app.execute(f'delete from "{table}"')
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await app.execute(f'update "{table}" set taxpayer_id = 1')
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute("update evidence_head set size = 2")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute("create table more (n int)")
    finally:
        await app.close()


async def test_a_start_knows_whether_there_is_work(postgres: Postgres, database: Database) -> None:
    """No version, an old version, a table the account may not read: each means work; then nothing is to do."""
    app_dsn = postgres.app_dsn(standing.APP, database.dsn.rsplit("/", 1)[1])
    async with database.statement() as tx:
        await tx.execute("drop table if exists alembic_version")
        await tx.execute("create table alembic_version (version_num text)")
        await tx.execute("insert into alembic_version values ('0000')")
    await roles.grant(database.dsn, postgres.app_password)
    assert not await standing.is_up_to_date(database.dsn, app_dsn)
    async with database.statement() as tx:
        await tx.execute("update alembic_version set version_num = $1", standing.newest())
    assert await standing.is_up_to_date(database.dsn, app_dsn)
    async with database.statement() as tx:
        await tx.execute("create table brand_new (n int)")
    try:
        assert not await standing.is_up_to_date(database.dsn, app_dsn)
    finally:
        async with database.statement() as tx:
            await tx.execute("drop table brand_new")
            await tx.execute("drop table alembic_version")
