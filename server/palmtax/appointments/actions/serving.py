"""A day in a hall as its officers see it: who booked, who is here; taking note of them, and taking that back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from palmtax import evidence, identity
from palmtax.appointments.actions import halls, queueing
from palmtax.appointments.errors import BookingUnknown, EndingFinal, TicketOver, TicketUnknown
from palmtax.appointments.model.booking import Booking, Line, Ticket
from palmtax.appointments.model.plan import Hall, desks, is_working_day, rule
from palmtax.appointments.store import bookings, lines, tickets
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.plumbing.database import Tx

VisitState = Literal["booked", "arrived", "called", "served", "absent"]
Doing = Literal["arrive", "served", "absent", "undo"]
MOST = 1000
_OF_TICKET: dict[str, VisitState] = {
    "waiting": "arrived", "called": "called", "served": "served", "absent": "absent", "left": "absent",
}  # fmt: skip
_OF_BOOKING: dict[str, VisitState] = {
    "booked": "booked", "checked_in": "arrived", "served": "served", "missed": "absent",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who booked a time, or came and took a number, or both."""

    booking: Booking | None
    ticket: Ticket | None
    name_masked: str
    state: VisitState
    may: tuple[Doing, ...]


@dataclass(frozen=True, slots=True)
class DeskDay:
    """How a desk's day stands: places in all, how many of them are taken, who waits for one."""

    desk: str
    places: int
    taken: int
    waiting: int


@dataclass(frozen=True, slots=True)
class HallDay:
    """A day of a hall."""

    hall: Hall
    day: date
    desks: list[DeskDay]
    visits: list[Visit]


async def day_of(tx: Tx, *, clock: Clock, office_code: str, day: date) -> HallDay:
    """Who booked or came, by time, and how each desk stands. Errors: appointments.hall_unknown. Six round trips."""
    hall = await halls.hall(tx, office_code)
    booked = await bookings.of_day(tx, office_code, day, MOST)
    taken = await tickets.of_day(tx, office_code, day, MOST)
    counted = await lines.counts(tx, office_code, day)
    here = {one.person_id for one in booked} | {one.person_id for one in taken}
    people = await identity.people(tx, sorted(here))
    by_booking = {one.booking_id: one for one in taken if one.booking_id}
    pairs: list[tuple[Booking | None, Ticket | None]] = [(one, by_booking.get(one.booking_id)) for one in booked]
    pairs += [(None, one) for one in taken if one.booking_id is None and one.state != "left"]
    names = {person_id: one.name_masked for person_id, one in people.items()}
    return HallDay(hall, day, _desks(hall, day, counted), [_visit(*pair, names, clock) for pair in pairs])


def _desks(hall: Hall, day: date, counted: dict[str, tuple[int, int, int]]) -> list[DeskDay]:
    """Every desk with a window: as its line says, or as planned while nobody came."""
    times = len(hall.times(day)) if is_working_day(day) else 0
    return [
        DeskDay(code, *counted.get(code, (hall.capacity(code, day) * times, 0, 0)))
        for code in desks()
        if hall.windows.get(code, 0) > 0 or code in counted
    ]


def _visit(booking: Booking | None, ticket: Ticket | None, names: dict[int, str], clock: Clock) -> Visit:
    one = booking or ticket
    state = _OF_TICKET[ticket.state] if ticket else _OF_BOOKING[booking.state if booking else ""]
    return Visit(booking, ticket, names.get(one.person_id, "") if one else "", state, _may(booking, ticket, clock))


def _may(booking: Booking | None, ticket: Ticket | None, clock: Clock) -> tuple[Doing, ...]:
    if ticket is None:
        return ("arrive",) if booking and booking.state == "booked" and queueing.is_time(booking, clock) else ()
    if ticket.day != clock.today():
        return ()
    if ticket.state in ("waiting", "called"):
        return ("served", "absent")
    return ("undo",) if _is_fresh(ticket, clock) else ()


async def arrive(tx: Tx, *, actor: Actor, clock: Clock, office_code: str, booking_id: UUID) -> queueing.Queued:
    """Somebody who booked stands at the desk: checked in for them, as they could do on the phone.

    Errors: appointments.booking_unknown, booking_over, not_time_yet.
    """
    found = await bookings.of_office(tx, office_code, clock.today(), booking_id)
    if found is None:
        raise BookingUnknown()
    return await queueing.check_in(tx, actor=actor, clock=clock, taxpayer_id=found.taxpayer_id, booking_id=booking_id)


async def _held(tx: Tx, office_code: str, ticket_id: UUID) -> Ticket:
    """The ticket, its line held. Errors: appointments.ticket_unknown."""
    one = await tickets.ticket(tx, office_code, ticket_id)
    if one is None:
        raise TicketUnknown()
    await lines.hold(tx, Line(one.office_code, one.day, one.desk))
    return await tickets.ticket(tx, office_code, ticket_id) or one


async def end(tx: Tx, *, actor: Actor, clock: Clock, office_code: str, ticket_id: UUID, how: queueing.Ending) -> Ticket:
    """Served, or not there when called; nobody else is called for it. Again changes nothing.

    Errors: appointments.ticket_unknown, ticket_over.
    """
    one = await _held(tx, office_code, ticket_id)
    if one.state == how:
        return one
    if one.state not in ("waiting", "called") or one.day != clock.today():
        raise TicketOver(ticket_no=one.ticket_no)
    await queueing.end(tx, clock, one, how)
    await _record(tx, actor, clock, one, act="appointments.ticket_ended", how=how)
    return await tickets.ticket(tx, office_code, ticket_id) or one


def _is_fresh(one: Ticket, clock: Clock) -> bool:
    """Whether a ticket ended so lately that a slip of the finger can be taken back."""
    lasts = timedelta(minutes=rule("undo_minutes", one.day))
    return one.state in ("served", "absent") and one.ended_at is not None and clock.now() - one.ended_at <= lasts


async def undo(tx: Tx, *, actor: Actor, clock: Clock, office_code: str, ticket_id: UUID) -> Ticket:
    """The ending was a slip: back to the window, or, when somebody else stands there, to the old place in the queue.

    Only of today and shortly after, and only while the person has taken no other ticket and booked nothing else for the
    same: nobody loses anything by it. Again changes nothing. Errors: appointments.ticket_unknown, ending_final.
    """
    one = await _held(tx, office_code, ticket_id)
    if one.state in ("waiting", "called"):
        return one
    final = EndingFinal(ticket_no=one.ticket_no, minutes=rule("undo_minutes", one.day))
    if one.day != clock.today() or not _is_fresh(one, clock):
        raise final
    claims: list[tuple[str, UUID]] = [(bookings.TICKET, one.ticket_id)]
    booking = await bookings.booking(tx, one.taxpayer_id, one.booking_id) if one.booking_id else None
    if booking is not None:
        claims.append((booking.topic, booking.booking_id))
        if await bookings.change(tx, booking, state="checked_in", ended_at=None) is None:
            raise final
    if not await _claimed(tx, one, claims):
        raise final
    back = await tickets.change(tx, one, ended_at=None, **await _place(tx, one))
    if back is None:
        raise final
    await _record(tx, actor, clock, back, act="appointments.ending_undone", how=one.state)
    return back


async def _claimed(tx: Tx, one: Ticket, claims: Sequence[tuple[str, UUID]]) -> bool:
    for topic, number in claims:
        taken = await bookings.claim(
            tx, person_id=one.person_id, topic=topic, taxpayer_id=one.taxpayer_id, booking_id=number,
            office_code=one.office_code,
        )  # fmt: skip
        if taken is not None:
            return False
    return True


async def _place(tx: Tx, one: Ticket) -> dict[str, object]:
    is_free = one.window_no is not None and await tickets.at_window(tx, one.office_code, one.day, one.window_no) is None
    return {"state": "called"} if is_free else {"state": "waiting", "called_at": None, "window_no": None}


async def _record(tx: Tx, actor: Actor, clock: Clock, one: Ticket, *, act: str, how: str) -> None:
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act=act,
        taxpayer_id=one.taxpayer_id,
        subject_id=one.booking_id or one.ticket_id,
        payload={"office_code": one.office_code, "ticket_no": one.ticket_no, "day": one.day, "how": how},
        summary={"ticket_no": one.ticket_no, "how": how},
    )
