"""Routes of a taxpayer's applications: begin, write, hand in, follow, take back, rate."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Response

from palmtax.matters.actions import drafting, listing, papering, rating, showing, starting, submitting, withdrawing
from palmtax.matters.actions.hats import standing
from palmtax.matters.model.application import Application
from palmtax.matters.schemas.applications import (
    ApplicationOut,
    ApplicationPage,
    ChangesOut,
    RatingAsk,
    SaveAsk,
    StartAsk,
    SubmitAsk,
    WithdrawAsk,
)
from palmtax.plumbing.database import Tx
from palmtax.plumbing.edge import Edge, Router, may
from palmtax.plumbing.settings import ServerSettings

router = Router(prefix="/api/matters/applications", tags=["matters"])
changes_router = Router(prefix="/api/matters", tags=["matters"])


async def _out(tx: Tx, edge: Edge, one: Application, *, with_problems: bool = False) -> ApplicationOut:
    return await showing.application_out(
        tx,
        one=one,
        actor=edge.actor,
        clock=edge.clock,
        public_url=edge.settings.of(ServerSettings).public_url,
        with_problems=with_problems,
    )


@router.post("")
async def start(ask: StartAsk, edge: Edge = may("matters.use", rate="60/minute")) -> ApplicationOut:
    """Begin a matter, or go on with the open draft of it."""
    async with edge.transaction() as tx:
        one = await starting.start(
            tx, actor=edge.actor, clock=edge.clock, matter_code=ask.matter_code, is_fresh=ask.fresh
        )
        return await _out(tx, edge, one)


@router.get("")
async def list_applications(
    group: Literal["open", "done", "drafts", "discarded"] = "open",
    q: Annotated[str, Query(max_length=60)] = "",
    cursor: Annotated[str | None, Query(max_length=120)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    edge: Edge = may("matters.use"),
) -> ApplicationPage:
    """The taxpayer's applications, newest first."""
    async with edge.transaction() as tx:
        return await listing.page(tx, taxpayer_id=edge.taxpayer_id, group=group, text=q, cursor=cursor, limit=limit)


@router.get("/{application_id}")
async def read(application_id: UUID, edge: Edge = may("matters.use")) -> ApplicationOut:
    """One application whole."""
    async with edge.transaction() as tx:
        one = await starting.readable(tx, taxpayer_id=edge.taxpayer_id, application_id=application_id)
        return await _out(tx, edge, one)


@router.patch("/{application_id}")
async def save(
    application_id: UUID, ask: SaveAsk, edge: Edge = may("matters.use", rate="600/minute")
) -> ApplicationOut:
    """Keep changed answers; all or nothing."""
    async with edge.transaction() as tx:
        one = await drafting.save(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            taxpayer_id=edge.taxpayer_id,
            application_id=application_id,
            version=ask.version,
            changes=ask.answers,
            spent_ms=ask.spent_ms,
            office_code=ask.office_code,
        )
        return await _out(tx, edge, one)


@router.post("/{application_id}/check")
async def check(application_id: UUID, edge: Edge = may("matters.use")) -> ApplicationOut:
    """The application with everything that is still missing or wrong."""
    async with edge.transaction() as tx:
        one = await starting.readable(tx, taxpayer_id=edge.taxpayer_id, application_id=application_id)
        return await _out(tx, edge, one, with_problems=True)


@router.post("/{application_id}/submission")
async def submit(
    application_id: UUID,
    ask: SubmitAsk,
    edge: Edge = may("matters.use", records="matters.application_submitted", rate="60/minute"),
) -> ApplicationOut:
    """Hand in, exactly once."""
    async with edge.transaction() as tx:
        one = await submitting.submit(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            taxpayer_id=edge.taxpayer_id,
            application_id=application_id,
            version=ask.version,
            idempotency_key=ask.idempotency_key,
        )
        return await _out(tx, edge, one)


@router.post("/{application_id}/withdrawal")
async def withdraw(
    application_id: UUID, ask: WithdrawAsk, edge: Edge = may("matters.use", records="matters.application_withdrawn")
) -> ApplicationOut:
    """Take back what is not decided yet."""
    async with edge.transaction() as tx:
        one = await withdrawing.withdraw(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            taxpayer_id=edge.taxpayer_id,
            application_id=application_id,
            reason=ask.reason,
        )
        return await _out(tx, edge, one)


@router.delete("/{application_id}")
async def discard(application_id: UUID, edge: Edge = may("matters.use")) -> ApplicationOut:
    """Discard a draft; restorable for 30 days."""
    async with edge.transaction() as tx:
        one = await drafting.discard(
            tx, actor=edge.actor, clock=edge.clock, taxpayer_id=edge.taxpayer_id, application_id=application_id
        )
        return await _out(tx, edge, one)


@router.post("/{application_id}/restoration")
async def restore(application_id: UUID, edge: Edge = may("matters.use")) -> ApplicationOut:
    """Take a discarded draft back."""
    async with edge.transaction() as tx:
        one = await drafting.restore(
            tx, actor=edge.actor, clock=edge.clock, taxpayer_id=edge.taxpayer_id, application_id=application_id
        )
        return await _out(tx, edge, one)


@router.post("/{application_id}/rating")
async def rate(
    application_id: UUID, ask: RatingAsk, edge: Edge = may("matters.use", records="matters.application_rated")
) -> ApplicationOut:
    """How it was (好差评); a bad one is followed up."""
    async with edge.transaction() as tx:
        one = await rating.rate(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            taxpayer_id=edge.taxpayer_id,
            application_id=application_id,
            stars=ask.stars,
            tags=ask.tags,
            text=ask.text,
        )
        return await _out(tx, edge, one)


@router.get(
    "/{application_id}/summary/pdf", response_class=Response, responses={200: {"content": {"application/pdf": {}}}}
)
async def read_summary(application_id: UUID, edge: Edge = may("matters.use")) -> Response:
    """What was written and handed in, as PDF."""
    async with edge.transaction() as tx:
        one = await starting.readable(tx, taxpayer_id=edge.taxpayer_id, application_id=application_id)
        content = await papering.summary_pdf(tx, one=one, language=edge.language, clock=edge.clock)
    headers = {
        "content-disposition": f'inline; filename="{one.application_no}.pdf"',
        "cache-control": "private, no-store",
        "x-content-type-options": "nosniff",
    }
    return Response(content, media_type="application/pdf", headers=headers)


@changes_router.get("/changes")
async def changes(since: datetime, edge: Edge = may("matters.use")) -> ChangesOut:
    """What changed since an instant, for channels that cannot listen."""
    async with edge.transaction() as tx:
        who = await standing(tx, actor=edge.actor, clock=edge.clock)
        return await listing.changes(tx, taxpayer_id=who.taxpayer_id, since=since, now=edge.clock.now())
