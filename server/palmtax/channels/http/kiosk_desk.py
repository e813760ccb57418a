"""Routes for the officers of a hall: its printing kiosks, their pairing codes, taking one out of use."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Path

from palmtax import registry
from palmtax.channels.actions import kiosks
from palmtax.channels.errors import KioskUnknown
from palmtax.channels.model.kiosks import Kiosk
from palmtax.channels.schemas.kiosks import KioskCodeOut, KioskIn, KioskOut, KioskReasonIn, shape_kiosk
from palmtax.plumbing.edge import Edge, Router, may_officer
from palmtax.plumbing.settings import ServerSettings

router = Router(prefix="/api/channels/kiosks/halls", tags=["channels"])
Office = Annotated[str, Path(pattern=r"^\d{11}$")]


def _check_covers(edge: Edge, office_code: str) -> None:
    """Nothing, when the hall belongs to the officer's office or one below it."""
    own = edge.actor.hat.office_code or "" if edge.actor.hat else ""
    if not registry.covers(own, office_code):
        raise KioskUnknown()


def _code_out(edge: Edge, made: Kiosk, code: str) -> KioskCodeOut:
    page = f"{edge.settings.of(ServerSettings).public_url.rstrip('/')}/workbench/kiosk"
    return KioskCodeOut(kiosk=shape_kiosk(made, edge.clock.now()), pairing_code=code, page_url=page)


@router.get("/{office_code}")
async def list_kiosks(office_code: Office, edge: Edge = may_officer("appointments.serve")) -> list[KioskOut]:
    """The hall's kiosks, those in use first; at most 200."""
    _check_covers(edge, office_code)
    async with edge.statement() as tx:
        found = await kiosks.kiosks_of(tx, office_code)
    return [shape_kiosk(one, edge.clock.now()) for one in found]


@router.post("/{office_code}", status_code=201)
async def register_kiosk(
    office_code: Office,
    given: KioskIn,
    edge: Edge = may_officer("appointments.plan", records="channels.kiosk_registered", rate="30/hour"),
) -> KioskCodeOut:
    """Register a kiosk; its pairing code is shown once.

    Errors: channels.kiosk_unknown, appointments.hall_unknown, channels.kiosk_name_taken.
    """
    _check_covers(edge, office_code)
    async with edge.transaction() as tx:
        made, code = await kiosks.register(
            tx, actor=edge.actor, clock=edge.clock, office_code=office_code, **given.model_dump()
        )
    return _code_out(edge, made, code)


@router.post("/{office_code}/{kiosk_id}/pairing")
async def make_pairing_code(
    office_code: Office,
    kiosk_id: UUID,
    edge: Edge = may_officer("appointments.plan", records="channels.kiosk_code_made", rate="60/hour"),
) -> KioskCodeOut:
    """Another pairing code, for a new machine or a code that was too old.

    Errors: channels.kiosk_unknown, channels.kiosk_revoked.
    """
    _check_covers(edge, office_code)
    async with edge.transaction() as tx:
        made, code = await kiosks.new_code(
            tx, actor=edge.actor, clock=edge.clock, office_code=office_code, kiosk_id=kiosk_id
        )
    return _code_out(edge, made, code)


@router.post("/{office_code}/{kiosk_id}/revocation")
async def revoke_kiosk(
    office_code: Office,
    kiosk_id: UUID,
    given: KioskReasonIn,
    edge: Edge = may_officer("appointments.plan", records="channels.kiosk_revoked"),
) -> KioskOut:
    """Take a kiosk out of use at once. Errors: channels.kiosk_unknown."""
    _check_covers(edge, office_code)
    async with edge.transaction() as tx:
        gone = await kiosks.revoke(
            tx, actor=edge.actor, clock=edge.clock, office_code=office_code, kiosk_id=kiosk_id,
            reason=given.reason.strip(),
        )  # fmt: skip
    return shape_kiosk(gone, edge.clock.now())
