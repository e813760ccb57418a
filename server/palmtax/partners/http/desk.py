"""What officers do: look at applications, find them good, put them live as the second, send back, suspend."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query

from palmtax.partners.actions import applications, webhooks
from palmtax.partners.errors import ApplicationUnknown, RequestWrong
from palmtax.partners.model.application import PartnerApplication
from palmtax.partners.model.scopes import partner_scopes
from palmtax.partners.schemas.consents import PartnerScopeOut, shape_scopes
from palmtax.partners.schemas.desk import (
    DeskApplicationOut,
    DeskApplicationPage,
    DeskApplicationWhole,
    PartnerReasonIn,
    shape_row,
    shape_whole,
)
from palmtax.partners.schemas.developers import RegisteredOut, RegisterIn, shape_registered
from palmtax.partners.schemas.webhooks import shape_endpoint
from palmtax.partners.store import applications as application_store
from palmtax.partners.store import consents, usage
from palmtax.plumbing.database import Tx
from palmtax.plumbing.edge import Edge, Router, may_officer

router = Router(prefix="/api/partners/desk/applications", tags=["partners"])
scopes_router = Router(prefix="/api/partners/desk/scopes", tags=["partners"])
WEEK, SHOWN_DAYS = timedelta(days=7), timedelta(days=14)


async def _rows(tx: Tx, edge: Edge, found: list[PartnerApplication]) -> list[DeskApplicationOut]:
    numbers = [one.application_id for one in found]
    open_ones = await consents.counts(tx, numbers, edge.clock.now())
    called = await usage.totals(tx, numbers, edge.clock.today() - WEEK)
    return [
        shape_row(
            one, me=edge.actor.person_id, consents=open_ones.get(one.application_id, 0),
            called=called.get(one.application_id, (0, 0)),
        )
        for one in found
    ]  # fmt: skip


async def _whole(tx: Tx, edge: Edge, one: PartnerApplication) -> DeskApplicationWhole:
    found = await usage.lately(tx, one.application_id, edge.clock.today() - SHOWN_DAYS)
    ends = [shape_endpoint(end) for end in await webhooks.endpoints_of(tx, application_id=one.application_id)]
    return shape_whole(one, (await _rows(tx, edge, [one]))[0], found, ends)


def place_of(cursor: str | None) -> tuple[datetime, UUID] | None:
    """Where a page goes on. Errors: partners.request_wrong (cursor)."""
    if cursor is None:
        return None
    at, _, number = cursor.partition("~")
    try:
        return datetime.fromisoformat(at), UUID(number)
    except ValueError as wrong:
        raise RequestWrong(what="cursor") from wrong


@scopes_router.get("")
async def list_partner_scopes(edge: Edge = may_officer("partners.read")) -> list[PartnerScopeOut]:
    """Everything that an application may be allowed, in words."""
    del edge
    return shape_scopes(tuple(partner_scopes()))


@router.get("")
async def list_partner_applications(
    state: Literal["sandbox", "review", "live", "suspended"] | None = None,
    q: Annotated[str, Query(max_length=60)] = "",
    cursor: Annotated[str | None, Query(max_length=120)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    edge: Edge = may_officer("partners.read"),
) -> DeskApplicationPage:
    """Applications, those that changed last first."""
    async with edge.statement() as tx:
        found = await application_store.page(tx, state=state, text=q.strip(), before=place_of(cursor), limit=limit + 1)
        rows = await _rows(tx, edge, found[:limit])
    last = found[limit - 1] if len(found) > limit else None
    return DeskApplicationPage(
        applications=rows, cursor=f"{last.changed_at.isoformat()}~{last.application_id}" if last else None
    )


@router.post("", status_code=201)
async def register_application(
    given: RegisterIn, edge: Edge = may_officer("partners.review", records="partners.application_registered")
) -> RegisteredOut:
    """Register an application for a partner; the secret is shown once, to hand over."""
    async with edge.transaction() as tx:
        made, secret = await applications.register(tx, actor=edge.actor, clock=edge.clock, given=given.particulars())
    return shape_registered(made, secret)


@router.get("/{application_id}")
async def read_application(application_id: UUID, edge: Edge = may_officer("partners.read")) -> DeskApplicationWhole:
    """One application with its use and its webhooks."""
    async with edge.statement() as tx:
        one = await application_store.find(tx, application_id)
        if one is None:
            raise ApplicationUnknown()
        return await _whole(tx, edge, one)


@router.post("/{application_id}/review")
async def send_application_to_review(
    application_id: UUID, edge: Edge = may_officer("partners.review", records="partners.application_sent")
) -> DeskApplicationWhole:
    """Ask for review in place of a partner for whom officers registered it."""
    async with edge.transaction() as tx:
        one = await applications.send_to_review(tx, actor=edge.actor, clock=edge.clock, application_id=application_id)
        return await _whole(tx, edge, one)


@router.post("/{application_id}/approval")
async def approve_application(
    application_id: UUID, edge: Edge = may_officer("partners.review", records="partners.application_live")
) -> DeskApplicationWhole:
    """Find it good; as the second officer: put it live."""
    async with edge.transaction() as tx:
        one = await applications.approve(tx, actor=edge.actor, clock=edge.clock, application_id=application_id)
        return await _whole(tx, edge, one)


@router.post("/{application_id}/return")
async def return_application(
    application_id: UUID,
    given: PartnerReasonIn,
    edge: Edge = may_officer("partners.review", records="partners.application_returned"),
) -> DeskApplicationWhole:
    """Send it back to the sandbox with what is to be mended."""
    async with edge.transaction() as tx:
        one = await applications.send_back(
            tx, actor=edge.actor, clock=edge.clock, application_id=application_id, reason=given.reason
        )
        return await _whole(tx, edge, one)


@router.post("/{application_id}/suspension")
async def suspend_application(
    application_id: UUID,
    given: PartnerReasonIn,
    edge: Edge = may_officer("partners.review", records="partners.application_suspended"),
) -> DeskApplicationWhole:
    """Off at once."""
    async with edge.transaction() as tx:
        one = await applications.suspend(
            tx, actor=edge.actor, clock=edge.clock, application_id=application_id, reason=given.reason
        )
        return await _whole(tx, edge, one)
