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
