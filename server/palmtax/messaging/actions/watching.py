"""Numbers of deliveries for those who watch over them."""

from __future__ import annotations

from datetime import datetime

from palmtax.messaging.model.figures import Progress, Waiting
from palmtax.messaging.store import figures as store
from palmtax.plumbing.database import Tx


async def progress(tx: Tx, since: datetime, until: datetime) -> list[Progress]:
    """How far the messages told between two instants have come by now, by channel and template. One round trip."""
    return await store.progress(tx, since, until)


async def waiting(tx: Tx, now: datetime) -> list[Waiting]:
    """What is due now and not yet handed over, by way. One round trip."""
    return await store.waiting(tx, now)


async def dead_since(tx: Tx, since: datetime) -> int:
    """How many messages died since an instant and still lie with the dead letters. One round trip."""
    return await store.dead(tx, since)
