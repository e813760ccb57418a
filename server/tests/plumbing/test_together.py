"""Parts from several domains are one statement: all or nothing, rows where asked for."""

from __future__ import annotations

from dataclasses import replace

import asyncpg
import pytest

from palmtax.plumbing.database import Database
from palmtax.plumbing.together import Engine, Part, together


@pytest.fixture
async def made(database: Database) -> Database:
    """Two small tables with a foreign key between them."""
    async with database.transaction() as tx:
        await tx.execute("create table parent_row (taxpayer_id bigint, n int, primary key (taxpayer_id, n))")
        await tx.execute(
            "create table child_row (taxpayer_id bigint, n int, p int, primary key (taxpayer_id, n),"
            " foreign key (taxpayer_id, p) references parent_row (taxpayer_id, n))"
        )
    return database


def parts(n: int, p: int) -> list[Part]:
    """A parent and a child that names it."""
    return [
        Part("parent", "insert into parent_row values ($1, $2) returning n", (7, p), fetch=True),
        Part("child", "insert into child_row values ($1, $2, $3) returning n, p", (7, n, p), fetch=True),
    ]


@pytest.mark.parametrize("engine", ["postgres", "citus"])
async def test_both_forms_write_the_same_and_return_rows(made: Database, engine: Engine) -> None:
    """One CTE or several statements: the same rows come back."""
    async with made.transaction() as tx:
        assert await together(tx, *parts(1, 10), engine=engine) == [[{"n": 10}], [{"n": 1, "p": 10}]]


async def test_a_lost_race_leaves_nothing(made: Database) -> None:
    """The second parent exists already: the child is not written either, though no transaction was opened."""
    async with made.statement() as tx:
        await together(tx, *parts(1, 10))
        with pytest.raises(asyncpg.UniqueViolationError):
            await together(tx, *parts(2, 10))
        assert await tx.fetchval("select count(*) from child_row") == 1


async def test_a_guard_by_foreign_key_stops_everything(made: Database) -> None:
    """What a part relies on is a constraint: when it is gone, no part happens."""
    async with made.statement() as tx:
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await together(
                tx,
                Part("parent", "insert into parent_row values ($1, $2)", (7, 1)),
                Part("child", "insert into child_row values ($1, $2, $3)", (7, 1, 99)),
            )
        assert await tx.fetchval("select count(*) from parent_row") == 0


@pytest.mark.parametrize("engine", ["postgres", "citus"])
async def test_what_goes_along_with_a_part_is_written_too_and_moves_no_rows(made: Database, engine: Engine) -> None:
    """A part may bring others; the rows of those that were handed in stay in their places."""
    parent, child = parts(1, 10)
    child = replace(child, then=(Part("more", "insert into child_row values ($1, $2, $3)", (7, 2, 10)),))
    async with made.transaction() as tx:
        assert await together(tx, parent, child, engine=engine) == [[{"n": 10}], [{"n": 1, "p": 10}]]
        assert await tx.fetchval("select count(*) from child_row") == 2
