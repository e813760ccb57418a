"""Cards of officers: who says what one shows and what a tap does; and the news that one has changed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from palmtax import identity
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.errors import PalmtaxError
from palmtax.messaging.events import CardsChanged
from palmtax.messaging.model.cards import Card, Chat, Words
from palmtax.messaging.store import officers as store
from palmtax.plumbing.database import Tx
from palmtax.plumbing.outbox import emit

Face = Callable[[Tx, Clock, int, UUID], Awaitable[Card | None]]
"""What the card of a thing shows this person now; none when it shows nothing any more."""
Press = Callable[[Tx, Clock, "Tapped"], Awaitable[Words]]
"""Does what a button says, with the officer's own authority, and answers in words; raises what the act refuses."""
Say = Callable[[Tx, Clock, int], Awaitable[str]]
"""Answers a word that an officer wrote."""


@dataclass(frozen=True, slots=True)
class Tapped:
    """A button was pressed: which, about what, by whom, in which chat."""

    person_id: int
    subject_id: UUID
    button: str
    channel: Chat
    request_id: str

    async def actors(self, tx: Tx, clock: Clock) -> list[Actor]:
        """The officer under each of their own hats. One round trip."""
        return await identity.officer_actors(
            tx, clock=clock, person_id=self.person_id, channel=self.channel, request_id=self.request_id
        )


_CARDS: dict[str, tuple[Face, Press]] = {}
_SAYINGS: dict[str, Say] = {}
UNKNOWN = Words("这张卡片已不能操作，请在工作台查看", "This card can no longer be used; look at the workbench")
NOT_YOURS = Words("这张卡片是发给别人的，没有操作", "This card was sent to somebody else; nothing was done")


def register_card(subject_kind: str, face: Face, press: Press) -> None:
    """Messages to officers about things of this kind are cards; the domain that owns the things says so once."""
    _CARDS[subject_kind] = face, press


def register_saying(word: str, answer: Say) -> None:
    """An officer who writes this word in a chat is answered."""
    _SAYINGS[word] = answer


async def card_of(tx: Tx, clock: Clock, row: Mapping[str, Any]) -> Card | None:
    """The card of a message that is about to go out; none where it has none."""
    if row["about_id"] is None:
        return None
    return await face(tx, clock, row["subject_kind"], row["person_id"], row["about_id"])


async def face(tx: Tx, clock: Clock, subject_kind: str, person_id: int, subject_id: UUID) -> Card | None:
    """What a card shows this person now; none where there is nothing to show."""
    known = _CARDS.get(subject_kind)
    return await known[0](tx, clock, person_id, subject_id) if known else None


async def press_card(
    tx: Tx,
    clock: Clock,
    *,
    taxpayer_id: int,
    delivery_id: UUID,
    person_id: int | None,
    button: str,
    channel: Chat,
    request_id: str,
) -> tuple[str, UUID, Words] | None:
    """A card was pressed: do it with the person's own hat, and answer; none when the message was no card of ours.

    What the act refuses is the answer: nothing changed then. Gives what the card is about, and the answer.
    """
    row = await store.about(tx, taxpayer_id, delivery_id)
    if row is None or row["subject_id"] is None or row["subject_kind"] not in _CARDS:
        return None
    kind, subject_id = row["subject_kind"], row["subject_id"]
    if person_id != row["person_id"]:
        return kind, subject_id, NOT_YOURS
    try:
        tap = Tapped(row["person_id"], subject_id, button, channel, request_id)
        return kind, subject_id, await _CARDS[kind][1](tx, clock, tap)
    except PalmtaxError as refused:
        return kind, subject_id, Words(refused.words("zh")[0], refused.words("en")[0])


async def answer_word(tx: Tx, clock: Clock, *, person_id: int, word: str) -> str | None:
    """The answer to what an officer wrote; none when nobody answers this word."""
    known = _SAYINGS.get(word.strip()[:20])
    return await known(tx, clock, person_id) if known else None


async def cards_changed(tx: Tx, *, subject_kind: str, subject_id: UUID, request_id: str = "") -> None:
    """Something happened to the thing: its cards out there are to show what is true now. One round trip."""
    if subject_kind in _CARDS:
        await emit(tx, CardsChanged(subject_kind, subject_id), request_id)
