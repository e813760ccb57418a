"""Routes of officers who look after messages that reached nobody: look, send again, give up with a reason."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query

from palmtax.messaging.actions import rescuing
from palmtax.messaging.model.rescuing import Wanted
from palmtax.messaging.schemas import (
    DeadCount,
    DeadLetterOut,
    DeadLetterPage,
    DealtOut,
    GiveUpIn,
    ResendAllIn,
    ResendIn,
    ResentOut,
    shape_dead,
)
from palmtax.plumbing.edge import Edge, Router, may_officer

router = Router(prefix="/api/messaging", tags=["messaging"])
ONE = "/dead-letters/{taxpayer_id}/{delivery_id}"


@router.get("/dead-letters")
async def list_dead_letters(
    code: Annotated[str | None, Query(max_length=60)] = None,
    template: Annotated[str | None, Query(max_length=60)] = None,
    q: Annotated[str, Query(max_length=80)] = "",
    given_up: bool = False,
    cursor: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    edge: Edge = may_officer("messaging.rescue"),
) -> DeadLetterPage:
    """What reached nobody, the newest first, or what was given up: no words of the message, people masked."""
    wanted = Wanted(code, template, q, given_up)
    async with edge.statement() as tx:
        page = await rescuing.dead_letters(tx, wanted=wanted, before=cursor, limit=limit)
    return DeadLetterPage(
        letters=[shape_dead(one) for one in page.letters],
        counts=[
            DeadCount(code=one.code, reason=one.reason, reason_en=one.reason_en, count=one.count) for one in page.counts
        ],
        next_cursor=str(page.following) if page.following else None,
    )


@router.get(f"{ONE}/history")
async def read_history(
    taxpayer_id: int, delivery_id: UUID, edge: Edge = may_officer("messaging.rescue")
) -> list[DealtOut]:
    """What officers did with it, the newest first. Errors: messaging.delivery_unknown."""
    async with edge.statement() as tx:
        found = await rescuing.history(tx, taxpayer_id=taxpayer_id, delivery_id=delivery_id)
    return [DealtOut(act=one.act, at=one.at, by=one.by) for one in found]


@router.post(f"{ONE}/resending")
async def resend_dead_letter(
    taxpayer_id: int,
    delivery_id: UUID,
    given: ResendIn,
    edge: Edge = may_officer("messaging.rescue", records="messaging.delivery_resent"),
) -> DeadLetterOut:
    """Send again, by the same way or another. Errors: messaging.delivery_unknown, messaging.delivery_not_dead."""
    async with edge.transaction() as tx:
        found = await rescuing.resend(
            tx, actor=edge.actor, clock=edge.clock, taxpayer_id=taxpayer_id, delivery_id=delivery_id, way=given.way
        )
    return shape_dead(found)


@router.post(f"{ONE}/giving-up")
async def give_up_dead_letter(
    taxpayer_id: int,
    delivery_id: UUID,
    given: GiveUpIn,
    edge: Edge = may_officer("messaging.rescue", records="messaging.delivery_given_up"),
) -> DeadLetterOut:
    """Leave it, and say why. Errors: messaging.delivery_unknown, messaging.delivery_not_dead."""
    async with edge.transaction() as tx:
        found = await rescuing.give_up(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            taxpayer_id=taxpayer_id,
            delivery_id=delivery_id,
            reason=given.reason,
        )
    return shape_dead(found)


@router.post("/dead-letters/resending")
async def resend_all(
    given: ResendAllIn, edge: Edge = may_officer("messaging.rescue", records="messaging.delivery_resent")
) -> ResentOut:
    """After a fault is mended: send again what failed for this reason, so many at a time."""
    async with edge.transaction() as tx:
        count = await rescuing.resend_all(tx, actor=edge.actor, clock=edge.clock, code=given.code, limit=given.limit)
    return ResentOut(count=count)
