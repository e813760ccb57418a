"""A study goes on after a kill, stops when cancelled, leaves the event loop free, and gives the same result by any runner."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from insight.make import DEDUCTION, GROUP_ROWS, asked, question

from palmtax.insight import tasks
from palmtax.insight.actions import computing, telling
from palmtax.insight.adapters import runner_of
from palmtax.insight.adapters.processes import Processes
from palmtax.insight.model.study import InsightSettings
from palmtax.plumbing.settings import Settings
from palmtax.plumbing.worker import drain

ASKED = question("iit_year", **DEDUCTION)
SERVER = Path(__file__).resolve().parents[2]


def answer(people, runner, kept=b""):
    work = tasks.work_of(people, ASKED, kept)
    work.crunch(runner)
    assert work.problem is None
    return telling.result_of(people, ASKED, work.tallies)


@pytest.mark.slow
def test_processes_give_the_same_result_as_one_thread(people):
    assert answer(people, Processes(2)) == answer(people, Processes(0))


def test_parquet_and_mapped_columns_give_the_same_tally(people):
    group = people.groups("persons")[1]
    found = [
        computing.compute(computing.Job(people.folder, people.fingerprint, "iit_year", group.number, ASKED, source))
        for source in ("arrow", "parquet")
    ]
    assert (found[0].tally.cells == found[1].tally.cells).all()
    assert found[0].tally.extremes == found[1].tally.extremes


class Counting:
    """A runner that counts, and can stop in the middle as a killed worker does."""

    def __init__(self, most=99):
        self.most, self.done, self.closed = most, [], False

    def run(self, jobs):
        try:
            for job in jobs[: self.most]:
                self.done.append(job.group)
                yield computing.compute(job)
        finally:
            self.closed = True


def test_what_was_tallied_before_a_kill_is_not_computed_again(people):
    first = Counting(most=2)
    work = tasks.work_of(people, ASKED, b"")
    work.crunch(first)
    groups, rows, kept = work.packed()
    assert (groups, rows, first.done) == (2, 2 * GROUP_ROWS, [0, 1])
    second = Counting()
    result = answer(people, second, kept)
    assert second.done == [2]
    assert result == answer(people, Counting())


def test_kept_work_that_cannot_be_read_is_begun_again(people):
    again = Counting()
    assert answer(people, again, b"not a tally") == answer(people, Processes(0))
    assert again.done == [0, 1, 2]


def test_a_refusal_in_a_row_group_ends_the_study_in_words(people):
    work = tasks.work_of(people, ASKED, b"")
    work.people = replace(people, raw={**people.raw, "fingerprint": "another"})
    runner = Counting()
    work.crunch(runner)
    assert work.problem["code"] == "insight.population_lacks"
    assert runner.closed
    assert runner.done == [0]


class Slow(Counting):
    """Half a second for every group."""

    def run(self, jobs):
        for result in super().run(jobs):
            time.sleep(0.5)
            yield result


async def test_a_running_study_is_cancelled_and_the_loop_stays_free(desk, task_context, monkeypatch, database):
    runner = Slow()
    monkeypatch.setattr(tasks, "runner_of", lambda _: runner)
    monkeypatch.setattr(tasks, "SECONDS_BETWEEN", 0.1)
    leader = await desk()
    made = await leader.ok("POST", "/insight/studies", asked(laws=["iit_year"], changes=DEDUCTION))
    path = f"/insight/studies/{made['study_id']}"
    going = asyncio.create_task(drain(task_context))
    longest, percents = 0.0, []
    while not going.done():
        began = time.perf_counter()
        await asyncio.sleep(0.01)
        longest = max(longest, time.perf_counter() - began)
        now = await leader.ok("GET", path)
        percents.append(now["percent"])
        if now["groups_done"] >= 1 and now["state"] == "running":
            assert now["seconds_left"] is not None
            assert (await leader.ok("POST", f"{path}/cancel"))["state"] == "cancelled"
    await going
    assert runner.closed
    assert len(runner.done) < 3
    assert longest < 0.4
    assert percents[0] == 0
    assert max(percents) >= 33
    over = await leader.ok("GET", path)
    assert (over["state"], over["result"]) == ("cancelled", None)
    async with database.transaction() as tx:
        assert await tx.fetchval("select kept is null from insight_study")


async def test_a_study_that_is_run_twice_is_answered_once(desk, task_context, database):
    leader = await desk()
    made = await leader.ok("POST", "/insight/studies", asked())
    payload = {"office_code": "19900000000", "study_id": made["study_id"]}
    await tasks.run_study(task_context, payload)
    first = await leader.ok("GET", f"/insight/studies/{made['study_id']}")
    await tasks.run_study(task_context, payload)
    assert await leader.ok("GET", f"/insight/studies/{made['study_id']}") == first
    async with database.transaction() as tx:
        assert await tx.fetchval("select count(*) from evidence_entry where act = 'insight.study_finished'") == 1


KILLED = """
import sys, time
from pathlib import Path
from datetime import date
from palmtax.insight.adapters.processes import Processes
from palmtax.insight.actions.computing import Job
from palmtax.insight.model.study import Question
from palmtax.insight.store.page import population

if __name__ == "__main__":
    people = population(Path(sys.argv[1]))
    asked = Question(("iit_year",), date(2026, 9, 30), date(2026, 9, 30), {})
    jobs = [Job(people.folder, people.fingerprint, "iit_year", n % 3, asked) for n in range(3000)]
    for number, _ in enumerate(Processes(2).run(jobs)):
        if number == 3:
            children = Path(f"/proc/{__import__('os').getpid()}/task/{__import__('os').getpid()}/children").read_text()
            print(children, flush=True)
"""


@pytest.mark.slow
def test_the_processes_die_with_the_worker_that_started_them(folder, tmp_path):
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    environment = os.environ | {"PYTHONPATH": str(SERVER)}
    with subprocess.Popen(
        [sys.executable, str(script), str(folder)], stdout=subprocess.PIPE, env=environment
    ) as started:
        children = [int(word) for word in started.stdout.readline().split()]
        assert len(children) >= 2
        started.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{child}").exists() for child in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [child for child in children if Path(f"/proc/{child}").exists()] == []


def test_the_settings_choose_the_runner():
    assert runner_of(InsightSettings(processes=3)) == Processes(3)
    cluster = runner_of(
        Settings({"PALMTAX_INSIGHT_RUNNER": "ray", "PALMTAX_INSIGHT_PROCESSES": "3"}).of(InsightSettings)
    )
    assert (type(cluster).__name__, cluster.actors) == ("Cluster", 3)
