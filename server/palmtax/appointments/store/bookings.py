"""Queries of bookings, of what a person has open, and of what they missed."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from palmtax.appointments.model.booking import Booking
from palmtax.appointments.store.rows import Rows
from palmtax.plumbing.database import Tx

ROWS = Rows("booking", Booking, unchanged=("taxpayer_id", "booking_id", "state", "day", "arrival_no"))
insert_part = ROWS.insert_part
change = ROWS.change
TICKET = "#ticket"
"""The topic under which a person's open ticket is kept."""
HELD = ("booked", "checked_in", "served", "missed")
"""States of whoever has, or had, a place of the day."""


async def booking(tx: Tx, taxpayer_id: int, booking_id: UUID) -> Booking | None:
    """One booking. One round trip."""
    return await ROWS.one(tx, "taxpayer_id = $1 and booking_id = $2", taxpayer_id, booking_id)


async def of_number(tx: Tx, taxpayer_id: int, appointment_no: str) -> Booking | None:
    """The booking with this number. One round trip."""
    return await ROWS.one(tx, "taxpayer_id = $1 and appointment_no = $2", taxpayer_id, appointment_no)


async def of_application(tx: Tx, taxpayer_id: int, application_id: UUID) -> Booking | None:
    """The booking that an application made. One round trip."""
    return await ROWS.one(tx, "taxpayer_id = $1 and application_id = $2", taxpayer_id, application_id)


async def of_taxpayer(tx: Tx, taxpayer_id: int, limit: int) -> list[Booking]:
    """A taxpayer's bookings, the latest first. One round trip."""
    condition = "taxpayer_id = $1 order by starts_at desc, booking_id desc limit $2"
    return await ROWS.many(tx, condition, taxpayer_id, limit)


async def of_day(tx: Tx, office_code: str, day: date, limit: int) -> list[Booking]:
    """Who has, or had, a place in a hall on a day, by time. Reads all shards: for the hall's officers. One round trip."""
    condition = "office_code = $1 and day = $2 and state = any($3) order by starts_at, arrival_no limit $4"
    return await ROWS.many(tx, condition, office_code, day, list(HELD), limit)


async def of_office(tx: Tx, office_code: str, day: date, booking_id: UUID) -> Booking | None:
    """A booking of a hall and day. Reads all shards: for the hall's officers. One round trip."""
    return await ROWS.one(tx, "office_code = $1 and day = $2 and booking_id = $3", office_code, day, booking_id)


async def claim(
    tx: Tx, *, person_id: int, topic: str, taxpayer_id: int, booking_id: UUID, office_code: str
) -> tuple[int, UUID, str] | None:
    """Claim the one open booking of a person and topic; what is open already when there is one, else none."""
    taken = await tx.fetchval(
        "insert into appointments_open (person_id, topic, taxpayer_id, booking_id, office_code)"
        " values ($1, $2, $3, $4, $5) on conflict (person_id, topic) do nothing returning true",
        person_id,
        topic,
        taxpayer_id,
        booking_id,
        office_code,
    )
    return None if taken else await open_one(tx, person_id, topic)


async def open_one(tx: Tx, person_id: int, topic: str) -> tuple[int, UUID, str] | None:
    """What a person has open for a topic: (taxpayer, booking or ticket, office). One round trip."""
    row = await tx.fetchrow(
        "select taxpayer_id, booking_id, office_code from appointments_open where person_id = $1 and topic = $2",
        person_id,
        topic,
    )
    return (row["taxpayer_id"], row["booking_id"], row["office_code"]) if row else None


async def release(tx: Tx, person_id: int, topic: str, booking_id: UUID) -> None:
    """It is open no more. One round trip."""
    await tx.execute(
        "delete from appointments_open where person_id = $1 and topic = $2 and booking_id = $3",
        person_id,
        topic,
        booking_id,
    )


async def miss(tx: Tx, person_id: int, booking_id: UUID, day: date) -> None:
    """Nobody came. One round trip."""
    await tx.execute(
        "insert into appointments_missed (person_id, booking_id, missed_on) values ($1, $2, $3)"
        " on conflict (person_id, booking_id) do nothing",
        person_id,
        booking_id,
        day,
    )


async def missed_days(tx: Tx, person_id: int, since: date) -> list[date]:
    """The days a person missed, from a day on. One round trip."""
    rows = await tx.fetch(
        "select missed_on from appointments_missed where person_id = $1 and missed_on >= $2 order by missed_on",
        person_id,
        since,
    )
    return [row["missed_on"] for row in rows]


async def over(tx: Tx, *, missed_before: datetime, now: datetime, limit: int) -> list[Booking]:
    """Bookings nobody came to, and waiting ones whose time is over. Reads all shards. One round trip."""
    condition = (
        "(state = 'booked' and starts_at < $1) or (state = 'waiting' and starts_at < $2) order by starts_at limit $3"
    )
    return await ROWS.many(tx, condition, missed_before, now, limit)


async def between(tx: Tx, first: datetime, last: datetime, limit: int) -> list[Booking]:
    """Bookings that begin between two instants. Reads all shards. One round trip."""
    condition = "state = 'booked' and starts_at >= $1 and starts_at < $2 order by starts_at limit $3"
    return await ROWS.many(tx, condition, first, last, limit)
