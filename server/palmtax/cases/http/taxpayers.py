"""Routes of a taxpayer's file: an officer reads; what is changed is changed through the door of the domain that owns it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query

from palmtax import filing, identity, payment, registry
from palmtax.cases.actions import taxpayers as actions
from palmtax.cases.http import shapes
from palmtax.cases.schemas.taxpayers import (
    ContactOut,
    TaxpayerFile,
    TaxpayerHit,
    TaxpayerHitPage,
    TimelinePage,
)
from palmtax.plumbing.edge import Edge, Router, may_officer

router = Router(prefix="/api/cases", tags=["cases"])
Text = Annotated[str, Query(max_length=100)]
Short = Annotated[str | None, Query(max_length=40)]
Cursor = Annotated[str | None, Query(max_length=200)]


def _hit(hit: actions.Hit) -> TaxpayerHit:
    t = hit.taxpayer
    return TaxpayerHit(
        taxpayer_id=t.taxpayer_id,
        name=t.name,
        uscc=t.uscc,
        kind=t.kind,
        vat_kind=t.vat_kind,
        office_name=t.office_name,
        contact_name_masked=hit.contact.name_masked if hit.contact else "",
        contact_phone_masked=hit.contact.phone_masked if hit.contact else "",
        owed_fen=hit.owed_fen,
        overdue_returns=hit.overdue_returns,
        last_act_at=hit.last_act_at,
    )


@router.get("/taxpayers")
async def search_taxpayers(
    q: Text = "",
    vat_kind: Short = None,
    status: Short = None,
    owed: bool = False,
    sort: Annotated[str, Query(pattern="^-?(name|uscc|registered_on)$")] = "name",
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    edge: Edge = may_officer("cases.read", rate="120/minute"),
) -> TaxpayerHitPage:
    """Find taxpayers by name, USCC or phone mask within the officer's office."""
    async with edge.transaction() as tx:
        hits, following, total = await actions.search(
            tx,
            actor=edge.actor,
            today=edge.clock.today(),
            text=q,
            vat_kind=vat_kind,
            status=status,
            sort=sort,
            cursor=cursor,
            limit=limit,
            is_owing=owed,
        )
    return TaxpayerHitPage(hits=[_hit(h) for h in hits], next_cursor=following, total=total)


@router.get("/taxpayers/{taxpayer_id}")
async def open_taxpayer(
    taxpayer_id: int, edge: Edge = may_officer("cases.read", records="cases.file_opened")
) -> TaxpayerFile:
    """Open a taxpayer's file."""
    async with edge.transaction() as tx:
        hit, contacts = await actions.open_file(tx, actor=edge.actor, clock=edge.clock, taxpayer_id=taxpayer_id)
    return TaxpayerFile(
        taxpayer=registry.taxpayer_out(hit.taxpayer),
        contacts=[_contact(c) for c in contacts],
        owed_fen=hit.owed_fen,
        overdue_returns=hit.overdue_returns,
    )


def _contact(contact: identity.Contact) -> ContactOut:
    zh, en = identity.role_name(contact.role_code)
    return ContactOut(
        name_masked=contact.name_masked,
        phone_masked=contact.phone_masked,
        role_name=zh,
        role_name_en=en,
        valid_until=contact.valid_until,
    )


@router.get("/taxpayers/{taxpayer_id}/timeline")
async def taxpayer_timeline(
    taxpayer_id: int,
    channel: Short = None,
    act: Short = None,
    cursor: UUID | None = None,
    edge: Edge = may_officer("cases.read"),
) -> TimelinePage:
    """What happened on the file, through every channel."""
    async with edge.transaction() as tx:
        entries, people, following = await actions.timeline(
            tx, actor=edge.actor, taxpayer_id=taxpayer_id, before=cursor, channel=channel, act=act, limit=50
        )
    shown = [shapes.entry_out(one, people) for one in entries]
    return TimelinePage(entries=shown, next_cursor=str(following) if following else None)


@router.get("/taxpayers/{taxpayer_id}/returns")
async def taxpayer_returns(
    taxpayer_id: int, cursor: Cursor = None, edge: Edge = may_officer("cases.read")
) -> filing.ReturnPage:
    """The taxpayer's returns, newest first."""
    async with edge.transaction() as tx:
        await actions.readable_taxpayer(tx, edge.actor, taxpayer_id)
        found, following = await filing.returns_of(tx, taxpayer_id=taxpayer_id, cursor=cursor, limit=20)
        return filing.ReturnPage(returns=await filing.returns_out(tx, found, clock=edge.clock), next_cursor=following)


@router.get("/taxpayers/{taxpayer_id}/returns/{return_id}")
async def taxpayer_return(
    taxpayer_id: int, return_id: UUID, edge: Edge = may_officer("cases.read")
) -> filing.ReturnOut:
    """One return as the taxpayer sees it."""
    async with edge.transaction() as tx:
        await actions.readable_taxpayer(tx, edge.actor, taxpayer_id)
        found = await filing.readable_return(tx, taxpayer_id=taxpayer_id, return_id=return_id)
        return await filing.return_out(tx, found, clock=edge.clock)


@router.get("/taxpayers/{taxpayer_id}/returns/{return_id}/explanation")
async def taxpayer_return_explanation(
    taxpayer_id: int, return_id: UUID, edge: Edge = may_officer("cases.read")
) -> filing.ExplanationOut:
    """The same explanation the taxpayer sees, line by line."""
    async with edge.transaction() as tx:
        await actions.readable_taxpayer(tx, edge.actor, taxpayer_id)
        found = await filing.readable_return(tx, taxpayer_id=taxpayer_id, return_id=return_id)
        return filing.explanation_of_return(found)


@router.get("/taxpayers/{taxpayer_id}/drafts")
async def taxpayer_drafts(taxpayer_id: int, edge: Edge = may_officer("cases.read")) -> list[filing.DraftOut]:
    """Drafts in progress, field by field with their origins."""
    async with edge.transaction() as tx:
        await actions.readable_taxpayer(tx, edge.actor, taxpayer_id)
        return await filing.drafts_of(tx, taxpayer_id, clock=edge.clock)


@router.get("/taxpayers/{taxpayer_id}/orders")
async def taxpayer_orders(taxpayer_id: int, edge: Edge = may_officer("cases.read")) -> list[payment.OrderOut]:
    """Payment orders, newest first."""
    async with edge.transaction() as tx:
        await actions.readable_taxpayer(tx, edge.actor, taxpayer_id)
        return await payment.orders_out(tx, taxpayer_id=taxpayer_id)


@router.get("/taxpayers/{taxpayer_id}/ledger")
async def taxpayer_ledger(
    taxpayer_id: int, cursor: Cursor = None, edge: Edge = may_officer("cases.read")
) -> payment.LedgerOut:
    """The double-entry ledger, newest first."""
    async with edge.transaction() as tx:
        await actions.readable_taxpayer(tx, edge.actor, taxpayer_id)
        return await payment.ledger_out(tx, taxpayer_id=taxpayer_id, cursor=cursor)
