"""News and later work: with the act or not at all, tried again, dead letters kept, a killed worker's jobs taken over."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, ClassVar

import pytest

from palmtax.plumbing import worker
from palmtax.plumbing.outbox import (
    LISTENERS,
    TASKS,
    TaskContext,
    TaskEntry,
    Waiting,
    emit,
    enqueue,
    enqueue_all,
    news,
    with_others,
)


@dataclass(frozen=True)
class BellRung:
    """News for these tests."""

    name: ClassVar[str] = "plumbing_test.bell_rung"
    times: int


@pytest.fixture
def heard() -> Iterator[list[dict[str, Any]]]:
    """What the listener heard; it is registered for the length of one test."""
    seen: list[dict[str, Any]] = []

    async def listener(_context: TaskContext, payload: dict[str, Any]) -> None:
        seen.append(payload)

    job = "plumbing_test.bell_rung>plumbing_test.listener"
    TASKS[job] = TaskEntry(job, listener)
    LISTENERS[BellRung.name] = [job]
    yield seen
    del TASKS[job], LISTENERS[BellRung.name]


async def test_news_of_a_rolled_back_act_is_never_told(task_context: TaskContext, heard: list[dict[str, Any]]) -> None:
    """No commit, no news."""
    async with task_context.database.statement() as tx:
        work = tx.transaction()
        await work.start()
        await emit(tx, BellRung(times=1))
        await work.rollback()
    assert await worker.drain(task_context) == 0
    assert heard == []


async def test_news_reaches_the_listener_after_commit(task_context: TaskContext, heard: list[dict[str, Any]]) -> None:
    """Commit, then the listener hears the fields."""
    async with task_context.database.transaction() as tx:
        await emit(tx, BellRung(times=3))
    assert await worker.drain(task_context) == 2
    assert heard == [{"times": 3}]


async def test_a_keyed_job_waits_once(task_context: TaskContext, heard: list[dict[str, Any]]) -> None:
    """Asking twice under one key is asking once."""
    for _ in range(3):
        async with task_context.database.transaction() as tx:
            await enqueue(tx, "plumbing_test.bell_rung>plumbing_test.listener", {"times": 9}, key="one")
    assert await worker.drain(task_context) == 1
    assert heard == [{"times": 9}]


async def test_a_failing_job_is_tried_again_and_then_kept(task_context: TaskContext) -> None:
    """Tried as often as it says, then a dead letter with status failed; others go on."""
    calls: list[int] = []

    async def broken(context: TaskContext, _payload: dict[str, Any]) -> None:
        calls.append(context.attempt)
        raise ValueError("broken on purpose")

    TASKS["plumbing_test.break"] = TaskEntry("plumbing_test.break", broken, tries=1)
    stop = asyncio.Event()
    running = asyncio.create_task(worker.serve(task_context, shutdown=stop))
    try:
        async with task_context.database.transaction() as tx:
            await enqueue(tx, "plumbing_test.break", {})
        for _ in range(100):
            async with task_context.database.statement() as tx:
                if await tx.fetchval("select count(*) from pgqueuer where status = 'failed'"):
                    break
            await asyncio.sleep(0.1)
        else:
            pytest.fail("no dead letter after 10 s")
    finally:
        stop.set()
        await asyncio.wait_for(running, 10)
        del TASKS["plumbing_test.break"]
    assert calls == [1, 2]


async def test_a_running_worker_is_woken_at_once(task_context: TaskContext, heard: list[dict[str, Any]]) -> None:
    """LISTEN/NOTIFY wakes it; the request id travels with the job."""
    stop = asyncio.Event()
    running = asyncio.create_task(worker.serve(task_context, shutdown=stop))
    await asyncio.sleep(0.5)
    async with task_context.database.transaction() as tx:
        await emit(tx, BellRung(times=5), request_id="abc")
    for _ in range(100):
        if heard:
            break
        await asyncio.sleep(0.05)
    stop.set()
    await asyncio.wait_for(running, 10)
    assert heard == [{"times": 5}]


async def test_a_worker_holds_no_more_jobs_than_it_can_do(task_context: TaskContext) -> None:
    """A heap of jobs waits in the queue, where time costs nothing, not in the worker, where each job's time runs."""
    at_once, most, done, is_all_done = 0, 0, 0, asyncio.Event()

    async def slow(_context: TaskContext, _payload: dict[str, Any]) -> None:
        nonlocal at_once, most, done
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.05)
        at_once, done = at_once - 1, done + 1
        if done == 3 * worker.AT_ONCE:
            is_all_done.set()

    TASKS["plumbing_test.slow"] = TaskEntry("plumbing_test.slow", slow)
    stop = asyncio.Event()
    async with task_context.database.transaction() as tx:
        await enqueue_all(tx, [Waiting("plumbing_test.slow", {}) for _ in range(3 * worker.AT_ONCE)])
    running = asyncio.create_task(worker.serve(task_context, shutdown=stop))
    try:
        await asyncio.wait_for(is_all_done.wait(), 30)
    finally:
        stop.set()
        await asyncio.wait_for(running, 10)
        del TASKS["plumbing_test.slow"]
    assert 1 < most <= worker.AT_ONCE


async def test_jobs_that_go_along_are_done_with_the_transaction_or_wait_again(task_context: TaskContext) -> None:
    """The most urgent go first; what failed before is left to go alone; a rollback loses nothing."""
    name = "plumbing_test.together"
    async with task_context.database.transaction() as tx:
        await enqueue_all(tx, [Waiting(name, {"n": number}, f"r{number}", number % 3) for number in range(6)])
        await enqueue(tx, name, {"n": 99}, run_after=timedelta(hours=1))
        await tx.execute("update pgqueuer set attempts = 1 where payload = $1", b'{"n":5}')

    async def waiting() -> int:
        async with task_context.database.statement() as tx:
            return int(await tx.fetchval("select count(*) from pgqueuer where entrypoint = $1", name))

    async with task_context.database.statement() as tx:
        work = tx.transaction()
        await work.start()
        assert len(await with_others(tx, task_context, name, {"n": 0}, 4)) == 4
        await work.rollback()
    assert await waiting() == 7
    async with task_context.database.transaction() as tx:
        found = await with_others(tx, task_context, name, {"n": 0}, 4)
    assert found[0] == Waiting(name, {"n": 0}, task_context.request_id)
    assert sorted(one.payload["n"] for one in found[1:]) == [1, 2, 4]
    assert {one.payload["n"]: (one.request_id, one.priority) for one in found[1:]}[2] == ("r2", 2)
    assert await waiting() == 4
    async with task_context.database.transaction() as tx:
        again = await with_others(tx, replace(task_context, attempt=2), name, {"n": 0}, 4)
    assert [one.payload for one in again] == [{"n": 0}]


async def test_news_goes_along_and_each_listener_hears_each_once(
    task_context: TaskContext, heard: list[dict[str, Any]]
) -> None:
    """One job tells what several would have told, with each one's own request and urgency."""
    async with task_context.database.transaction() as tx:
        await enqueue_all(tx, [news(BellRung(times=number), f"r{number}", -number) for number in range(5)])
    assert await worker.drain(task_context) == 6, "one tells the news, five listen"
    assert sorted(one["times"] for one in heard) == list(range(5))
