"""Pictures that people sent in a chat lie beside what they were answered."""

from __future__ import annotations

from palmtax.base.clock import Clock
from palmtax.channels.actions.talking import KEPT
from palmtax.channels.store import pictures
from palmtax.channels.store.pictures import Picture
from palmtax.channels.store.traffic import Kept
from palmtax.plumbing.database import Tx


async def is_known(tx: Tx, kept: Kept) -> bool:
    """Whether the picture of an event was fetched, or refused, already. One round trip."""
    return await pictures.one(tx, kept.event.address, kept.event_id) is not None


async def keep(tx: Tx, *, clock: Clock, kept: Kept, name: str, media_type: str, size: int, code: str) -> None:
    """Note a picture under the name its file is kept by, or why there is none."""
    made = Picture(kept.event_id, name, media_type, size, code, clock.now())
    await pictures.keep(tx, kept.event.address, made)


async def forget(tx: Tx, *, clock: Clock) -> None:
    """Drop pictures as long after as what was said with them."""
    await pictures.forget(tx, clock.now() - KEPT)
