"""The worker: runs tasks, tells listeners the news, starts what the clock starts; dead letters are kept for people."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg
import orjson
import structlog
from pgqueuer import AsyncpgDriver, DatabaseRetryEntrypointExecutor, Job, PgQueuer
from pgqueuer.executors import EntrypointExecutorParameters
from pgqueuer.models import Schedule

from palmtax.plumbing.database import Tx
from palmtax.plumbing.metrics import JOB_SECONDS, JOBS, QUEUE, QUEUE_AGE
from palmtax.plumbing.outbox import (
    CRONS,
    FAN_OUT,
    LISTENERS,
    TASKS,
    TaskContext,
    TaskEntry,
    Waiting,
    enqueue_all,
    with_others,
)

log = structlog.get_logger()
AT_ONCE = 24
"""Jobs that one worker holds: more would only wait for the pool, and a job that waits runs out of its time."""
TOLD_AT_ONCE = 100


async def fan_out(context: TaskContext, payload: dict[str, Any]) -> None:
    """One job per listener of the event, so that each is tried again by itself; more news that waits goes along."""
    async with context.database.transaction() as tx:
        told = await with_others(tx, context, FAN_OUT, payload, TOLD_AT_ONCE)
        jobs = [
            Waiting(name, one.payload["data"], one.request_id, one.priority)
            for one in told
            for name in LISTENERS.get(one.payload["event"], [])
        ]
        await enqueue_all(tx, jobs)


TASKS[FAN_OUT] = TaskEntry(FAN_OUT, fan_out, tries=20)


def _executor(entry: TaskEntry) -> Any:
    def build(parameters: EntrypointExecutorParameters) -> DatabaseRetryEntrypointExecutor:
        return DatabaseRetryEntrypointExecutor(
            parameters, max_attempts=entry.tries, initial_delay=timedelta(seconds=0.5), max_delay=timedelta(minutes=10)
        )

    return build


async def run_task(entry: TaskEntry, context: TaskContext, payload: dict[str, Any]) -> None:
    """Run one task within its time; logs and counts it. Errors go on to the queue, which tries again."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=context.request_id, task=entry.name)
    started = time.perf_counter()
    try:
        async with asyncio.timeout(entry.seconds):
            await entry.handler(context, payload)
    except Exception as wrong:
        JOBS.labels(entry.name, "failed").inc()
        last = context.attempt >= entry.tries
        (log.error if last else log.warning)(
            "plumbing.job_failed",
            attempt=context.attempt,
            is_last=last,
            kind=type(wrong).__name__,
            text=str(wrong)[:300],
        )
        raise
    JOBS.labels(entry.name, "done").inc()
    JOB_SECONDS.labels(entry.name).observe(time.perf_counter() - started)


def _register(queue: PgQueuer, entry: TaskEntry, base: TaskContext) -> None:
    async def run(job: Job) -> None:
        headers = job.headers or {}
        request_id = str(headers.get("request_id", ""))
        context = replace(base, request_id=request_id, attempt=job.attempts + 1, priority=job.priority)
        await run_task(entry, context, orjson.loads(job.payload or b"{}"))

    queue.entrypoint(
        entry.name,
        concurrency_limit=entry.concurrency,
        on_failure="hold",
        executor_factory=_executor(entry),
        accepts_context=False,
    )(run)


def _schedule(queue: PgQueuer, name: str, base: TaskContext) -> None:
    cron, handler = CRONS[name]

    async def tick(_schedule: Schedule) -> None:
        await run_task(TaskEntry(name, handler, tries=1), base, {})

    queue.schedule(name, cron, accepts_context=False)(tick)


async def serve(base: TaskContext, *, shutdown: asyncio.Event | None = None) -> None:
    """Run until `shutdown`; comes back by itself when the database was away. A killed worker's jobs are taken over."""
    stop = shutdown or asyncio.Event()
    while not stop.is_set():
        try:
            await _serve_once(base, stop)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError, ExceptionGroup) as lost:
            log.warning("plumbing.worker_lost_database", kind=type(lost).__name__)
            await asyncio.sleep(0.5)


async def _serve_once(base: TaskContext, stop: asyncio.Event) -> None:
    connection = await asyncpg.connect(base.database.dsn, server_settings={"application_name": "palmtax-worker"})
    try:
        queue = PgQueuer(AsyncpgDriver(connection))
        for entry in TASKS.values():
            _register(queue, entry, base)
        for name in CRONS:
            _schedule(queue, name, base)
        stopping = asyncio.create_task(_stop_when(stop, queue, connection))
        try:
            await queue.run(
                dequeue_timeout=timedelta(seconds=2),
                batch_size=AT_ONCE // 2,
                max_concurrent_tasks=AT_ONCE,
                heartbeat_timeout=timedelta(seconds=10),
                shutdown_on_listener_failure=True,
            )
        finally:
            stopping.cancel()
    finally:
        if not connection.is_closed():
            connection.terminate()


async def _stop_when(stop: asyncio.Event, queue: PgQueuer, connection: asyncpg.Connection) -> None:
    """End the loop on request, or when the connection is gone (the queue itself would wait for ever)."""
    while not stop.is_set() and not connection.is_closed():
        try:
            async with asyncio.timeout(0.5):
                await stop.wait()
        except TimeoutError:
            continue
    queue.shutdown.set()


async def drain(base: TaskContext, *, limit: int = 1000) -> int:
    """Run every job that is due, in this process, one after the other; for tests and the command line. Returns how many."""
    done = 0
    while done < limit:
        async with base.database.transaction() as tx:
            row = await tx.fetchrow(
                "delete from pgqueuer where id = (select id from pgqueuer where status = 'queued'"
                " and execute_after <= now() order by id limit 1 for update skip locked) returning *"
            )
        if row is None:
            return done
        headers = row["headers"] or {}
        context = replace(base, request_id=str(headers.get("request_id", "")), attempt=row["attempts"] + 1)
        await run_task(TASKS[row["entrypoint"]], context, orjson.loads(row["payload"] or b"{}"))
        done += 1
    return done


async def measure_queue(tx: Tx) -> dict[str, int]:
    """Jobs by status (`queued`, `picked`, `failed` = dead letters); sets the gauges. Two round trips."""
    age = await tx.fetchval(
        "select extract(epoch from now() - min(execute_after))::float8 from pgqueuer"
        " where status = 'queued' and execute_after <= now()"
    )
    QUEUE_AGE.set(age or 0)
    found = {r["status"]: r["n"] for r in await tx.fetch("select status::text, count(*) n from pgqueuer group by 1")}
    for status in ("queued", "picked", "failed"):
        QUEUE.labels(status).set(found.get(status, 0))
    return found
