"""Routes for those who complain, rate and report; filing itself is a matter."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query

from palmtax.complaints.actions import complaints, reports
from palmtax.complaints.schemas import (
    ComplaintOut,
    KindsOut,
    ReportOut,
    SatisfactionIn,
    WithdrawalIn,
    shape_complaint,
    shape_kinds,
    shape_report,
)
from palmtax.plumbing.edge import Edge, Router, may, may_anyone

router = Router(prefix="/api/complaints", tags=["complaints"])


@router.get("/kinds")
async def list_kinds(edge: Annotated[Edge, may_anyone(rate="120/minute")]) -> KindsOut:
    """Categories with their days, levels and tags of ratings."""
    return shape_kinds(edge.clock.today())


@router.get("/complaints")
async def list_complaints(
    no: Annotated[str | None, Query(max_length=40)] = None, edge: Edge = may("complaints.file")
) -> list[ComplaintOut]:
    """The taxpayer's complaints, newest first; anonymous ones only for who filed them."""
    async with edge.statement() as tx:
        found = await complaints.complaints_of(tx, actor=edge.actor, taxpayer_id=edge.taxpayer_id, complaint_no=no)
    return [shape_complaint(one) for one in found]


@router.get("/complaints/{complaint_id}")
async def read_complaint(complaint_id: UUID, edge: Edge = may("complaints.file")) -> ComplaintOut:
    """One complaint with what happened to it."""
    async with edge.statement() as tx:
        found = await complaints.readable_complaint(
            tx, actor=edge.actor, taxpayer_id=edge.taxpayer_id, complaint_id=complaint_id
        )
        return shape_complaint(found, await complaints.public_steps(tx, found))


@router.post("/complaints/{complaint_id}/withdrawal")
async def withdraw_complaint(
    complaint_id: UUID,
    given: WithdrawalIn,
    edge: Edge = may("complaints.file", records="complaints.complaint_withdrawn"),
) -> ComplaintOut:
    """Take a complaint back."""
    async with edge.transaction() as tx:
        found = await complaints.withdraw(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            taxpayer_id=edge.taxpayer_id,
            complaint_id=complaint_id,
            reason=given.reason,
        )
        return shape_complaint(found, await complaints.public_steps(tx, found))


@router.post("/complaints/{complaint_id}/satisfaction")
async def say_satisfied(
    complaint_id: UUID,
    given: SatisfactionIn,
    edge: Edge = may("complaints.file", records="complaints.satisfaction_given"),
) -> ComplaintOut:
    """Say whether the answer contents; if not, the office above looks at it once more."""
    async with edge.transaction() as tx:
        found = await complaints.say_satisfied(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            taxpayer_id=edge.taxpayer_id,
            complaint_id=complaint_id,
            is_satisfied=given.is_satisfied,
            text=given.text,
        )
        return shape_complaint(found, await complaints.public_steps(tx, found))


@router.get("/reports")
async def list_reports(edge: Edge = may("complaints.file")) -> list[ReportOut]:
    """One's own reports of offences; nobody else finds them."""
    async with edge.statement() as tx:
        found = await reports.own_reports(tx, actor=edge.actor, taxpayer_id=edge.taxpayer_id)
    return [shape_report(one) for one in found]
