"""The history of the schema leads exactly to the declared tables, down and up again."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest
from alembic import command

from palmtax.entry import migrations


def run(dsn, sql):
    async def go():
        connection = await asyncpg.connect(dsn)
        try:
            return [tuple(r) for r in await connection.fetch(sql)]
        finally:
            await connection.close()

    return asyncio.run(go())


@pytest.fixture
def empty(postgres):
    """The address of an empty database."""
    admin = postgres.dsn("postgres")
    run(admin, "create database migrated")
    yield postgres.dsn("migrated")
    run(admin, 'drop database "migrated" with (force)')


SHAPE = (
    "select table_name, column_name, data_type, is_nullable, coalesce(column_default, '') from information_schema.columns"
    " where table_schema = 'public' order by 1, 2"
)
INDEXES = "select tablename, regexp_replace(indexdef, '\"', '', 'g') from pg_indexes where schemaname = 'public' order by 1, 2"
GUARDS = (
    "select conrelid::regclass::text, contype::text, pg_get_constraintdef(oid) from pg_constraint"
    " where connamespace = 'public'::regnamespace order by 1, 2, 3"
)


def test_from_nothing_to_the_declared_tables(empty):
    migrations.upgrade(empty)
    migrations.check(empty)
    assert run(empty, "select version_num from alembic_version") == [(migrations.newest(),)]
    migrations.upgrade(empty)  # again: nothing left to do
    migrations.check(empty)


def test_the_migrated_database_is_the_one_the_tests_run_on(empty, postgres, template):
    migrations.upgrade(empty)
    made = postgres.dsn(template)
    for sql in (SHAPE, INDEXES, GUARDS):
        migrated = [row for row in run(empty, sql) if row[0] != "alembic_version"]
        assert migrated == run(made, sql)
        assert len(migrated) > 20


def test_down_to_nothing_and_up_again(empty):
    migrations.upgrade(empty)
    before = run(empty, SHAPE), run(empty, INDEXES), run(empty, GUARDS)
    command.downgrade(migrations.config(empty), "base")
    left = [row[0] for row in run(empty, "select tablename from pg_tables where schemaname = 'public'")]
    assert left == ["alembic_version"]
    assert run(empty, "select typname from pg_type where typname like 'pgqueuer%' and typtype = 'e'") == []
    migrations.upgrade(empty)
    assert (run(empty, SHAPE), run(empty, INDEXES), run(empty, GUARDS)) == before


def test_drift_is_found(empty):
    migrations.upgrade(empty)
    run(empty, "alter table cases_view add column forgotten text")
    with pytest.raises(Exception, match="forgotten"):
        migrations.check(empty)


def test_the_head_file_names_the_newest_revision():
    assert (migrations.FOLDER / ".head").read_text().strip() == migrations.newest()
    assert migrations.newest()


def test_bound_wechat_users_are_sealed_on_the_way_and_come_back(empty):
    """0007 seals them: the last one of a person stays the last, none is lost, and the other way round."""
    from palmtax import identity
    from palmtax.plumbing.database import Database

    command.upgrade(migrations.config(empty), "0006")
    run(
        empty,
        "insert into identity_person (person_id, phone_sealed, phone_hash, phone_masked, created_at)"
        " select n, 'x', n::text::bytea, '138****0000', now() from generate_series(1, 2) n",
    )
    run(
        empty,
        "insert into identity_wechat values ('old', 'app', 1, '2026-01-02Z'), ('new', 'app', 1, '2026-01-01Z'),"
        " ('other', 'app', 2, '2026-01-01Z')",
    )
    before = "select openid, app_id, person_id, bound_at from identity_wechat order by 1"
    kept = [row[:3] for row in run(empty, before)]
    run(empty, "insert into identity_person_wechat values (1, 'app', 'new', 'union-1', '2026-01-01Z')")
    migrations.upgrade(empty)

    async def look():
        database = Database(empty)
        try:
            async with database.statement() as tx:
                owners = [
                    await identity.person_of_address(tx, "wechat_mini", "app", one) for one in ("old", "new", "other")
                ]
                return (
                    owners,
                    await identity.openid(tx, 1, "app"),
                    await identity.person_of_address(tx, "wechat_oa", "elsewhere", "never seen", unionid="union-1"),
                )
        finally:
            await database.close()

    assert asyncio.run(look()) == ([1, 1, 2], "new", 1)
    assert b"new" not in run(empty, "select string_agg(address_sealed, '') from identity_person_address")[0][0]
    command.downgrade(migrations.config(empty), "0006")
    assert [row[:3] for row in run(empty, before)] == kept
    assert run(empty, "select person_id, openid from identity_person_wechat order by 1") == [(1, "new"), (2, "other")]
