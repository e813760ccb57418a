"""Which menu a follower is shown: by whether we know them, and by the language they read. Remembered, so that the platform is
asked only when somebody turns out to be other than we thought.
"""

from __future__ import annotations

import re
from uuid import UUID

from palmtax import messaging
from palmtax.base.actor import NATURAL_BASE
from palmtax.base.clock import Clock
from palmtax.channels.model.answers import language_of
from palmtax.channels.model.incoming import Event
from palmtax.channels.model.manifest import Channel
from palmtax.channels.model.menus import Follower
from palmtax.channels.store import traffic
from palmtax.plumbing.database import Tx
from palmtax.plumbing.outbox import enqueue

MENU = "menu_shown"
"""Under this name stands, as a number, what a follower's menu was last chosen by."""
_TELLING: frozenset[str] = frozenset({"followed", "unfollowed", "scanned", "clicked", "viewed", "said"})
"""What people do themselves; places come every few seconds and say nothing of this."""
_ENGLISH_WORDS = re.compile(r"[A-Za-z]{2,}[ ,.'-]+[A-Za-z]{2,}")


def says_english(text: str) -> bool | None:
    """Whether who writes this reads English; none when it does not say. One abbreviation is no English.

    >>> says_english("raise my quota"), says_english("发票 VAT"), says_english("VAT"), says_english("8")
    (True, False, None, None)
    """
    if _ENGLISH_WORDS.search(text):
        return language_of(text) == "en"
    return False if language_of(text, "en") == "zh" else None


async def notice(
    tx: Tx, *, clock: Clock, channel: Channel, event_id: UUID, event: Event, person_id: int | None
) -> None:
    """Want another menu for somebody who turns out to be other than we thought. None to three round trips."""
    if not channel.manifest.menus or not event.address or event.kind not in _TELLING:
        return
    if event.kind == "unfollowed":  # the platform takes their tags
        await keep(tx, clock=clock, channel=channel, address=event.address, who=Follower())
        return
    before = await known(tx, channel=channel, address=event.address)
    said = says_english(event.said) if event.kind == "said" else None
    reads_english = before.reads_english if said is None else said
    if person_id is not None and not reads_english:
        reads_english = await _wishes_english(tx, person_id)
    if Follower(person_id is not None, reads_english) != before:
        told = {"event_id": str(event_id), "reads_english": reads_english}
        await enqueue(tx, "channels.sort_follower", told, key=f"channels.sort_follower:{event_id}")


async def _wishes_english(tx: Tx, person_id: int) -> bool:
    """Whether messages to this person are in English, as they chose."""
    wish = await messaging.preference_of(tx, taxpayer_id=NATURAL_BASE + person_id, person_id=person_id)
    return wish.language == "en"


async def known(tx: Tx, *, channel: Channel, address: str) -> Follower:
    """What their menu was last chosen by. One round trip."""
    found = await traffic.left_of(tx, channel.name, address, MENU)
    return Follower.of(found[0]) if found else Follower()


async def keep(tx: Tx, *, clock: Clock, channel: Channel, address: str, who: Follower) -> None:
    """Remember what their menu was chosen by. One round trip."""
    await traffic.allow(tx, channel.name, address, MENU, left=who.code, adds=False, until=None, at=clock.now())
