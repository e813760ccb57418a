"""Telling a taxpayer something, and reading it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from palmtax import evidence
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.messaging.actions.preferences import preference_of
from palmtax.messaging.errors import MessageUnknown
from palmtax.messaging.model.messages import Message
from palmtax.messaging.model.templates import Values, find_template
from palmtax.messaging.store import messages as store
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Part


async def tell(
    tx: Tx,
    *,
    clock: Clock,
    taxpayer_id: int,
    template: str,
    values: Values,
    subject_kind: str = "",
    subject_id: UUID | None = None,
    key: str,
    for_person_id: int | None = None,
) -> UUID:
    """Put a message into the taxpayer's inbox, in the caller's transaction; the same `key` again tells nothing new.

    Both languages are written down as they are said now: a template may change, what was told does not. `values` may
    hold `<name>_en` beside a text. With `for_person_id` only that person sees it. Gives the id of the message. One
    round trip. A template or a value that does not fit raises `ValueError`: a mistake of ours.
    """
    message = _message(clock, taxpayer_id, template, values, subject_kind, subject_id)
    if await store.insert(tx, message=message, key=key, values=dict(values), for_person_id=for_person_id):
        return message.message_id
    return await store.id_of_key(tx, taxpayer_id, key) or message.message_id


def message_part(
    *,
    clock: Clock,
    taxpayer_id: int,
    template: str,
    values: Values,
    subject_kind: str = "",
    subject_id: UUID | None = None,
    key: str,
    for_person_id: int | None = None,
) -> Part:
    """The same as a part of the caller's one statement (`together`), for hot paths."""
    message = _message(clock, taxpayer_id, template, values, subject_kind, subject_id)
    return store.insert_part(message, key=key, values=dict(values), for_person_id=for_person_id)


def _message(
    clock: Clock, taxpayer_id: int, template: str, values: Values, subject_kind: str, subject_id: UUID | None
) -> Message:
    words = find_template(template)
    zh, en = words.render(values, "zh"), words.render(values, "en")
    return Message(
        taxpayer_id=taxpayer_id,
        message_id=uuid7(),
        template=template,
        topic=words.topic,
        title=zh.title,
        title_en=en.title,
        body=zh.body,
        body_en=en.body,
        subject_kind=subject_kind,
        subject_id=subject_id,
        created_at=clock.now(),
    )


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
    if found is None:
        raise MessageUnknown()
    return found


async def read(tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, message_id: UUID) -> Message:
    """A person has opened a message: the receipt is kept once, with evidence. Errors: messaging.message_unknown."""
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
    return await readable_message(tx, actor=actor, taxpayer_id=taxpayer_id, message_id=message_id)
