"""Queries of the queue: tickets of one office lie together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from palmtax.appointments.model.booking import Pace, Ticket
from palmtax.appointments.store.rows import Rows
from palmtax.plumbing.database import Tx

ROWS = Rows("ticket", Ticket, unchanged=("office_code", "ticket_id", "state"))
change = ROWS.change
_PACE = (
    "select office_code, desk, count(*) filter (where state = 'waiting') as waiting,"
    " count(*) filter (where state = 'served') as served,"
    " coalesce(avg(extract(epoch from ended_at - called_at)) filter (where state = 'served'), 0)::bigint as seconds,"
    " count(distinct window_no) filter (where called_at >= $2) as windows"
    " from appointments_ticket where day = $1"
)


async def insert(tx: Tx, ticket: Ticket) -> None:
    """Keep a ticket. One round trip."""
    part = ROWS.insert_part(ticket)
    await tx.execute(part.sql, *part.args)


async def ticket(tx: Tx, office_code: str, ticket_id: UUID) -> Ticket | None:
    """One ticket. One round trip."""
    return await ROWS.one(tx, "office_code = $1 and ticket_id = $2", office_code, ticket_id)


async def of_application(tx: Tx, office_code: str, application_id: UUID) -> Ticket | None:
    """The ticket that an application took. One round trip."""
    return await ROWS.one(tx, "office_code = $1 and application_id = $2", office_code, application_id)


async def of_booking(tx: Tx, office_code: str, booking_id: UUID) -> Ticket | None:
    """The ticket that checking in gave. One round trip."""
    return await ROWS.one(tx, "office_code = $1 and booking_id = $2", office_code, booking_id)


async def of_day(tx: Tx, office_code: str, day: date, limit: int) -> list[Ticket]:
    """The tickets of a hall on a day, in the order in which they were taken. One round trip."""
    return await ROWS.many(
        tx, "office_code = $1 and day = $2 order by taken_at, ticket_no limit $3", office_code, day, limit
    )


async def ahead(tx: Tx, one: Ticket) -> int:
    """How many are called before this ticket. One round trip."""
    return int(
        await tx.fetchval(
            "select count(*) from appointments_ticket where office_code = $1 and day = $2 and desk = $3"
            " and state = 'waiting' and (rank_at, ticket_no) < ($4, $5)",
            one.office_code,
            one.day,
            one.desk,
            one.rank_at,
            one.ticket_no,
        )
    )


async def first(tx: Tx, office_code: str, day: date, desks: Sequence[str]) -> Ticket | None:
    """Who is next at these desks. One round trip."""
    condition = "office_code = $1 and day = $2 and desk = any($3) and state = 'waiting' order by rank_at, ticket_no"
    return await ROWS.one(tx, condition, office_code, day, list(desks))


async def at_window(tx: Tx, office_code: str, day: date, window_no: int) -> Ticket | None:
    """Who stands at a window now. One round trip."""
    condition = "office_code = $1 and day = $2 and window_no = $3 and state = 'called'"
    return await ROWS.one(tx, condition, office_code, day, window_no)


async def called(tx: Tx, office_code: str, day: date, limit: int) -> list[Ticket]:
    """The last numbers called, the newest first. One round trip."""
    condition = "office_code = $1 and day = $2 and state = 'called' order by called_at desc limit $3"
    return await ROWS.many(tx, condition, office_code, day, limit)


def _pace(row: Mapping[str, Any]) -> Pace:
    return Pace(row["waiting"], row["served"], row["seconds"], row["windows"])


async def pace(tx: Tx, office_code: str, day: date, since: datetime) -> dict[str, Pace]:
    """How the desks of a hall go today. One round trip."""
    rows = await tx.fetch(f"{_PACE} and office_code = $3 group by office_code, desk", day, since, office_code)
    return {row["desk"]: _pace(row) for row in rows}


async def paces(tx: Tx, day: date, since: datetime) -> dict[tuple[str, str], Pace]:
    """How the desks of every hall go today. Reads all shards. One round trip."""
    rows = await tx.fetch(f"{_PACE} group by office_code, desk", day, since)
    return {(row["office_code"], row["desk"]): _pace(row) for row in rows}


async def stale(tx: Tx, today: date, limit: int) -> list[Ticket]:
    """Tickets of days that are over and nobody ended. Reads all shards. One round trip."""
    return await ROWS.many(tx, "day < $1 and state in ('waiting', 'called') order by day limit $2", today, limit)
