"""Queries of deliveries. A row is locked, judged in Python, and moved; only taking one for handing on is one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from palmtax.base.identifiers import uuid7
from palmtax.messaging.model.deliveries import LEASE, MOVES, REASONS, Kept, State
from palmtax.messaging.model.planning import Planned, Recent
from palmtax.plumbing.database import Tx

KEPT = (
    "taxpayer_id, delivery_id, message_id, person_id, way, then_ways, template, purpose, is_must, state, channel, tries,"
    " merged, next_at, deadline_at, code, reason, reason_en, handed_at, arrived_at, read_at, created_at, changed_at"
)


def kept_of(row: Mapping[str, Any]) -> Kept:
    """A row as a value."""
    known = {name: row[name] for name in Kept.__slots__}
    return Kept(**(known | {"then_ways": tuple(row["then_ways"])}))


async def recent(
    tx: Tx,
    person_ids: Sequence[int],
    *,
    taxpayer_id: int,
    template: str,
    subject_id: UUID | None,
    since: datetime,
    now: datetime,
) -> dict[int, list[Recent]]:
    """What went to these people outside lately, for whichever taxpayer (reads all shards: the worker only).

    One round trip.
    """
    rows = await tx.fetch(
        "select person_id, delivery_id, way, purpose, created_at, merged, taxpayer_id = $2 and template = $3 as is_alike,"
        " taxpayer_id = $2 and template = $3 and subject_id is not distinct from $4 as is_same,"
        " state = 'wanted' and tries = 0 and next_at > greatest($6, created_at) as is_waiting,"
        " state <> 'suppressed' as is_counted from messaging_delivery"
        " where person_id = any($1) and way <> 'inbox' and created_at >= $5 order by created_at",
        list(person_ids),
        taxpayer_id,
        template,
        subject_id,
        since,
        now,
    )
    found: dict[int, list[Recent]] = {}
    for row in rows:
        found.setdefault(row["person_id"], []).append(Recent(**{name: row[name] for name in Recent.__slots__}))
    return found


async def add(
    tx: Tx,
    *,
    taxpayer_id: int,
    message_id: UUID,
    template: str,
    purpose: str,
    subject_id: UUID | None,
    is_must: bool,
    planned: Sequence[tuple[int, Planned]],
    deadline_at: datetime,
    now: datetime,
) -> list[Kept]:
    """Write planned deliveries down, each person and way once; those that are new. One round trip."""
    rows = [
        {
            "delivery_id": str(uuid7()),
            "person_id": person_id,
            "way": one.way,
            "then_ways": list(one.then_ways),
            "state": one.state,
            "next_at": one.next_at.isoformat() if one.next_at else None,
            "code": one.code,
            "reason": REASONS[one.code][0] if one.code else "",
            "reason_en": REASONS[one.code][1] if one.code else "",
            "merged": one.merged,
        }
        for person_id, one in planned
    ]
    added = await tx.fetch(
        "insert into messaging_delivery (taxpayer_id, delivery_id, message_id, person_id, way, then_ways, template,"
        " purpose, subject_id, is_must, state, tries, merged, next_at, deadline_at, arrived_at, code, reason, reason_en,"
        " created_at, changed_at, announced_at) select $1, d.delivery_id, $2, d.person_id, d.way, d.then_ways, $3, $4, $5, $6, d.state,"
        " 0, d.merged, d.next_at, $8, case when d.state = 'delivered' then $9::timestamptz end, d.code, d.reason,"
        " d.reason_en, $9, $9, case when d.state = 'wanted' and d.next_at <= $9 then $9::timestamptz end"
        " from jsonb_to_recordset($7) as d(delivery_id uuid, person_id bigint, way text,"
        " then_ways text[], state text, next_at timestamptz, code text, reason text, reason_en text, merged int)"
        f" on conflict (taxpayer_id, message_id, person_id, way) do nothing returning {KEPT}",
        taxpayer_id,
        message_id,
        template,
        purpose,
        subject_id,
        is_must,
        rows,
        deadline_at,
        now,
    )
    return [kept_of(row) for row in added]


async def locked(tx: Tx, taxpayer_id: int, delivery_id: UUID) -> Kept | None:
    """The delivery, locked until the end of the transaction. One round trip."""
    row = await tx.fetchrow(
        f"select {KEPT} from messaging_delivery where taxpayer_id = $1 and delivery_id = $2 for update",
        taxpayer_id,
        delivery_id,
    )
    return kept_of(row) if row else None


async def move(
    tx: Tx,
    kept: Kept,
    state: State,
    *,
    now: datetime,
    at: datetime | None = None,
    next_at: datetime | None = None,
    channel: str | None = None,
    provider_ref: str | None = None,
    code: str = "",
    reason: str = "",
    reason_en: str = "",
    was_tried: bool = True,
) -> None:
    """Move a locked delivery on; `at` is when it happened there. One round trip. RuntimeError: not a move there is."""
    if state not in MOVES[kept.state]:
        raise RuntimeError(f"a delivery that is {kept.state} does not become {state}")
    zh, en = REASONS.get(code, ("", ""))
    await tx.execute(
        "update messaging_delivery set state = $3, next_at = $4, channel = coalesce($5, channel),"
        " provider_ref = coalesce($6, provider_ref), code = $7, reason = $8, reason_en = $9, changed_at = $10,"
        " announced_at = null, is_unsure = is_unsure or $7 = 'outcome_unknown', tries = tries - $12,"
        " handed_at = case when $3 in ('handed', 'delivered', 'shown', 'read', 'acted') then coalesce(handed_at, $11)"
        " else handed_at end,"
        " arrived_at = case when $3 in ('delivered', 'shown', 'read', 'acted') then coalesce(arrived_at, $11)"
        " else arrived_at end,"
        " read_at = case when $3 in ('read', 'acted') then coalesce(read_at, $11) else read_at end"
        " where taxpayer_id = $1 and delivery_id = $2",
        kept.taxpayer_id,
        kept.delivery_id,
        state,
        next_at,
        channel,
        provider_ref,
        code,
        reason or zh,
        reason_en or en or reason,
        now,
        at or now,
        0 if was_tried else 1,
    )


async def take(tx: Tx, wanted: Sequence[tuple[int, UUID]], now: datetime) -> list[Mapping[str, Any]]:
    """Take those of these deliveries (taxpayer, number) that are due, with a lease and with their messages, in their order.

    One of many who try gets a delivery. One round trip.
    """
    rows: list[Mapping[str, Any]] = await tx.fetch(
        "update messaging_delivery d set state = 'handing', tries = d.tries + 1, next_at = $4, changed_at = $3"
        " from unnest($1::bigint[], $2::uuid[]) as k(taxpayer_id, id), messaging_message m"
        " where d.taxpayer_id = k.taxpayer_id and d.delivery_id = k.id and d.state = 'wanted'"
        " and d.next_at <= $3 and d.deadline_at > $3 and m.taxpayer_id = d.taxpayer_id and m.message_id = d.message_id"
        ' returning d.*, m."values", m.title, m.title_en, m.body, m.body_en, m.subject_kind,'
        " m.matter_code, m.subject_id as about_id",
        [taxpayer_id for taxpayer_id, _ in wanted],
        [delivery_id for _, delivery_id in wanted],
        now,
        now + LEASE,
    )
    return sorted(rows, key=lambda row: row["delivery_id"])


async def hand(tx: Tx, handed: Sequence[tuple[int, UUID, str, str | None]], now: datetime) -> set[UUID]:
    """From being handed on to handed over: taxpayer, number, channel, the platform's number; which were. One round trip."""
    rows = await tx.fetch(
        "update messaging_delivery d set state = 'handed', next_at = null, channel = k.channel, provider_ref = k.ref,"
        " code = '', reason = '', reason_en = '', changed_at = $5, announced_at = null,"
        " handed_at = coalesce(d.handed_at, $5)"
        " from unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[]) as k(taxpayer_id, id, channel, ref)"
        " where d.taxpayer_id = k.taxpayer_id and d.delivery_id = k.id and d.state = 'handing' returning d.delivery_id",
        *(list(column) for column in zip(*handed, strict=True)),
        now,
    )
    return {row["delivery_id"] for row in rows}


async def note_reference(tx: Tx, kept: Kept, *, channel: str, provider_ref: str | None, now: datetime) -> None:
    """A receipt was quicker than the word that it was handed over: only by whom is written down. One round trip."""
    await tx.execute(
        "update messaging_delivery set channel = $3, provider_ref = coalesce($4, provider_ref), changed_at = $5"
        " where taxpayer_id = $1 and delivery_id = $2",
        kept.taxpayer_id,
        kept.delivery_id,
        channel,
        provider_ref,
        now,
    )


async def suppress(tx: Tx, taxpayer_id: int, delivery_ids: Sequence[UUID], *, code: str, now: datetime) -> None:
    """Deliveries that still wait are not needed any more. One round trip."""
    await tx.execute(
        "update messaging_delivery set state = 'suppressed', next_at = null, code = $3, reason = $4, reason_en = $5,"
        " changed_at = $6 where taxpayer_id = $1 and delivery_id = any($2) and state = 'wanted'",
        taxpayer_id,
        list(delivery_ids),
        code,
        *REASONS[code],
        now,
    )


async def suppress_others(tx: Tx, kept: Kept, *, now: datetime) -> None:
    """It arrived: what still waits to say the same to the same person is not needed. One round trip."""
    await tx.execute(
        "update messaging_delivery set state = 'suppressed', next_at = null, code = 'arrived', reason = $5,"
        " reason_en = $6, changed_at = $4 where taxpayer_id = $1 and message_id = $2 and person_id = $3"
        " and way <> 'inbox' and state = 'wanted'",
        kept.taxpayer_id,
        kept.message_id,
        kept.person_id,
        now,
        *REASONS["arrived"],
    )


async def of_inbox(tx: Tx, taxpayer_id: int, message_id: UUID, person_id: int) -> Kept | None:
    """The delivery into a person's inbox, locked; none before it was planned. One round trip."""
    row = await tx.fetchrow(
        f"select {KEPT} from messaging_delivery where taxpayer_id = $1 and message_id = $2 and person_id = $3"
        " and way = 'inbox' for update",
        taxpayer_id,
        message_id,
        person_id,
    )
    return kept_of(row) if row else None


async def of_message(tx: Tx, taxpayer_id: int, message_id: UUID, person_id: int) -> list[Kept]:
    """How a message went to a person, by when. One round trip."""
    rows = await tx.fetch(
        f"select {KEPT} from messaging_delivery where taxpayer_id = $1 and message_id = $2 and person_id = $3"
        " order by created_at, delivery_id",
        taxpayer_id,
        message_id,
        person_id,
    )
    return [kept_of(row) for row in rows]


async def overdue(tx: Tx, *, now: datetime, told_before: datetime, limit: int) -> list[tuple[int, UUID]]:
    """Deliveries that wait for somebody: due and not told to channels of late, past their deadline, or with a lease that
    is over (reads all shards: the worker only). One round trip.
    """
    rows = await tx.fetch(
        "select taxpayer_id, delivery_id from messaging_delivery where next_at <= $1 and (state = 'handing'"
        " or deadline_at <= $1 or announced_at is null or announced_at < $2) order by next_at limit $3",
        now,
        told_before,
        limit,
    )
    return [(row["taxpayer_id"], row["delivery_id"]) for row in rows]


async def still_overdue(
    tx: Tx, taxpayer_id: int, delivery_id: UUID, *, now: datetime, told_before: datetime
) -> Kept | None:
    """The same delivery, locked, if it still waits and no other sweeper holds it. One round trip."""
    row = await tx.fetchrow(
        f"select {KEPT} from messaging_delivery where taxpayer_id = $1 and delivery_id = $2 and next_at <= $3"
        " and (state = 'handing' or deadline_at <= $3 or announced_at is null or announced_at < $4)"
        " for update skip locked",
        taxpayer_id,
        delivery_id,
        now,
        told_before,
    )
    return kept_of(row) if row else None


async def announced(tx: Tx, kept: Sequence[Kept], now: datetime) -> None:
    """Channels are told of these now. One round trip."""
    await tx.execute(
        "update messaging_delivery d set announced_at = $3 from unnest($1::bigint[], $2::uuid[]) as k(taxpayer_id, id)"
        " where d.taxpayer_id = k.taxpayer_id and d.delivery_id = k.id and d.state = 'wanted'",
        [one.taxpayer_id for one in kept],
        [one.delivery_id for one in kept],
        now,
    )


async def hand_on(tx: Tx, *, from_person_id: int, to_person_id: int, now: datetime) -> None:
    """What waits for one account goes to another of the same person, unless that has it already (writes all shards: rare).

    One round trip.
    """
    await tx.execute(
        "update messaging_delivery d set person_id = $2, changed_at = $3 where d.person_id = $1 and d.state = 'wanted'"
        " and d.way <> 'inbox' and not exists (select 1 from messaging_delivery k where k.taxpayer_id = d.taxpayer_id"
        " and k.message_id = d.message_id and k.person_id = $2 and k.way = d.way)",
        from_person_id,
        to_person_id,
        now,
    )
