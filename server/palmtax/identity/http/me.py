"""The person signed in: devices, hats, second factor, real name."""

from __future__ import annotations

from uuid import UUID

import structlog

from palmtax.identity import errors
from palmtax.identity.actions import people, sessions
from palmtax.identity.adapters import RealNamePort
from palmtax.identity.http.shapes import after_commit, me_of
from palmtax.identity.schemas import DeviceOut, HatChoice, Me, RealNameIn, SecondFactorIn, SecondFactorOut
from palmtax.plumbing.edge import Edge, Router, may_person
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable

router = Router(prefix="/api/identity", tags=["identity"])
log = structlog.get_logger()


@router.get("/sessions")
async def list_devices(edge: Edge = may_person()) -> list[DeviceOut]:
    """The devices on which I am signed in."""
    async with edge.statement() as tx:
        found = await sessions.devices(tx, actor=edge.actor, clock=edge.clock)
    return [
        DeviceOut(
            session_id=one.session_id,
            name=one.name,
            channel=one.channel,
            signed_in_at=one.signed_in_at,
            last_seen_at=one.last_seen_at,
            is_current=one.session_id == edge.actor.session_id,
        )
        for one in found
    ]


@router.delete("/sessions/current", status_code=204)
async def sign_out(edge: Edge = may_person(records="identity.signed_out")) -> None:
    """Sign out on this device."""
    async with edge.transaction() as tx:
        await sessions.sign_out(tx, actor=edge.actor, clock=edge.clock)


@router.delete("/sessions", status_code=204)
async def sign_out_everywhere(edge: Edge = may_person(records="identity.signed_out_everywhere")) -> None:
    """Sign out on every device, this one too."""
    async with edge.transaction() as tx:
        await sessions.sign_out_everywhere(tx, actor=edge.actor, clock=edge.clock)


@router.delete("/sessions/{session_id}", status_code=204)
async def sign_out_device(session_id: UUID, edge: Edge = may_person(records="identity.signed_out")) -> None:
    """Sign out on one of my devices. Errors: identity.session_unknown."""
    async with edge.transaction() as tx:
        await sessions.sign_out(tx, actor=edge.actor, clock=edge.clock, session_id=session_id)


@router.get("/me")
async def read_me(edge: Edge = may_person()) -> Me:
    """Who I am, the hat I wear, and the others I have."""
    async with edge.statement() as tx:
        return await me_of(tx, edge, edge.actor.person_id, edge.actor.session_id)


@router.post("/hat")
async def choose_hat(choice: HatChoice, edge: Edge = may_person(records="identity.hat_chosen")) -> Me:
    """Put on another hat; the session stays. Errors: identity.hat_unknown."""
    async with edge.transaction() as tx:
        await sessions.put_on_hat(tx, actor=edge.actor, clock=edge.clock, hat_id=choice.hat_id)
        return await me_of(tx, edge, edge.actor.person_id, edge.actor.session_id)


@router.post("/second-factor")
async def prove_second_factor(
    told: SecondFactorIn, edge: Edge = may_person(records="identity.second_factor_proved", rate="20/minute")
) -> SecondFactorOut:
    """Prove it is me again, for ten minutes. Errors: identity.code_wrong, identity.code_locked, identity.code_stale."""
    async with edge.transaction() as tx:
        outcome = await sessions.prove_second_factor(tx, actor=edge.actor, clock=edge.clock, code=told.code)
    return SecondFactorOut(valid_until=after_commit(outcome))


@router.post("/real-name")
async def check_real_name(
    told: RealNameIn, edge: Edge = may_person(records="identity.real_name_checked", rate="10/hour")
) -> Me:
    """Have name and identity number checked against the authority's register.

    Errors: identity.resident_id_malformed, identity.real_name_differs, identity.real_name_done,
    identity.resident_id_taken, identity.real_name_unavailable.
    """
    number, name, actor = people.well_formed_resident_id(told.resident_id), told.name.strip(), edge.actor
    async with edge.statement() as tx:
        must_ask = await people.may_check_real_name(tx, actor=actor, name=name, resident_id=number)
    if must_ask:
        await _ask_register(edge, name, number)
    async with edge.transaction() as tx:
        if must_ask:
            await people.keep_real_name(tx, actor=actor, clock=edge.clock, name=name, resident_id=number)
        return await me_of(tx, edge, actor.person_id, actor.session_id)


async def _ask_register(edge: Edge, name: str, resident_id: str) -> None:
    register: RealNamePort | None = edge.outside.get("real_name")
    if register is None:
        raise errors.RealNameUnavailable()
    try:
        answer = await register.check(name, resident_id)
    except OutsideRefused as refused:
        log.info("identity.real_name_refused", told=refused.code)
        raise errors.RealNameDiffers() from None
    except OutsideUnavailable as fault:
        log.warning("identity.real_name_failed", told=fault.code)
        raise errors.RealNameUnavailable() from None
    if answer != "match":
        raise errors.RealNameDiffers()
