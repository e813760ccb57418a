"""Accepted returns per second through the real web server, against pgbench running the same statements in the same run."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg

from bench import drafts, machine, people, pgbench, plans, split, statements
from bench.drafts import Ready
from bench.house import TODAY, MeasuredHouse, measured_house
from bench.people import Opened
from bench.statements import Script, Sent
from bench.table import Row, Section, median, quantile, reached
from demo import load
from palmtax.entry.house import house_of
from palmtax.entry.processes import say
from palmtax.entry.web import create_app
from palmtax.plumbing import logs
from palmtax.plumbing.database import Database
from palmtax.plumbing.postgres import free_port
from palmtax.plumbing.settings import DatabaseSettings, Settings

CLIENTS = 16
QUIET = 0.10
"""Share of the processors that others may have had in a round that counts."""
SECONDS = 3.0
PERIOD = "2026Q3"
REFERENCE_PERIODS = ("2026Q2", "2026Q1", "2025Q4", "2025Q3")
"""pgbench files periods of its own, one a round: the same businesses, the same number of invoices in reach."""
AIM = 0.40
LEARNING = 10
"""Transactions of each pgbench client from which the length of its round is computed."""
TAXPAYERS = 6000
SEED = 2027
"""A seed whose town of this size has no two people with one identity number."""
KEPT = 240
"""Businesses kept aside for catching statements, plans and the split."""


@dataclass(slots=True)
class Found:
    """What the rounds gave."""

    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)
    our_seconds: list[list[float]] = field(default_factory=list)
    their_seconds: list[list[float]] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    our_time: float = 0.0
    clients_cpu: float = 0.0
    others: list[float] = field(default_factory=list)
    server_cpu: float = 0.0


def run_clients(port: int, queues: list[list[str]], seconds: float) -> dict[str, Any]:
    """The load generator as a process of its own; what it saw."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as plan:
        json.dump({"port": port, "seconds": seconds, "queues": queues}, plan)
        plan.flush()
        done = subprocess.run(
            [sys.executable, "-m", "bench.clients", plan.name], capture_output=True, text=True, check=False,
            timeout=seconds + 60,
        )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-1500:])
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def client_ceiling(queues: list[list[str]]) -> float:
    """Requests per second of the same clients against a responder that does nothing."""
    port = free_port()
    stub = subprocess.Popen([sys.executable, "-m", "bench.clients", "--stub", str(port)], stdout=subprocess.PIPE)
    try:
        assert stub.stdout is not None
        stub.stdout.readline()
        many = [(queue * 200)[:20_000] for queue in queues]
        seen = run_clients(port, many, 2.0)
    finally:
        stub.terminate()
        stub.wait(5)
    return len(seen["latencies"]) / float(seen["seconds"])


def cpu_seconds(pid: int) -> float:
    """Processor seconds a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def measure(*, taxpayers: int = TAXPAYERS) -> Section:
    """The whole comparison in a house of its own."""
    section = Section("returns: POST /api/filing/returns, 16 clients, one web worker, durable PostgreSQL")
    with measured_house() as house:
        logs.set_up(level="WARNING")
        say(f"  loading a town of {taxpayers} small-scale businesses …")
        load.fill(house.dsn, taxpayers=taxpayers, seed=SEED, today=TODAY, kinds="small_scale", history=False)
        asyncio.run(_compare(house, section))
    return section


async def _compare(house: MeasuredHouse, section: Section) -> None:
    prepared = house_of(Settings(), "palmtax-bench")
    database = Database(house.dsn, DatabaseSettings(pool_size=drafts.AT_ONCE))
    everybody = await people.open_sessions(house.dsn, prepared.clock)
    say(f"  beginning {len(everybody)} drafts and working them out …")
    made = await drafts.begin(database, everybody, PERIOD, prepared.clock)
    ready = await drafts.worked_out(database, everybody, made, PERIOD, prepared.clock)
    for round_no, period in enumerate(REFERENCE_PERIODS, start=1):
        await drafts.begin(
            database, everybody[KEPT:], period, prepared.clock,
            number=lambda who, n=round_no: statements.uuid_of(statements.draft_number(n, who.taxpayer_id)),  # type: ignore[misc]  # mypy cannot infer a lambda with a default
        )  # fmt: skip
    await people.open_numbered_sessions(house.dsn)
    kept, asked = ready[:KEPT], ready[KEPT:]
    prepared.database = listening = statements.ListeningDatabase(house.dsn)
    app = create_app(prepared)
    say("  catching the statements of a request and the split of its time …")
    caught = await _catch(app, listening, kept)
    await _explain_and_split(house, section, app, listening, kept, caught)
    weights = Counter(one.charged for one in asked)
    found = await _rounds(house, section, everybody, asked, caught, weights)
    await listening.close()
    await database.close()
    _tell(section, found, caught, weights)


Caught = dict[tuple[str, ...], list[tuple[Ready, list[Sent]]]]


async def _catch(app: Any, listening: statements.ListeningDatabase, kept: list[Ready]) -> Caught:
    """Two requests of each kind of return (which taxes it charges), after a warm-up that fills asyncpg's caches."""
    by_kind: dict[tuple[str, ...], list[Ready]] = defaultdict(list)
    for one in kept:
        by_kind[one.charged].append(one)
    caught: Caught = {}
    for kind, some in by_kind.items():
        if len(some) >= 4:
            taken = some[:4]
            sent = await split.submit_each(app, listening, taken)
            caught[kind] = list(zip(taken[2:], sent[2:], strict=True))
            for one in taken:
                kept.remove(one)
    return caught


async def _explain_and_split(
    house: MeasuredHouse,
    section: Section,
    app: Any,
    listening: statements.ListeningDatabase,
    kept: list[Ready],
    caught: Caught,
) -> None:
    kind = max(caught, key=len)
    _, sent = caught[kind][0]
    section.add("round trips a request", str(len(sent)), "auth 1 + read 1 + write 1", "3", reached(len(sent) <= 3))
    lines = [
        f"{n}. {one.seconds * 1000:6.2f} ms  {len(one.args):3} values  {' '.join(one.sql.split())[:110]}"
        for n, one in enumerate(sent, 1)
    ]
    section.blocks.append(("the statements of one request (time until the answer, one client)", "\n".join(lines)))
    kept_kind = [one for one in kept if one.charged == kind]
    section.blocks.append(
        ("plan of the writing statement", await plans.write_plan(house.dsn, app, listening, kept_kind.pop()))
    )
    kept[:] = [one for one in kept if one.charged != kind] + kept_kind
    measured = await split.measure(app, listening, kept[:160], warm=20)
    text = split.table_of(measured)
    section.blocks.append((f"the split of one request, {measured.requests} one after the other", text))
    section.add(
        "one request alone", f"{measured.wall_ms[split.WHOLE]:.2f} ms",
        f"{measured.cpu_ms[split.WHOLE]:.2f} ms of it processor: at most {1000 / measured.cpu_ms[split.WHOLE]:.0f}/s with one worker",
    )  # fmt: skip
    say("\n".join(lines) + "\n" + text)


def _blocks(ready: list[Ready]) -> list[list[str]]:
    each = len(ready) // CLIENTS
    return [[one.request() for one in ready[n * each : (n + 1) * each]] for n in range(CLIENTS)]


async def _rounds(
    house: MeasuredHouse, section: Section, everybody: list[Opened], asked: list[Ready], caught: Caught,
    weights: Counter[tuple[str, ...]],
) -> Found:  # fmt: skip
    """Ours and pgbench in turn, so that a machine that grows slower or faster treats both alike."""
    found = Found()
    queues = _blocks(asked)
    ceiling = await asyncio.to_thread(client_ceiling, queues)
    section.add("the clients alone, against a bare responder", f"{ceiling:,.0f} requests/s", "must be far above ours")
    web = await asyncio.to_thread(house.start_process, "web", probe="/healthz")
    assert web.process is not None
    used = await asyncio.to_thread(_warm_up, house.port, queues)
    for round_no, period in enumerate(REFERENCE_PERIODS, start=1):
        await asyncio.to_thread(machine.quiet_moment)
        watch = machine.Watch()
        cpu = cpu_seconds(web.process.pid)
        seen = await asyncio.to_thread(
            run_clients, house.port, [q[n:] for q, n in zip(queues, used, strict=True)], SECONDS
        )
        cpu = cpu_seconds(web.process.pid) - cpu
        if seen["seconds"] < SECONDS / 2:
            raise RuntimeError("the prepared drafts ran out: ask for more taxpayers")
        used = [before + more for before, more in zip(used, seen["used"], strict=True)]
        count = seen["answers"].get("201", 0)
        found.ours.append(count / seen["seconds"])
        found.our_seconds.append(seen["latencies"])
        found.answers.update(seen["answers"])
        found.our_time += seen["seconds"]
        found.clients_cpu += seen["cpu_seconds"]
        found.server_cpu += cpu
        if set(seen["answers"]) - {"201"}:
            section.notes.append(f"refused: {seen['refusal'][-700:]}")
        found.others.append(watch.others())
        await asyncio.to_thread(machine.quiet_moment)
        watch = machine.Watch()
        theirs = await _reference(house, round_no, everybody, caught, weights)
        found.others[-1] = max(found.others[-1], watch.others())
        found.theirs.append(theirs.rate)
        found.their_seconds.append(theirs.latencies)
        say(
            f"  round {round_no}: {found.ours[-1]:7.0f} returns/s   pgbench {found.theirs[-1]:7.0f}/s"
            f"   ratio {found.ours[-1] / found.theirs[-1]:.2f}   {period}"
        )
    return found


def _warm_up(port: int, queues: list[list[str]]) -> list[int]:
    few = [queue[:20] for queue in queues]
    seen = run_clients(port, few, 20.0)
    if set(seen["answers"]) != {"201"}:
        raise RuntimeError(f"the warm-up was refused: {seen['answers']} {seen['refusal']}")
    return [int(count) for count in seen["used"]]


async def _reference(
    house: MeasuredHouse, round_no: int, everybody: list[Opened], caught: Caught, weights: Counter[tuple[str, ...]]
) -> pgbench.Measured:
    """One round of pgbench on drafts of its own: a short run to learn the rate, then one as long as ours."""
    walk = pgbench.walk_of(everybody[KEPT:], CLIENTS)
    connection = await asyncpg.connect(house.dsn)
    scripts: list[tuple[Script, int]] = []
    for number, (kind, pair) in enumerate(caught.items()):
        script = await statements.script_of(connection, f"k{number}_", round_no, REFERENCE_PERIODS[round_no - 1], *pair)
        scripts.append((script, max(1, weights[kind] * 100 // weights.total())))
    await connection.close()
    folder = house.folder / "pgbench"
    run = partial(pgbench.measure, house.dsn, folder, scripts, clients=CLIENTS)
    first = await asyncio.to_thread(run, walk=walk, each=LEARNING)
    fit = min(max(int(first.rate * SECONDS / CLIENTS), LEARNING), walk.each - LEARNING)
    return await asyncio.to_thread(run, walk=replace(walk, used=LEARNING), each=fit)


def _tell(section: Section, found: Found, caught: Caught, weights: Counter[tuple[str, ...]]) -> None:
    quiet = [place for place, share in enumerate(found.others) if share <= QUIET]
    counted = quiet or list(range(len(found.ours)))
    ratios = [ours / theirs for ours, theirs in zip(found.ours, found.theirs, strict=True)]
    ratio = median([ratios[place] for place in counted])
    theirs = f"pgbench, same statements: {median([found.theirs[place] for place in counted]):,.0f}/s"
    section.rows.insert(
        0, Row("accepted returns", f"{median([found.ours[place] for place in counted]):,.0f}/s", theirs)
    )
    shown = " · ".join(f"{one:.2f}{'' if place in counted else ' (disturbed)'}" for place, one in enumerate(ratios))
    verdict = reached(ratio >= AIM) if quiet else ""
    section.add("ratio to pgbench (median of rounds)", f"{ratio:.2f}", f"rounds {shown}", f"≥ {AIM:.2f}", verdict)
    if not quiet:
        section.notes.append(
            "no round was undisturbed: no verdict on the ratio; measure again when the machine is quiet"
        )
    ours_s, theirs_s = ([s for n in counted for s in each[n]] for each in (found.our_seconds, found.their_seconds))
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        section.add(
            f"latency {name}", f"{quantile(ours_s, share) * 1000:.1f} ms",
            f"pgbench {quantile(theirs_s, share) * 1000:.1f} ms",
        )  # fmt: skip
    cpu_ms = found.server_cpu / max(found.answers.total(), 1) * 1000
    section.add(
        "web worker's processor time",
        f"{cpu_ms:.2f} ms a return",
        f"busy {found.server_cpu / found.our_time:.0%} of one core",
    )
    share = found.clients_cpu / found.our_time
    section.add("clients' processor share", f"{share:.1%} of one core", "the load generator is not what is measured")
    section.notes.append(
        f"answers {dict(found.answers)}; {len(found.ours)} rounds of {SECONDS:.0f} s, ours and pgbench in turn"
    )
    shares = " · ".join(f"{one:.0%}" for one in found.others)
    section.notes.append(f"processors used by others during the rounds: {shares} (a round counts up to {QUIET:.0%})")
    kinds = ", ".join(f"{len(kind)} taxes charged {weights[kind] / weights.total():.0%}" for kind in caught)
    section.notes.append(f"kinds of returns, in both runs: {kinds}")
