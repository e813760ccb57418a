"""Routes of filing."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Header, Query, Response

from palmtax.filing import errors
from palmtax.filing.actions import affected, drafting, showing, submitting
from palmtax.filing.actions import home as due
from palmtax.filing.actions.loading import draft_out, readable_draft
from palmtax.filing.schemas import (
    AffectedOut,
    CalendarDay,
    DraftChange,
    DraftOut,
    DraftStart,
    ExplanationOut,
    HomeOut,
    ReturnOut,
    ReturnPage,
    SubmitIn,
    VoidIn,
)
from palmtax.plumbing.edge import Edge, Router, may, may_anyone, may_officer
from palmtax.plumbing.settings import DatabaseSettings
from palmtax.plumbing.together import Engine

router = Router(prefix="/api/filing", tags=["filing"])
_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)
IdempotencyKey = Annotated[str | None, Header(description="8 to 64 letters, digits, - or _; one for each act")]


def _key(given: str | None) -> str:
    if given is None or not _KEY.fullmatch(given):
        raise errors.KeyMissing()
    return given


def _engine(edge: Edge) -> Engine:
    return edge.settings.of(DatabaseSettings).engine


@router.get("/home")
async def read_home(edge: Annotated[Edge, may("filing.read")]) -> HomeOut:
    """What is due, until when, what it will cost."""
    async with edge.statement() as tx:
        return await due.home(tx, taxpayer_id=edge.taxpayer_id, clock=edge.clock)


@router.get("/calendar")
async def read_calendar(
    edge: Annotated[Edge, may_anyone()], year: Annotated[int | None, Query(ge=2023, le=2100)] = None
) -> list[CalendarDay]:
    """Every deadline of a year; years without a published list are computed and say so."""
    return due.calendar(year or edge.clock.today().year)


@router.post("/drafts")
async def start_draft(given: DraftStart, edge: Annotated[Edge, may("filing.write")]) -> DraftOut:
    """Begin the draft of a period, or find the one begun on any channel."""
    async with edge.transaction() as tx:
        loaded = await drafting.start_draft(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            taxpayer_id=edge.taxpayer_id,
            period_code=given.period,
            engine=_engine(edge),
        )
    return draft_out(loaded)


@router.get("/drafts/{draft_id}")
async def read_draft(draft_id: UUID, edge: Annotated[Edge, may("filing.read")]) -> DraftOut:
    """A draft as it comes out today."""
    async with edge.statement() as tx:
        loaded = await readable_draft(tx, taxpayer_id=edge.taxpayer_id, draft_id=draft_id, clock=edge.clock)
    return draft_out(loaded)


@router.patch("/drafts/{draft_id}")
async def change_draft(draft_id: UUID, given: DraftChange, edge: Annotated[Edge, may("filing.write")]) -> DraftOut:
    """Correct fields on top of the version that was seen; 409 filing.draft_changed carries the newer values."""
    async with edge.transaction() as tx:
        loaded = await drafting.change_draft(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            taxpayer_id=edge.taxpayer_id,
            draft_id=draft_id,
            version=given.version,
            corrections=given.corrections,
            engine=_engine(edge),
        )
    return draft_out(loaded)


@router.delete("/drafts/{draft_id}", status_code=204)
async def discard_draft(draft_id: UUID, edge: Annotated[Edge, may("filing.write")]) -> None:
    """Throw a draft away with its corrections; the invoices stay, a new one can be begun at any time."""
    async with edge.transaction() as tx:
        await drafting.discard_draft(tx, taxpayer_id=edge.taxpayer_id, draft_id=draft_id)


@router.get("/drafts/{draft_id}/explanation")
async def explain_draft(draft_id: UUID, edge: Annotated[Edge, may("filing.read")]) -> ExplanationOut:
    """Why this much, line by line with article and rate."""
    async with edge.statement() as tx:
        loaded = await readable_draft(tx, taxpayer_id=edge.taxpayer_id, draft_id=draft_id, clock=edge.clock)
    return showing.explanation_of_draft(loaded)


@router.post("/returns", status_code=201)
async def submit_return(
    given: SubmitIn,
    response: Response,
    edge: Annotated[Edge, may("filing.submit", records="filing.return_submitted")],
    idempotency_key: IdempotencyKey = None,
) -> ReturnOut:
    """Submit what the person saw, exactly once; the same key and content again give the same return (200)."""
    key = _key(idempotency_key)
    async with edge.statement() as tx:
        filed, loaded = await submitting.submit_return(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            taxpayer_id=edge.taxpayer_id,
            idempotency_key=key,
            asked=given,
            engine=_engine(edge),
        )
        if loaded is None:
            response.status_code = 200
        return await showing.accepted_out(tx, filed, loaded, clock=edge.clock)


@router.get("/returns")
async def list_returns(
    edge: Annotated[Edge, may("filing.read")],
    period: Annotated[str | None, Query(max_length=7)] = None,
    cursor: Annotated[str | None, Query(max_length=160)] = None,
    limit: Annotated[int, Query(ge=1, le=50)] = showing.PAGE,
) -> ReturnPage:
    """Accepted, replaced and voided returns, newest first."""
    async with edge.statement() as tx:
        found, following = await showing.returns_of(tx, edge.taxpayer_id, cursor, limit, period=period)
        shown = await showing.returns_out(tx, found, clock=edge.clock)
    return ReturnPage(returns=shown, next_cursor=following)


@router.get("/returns/{return_id}")
async def read_return(return_id: UUID, edge: Annotated[Edge, may("filing.read")]) -> ReturnOut:
    """One return and its place in the history of its period."""
    async with edge.statement() as tx:
        filed = await showing.readable_return(tx, taxpayer_id=edge.taxpayer_id, return_id=return_id)
        return await showing.return_out(tx, filed, clock=edge.clock)


@router.get("/returns/{return_id}/explanation")
async def explain_return(return_id: UUID, edge: Annotated[Edge, may("filing.read")]) -> ExplanationOut:
    """Why this much, as it was computed when the return was accepted."""
    async with edge.statement() as tx:
        filed = await showing.readable_return(tx, taxpayer_id=edge.taxpayer_id, return_id=return_id)
    return showing.explanation_of_return(filed)


@router.post("/returns/{return_id}/amendment")
async def start_amendment(return_id: UUID, edge: Annotated[Edge, may("filing.write")]) -> DraftOut:
    """Begin the amendment of the return that counts, or find the one that was begun."""
    async with edge.transaction() as tx:
        loaded = await drafting.start_amendment(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            taxpayer_id=edge.taxpayer_id,
            return_id=return_id,
            engine=_engine(edge),
        )
    return draft_out(loaded)


@router.post("/returns/{return_id}/void")
async def void_return(
    return_id: UUID,
    given: VoidIn,
    edge: Annotated[Edge, may("filing.submit", records="filing.return_voided")],
    idempotency_key: IdempotencyKey = None,
) -> ReturnOut:
    """Take back an unpaid return; the period is open again."""
    key = _key(idempotency_key)
    async with edge.statement() as tx:
        filed, _ = await submitting.void_return(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            taxpayer_id=edge.taxpayer_id,
            return_id=return_id,
            idempotency_key=key,
            reason=given.reason,
            engine=_engine(edge),
        )
        return await showing.return_out(tx, filed, clock=edge.clock)


@router.get("/affected")
async def list_affected(
    law: Annotated[str, Query(max_length=60, pattern=r"^[a-z][a-z0-9_]*$")],
    first_day: date,
    edge: Annotated[Edge, may_officer("law.read", rate="60/minute")],
    until: date | None = None,
    cursor: Annotated[str | None, Query(max_length=160)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> AffectedOut:
    """Drafts and returns whose period ends in those days and that are computed with that law."""
    asked = affected.Asked(law, first_day, until)
    async with edge.statement() as tx:
        return await affected.affected(tx, actor=edge.actor, clock=edge.clock, asked=asked, cursor=cursor, limit=limit)
