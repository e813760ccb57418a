"""A database that one test has used is as new for the next, or is not used again."""

from __future__ import annotations

import asyncpg
import emptying
import pytest


@pytest.fixture
async def used(postgres, template, emptier):
    """A database of its own, known to the emptier, and a connection to it."""
    admin = await asyncpg.connect(postgres.dsn("postgres"))
    await admin.execute(f'create database "emptied" template "{template}" strategy file_copy')
    await emptier.begin("emptied")
    connection = await asyncpg.connect(postgres.dsn("emptied"))
    yield connection
    connection.terminate()
    emptier.known.pop("emptied", None)
    await admin.execute('drop database "emptied" with (force)')
    await admin.close()


OFFICE = "insert into registry_office (code, name, name_en) values ($1, 'a', 'b')"
JOB = "insert into pgqueuer (priority, entrypoint, status, execute_after) values (0, 'x', 'queued', now()) returning id"


async def test_rows_are_gone_and_numbers_begin_anew(used, emptier):
    await used.execute(OFFICE, "19900000000")
    assert [await used.fetchval(JOB) for _ in range(2)] == [1, 2]
    assert await emptier.emptied("emptied")
    assert await used.fetchval("select count(*) from registry_office") == 0
    assert await used.fetchval("select count(*) from pgqueuer") == 0
    assert await used.fetchval(JOB) == 1


async def test_a_large_table_is_made_small_again(used, emptier, monkeypatch):
    monkeypatch.setattr(emptying, "LARGE", 8192)
    await used.executemany(OFFICE, [(f"1{n:010d}",) for n in range(500)])
    assert await used.fetchval("select pg_relation_size('registry_office')") > 8192
    assert await emptier.emptied("emptied")
    assert await used.fetchval("select pg_relation_size('registry_office')") == 0


async def test_what_somebody_is_still_writing_would_appear_later(used, emptier, monkeypatch):
    monkeypatch.setattr(emptying, "PATIENCE_SECONDS", 0.1)
    async with used.transaction():
        await used.execute(OFFICE, "19900000000")
        assert not await emptier.emptied("emptied")


async def test_a_changed_schema_is_not_used_again(used, emptier):
    await used.execute("create table registry_more (x int)")
    assert not await emptier.emptied("emptied")
