"""What the processes tell each other once a second: rows of their own, one line for each room. Five short statements at most."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from palmtax.plumbing.database import Tx
from palmtax.plumbing.tokens import sealed, unsealed

Mode = Literal["auto", "open", "own_rate"]


@dataclass(frozen=True, slots=True)
class Report:
    """What one process saw in its last second."""

    process_id: UUID
    served: int
    came: int
    queued: int
    is_full: bool
    busy_percent: int
    full_since: datetime | None


@dataclass(frozen=True, slots=True)
class Switch:
    """What officers decided about a room; without one it is `auto`."""

    room: str
    mode: Mode
    people_a_minute: int
    reason: str
    asked_by: int | None
    asked_mode: Mode | None
    asked_people_a_minute: int


@dataclass(frozen=True, slots=True)
class LineRow:
    """How far a room's line has moved, as the leader wrote it."""

    room: str
    is_waiting: bool
    line_at: datetime
    speed_milli: int
    error_percent: int
    ahead: int
    let_in: int
    moved_at: datetime


async def secret(tx: Tx) -> bytes:
    """The secret that places are signed with; made by the first process that asks."""
    row = await tx.fetchrow("select secret_sealed from plumbing_waiting_key where name = 'places'")
    if row is None:
        await tx.execute(
            "insert into plumbing_waiting_key (name, secret_sealed) values ('places', $1) on conflict (name) do nothing",
            sealed(secrets.token_hex(32), "plumbing.waiting"),
        )
        row = await tx.fetchrow("select secret_sealed from plumbing_waiting_key where name = 'places'")
    return unsealed(row["secret_sealed"], "plumbing.waiting").encode()


async def paces(tx: Tx) -> dict[str, tuple[float, float]]:
    """Requests a second and requests a person, as last learned here, of a calm day (`house`) and of a `crowd`."""
    rows = await tx.fetch("select name, requests_milli, each_milli from plumbing_waiting_pace")
    return {row["name"]: (row["requests_milli"] / 1000, row["each_milli"] / 1000) for row in rows}


async def put_pace(tx: Tx, name: str, requests: float, each: float, at: datetime) -> None:
    """What the leader has learned."""
    await tx.execute(
        "insert into plumbing_waiting_pace as p (name, requests_milli, each_milli, learned_at) values ($1, $2, $3, $4)"
        " on conflict (name) do update set requests_milli = excluded.requests_milli, each_milli = excluded.each_milli,"
        " learned_at = excluded.learned_at",
        name, min(round(requests * 1000), 2**31 - 1), round(each * 1000), at,
    )  # fmt: skip


async def tell(tx: Tx, report: Report, at: datetime, arrivals: Sequence[tuple[str, datetime, int, datetime]]) -> None:
    """Write this process's own rows."""
    await tx.execute(
        "insert into plumbing_waiting_report as r (process_id, told_at, served, came, queued, is_full, busy_percent, full_since_at)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (process_id) do update set told_at = excluded.told_at,"
        " served = excluded.served, came = excluded.came, queued = excluded.queued, is_full = excluded.is_full,"
        " busy_percent = excluded.busy_percent, full_since_at = excluded.full_since_at",
        report.process_id, at, report.served, report.came, report.queued, report.is_full, report.busy_percent,
        report.full_since,
    )  # fmt: skip
    if arrivals:
        await tx.executemany(
            "insert into plumbing_waiting_arrival (process_id, second_at, room, arrivals, first_at) values ($1, $2, $3, $4, $5)"
            " on conflict (process_id, second_at, room) do update set arrivals = excluded.arrivals",
            [(report.process_id, second, room, count, first) for room, second, count, first in arrivals],
        )


async def reports(tx: Tx, since: datetime) -> list[Report]:
    """The processes that spoke lately, in the order of their ids: the first leads."""
    rows = await tx.fetch(
        "select process_id, served, came, queued, is_full, busy_percent, full_since_at from plumbing_waiting_report"
        " where told_at > $1 order by process_id",
        since,
    )
    return [Report(*row) for row in rows]


async def arrivals(tx: Tx, since: datetime, but: UUID) -> list[tuple[str, UUID, datetime, int, datetime]]:
    """Who came at the other processes."""
    rows = await tx.fetch(
        "select room, process_id, second_at, arrivals, first_at from plumbing_waiting_arrival"
        " where second_at >= $1 and process_id <> $2",
        since,
        but,
    )
    return [tuple(row) for row in rows]


async def lines(tx: Tx) -> list[LineRow]:
    """All lines there are."""
    rows = await tx.fetch(
        "select room, is_waiting, line_at, speed_milli, error_percent, ahead, let_in, moved_at from plumbing_waiting_line"
    )
    return [LineRow(*row) for row in rows]


async def put_lines(tx: Tx, rows: Iterable[LineRow], ahead_of_time: datetime) -> None:
    """Write how far the lines are; a line never goes back, unless a clock had run ahead (beyond `ahead_of_time`)."""
    await tx.executemany(
        "insert into plumbing_waiting_line as l (room, is_waiting, line_at, speed_milli, error_percent, ahead, let_in, moved_at)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (room) do update set is_waiting = excluded.is_waiting,"
        " line_at = excluded.line_at, speed_milli = excluded.speed_milli, error_percent = excluded.error_percent,"
        " ahead = excluded.ahead, let_in = excluded.let_in, moved_at = excluded.moved_at"
        " where l.line_at <= excluded.line_at or l.line_at > $9",
        [
            (
                r.room,
                r.is_waiting,
                r.line_at,
                r.speed_milli,
                r.error_percent,
                r.ahead,
                r.let_in,
                r.moved_at,
                ahead_of_time,
            )
            for r in rows
        ],
    )


async def switches(tx: Tx) -> list[Switch]:
    """What officers decided, by room."""
    rows = await tx.fetch(
        "select room, mode, people_a_minute, reason, asked_by, asked_mode, asked_people_a_minute from plumbing_waiting_switch"
        " order by room"
    )
    return [Switch(*row) for row in rows]


async def put_switch(tx: Tx, switch: Switch, *, person_id: int, at: datetime) -> None:
    """Put an officer's decision, or what one officer asks another to agree to."""
    await tx.execute(
        "insert into plumbing_waiting_switch as s (room, mode, people_a_minute, reason, asked_by, asked_mode,"
        " asked_people_a_minute, switched_by, switched_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        " on conflict (room) do update set mode = excluded.mode, people_a_minute = excluded.people_a_minute,"
        " reason = excluded.reason, asked_by = excluded.asked_by, asked_mode = excluded.asked_mode,"
        " asked_people_a_minute = excluded.asked_people_a_minute, switched_by = excluded.switched_by,"
        " switched_at = excluded.switched_at",
        switch.room, switch.mode, switch.people_a_minute, switch.reason, switch.asked_by, switch.asked_mode,
        switch.asked_people_a_minute, person_id, at,
    )  # fmt: skip


async def leave(tx: Tx, process_id: UUID) -> None:
    """This process speaks no more; the places it gave stay counted."""
    await tx.execute("delete from plumbing_waiting_report where process_id = $1", process_id)


async def forget(tx: Tx, before: datetime) -> None:
    """Drop what nobody needs any more."""
    await tx.execute("delete from plumbing_waiting_arrival where second_at < $1", before)
    await tx.execute("delete from plumbing_waiting_report where told_at < $1", before)
