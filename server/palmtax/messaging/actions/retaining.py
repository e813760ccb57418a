"""Messages whose time is over go, with their deliveries and readings. What is evidence stays: served documents for good."""

from __future__ import annotations

from palmtax.base.clock import Clock
from palmtax.messaging.model.reading import every_template
from palmtax.messaging.store import messages as store
from palmtax.plumbing.database import Tx

BATCH = 500
"""Messages removed in one transaction: short enough that nobody waits for it."""


async def remove_old(tx: Tx, *, clock: Clock, template: str) -> int:
    """Remove one batch of messages of a template that are older than its `keep_days`; how many. Four round trips."""
    before = clock.now() - every_template()[template].keep
    found = await store.old(tx, template=template, before=before, limit=BATCH)
    if found:
        await store.remove(tx, found)
    return len(found)
