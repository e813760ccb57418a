"""What-if over the invented province: making it, two regimes end to end from Arrow and Parquet, and a Ray cluster per core."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import resource
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bench.table import Section, reached
from demo.population.make import make
from palmtax.insight.actions.computing import Job, compute, shape_of
from palmtax.insight.actions.telling import result_of
from palmtax.insight.adapters.cluster import Cluster
from palmtax.insight.adapters.processes import Processes
from palmtax.insight.model.kinds import find_kind
from palmtax.insight.model.study import Question
from palmtax.insight.model.tally import Tally
from palmtax.insight.store.page import Population, population

LAW = "iit_year"
QUESTION = Question((LAW,), date(2026, 9, 30), date(2026, 9, 30), {"iit_year.basic_deduction_month": "6000"})
PERSONS, ENTERPRISES = 10_000_000, 2_000_000
ARROW_SECONDS, PARQUET_SECONDS = 0.6, 1.2
"""Aims for 10 million persons on two cores that are up, both regimes, to the tally by tenth, industry, city and age."""
EFFICIENCY_AIM = 0.95
WARM = 4
"""How often the groups are computed to measure processes that are up; the first time is not counted."""
LONG = 48
"""The same for a cluster, whose start goes on for seconds; the first half is not counted."""


def _jobs(people: Population, source: str) -> list[Job]:
    return [Job(people.folder, people.fingerprint, LAW, g.number, QUESTION, source) for g in people.groups("persons")]


@dataclass(frozen=True, slots=True)
class _Ran:
    """A run: seconds in all; rows per second, and per second of processors (ours and our children's), once it was warm."""

    seconds: float
    rate: float
    a_processor_second: float
    result: dict[str, Any]


def _processor_seconds() -> float:
    """Processor time so far of this process and of all below it that live."""
    stats: dict[int, tuple[int, int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            words = path.read_text().rpartition(")")[2].split()
            stats[int(path.parent.name)] = (int(words[1]), int(words[11]) + int(words[12]))

    def is_ours(pid: int) -> bool:
        return pid == os.getpid() or (pid in stats and is_ours(stats[pid][0]))

    return sum(ticks for pid, (_, ticks) in stats.items() if is_ours(pid)) / os.sysconf("SC_CLK_TCK")


def _study(people: Population, runner: Any, jobs: Sequence[Job], skip: int) -> _Ran:
    """Run and tally; the rates count from after the first `skip` groups (processes are up, rules compiled)."""
    whole = Tally(shape_of(people, find_kind(LAW)))
    began = steady = time.perf_counter()
    groups, rows, worked = 0, 0, 0.0
    for done in runner.run(jobs):
        whole.add(done.tally)
        rows += done.rows if groups >= skip else 0
        if groups < skip <= groups + len(done.groups):
            steady, worked = time.perf_counter(), _processor_seconds()
        groups += len(done.groups)
        if groups == len(jobs):
            steady, worked = time.perf_counter() - steady, _processor_seconds() - worked
    result, _ = result_of(people, QUESTION, {LAW: whole})
    return _Ran(time.perf_counter() - began, rows / steady, rows / worked, result)


def _one_core(jobs: Sequence[Job]) -> float:
    """Rows per second of this process alone, warm."""
    for job in jobs[:2]:
        compute(job)
    began = time.perf_counter()
    rows = sum(compute(job).rows for job in jobs)
    return rows / (time.perf_counter() - began)


def measure(folder: Path | None = None, persons: int = PERSONS, enterprises: int = ENTERPRISES) -> Section:
    """All figures; `folder` uses a population that is there, otherwise one is made (3 GB for 12 million) and removed."""
    section = Section("population: what-if over the invented province")
    if folder is not None:
        return _measured(section, population(folder))
    with tempfile.TemporaryDirectory(prefix="palmtax-population-") as place:
        began = time.perf_counter()
        page = make(Path(place), persons_count=persons, enterprises_count=enterprises)
        seconds = time.perf_counter() - began
        size = f"Parquet {page['bytes']['parquet'] / 1e9:.2f} GB, Arrow {page['bytes']['arrow'] / 1e9:.2f} GB"
        section.add(
            f"make {persons + enterprises:,} rows", f"{seconds:.1f} s", size, "≤ 120 s", reached(seconds <= 120)
        )
        return _measured(section, population(Path(place)))


def _measured(section: Section, people: Population) -> Section:
    cores, rows = os.cpu_count() or 1, people.rows("persons")
    scale = rows / PERSONS
    results: list[dict[str, Any]] = []
    for source, aim in (("arrow", ARROW_SECONDS), ("parquet", PARQUET_SECONDS)):
        jobs = _jobs(people, source)
        once = _study(people, Processes(cores), jobs, 0)
        warm = max(
            (_study(people, Processes(cores), jobs * WARM, len(jobs)) for _ in range(3)), key=lambda ran: ran.rate
        )
        results.append(once.result)
        what, steady = f"{rows:,} persons × 2 regimes to tally, from {source}", rows / warm.rate
        reference = f"{warm.rate / 1e6:.1f} M rows/s, {cores} processes that are up; {once.seconds:.1f} s with start, cliffs and result"
        section.add(what, f"{steady:.2f} s", reference, f"≤ {aim * scale:.1f} s", reached(steady <= aim * scale))
    section.add("same result from both", str(results[0] == results[1]), verdict=reached(results[0] == results[1]))
    one = _one_core(_jobs(people, "arrow")[:24])
    section.add(
        "one process alone, warm", f"{one / 1e6:.2f} M rows/s", f"{1e9 / one:.0f} ns a row, both regimes and tally"
    )
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    mapped = people.raw["bytes"]["arrow"] / sum(people.raw["rows"].values())
    section.add(
        "memory",
        f"{peak / 1e6:.0f} MB largest process, with what it maps",
        f"{mapped:.0f} bytes a row mapped, none copied",
    )
    _cluster(section, people, cores)
    return section


def _cluster(section: Section, people: Population, cores: int) -> None:
    """The same groups many times over, by local processes and by Ray in turn, the better of two each: what a core yields."""
    if importlib.util.find_spec("ray") is None:
        section.notes.append("RAY IS NOT INSTALLED (requirements-scale.in): the cluster was not measured")
        return
    jobs = _jobs(people, "arrow") * LONG
    rounds = [
        tuple(_study(people, runner, jobs, len(jobs) // 2) for runner in (Processes(cores), Cluster(cores)))
        for _ in range(2)
    ]
    local, far = (max(ran, key=lambda one: one.a_processor_second) for ran in zip(*rounds, strict=True))
    share = far.a_processor_second / local.a_processor_second
    section.add(
        f"Ray, {cores} actors, rows a processor second",
        f"{far.a_processor_second / 1e6:.2f} M, all processes of Ray counted ({far.rate / 1e6:.1f} M rows/s)",
        f"local processes {local.a_processor_second / 1e6:.2f} M ({local.rate / 1e6:.1f} M rows/s): {share:.0%}",
        f"≥ {EFFICIENCY_AIM:.0%}", reached(share >= EFFICIENCY_AIM),
    )  # fmt: skip
    result, expected = far.result, local.result
    section.add("Ray gives the same result", str(result == expected), verdict=reached(result == expected))
