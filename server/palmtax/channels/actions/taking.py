"""Working an event off: receipts go to messaging, follows and refusals to identity, allowances are counted, news goes up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from palmtax import identity, messaging
from palmtax.base.clock import Clock
from palmtax.channels.actions import carding, sorting
from palmtax.channels.events import EventReceived
from palmtax.channels.model.incoming import Event, Told
from palmtax.channels.model.manifest import Channel
from palmtax.channels.store import traffic
from palmtax.plumbing.database import Tx
from palmtax.plumbing.outbox import emit, enqueue

DIRECTORIES, DIRECTORY_PAUSE = "identity.compare_directories", timedelta(seconds=1)
"""Members came or left: their directory is compared once for all who did so together."""
_OPENS = {
    "said": "text", "clicked": "menu", "followed": "subscribe", "scanned": "scan", "entered": "enter", "asked": "service",
}  # fmt: skip
CONTACT = "contact"
"""Under this name stands whether a customer of ours (客户联系) has left."""


@dataclass(frozen=True, slots=True)
class CardToClose:
    """A card that was clicked and must change, so that nobody clicks it twice."""

    address: str
    response_code: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody who wrote is answered."""

    address: str
    text: str


class TooEarly(Exception):
    """A receipt of a message that nobody has noted yet: the platform was quicker than our own transaction."""


async def take(
    tx: Tx, *, clock: Clock, channel: Channel, account: str, event_id: UUID, event: Event, received_at: datetime,
    request_id: str = "", is_last: bool = False,
) -> CardToClose | Reply | None:  # fmt: skip
    """Everything one event means; safe to run twice. Gives the card that a click leaves open, or what is to be answered.

    Raises TooEarly for the receipt of an unknown message, or a click on one, unless this is the last look at it.
    """
    await traffic.mark_taken(tx, event_id, clock.now())
    if event.reference and event.stage:
        is_known = await _receipt(tx, clock, channel, account, event, event.stage, received_at)
        if event.kind in ("receipt", "card_clicked") and not is_known and not is_last:
            raise TooEarly
    if event.kind == "receipt":
        return None
    await _allowances(tx, channel, event, received_at)
    person_id = await _person(tx, clock, channel, account, event)
    await sorting.notice(tx, clock=clock, channel=channel, event_id=event_id, event=event, person_id=person_id)
    await emit(tx, EventReceived(channel.name, event_id, event.kind, person_id or 0), request_id)
    if event.theirs == "change_contact":
        await enqueue(tx, DIRECTORIES, {}, key=DIRECTORIES, run_after=DIRECTORY_PAUSE)
    if event.kind == "said" and person_id is not None and channel.manifest.transport == "wecom":
        answer = await messaging.answer_word(tx, clock, person_id=person_id, word=event.said)
        return Reply(event.address, answer) if answer else None
    code = event.more.get("ResponseCode", "") if event.kind == "card_clicked" else ""
    if code and await carding.press(tx, clock, channel, event, code, person_id, request_id):
        return None
    return CardToClose(event.address, code) if code else None


async def _receipt(
    tx: Tx, clock: Clock, channel: Channel, account: str, event: Event, stage: Told, at: datetime
) -> bool:
    """Pass a receipt on; false when nobody knows the message."""
    handed, ours = await traffic.take_receipt(tx, channel.name, event.reference, stage, at), event.more.get("ours", "")
    if handed is None and ours:  # their answer was lost, so only our own number is known
        handed = await traffic.take_receipt(tx, channel.name, ours, stage, at)
    if handed is None:
        return False
    meaning = channel.meaning(event.code) if event.code else None
    if meaning is not None and meaning.means == "address":
        await _unreachable(tx, clock, channel, account, event)
    say, say_en = (meaning.say, meaning.say_en) if meaning else ("", "")
    await messaging.receipt(
        tx, clock, handed.taxpayer_id, handed.delivery_id, stage, at, code=event.code, reason=say, reason_en=say_en
    )
    return True


async def _unreachable(tx: Tx, clock: Clock, channel: Channel, account: str, event: Event) -> None:
    """The receipt says that the person can never be reached there."""
    family, value = family_of(channel), event.address
    person_id = await identity.person_of_address(tx, family, account, value) if family and value else None
    if family is not None and person_id is not None:
        await identity.unreachable(
            tx, clock=clock, person_id=person_id, family=family, app_id=account, value=value, code=event.code
        )


async def _allowances(tx: Tx, channel: Channel, event: Event, at: datetime) -> None:
    """What the person now lets us send: windows of customer service, subscriptions accepted or refused."""
    opened = _OPENS.get(event.kind)
    for window in channel.manifest.windows:
        if window.after == opened and event.address:
            until = at + timedelta(seconds=window.seconds)
            await traffic.allow(
                tx, channel.name, event.address, window.after, left=window.messages, adds=False, until=until, at=at
            )
    if event.theirs == "change_external_contact" and event.address:
        if event.kind == "unfollowed":
            await traffic.refuse(tx, channel.name, event.address, CONTACT, at)
        elif event.more.get("WelcomeCode"):
            await traffic.allow(tx, channel.name, event.address, CONTACT, left=1, adds=False, until=None, at=at)
    for template, said in event.choices:
        if said == "accept":
            await traffic.allow(tx, channel.name, event.address, template, left=1, adds=True, until=None, at=at)
        elif said in ("reject", "ban", "filter"):
            await traffic.refuse(tx, channel.name, event.address, template, at)


async def _person(tx: Tx, clock: Clock, channel: Channel, account: str, event: Event) -> int | None:
    """Who it was, if we know; a person who left is not written to until they come back."""
    family, value = family_of(channel), event.address
    if family is None or not value:
        return None
    person_id = await identity.person_of_address(tx, family, account, value)
    if person_id is None:
        return None
    if event.kind == "unfollowed":
        await identity.unreachable(
            tx, clock=clock, person_id=person_id, family=family, app_id=account, value=value, code="unfollowed"
        )
    elif event.kind == "followed":
        await identity.reachable(tx, person_id=person_id, family=family, app_id=account, value=value)
    return person_id


def family_of(channel: Channel) -> identity.Family | None:
    """The family of addresses that the channel reaches people by; none where it needs none."""
    return next((one for one in identity.FAMILIES if one == channel.manifest.family), None)
