"""Routes of themes (一件事) and of one person's run of one."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Path

from palmtax.matters.actions import journeys, telling_journeys
from palmtax.matters.schemas.journeys import (
    JourneyAsk,
    JourneyOut,
    JourneySave,
    JourneyStepAsk,
    JourneySubmit,
    ThemeOut,
)
from palmtax.matters.store import journeys as store
from palmtax.matters.store.journeys import Journey
from palmtax.plumbing.database import Tx
from palmtax.plumbing.edge import Edge, Router, may, may_anyone

router = Router(prefix="/api/matters", tags=["matters"])


async def _out(tx: Tx, edge: Edge, one: Journey) -> JourneyOut:
    return await telling_journeys.journey_out(tx, one=one, actor=edge.actor, clock=edge.clock)


@router.get("/themes/{code}")
async def read_theme(code: Annotated[str, Path(max_length=60)], edge: Edge = may_anyone(rate="240/minute")) -> ThemeOut:
    """A theme whole. Errors: matters.theme_unknown."""
    async with edge.transaction() as tx:
        return await telling_journeys.theme_out(tx, actor=edge.actor_or_none, clock=edge.clock, code=code)


@router.post("/journeys")
async def begin_journey(ask: JourneyAsk, edge: Edge = may("matters.use", rate="30/minute")) -> JourneyOut:
    """Begin a theme, once."""
    async with edge.transaction() as tx:
        one = await journeys.begin(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            theme_code=ask.theme_code,
            idempotency_key=ask.idempotency_key,
        )
        return await _out(tx, edge, one)


@router.get("/journeys")
async def list_journeys(edge: Edge = may("matters.use")) -> list[JourneyOut]:
    """The taxpayer's journeys, newest first."""
    async with edge.transaction() as tx:
        return [await _out(tx, edge, one) for one in await store.of_taxpayer(tx, edge.taxpayer_id)]


@router.get("/journeys/{journey_id}")
async def read_journey(journey_id: UUID, edge: Edge = may("matters.use")) -> JourneyOut:
    """One journey whole."""
    async with edge.transaction() as tx:
        one = await journeys.readable(tx, taxpayer_id=edge.taxpayer_id, journey_id=journey_id)
        return await _out(tx, edge, one)


@router.patch("/journeys/{journey_id}")
async def save_journey(journey_id: UUID, ask: JourneySave, edge: Edge = may("matters.use")) -> JourneyOut:
    """Keep answers of the intake."""
    async with edge.transaction() as tx:
        one = await journeys.save(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            taxpayer_id=edge.taxpayer_id,
            journey_id=journey_id,
            version=ask.version,
            changes=ask.answers,
        )
        return await _out(tx, edge, one)


@router.post("/journeys/{journey_id}/submission")
async def submit_journey(
    journey_id: UUID,
    ask: JourneySubmit,
    edge: Edge = may("matters.use", records="matters.journey_submitted", rate="30/minute"),
) -> JourneyOut:
    """Hand the intake in: every matter that can begin begins."""
    async with edge.transaction() as tx:
        one = await journeys.submit(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            taxpayer_id=edge.taxpayer_id,
            journey_id=journey_id,
            version=ask.version,
            idempotency_key=ask.idempotency_key,
        )
        return await _out(tx, edge, one)


@router.post("/journeys/{journey_id}/continuation")
async def continue_journey(journey_id: UUID, edge: Edge = may("matters.use", rate="60/minute")) -> JourneyOut:
    """Begin what can begin now; it would go on by itself too, a moment later."""
    async with edge.transaction() as tx:
        one = await journeys.readable(tx, taxpayer_id=edge.taxpayer_id, journey_id=journey_id, is_locked=True)
        if one.state == "running":
            one = await journeys.go_on(tx, actor=edge.actor, clock=edge.clock, one=one)
        return await _out(tx, edge, one)


@router.post("/journeys/{journey_id}/retry")
async def retry_step(
    journey_id: UUID, ask: JourneyStepAsk, edge: Edge = may("matters.use", rate="30/minute")
) -> JourneyOut:
    """Begin a step anew that failed or was refused."""
    async with edge.transaction() as tx:
        one = await journeys.retry(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            taxpayer_id=edge.taxpayer_id,
            journey_id=journey_id,
            matter_code=ask.matter_code,
        )
        return await _out(tx, edge, one)


@router.post("/journeys/{journey_id}/omission")
async def leave_step_out(
    journey_id: UUID, ask: JourneyStepAsk, edge: Edge = may("matters.use", rate="30/minute")
) -> JourneyOut:
    """Go on without an optional step that did not go through."""
    async with edge.transaction() as tx:
        one = await journeys.leave_out(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            taxpayer_id=edge.taxpayer_id,
            journey_id=journey_id,
            matter_code=ask.matter_code,
        )
        return await _out(tx, edge, one)
