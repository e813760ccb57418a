"""Telling a taxpayer something, once for each key."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.messaging.model.messages import Message
from palmtax.messaging.model.reading import find_template
from palmtax.messaging.model.templates import Values
from palmtax.messaging.store import messages as store
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx
from palmtax.plumbing.limits import Lanes
from palmtax.plumbing.together import Part

LANES = Lanes()
"""A template that is told very often goes behind the others: a campaign holds up nobody's code or deadline."""


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
    matter_code: str | None = None,
) -> UUID:
    """Put a message into the taxpayer's inbox, in the caller's transaction; the same `key` again tells nothing new.

    Both languages are written down as they are said now: a template may change, what was told does not. `values` may
    hold `<name>_en` beside a text. With `for_person_id` only that person sees it; of `matter_code` a
    channel may be switched off for that matter. The worker then plans how it goes
    outside. Gives the id of the message. Two round trips. A template or a value that does not fit raises `ValueError`:
    a mistake of ours.
    """
    message = _message(clock, taxpayer_id, template, values, subject_kind, subject_id, matter_code)
    if await store.insert(tx, message=message, key=key, values=dict(values), for_person_id=for_person_id):
        await outbox.enqueue(tx, "messaging.plan", _to_plan(message), priority=LANES.place(template))
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
    matter_code: str | None = None,
) -> Part:
    """The same as a part of the caller's one statement (`together`), for hot paths."""
    message = _message(clock, taxpayer_id, template, values, subject_kind, subject_id, matter_code)
    row = store.insert_part(message, key=key, values=dict(values), for_person_id=for_person_id)
    return replace(row, then=(outbox.task_part("messaging.plan", _to_plan(message), priority=LANES.place(template)),))


def _to_plan(message: Message) -> dict[str, int | str]:
    return {"taxpayer_id": message.taxpayer_id, "message_id": str(message.message_id)}


def _message(
    clock: Clock, taxpayer_id: int, template: str, values: Values, subject_kind: str, subject_id: UUID | None,
    matter_code: str | None,
) -> Message:  # fmt: skip
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
        matter_code=matter_code,
    )
