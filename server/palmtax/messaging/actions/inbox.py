"""The inbox of one person: pages, one message, how it reached them, and that they have read it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from palmtax import evidence
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.messaging.actions.delivering import read_in_inbox
from palmtax.messaging.actions.preferences import preference_of
from palmtax.messaging.actions.serving import note_reading
from palmtax.messaging.errors import MessageUnknown
from palmtax.messaging.model.deliveries import Kept
from palmtax.messaging.model.messages import Message
from palmtax.messaging.model.officers import office_choices
from palmtax.messaging.store import deliveries
from palmtax.messaging.store import messages as store
from palmtax.plumbing.database import Tx


async def inbox(
    tx: Tx, *, actor: Actor, taxpayer_id: int, topic: str | None, is_unread: bool, before: UUID | None, limit: int
) -> tuple[list[Message], UUID | None, int]:
    """A page of the inbox, where the next begins, and how many are unread. Three round trips."""
    wished: Sequence[str] = (await preference_of(tx, taxpayer_id=taxpayer_id, person_id=actor.person_id)).topics
    person = {"taxpayer_id": taxpayer_id, "person_id": actor.person_id}
    topics = [one for one in wished if topic in {None, one}]
    found = await store.page(tx, **person, topics=topics, is_unread=is_unread, before=before, limit=limit + 1)
    following = found[limit - 1].message_id if len(found) > limit else None
    return found[:limit], following, await store.unread(tx, **person, topics=wished)


async def readable_message(tx: Tx, *, actor: Actor, taxpayer_id: int, message_id: UUID) -> Message:
    """One message. Errors: messaging.message_unknown. One round trip."""
    found = await store.readable_message(tx, taxpayer_id=taxpayer_id, person_id=actor.person_id, message_id=message_id)
    if found is None or found.topic in office_choices("topics"):
        raise MessageUnknown()
    return found


async def my_deliveries(tx: Tx, *, actor: Actor, taxpayer_id: int, message_id: UUID) -> list[Kept]:
    """How a message went to the person who asks. Errors: messaging.message_unknown. Two round trips."""
    await readable_message(tx, actor=actor, taxpayer_id=taxpayer_id, message_id=message_id)
    return await deliveries.of_message(tx, taxpayer_id, message_id, actor.person_id)


async def read(tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, message_id: UUID) -> Message:
    """A person has opened a message: the receipt is kept once, with evidence; what still waits outside is not sent.

    Errors: messaging.message_unknown.
    """
    found = await readable_message(tx, actor=actor, taxpayer_id=taxpayer_id, message_id=message_id)
    is_first = await store.read(
        tx, taxpayer_id=taxpayer_id, message_id=message_id, person_id=actor.person_id, at=clock.now()
    )
    if is_first:
        await evidence.append(
            tx,
            actor=actor,
            clock=clock,
            act="messaging.message_read",
            taxpayer_id=taxpayer_id,
            subject_id=message_id,
            payload={"template": found.template, "title": found.title, "body": found.body},
        )
        await read_in_inbox(tx, clock, taxpayer_id, message_id, actor.person_id)
        await note_reading(tx, actor=actor, taxpayer_id=taxpayer_id, message_id=message_id)
    return await readable_message(tx, actor=actor, taxpayer_id=taxpayer_id, message_id=message_id)
