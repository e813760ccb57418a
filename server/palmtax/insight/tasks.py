"""Work of insight: a study is answered by row groups in processes, its progress kept every second; campaigns are driven,
tags are read anew.
"""

from __future__ import annotations

import asyncio
import importlib
import threading
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog

from palmtax import evidence, rules
from palmtax.base.errors import PalmtaxError
from palmtax.insight.actions import driving, tagging
from palmtax.insight.adapters import Runner, runner_of
from palmtax.insight.errors import PopulationChanged
from palmtax.insight.model.kinds import find_kind
from palmtax.insight.model.study import TRIES, InsightSettings, Question
from palmtax.insight.store import campaigns, studies
from palmtax.insight.store.page import Population, find_population
from palmtax.plumbing.outbox import TaskContext, enqueue, every, task

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


TELLS_BETWEEN_LOOKS = 25
LONGEST_DRIVE = timedelta(minutes=5)
LOST_AFTER = 6
"""A campaign that nobody looked at for so many times its pause has lost its job: the clock starts it again."""


@task("insight.drive_campaign", tries=10, seconds=900)
async def drive_campaign(context: TaskContext, payload: dict[str, Any]) -> None:
    """Everything a campaign can do now; then again after a pause, as long as it is watched."""
    of: dict[str, Any] = {"office_code": str(payload["office_code"]), "campaign_id": UUID(str(payload["campaign_id"]))}
    clock, began_at = context.clock, context.clock.now()
    pause = timedelta(seconds=context.settings.of(InsightSettings).look_seconds)
    while await _step(context, driving.draw_some, of):
        pass
    while True:
        has_more = True
        for _ in range(TELLS_BETWEEN_LOOKS):
            has_more = has_more and await _step(context, driving.tell_some, of)
        async with context.database.transaction() as tx:
            found = await campaigns.readable_campaign(tx, of["office_code"], of["campaign_id"])
        if found is None or found.watch_until_at is None:
            return
        while await _step(context, driving.look, {"campaign": found, "pause": pause}):
            pass
        looked_at = clock.now()
        after = await _step(context, driving.judge, of)
        if after is None or not (has_more or _goes_on(found, after)) or clock.now() - began_at > LONGEST_DRIVE:
            break
    await _drive_again(context, of, max(pause, 5 * (clock.now() - looked_at)))


def _goes_on(before: Any, after: Any) -> bool:
    """A new stage has begun: its turn is now."""
    return bool(after.state == "running" and after.stage > before.stage)


async def _step(context: TaskContext, step: Any, given: dict[str, Any]) -> Any:
    async with context.database.transaction() as tx:
        return await step(tx, clock=context.clock, **given)


async def _drive_again(context: TaskContext, of: dict[str, Any], pause: timedelta) -> None:
    """Two chains of jobs for one campaign meet in the same key and go on as one."""
    due = int((context.clock.now() + pause).timestamp() // pause.total_seconds())
    payload = {"office_code": of["office_code"], "campaign_id": str(of["campaign_id"])}
    key = f"insight.drive_campaign:{of['campaign_id']}:{due}"
    async with context.database.transaction() as tx:
        await enqueue(tx, "insight.drive_campaign", payload, run_after=pause, key=key)


@every("* * * * *", "insight.revive_campaigns")
async def revive_campaigns(context: TaskContext, _payload: dict[str, Any]) -> None:
    """Campaigns under way whose job was lost are driven again."""
    pause = timedelta(seconds=context.settings.of(InsightSettings).look_seconds)
    async with context.database.transaction() as tx:
        lost = await campaigns.live(tx, looked_before=context.clock.now() - LOST_AFTER * pause)
    for office_code, campaign_id in lost:
        await _drive_again(context, {"office_code": office_code, "campaign_id": campaign_id}, timedelta(seconds=1))


@every("15 18 * * *", "insight.refresh_tags")
async def refresh_tags(context: TaskContext, _payload: dict[str, Any]) -> None:
    """At night in China the tags of everybody are read anew."""
    async with context.database.transaction() as tx:
        await tagging.refresh_all(tx)


@task("insight.refresh_page", tries=10, seconds=300)
async def refresh_page(context: TaskContext, payload: dict[str, Any]) -> None:
    """A hundred taxpayers, and the job for the next hundred in the same transaction: a kill loses neither."""
    async with context.database.transaction() as tx:
        await tagging.refresh_page(tx, clock=context.clock, cursor=payload.get("cursor"))
