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
import structlog
from emptying import Emptier
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
# Left alone, structlog paints every fault with the values around it, which takes seconds where an application is among them.
structlog.configure(
    processors=[
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)
QUEUE_SQL = Path(__file__).resolve().parents[1] / "palmtax" / "plumbing" / "queue.sql"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first, in whatever order chance has given them: at the end no worker waits long for another."""
    items.sort(key=lambda one: one.get_closest_marker("slow") is None)


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
_free: list[str] = []
"""Databases that an earlier test left empty again: emptying one takes a hundredth of copying the template."""


async def _fresh(postgres: Postgres, template: str) -> str:
    """The name of a database with the whole schema and no rows."""
    if _free:
        return _free.pop()
    name = f"test_{next(_number)}"
    admin = await asyncpg.connect(postgres.dsn("postgres"))
    await admin.execute(f'create database "{name}" template "{template}" strategy file_copy')
    await admin.close()
    return name


@pytest.fixture(scope="session")
def emptier(postgres: Postgres, template: str) -> Iterator[Emptier]:
    """Empties the databases of this process."""
    with Emptier(postgres).running() as made:
        yield made


@pytest.fixture
async def database(postgres: Postgres, template: str, emptier: Emptier) -> AsyncIterator[Database]:
    """A database of its own, empty: for tests that commit or use several connections."""
    name = await _fresh(postgres, template)
    await emptier.begin(name)
    made = Database(postgres.dsn(name), DatabaseSettings(pool_size=20))
    yield made
    await made.close()
    if await emptier.emptied(name):
        _free.append(name)
        return
    admin = await asyncpg.connect(postgres.dsn("postgres"))
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


_apps: list[Any] = []
"""The application of this process: its first request builds 200 routes, which takes longer than most tests."""


def application(house: House) -> Any:
    """The real application over this house; made anew only where the settings are not the usual ones."""
    if house.settings.environment:
        return create_app(house)
    if not _apps:
        _apps.append(create_app(house))
    _apps[0].state.house = house
    return _apps[0]


@pytest.fixture
async def client(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """The real application over ASGI."""
    transport = httpx.ASGITransport(app=application(house), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://palmtax.test") as made:
        yield made
