"""The door for campaigns: tell many at once, only who agreed; take back what waits; say what became of it.

Whether somebody may be told at all is decided here, at the moment of telling; caps, quiet hours, ways and retries are
those of every message.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from palmtax import evidence
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.messaging.actions import inbox
from palmtax.messaging.actions.planning import plan_message
from palmtax.messaging.actions.preferences import unsubscribe
from palmtax.messaging.errors import NotACampaign
from palmtax.messaging.model.campaigning import SUBJECT, Outcome, Rendered, Told, Wish, frames, rendered
from palmtax.messaging.model.messages import Message, at_first
from palmtax.messaging.model.reading import every_template, find_template
from palmtax.messaging.model.templates import Values
from palmtax.messaging.store import campaigning as store
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx

PLANNED_TOGETHER = 50
"""Messages of one job of planning."""
RECALLED_AT_ONCE = 20_000


def rendered_message(template: str, values: Values) -> tuple[Rendered, ...]:
    """The words in both languages and every medium. `ValueError` when they do not fit: the caller checks them first."""
    return rendered(find_template(template), values)


async def campaign_wishes(tx: Tx, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Wish]:
    """What people (taxpayer, person) chose, and for which purposes campaigns may reach them. Two round trips."""
    chosen, given = await store.preferences(tx, pairs), await store.consents(tx, pairs)
    topics: dict[str, str] = {one.purpose: one.topic for one in frames().values()}
    found = {}
    for pair in pairs:
        choice = chosen.get(pair) or at_first()
        agreed = {one for one in given.get(pair, set()) if topics.get(one, "") in choice.topics}
        found[pair] = Wish(choice, frozenset(agreed))
    return found


async def tell_many(
    tx: Tx, *, clock: Clock, template: str, values: Values, campaign_id: UUID, people: Mapping[int, int]
) -> list[Told]:
    """Tell each taxpayer, through the person named, once for a campaign; who has not agreed is not told at all.

    Set-wise: five round trips for a batch, whatever its size; planning follows in jobs of fifty. Twice is once.
    `ValueError` when the template is no frame of campaigns.
    """
    words = frames().get(template)
    if words is None:
        raise ValueError(f"{template} is no frame of campaigns")
    wished = await campaign_wishes(tx, list(people.items()))
    agreed = {one: who for one, who in people.items() if words.purpose in wished[one, who].consents}
    left_out = [Told(one, None, "no_consent") for one in people if one not in agreed]
    if not agreed:
        return left_out
    key, now = f"{SUBJECT}:{campaign_id}", clock.now()
    zh, en = words.render(values, "zh"), words.render(values, "en")
    messages = [
        Message(
            taxpayer_id=one, message_id=uuid7(), template=template, topic=words.topic, title=zh.title, title_en=en.title,
            body=zh.body, body_en=en.body, subject_kind=SUBJECT, subject_id=campaign_id, created_at=now,
        )
        for one in agreed
    ]  # fmt: skip
    added = await store.insert_many(tx, messages, agreed, key=key, values=values)
    before = [one for one in agreed if one not in added]
    known = added | (await store.ids_of_key(tx, before, key) if before else {})
    await _plan_later(tx, campaign_id, list(added.items()))
    return [Told(one, known[one]) for one in agreed] + left_out


async def _plan_later(tx: Tx, campaign_id: UUID, messages: Sequence[tuple[int, UUID]]) -> None:
    for place in range(0, len(messages), PLANNED_TOGETHER):
        some = [[taxpayer_id, str(number)] for taxpayer_id, number in messages[place : place + PLANNED_TOGETHER]]
        await outbox.enqueue(tx, "messaging.plan_many", {"campaign_id": str(campaign_id), "messages": some})


async def plan_of_campaign(tx: Tx, *, clock: Clock, campaign_id: UUID, taxpayer_id: int, message_id: UUID) -> bool:
    """Plan one message of a campaign like any other, unless the campaign was recalled; whether it was planned."""
    await store.hold_subject(tx, campaign_id, alone=False)
    if await store.is_recalled(tx, campaign_id):
        return False
    await plan_message(tx, clock=clock, taxpayer_id=taxpayer_id, message_id=message_id)
    return True


async def recall(tx: Tx, *, clock: Clock, campaign_id: UUID) -> int:
    """From now on nothing of a campaign is planned, and what waits is not handed over; how many deliveries that were.

    At most 20,000 at a time: call again until none is left. What a channel has in hand at this moment it may still hand
    over. Four round trips.
    """
    await store.hold_subject(tx, campaign_id, alone=True)
    await store.recall(tx, campaign_id, clock.now())
    found = await store.waiting(tx, campaign_id, RECALLED_AT_ONCE)
    return await store.withdraw(tx, found, clock.now()) if found else 0


async def outcomes(tx: Tx, messages: Sequence[tuple[int, UUID]], *, template: str, tries: int) -> list[Outcome]:
    """What became of a batch of messages (taxpayer, message) of one template. One round trip."""
    return await store.outcomes(tx, messages, purpose=find_template(template).purpose, tries=tries)


async def complaints_about(tx: Tx, messages: Sequence[tuple[int, UUID]]) -> list[tuple[datetime, str]]:
    """When and in which words people complained of these messages, the last first. One round trip."""
    return await store.complaints(tx, messages)


async def _of_campaign(tx: Tx, actor: Actor, taxpayer_id: int, message_id: UUID) -> Message:
    found = await inbox.readable_message(tx, actor=actor, taxpayer_id=taxpayer_id, message_id=message_id)
    if found.subject_kind != SUBJECT:
        raise NotACampaign()
    return found


async def complain(tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, message_id: UUID, words: str) -> None:
    """A person complains of a campaign's message; once each, with evidence.

    Errors: messaging.message_unknown, messaging.not_a_campaign.
    """
    await _of_campaign(tx, actor, taxpayer_id, message_id)
    known = {"taxpayer_id": taxpayer_id, "message_id": message_id, "person_id": actor.person_id}
    if await store.complain(tx, **known, words=words.strip(), at=clock.now()):  # type: ignore[arg-type]  # named above
        await evidence.append(
            tx,
            actor=actor,
            clock=clock,
            act="messaging.message_complained",
            taxpayer_id=taxpayer_id,
            subject_id=message_id,
            payload={"words": words.strip()},
        )


async def no_more_of_this(tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, message_id: UUID) -> None:
    """A person wants no more of this kind: the consent to its purpose is taken back; twice is once.

    Errors: messaging.message_unknown, messaging.not_a_campaign.
    """
    found = await _of_campaign(tx, actor, taxpayer_id, message_id)
    template = every_template().get(found.template)
    if template is None:
        raise NotACampaign()
    await unsubscribe(tx, clock, taxpayer_id, actor.person_id, template.purpose, actor.request_id)
