"""Routes of the inbox."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query

from palmtax.messaging.actions import inbox
from palmtax.messaging.schemas import DeliveryOut, MessageOut, MessagePage, shape_delivery, shape_message
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
        found, following, count = await inbox.inbox(
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
        found = await inbox.readable_message(tx, actor=edge.actor, taxpayer_id=edge.taxpayer_id, message_id=message_id)
    return shape_message(found)


@router.post("/messages/{message_id}/reading")
async def keep_reading(
    message_id: UUID, edge: Edge = may("messaging.read", records="messaging.message_read")
) -> MessageOut:
    """This person has opened the message; the first time counts."""
    async with edge.transaction() as tx:
        found = await inbox.read(
            tx, actor=edge.actor, clock=edge.clock, taxpayer_id=edge.taxpayer_id, message_id=message_id
        )
    return shape_message(found)


@router.get("/messages/{message_id}/deliveries")
async def list_deliveries(message_id: UUID, edge: Edge = may("messaging.read")) -> list[DeliveryOut]:
    """How a message reached me: by which ways, when, and why not by others. Errors: messaging.message_unknown."""
    async with edge.statement() as tx:
        found = await inbox.my_deliveries(tx, actor=edge.actor, taxpayer_id=edge.taxpayer_id, message_id=message_id)
    return [shape_delivery(one) for one in found]
