"""Telling officers something, once for each key; their inbox in the workbench and what they wish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from palmtax.base.actor import NATURAL_BASE, Actor
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.messaging.errors import ChoiceUnknown, MessageUnknown
from palmtax.messaging.model.messages import Message, Preference
from palmtax.messaging.model.officers import office_at_first, office_choices, office_completed
from palmtax.messaging.model.reading import find_template
from palmtax.messaging.model.sending import ANY_TIME
from palmtax.messaging.model.templates import Language, Template, Values
from palmtax.messaging.store import messages
from palmtax.messaging.store import officers as store
from palmtax.messaging.store import wishes as of_taxpayers
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import together

LINK = "link"
"""The place among a message's values where its link is kept."""


async def tell_officers(
    tx: Tx,
    *,
    clock: Clock,
    person_ids: Sequence[int],
    template: str,
    variables: Values,
    key: str,
    subject_kind: str = "",
    subject_id: UUID | None = None,
    link: str = "",
) -> list[int]:
    """Tell officers something in the caller's transaction: the bell of the workbench, and outside as each wishes.

    The template has `audience: officer`; its words hold no names with amounts. The same `key` again tells a person
    nothing new. `link` is an address of the workbench (`/workbench/…`). Where a card is registered for `subject_kind`
    (`register_card`) a chat shows it, with its buttons. Gives those who were told now. Two round trips, whatever the
    number of people. A template or a value that does not fit raises `ValueError`: a mistake of ours.
    """
    if not person_ids:
        return []
    words = find_template(template)
    if words.audience != "officer" or (link and not link.startswith("/workbench/")):
        raise ValueError(f"{template}: officers are told by templates of theirs, with a link into the workbench")
    zh, en = words.render(variables, "zh"), words.render(variables, "en")
    message = Message(
        taxpayer_id=0, message_id=uuid7(), template=template, topic=words.topic, title=zh.title, title_en=en.title,
        body=zh.body, body_en=en.body, subject_kind=subject_kind, subject_id=subject_id, created_at=clock.now(),
    )  # fmt: skip
    told = await store.insert(tx, message, person_ids=person_ids, key=key, values={**variables, LINK: link})
    jobs = [
        outbox.task_part("messaging.plan", {"taxpayer_id": NATURAL_BASE + person_id, "message_id": str(message_id)})
        for person_id, message_id in told.items()
    ]
    if jobs:
        await together(tx, *jobs)
    return sorted(told)


async def wishes_of(
    tx: Tx, template: Template, taxpayer_id: int, person_ids: Sequence[int]
) -> Mapping[int, Preference]:
    """What people chose for messages of this template; who never chose is left out. One round trip."""
    if template.audience == "officer":
        return await store.wishes(tx, person_ids)
    return await of_taxpayers.preferences(tx, taxpayer_id, person_ids)


async def office_wish(tx: Tx, *, actor: Actor) -> Preference:
    """What this officer chose; everything, by the ways that cost nothing, when they never chose. One round trip."""
    return (await store.wishes(tx, [actor.person_id])).get(actor.person_id) or office_at_first()


async def office_language(tx: Tx, *, person_id: int) -> Language:
    """The language in which an officer is told. One round trip."""
    return ((await store.wishes(tx, [person_id])).get(person_id) or office_at_first()).language


async def set_office_wish(
    tx: Tx,
    *,
    actor: Actor,
    clock: Clock,
    topics: Sequence[str],
    ways: Sequence[str],
    language: Language | None = None,
    is_any_time: bool | None = None,
) -> Preference:
    """Keep what this officer wishes; what cannot be left out is put back in. Errors: messaging.choice_unknown."""
    for what, chosen in (("topics", topics), ("ways", ways)):
        known = office_choices(what)
        for code in chosen:
            if code not in known:
                raise ChoiceUnknown(choice=code, known="、".join(known))
    before = await office_wish(tx, actor=actor)
    wish = replace(
        before,
        topics=office_completed("topics", topics),
        ways=office_completed("ways", ways),
        language=language or before.language,
        quiet=before.quiet if is_any_time is None else ANY_TIME if is_any_time else None,
    )
    await store.keep_wish(tx, actor.person_id, wish, clock.now())
    return await office_wish(tx, actor=actor)


def _topics() -> list[str]:
    return list(office_choices("topics"))


async def office_inbox(
    tx: Tx, *, actor: Actor, is_unread: bool, before: UUID | None, limit: int
) -> tuple[list[tuple[Message, str]], UUID | None, int]:
    """A page of what the officer was told, each with its link; where the next begins; how many are unread.

    Three round trips.
    """
    person = {"taxpayer_id": NATURAL_BASE + actor.person_id, "person_id": actor.person_id}
    found = await messages.page(tx, **person, topics=_topics(), is_unread=is_unread, before=before, limit=limit + 1)
    following = found[limit - 1].message_id if len(found) > limit else None
    links = await messages.values(tx, person["taxpayer_id"], [one.message_id for one in found[:limit]])
    page = [(one, str(links[one.message_id].get(LINK, ""))) for one in found[:limit]]
    return page, following, await messages.unread(tx, **person, topics=_topics())


async def unread_count(tx: Tx, *, actor: Actor) -> int:
    """How many messages the officer has not opened. One round trip."""
    person = {"taxpayer_id": NATURAL_BASE + actor.person_id, "person_id": actor.person_id}
    return await messages.unread(tx, **person, topics=_topics())


async def read_office_message(tx: Tx, *, actor: Actor, clock: Clock, message_id: UUID) -> None:
    """The officer has opened a message; what still waits outside is not sent. Errors: messaging.message_unknown."""
    taxpayer_id = NATURAL_BASE + actor.person_id
    found = await messages.readable_message(
        tx, taxpayer_id=taxpayer_id, person_id=actor.person_id, message_id=message_id
    )
    if found is None or found.topic not in office_choices("topics"):
        raise MessageUnknown()
    now = clock.now()
    if await messages.read(tx, taxpayer_id=taxpayer_id, message_id=message_id, person_id=actor.person_id, at=now):
        await store.answered_by_reading(tx, actor.person_id, [message_id], now)


async def read_whole_inbox(tx: Tx, *, actor: Actor, clock: Clock) -> int:
    """Everything counts as opened; how many were not. Two round trips."""
    read = await store.read_all(tx, actor.person_id, _topics(), clock.now())
    if read:
        await store.answered_by_reading(tx, actor.person_id, read, clock.now())
    return len(read)
