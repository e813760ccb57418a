"""Cards of officers out there: written down when sent, pressed, and changed to what is true now.

What a card shows and what a tap does is said by the domain that owns the thing (`messaging.register_card`); here is only
how a chat is kept right. A platform gives one code when a card is sent and one with each tap, each good once for 72
hours, so a card is only touched when what stands on it is no longer true.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from palmtax import identity, messaging
from palmtax.base.actor import NATURAL_BASE
from palmtax.base.clock import Clock
from palmtax.channels.model.incoming import Event
from palmtax.channels.model.manifest import Channel
from palmtax.channels.model.outgoing import CardOut
from palmtax.channels.model.places import into_workbench
from palmtax.channels.store import cards as store
from palmtax.plumbing.database import Tx
from palmtax.plumbing.outbox import enqueue

OPEN = messaging.Words("打开", "Open")


def card_of(base: str, delivery: messaging.Delivery, channel: Channel) -> CardOut | None:
    """The card of a delivery in its person's language; none where it has none or the channel shows none."""
    if delivery.card is None or delivery.subject_id is None or channel.manifest.transport != "wecom":
        return None
    return said(base, delivery.card, channel, delivery.language, delivery.subject_kind, delivery.subject_id)


def said(base: str, card: messaging.Card, channel: Channel, language: str, kind: str, subject_id: UUID) -> CardOut:
    """A card in one language, with the way into the workbench that its chat opens."""
    return CardOut(
        kind=kind,
        subject_id=subject_id,
        title=card.title.of(language),
        standing=card.standing.of(language),
        facts=tuple((name.of(language), value.of(language)) for name, value in card.facts),
        buttons=tuple((one.key, one.words.of(language), one.is_main) for one in card.buttons),
        open_words=OPEN.of(language),
        link=into_workbench(base, card.link, channel.manifest.family),
    )


async def keep(
    tx: Tx,
    card: CardOut,
    channel: Channel,
    taxpayer_id: int,
    delivery_id: UUID,
    person_id: int,
    code: str,
    at: datetime,
) -> None:
    """A card was handed over: from now on it is kept true, while there is a code to change it by."""
    kept = store.Kept(
        card.subject_id, delivery_id, channel.name, card.kind, taxpayer_id, person_id, [code] if code else [],
        card.digest, "", "", "",
    )  # fmt: skip
    await store.keep(tx, kept, at)
    # the thing may have moved while the card was under way
    await enqueue(tx, "channels.refresh_cards", _job(card.kind, card.subject_id))


async def want_refresh(tx: Tx, *, kind: str, subject_id: UUID, request_id: str = "") -> None:
    """Something happened to a thing: its cards are looked at, if it has any. One or two round trips."""
    if await store.has_any(tx, subject_id):
        await enqueue(tx, "channels.refresh_cards", _job(kind, subject_id), request_id=request_id)


def _job(kind: str, subject_id: UUID) -> dict[str, str]:
    return {"subject_kind": kind, "subject_id": str(subject_id)}


async def press(
    tx: Tx, clock: Clock, channel: Channel, event: Event, code: str, person_id: int | None, request_id: str
) -> bool:
    """A button was pressed: done with the person's own authority, answered on the card. False: it is no card of ours."""
    handed = await store.handed(tx, channel.name, event.reference) if event.reference else None
    if handed is None:
        return False
    taxpayer_id, delivery_id = handed
    pressed = await messaging.press_card(
        tx, clock, taxpayer_id=taxpayer_id, delivery_id=delivery_id, person_id=person_id,
        button=event.choice, channel="wecom" if channel.manifest.family == "wecom" else "gov_wechat",
        request_id=request_id,
    )  # fmt: skip
    if pressed is None:
        return False
    kind, subject_id, answer = pressed
    owner = taxpayer_id - NATURAL_BASE
    card = await messaging.face(tx, clock, kind, owner, subject_id)
    kept = store.Kept(
        subject_id, delivery_id, channel.name, kind, taxpayer_id, owner, [code], "", answer.zh, answer.en, _standing(card),
    )  # fmt: skip
    await store.note_answer(tx, kept, clock.now())
    await enqueue(tx, "channels.refresh_cards", _job(kind, subject_id), request_id=request_id)
    return True


def _standing(card: messaging.Card | None) -> str:
    """How a thing stands, whatever the language: an answer is shown as long as it stands so."""
    return f"{card.standing.en}:{','.join(one.key for one in card.buttons)}" if card else ""


@dataclass(frozen=True, slots=True)
class Change:
    """A card to be changed: where, for whom, by which code, to what."""

    kept: store.Kept
    channel: Channel
    address: str
    code: str
    card: CardOut


@dataclass(frozen=True, slots=True)
class Looked:
    """The cards about a thing that are to be changed now; `is_busy`: another process changes one, look again."""

    changes: list[Change]
    is_busy: bool


async def look(
    tx: Tx,
    *,
    clock: Clock,
    channels: Mapping[str, Channel],
    accounts: Mapping[str, str],
    base: str,
    kind: str,
    subject_id: UUID,
) -> Looked:
    """The cards about a thing that do not show what is true now, taken for half a minute each."""
    changes, is_busy, now = [], False, clock.now()
    for kept in await store.about(tx, subject_id, now):
        channel = channels.get(kept.channel)
        face = await messaging.face(tx, clock, kind, kept.person_id, subject_id) if channel else None
        if channel is None or face is None:
            continue
        address = await _address(tx, channel, accounts.get(channel.name, ""), kept.person_id)
        language = await messaging.office_language(tx, person_id=kept.person_id)
        card = said(base, face, channel, language, kind, subject_id)
        if kept.answer_to == _standing(face):
            card = replace(card, answer=kept.answer_en if language == "en" else kept.answer)
        if not address or _shown(card) == kept.shown:
            continue
        if await store.take(tx, kept, now):
            changes.append(Change(kept, channel, address, kept.codes[-1], card))
        else:
            is_busy = True
    return Looked(changes, is_busy)


def _shown(card: CardOut) -> str:
    return f"{card.digest}:{card.answer}" if card.answer else card.digest


async def _address(tx: Tx, channel: Channel, account: str, person_id: int) -> str:
    """Where the person has the card; empty when they gave the address up."""
    found = await identity.addresses(tx, [person_id], [f for f in identity.FAMILIES if f == channel.manifest.family])
    return next((one.value for one in found if one.app_id == account), "")


async def settle(tx: Tx, change: Change, *, is_shown: bool) -> None:
    """A code was spent: the card shows it, or the platform no longer takes this code."""
    await store.changed(tx, change.kept, code=change.code, shown=_shown(change.card) if is_shown else change.kept.shown)
