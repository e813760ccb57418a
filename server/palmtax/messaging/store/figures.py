"""Counts of deliveries for monitoring (read all shards: the worker and officers only)."""

from __future__ import annotations

from datetime import datetime

from palmtax.messaging.model.figures import Progress, Waiting
from palmtax.plumbing.database import Tx


async def progress(tx: Tx, since: datetime, until: datetime) -> list[Progress]:
    """How far the messages told between two instants have come, by channel and template. One round trip."""
    rows = await tx.fetch(
        "select coalesce(channel, way) as channel, template, count(*)::int as told,"
        " count(*) filter (where handed_at is not null or arrived_at is not null)::int as handed,"
        " count(*) filter (where arrived_at is not null)::int as delivered,"
        " count(*) filter (where read_at is not null)::int as read,"
        " count(*) filter (where state = 'acted')::int as acted,"
        " count(*) filter (where state in ('failed', 'dead', 'expired'))::int as lost"
        " from messaging_delivery where created_at >= $1 and created_at < $2 and state <> 'suppressed'"
        " group by 1, template",
        since,
        until,
    )
    return [Progress(**dict(row.items())) for row in rows]


async def waiting(tx: Tx, now: datetime) -> list[Waiting]:
    """What is due and not yet handed over, by way. One round trip."""
    rows = await tx.fetch(
        "select way, count(*)::int as count, min(case when state = 'handing' then changed_at else next_at end)"
        " as oldest_at from messaging_delivery where next_at is not null and (next_at <= $1 or state = 'handing')"
        " and deadline_at > $1 group by way order by way",
        now,
    )
    return [Waiting(**dict(row.items())) for row in rows]


async def dead(tx: Tx, since: datetime) -> int:
    """How many lie with the dead letters since an instant. One round trip."""
    return int(
        await tx.fetchval("select count(*) from messaging_delivery where state = 'dead' and changed_at >= $1", since)
    )
