"""The officer's own inbox in the workbench, and what is sent where."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query

from palmtax.messaging.actions import officers
from palmtax.messaging.schemas import (
    OfficeMessagePage,
    OfficeUnread,
    OfficeWishIn,
    OfficeWishOut,
    shape_office_message,
    shape_office_wish,
)
from palmtax.plumbing.edge import Edge, Router, may_person

router = Router(prefix="/api/messaging/office", tags=["messaging"])


@router.get("/messages")
async def list_office_messages(
    unread: bool = False,
    cursor: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    edge: Edge = may_person(),
) -> OfficeMessagePage:
    """What this officer was told, newest first; nobody else sees it."""
    async with edge.statement() as tx:
        found, following, count = await officers.office_inbox(
            tx, actor=edge.actor, is_unread=unread, before=cursor, limit=limit
        )
    return OfficeMessagePage(
        messages=[shape_office_message(one, link) for one, link in found],
        next_cursor=str(following) if following else None,
        unread=count,
    )


@router.get("/unread")
async def count_unread(edge: Edge = may_person()) -> OfficeUnread:
    """How many are unread: asked again and again while the workbench is open. One round trip."""
    async with edge.statement() as tx:
        return OfficeUnread(unread=await officers.unread_count(tx, actor=edge.actor))


@router.post("/messages/{message_id}/reading", status_code=204)
async def read_office_message(message_id: UUID, edge: Edge = may_person(rate="600/minute")) -> None:
    """This officer has opened the message; the first time counts. Errors: messaging.message_unknown."""
    async with edge.transaction() as tx:
        await officers.read_office_message(tx, actor=edge.actor, clock=edge.clock, message_id=message_id)


@router.post("/reading")
async def read_whole_inbox(edge: Edge = may_person(rate="60/minute")) -> OfficeUnread:
    """Everything counts as opened; how many are unread now."""
    async with edge.transaction() as tx:
        await officers.read_whole_inbox(tx, actor=edge.actor, clock=edge.clock)
        return OfficeUnread(unread=await officers.unread_count(tx, actor=edge.actor))


@router.get("/wishes")
async def show_office_wish(edge: Edge = may_person()) -> OfficeWishOut:
    """What this officer is told outside the workbench, and how."""
    async with edge.statement() as tx:
        return shape_office_wish(await officers.office_wish(tx, actor=edge.actor))


@router.put("/wishes")
async def keep_office_wish(told: OfficeWishIn, edge: Edge = may_person(rate="60/minute")) -> OfficeWishOut:
    """Choose it. Errors: messaging.choice_unknown."""
    async with edge.transaction() as tx:
        kept = await officers.set_office_wish(
            tx, actor=edge.actor, clock=edge.clock, topics=told.topics, ways=told.ways, language=told.language,
            is_any_time=told.is_any_time,
        )  # fmt: skip
    return shape_office_wish(kept)
