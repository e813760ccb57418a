"""What every server test may use: a real PostgreSQL, a rolled-back transaction, a clock that stands, the real app."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from palmtax.base.clock import FixedClock
from palmtax.entry.domains import load_everything
from palmtax.entry.web import create_app
from palmtax.plumbing.database import Database, Tx
from palmtax.plumbing.edge import House
from palmtax.plumbing.files import DiskStore
from palmtax.plumbing.outbox import TaskContext
from palmtax.plumbing.postgres import Postgres
from palmtax.plumbing.schema import metadata
from palmtax.plumbing.settings import DatabaseSettings, Settings
from sandboxes import running

os.environ.setdefault("PALMTAX_PRIVACY_MASTER_KEY", "17" * 32)
QUEUE_SQL = Path(__file__).resolve().parents[1] / "palmtax" / "plumbing" / "queue.sql"


@pytest.fixture(autouse=True)
def _quiet_sandboxes() -> None:
    """What an earlier test planned or left under way at a shared sandbox does not reach this one."""
    for sandbox in running.ALIVE:
        sandbox.quiet()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One embedded PostgreSQL for this test process, without fsync."""
    folder = Path(tempfile.mkdtemp(prefix="palmtax-test-"))
    folder.chmod(0o755)  # the ordinary user that PostgreSQL runs as must get in
    server = Postgres(folder, durable=False)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


async def _make(server: Postgres) -> None:
    admin = await asyncpg.connect(server.dsn("postgres"))
    await admin.execute("create database palmtax_template")
    await admin.close()
    made = await asyncpg.connect(server.dsn("palmtax_template"))
    await made.execute(QUEUE_SQL.read_text())
    dialect = postgresql.dialect()
    for table in metadata.sorted_tables:
        await made.execute(str(sa.schema.CreateTable(table).compile(dialect=dialect)))
        for index in table.indexes:
            await made.execute(str(sa.schema.CreateIndex(index).compile(dialect=dialect)))
    await made.close()


@pytest.fixture(scope="session")
def template(postgres: Postgres) -> str:
    """The name of a database with the whole schema and no rows."""
    load_everything()
    asyncio.run(_make(postgres))
    return "palmtax_template"


_number = iter(range(1, 1_000_000))


@pytest.fixture
async def database(postgres: Postgres, template: str) -> AsyncIterator[Database]:
    """A database of its own (a copy of the template): for tests that commit or use several connections."""
    name = f"test_{next(_number)}"
    admin = await asyncpg.connect(postgres.dsn("postgres"))
    await admin.execute(f'create database "{name}" template "{template}" strategy file_copy')
    made = Database(postgres.dsn(name), DatabaseSettings(pool_size=20))
    yield made
    await made.close()
    await admin.execute(f'drop database "{name}" with (force)')
    await admin.close()


@pytest.fixture
async def tx(database: Database) -> AsyncIterator[Tx]:
    """A connection in a transaction that is rolled back."""
    pool = await database.pool()
    async with pool.acquire() as connection:
        work = connection.transaction()
        await work.start()
        yield connection
        await work.rollback()


@pytest.fixture
def clock() -> FixedClock:
    """Monday 2026-11-23, 12:00 in China."""
    return FixedClock(datetime(2026, 11, 23, 4, 0, tzinfo=UTC))


@pytest.fixture
def outside() -> dict[str, Any]:
    """Clients of partners; a test puts its stand-ins here."""
    return {}


@pytest.fixture
def house(database: Database, clock: FixedClock, outside: dict[str, Any], tmp_path: Path) -> House:
    """What a process has, over the test's database."""
    from palmtax import identity

    return House(
        settings=Settings({}),
        database=database,
        clock=clock,
        files=DiskStore(tmp_path / "files"),
        outside=outside,
        resolve_actor=getattr(identity, "resolve_actor", None),
    )


@pytest.fixture
def task_context(house: House) -> TaskContext:
    """What a task gets; run due jobs with `palmtax.plumbing.worker.drain(task_context)`."""
    return TaskContext(house.database, house.clock, house.settings, house.files, house.outside, "test-request")


@pytest.fixture
async def client(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """The real application over ASGI."""
    transport = httpx.ASGITransport(app=create_app(house), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://palmtax.test") as made:
        yield made
