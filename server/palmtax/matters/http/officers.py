"""Routes of officers: an application on the desk, opinion, second officer, supplement, many at once."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response

from palmtax.matters.actions import deciding, desk
from palmtax.matters.http.papers import file_response
from palmtax.matters.model import files
from palmtax.matters.model.application import Application
from palmtax.matters.schemas.officers import (
    ApplicationDesk,
    BulkAsk,
    BulkRow,
    ConfirmAsk,
    DecisionsOut,
    OpinionAsk,
    SupplementAsk,
)
from palmtax.plumbing.database import Tx
from palmtax.plumbing.edge import Edge, Router, may_officer
from palmtax.plumbing.settings import ServerSettings

router = Router(prefix="/api/matters", tags=["matters"])
_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {kind: {} for kind in files.MEDIA_TYPES}}}


async def _out(tx: Tx, edge: Edge, one: Application) -> ApplicationDesk:
    return await desk.desk_out(
        tx, one=one, actor=edge.actor, clock=edge.clock, public_url=edge.settings.of(ServerSettings).public_url
    )


@router.get("/cases/{application_id}")
async def read_desk(application_id: UUID, edge: Edge = may_officer("cases.read")) -> ApplicationDesk:
    """An application as the officer works on it."""
    async with edge.transaction() as tx:
        found = await deciding.on_desk(tx, actor=edge.actor, clock=edge.clock, application_id=application_id)
        return await _out(tx, edge, found.one)


@router.get("/cases/{application_id}/papers/{paper_id}", response_class=Response, responses=_FILE)
async def read_desk_paper(
    application_id: UUID,
    paper_id: UUID,
    small: Annotated[bool, Query()] = False,
    edge: Edge = may_officer("cases.read", records="matters.paper_opened"),
) -> Response:
    """A paper of the application; that it was opened, and by whom, is evidence."""
    async with edge.transaction() as tx:
        found = await deciding.on_desk(tx, actor=edge.actor, clock=edge.clock, application_id=application_id)
        file = await desk.open_paper(
            tx, actor=edge.actor, clock=edge.clock, one=found.one, paper_id=paper_id, is_small=small
        )
    return await file_response(edge, file, is_small=small)


@router.post("/cases/{application_id}/opinion")
async def give_opinion(
    application_id: UUID,
    ask: OpinionAsk,
    edge: Edge = may_officer("cases.decide", records="matters.application_approved"),
) -> ApplicationDesk:
    """Yes or no; decides at once unless the matter wants two officers."""
    async with edge.transaction() as tx:
        one = await deciding.give_opinion(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            application_id=application_id,
            outcome=ask.outcome,
            reason=ask.reason,
            case_version=ask.case_version,
        )
        return await _out(tx, edge, one)


@router.post("/cases/{application_id}/confirmation")
async def confirm_opinion(
    application_id: UUID,
    ask: ConfirmAsk,
    edge: Edge = may_officer("cases.decide", records="matters.application_approved"),
) -> ApplicationDesk:
    """The second officer agrees, or sends it back with a reason."""
    async with edge.transaction() as tx:
        one = await deciding.confirm(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            application_id=application_id,
            is_agreed=ask.is_agreed,
            reason=ask.reason,
            case_version=ask.case_version,
        )
        return await _out(tx, edge, one)


@router.post("/cases/{application_id}/supplement")
async def ask_supplement(
    application_id: UUID,
    ask: SupplementAsk,
    edge: Edge = may_officer("cases.decide", records="matters.supplement_asked"),
) -> ApplicationDesk:
    """Ask the taxpayer for more."""
    async with edge.transaction() as tx:
        one = await deciding.ask_supplement(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            application_id=application_id,
            text=ask.text,
            asks=ask.asks,
            papers=ask.papers,
            days=ask.days,
            case_version=ask.case_version,
        )
        return await _out(tx, edge, one)


@router.post("/decisions")
async def decide_many(
    ask: BulkAsk,
    preview: Annotated[bool, Query()] = False,
    edge: Edge = may_officer("cases.decide", records="matters.application_approved", rate="30/minute"),
) -> DecisionsOut:
    """One decision over many applications; `?preview=true` says beforehand what would happen to each."""
    rows = []
    async with edge.transaction() as tx:
        for application_id in dict.fromkeys(ask.application_ids):
            against = await deciding.decide_one_of_many(
                tx,
                actor=edge.actor,
                clock=edge.clock,
                application_id=application_id,
                outcome=ask.outcome,
                reason=ask.reason,
                is_preview=preview,
            )
            told = against or {"code": "", "text": "", "text_en": ""}
            rows.append(BulkRow(application_id=application_id, is_ok=against is None, **told))
    return DecisionsOut(is_preview=preview, rows=rows)
