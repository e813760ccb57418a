"""Tickets: taken from afar or by checking in, called at windows, ended. Numbers only; the wait is measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from palmtax import evidence
from palmtax.appointments.actions import halls
from palmtax.appointments.actions.booking import prepare
from palmtax.appointments.actions.changing import readable_booking
from palmtax.appointments.errors import AlreadyQueued, BookingOver, HallClosed, NotTimeYet, TicketUnknown
from palmtax.appointments.model.booking import Booking, Estimate, Line, Ticket
from palmtax.appointments.model.plan import Hall, desks, find_topic, rule
from palmtax.appointments.store import bookings, lines
from palmtax.appointments.store import tickets as store
from palmtax.base.actor import Actor
from palmtax.base.clock import CHINA, Clock
from palmtax.base.identifiers import uuid7
from palmtax.plumbing.database import Tx

Ending = Literal["served", "absent"]


@dataclass(frozen=True, slots=True)
class Queued:
    """A ticket with how many are ahead and how long it will take."""

    ticket: Ticket
    ahead: int
    estimate: Estimate


async def _number(tx: Tx, hall: Hall, line: Line) -> str:
    """The next ticket number of a line, holding it: the desk's letter and three digits."""
    number = await lines.next_ticket(tx, line)
    if number is None:
        await prepare(tx, hall, line)
        number = await lines.next_ticket(tx, line)
    return f"{desks()[line.desk].letter}{number or 0:03d}"


async def queued(tx: Tx, one: Ticket, clock: Clock) -> Queued:
    """How a ticket stands now. Four round trips."""
    hall = await halls.hall(tx, one.office_code)
    ahead = await store.ahead(tx, one) if one.state == "waiting" else 0
    return Queued(one, ahead, await halls.estimate_of(tx, hall, one.desk, ahead, clock))


async def take_ticket(
    tx: Tx,
    *,
    actor: Actor,
    clock: Clock,
    taxpayer_id: int,
    office_code: str,
    topic_text: str,
    application_id: UUID | None = None,
) -> Queued:
    """Take a number for today from wherever one is; one open ticket for each person.

    Errors: appointments.hall_unknown, topic_unknown, not_served_here, hall_closed, already_queued.
    """
    if application_id is not None:
        known = await store.of_application(tx, office_code, application_id)
        if known is not None:
            return await queued(tx, known, clock)
    topic, hall = find_topic(topic_text), await halls.hall(tx, office_code)
    halls.check_served(hall, topic)
    if not halls.is_open_now(hall, clock):
        raise HallClosed(hours=halls.hours_text(hall))
    ticket_id = uuid7()
    taken = await bookings.claim(
        tx,
        person_id=actor.person_id,
        topic=bookings.TICKET,
        taxpayer_id=taxpayer_id,
        booking_id=ticket_id,
        office_code=office_code,
    )
    if taken is not None:
        return await _already(tx, taken[2], taken[1], office_code, topic.code, clock)
    made = Ticket(
        office_code=office_code,
        ticket_id=ticket_id,
        day=clock.today(),
        desk=topic.desk,
        ticket_no=await _number(tx, hall, Line(office_code, clock.today(), topic.desk)),
        taxpayer_id=taxpayer_id,
        person_id=actor.person_id,
        booking_id=None,
        topic=topic.code,
        state="waiting",
        taken_at=clock.now(),
        rank_at=clock.now(),
        application_id=application_id,
    )
    await store.insert(tx, made)
    await _record(tx, actor, clock, made, act="appointments.ticket_taken")
    return await queued(tx, made, clock)


async def _already(tx: Tx, office_of: str, ticket_id: UUID, office_code: str, topic: str, clock: Clock) -> Queued:
    found = await store.ticket(tx, office_of, ticket_id)
    if found is None:
        raise TicketUnknown()
    if (found.office_code, found.topic) == (office_code, topic):
        return await queued(tx, found, clock)
    raise AlreadyQueued(ticket_no=found.ticket_no)


async def own_ticket(tx: Tx, *, actor: Actor, clock: Clock) -> Queued | None:
    """The open ticket of a person; none when there is none."""
    found = await bookings.open_one(tx, actor.person_id, bookings.TICKET)
    one = await store.ticket(tx, found[2], found[1]) if found else None
    return await queued(tx, one, clock) if one else None


async def leave_queue(tx: Tx, *, actor: Actor, clock: Clock) -> None:
    """Give the ticket up. Errors: appointments.ticket_unknown."""
    found = await bookings.open_one(tx, actor.person_id, bookings.TICKET)
    one = await store.ticket(tx, found[2], found[1]) if found else None
    if one is None:
        raise TicketUnknown()
    await lines.hold(tx, Line(one.office_code, one.day, one.desk))
    if await store.change(tx, one, state="left", ended_at=clock.now()) is None:
        raise TicketUnknown()
    await bookings.release(tx, one.person_id, bookings.TICKET, one.ticket_id)
    await _record(tx, actor, clock, one, act="appointments.ticket_left")


async def check_in(tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, booking_id: UUID) -> Queued:
    """Say that one is here: from half an hour before until a quarter of an hour after; gives a ticket.

    It counts as having waited since an hour before its time. Again gives the same ticket. Errors:
    appointments.booking_unknown, booking_over, not_time_yet.
    """
    one = await readable_booking(tx, taxpayer_id=taxpayer_id, booking_id=booking_id)
    known = await store.of_booking(tx, one.office_code, booking_id)
    if known is not None:
        return await queued(tx, known, clock)
    if one.state != "booked":
        raise BookingOver()
    first, last = _checking_in(one)
    if not first <= clock.now() <= last:
        raise NotTimeYet(first=f"{first.astimezone(CHINA):%H:%M}", last=f"{last.astimezone(CHINA):%H:%M}")
    made = await _ticket_of(tx, clock, one)
    if await bookings.change(tx, one, state="checked_in", checked_in_at=clock.now()) is None:
        raise BookingOver()
    await store.insert(tx, made)
    await _record(tx, actor, clock, made, act="appointments.checked_in")
    return await queued(tx, made, clock)


def _checking_in(one: Booking) -> tuple[datetime, datetime]:
    """From when until when somebody can check in."""
    early, late = (timedelta(minutes=rule(name, one.day)) for name in ("early_minutes", "late_minutes"))
    return one.starts_at - early, one.starts_at + late


def is_time(one: Booking, clock: Clock) -> bool:
    """Whether somebody can check in now."""
    first, last = _checking_in(one)
    return first <= clock.now() <= last


async def _ticket_of(tx: Tx, clock: Clock, one: Booking) -> Ticket:
    hall = await halls.hall(tx, one.office_code)
    return Ticket(
        office_code=one.office_code,
        ticket_id=uuid7(),
        day=one.day,
        desk=one.desk,
        ticket_no=await _number(tx, hall, one.line),
        taxpayer_id=one.taxpayer_id,
        person_id=one.person_id,
        booking_id=one.booking_id,
        topic=one.topic,
        state="waiting",
        taken_at=clock.now(),
        rank_at=one.starts_at - timedelta(minutes=rule("lead_minutes", one.day)),
    )


async def call_next(
    tx: Tx,
    *,
    actor: Actor,
    clock: Clock,
    office_code: str,
    window_no: int,
    desk_codes: Sequence[str],
    last_was: Ending = "served",
) -> Ticket | None:
    """A window ends with the one before and calls the next of its desks; none when nobody waits.

    Two windows never call the same number: the lines are held. Errors: appointments.hall_unknown.
    """
    hall = await halls.hall(tx, office_code)
    day = clock.today()
    for code in sorted(set(desk_codes)):
        if not await lines.hold(tx, Line(office_code, day, code)):
            await prepare(tx, hall, Line(office_code, day, code))
            await lines.hold(tx, Line(office_code, day, code))
    at_window = await store.at_window(tx, office_code, day, window_no)
    if at_window is not None:
        await end(tx, clock, at_window, last_was)
    found = await store.first(tx, office_code, day, desk_codes)
    if found is None:
        return None
    called = await store.change(tx, found, state="called", called_at=clock.now(), window_no=window_no)
    if called is not None:
        await _record(tx, actor, clock, called, act="appointments.ticket_called")
    return called


async def end(tx: Tx, clock: Clock, one: Ticket, how: Ending) -> None:
    """A ticket is done with: its person may take another; a booking that did not answer the call was missed, uncounted."""
    if await store.change(tx, one, state=how, ended_at=clock.now()) is None:
        return
    await bookings.release(tx, one.person_id, bookings.TICKET, one.ticket_id)
    if one.booking_id is None:
        return
    booking = await bookings.booking(tx, one.taxpayer_id, one.booking_id)
    if booking is not None and booking.state == "checked_in":
        state = "served" if how == "served" else "missed"
        await bookings.change(tx, booking, state=state, ended_at=clock.now())
        await bookings.release(tx, booking.person_id, booking.topic, booking.booking_id)


async def _record(tx: Tx, actor: Actor | None, clock: Clock, one: Ticket, *, act: str) -> None:
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act=act,
        taxpayer_id=one.taxpayer_id,
        subject_id=one.booking_id or one.ticket_id,
        payload={"office_code": one.office_code, "ticket_no": one.ticket_no, "day": one.day},
        summary={"ticket_no": one.ticket_no},
    )
