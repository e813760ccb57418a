"""Giving a booking back, moving it, and who gets the place then: always the first who waits for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from palmtax import evidence
from palmtax.appointments.actions import halls
from palmtax.appointments.actions.booking import (
    arrive,
    facts,
    nearest_place,
    outcome_of,
    outcome_part,
    place_for,
    prepare,
    settled,
    standing,
    tell,
)
from palmtax.appointments.errors import BookingOver, BookingUnknown, SlotFull, TooLate
from palmtax.appointments.events import AppointmentCancelled, AppointmentMovedUp
from palmtax.appointments.model.booking import OPEN, Booking, Line, Outcome, about
from palmtax.appointments.model.plan import rule, starts_at
from palmtax.appointments.store import bookings, lines
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import together

LONGEST_LIST = 100


async def readable_booking(tx: Tx, *, taxpayer_id: int, booking_id: UUID) -> Booking:
    """The taxpayer's booking. Errors: appointments.booking_unknown. One round trip."""
    found = await bookings.booking(tx, taxpayer_id, booking_id)
    if found is None:
        raise BookingUnknown()
    return found


async def booking_of_number(tx: Tx, *, taxpayer_id: int, appointment_no: str) -> Booking:
    """The taxpayer's booking with this number. Errors: appointments.booking_unknown. One round trip."""
    found = await bookings.of_number(tx, taxpayer_id, appointment_no.strip().upper())
    if found is None:
        raise BookingUnknown()
    return found


async def bookings_of(tx: Tx, *, taxpayer_id: int, clock: Clock) -> list[Outcome]:
    """The taxpayer's bookings, the latest first, with their places on waiting lists."""
    found = await bookings.of_taxpayer(tx, taxpayer_id, LONGEST_LIST)
    return [await outcome_of(tx, one, clock) for one in found]


def _check_limit(one: Booking, clock: Clock) -> None:
    minutes = rule("cancel_minutes", one.day)
    if one.state == "booked" and clock.now() > one.starts_at - timedelta(minutes=minutes):
        raise TooLate(minutes=minutes)


async def _still_open(tx: Tx, one: Booking) -> Booking:
    """The booking again, now that its line is held. Errors: appointments.booking_over."""
    found = await readable_booking(tx, taxpayer_id=one.taxpayer_id, booking_id=one.booking_id)
    if found.state not in OPEN or found.line != one.line:
        raise BookingOver()
    return found


async def cancel(
    tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, booking_id: UUID, reason: str = ""
) -> Booking:
    """Give a booking back until two hours before; the first who waits for the time has it at once, and is told.

    Doing it again changes nothing. Errors: appointments.booking_unknown, booking_over, too_late.
    """
    one = await readable_booking(tx, taxpayer_id=taxpayer_id, booking_id=booking_id)
    if one.state == "cancelled":
        return one
    await lines.hold(tx, one.line)
    one = await _still_open(tx, one)
    _check_limit(one, clock)
    after = await _changed(tx, one, state="cancelled", ended_at=clock.now())
    await bookings.release(tx, one.person_id, one.topic, one.booking_id)
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act="appointments.appointment_cancelled",
        taxpayer_id=taxpayer_id,
        subject_id=booking_id,
        payload=facts(after) | {"reason": reason.strip()},
        summary={"appointment_no": after.appointment_no},
    )
    await outbox.emit(tx, AppointmentCancelled(*about(one)), actor.request_id)
    await leave(tx, clock, one)
    return after


async def _changed(tx: Tx, one: Booking, **values: object) -> Booking:
    after = await bookings.change(tx, one, **values)
    if after is None:
        raise BookingOver()
    return after


async def leave(tx: Tx, clock: Clock, one: Booking) -> None:
    """Somebody leaves the order; a place they had goes to the first who waits for it. The line is held."""
    await lines.leave(tx, one.line, one.arrival_no)
    if one.state == "booked":
        await lines.give_place_back(tx, one.line, one.time)
        await move_up(tx, clock=clock, line=one.line, time=one.time)


async def move_up(tx: Tx, *, clock: Clock, line: Line, time: str) -> Booking | None:
    """A place came free: the first in the order who waits for this time, or for any, has it and is told.

    Not when it begins within the hour: nobody could come. The line is held.
    """
    begins = starts_at(line.day, time)
    if clock.now() > begins - timedelta(minutes=rule("move_up_minutes", line.day)):
        return None
    found = await lines.first_waiting(tx, line, time)
    if found is None or not await lines.take_place(tx, line, time):
        return None
    arrival_no, taxpayer_id, booking_id = found
    one = await readable_booking(tx, taxpayer_id=taxpayer_id, booking_id=booking_id)
    after = await _changed(tx, one, state="booked", time=time, starts_at=begins, is_moved_up=True)
    await lines.move_up(tx, line, arrival_no, time)
    await evidence.append(
        tx,
        actor=None,
        clock=clock,
        act="appointments.appointment_moved_up",
        taxpayer_id=taxpayer_id,
        subject_id=booking_id,
        payload=facts(after),
        summary={"appointment_no": after.appointment_no},
    )
    await outbox.emit(tx, AppointmentMovedUp(*about(after)))
    await tell(tx, clock, await halls.hall(tx, line.office_code), after, "appointment_moved_up")
    return after


async def move(
    tx: Tx,
    *,
    actor: Actor,
    clock: Clock,
    taxpayer_id: int,
    booking_id: UUID,
    day: date,
    time: str,
    is_flexible: bool = False,
    application_id: UUID | None = None,
) -> Outcome:
    """Move a booking, or a place on a waiting list, to a time that has a place; the old place goes to who waits.

    When the new time is full, nothing changes; with `is_flexible` the nearest free time of the day is given. The same
    application again gives the same. Errors: appointments.booking_unknown, booking_over, too_late, day_closed,
    not_open_yet, slot_full.
    """
    one = await readable_booking(tx, taxpayer_id=taxpayer_id, booking_id=booking_id)
    is_done = (application_id and one.moved_by == application_id) or (one.day, one.time, one.state) == (
        day,
        time,
        "booked",
    )
    if is_done:
        return await outcome_of(tx, one, clock)
    hall = await halls.hall(tx, one.office_code)
    halls.check_open(hall, day, time, clock)
    new = Line(one.office_code, day, one.desk)
    for line in sorted({one.line, new}, key=lambda each: each.day):
        if not await lines.hold(tx, line):
            await prepare(tx, hall, line)
            await lines.hold(tx, line)
    one = await _still_open(tx, one)
    _check_limit(one, clock)
    wished = replace(one, day=day, time=time, starts_at=starts_at(day, time), is_flexible=False, made_at=clock.now())
    taken = await place_for(tx, wished)
    free: tuple[str, ...] = ()
    if taken is None:
        _, free = await standing(tx, new, 0, clock)
        taken = await nearest_place(tx, wished, free) if is_flexible else None
    if taken is None:
        raise SlotFull(day=day.isoformat(), time=time, free="、".join(free) or "-")
    number, own, digest = await arrive(tx, hall, wished)
    moved = replace(settled(wished, number, taken), moved_by=application_id, is_moved_up=False)
    names = ("day", "time", "starts_at", "is_flexible", "made_at", "arrival_no", "state", "moved_by", "is_moved_up")
    after = await _changed(tx, one, **{name: getattr(moved, name) for name in names})
    await together(
        tx,
        lines.arrival_part(after, commitment=own, digest=digest),
        evidence.part(
            actor=actor,
            clock=clock,
            act="appointments.appointment_moved",
            taxpayer_id=taxpayer_id,
            subject_id=booking_id,
            payload=facts(after) | {"from_day": one.day, "from_time": one.time},
            summary={"appointment_no": after.appointment_no},
        ),
        outcome_part(clock, hall, Outcome(after)),
    )
    await leave(tx, clock, one)
    return Outcome(after)
