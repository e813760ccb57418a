"""Twenty times more people than can be served: what the waiting room keeps of the capacity, and how honest its places are.

The capacity is measured first, in the same run, without the waiting room, by as many people at once as keep the house busy.
Then the house is at work for a while with half of that, and people come evenly at twenty times the capacity for a bounded time:
in turn with phones as ours are, which let rest what only accompanies the return while people wait, and with phones that ask for
everything. Every storm is the first that its house sees. Afterwards the same without the waiting room. Capacity and goodput are
seen at different moments: on a shared machine they are compared at equal speed of the cores (`pulse`), and as they were beside
it. The crowd lives on the same two cores: the storm is compared with the capacity while something else takes as much as it does,
because people's phones do not run on the server.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import asyncpg

from bench import drafts, machine, people, pulse
from bench.drafts import Ready
from bench.house import TODAY, MeasuredHouse, measured_house
from bench.table import Section, median, quantile, reached
from demo import load
from palmtax.entry.house import house_of
from palmtax.entry.processes import Child, say
from palmtax.filing.model.fields import TAX
from palmtax.plumbing import logs
from palmtax.plumbing.database import Database
from palmtax.plumbing.settings import DatabaseSettings, Settings

SPAWN = multiprocessing.get_context("spawn")
TAXPAYERS = 50_000
SEED = 2027
PERIOD = "2026Q3"
OVER = 20
AT_ONCE = 320
"""People at once that keep the house busy while the capacity is measured: they pause as those of the storm do."""
WARM_SECONDS, CAPACITY_SECONDS, STORM_SECONDS, WITHOUT_SECONDS = 3.0, 9.0, 25.0, 15.0
FASTEST = 260
"""Journeys a second that are prepared for a look at the capacity: cores change their speed between two looks."""
SPARE = 1.5
"""Who could be served while we look, times this: whoever runs out of people measures how many there were."""
ORDINARY_SECONDS = 20.0
SETTLED_SECONDS = 5.0
"""Goodput counts from here on: the first seconds are the storm's beginning, told on their own."""
COST_ROUNDS = 5
STORMS = (False, True, False, True, False)
"""One after the other: whether phones let rest what only accompanies."""
HOME = (
    "/api/filing/home", "/api/matters/applications?group=drafts", "/api/matters/applications?group=open",
    "/api/messaging/messages?limit=1", "/api/partners/features",
)  # fmt: skip
MARK = "\r\npriority: u=6\r\n"
STEPS = len(HOME) + 2
"""Requests of a journey: those of the home screen, the draft, the return handed in."""
THINK_SECONDS = 0.2
PATIENCE_SECONDS = 20.0
"""As long as the phone waits for an answer (web/apps/mobile/src/platform/http.ts)."""
CONNECTIONS = 600
GOODPUT_AIM, ESTIMATE_AIM = 0.90, 0.10
SHORTEST_PROMISE = 10.0
"""A shorter wait is not judged: the line moves once a second and people ask once a second, and they are shown minutes."""


def journey(one: Ready) -> list[str]:
    """Opening the app, opening the return that is due, handing it in: what the phone asks, one request after the other."""
    head = (
        f"host: 127.0.0.1\r\nauthorization: Bearer {one.who.access_token}\r\nx-channel: h5\r\naccept-language: zh\r\n"
    )
    period = json.dumps({"tax_type_code": TAX, "period": PERIOD}, separators=(",", ":"))
    begin = f"content-type: application/json\r\ncontent-length: {len(period)}\r\n\r\n{period}"
    return [
        *(f"GET {path} HTTP/1.1\r\n{head}\r\n" for path in HOME),
        f"POST /api/filing/drafts HTTP/1.1\r\n{head}{begin}",
        one.request(),
    ]


def from_phones(journeys: list[list[str]], *, rests: bool) -> list[list[str]]:
    """The same from phones as ours are, which say of the requests between the first and the draft that they only accompany."""
    if not rests:
        return journeys
    beside = range(1, len(HOME))
    return [
        [text.replace("\r\n", MARK, 1) if step in beside else text for step, text in enumerate(one)] for one in journeys
    ]


def strangers() -> Iterator[list[str]]:
    """People who come after those that can be served while we look: their first request, under sessions of their own."""
    for number in itertools.count():
        head = f"host: 127.0.0.1\r\nauthorization: Bearer bench-stranger-{number}\r\nx-channel: h5\r\naccept-language: zh\r\n\r\n"
        yield [f"GET /api/filing/home HTTP/1.1\r\n{head}"]


@dataclass(slots=True)
class Queue:
    """The prepared journeys, each used once."""

    journeys: Iterator[list[str]]

    def take(self, count: int) -> list[list[str]]:
        """The next so many."""
        taken = list(itertools.islice(self.journeys, count))
        if len(taken) < count:
            raise RuntimeError(
                f"{count - len(taken)} businesses too few: this machine is faster than thought, raise TAXPAYERS"
            )
        return taken

    def give_back(self, unused: list[list[str]]) -> None:
        """Those who did not come after all."""
        self.journeys = itertools.chain(unused, self.journeys)


def run_crowd(house: MeasuredHouse, everybody: list[list[str]], **plan: Any) -> dict[str, Any]:
    """The crowd as a process of its own; what it met."""
    asked: dict[str, Any] = {
        "port": house.port,
        "think": THINK_SECONDS,
        "patience": PATIENCE_SECONDS,
        "people": everybody,
    } | plan
    with tempfile.TemporaryDirectory() as name:
        script, met = Path(name) / "plan.json", Path(name) / "found.json"
        script.write_text(json.dumps(asked), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "bench.crowd", str(script), str(met)], capture_output=True, text=True, check=False,
            timeout=float(asked["seconds"]) + 120,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr[-1500:])
        found: dict[str, Any] = json.loads(met.read_text(encoding="utf-8"))
    return found


def finished_a_second(found: dict[str, Any], since: float, *, steps: int = STEPS) -> float:
    """Journeys of so many requests ended a second, from `since` seconds after the beginning on."""
    ended = sum(one[1] - found["began"] >= since and one[5] == steps for one in found["finished"])
    return float(ended / (found["seconds"] - since))


@dataclass(frozen=True, slots=True)
class Rate:
    """Journeys a second, and between which instants they were counted."""

    a_second: float
    since: float
    until: float

    def at_full_speed(self, felt: pulse.Pulse) -> float:
        """What it would have been with the cores at their best all the time."""
        return self.a_second / felt.speed(self.since, self.until)


def rate_of(found: dict[str, Any], since: float, *, steps: int = STEPS) -> Rate:
    """The whole journeys, from `since` seconds after the beginning on."""
    began = found["began"]
    return Rate(finished_a_second(found, since, steps=steps), began + since, began + found["seconds"])


def _take(share: float, pipe: Connection) -> None:
    began = time.perf_counter()
    while not pipe.poll(0.001):
        while time.process_time() < (time.perf_counter() - began) * share:
            pass


@contextmanager
def taken(share: float) -> Iterator[None]:
    """So much of a core is taken by something else inside the block."""
    ours, theirs = SPAWN.Pipe()
    process = SPAWN.Process(target=_take, args=(share, theirs), daemon=True)
    process.start()
    try:
        yield
    finally:
        ours.send("enough")
        process.join(5)


def capacity(house: MeasuredHouse, queue: Queue, *, beside: float = 0.0) -> tuple[dict[str, Any], Rate]:
    """Journeys a second with so many people at once as keep it busy; `beside`: taken of a core meanwhile."""
    seconds = WARM_SECONDS + CAPACITY_SECONDS
    everybody = queue.take(int(FASTEST * seconds))
    with taken(beside) if beside > 0 else nullcontext():
        found = run_crowd(house, everybody, seconds=seconds, at_once=AT_ONCE, connections=CONNECTIONS)
    if set(found["answers"]) - {"200", "201"}:
        raise RuntimeError(f"refused: {found['answers']} {found['refusal']}")
    if found["came"] >= len(everybody):  # the rate would say how many there were, not how many can be served
        raise RuntimeError(f"all {len(everybody)} had come before the end: this machine is faster than thought")
    queue.give_back(_unused(found, everybody))
    return found, rate_of(found, WARM_SECONDS)


def _unused(found: dict[str, Any], everybody: list[list[str]]) -> list[list[str]]:
    """Who has not come, or has come for nothing."""
    begun = set(found["begun"])
    return [one for number, one in enumerate(everybody) if number not in begun]


def _crowds_share(found: dict[str, Any]) -> float:
    return float(found["cpu_seconds"] / found["seconds"])


def measure(*, taxpayers: int = TAXPAYERS) -> Section:
    """The whole of it in a house of its own."""
    section = Section(f"overload: {OVER} times more people than can be served, one web worker, durable PostgreSQL")
    with measured_house() as house:
        logs.set_up(level="WARNING")
        say(f"  loading a town of {taxpayers} small-scale businesses …")
        load.fill(house.dsn, taxpayers=taxpayers, seed=SEED, today=TODAY, kinds="small_scale", history=True)
        ready = asyncio.run(_prepared(house))
        queue = Queue(journey(one) for one in ready)
        _cost(house, section, queue)
        _storm(house, section, queue)
    return section


async def _prepared(house: MeasuredHouse) -> list[Ready]:
    prepared = house_of(Settings(), "palmtax-bench")
    database = Database(house.dsn, DatabaseSettings(pool_size=drafts.AT_ONCE))
    everybody = await people.open_sessions(house.dsn, prepared.clock)
    say(f"  beginning {len(everybody)} drafts and working them out …")
    made = await drafts.begin(database, everybody, PERIOD, prepared.clock)
    ready = await drafts.worked_out(database, everybody, made, PERIOD, prepared.clock)
    await database.close()
    return ready


async def _nobody_waits(house: MeasuredHouse) -> None:
    connection = await asyncpg.connect(house.dsn)
    await connection.execute("delete from plumbing_waiting_line")
    await connection.execute("delete from plumbing_waiting_arrival")
    await connection.execute("delete from plumbing_waiting_pace")
    await connection.close()


def _web(house: MeasuredHouse, *, is_on: bool) -> Child:
    os.environ["PALMTAX_WAITING_IS_ON"] = str(is_on).lower()
    return house.start_process("web", probe="/healthz")


def _cost(house: MeasuredHouse, section: Section, queue: Queue) -> None:
    """Reading one's home with and without the waiting room, in turn: what it costs when nobody waits."""
    home = [one[:1] for one in queue.take(400)]
    rates: dict[bool, list[Rate]] = {True: [], False: []}
    with pulse.felt() as felt:
        for number in range(COST_ROUNDS):
            for is_on in (True, False) if number % 2 else (False, True):
                web = _web(house, is_on=is_on)
                run_crowd(house, home, seconds=1.0, at_once=8, connections=8, think=0)
                machine.quiet_moment()
                found = run_crowd(house, home * 12, seconds=3.0, at_once=8, connections=8, think=0)
                web.stop()
                rates[is_on].append(rate_of(found, 0.5, steps=1))
    on, off = ([one.at_full_speed(felt) for one in rates[is_on]] for is_on in (True, False))
    ratios = [one / other for one, other in zip(on, off, strict=True)]
    section.add(
        "requests/s with the room, nobody waiting", f"{median([one.a_second for one in rates[True]]):,.0f}/s",
        f"without it: {median([one.a_second for one in rates[False]]):,.0f}/s; ratio at equal speed {median(ratios):.3f}"
        f" (rounds {' · '.join(f'{r:.3f}' for r in ratios)})",
        "≥ 0.95", reached(median(ratios) >= 0.95),
    )  # fmt: skip


def _storm(house: MeasuredHouse, section: Section, queue: Queue) -> None:
    with pulse.felt() as felt:
        web = _web(house, is_on=False)
        say("  measuring the capacity …")
        machine.quiet_moment()
        calm, alone = capacity(house, queue)
        rate = alone.a_second * OVER
        storms: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
        beside_it, others = [], []
        for number, rests in enumerate(STORMS):
            say(
                f"  capacity {alone.a_second:.1f} journeys/s; {OVER} times as many come ({number + 1} of {len(STORMS)}) …"
            )
            prepared = queue.take(int(alone.a_second * STORM_SECONDS * SPARE * (2 if rests else 1)))
            others_too = itertools.islice(strangers(), int(rate * STORM_SECONDS) - len(prepared))
            crowd = [*from_phones(prepared, rests=rests), *others_too]
            web = _again(house, web, is_on=True)
            _ordinary_day(house, queue, alone.a_second / 2, rests=rests)
            watch = machine.Watch()
            found = run_crowd(
                house, crowd, seconds=STORM_SECONDS, rate=rate, connections=CONNECTIONS, rests_until=len(HOME) * rests
            )
            others.append(watch.others())
            storms[rests].append(found)
            if len(found["finished"]) >= len(prepared):
                raise RuntimeError(f"all {len(prepared)} were served before the storm's end: prepare more (SPARE)")
            queue.give_back(_unused(found, prepared))
            web = _again(house, web, is_on=False)
            beside = max(_crowds_share(found) - _crowds_share(calm), 0.0)
            beside_it.append(capacity(house, queue, beside=beside)[1])
        web = _again(house, web, is_on=False)
        say("  the same without the waiting room …")
        crowd = queue.take(int(alone.a_second * WITHOUT_SECONDS))
        crowd += list(
            itertools.islice(itertools.cycle([one[:1] for one in crowd]), int(rate * WITHOUT_SECONDS) - len(crowd))
        )
        without = run_crowd(house, crowd, seconds=WITHOUT_SECONDS, rate=rate, connections=8000)
        web.stop()
    seen = Seen(felt, alone, beside_it, calm, without)
    seen.tell_people(section, storms[True] + storms[False])
    seen.tell(section, storms[True], "")
    seen.tell(section, storms[False], ", nothing rests")
    seen.tell_rest(section, storms[True] + storms[False], max(others))


def _ordinary_day(house: MeasuredHouse, queue: Queue, rate: float, *, rests: bool) -> None:
    """Before the storm the house has been at work for a while, with half of what it can do, for phones of the same kind."""
    everybody = from_phones(queue.take(int(rate * ORDINARY_SECONDS)), rests=rests)
    found = run_crowd(house, everybody, seconds=ORDINARY_SECONDS, rate=rate, connections=CONNECTIONS)
    if found["gone"]:
        raise RuntimeError(f"an ordinary day went wrong: {found['gone']} {found['refusal']}")


def _again(house: MeasuredHouse, web: Child, *, is_on: bool) -> Child:
    """A new process without a line: the storm is over and its people have gone home."""
    web.stop()
    asyncio.run(_nobody_waits(house))
    return _web(house, is_on=is_on)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the storms are held against."""

    felt: pulse.Pulse
    alone: Rate
    capacities: list[Rate]
    calm: dict[str, Any]
    without: dict[str, Any]

    @property
    def capacity(self) -> float:
        """Journeys a second, beside something that takes what the crowd takes."""
        return sum(one.a_second for one in self.capacities) / len(self.capacities)

    def tell_people(self, section: Section, storms: list[dict[str, Any]]) -> None:
        """How many came, and when nobody keeps the door."""
        came = sum(one["came"] for one in storms) / sum(one["seconds"] for one in storms)
        measured = " · ".join(f"{one.a_second:.1f}" for one in self.capacities)
        section.add(
            "people who came", f"{came:,.0f}/s, {len(storms)} times for {STORM_SECONDS:.0f} s",
            f"capacity {self.alone.a_second:.1f} journeys/s; after each storm, beside something that takes what the crowd takes:"
            f" {measured}; {came / self.capacity:.1f} times",
        )  # fmt: skip
        bare = finished_a_second(self.without, SETTLED_SECONDS)
        section.add("without the room", f"{bare:.1f}/s", f"{bare / self.capacity:.1%} of the capacity")

    def tell(self, section: Section, storms: list[dict[str, Any]], kind: str) -> None:
        """What became of the storms of a kind."""
        storm = _all(storms)
        goodput = [rate_of(one, SETTLED_SECONDS) for one in storms]
        good = sum(one.a_second for one in goodput) / len(goodput)
        at_best = sum(one.at_full_speed(self.felt) for one in self.capacities) / len(self.capacities)
        share = sum(one.at_full_speed(self.felt) for one in goodput) / len(goodput) / at_best
        section.add(
            f"journeys finished a second{kind}", f"{good:.1f}/s = {share:.1%} of the capacity at equal speed of the cores",
            f"as it was: {good / self.capacity:.1%} ({' · '.join(f'{one.a_second:.1f}' for one in goodput)});"
            f" with the storms' first seconds {sum(finished_a_second(one, 0.0) for one in storms) / len(storms) / self.capacity:.1%}",
            f"≥ {GOODPUT_AIM:.0%}", reached(share >= GOODPUT_AIM),
        )  # fmt: skip
        for name, part in (("p50", 0.5), ("p99", 0.99)):
            section.add(
                f"answer to who was let in, {name}{kind}", f"{_latency(storm, part):.0f} ms",
                f"at capacity {_latency(self.calm, part):.0f} ms; without the room {_latency(self.without, part):.0f} ms",
            )  # fmt: skip
        _tell_places(section, storm, kind)

    def tell_rest(self, section: Section, storms: list[dict[str, Any]], others: float) -> None:
        """What the storm cost, and under which conditions all this was seen."""
        storm, speed = _all(storms), self.felt.speed
        section.add(
            "answers that said “please wait”", f"{(storm['polls'] + storm['waiting']) / storm['seconds']:,.0f}/s",
            f"{storm['polls']:,} of them to people who asked again when they were told to",
        )  # fmt: skip
        section.add(
            "the crowd's own processor share", f"{_crowds_share(storm):.0%} of one core",
            f"at most {storm['latest'] * 1000:.0f} ms behind its own timetable",
        )  # fmt: skip
        section.notes += [
            "speed of the cores, as a share of the best moment: "
            + " · ".join(f"{speed(one.since, one.until):.2f}" for one in self.capacities)
            + " while the capacity was measured, "
            + " · ".join(
                f"{speed(one.since, one.until):.2f}" for one in (rate_of(found, SETTLED_SECONDS) for found in storms)
            )
            + " in the storms",
            f"answers with the room: {storm['answers']}, left {storm['gone']}",
            f"without: {self.without['answers']}, left {self.without['gone']}, {self.without['unanswered']} unanswered at the end",
            f"a journey, also for the capacity: {STEPS} requests, {len(HOME)} of them of the home screen, {THINK_SECONDS} s apart",
            f"while people wait {len(HOME) - 1} of the home screen rest on our phones",
            f"who waits longer than {PATIENCE_SECONDS:.0f} s for an answer leaves; others used {others:.0%} of the cores in the storms",
        ]


def _all(storms: list[dict[str, Any]]) -> dict[str, Any]:
    """The storms as one: lists one after the other, numbers added up, the worst of what may not be added."""
    found: dict[str, Any] = {"began": 0.0, "latest": max(one["latest"] for one in storms)}
    for name in ("seconds", "came", "polls", "waiting", "cpu_seconds"):
        found[name] = sum(one[name] for one in storms)
    for name in ("answers", "gone"):
        found[name] = dict(sum((Counter(one[name]) for one in storms), Counter()))
    found["admitted"] = [one for storm in storms for one in storm["admitted"]]
    found["latencies"] = [
        one for storm in storms for one in storm["latencies"] if one[0] - storm["began"] >= WARM_SECONDS
    ]
    return found


def _latency(found: dict[str, Any], share: float) -> float:
    return quantile([one[1] for one in found["latencies"] if one[0] - found["began"] >= WARM_SECONDS], share) * 1000


def _tell_places(section: Section, storm: dict[str, Any], kind: str) -> None:
    """What was promised against what became true, for everybody whose turn came."""
    first = [
        (now - told, predicted) for _, told, predicted, now, _ in storm["admitted"] if predicted >= SHORTEST_PROMISE
    ]
    later = [
        (now - at, predicted)
        for _, _, _, now, trail in storm["admitted"]
        for at, predicted in trail
        if predicted >= SHORTEST_PROMISE
    ]
    for name, found in (("the first estimate", first), ("all later ones", later)):
        off = [(waited - predicted) / predicted for waited, predicted in found]
        sizes = [abs(one) for one in off]
        within = sum(one <= ESTIMATE_AIM for one in sizes) / max(len(sizes), 1)
        section.add(
            f"error of {name}{kind}", f"median {median(sizes):.1%}, p90 {quantile(sizes, 0.9):.1%}",
            f"{len(found):,} estimates of {SHORTEST_PROMISE:.0f} s and more; {within:.0%} of them within 10 %;"
            f" in the middle {median(off):+.1%} (plus: it took longer)",
            f"median ≤ {ESTIMATE_AIM:.0%}", reached(bool(found) and median(sizes) <= ESTIMATE_AIM),
        )  # fmt: skip
