"""News and later work are rows written in the caller's transaction: nothing lost, nothing early.

The rows are PgQueuer's own queue table, written with plain SQL so that they fit into one statement with the act they belong to.
A handler is found by name; it may run twice. A job that fails for good is held with status `failed`: the dead letters.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable
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
    entrypoint: str, payload: dict[str, Any], request_id: str, not_before: datetime, key: str | None
) -> tuple[Any, ...]:
    return (
        0,
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


def task_part(name: str, payload: dict[str, Any], request_id: str = "", run_after: timedelta = timedelta(0)) -> Part:
    """A task as a part of one statement (`together`)."""
    return Part("job", _INSERT, _row(name, payload, request_id, datetime.now(UTC) + run_after, None))


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
) -> None:
    """Ask for a task after commit; with a `key`, at most one such job waits or runs. One round trip."""
    when = datetime.now(UTC) + (run_after or timedelta(0))
    await tx.execute(_INSERT + (_UNIQUE if key else ""), *_row(name, payload, request_id, when, key))
