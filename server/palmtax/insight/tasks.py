"""The task that answers a study: row groups in processes, progress and what is tallied kept every second, then the result."""

from __future__ import annotations

import asyncio
import importlib
import threading
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import structlog

from palmtax import evidence, rules
from palmtax.base.errors import PalmtaxError
from palmtax.insight.adapters import Runner, runner_of
from palmtax.insight.errors import PopulationChanged
from palmtax.insight.model.kinds import find_kind
from palmtax.insight.model.study import TRIES, InsightSettings, Question
from palmtax.insight.store import studies
from palmtax.insight.store.page import Population, find_population
from palmtax.plumbing.outbox import TaskContext, task

log = structlog.get_logger()
SECONDS_BETWEEN = 1.0
"""How often progress is kept and a cancellation is looked for."""
NO_TAXPAYER = 0


@dataclass
class Work:
    """What a thread does for one study: jobs that are left, the tallies, whether to stop."""

    people: Population
    question: Question
    tallies: dict[str, Any]
    done: set[tuple[str, int]]
    rows: int
    lock: threading.Lock = field(default_factory=threading.Lock)
    stop: threading.Event = field(default_factory=threading.Event)
    problem: dict[str, Any] | None = None

    def jobs(self) -> list[Any]:
        """The row groups that are not tallied yet."""
        computing = importlib.import_module("palmtax.insight.actions.computing")
        enacted = tuple(sorted(rules.enacted().items()))
        return [
            computing.Job(
                self.people.folder, self.people.fingerprint, law, group.number, self.question, enacted=enacted
            )
            for law in self.question.laws
            for group in self.people.groups(find_kind(law).population)
            if (law, group.number) not in self.done
        ]

    def crunch(self, runner: Runner) -> None:
        """Take the results in as they come, until all are there, one is refused, or it is told to stop."""
        with closing(runner.run(self.jobs())) as results:
            for result in results:
                with self.lock:
                    if result.problem is not None:
                        self.problem = result.problem
                        return
                    self.tallies[result.law].add(result.tally)
                    self.done.update((result.law, group) for group in result.groups)
                    self.rows += result.rows
                if self.stop.is_set():
                    return

    def packed(self) -> tuple[int, int, bytes]:
        """Groups and rows done, and what is tallied, as bytes."""
        tally = importlib.import_module("palmtax.insight.model.tally")
        with self.lock:
            return len(self.done), self.rows, tally.packed(self.tallies, self.done)


def work_of(people: Population, question: Question, kept: bytes) -> Work:
    """A fresh start, or where a killed worker left off."""
    computing = importlib.import_module("palmtax.insight.actions.computing")
    tally = importlib.import_module("palmtax.insight.model.tally")
    shapes = {law: computing.shape_of(people, find_kind(law)) for law in question.laws}
    tallies, done = {law: tally.Tally(shape) for law, shape in shapes.items()}, set[tuple[str, int]]()
    if kept:
        try:
            tallies, done = tally.unpacked(kept, shapes)
        except (ValueError, LookupError):
            log.warning("insight.kept_unreadable")
    rows = sum(int(one.cells[:, 0].sum()) for one in tallies.values())
    return Work(people, question, tallies, done, rows)


@task("insight.run_study", tries=TRIES, seconds=3600)
async def run_study(context: TaskContext, payload: dict[str, Any]) -> None:
    """Answer a study; begun again after a kill it goes on with the row groups that are left."""
    office, study_id = str(payload["office_code"]), UUID(str(payload["study_id"]))
    settings = context.settings.of(InsightSettings)
    async with context.database.transaction() as tx:
        study = await studies.readable_study(tx, office, study_id)
        kept = await studies.begin(tx, office, study_id, context.clock.now())
    if study is None or kept is None:
        return
    people = find_population(settings.population_folder)
    if people is None or people.fingerprint != study.population["fingerprint"]:
        await _fail(context, office, study_id, PopulationChanged())
        return
    work = await asyncio.to_thread(work_of, people, study.question, kept)
    try:
        if not await _crunch(context, office, study_id, work, runner_of(settings)):
            return
        telling = importlib.import_module("palmtax.insight.actions.telling")
        result, cells = await asyncio.to_thread(telling.result_of, people, study.question, work.tallies)
    except PalmtaxError as refusal:
        await _fail(context, office, study_id, refusal)
        return
    finally:
        work.stop.set()
    await _finish(context, office, study_id, result, cells, work.rows)


async def _crunch(context: TaskContext, office: str, study_id: UUID, work: Work, runner: Runner) -> bool:
    """Compute in a thread and keep how far it is; false when the study was cancelled or failed."""
    going = asyncio.create_task(asyncio.to_thread(work.crunch, runner))
    while not going.done():
        await asyncio.wait({going}, timeout=SECONDS_BETWEEN)
        groups, rows, kept = await asyncio.to_thread(work.packed)
        async with context.database.transaction() as tx:
            still = await studies.keep(tx, office, study_id, groups=groups, rows=rows, kept=kept)
        if not still:
            work.stop.set()
            await going
            return False
    await going
    if work.problem is not None:
        await _end(context, office, study_id, work.problem)
        return False
    return True


async def _fail(context: TaskContext, office: str, study_id: UUID, refusal: PalmtaxError) -> None:
    computing = importlib.import_module("palmtax.insight.actions.computing")
    await _end(context, office, study_id, computing.problem_of(refusal))


async def _end(context: TaskContext, office: str, study_id: UUID, problem: dict[str, Any]) -> None:
    async with context.database.transaction() as tx:
        if await studies.end(tx, office, study_id, state="failed", problem=problem, at=context.clock.now()):
            await _record(tx, context, study_id, {"problem": problem["code"]})


async def _finish(
    context: TaskContext, office: str, study_id: UUID, result: dict[str, Any], cells: bytes, rows: int
) -> None:
    name = await context.files.put(cells)
    async with context.database.transaction() as tx:
        if await studies.finish(
            tx, office, study_id, result=result, cells_name=name, rows=rows, at=context.clock.now()
        ):
            await _record(tx, context, study_id, {"cells": name, "delta_fen": result["delta_fen"]})


async def _record(tx: Any, context: TaskContext, study_id: UUID, payload: dict[str, Any]) -> None:
    await evidence.append(
        tx,
        actor=None,
        clock=context.clock,
        act="insight.study_finished",
        taxpayer_id=NO_TAXPAYER,
        subject_id=study_id,
        payload=payload,
    )
