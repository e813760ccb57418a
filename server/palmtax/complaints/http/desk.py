"""Routes of the officers' desk; accepting and answering come through the queue (cases)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Query

from palmtax import identity, registry
from palmtax.complaints.actions import handling, ratings, reports, statistics
from palmtax.complaints.errors import RatingUnknown, ReportUnknown
from palmtax.complaints.schemas import (
    ColleagueOut,
    ComplaintForOfficer,
    ComplaintNoteIn,
    ComplaintPage,
    ExtensionDecisionIn,
    ExtensionIn,
    InformantOut,
    InvestigationIn,
    RatingOut,
    ReportOut,
    State,
    StatisticsOut,
    shape_colleague,
    shape_for_officer,
    shape_rating,
    shape_report,
    shape_statistics,
)
from palmtax.plumbing.database import Tx
from palmtax.plumbing.edge import Edge, Router, may_officer

router = Router(prefix="/api/complaints/desk", tags=["complaints"])
_MONTH = timedelta(days=30)
Day = Annotated[date | None, Query(ge=date(2000, 1, 1), le=date(2100, 1, 1))]


def _covers(edge: Edge, office_code: str) -> bool:
    return registry.covers(edge.actor.hat.office_code or "" if edge.actor.hat else "", office_code)


@router.get("/complaints")
async def list_desk_complaints(
    state: Annotated[list[State] | None, Query()] = None,
    cursor: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    edge: Edge = may_officer("complaints.read"),
) -> ComplaintPage:
    """Complaints of the officer's office and below, without those about the officer; open ones when no state is named."""
    async with edge.statement() as tx:
        found, following = await handling.complaints_for_officer(
            tx, actor=edge.actor, states=list(state or []), before=cursor, limit=limit
        )
    return ComplaintPage(
        complaints=[shape_for_officer(one, edge.clock.today()) for one in found],
        next_cursor=str(following) if following else None,
    )


async def _shown(tx: Tx, edge: Edge, complaint_id: UUID) -> ComplaintForOfficer:
    found, steps = await handling.readable_by_officer(tx, actor=edge.actor, complaint_id=complaint_id)
    people = await identity.people(tx, sorted({*found.investigators, *(one.person_id for one in steps)} - {0}))
    return shape_for_officer(found, edge.clock.today(), steps, people)


@router.get("/complaints/{complaint_id}")
async def read_desk_complaint(complaint_id: UUID, edge: Edge = may_officer("complaints.read")) -> ComplaintForOfficer:
    """One complaint with its whole history."""
    async with edge.statement() as tx:
        return await _shown(tx, edge, complaint_id)


@router.get("/complaints/{complaint_id}/colleagues")
async def list_colleagues(complaint_id: UUID, edge: Edge = may_officer("complaints.handle")) -> list[ColleagueOut]:
    """Who may look into a complaint with the officer: of its office, below it and above it, whom it does not concern."""
    async with edge.statement() as tx:
        complaint, _ = await handling.readable_by_officer(tx, actor=edge.actor, complaint_id=complaint_id)
        found = await handling.colleagues(tx, clock=edge.clock, complaint=complaint)
        offices = await registry.office_names(tx, {one.office_code for one in found})
    return [shape_colleague(one, offices[one.office_code]) for one in found if one.person_id != edge.actor.person_id]


@router.post("/complaints/{complaint_id}/investigation")
async def investigate(
    complaint_id: UUID,
    given: InvestigationIn,
    edge: Edge = may_officer("complaints.handle", records="complaints.investigation_begun"),
) -> ComplaintForOfficer:
    """Say who looks into it: the officer and colleagues."""
    async with edge.transaction() as tx:
        await _shown(tx, edge, complaint_id)
        await handling.investigate(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            taxpayer_id=0,
            subject_id=complaint_id,
            colleague_ids=given.colleague_ids,
        )
        return await _shown(tx, edge, complaint_id)


@router.post("/complaints/{complaint_id}/extension")
async def ask_extension(
    complaint_id: UUID,
    given: ExtensionIn,
    edge: Edge = may_officer("complaints.handle", records="complaints.extension_asked"),
) -> ComplaintForOfficer:
    """Ask for more time, once."""
    async with edge.transaction() as tx:
        await _shown(tx, edge, complaint_id)
        await handling.ask_extension(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            taxpayer_id=0,
            subject_id=complaint_id,
            days=given.days,
            reason=given.reason,
        )
        return await _shown(tx, edge, complaint_id)


@router.post("/complaints/{complaint_id}/extension/decision")
async def decide_extension(
    complaint_id: UUID,
    given: ExtensionDecisionIn,
    edge: Edge = may_officer("complaints.handle", records="complaints.complaint_extended"),
) -> ComplaintForOfficer:
    """Agree to more time, or not; never who asked for it."""
    async with edge.transaction() as tx:
        await _shown(tx, edge, complaint_id)
        await handling.decide_extension(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            taxpayer_id=0,
            subject_id=complaint_id,
            is_agreed=given.is_agreed,
        )
        return await _shown(tx, edge, complaint_id)


async def _rating(tx: Tx, edge: Edge, taxpayer_id: int, rating_id: UUID) -> RatingOut:
    found = await ratings.readable_rating(tx, actor=edge.actor, taxpayer_id=taxpayer_id, rating_id=rating_id)
    if not _covers(edge, found.office_code):
        raise RatingUnknown()
    return shape_rating(found)


@router.get("/ratings/{taxpayer_id}/{rating_id}")
async def read_rating(taxpayer_id: int, rating_id: UUID, edge: Edge = may_officer("complaints.read")) -> RatingOut:
    """One rating, for an officer whom it does not concern."""
    async with edge.statement() as tx:
        return await _rating(tx, edge, taxpayer_id, rating_id)


@router.post("/ratings/{taxpayer_id}/{rating_id}/contact")
async def contact_rater(
    taxpayer_id: int,
    rating_id: UUID,
    given: ComplaintNoteIn,
    edge: Edge = may_officer("complaints.handle", records="complaints.rating_contacted"),
) -> RatingOut:
    """Somebody called; what was said."""
    async with edge.transaction() as tx:
        await _rating(tx, edge, taxpayer_id, rating_id)
        await ratings.contact(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            taxpayer_id=taxpayer_id,
            subject_id=rating_id,
            note=given.note,
        )
        return await _rating(tx, edge, taxpayer_id, rating_id)


@router.get("/reports/{report_id}")
async def open_report(
    report_id: UUID, edge: Edge = may_officer("complaints.reports", records="complaints.report_opened")
) -> ReportOut:
    """What was reported; who reported is not here."""
    async with edge.transaction() as tx:
        found = await reports.open_report(tx, actor=edge.actor, clock=edge.clock, report_id=report_id)
        if not _covers(edge, found.office_code):
            raise ReportUnknown()
    return shape_report(found)


@router.post("/reports/{report_id}/informant")
async def open_informant(
    report_id: UUID,
    given: ComplaintNoteIn,
    edge: Edge = may_officer(
        "complaints.informants", records="complaints.informant_opened", second_factor=True, rate="10/minute"
    ),
) -> InformantOut:
    """Who reported, for a reason that is kept."""
    async with edge.transaction() as tx:
        report = await reports.readable_report(tx, report_id=report_id)
        if not _covers(edge, report.office_code):
            raise ReportUnknown()
        found = await reports.open_informant(
            tx, actor=edge.actor, clock=edge.clock, report_id=report_id, reason=given.note
        )
    return InformantOut.model_validate(asdict(found))


@router.get("/statistics")
async def read_statistics(
    first: Day = None, last: Day = None, edge: Edge = may_officer("complaints.read")
) -> StatisticsOut:
    """Numbers of the officer's office and below; the last thirty days when no days are named."""
    until = last or edge.clock.today()
    async with edge.transaction() as tx:
        found = await statistics.statistics(tx, actor=edge.actor, first=first or until - _MONTH, last=until)
    return shape_statistics(found)
