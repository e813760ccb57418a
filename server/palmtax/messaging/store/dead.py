"""Queries of dead letters (read all shards: officers and the worker only)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from palmtax.messaging.model.deliveries import Kept
from palmtax.messaging.model.rescuing import DeadCounted, Wanted
from palmtax.messaging.store.deliveries import KEPT, kept_of
from palmtax.plumbing.database import Tx

_DEAD = "d.state = 'dead'"
_GIVEN_UP = "d.state = 'suppressed' and d.code = 'given_up'"


async def page(tx: Tx, *, wanted: Wanted, before: UUID | None, limit: int) -> list[tuple[Kept, str, str]]:
    """Dead letters, or those given up, with the titles of their messages, the newest delivery first. One round trip."""
    columns = ", ".join(f"d.{name}" for name in KEPT.split(", "))
    rows = await tx.fetch(
        f"select {columns}, m.title, m.title_en from messaging_delivery d join messaging_message m"
        " on m.taxpayer_id = d.taxpayer_id and m.message_id = d.message_id where"
        f" {_GIVEN_UP if wanted.is_given_up else _DEAD}"
        " and ($1::text is null or d.code = $1) and ($2::text is null or d.template = $2)"
        " and ($3::uuid is null or d.delivery_id < $3) and ($4 = '' or strpos(lower(m.title), $4) > 0"
        " or strpos(lower(m.title_en), $4) > 0 or strpos(d.delivery_id::text, $4) = 1 or d.taxpayer_id::text = $4)"
        " order by d.delivery_id desc limit $5",
        wanted.code,
        wanted.template,
        before,
        wanted.text.strip().lower(),
        limit,
    )
    return [(kept_of(row), row["title"], row["title_en"]) for row in rows]


async def one(tx: Tx, taxpayer_id: int, delivery_id: UUID) -> Kept | None:
    """A delivery, dead or dealt with. One round trip."""
    row = await tx.fetchrow(
        f"select {KEPT} from messaging_delivery where taxpayer_id = $1 and delivery_id = $2", taxpayer_id, delivery_id
    )
    return kept_of(row) if row else None


async def counts(tx: Tx) -> list[DeadCounted]:
    """How many by reason, most first. One round trip."""
    rows = await tx.fetch(
        "select code, min(reason) as reason, min(reason_en) as reason_en, count(*) as count from messaging_delivery"
        " where state = 'dead' group by code order by count(*) desc, code"
    )
    return [DeadCounted(**dict(row.items())) for row in rows]


async def titles(tx: Tx, kept: Kept) -> tuple[str, str]:
    """The titles of a delivery's message. One round trip."""
    row = await tx.fetchrow(
        "select title, title_en from messaging_message where taxpayer_id = $1 and message_id = $2",
        kept.taxpayer_id,
        kept.message_id,
    )
    return row["title"], row["title_en"]


async def lock_some(tx: Tx, *, code: str, limit: int) -> list[Kept]:
    """The oldest that died of one reason, locked, those another officer holds left out. One round trip and one for each."""
    rows = await tx.fetch(
        "select taxpayer_id, delivery_id from messaging_delivery where state = 'dead' and code = $1"
        " order by changed_at limit $2",
        code,
        limit,
    )
    found = []
    for row in rows:
        kept = await tx.fetchrow(
            f"select {KEPT} from messaging_delivery where taxpayer_id = $1 and delivery_id = $2 and state = 'dead'"
            " for update skip locked",
            row["taxpayer_id"],
            row["delivery_id"],
        )
        if kept is not None:
            found.append(kept_of(kept))
    return found


async def revive(tx: Tx, kept: Sequence[Kept], *, deadlines: Sequence[datetime], now: datetime) -> None:
    """Want them again from now on, with new patience and a new deadline each. One round trip."""
    await tx.execute(
        "update messaging_delivery d set state = 'wanted', tries = 0, next_at = $4, announced_at = null,"
        " deadline_at = k.deadline_at, changed_at = $4 from unnest($1::bigint[], $2::uuid[], $3::timestamptz[])"
        " as k(taxpayer_id, delivery_id, deadline_at) where d.taxpayer_id = k.taxpayer_id"
        " and d.delivery_id = k.delivery_id and d.state = 'dead'",
        [one.taxpayer_id for one in kept],
        [one.delivery_id for one in kept],
        list(deadlines),
        now,
    )
