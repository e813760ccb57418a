"""What nobody else sees to: lost news, leases of the dead, deadlines. Run by the clock, safe beside another of its kind."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from palmtax.base.clock import Clock
from palmtax.messaging.actions.delivering import gone_wrong
from palmtax.messaging.actions.planning import announce, died
from palmtax.messaging.model.deliveries import Kept
from palmtax.messaging.store import deliveries as store
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx

TOLD_AGAIN = timedelta(minutes=5)
"""Channels that did not take what they were told of are told again: the news may have been lost."""
BATCH = 200


async def sweep(tx: Tx, *, clock: Clock) -> int:
    """One batch; how many were looked at. Round trips: three, one for each, and up to five more where it has failed."""
    now = clock.now()
    told_before = now - TOLD_AGAIN
    found = await store.overdue(tx, now=now, told_before=told_before, limit=BATCH)
    due = []
    for taxpayer_id, delivery_id in found:
        kept = await store.still_overdue(tx, taxpayer_id, delivery_id, now=now, told_before=told_before)
        if kept is None:
            continue
        if kept.state == "handing":
            await gone_wrong(tx, clock, kept, is_final=False, pause=None, why={"code": "outcome_unknown"})
        elif kept.deadline_at <= now:
            await _expire(tx, clock, kept)
        else:
            due.append(kept)
    await announce(tx, due, now=now)
    return len(found)


async def _expire(tx: Tx, clock: Clock, kept: Kept) -> None:
    await store.move(tx, kept, "dead" if kept.is_must else "expired", now=clock.now(), code="expired")
    if kept.is_must:
        await outbox.emit(tx, died(kept, "expired"))


async def announce_one(tx: Tx, *, clock: Clock, taxpayer_id: int, delivery_id: UUID) -> None:
    """A pause is over: tell channels, when the delivery is still wanted and due. One to three round trips."""
    kept = await store.locked(tx, taxpayer_id, delivery_id)
    if kept is not None and kept.state == "wanted":
        await announce(tx, [kept], now=clock.now())
