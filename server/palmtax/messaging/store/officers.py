"""Queries of what officers are told: their wishes, and messages of one text to several of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from palmtax.base.actor import NATURAL_BASE
from palmtax.base.identifiers import uuid7
from palmtax.messaging.model.messages import Message, Preference
from palmtax.messaging.model.officers import office_at_first
from palmtax.messaging.model.sending import ANY_TIME
from palmtax.plumbing.database import Tx

_SAME = "template, topic, title, title_en, body, body_en, subject_kind, subject_id, created_at"


async def insert(
    tx: Tx, message: Message, *, person_ids: Sequence[int], key: str, values: Mapping[str, Any]
) -> dict[int, UUID]:
    """Keep a message for each of these people; those to whom its key was not told before. One round trip."""
    people = sorted(set(person_ids))
    rows = await tx.fetch(
        f'insert into messaging_message (taxpayer_id, message_id, for_person_id, key, "values", {_SAME})'
        " select $1 + p.person_id, p.message_id, p.person_id, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14"
        " from unnest($2::bigint[], $3::uuid[]) as p(person_id, message_id)"
        " on conflict (taxpayer_id, key) do nothing returning for_person_id, message_id",
        NATURAL_BASE, people, [uuid7() for _ in people], key, dict(values),
        *(getattr(message, name) for name in _SAME.split(", ")),
    )  # fmt: skip
    return {row["for_person_id"]: row["message_id"] for row in rows}


async def wishes(tx: Tx, person_ids: Sequence[int]) -> dict[int, Preference]:
    """What officers chose; who never chose is left out. One round trip."""
    rows = await tx.fetch(
        "select person_id, topics, ways, language, is_any_time, changed_at from messaging_officer_wish where person_id = any($1)",
        list(person_ids),
    )
    return {
        row["person_id"]: replace(
            office_at_first(),
            topics=tuple(row["topics"]),
            ways=tuple(row["ways"]),
            language=row["language"],
            quiet=ANY_TIME if row["is_any_time"] else None,
            changed_at=row["changed_at"],
        )
        for row in rows
    }


async def keep_wish(tx: Tx, person_id: int, wish: Preference, at: datetime) -> bool:
    """Keep what an officer chose; false when it is what they had chosen already. One round trip."""
    changed = await tx.fetchval(
        "insert into messaging_officer_wish as w (person_id, topics, ways, language, is_any_time, changed_at)"
        " values ($1, $2, $3, $4, $5, $6) on conflict (person_id) do update set topics = excluded.topics,"
        " ways = excluded.ways, language = excluded.language, is_any_time = excluded.is_any_time,"
        " changed_at = excluded.changed_at where (w.topics, w.ways, w.language, w.is_any_time) is distinct from"
        " (excluded.topics, excluded.ways, excluded.language, excluded.is_any_time) returning true",
        person_id, list(wish.topics), list(wish.ways), wish.language, wish.quiet == ANY_TIME, at,
    )  # fmt: skip
    return bool(changed)


async def read_all(tx: Tx, person_id: int, topics: Sequence[str], at: datetime) -> list[UUID]:
    """Mark every message of these topics as read; those that were not. One round trip."""
    rows = await tx.fetch(
        "insert into messaging_reading (taxpayer_id, message_id, person_id, read_at)"
        " select m.taxpayer_id, m.message_id, $2, $4 from messaging_message m where m.taxpayer_id = $1"
        " and m.for_person_id = $2 and m.topic = any($3) on conflict (taxpayer_id, message_id, person_id) do nothing"
        " returning message_id",
        NATURAL_BASE + person_id, person_id, list(topics), at,
    )  # fmt: skip
    return [row["message_id"] for row in rows]


async def answered_by_reading(tx: Tx, person_id: int, message_ids: Sequence[UUID], at: datetime) -> None:
    """Messages were read in the workbench: nothing that still waits outside is needed. One round trip."""
    await tx.execute(
        "update messaging_delivery set state = case way when 'inbox' then 'read' else 'suppressed' end, next_at = null,"
        " code = case way when 'inbox' then code else 'arrived' end, changed_at = $4,"
        " read_at = case way when 'inbox' then coalesce(read_at, $4) else read_at end"
        " where taxpayer_id = $1 and person_id = $2 and message_id = any($3)"
        " and (way = 'inbox' and state in ('delivered', 'shown') or way <> 'inbox' and state = 'wanted')",
        NATURAL_BASE + person_id, person_id, list(message_ids), at,
    )  # fmt: skip


async def about(tx: Tx, taxpayer_id: int, delivery_id: UUID) -> Mapping[str, Any] | None:
    """What a delivery is about and whose it is. One round trip."""
    row: Mapping[str, Any] | None = await tx.fetchrow(
        "select d.person_id, d.template, m.message_id, m.subject_kind, m.subject_id from messaging_delivery d"
        " join messaging_message m on m.taxpayer_id = d.taxpayer_id and m.message_id = d.message_id"
        " where d.taxpayer_id = $1 and d.delivery_id = $2",
        taxpayer_id, delivery_id,
    )  # fmt: skip
    return row
