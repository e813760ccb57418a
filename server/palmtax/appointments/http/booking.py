"""Routes of bookings and tickets."""

from __future__ import annotations

from uuid import UUID

from palmtax.appointments.actions import booking, changing, queueing
from palmtax.appointments.schemas import (
    BookingIn,
    BookingOut,
    CancelIn,
    MoveIn,
    TicketIn,
    TicketOut,
    TicketPlace,
    shape_outcome,
    shape_ticket,
)
from palmtax.plumbing.database import Tx
from palmtax.plumbing.edge import Edge, Router, may

router = Router(prefix="/api/appointments", tags=["appointments"])


async def _shown(tx: Tx, edge: Edge, booking_id: UUID) -> BookingOut:
    found = await changing.readable_booking(tx, taxpayer_id=edge.taxpayer_id, booking_id=booking_id)
    return shape_outcome(await booking.outcome_of(tx, found, edge.clock))


@router.get("/bookings")
async def list_bookings(edge: Edge = may("appointments.book")) -> list[BookingOut]:
    """The taxpayer's bookings, the latest first."""
    async with edge.statement() as tx:
        found = await changing.bookings_of(tx, taxpayer_id=edge.taxpayer_id, clock=edge.clock)
    return [shape_outcome(one) for one in found]


@router.post("/bookings", status_code=201)
async def book(
    given: BookingIn,
    edge: Edge = may("appointments.book", records="appointments.appointment_booked", rate="60/minute"),
) -> BookingOut:
    """Book a time; when it is full, stand on the waiting list. Asking again for the same gives the same."""
    async with edge.transaction() as tx:
        told = await booking.book(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            taxpayer_id=edge.taxpayer_id,
            office_code=given.office_code,
            topic_text=given.topic,
            day=given.day,
            time=given.time,
            is_flexible=given.is_flexible,
        )
    return shape_outcome(told)


@router.get("/bookings/{booking_id}")
async def read_booking(booking_id: UUID, edge: Edge = may("appointments.book")) -> BookingOut:
    """One booking as it stands now."""
    async with edge.statement() as tx:
        return await _shown(tx, edge, booking_id)


@router.post("/bookings/{booking_id}/move")
async def move(
    booking_id: UUID, given: MoveIn, edge: Edge = may("appointments.book", records="appointments.appointment_moved")
) -> BookingOut:
    """Move to a time that has a place; when it is full nothing changes."""
    async with edge.transaction() as tx:
        told = await changing.move(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            taxpayer_id=edge.taxpayer_id,
            booking_id=booking_id,
            day=given.day,
            time=given.time,
        )
    return shape_outcome(told)


@router.post("/bookings/{booking_id}/cancellation")
async def cancel(
    booking_id: UUID,
    given: CancelIn,
    edge: Edge = may("appointments.book", records="appointments.appointment_cancelled"),
) -> BookingOut:
    """Give it back: the first who waits for the time has it at once."""
    async with edge.transaction() as tx:
        await changing.cancel(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            taxpayer_id=edge.taxpayer_id,
            booking_id=booking_id,
            reason=given.reason,
        )
        return await _shown(tx, edge, booking_id)


@router.post("/bookings/{booking_id}/check-in")
async def check_in(
    booking_id: UUID, edge: Edge = may("appointments.book", records="appointments.checked_in")
) -> TicketOut:
    """Say that one is here; gives a ticket."""
    async with edge.transaction() as tx:
        found = await queueing.check_in(
            tx, actor=edge.actor, clock=edge.clock, taxpayer_id=edge.taxpayer_id, booking_id=booking_id
        )
    return shape_ticket(found)


@router.post("/tickets", status_code=201)
async def take_ticket(
    given: TicketIn, edge: Edge = may("appointments.book", records="appointments.ticket_taken", rate="30/minute")
) -> TicketOut:
    """Take a number for today from wherever one is."""
    async with edge.transaction() as tx:
        found = await queueing.take_ticket(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            taxpayer_id=edge.taxpayer_id,
            office_code=given.office_code,
            topic_text=given.topic,
        )
    return shape_ticket(found)


@router.get("/tickets/own")
async def read_ticket(edge: Edge = may("appointments.book")) -> TicketPlace:
    """The open ticket with how many are ahead now."""
    async with edge.statement() as tx:
        found = await queueing.own_ticket(tx, actor=edge.actor, clock=edge.clock)
    return TicketPlace(ticket=shape_ticket(found) if found else None)


@router.delete("/tickets/own", status_code=204)
async def leave_queue(edge: Edge = may("appointments.book", records="appointments.ticket_left")) -> None:
    """Give the ticket up."""
    async with edge.transaction() as tx:
        await queueing.leave_queue(tx, actor=edge.actor, clock=edge.clock)
