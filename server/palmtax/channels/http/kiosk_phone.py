"""Routes for the phone of somebody at a printing kiosk: which machine it is, opening it, leaving it, what was printed."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Path

from palmtax import appointments
from palmtax.channels.actions import kiosks, printing, visits
from palmtax.channels.actions.visits import SCOPE, Shown
from palmtax.channels.adapters.process import process_of
from palmtax.channels.schemas.kiosks import PrintedOut, VisitSeen, shape_printed, shape_seen
from palmtax.plumbing.database import Tx
from palmtax.plumbing.edge import Edge, Router, may, may_person

router = Router(prefix="/api/channels/kiosks", tags=["channels"])
VisitCode = Annotated[
    str,
    Path(
        pattern=r"^(\d{6}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$",
        description="the number in the QR code, or the six digits below it",
    ),
]


async def _seen(tx: Tx, shown: Shown) -> VisitSeen:
    hall = await appointments.hall(tx, shown.kiosk.office_code)
    return shape_seen(shown, (hall.name, hall.name_en))


@router.get("/visits/{visit_code}")
async def look_at_kiosk(visit_code: VisitCode, edge: Edge = may_person(rate="30/minute")) -> VisitSeen:
    """Which machine shows this code. Errors: channels.visit_unknown, channels.visit_taken."""
    async with edge.statement() as tx:
        shown = await visits.look(tx, clock=edge.clock, code=visit_code, person_id=edge.actor.person_id)
        return await _seen(tx, shown)


@router.post("/visits/{visit_id}/confirmation")
async def confirm_visit(
    visit_id: UUID, edge: Edge = may(SCOPE, records="channels.visit_confirmed", rate="20/minute")
) -> VisitSeen:
    """Open the machine for me under the hat I wear.

    Errors: channels.visit_unknown, channels.visit_taken, channels.kiosk_closed.
    """
    known = await process_of(edge.house).memory.known(edge.house.database, edge.clock)
    async with edge.transaction() as tx:
        shown = await visits.confirm(
            tx, actor=edge.actor, clock=edge.clock, visit_id=visit_id, taxpayer_id=edge.taxpayer_id
        )
        kiosks.check_open(known, shown.kiosk.office_code, edge.clock)
        return await _seen(tx, shown)


@router.delete("/visits/{visit_id}", status_code=204)
async def leave_kiosk(visit_id: UUID, edge: Edge = may_person(rate="30/minute")) -> None:
    """End it from the phone; again changes nothing. Errors: channels.visit_unknown."""
    async with edge.transaction() as tx:
        await visits.leave(tx, actor=edge.actor, clock=edge.clock, visit_id=visit_id)


@router.get("/prints")
async def list_prints(edge: Edge = may(SCOPE)) -> list[PrintedOut]:
    """What was printed for the taxpayer at kiosks, newest first; at most fifty."""
    async with edge.statement() as tx:
        found = await printing.prints_of(tx, edge.taxpayer_id)
    return [shape_printed(one) for one in found]
