"""News and later work are rows written in the caller's transaction: nothing lost, nothing early.

The rows are PgQueuer's own queue table, written with plain SQL so that they fit into one statement with the act they belong to.
A handler is found by name; it may run twice. A job that fails for good is held with status `failed`: the dead letters.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Protocol
from uuid import UUID

import orjson

from palmtax.plumbing.together import Part

if TYPE_CHECKING:
    from palmtax.base.clock import Clock
    from palmtax.plumbing.database import Database, Tx
    from palmtax.plumbing.files import FileStore
    from palmtax.plumbing.settings import Settings

FAN_OUT = "plumbing.fan_out"
URGENT = 1
"""The priority of what somebody waits for."""


class Event(Protocol):
    """A frozen record in the past tense; `name` is `domain.noun_past`, the same in log, evidence and queue."""

    name: ClassVar[str]


@dataclass(frozen=True, slots=True)
class TaskContext:
    """What a task or listener may use; it opens its own transactions."""

    database: Database
    clock: Clock
    settings: Settings
    files: FileStore
    outside: dict[str, Any]
    request_id: str
    attempt: int = 1
    priority: int = 0


Handler = Callable[[TaskContext, dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class TaskEntry:
    """A handler and its patience: tries in all, seconds for one."""

    name: str
    handler: Handler
    tries: int = 8
    seconds: float = 60.0
    concurrency: int = 0


TASKS: dict[str, TaskEntry] = {}
LISTENERS: dict[str, list[str]] = {}
CRONS: dict[str, tuple[str, Handler]] = {}


def task(name: str, *, tries: int = 8, seconds: float = 60.0, concurrency: int = 0) -> Callable[[Handler], Handler]:
    """Register a task `domain.verb`. It may run twice and must not care."""

    def register(handler: Handler) -> Handler:
        known = TASKS.get(name)
        if known is not None and known.handler.__qualname__ != handler.__qualname__:
            raise RuntimeError(f"task {name} has two handlers")
        TASKS[name] = TaskEntry(name, handler, tries, seconds, concurrency)
        return handler

    return register


def listens(event: str, *, tries: int = 8, seconds: float = 60.0) -> Callable[[Handler], Handler]:
    """Register a listener for an event; its job is named `event>domain`."""

    def register(handler: Handler) -> Handler:
        name = f"{event}>{handler.__module__.split('.')[1]}.{handler.__name__}"
        task(name, tries=tries, seconds=seconds)(handler)
        heard = LISTENERS.setdefault(event, [])
        if name not in heard:
            heard.append(name)
        return handler

    return register


def every(cron: str, name: str) -> Callable[[Handler], Handler]:
    """Register work that the clock starts: five cron fields, UTC. Only one worker runs each tick."""

    def register(handler: Handler) -> Handler:
        CRONS[name] = (cron, handler)
        return handler

    return register


def _plain(value: Any) -> Any:
    if isinstance(value, (UUID, date, datetime)):
        return value.isoformat() if not isinstance(value, UUID) else str(value)
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} cannot travel in a job; send identifiers and fen")


def packed(payload: dict[str, Any]) -> bytes:
    """The bytes of a payload: identifiers, fen, ISO dates."""
    return orjson.dumps(payload, default=_plain, option=orjson.OPT_PASSTHROUGH_DATACLASS)


_INSERT = (
    "insert into pgqueuer (priority, entrypoint, payload, execute_after, dedupe_key, headers, status)"
    " values ($1, $2, $3, $4, $5, $6, 'queued')"
)
_UNIQUE = (
    " on conflict (dedupe_key) where (status = any (array['queued'::pgqueuer_status, 'picked'::pgqueuer_status])"
    " and dedupe_key is not null) do nothing"
)


def _row(
    entrypoint: str,
    payload: dict[str, Any],
    request_id: str,
    not_before: datetime,
    key: str | None,
    priority: int = 0,
) -> tuple[Any, ...]:
    return (
        priority,
        entrypoint,
        packed(payload),
        not_before,
        key,
        {"request_id": request_id},
    )


def _event_payload(event: Event) -> dict[str, Any]:
    record: Any = event
    return {"event": event.name, "data": {f.name: getattr(event, f.name) for f in dataclasses.fields(record)}}


def part(event: Event, request_id: str = "") -> Part:
    """The event as a part of one statement (`together`)."""
    return Part("outbox", _INSERT, _row(FAN_OUT, _event_payload(event), request_id, datetime.now(UTC), None))


def task_part(
    name: str, payload: dict[str, Any], request_id: str = "", run_after: timedelta = timedelta(0), priority: int = 0
) -> Part:
    """A task as a part of one statement (`together`)."""
    return Part("job", _INSERT, _row(name, payload, request_id, datetime.now(UTC) + run_after, None, priority))


@dataclass(frozen=True, slots=True)
class Waiting:
    """One job as it waits, or is to wait; of higher `priority` it is done sooner."""

    name: str
    payload: dict[str, Any]
    request_id: str = ""
    priority: int = 0


def news(event: Event, request_id: str = "", priority: int = 0) -> Waiting:
    """The event as one of several jobs (`enqueue_all`)."""
    return Waiting(FAN_OUT, _event_payload(event), request_id, priority)


async def enqueue_all(tx: Tx, jobs: Sequence[Waiting]) -> None:
    """Ask for several tasks after commit. One round trip."""
    if jobs:
        await tx.execute(
            "insert into pgqueuer (priority, entrypoint, payload, execute_after, headers, status)"
            " select j.priority, j.name, j.payload, $5, jsonb_build_object('request_id', j.request_id), 'queued'"
            " from unnest($1::int[], $2::text[], $3::bytea[], $4::text[]) as j(priority, name, payload, request_id)",
            [one.priority for one in jobs],
            [one.name for one in jobs],
            [packed(one.payload) for one in jobs],
            [one.request_id for one in jobs],
            datetime.now(UTC),
        )


async def with_others(tx: Tx, context: TaskContext, name: str, payload: dict[str, Any], limit: int) -> list[Waiting]:
    """This job and others of its kind that wait: one commit for all. They are done with the transaction, or wait again.

    What failed before is done alone, so that a bad job holds up no good ones. One round trip.
    """
    own = Waiting(name, payload, context.request_id, context.priority)
    if context.attempt > 1:
        return [own]
    rows = await tx.fetch(
        "delete from pgqueuer where id = any(array(select id from pgqueuer where entrypoint = $1 and status = 'queued'"
        " and execute_after <= now() and attempts = 0 order by priority desc, id limit $2 for update skip locked))"
        " returning payload, headers, priority",
        name,
        limit - 1,
    )
    others = [
        Waiting(name, orjson.loads(row["payload"]), str((row["headers"] or {}).get("request_id", "")), row["priority"])
        for row in rows
    ]
    return [own, *others]


async def emit(tx: Tx, event: Event, request_id: str = "") -> None:
    """Tell the news after commit, to every listener; one round trip."""
    row = part(event, request_id)
    await tx.execute(row.sql, *row.args)


async def enqueue(
    tx: Tx,
    name: str,
    payload: dict[str, Any],
    *,
    run_after: timedelta | None = None,
    key: str | None = None,
    request_id: str = "",
    is_urgent: bool = False,
    priority: int = 0,
) -> None:
    """Ask for a task after commit; with a `key`, at most one such job waits or runs; urgent ones go before all others.

    One round trip.
    """
    when = datetime.now(UTC) + (run_after or timedelta(0))
    await tx.execute(
        _INSERT + (_UNIQUE if key else ""),
        *_row(name, payload, request_id, when, key, URGENT if is_urgent else priority),
    )
