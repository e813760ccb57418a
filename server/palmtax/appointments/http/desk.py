"""Routes for the officers of a hall: calling numbers, the day's visits, the plan."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from palmtax import registry
from palmtax.appointments.actions import halls, queueing, serving
from palmtax.appointments.errors import HallUnknown
from palmtax.appointments.http.halls import Day, Office
from palmtax.appointments.schemas import (
    CallIn,
    CallOut,
    DeskTicketOut,
    EndingIn,
    HallDayOut,
    PlanIn,
    PlanOut,
    TicketOut,
    shape_call,
    shape_day,
    shape_desk_ticket,
    shape_plan,
    shape_ticket,
)
from palmtax.plumbing.database import Tx
from palmtax.plumbing.edge import Edge, Router, may_officer

router = Router(
    prefix="/api/appointments", tags=["appointments"]
)  # a place in a prefix loses to the front ends’ catch-all


def _check_covers(edge: Edge, office_code: str) -> None:
    """Nothing, when the hall belongs to the officer's office or one below it."""
    own = edge.actor.hat.office_code or "" if edge.actor.hat else ""
    if not registry.covers(own, office_code):
        raise HallUnknown()


async def _plan(tx: Tx, edge: Edge, office_code: str) -> PlanOut:
    one = await halls.hall(tx, office_code)
    return shape_plan(one, await halls.planned(tx, office_code), edge.clock.today())


@router.post("/halls/{office_code}/calls")
async def call_next(
    office_code: Office,
    given: CallIn,
    edge: Annotated[Edge, may_officer("appointments.serve", records="appointments.ticket_called")],
) -> CallOut:
    """A window ends with the one before and calls the next."""
    _check_covers(edge, office_code)
    async with edge.transaction() as tx:
        found = await queueing.call_next(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            office_code=office_code,
            window_no=given.window_no,
            desk_codes=given.desks,
            last_was=given.last_was,
        )
    return shape_call(found)


@router.get("/halls/{office_code}/visits")
async def list_visits(
    office_code: Office, day: Day, edge: Annotated[Edge, may_officer("appointments.serve")]
) -> HallDayOut:
    """Who booked or came on a day, and how each desk stands."""
    _check_covers(edge, office_code)
    async with edge.statement() as tx:
        return shape_day(await serving.day_of(tx, clock=edge.clock, office_code=office_code, day=day))


@router.post("/halls/{office_code}/bookings/{booking_id}/check-in")
async def arrive(
    office_code: Office,
    booking_id: UUID,
    edge: Annotated[Edge, may_officer("appointments.serve", records="appointments.checked_in")],
) -> TicketOut:
    """Check in somebody who booked today and stands at the desk; gives a ticket."""
    _check_covers(edge, office_code)
    async with edge.transaction() as tx:
        found = await serving.arrive(
            tx, actor=edge.actor, clock=edge.clock, office_code=office_code, booking_id=booking_id
        )
    return shape_ticket(found)


@router.post("/halls/{office_code}/tickets/{queue_ticket_id}/ending")
async def end_ticket(
    office_code: Office,
    queue_ticket_id: UUID,
    given: EndingIn,
    edge: Annotated[Edge, may_officer("appointments.serve", records="appointments.ticket_ended")],
) -> DeskTicketOut:
    """Served, or not there when called; nobody else is called for it."""
    _check_covers(edge, office_code)
    async with edge.transaction() as tx:
        found = await serving.end(
            tx, actor=edge.actor, clock=edge.clock, office_code=office_code, ticket_id=queue_ticket_id, how=given.how
        )
    return shape_desk_ticket(found)


@router.delete("/halls/{office_code}/tickets/{queue_ticket_id}/ending")
async def undo_ending(
    office_code: Office,
    queue_ticket_id: UUID,
    edge: Annotated[Edge, may_officer("appointments.serve", records="appointments.ending_undone")],
) -> DeskTicketOut:
    """The ending was a slip: back to the window or the queue."""
    _check_covers(edge, office_code)
    async with edge.transaction() as tx:
        found = await serving.undo(
            tx, actor=edge.actor, clock=edge.clock, office_code=office_code, ticket_id=queue_ticket_id
        )
    return shape_desk_ticket(found)


@router.get("/halls/{office_code}/plan")
async def read_plan(office_code: Office, edge: Annotated[Edge, may_officer("appointments.serve")]) -> PlanOut:
    """The hall's windows, places and hours."""
    _check_covers(edge, office_code)
    async with edge.statement() as tx:
        return await _plan(tx, edge, office_code)


@router.put("/halls/{office_code}/plan")
async def set_plan(
    office_code: Office,
    given: PlanIn,
    edge: Annotated[Edge, may_officer("appointments.plan", records="appointments.hall_planned")],
) -> PlanOut:
    """Change windows, places or hours; days that somebody booked already keep their slots."""
    _check_covers(edge, office_code)
    async with edge.transaction() as tx:
        await halls.set_plan(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            office_code=office_code,
            windows=given.windows,
            places=given.places,
            hours=given.hours,
        )
        return await _plan(tx, edge, office_code)
