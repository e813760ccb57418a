"""Booking in strict order of arrival: the line's row decides who is next, and every answer is given at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from palmtax import evidence, messaging
from palmtax.appointments.actions import halls
from palmtax.appointments.errors import AlreadyBooked, BookingUnknown, Paused
from palmtax.appointments.events import AppointmentBooked
from palmtax.appointments.model.booking import Booking, Line, Outcome, about, commitment, paused_until
from palmtax.appointments.model.plan import Hall, find_topic, rule, starts_at, topics
from palmtax.appointments.store import bookings, lines
from palmtax.base.actor import Actor
from palmtax.base.clock import CHINA, Clock
from palmtax.base.identifiers import uuid7
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Part, together

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


async def book(
    tx: Tx,
    *,
    actor: Actor,
    clock: Clock,
    taxpayer_id: int,
    office_code: str,
    topic_text: str,
    day: date,
    time: str,
    is_flexible: bool = False,
    application_id: UUID | None = None,
) -> Outcome:
    """Book a time, or stand on the waiting list of the day in the order of coming (decision 0022).

    The wished time if it has a place; with `is_flexible` else the nearest one of the day; else the next number of the
    waiting list, with the times that are still free. Asking again for the same gives the same. Errors:
    appointments.hall_unknown, topic_unknown, not_served_here, day_closed, not_open_yet, paused, already_booked.
    """
    if application_id is not None:
        known = await bookings.of_application(tx, taxpayer_id, application_id)
        if known is not None:
            return await outcome_of(tx, known, clock)
    topic, hall = find_topic(topic_text), await halls.hall(tx, office_code)
    halls.check_open(hall, day, time, clock)
    halls.check_served(hall, topic, day)
    await _check_pause(tx, actor.person_id, clock)
    booking_id = uuid7()
    taken = await bookings.claim(
        tx,
        person_id=actor.person_id,
        topic=topic.code,
        taxpayer_id=taxpayer_id,
        booking_id=booking_id,
        office_code=office_code,
    )
    if taken is not None:
        return await _same(tx, taken[:2], office_code, day, time, clock)
    made = Booking(
        taxpayer_id=taxpayer_id,
        booking_id=booking_id,
        appointment_no=appointment_no(booking_id, clock.today()),
        person_id=actor.person_id,
        office_code=office_code,
        topic=topic.code,
        desk=topic.desk,
        day=day,
        time=time,
        starts_at=starts_at(day, time),
        is_flexible=is_flexible,
        state="waiting",
        arrival_no=0,
        made_at=clock.now(),
        application_id=application_id,
    )
    return await _stand_in_line(tx, actor, clock, hall, made)


def appointment_no(booking_id: UUID, day: date) -> str:
    """The number people show at the hall.

    >>> appointment_no(UUID("019ab000-0000-7000-8000-0000000000ff"), date(2026, 11, 23))
    'YY202611230000007Z'
    """
    tail, digits = booking_id.int & (2**40 - 1), ""
    for _ in range(8):
        tail, rest = divmod(tail, 32)
        digits = _LETTERS[rest] + digits
    return f"YY{day:%Y%m%d}{digits}"


async def _check_pause(tx: Tx, person_id: int, clock: Clock) -> None:
    today = clock.today()
    since = today - timedelta(days=rule("missed_days", today) + rule("pause_days", today))
    until = paused_until(await bookings.missed_days(tx, person_id, since), today)
    if until is not None:
        raise Paused(until=until.isoformat())


async def _same(tx: Tx, open_one: tuple[int, UUID], office_code: str, day: date, time: str, clock: Clock) -> Outcome:
    """The open booking when the same was asked again. Errors: appointments.already_booked."""
    found = await bookings.booking(tx, *open_one)
    if found is None:
        raise BookingUnknown()
    if (found.office_code, found.day) == (office_code, day) and (found.time == time or found.is_flexible):
        return await outcome_of(tx, found, clock)
    raise AlreadyBooked(appointment_no=found.appointment_no, day=found.day.isoformat(), time=found.time)


async def arrive(tx: Tx, hall: Hall, wished: Booking) -> tuple[int, bytes, bytes]:
    """The next number of the line with its commitment and digest; makes the line for the first who comes."""
    line, own = wished.line, commitment(wished.booking_id, wished.time, wished.made_at)
    arrived = await lines.arrive(tx, line, own)
    if arrived is None:
        await prepare(tx, hall, line)
        arrived = await lines.arrive(tx, line, own)
    number, digest = arrived or (0, b"")
    return number, own, digest


async def prepare(tx: Tx, hall: Hall, line: Line) -> None:
    """Make the line of a day, with its slots as the hall plans them now."""
    capacity = hall.capacity(line.desk, line.day)
    await lines.prepare(tx, line, [(time, capacity) for time in hall.times(line.day)])


async def place_for(tx: Tx, wished: Booking) -> str | None:
    """Take a place at the wished time; none when it is full. One round trip."""
    return wished.time if await lines.take_place(tx, wished.line, wished.time) else None


async def nearest_place(tx: Tx, wished: Booking, free: Sequence[str]) -> str | None:
    """Take the free place of the day that is nearest to the wished time; none when there is none."""
    for time in sorted(free, key=lambda one: (abs(starts_at(wished.day, one) - wished.starts_at), one)):
        if await lines.take_place(tx, wished.line, time):
            return time
    return None


async def standing(tx: Tx, line: Line, arrival_no: int, clock: Clock) -> tuple[int, tuple[str, ...]]:
    """How many wait up to a number, and the times with a place left that are still to come. One round trip."""
    waiting, places = await lines.standing(tx, line, arrival_no)
    now = clock.now()
    return waiting, tuple(time for time, left in places.items() if left > 0 and starts_at(line.day, time) > now)


async def _stand_in_line(tx: Tx, actor: Actor, clock: Clock, hall: Hall, wished: Booking) -> Outcome:
    """Take the next number, then a place or a place on the waiting list; write all of it in one statement."""
    number, own, digest = await arrive(tx, hall, wished)
    time, place = await place_for(tx, wished), 0
    free: tuple[str, ...] = ()
    if time is None:
        waiting, free = await standing(tx, wished.line, number, clock)
        time = await nearest_place(tx, wished, free) if wished.is_flexible else None
        place = 0 if time else waiting + 1
    made = settled(wished, number, time)
    told = Outcome(made, place, () if time else free)
    await together(
        tx,
        lines.arrival_part(made, commitment=own, digest=digest),
        bookings.insert_part(made),
        evidence.part(
            actor=actor,
            clock=clock,
            act="appointments.appointment_booked" if time else "appointments.appointment_waiting",
            taxpayer_id=made.taxpayer_id,
            subject_id=made.booking_id,
            payload=facts(made) | {"commitment": own.hex(), "digest": digest.hex()},
            summary={"appointment_no": made.appointment_no},
        ),
        outbox.part(
            AppointmentBooked(*about(made), is_waiting=time is None),
            actor.request_id,
        ),
        outcome_part(clock, hall, told),
    )
    return told


def settled(wished: Booking, number: int, time: str | None) -> Booking:
    """The booking with its number in the order, and its time when it got one."""
    at = time or wished.time
    return replace(
        wished, arrival_no=number, state="booked" if time else "waiting", time=at, starts_at=starts_at(wished.day, at)
    )


def facts(one: Booking) -> dict[str, object]:
    """What evidence keeps of a booking."""
    return {
        "office_code": one.office_code,
        "topic": one.topic,
        "day": one.day,
        "time": one.time,
        "state": one.state,
        "arrival_no": one.arrival_no,
    }


async def outcome_of(tx: Tx, one: Booking, clock: Clock) -> Outcome:
    """How a booking stands: its place on the waiting list, and the times that are free that day."""
    if one.state != "waiting":
        return Outcome(one)
    return Outcome(one, *await standing(tx, one.line, one.arrival_no, clock))


def told_values(hall: Hall, one: Booking) -> dict[str, str | int]:
    """The values of a message about a booking."""
    topic = topics()[one.topic]
    return {
        "appointment_no": one.appointment_no,
        "office": hall.name,
        "office_en": hall.name_en,
        "topic": topic.title,
        "topic_en": topic.title_en,
        "day": one.day.isoformat(),
        "time": one.time,
    }


def _message(clock: Clock, hall: Hall, one: Booking, template: str, values: Mapping[str, str | int]) -> dict[str, Any]:
    return {
        "clock": clock,
        "taxpayer_id": one.taxpayer_id,
        "template": template,
        "values": told_values(hall, one) | dict(values),
        "subject_kind": "appointment",
        "subject_id": one.booking_id,
        "key": f"{template}:{one.booking_id}:{one.day}:{one.time}",
    }


async def tell(tx: Tx, clock: Clock, hall: Hall, one: Booking, template: str, **values: str | int) -> None:
    """Put a message about a booking into the inbox, once for each day and time."""
    await messaging.tell(tx, **_message(clock, hall, one, template, values))


def outcome_part(clock: Clock, hall: Hall, told: Outcome) -> Part:
    """The message that tells somebody at once: booked, or the place on the waiting list."""
    one = told.booking
    if one.state == "waiting":
        return messaging.message_part(**_message(clock, hall, one, "appointment_waiting", {"place": told.place}))
    last = (one.starts_at - timedelta(minutes=rule("cancel_minutes", one.day))).astimezone(CHINA)
    until = {"until": f"{last.month}月{last.day}日 {last:%H:%M}", "until_en": f"{last:%H:%M, %-d %B}"}
    return messaging.message_part(**_message(clock, hall, one, "appointment_booked", until))
