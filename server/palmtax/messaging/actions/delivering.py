"""The door for channels: take a delivery, say what came of it, pass receipts on. Twice and out of order does no harm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from palmtax.base.clock import Clock
from palmtax.messaging.actions.cards import card_of
from palmtax.messaging.actions.officers import LINK
from palmtax.messaging.actions.planning import announce, died, readers_of
from palmtax.messaging.model.cards import Card
from palmtax.messaging.model.deliveries import ARRIVED, ENDED, Delivery, Kept, State, after_receipt
from palmtax.messaging.model.messages import Preference, at_first
from palmtax.messaging.model.officers import first_wish
from palmtax.messaging.model.planning import Planned, next_allowed
from palmtax.messaging.model.reading import every_template, find_template
from palmtax.messaging.model.sending import sending
from palmtax.messaging.model.templates import BadTemplate, Template, Words, more
from palmtax.messaging.store import campaigning as of_pairs
from palmtax.messaging.store import deliveries as store
from palmtax.messaging.store import officers as of_officers
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx

FRESH = timedelta(minutes=10)
"""A delivery that waited longer is checked again: the person may no longer act for the taxpayer."""


async def take_deliveries(tx: Tx, clock: Clock, wanted: Sequence[tuple[int, UUID]]) -> list[Delivery]:
    """Take those of these deliveries (taxpayer, number) that are due, for ninety seconds; the rest is over or another's.

    Who takes one and is not heard of again loses it; it is then tried again with `is_repeat`. Two or three round trips,
    and up to two for each that waited long or is a card.
    """
    now = clock.now()
    rows = await store.take(tx, wanted, now)
    wishes = await _wishes(tx, [(row["template"], row["taxpayer_id"], row["person_id"]) for row in rows])
    found = [await _made(tx, clock, row, wish, now) for row, wish in zip(rows, wishes, strict=True)]
    return [one for one in found if one is not None]


async def _made(tx: Tx, clock: Clock, row: Mapping[str, Any], wish: Preference, now: datetime) -> Delivery | None:
    """What a channel needs to know of a delivery that was taken; it dies when it cannot be said any more."""
    code = ""
    if now - row["created_at"] > FRESH and not await _still_reads(tx, clock, row):
        code = "unbound"
    try:
        made = _delivery(row, wish, await card_of(tx, clock, row))
    except BadTemplate:
        code = "words"
    if not code:
        return made
    kept = store.kept_of(row)
    await store.move(tx, kept, "dead", now=now, code=code)
    await outbox.emit(tx, died(kept, code))
    return None


async def _wishes(tx: Tx, told: Sequence[tuple[str, int, int]]) -> list[Preference]:
    """What people chose (template, taxpayer, person), in their order. One or two round trips."""
    templates = [every_template().get(slug) for slug, _, _ in told]
    is_office = [one is not None and one.audience == "officer" for one in templates]
    pairs = [(taxpayer_id, person_id) for _, taxpayer_id, person_id in told]
    people = [pair for pair, office in zip(pairs, is_office, strict=True) if not office]
    officers = [pair[1] for pair, office in zip(pairs, is_office, strict=True) if office]
    chosen = await of_pairs.preferences(tx, people) if people else {}
    by_officers = await of_officers.wishes(tx, officers) if officers else {}
    return [
        (by_officers.get(pair[1]) if office else chosen.get(pair)) or (first_wish(template) if template else at_first())
        for pair, office, template in zip(pairs, is_office, templates, strict=True)
    ]


async def _still_reads(tx: Tx, clock: Clock, row: Mapping[str, Any]) -> bool:
    template = every_template().get(row["template"])
    known = await readers_of(tx, clock, template, row["taxpayer_id"]) if template else []
    return any(one.person_id == row["person_id"] for one in known)


def _link(row: Mapping[str, Any], template: Template) -> str:
    if template.audience == "officer":
        return str(row["values"].get(LINK) or "/workbench/")
    return sending().link(row["subject_kind"], row["subject_id"], row["message_id"])


def _delivery(row: Mapping[str, Any], wish: Preference, card: Card | None) -> Delivery:
    template, values, language = find_template(row["template"]), row["values"], wish.language
    said = Words(row["title_en"], row["body_en"]) if language == "en" else Words(row["title"], row["body"])
    if row["way"] == "email" and not wish.is_elder:
        said = template.render_email(values, language)
    elif wish.is_elder:
        said = template.render(values, language, is_elder=True)
    body = "\n\n".join(part for part in (said.body, more(row["merged"], language)) if part)
    return Delivery(
        taxpayer_id=row["taxpayer_id"],
        delivery_id=row["delivery_id"],
        message_id=row["message_id"],
        person_id=row["person_id"],
        way=row["way"],
        template=template.slug,
        purpose=row["purpose"],
        language=language,
        title=said.title,
        body=body,
        short=template.render_sms(values, language, merged=row["merged"]),
        variables={name: value for name, value in values.items() if name in template.variables},
        shown=template.show_values(values, language),
        fields=template.render_wechat(values, language),
        link=_link(row, template),
        tries=row["tries"],
        is_repeat=row["is_unsure"],
        card=card,
        subject_kind=row["subject_kind"],
        subject_id=row["about_id"],
        matter_code=row["matter_code"] or "",
        due_at=row["announced_at"],
    )


async def handed_over(tx: Tx, clock: Clock, handed: Sequence[tuple[int, UUID, str, str | None]]) -> None:
    """Platforms took these: taxpayer, delivery, channel, the platform's number.

    After a receipt that was quicker only the number is kept. One round trip, and two to three for each such.
    """
    now = clock.now()
    moved = await store.hand(tx, handed, now)
    for taxpayer_id, delivery_id, channel, provider_ref in handed:
        if delivery_id not in moved:
            await _was_quicker(tx, now, taxpayer_id, delivery_id, channel, provider_ref)


async def _was_quicker(
    tx: Tx, now: datetime, taxpayer_id: int, delivery_id: UUID, channel: str, provider_ref: str | None
) -> None:
    kept = await store.locked(tx, taxpayer_id, delivery_id)
    if kept is None or kept.state == "suppressed":
        return
    if kept.state == "handed" or kept.state in ARRIVED:
        await store.note_reference(tx, kept, channel=channel, provider_ref=provider_ref, now=now)
        return
    if kept.state in ENDED:
        await store.suppress_others(tx, kept, now=now)
    await store.move(tx, kept, "handed", now=now, channel=channel, provider_ref=provider_ref)


async def not_handed_over(
    tx: Tx,
    clock: Clock,
    taxpayer_id: int,
    delivery_id: UUID,
    channel: str,
    code: str,
    reason: str,
    reason_en: str,
    is_final: bool,
    next_in_seconds: float | None = None,
    was_tried: bool = True,
) -> None:
    """The channel could not hand it on: again after a pause, by the next way, or to the dead letters.

    Only counts while it is being handed on; what only waits for its turn (`was_tried` false) has not used up a try. Two
    to five round trips.
    """
    kept = await store.locked(tx, taxpayer_id, delivery_id)
    if kept is None or kept.state != "handing":
        return
    pause = timedelta(seconds=next_in_seconds) if next_in_seconds is not None else None
    why = {"channel": channel or None, "code": code or "?", "reason": reason, "reason_en": reason_en}
    await gone_wrong(tx, clock, kept, is_final=is_final, pause=pause, why=why, was_tried=was_tried)


async def gone_wrong(
    tx: Tx,
    clock: Clock,
    kept: Kept,
    *,
    is_final: bool,
    pause: timedelta | None,
    why: Mapping[str, Any],
    was_tried: bool = True,
) -> None:
    """A try came to nothing: wait and try again while there is time and patience, else give this way up."""
    now, patience = clock.now(), sending().pause(kept.tries if was_tried else 1)
    again_at = await _quiet_over(tx, kept, now + (pause if pause is not None else patience or timedelta()))
    if not is_final and patience is not None and again_at < kept.deadline_at:
        await store.move(tx, kept, "wanted", now=now, next_at=again_at, was_tried=was_tried, **why)
        await outbox.enqueue(
            tx,
            "messaging.announce",
            {"taxpayer_id": kept.taxpayer_id, "delivery_id": str(kept.delivery_id)},
            run_after=again_at - now,
        )
        return
    await give_way(tx, clock, kept, why=why)


async def give_way(tx: Tx, clock: Clock, kept: Kept, *, why: Mapping[str, Any]) -> None:
    """This way has failed for good: the next one, or the dead letters. Two to five round trips."""
    now = clock.now()
    if kept.then_ways and now < kept.deadline_at:
        await store.move(tx, kept, "failed", now=now, **why)
        await next_way(tx, clock, kept)
        return
    await store.move(tx, kept, "dead", now=now, **why)
    await outbox.emit(tx, died(kept, why["code"]))


async def next_way(tx: Tx, clock: Clock, kept: Kept, *, deadline_at: datetime | None = None) -> None:
    """Want the same by the way that was planned after this one. Three to five round trips."""
    now, following = clock.now(), kept.then_ways[0]
    planned = Planned(following, "wanted", kept.then_ways[1:], await _quiet_over(tx, kept, now), merged=kept.merged)
    added = await store.add(
        tx,
        taxpayer_id=kept.taxpayer_id,
        message_id=kept.message_id,
        template=kept.template,
        purpose=kept.purpose,
        subject_id=None,
        is_must=kept.is_must,
        planned=[(kept.person_id, planned)],
        deadline_at=deadline_at or kept.deadline_at,
        now=now,
    )
    await announce(tx, added, now=now)


async def _quiet_over(tx: Tx, kept: Kept, at: datetime) -> datetime:
    template = every_template().get(kept.template)
    if template is None:
        return at
    [wish] = await _wishes(tx, [(kept.template, kept.taxpayer_id, kept.person_id)])
    return next_allowed(template, wish, at)


async def receipt(
    tx: Tx,
    clock: Clock,
    taxpayer_id: int,
    delivery_id: UUID,
    state: State,
    at: datetime,
    code: str = "",
    reason: str = "",
    reason_en: str = "",
) -> None:
    """What the platform says became of it: handed, delivered, shown, read, acted, or failed. Never goes backwards.

    One to five round trips.
    """
    kept = await store.locked(tx, taxpayer_id, delivery_id)
    following = after_receipt(kept.state, state) if kept else None
    if kept is None or following is None:
        return
    if following == "failed":
        why = {"code": code or "?", "reason": reason, "reason_en": reason_en}
        await give_way(tx, clock, kept, why=why)
        return
    await store.move(tx, kept, following, now=clock.now(), at=at)
    if following in ARRIVED:
        await store.suppress_others(tx, kept, now=clock.now())


async def read_in_inbox(tx: Tx, clock: Clock, taxpayer_id: int, message_id: UUID, person_id: int) -> None:
    """Opened in the inbox: the delivery there is read, and nothing that still waits outside is needed. One to three trips."""
    kept = await store.of_inbox(tx, taxpayer_id, message_id, person_id)
    if kept is not None and after_receipt(kept.state, "read") == "read":
        await store.move(tx, kept, "read", now=clock.now())
        await store.suppress_others(tx, kept, now=clock.now())
