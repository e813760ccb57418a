"""Routes of the inbox."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query

from palmtax.messaging.actions import preferences, telling
from palmtax.messaging.schemas import (
    MessageOut,
    MessagePage,
    PreferenceIn,
    PreferenceOut,
    shape_message,
    shape_preference,
)
from palmtax.plumbing.edge import Edge, Router, may

router = Router(prefix="/api/messaging", tags=["messaging"])


@router.get("/messages")
async def list_messages(
    topic: Annotated[str | None, Query(max_length=40)] = None,
    unread: bool = False,
    cursor: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    edge: Edge = may("messaging.read"),
) -> MessagePage:
    """The taxpayer's messages, newest first, with this person's read marks."""
    async with edge.statement() as tx:
        found, following, count = await telling.inbox(
            tx,
            actor=edge.actor,
            taxpayer_id=edge.taxpayer_id,
            topic=topic,
            is_unread=unread,
            before=cursor,
            limit=limit,
        )
    return MessagePage(
        messages=[shape_message(one) for one in found],
        next_cursor=str(following) if following else None,
        unread=count,
    )


@router.get("/messages/{message_id}")
async def read_message(message_id: UUID, edge: Edge = may("messaging.read")) -> MessageOut:
    """One message; looking at it is not yet a receipt."""
    async with edge.statement() as tx:
        found = await telling.readable_message(
            tx, actor=edge.actor, taxpayer_id=edge.taxpayer_id, message_id=message_id
        )
    return shape_message(found)


@router.post("/messages/{message_id}/reading")
async def keep_reading(
    message_id: UUID, edge: Edge = may("messaging.read", records="messaging.message_read")
) -> MessageOut:
    """This person has opened the message; the first time counts."""
    async with edge.transaction() as tx:
        found = await telling.read(
            tx, actor=edge.actor, clock=edge.clock, taxpayer_id=edge.taxpayer_id, message_id=message_id
        )
    return shape_message(found)


@router.get("/preferences")
async def read_preferences(edge: Edge = may("messaging.read")) -> PreferenceOut:
    """What this person wishes to be told about this taxpayer."""
    async with edge.statement() as tx:
        wish = await preferences.preference_of(tx, taxpayer_id=edge.taxpayer_id, person_id=edge.actor.person_id)
    return shape_preference(wish)


@router.put("/preferences")
async def set_preferences(
    given: PreferenceIn, edge: Edge = may("messaging.read", records="messaging.preferences_set")
) -> PreferenceOut:
    """Choose topics and ways."""
    async with edge.transaction() as tx:
        wish = await preferences.set_preferences(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            taxpayer_id=edge.taxpayer_id,
            topics=given.topics,
            ways=given.ways,
        )
    return shape_preference(wish)
