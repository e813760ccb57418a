"""Queries of lines, slots and arrivals: all of one office, so all on one shard. The line's row is taken first, always."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from palmtax.appointments.model.booking import Arrival, Booking, Line
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Part

_LINE = "where office_code = $1 and day = $2 and desk = $3"


def _of(line: Line) -> tuple[Any, ...]:
    return line.office_code, line.day, line.desk


async def prepare(tx: Tx, line: Line, slots: Sequence[tuple[str, int]]) -> None:
    """Make the line and its slots (time, capacity) unless they are there. Two round trips."""
    await tx.execute(
        "insert into appointments_line (office_code, day, desk, arrivals, digest, tickets)"
        " values ($1, $2, $3, 0, '', 0) on conflict (office_code, day, desk) do nothing",
        *_of(line),
    )
    await tx.executemany(
        "insert into appointments_slot (office_code, day, desk, time, capacity, booked) values ($1, $2, $3, $4, $5, 0)"
        " on conflict (office_code, day, desk, time) do nothing",
        [(*_of(line), time, capacity) for time, capacity in slots],
    )


async def arrive(tx: Tx, line: Line, commitment: bytes) -> tuple[int, bytes] | None:
    """Take the next number of the line and hold it until the transaction ends; none when there is no line yet.

    Whoever comes here first gets the smaller number. The digest covers the whole order so far. One round trip.
    """
    row = await tx.fetchrow(
        f"update appointments_line set arrivals = arrivals + 1, digest = sha256(digest || $4) {_LINE}"
        " returning arrivals, digest",
        *_of(line),
        commitment,
    )
    return (row["arrivals"], row["digest"]) if row else None


async def hold(tx: Tx, line: Line) -> bool:
    """Hold the line until the transaction ends, without coming to it; false when there is none. One round trip."""
    return bool(await tx.fetchval(f"update appointments_line set tickets = tickets {_LINE} returning true", *_of(line)))


async def next_ticket(tx: Tx, line: Line) -> int | None:
    """The next ticket's number, holding the line; none when there is no line. One round trip."""
    found = await tx.fetchval(
        f"update appointments_line set tickets = tickets + 1 {_LINE} returning tickets", *_of(line)
    )
    return int(found) if found is not None else None


async def take_place(tx: Tx, line: Line, time: str) -> bool:
    """Take one place of a slot; false when it is full. One round trip."""
    return bool(
        await tx.fetchval(
            f"update appointments_slot set booked = booked + 1 {_LINE} and time = $4 and booked < capacity"
            " returning true",
            *_of(line),
            time,
        )
    )


async def give_place_back(tx: Tx, line: Line, time: str) -> None:
    """One place of a slot is free again. One round trip."""
    await tx.execute(
        f"update appointments_slot set booked = booked - 1 {_LINE} and time = $4 and booked > 0", *_of(line), time
    )


async def places(tx: Tx, line: Line) -> dict[str, int]:
    """Places left by time, full ones too; empty when nobody came yet. One round trip."""
    rows = await tx.fetch(
        f"select time, capacity - booked as places from appointments_slot {_LINE} order by time", *_of(line)
    )
    return {row["time"]: row["places"] for row in rows}


def arrival_part(booking: Booking, *, commitment: bytes, digest: bytes) -> Part:
    """The request in the public order."""
    return Part(
        "arrival",
        "insert into appointments_arrival (office_code, day, desk, arrival_no, at, time, is_flexible, state, commitment,"
        " digest, taxpayer_id, booking_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        (
            *_of(booking.line),
            booking.arrival_no,
            booking.made_at,
            booking.time,
            booking.is_flexible,
            "booked" if booking.state == "booked" else "waiting",
            commitment,
            digest,
            booking.taxpayer_id,
            booking.booking_id,
        ),
    )


async def leave(tx: Tx, line: Line, arrival_no: int) -> None:
    """Somebody gave up their place in the order. One round trip."""
    await tx.execute(
        f"update appointments_arrival set state = 'left' {_LINE} and arrival_no = $4", *_of(line), arrival_no
    )


async def first_waiting(tx: Tx, line: Line, time: str) -> tuple[int, int, UUID] | None:
    """The first in the order who waits for this time, or for any: (number, taxpayer, booking). One round trip."""
    row = await tx.fetchrow(
        f"select arrival_no, taxpayer_id, booking_id from appointments_arrival {_LINE} and state = 'waiting'"
        " and (time = $4 or is_flexible) order by arrival_no limit 1",
        *_of(line),
        time,
    )
    return (row["arrival_no"], row["taxpayer_id"], row["booking_id"]) if row else None


async def move_up(tx: Tx, line: Line, arrival_no: int, time: str) -> None:
    """The one who waited has a place now. One round trip."""
    await tx.execute(
        f"update appointments_arrival set state = 'moved_up', time = $5 {_LINE} and arrival_no = $4",
        *_of(line),
        arrival_no,
        time,
    )


async def standing(tx: Tx, line: Line, arrival_no: int) -> tuple[int, dict[str, int]]:
    """How many wait up to a number, itself counted if it waits; and the places left by time. One round trip."""
    row = await tx.fetchrow(
        "select (select count(*) from appointments_arrival where office_code = $1 and day = $2 and desk = $3"
        " and state = 'waiting' and arrival_no <= $4) as waiting, coalesce(jsonb_object_agg(time, capacity - booked),"
        " jsonb_build_object()) as places from appointments_slot where office_code = $1 and day = $2 and desk = $3",
        *_of(line),
        arrival_no,
    )
    return row["waiting"], dict(sorted(row["places"].items()))


async def order(tx: Tx, line: Line, *, after: int, limit: int) -> list[Arrival]:
    """The order of a line without names, from a number on. One round trip."""
    rows = await tx.fetch(
        f"select arrival_no, at, time, state, commitment, digest from appointments_arrival {_LINE} and arrival_no > $4"
        " order by arrival_no limit $5",
        *_of(line),
        after,
        limit,
    )
    return [Arrival(**dict(row.items())) for row in rows]


async def own_plan(tx: Tx, office_code: str) -> dict[str, Any] | None:
    """What a hall changed of its level's plan. One round trip."""
    row = await tx.fetchrow("select windows, places, hours from appointments_hall where office_code = $1", office_code)
    return dict(row.items()) if row else None


async def own_plans(tx: Tx) -> dict[str, dict[str, Any]]:
    """What every hall changed. Reads all shards. One round trip."""
    rows = await tx.fetch("select office_code, windows, places, hours from appointments_hall")
    return {row["office_code"]: {name: row[name] for name in ("windows", "places", "hours")} for row in rows}


async def keep_plan(tx: Tx, office_code: str, plan: dict[str, Any], at: datetime) -> None:
    """Keep what a hall changes. One round trip."""
    await tx.execute(
        "insert into appointments_hall (office_code, windows, places, hours, changed_at) values ($1, $2, $3, $4, $5)"
        " on conflict (office_code) do update set windows = excluded.windows, places = excluded.places,"
        " hours = excluded.hours, changed_at = excluded.changed_at",
        office_code,
        plan["windows"],
        plan["places"],
        plan["hours"],
        at,
    )


async def counts(tx: Tx, office_code: str, day: date) -> dict[str, tuple[int, int, int]]:
    """How a day stands at each desk somebody came for: (places, taken, waiting). One round trip."""
    rows = await tx.fetch(
        "select desk, sum(capacity) as places, sum(booked) as taken, (select count(*) from appointments_arrival a"
        " where a.office_code = $1 and a.day = $2 and a.desk = s.desk and a.state = 'waiting') as waiting"
        " from appointments_slot s where office_code = $1 and day = $2 group by desk",
        office_code,
        day,
    )
    return {row["desk"]: (row["places"], row["taken"], row["waiting"]) for row in rows}
