"""Queries of what came in and what went out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from palmtax import privacy
from palmtax.channels.model.incoming import Event
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Part

_ABOUT = "channels_event.content"
SILENT_FOR = timedelta(days=7)
"""Older ones were looked at, or lie before the time when somebody looked."""
_ADDRESS = "channels_allowance.address"


@dataclass(frozen=True, slots=True)
class Handed:
    """Whose a platform's number is."""

    provider_ref: str
    channel: str
    taxpayer_id: int
    delivery_id: UUID
    handed_at: datetime
    stage: str
    follow_up: str


@dataclass(frozen=True, slots=True)
class Kept:
    """An event as it was kept."""

    event_id: UUID
    channel: str
    event: Event
    received_at: datetime
    taken_at: datetime | None


async def is_new_nonce(
    tx: Tx, channel: str, nonce: str, digest: str, at: datetime, *, shared_seconds: int = 0
) -> bool | None:
    """True for a fresh nonce, false for the same call again, none for another body under it. One or two round trips.

    Where a time stands for a nonce, another body is let in for `shared_seconds` after the first.
    """
    fresh = await tx.fetchval(
        "insert into channels_nonce (nonce, channel, digest, seen_at) values ($1, $2, $3, $4)"
        " on conflict (nonce, channel) do nothing returning true",
        nonce,
        channel,
        digest,
        at,
    )
    if fresh:
        return True
    known = await tx.fetchrow(
        "select digest, seen_at from channels_nonce where nonce = $1 and channel = $2", nonce, channel
    )
    if known is None or known["digest"] == digest:  # none: it was old, and swept away this very moment
        return False
    return True if (at - known["seen_at"]).total_seconds() < shared_seconds else None


def new_nonce(channel: str, nonce: str, digest: str, at: datetime) -> Part:
    """A nonce that was never seen; unique."""
    return Part(
        "nonce", "insert into channels_nonce (nonce, channel, digest, seen_at) values ($1, $2, $3, $4)",
        (nonce, channel, digest, at),
    )  # fmt: skip


def new_event(channel: str, event_id: UUID, event: Event, at: datetime) -> Part:
    """An event that was never kept; unique."""
    content = privacy.seal_bytes(orjson.dumps(event), _ABOUT)
    return Part(
        "event",
        "insert into channels_event (event_id, channel, kind, theirs, content_sealed, received_at)"
        " values ($1, $2, $3, $4, $5, $6)",
        (event_id, channel, event.kind, event.theirs[:80], content, at),
    )


async def keep_event(tx: Tx, channel: str, event_id: UUID, event: Event, at: datetime) -> bool:
    """Keep an event; false when it is there already. One round trip."""
    one = new_event(channel, event_id, event, at)
    return bool(await tx.fetchval(f"{one.sql} on conflict (event_id) do nothing returning true", *one.args))


def _event(content: Mapping[str, Any]) -> Event:
    place = content["place"]
    choices = tuple((template, said) for template, said in content["choices"])
    return Event(**{**content, "place": tuple(place) if place else None, "choices": choices})


async def event(tx: Tx, event_id: UUID) -> Kept | None:
    """One event, opened. One round trip."""
    row = await tx.fetchrow(
        "select event_id, channel, content_sealed, received_at, taken_at from channels_event where event_id = $1",
        event_id,
    )
    if row is None:
        return None
    content = orjson.loads(privacy.unseal_bytes(row["content_sealed"], _ABOUT))
    return Kept(row["event_id"], row["channel"], _event(content), row["received_at"], row["taken_at"])


async def mark_taken(tx: Tx, event_id: UUID, at: datetime) -> None:
    """The event was worked off. One round trip."""
    await tx.execute("update channels_event set taken_at = $2 where event_id = $1", event_id, at)


async def begin_calls(tx: Tx, calls: Sequence[tuple[int, UUID, int, str]], at: datetime) -> None:
    """Write down that platforms are about to be called: taxpayer, delivery, number, channel. One round trip."""
    await tx.executemany(
        "insert into channels_call (taxpayer_id, delivery_id, number, channel, state, code, began_at)"
        " values ($1, $2, $3, $4, 'calling', '', $5)"
        " on conflict (taxpayer_id, delivery_id, number) do update set channel = excluded.channel, state = 'calling',"
        " code = '', began_at = excluded.began_at, ended_at = null",
        [(*one, at) for one in calls],
    )


async def open_call(tx: Tx, taxpayer_id: int, delivery_id: UUID) -> str | None:
    """The channel of a call that never came back: its process died, and the platform may have heard it. One round trip."""
    found: str | None = await tx.fetchval(
        "select channel from channels_call where taxpayer_id = $1 and delivery_id = $2 and state = 'calling'"
        " order by number desc limit 1",
        taxpayer_id,
        delivery_id,
    )
    return found


async def end_calls(tx: Tx, ended: Sequence[tuple[int, UUID, str, str]], at: datetime) -> None:
    """How open calls ended: taxpayer, delivery, state, code. One round trip."""
    await tx.executemany(
        "update channels_call set state = $3, code = $4, ended_at = $5"
        " where taxpayer_id = $1 and delivery_id = $2 and state = 'calling'",
        [(taxpayer_id, delivery_id, state, code[:80], at) for taxpayer_id, delivery_id, state, code in ended],
    )


async def calls(tx: Tx, taxpayer_id: int, delivery_id: UUID) -> list[tuple[int, str, str, str]]:
    """Every try of a delivery: number, channel, state, code. One round trip."""
    rows = await tx.fetch(
        "select number, channel, state, code from channels_call where taxpayer_id = $1 and delivery_id = $2 order by number",
        taxpayer_id,
        delivery_id,
    )
    return [(row["number"], row["channel"], row["state"], row["code"]) for row in rows]


async def keep_handed(tx: Tx, handed: Sequence[Handed]) -> None:
    """Remember whose a platform's numbers are; the same again changes nothing. One round trip."""
    await tx.executemany(
        "insert into channels_handed (provider_ref, channel, taxpayer_id, delivery_id, handed_at, stage, follow_up)"
        " values ($1, $2, $3, $4, $5, $6, $7) on conflict (provider_ref, channel) do nothing",
        [
            (one.provider_ref, one.channel, one.taxpayer_id, one.delivery_id, one.handed_at, one.stage, one.follow_up)
            for one in handed
        ],
    )


async def take_receipt(tx: Tx, channel: str, provider_ref: str, stage: str, at: datetime) -> Handed | None:
    """The message behind a platform's number; its first receipt is timed. One round trip."""
    row = await tx.fetchrow(
        "update channels_handed set stage = $3, stage_at = coalesce(stage_at, $4)"
        " where provider_ref = $1 and channel = $2"
        " returning provider_ref, channel, taxpayer_id, delivery_id, handed_at, stage, follow_up",
        provider_ref,
        channel,
        stage,
        at,
    )
    return Handed(**row) if row else None


async def silent(tx: Tx, channel: str, handed_before: datetime, at: datetime, *, limit: int) -> list[Handed]:
    """Messages handed over of which no receipt came in time; each is given once (reads all shards: the worker only).

    One round trip.
    """
    rows = await tx.fetch(
        "update channels_handed h set stage_at = $4 from (select provider_ref, channel from channels_handed"
        " where channel = $1 and handed_at < $2 and handed_at > $3 and stage = 'handed' and stage_at is null"
        " order by handed_at limit $5) s where h.provider_ref = s.provider_ref"
        " and h.channel = s.channel and h.stage_at is null returning h.provider_ref, h.channel, h.taxpayer_id, h.delivery_id, h.handed_at,"
        " h.stage, h.follow_up",
        channel,
        handed_before,
        handed_before - SILENT_FOR,
        at,
        limit,
    )
    return [Handed(**row) for row in rows]


async def allow(
    tx: Tx, channel: str, address: str, what: str, *, left: int, adds: bool, until: datetime | None, at: datetime
) -> None:
    """Let so many messages follow; `adds` to what is left (subscriptions), else anew (windows). One round trip."""
    more = "a.remaining + excluded.remaining" if adds else "excluded.remaining"
    await tx.execute(
        "insert into channels_allowance as a (address_hash, channel, what, remaining, until_at, is_refused, changed_at)"
        " values ($1, $2, $3, $4, $5, false, $6) on conflict (address_hash, channel, what) do update"
        f" set remaining = {more}, until_at = excluded.until_at, is_refused = false, changed_at = excluded.changed_at",
        privacy.fingerprint(address, _ADDRESS),
        channel,
        what,
        left,
        until,
        at,
    )


async def refuse(tx: Tx, channel: str, address: str, what: str, at: datetime) -> None:
    """The person wants no more of this. One round trip."""
    await tx.execute(
        "insert into channels_allowance (address_hash, channel, what, remaining, is_refused, changed_at)"
        " values ($1, $2, $3, 0, true, $4) on conflict (address_hash, channel, what) do update"
        " set remaining = 0, is_refused = true, changed_at = excluded.changed_at",
        privacy.fingerprint(address, _ADDRESS),
        channel,
        what,
        at,
    )


async def open_window(tx: Tx, channel: str, address: str, whats: Sequence[str], at: datetime) -> str:
    """The window to use for the next message, the one that closes first; empty when none is open. One round trip."""
    found: str | None = await tx.fetchval(
        "select what from channels_allowance where address_hash = $1 and channel = $2 and what = any($3) and remaining > 0"
        " and (until_at is null or until_at > $4) order by until_at nulls last limit 1",
        privacy.fingerprint(address, _ADDRESS),
        channel,
        list(whats),
        at,
    )
    return found or ""


async def use_one(tx: Tx, channel: str, address: str, what: str, at: datetime) -> None:
    """One message less. One round trip."""
    await tx.execute(
        "update channels_allowance set remaining = remaining - 1, changed_at = $4"
        " where address_hash = $1 and channel = $2 and what = $3 and remaining > 0",
        privacy.fingerprint(address, _ADDRESS),
        channel,
        what,
        at,
    )


async def left_of(tx: Tx, channel: str, address: str, what: str) -> tuple[int, bool] | None:
    """What is left of an allowance and whether it was refused; none when nobody ever said. One round trip."""
    row = await tx.fetchrow(
        "select remaining, is_refused from channels_allowance where address_hash = $1 and channel = $2 and what = $3",
        privacy.fingerprint(address, _ADDRESS),
        channel,
        what,
    )
    return (row["remaining"], row["is_refused"]) if row else None
