"""The officers' queue with a million cases, fifty thousand of them open, beside pgbench on the same PostgreSQL."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from bench.run import ROOT
from bench.table import Section, quantile, reached
from palmtax import identity, registry
from palmtax.base.actor import Actor, Hat
from palmtax.base.clock import FixedClock
from palmtax.base.identifiers import make_resident_id, make_uscc
from palmtax.cases.actions.board import board
from palmtax.cases.actions.bulk import claim_all
from palmtax.cases.actions.escalating import escalate
from palmtax.cases.actions.queue import queue
from palmtax.cases.model.case import Desk
from palmtax.cases.store import queue as pages
from palmtax.cases.store.cases import COLUMNS
from palmtax.entry.domains import load_everything
from palmtax.plumbing.database import Database, Tx
from palmtax.plumbing.postgres import Postgres, programs
from palmtax.plumbing.schema import metadata
from palmtax.plumbing.settings import DatabaseSettings

CASES, OPEN = 1_000_000, 50_000
TAXPAYERS, OFFICERS = 50_000, 40
CLOCK = FixedClock(datetime(2026, 11, 23, 4, 0, tzinfo=UTC))
SKILLS = ("registration", "invoice", "filing", "refund")
OFFICES = [
    f"144{city:02d}{district:02d}{hall:02d}00"
    for city in range(1, 22)
    for district in range(10, 18)
    for hall in range(1, 5)
]
PROVINCE, CITY, DISTRICT, HALL = "14400000000", "14405000000", "14405120000", OFFICES[4 * 8 * 4 + 2 * 4]
PAGE_AIM, BOARD_AIM, CLAIM_AIM = 60.0, 1_000.0, 60.0
"""At p50, in round trips of `select 1` through the same pool: a page with names and counts, a board, a claim."""
TIMES, CLIENTS, CLAIMS = 150, 8, 100
FIRST_OFFICER = 700_001
_LATENCY = re.compile(r"latency average = ([\d.]+) ms")


@contextmanager
def _server() -> Iterator[Postgres]:
    above = ROOT / "var"
    above.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-cases-", dir=above))
    folder.chmod(0o755)
    server = Postgres(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def _database(server: Postgres) -> AsyncIterator[Database]:
    """An empty database with all tables, as the tests make it."""
    load_everything()
    admin = await asyncpg.connect(server.dsn("postgres"))
    await admin.execute("create database bench_cases")
    await admin.close()
    found = Database(server.dsn("bench_cases"), DatabaseSettings(pool_size=CLIENTS + 2))
    dialect = postgresql.dialect()
    async with found.transaction() as tx:
        await tx.execute((ROOT / "server" / "palmtax" / "plumbing" / "queue.sql").read_text(encoding="utf-8"))
        for table in metadata.sorted_tables:
            await tx.execute(str(sa.schema.CreateTable(table).compile(dialect=dialect)))
            for index in table.indexes:
                await tx.execute(str(sa.schema.CreateIndex(index).compile(dialect=dialect)))
    try:
        yield found
    finally:
        await found.close()


def _rows() -> Iterator[tuple[object, ...]]:
    """Cases of a year: every twentieth is open; of the open ones two in three are taken, some wait, some are late."""
    today, start = CLOCK.today(), CLOCK.now() - timedelta(days=330)
    every = CASES // OPEN
    for n in range(CASES):
        turn = n // every
        is_open, kind, taxpayer_id = n % every == 0, turn // 5 % 6, 1 + (n * 7919 + turn) % TAXPAYERS
        state = ("open", "open", "claimed", "claimed", "claimed", "waiting")[kind] if is_open else "closed"
        opened_at = CLOCK.now() - timedelta(minutes=turn % 20_000) if is_open else start + timedelta(seconds=28 * n)
        holder = None if state == "open" else FIRST_OFFICER + turn % OFFICERS
        due_on = today + timedelta(days=turn % 25 - 4)
        values = {
            "taxpayer_id": taxpayer_id, "case_id": UUID(int=n * 2_654_435_761 % 2**64 * 2**32 + n + 1),
            "kind": "matter", "subject_id": UUID(int=2**100 + n), "code": f"FPBL-{n % 97:03d}", "title": "数电发票额度调整申请",
            "title_en": "Change of the invoice quota", "office_code": OFFICES[taxpayer_id % len(OFFICES)],
            "skill": SKILLS[turn % 4], "needs_two": False, "not_for": [], "state": state, "version": 1,
            "opened_at": opened_at, "due_on": due_on, "priority": 0, "claimed_by": holder,
            "claimed_at": opened_at if holder else None,
            "escalates_on": due_on + timedelta(days=1) if state in ("open", "claimed") else None,
            "days_kept": 2 if state == "waiting" else None,
            "outcome": None if is_open else ("yes", "yes", "yes", "no")[n % 4],
            "closed_at": None if is_open else opened_at + timedelta(days=1),
            "close_reason": None if is_open else "decided",
        }  # fmt: skip
        yield tuple(values.get(name) for name in COLUMNS)


async def _fill(database: Database) -> float:
    """Offices, taxpayers, officers of one district, cases; seconds of the cases."""
    async with database.transaction() as tx:
        await registry.load_offices(tx, [registry.Office(code, f"税务局{code}", code) for code in OFFICES])
        shops = [
            registry.Taxpayer(
                taxpayer_id=n, name=f"云汀面馆{n}", uscc=make_uscc("9", "2", "440305", f"MA{n:06d}"),
                kind="individual_business", vat_kind="small_scale", filing_period="quarter", place_kind="city",
                is_half_relief=True, industry="餐饮", address="一号", office_code=OFFICES[n % len(OFFICES)],
                office_name="", registered_on=date(2025, 1, 1), status="normal",
            )
            for n in range(1, TAXPAYERS + 1)
        ]  # fmt: skip
        await registry.load_taxpayers(tx, shops)
        numbers = range(FIRST_OFFICER, FIRST_OFFICER + OFFICERS)
        people = [
            identity.NewPerson(n, f"顾{n}", f"155{n:08d}", make_resident_id("990101", date(1981, 1, 1), n % 900 + 1))
            for n in numbers
        ]
        hats = [identity.NewHat(n, "approver", "税务局", office_code=DISTRICT) for n in numbers]
        await identity.load_people(tx, clock=CLOCK, people=people, hats=hats)
    patient = await asyncpg.connect(database.dsn)  # the pool's connections give a statement fifteen seconds
    began = time.perf_counter()
    await patient.copy_records_to_table("cases_case", columns=COLUMNS, records=_rows())
    seconds = time.perf_counter() - began
    for table in ("cases_case", "registry_taxpayer"):
        await patient.execute(f"vacuum analyze {table}")
    await patient.close()
    return seconds


def _officer(office_code: str, person_id: int = FIRST_OFFICER) -> Actor:
    hat = Hat(uuid4(), "officer", "approver", None, office_code, identity.ROLES["approver"].scopes)
    return Actor(person_id, uuid4(), hat, "workbench", "bench")


Read = Callable[[Tx], Awaitable[object]]


async def _timed(database: Database, read: Read, times: int = TIMES) -> tuple[float, float]:
    """Milliseconds of one transaction, p50 and p99, one after the other; the first ten are not counted."""
    found = []
    for number in range(times + 10):
        began = time.perf_counter()
        async with database.transaction() as tx:
            await read(tx)
        if number >= 10:
            found.append((time.perf_counter() - began) * 1000)
    return quantile(found, 0.5), quantile(found, 0.99)


def _pgbench(dsn: str, folder: Path, *arguments: str) -> float:
    """Milliseconds of a transaction of pgbench on the same server, on average."""
    done = subprocess.run(
        [str(programs() / "pgbench"), "-n", "-M", "prepared", "-j", "1", *arguments, dsn],
        capture_output=True, text=True, check=False, cwd=folder, timeout=60,
    )  # fmt: skip
    found = _LATENCY.search(done.stdout)
    if done.returncode or found is None:
        raise RuntimeError(f"pgbench: {done.stdout[-500:]} {done.stderr[-500:]}")
    return float(found.group(1))


def _references(server: Postgres, folder: Path) -> tuple[float, float]:
    """Milliseconds of `select 1` by one client, and of pgbench's simple update by as many as claim."""
    script = folder / "one.sql"
    script.write_text("select 1;\n", encoding="utf-8")
    one = _pgbench(server.dsn("bench_cases"), folder, "-c", "1", "-T", "2", "-f", str(script))
    made = [str(programs() / "pgbench"), "-i", "-q", "-s", "5", server.dsn("bench_cases")]
    subprocess.run(made, capture_output=True, check=True, timeout=60)
    return one, _pgbench(server.dsn("bench_cases"), folder, "-c", str(CLIENTS), "-T", "3", "-b", "simple-update")


def _shown(found: tuple[float, float]) -> str:
    return f"{found[0]:.2f} ms p50, {found[1]:.2f} ms p99"


def _against(
    section: Section, what: str, found: tuple[float, float], trip_ms: float, aim: float, more: str = ""
) -> None:
    """A figure against so many round trips."""
    times = found[0] / trip_ms
    section.add(
        what, _shown(found), f"{times:.0f} round trips of {trip_ms:.2f} ms{more}", f"≤ {aim:.0f}", reached(times <= aim)
    )


async def _pages(section: Section, database: Database, trip_ms: float) -> None:
    today = CLOCK.today()
    for name, office in (("hall", HALL), ("district", DISTRICT), ("city", CITY), ("province", PROVINCE)):
        actor, desk = _officer(office), Desk(FIRST_OFFICER, office)
        for view in ("group", "all", "closed"):
            wanted = pages.Asked(view)
            alone = await _timed(
                database,
                lambda tx, wanted=wanted, desk=desk: pages.page(
                    tx, wanted=wanted, desk=desk, today=today, sort="due", after=None, limit=51
                ),
            )
            whole = await _timed(
                database,
                lambda tx, wanted=wanted, actor=actor: queue(
                    tx, actor=actor, clock=CLOCK, wanted=wanted, sort="due", cursor=None, limit=50
                ),
                40,
            )
            what = f"{name}, {view}: page of 50 with names and counts"
            _against(section, what, whole, trip_ms, PAGE_AIM, f"; its statement {_shown(alone)}")
        counted = await _timed(database, lambda tx, desk=desk: pages.counts(tx, desk=desk, today=today), 60)
        section.add(f"{name}: all counts", _shown(counted), f"{counted[0] / trip_ms:.0f} round trips")


async def _deep(section: Section, database: Database) -> None:
    """The thousandth page costs what the first does."""
    desk, place = Desk(FIRST_OFFICER, PROVINCE), (CLOCK.today() + timedelta(days=17), UUID(int=0))
    found = await _timed(
        database,
        lambda tx: pages.page(
            tx, wanted=pages.Asked("all"), desk=desk, today=CLOCK.today(), sort="due", after=place, limit=51
        ),
    )
    section.add("province, all: a page after some 40,000 others", _shown(found), "keyset, no offset")


async def _boards(section: Section, database: Database, trip_ms: float) -> None:
    for name, office in (("district", DISTRICT), ("province", PROVINCE)):
        actor = _officer(office)
        found = await _timed(database, lambda tx, actor=actor: board(tx, actor=actor, clock=CLOCK), 20)
        _against(section, f"{name}: the board, exact", found, trip_ms, BOARD_AIM)


async def _claims(section: Section, database: Database, trip_ms: float, update_ms: float) -> None:
    """One officer, then several who each take cases of their own, then all the same one."""
    async with database.statement() as tx:
        free = await tx.fetch(
            "select case_id from cases_case where state = 'open' and office_code between $1 and $2 limit $3",
            *pages.code_range(PROVINCE), CLIENTS * CLAIMS + 150,
        )  # fmt: skip
    ids, found = [row["case_id"] for row in free], []
    won = 0

    async def take(number: int, case_id: UUID) -> bool:
        began = time.perf_counter()
        async with database.transaction() as tx:
            [one] = await claim_all(
                tx, actor=_officer(PROVINCE, FIRST_OFFICER + number), clock=CLOCK, case_ids=[case_id]
            )
        found.append((time.perf_counter() - began) * 1000)
        return one.refusal is None

    async def work(number: int) -> None:
        for case_id in ids[number * CLAIMS : (number + 1) * CLAIMS]:
            await take(number, case_id)

    for case_id in ids[-150:-50]:
        await take(0, case_id)
    alone = quantile(found, 0.5), quantile(found, 0.99)
    _against(section, "claim, one officer", alone, trip_ms, CLAIM_AIM, ", each a transaction of its own")
    found.clear()
    began = time.perf_counter()
    await asyncio.gather(*(work(number) for number in range(CLIENTS)))
    rate = len(found) / (time.perf_counter() - began)
    section.add(
        f"claim, {CLIENTS} officers at once in one process",
        _shown((quantile(found, 0.5), quantile(found, 0.99))),
        f"{rate:.0f} a second; pgbench simple update, {CLIENTS} clients: {update_ms:.2f} ms",
    )
    for case_id in ids[-50:]:
        won += sum(await asyncio.gather(*(take(number, case_id) for number in range(CLIENTS))))
    section.add(f"the same case, {CLIENTS} officers, 50 times", f"{won} taken", "", "50", reached(won == 50))


async def _sweep(section: Section, database: Database) -> None:
    began, done, batches = time.perf_counter(), 200, 0
    total = 0
    while done == 200 and batches < 5:
        async with database.transaction() as tx:
            done = await escalate(tx, clock=CLOCK)
        total, batches = total + done, batches + 1
    seconds = time.perf_counter() - began
    section.add("escalation of late cases", f"{total / seconds:,.0f} a second", f"{total:,} in batches of 200")


async def _measured(section: Section, server: Postgres) -> None:
    async with _database(server) as database:
        seconds = await _fill(database)
        section.add(f"{CASES:,} cases by COPY", f"{seconds:.1f} s", f"{OPEN:,} open, {len(OFFICES)} offices")
        one_ms, update_ms = _references(server, server.folder)
        trip = await _timed(database, lambda tx: tx.fetchval("select 1"))
        section.add("select 1 in a transaction, through our pool", _shown(trip), f"pgbench select 1: {one_ms:.2f} ms")
        await _pages(section, database, trip[0])
        await _deep(section, database)
        await _boards(section, database, trip[0])
        await _claims(section, database, trip[0], update_ms)
        await _sweep(section, database)


def measure() -> Section:
    """All figures; about two minutes."""
    section = Section("cases: the officers' queue")
    with _server() as server:
        asyncio.run(_measured(section, server))
    return section
