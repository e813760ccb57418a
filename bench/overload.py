"""Twenty times more people than can be served: what the waiting room keeps of the capacity, and how honest its places are.

The capacity is measured first, in the same run, by as many people at once as keep the house busy. Then people come evenly at
twenty times that rate for a bounded time. Afterwards the same without the waiting room.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench import drafts, machine, people
from bench.drafts import Ready
from bench.house import TODAY, MeasuredHouse, measured_house
from bench.table import Section, median, quantile, reached
from demo import load
from palmtax.entry.house import house_of
from palmtax.entry.processes import Child, say
from palmtax.plumbing import logs
from palmtax.plumbing.database import Database
from palmtax.plumbing.settings import DatabaseSettings, Settings

TAXPAYERS = 6000
SEED = 2027
PERIOD = "2026Q3"
OVER = 20
AT_ONCE = 24
"""People at once that keep the house busy while the capacity is measured."""
WARM_SECONDS, CAPACITY_SECONDS, STORM_SECONDS, WITHOUT_SECONDS = 3.0, 8.0, 40.0, 15.0
SETTLED_SECONDS = 5.0
"""Goodput counts from here on: the first seconds are the storm's beginning, told on their own."""
STEPS = 4
"""Requests of a journey: home, draft, calendar, return handed in."""
THINK_SECONDS = 0.2
PATIENCE_SECONDS = 20.0
"""As long as the phone waits for an answer (web/apps/mobile/src/platform/http.ts)."""
CONNECTIONS = 600
GOODPUT_AIM, ESTIMATE_AIM = 0.90, 0.10


def journey(one: Ready) -> list[str]:
    """Home, the draft, the calendar, and handing it in: as the phone asks."""
    head = f"host: 127.0.0.1\r\nauthorization: Bearer {one.who.access_token}\r\nx-channel: h5\r\naccept-language: zh\r\n\r\n"
    reads = ("/api/filing/home", f"/api/filing/drafts/{one.draft_id}", f"/api/filing/calendar?year={TODAY.year}")
    return [*(f"GET {path} HTTP/1.1\r\n{head}" for path in reads), one.request()]


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
        return list(itertools.islice(self.journeys, count))


def run_crowd(house: MeasuredHouse, everybody: list[list[str]], **plan: Any) -> dict[str, Any]:
    """The crowd as a process of its own; what it met."""
    asked: dict[str, Any] = {
        "port": house.port,
        "think": THINK_SECONDS,
        "patience": PATIENCE_SECONDS,
        "people": everybody,
    } | plan
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(asked, file)
        file.flush()
        done = subprocess.run(
            [sys.executable, "-m", "bench.crowd", file.name], capture_output=True, text=True, check=False,
            timeout=float(asked["seconds"]) + 120,
        )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-1500:])
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def finished_a_second(found: dict[str, Any], since: float, *, steps: int = STEPS) -> float:
    """Journeys of so many requests ended a second, from `since` seconds after the beginning on."""
    ended = sum(one[1] - found["began"] >= since and one[5] == steps for one in found["finished"])
    return float(ended / (found["seconds"] - since))


def capacity(house: MeasuredHouse, queue: Queue) -> tuple[dict[str, Any], float]:
    """Journeys a second with so many people at once as keep it busy, without pauses."""
    seconds = WARM_SECONDS + CAPACITY_SECONDS
    found = run_crowd(house, queue.take(1200), seconds=seconds, at_once=AT_ONCE, connections=AT_ONCE, think=0)
    if set(found["answers"]) - {"200", "201"}:
        raise RuntimeError(f"refused: {found['answers']} {found['refusal']}")
    return found, finished_a_second(found, WARM_SECONDS)


def measure(*, taxpayers: int = TAXPAYERS) -> Section:
    """The whole of it in a house of its own."""
    section = Section(f"overload: {OVER} times more people than can be served, one web worker, durable PostgreSQL")
    with measured_house() as house:
        logs.set_up(level="WARNING")
        say(f"  loading a town of {taxpayers} small-scale businesses …")
        load.fill(house.dsn, taxpayers=taxpayers, seed=SEED, today=TODAY, kinds="small_scale", history=False)
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


def _web(house: MeasuredHouse, *, is_on: bool) -> Child:
    os.environ["PALMTAX_WAITING_IS_ON"] = str(is_on).lower()
    return house.start_process("web", probe="/healthz")


def _cost(house: MeasuredHouse, section: Section, queue: Queue) -> None:
    """Reading one's home with and without the waiting room, in turn: what it costs when nobody waits."""
    home = [one[:1] for one in queue.take(400)]
    rates: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(3):
        for is_on in (True, False):
            web = _web(house, is_on=is_on)
            run_crowd(house, home, seconds=1.0, at_once=8, connections=8, think=0)
            machine.quiet_moment()
            found = run_crowd(house, home * 12, seconds=3.0, at_once=8, connections=8, think=0)
            web.stop()
            rates[is_on].append(finished_a_second(found, 0.5, steps=1))
    ratios = [on / off for on, off in zip(rates[True], rates[False], strict=True)]
    section.add(
        "requests/s with the room, nobody waiting", f"{median(rates[True]):,.0f}/s",
        f"without it: {median(rates[False]):,.0f}/s; ratio {median(ratios):.3f} (rounds {' · '.join(f'{r:.3f}' for r in ratios)})",
        "≥ 0.95", reached(median(ratios) >= 0.95),
    )  # fmt: skip


def _storm(house: MeasuredHouse, section: Section, queue: Queue) -> None:
    web = _web(house, is_on=True)
    say("  measuring the capacity …")
    machine.quiet_moment()
    calm, people_a_second = capacity(house, queue)
    say(f"  capacity {people_a_second:.1f} journeys/s; now {OVER} times as many come …")
    rate = people_a_second * OVER
    crowd = queue.take(int(people_a_second * STORM_SECONDS * 1.15))
    crowd += list(itertools.islice(strangers(), int(rate * STORM_SECONDS) - len(crowd)))
    watch = machine.Watch()
    storm = run_crowd(house, crowd, seconds=STORM_SECONDS, rate=rate, connections=CONNECTIONS)
    others = watch.others()
    web.stop()
    say("  the same without the waiting room …")
    web = _web(house, is_on=False)
    _, again = capacity(house, queue)
    crowd = queue.take(int(people_a_second * WITHOUT_SECONDS))
    crowd += list(
        itertools.islice(itertools.cycle([one[:1] for one in crowd]), int(rate * WITHOUT_SECONDS) - len(crowd))
    )
    without = run_crowd(house, crowd, seconds=WITHOUT_SECONDS, rate=rate, connections=8000)
    web.stop()
    _tell(section, [people_a_second, again], calm, storm, without, others)


def _tell(
    section: Section,
    capacities: list[float],
    calm: dict[str, Any],
    storm: dict[str, Any],
    without: dict[str, Any],
    others: float,
) -> None:
    capacity_rate = sum(capacities) / len(capacities)
    came = storm["came"] / storm["seconds"]
    good, bare = finished_a_second(storm, SETTLED_SECONDS), finished_a_second(without, SETTLED_SECONDS)
    measured = " and ".join(f"{one:.1f}" for one in capacities)
    section.add(
        "people who came", f"{came:,.0f}/s for {storm['seconds']:.0f} s",
        f"capacity with the room before, without it after: {measured} journeys/s; {came / capacity_rate:.1f} times",
    )  # fmt: skip
    share = good / capacity_rate
    section.add(
        "journeys finished a second", f"{good:.1f}/s = {share:.1%} of the capacity",
        f"without the room {bare:.1f}/s = {bare / capacity_rate:.1%}", f"≥ {GOODPUT_AIM:.0%}", reached(share >= GOODPUT_AIM),
    )  # fmt: skip
    whole = finished_a_second(storm, 0.0) / capacity_rate
    section.add("the same, with the storm's first seconds", f"{whole:.1%}", "no line yet when it breaks loose")
    for name, part in (("p50", 0.5), ("p99", 0.99)):
        section.add(
            f"answer to who was let in, {name}", f"{_latency(storm, part):.0f} ms",
            f"at capacity {_latency(calm, part):.0f} ms; without the room {_latency(without, part):.0f} ms",
        )  # fmt: skip
    _tell_places(section, storm)
    section.add(
        "answers that said “please wait”", f"{(storm['polls'] + storm['waiting']) / storm['seconds']:,.0f}/s",
        f"{storm['polls']:,} of them to people who asked again when they were told to",
    )  # fmt: skip
    section.add(
        "the crowd's own processor share", f"{storm['cpu_seconds'] / storm['seconds']:.0%} of one core",
        f"at most {storm['latest'] * 1000:.0f} ms behind its own timetable",
    )  # fmt: skip
    section.notes.append(
        f"with the room: answers {storm['answers']}, left {storm['gone']}; without: {without['answers']}, left {without['gone']},"
        f" {without['unanswered']} unanswered at the end"
    )
    section.notes.append(
        f"a journey is home, draft, calendar, return handed in, {THINK_SECONDS} s apart; who waits longer than"
        f" {PATIENCE_SECONDS:.0f} s for an answer leaves; others used {others:.0%} of the processors during the storm"
    )


def _latency(found: dict[str, Any], share: float) -> float:
    return quantile([one[1] for one in found["latencies"] if one[0] - found["began"] >= WARM_SECONDS], share) * 1000


def _tell_places(section: Section, storm: dict[str, Any]) -> None:
    """What was promised against what became true, for everybody whose turn came."""
    first = [
        abs(now - told - predicted) / predicted for _, told, predicted, now, _ in storm["admitted"] if predicted >= 5
    ]
    later = [
        abs((now - at) - predicted) / predicted
        for _, _, _, now, trail in storm["admitted"]
        for at, predicted in trail
        if predicted >= 5
    ]
    for name, found in (("the first estimate", first), ("all later ones", later)):
        middle, high = median(found), quantile(found, 0.9)
        within = sum(one <= ESTIMATE_AIM for one in found) / max(len(found), 1)
        section.add(
            f"error of {name}", f"median {middle:.1%}, p90 {high:.1%}", f"{len(found):,} estimates; {within:.0%} of them within 10 %",
            f"median ≤ {ESTIMATE_AIM:.0%}", reached(bool(found) and middle <= ESTIMATE_AIM),
        )  # fmt: skip
