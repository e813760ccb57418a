"""Matters: handed in per second against pgbench on the same statements; search; reading the catalogue; bytes on a phone."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import asyncpg
import httpx

from bench import machine, matters_drafts, matters_reading, matters_search, people, pgbench, statements
from bench.house import TODAY, MeasuredHouse, measured_house
from bench.matters_drafts import Prepared
from bench.people import Opened
from bench.returns import cpu_seconds, run_clients
from bench.statements import ListeningDatabase, Sent
from bench.table import Section, median, quantile, reached
from demo import load
from palmtax.base.clock import Clock
from palmtax.entry.house import house_of
from palmtax.entry.processes import say
from palmtax.entry.web import create_app
from palmtax.plumbing import logs
from palmtax.plumbing.database import Database
from palmtax.plumbing.settings import DatabaseSettings, Settings

CLIENTS = 8
SECONDS = 2.0
ROUNDS = 2
TAXPAYERS = 1800
SEED = 2027
KEPT = 40
"""Businesses whose drafts are handed in one after the other, for catching statements."""
LEARNING = 10
"""Transactions of each pgbench client from which the length of its round is computed."""
AIM = 0.35
QUIET = 0.10
"""Share of the processors that others may have had in a round that gives a verdict."""
MATTERS = {"XXBG-009": "at once, with a record and a receipt", "FPBL-002": "before two officers, a case opened"}
ENDS = {"XXBG-009": "approved", "FPBL-002": "submitted"}


@dataclass(slots=True)
class Found:
    """What the rounds of one matter gave."""

    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)
    our_seconds: list[float] = field(default_factory=list)
    their_seconds: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    others: list[float] = field(default_factory=list)
    our_cpu: float = 0.0
    their_cpu: float = 0.0
    their_count: int = 0
    server_cpu: float = 0.0


def measure() -> Section:
    """All figures; about a minute."""
    section = Section(f"matters: {CLIENTS} clients, one web worker, durable PostgreSQL; search, catalogue")
    with measured_house() as house:
        logs.set_up(level="WARNING")
        say(f"  loading a town of {TAXPAYERS} small-scale businesses …")
        load.fill(house.dsn, taxpayers=TAXPAYERS, seed=SEED, today=TODAY, kinds="small_scale", history=False)
        asyncio.run(_compare(house, section))
    matters_search.measure(section)
    matters_reading.measure(section)
    return section


async def _compare(house: MeasuredHouse, section: Section) -> None:
    prepared = house_of(Settings(), "palmtax-bench")
    database = Database(house.dsn, DatabaseSettings(pool_size=2))
    everybody = await people.open_sessions(house.dsn, prepared.clock)
    say(f"  preparing {len(everybody) * len(MATTERS) * (ROUNDS + 1)} drafts …")
    drafts = {code: await matters_drafts.begin(database, everybody, code, prepared.clock) for code in MATTERS}
    for place, code in enumerate(MATTERS):
        for round_no in range(1, ROUNDS + 1):
            await _numbered(database, everybody[KEPT:], code, prepared.clock, _number(place, round_no))
    await people.open_numbered_sessions(house.dsn)
    prepared.database = listening = ListeningDatabase(house.dsn)
    app = create_app(prepared)
    caught = {code: await _catch(section, app, listening, code, drafts[code][:KEPT]) for code in MATTERS}
    web = await asyncio.to_thread(house.start_process, "web", probe="/healthz")
    assert web.process is not None
    for place, code in enumerate(MATTERS):
        found = await _rounds(house, web.process.pid, place, code, drafts[code][KEPT:], everybody[KEPT:], caught[code])
        _tell(section, code, found)
    await _bytes(section, house)
    await listening.close()
    await database.close()


def _number(place: int, round_no: int) -> int:
    return 1 + place * ROUNDS + round_no


async def _numbered(database: Database, some: Sequence[Opened], code: str, clock: Clock, number: int) -> None:
    await matters_drafts.begin(
        database, some, code, clock,
        number=lambda who: statements.uuid_of(statements.draft_number(number, who.taxpayer_id)),
    )  # fmt: skip


Caught = list[tuple[Prepared, list[Sent]]]


async def _catch(section: Section, app: Any, listening: ListeningDatabase, code: str, kept: list[Prepared]) -> Caught:
    """What a change of a draft and a submission send; the first ones fill asyncpg's caches and are not looked at."""
    caught: Caught = []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://palmtax.test") as client:
        for one in kept[1:6]:
            listening.sent.clear()
            _good(await client.post(f"{one.path()}/submission", content=one.body(), headers=one.headers()), ENDS[code])
            caught.append((one, list(listening.sent)))
        changes = {name: matters_drafts.GIVEN[code][name] for name in list(matters_drafts.GIVEN[code])[:1]}
        for version in (1, 2, 3):
            listening.sent.clear()
            asked = {"version": version, "answers": changes, "spent_ms": dict.fromkeys(changes, 900)}
            _good(await client.patch(kept[0].path(), json=asked, headers=kept[0].headers()), "draft")
    sent = caught[-1][1]
    lines = [_line(number, one) for number, one in enumerate(sent, 1)]
    section.blocks.append((f"{code}: the statements of one submission (time until the answer)", "\n".join(lines)))
    say("\n".join(lines))
    lines = [_line(number, one) for number, one in enumerate(listening.sent, 1)]
    section.blocks.append((f"{code}: the statements of one change of a draft", "\n".join(lines)))
    say("\n".join(lines))
    trips = f"{len(sent)} a submission, {len(listening.sent)} a change of a draft"
    section.add(f"{code}: round trips", trips, "begin and commit are two of each")
    return caught[-2:]


def _line(number: int, one: Sent) -> str:
    return f"{number:2}. {one.seconds * 1000:6.2f} ms  {len(one.args):3} values  {' '.join(one.sql.split())[:110]}"


def _good(answer: httpx.Response, state: str) -> None:
    if answer.status_code != 200 or answer.json()["state"] != state:
        raise RuntimeError(f"{answer.status_code} {answer.text[:600]}")


async def _rounds(
    house: MeasuredHouse, pid: int, place: int, code: str, drafts: list[Prepared], asked: Sequence[Opened],
    caught: Caught,
) -> Found:  # fmt: skip
    """Ours and pgbench in turn, so that a machine that grows slower or faster treats both alike."""
    found = Found()
    each = len(drafts) // CLIENTS
    queues = [[one.request() for one in drafts[n * each : (n + 1) * each]] for n in range(CLIENTS)]
    warm = await asyncio.to_thread(run_clients, house.port, [queue[:10] for queue in queues], 20.0)
    if set(warm["answers"]) != {"200"}:
        raise RuntimeError(f"the warm-up was refused: {warm['answers']} {warm['refusal']}")
    used = warm["used"]
    for round_no in range(1, ROUNDS + 1):
        await asyncio.to_thread(machine.quiet_moment, patience_seconds=1.0)
        watch, cpu = machine.Watch(), cpu_seconds(pid)
        left = [queue[n:] for queue, n in zip(queues, used, strict=True)]
        seen = await asyncio.to_thread(run_clients, house.port, left, SECONDS)
        if seen["seconds"] < SECONDS / 2 or set(seen["answers"]) != {"200"}:
            raise RuntimeError(f"refused, or no drafts left: {seen['answers']} {seen['refusal']}")
        used = [before + more for before, more in zip(used, seen["used"], strict=True)]
        found.ours.append(seen["answers"]["200"] / seen["seconds"])
        found.our_seconds += seen["latencies"]
        found.answers.update(seen["answers"])
        found.our_cpu += watch.used()
        found.server_cpu += cpu_seconds(pid) - cpu
        before = watch.used()
        theirs = await _reference(house, _number(place, round_no), asked, caught)
        found.their_cpu += watch.used() - before
        found.their_count += theirs.count + LEARNING * CLIENTS
        found.theirs.append(theirs.rate)
        found.their_seconds += theirs.latencies
        found.others.append(watch.others())
        ratio = found.ours[-1] / found.theirs[-1]
        say(f"  {code} {found.ours[-1]:6.0f} a second   pgbench {found.theirs[-1]:6.0f}/s   ratio {ratio:.2f}")
    return found


async def _reference(house: MeasuredHouse, number: int, asked: Sequence[Opened], caught: Caught) -> pgbench.Measured:
    """The reference on drafts of its own: a short run to learn the rate, then one as long as ours."""
    walk = pgbench.walk_of(asked, CLIENTS)
    connection = await asyncpg.connect(house.dsn)
    script = await statements.script_of(connection, "k0_", number, "none", *caught)
    await connection.close()
    run = partial(pgbench.measure, house.dsn, house.folder / "pgbench", [(script, 1)], clients=CLIENTS)
    first = await asyncio.to_thread(run, walk=walk, each=LEARNING)
    fit = min(max(int(first.rate * SECONDS / CLIENTS), LEARNING), walk.each - LEARNING)
    return await asyncio.to_thread(run, walk=replace(walk, used=LEARNING), each=fit)


def _tell(section: Section, code: str, found: Found) -> None:
    ratios = [ours / theirs for ours, theirs in zip(found.ours, found.theirs, strict=True)]
    ratio = median(ratios)
    section.add(
        f"{code} ({MATTERS[code]})", f"{median(found.ours):,.0f}/s", f"pgbench, same statements: {median(found.theirs):,.0f}/s"
    )  # fmt: skip
    has_aim = code == "XXBG-009" and max(found.others) <= QUIET
    section.add(
        f"{code}: ratio to pgbench (median of rounds)", f"{ratio:.2f}", f"rounds {' · '.join(f'{one:.2f}' for one in ratios)}",
        f"≥ {AIM:.2f}" if code == "XXBG-009" else "", reached(ratio >= AIM) if has_aim else "",
    )  # fmt: skip
    ours, theirs = (
        (quantile(s, 0.5) * 1000, quantile(s, 0.99) * 1000) for s in (found.our_seconds, found.their_seconds)
    )
    section.add(
        f"{code}: latency", f"p50 {ours[0]:.1f} ms, p99 {ours[1]:.1f} ms", f"pgbench p50 {theirs[0]:.1f} ms, p99 {theirs[1]:.1f} ms"
    )  # fmt: skip
    count = found.answers["200"]
    own, theirs_own = count / found.our_cpu, found.their_count / found.their_cpu
    section.add(
        f"{code}: for each processor second of clients, server and database together", f"{own:,.0f} = {own / theirs_own:.2f} of pgbench's",
        f"pgbench {theirs_own:,.0f}; the web worker {found.server_cpu / count * 1000:.2f} ms each",
    )  # fmt: skip
    shares = " · ".join(f"{one:.0%}" for one in found.others)
    if max(found.others) > QUIET:
        section.notes.append(f"{code}: others used the processors, so the ratio of rates has no verdict")
    section.notes.append(f"{code}: answers {dict(found.answers)}; processors used by others in each round: {shares}")


async def _bytes(section: Section, house: MeasuredHouse) -> None:
    """What a phone receives at its first visit and at its second."""
    asked = {"accept-encoding": "gzip"}
    async with httpx.AsyncClient(base_url=house.url, headers=asked) as client:
        for name, path in (
            ("the catalogue", "/api/matters/catalogue"),
            ("one matter's page, FPBL-002", "/api/matters/catalogue/FPBL-002"),
        ):
            first = await client.get(path)
            sent = first.headers["content-length"]
            said = first.headers.get("content-encoding", "not packed")
            tag = first.headers.get("etag")
            again = await client.get(path, headers={"if-none-match": tag} if tag else {})
            plain = f"{len(first.content) / 1000:.1f} kB of JSON; asked again: {again.status_code}"
            section.add(f"{name}, first visit", f"{int(sent) / 1000:.1f} kB, {said}", plain)
