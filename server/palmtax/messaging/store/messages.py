"""Queries of messages and their read receipts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from palmtax.messaging.model.messages import Message
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Part

_SELECT = (
    "select m.taxpayer_id, m.message_id, m.template, m.topic, m.title, m.title_en, m.body, m.body_en, m.subject_kind,"
    " m.subject_id, m.created_at, r.read_at from messaging_message m left join messaging_reading r"
    " on r.taxpayer_id = m.taxpayer_id and r.message_id = m.message_id and r.person_id = $2"
    " where m.taxpayer_id = $1 and (m.for_person_id is null or m.for_person_id = $2)"
)


def _message(row: Mapping[str, Any]) -> Message:
    return Message(**dict(row.items()))


def insert_part(message: Message, *, key: str, values: dict[str, Any], for_person_id: int | None) -> Part:
    """The message as a part of one statement; nothing when its key was told before."""
    return Part(
        "message",
        'insert into messaging_message (taxpayer_id, message_id, key, template, topic, "values", title, title_en, body,'
        " body_en, subject_kind, subject_id, for_person_id, created_at, matter_code)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
        " on conflict (taxpayer_id, key) do nothing returning true as is_new",
        (
            message.taxpayer_id,
            message.message_id,
            key,
            message.template,
            message.topic,
            values,
            message.title,
            message.title_en,
            message.body,
            message.body_en,
            message.subject_kind,
            message.subject_id,
            for_person_id,
            message.created_at,
            message.matter_code,
        ),
    )


async def insert(tx: Tx, *, message: Message, key: str, values: dict[str, Any], for_person_id: int | None) -> bool:
    """Keep a message; false when its key was told before. One round trip."""
    row = insert_part(message, key=key, values=values, for_person_id=for_person_id)
    return bool(await tx.fetchval(row.sql, *row.args))


async def id_of_key(tx: Tx, taxpayer_id: int, key: str) -> UUID | None:
    """The message told under a key. One round trip."""
    found = await tx.fetchval(
        "select message_id from messaging_message where taxpayer_id = $1 and key = $2", taxpayer_id, key
    )
    return UUID(str(found)) if found is not None else None


@dataclass(frozen=True, slots=True)
class Told:
    """What planning needs of a message."""

    template: str
    subject_id: UUID | None
    for_person_id: int | None


async def told(tx: Tx, taxpayer_id: int, message_id: UUID) -> Told | None:
    """A message to be planned; none when its key was told before. One round trip."""
    row = await tx.fetchrow(
        "select template, subject_id, for_person_id from messaging_message where taxpayer_id = $1 and message_id = $2",
        taxpayer_id,
        message_id,
    )
    return Told(**dict(row.items())) if row else None


async def readable_message(tx: Tx, *, taxpayer_id: int, person_id: int, message_id: UUID) -> Message | None:
    """The message, when it is this taxpayer's and this person may see it. One round trip."""
    row = await tx.fetchrow(f"{_SELECT} and m.message_id = $3", taxpayer_id, person_id, message_id)
    return _message(row) if row else None


async def page(
    tx: Tx,
    *,
    taxpayer_id: int,
    person_id: int,
    topics: Sequence[str],
    is_unread: bool,
    before: UUID | None,
    limit: int,
) -> list[Message]:
    """A page of the inbox, newest first. One round trip."""
    unread = " and r.read_at is null" if is_unread else ""
    rows = await tx.fetch(
        f"{_SELECT} and m.topic = any($3) and ($4::uuid is null or m.message_id < $4){unread}"
        " order by m.message_id desc limit $5",
        taxpayer_id,
        person_id,
        list(topics),
        before,
        limit,
    )
    return [_message(row) for row in rows]


async def values(tx: Tx, taxpayer_id: int, message_ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """What was told with these messages. One round trip."""
    rows = await tx.fetch(
        'select message_id, "values" from messaging_message where taxpayer_id = $1 and message_id = any($2)',
        taxpayer_id,
        list(message_ids),
    )
    return {row["message_id"]: row["values"] for row in rows}


async def unread(tx: Tx, *, taxpayer_id: int, person_id: int, topics: Sequence[str]) -> int:
    """How many messages this person has not opened. One round trip."""
    found = await tx.fetchval(
        "select count(*) from messaging_message m where m.taxpayer_id = $1 and m.topic = any($3)"
        " and (m.for_person_id is null or m.for_person_id = $2) and not exists (select 1 from messaging_reading r"
        " where r.taxpayer_id = m.taxpayer_id and r.message_id = m.message_id and r.person_id = $2)",
        taxpayer_id,
        person_id,
        list(topics),
    )
    return int(found)


async def read(tx: Tx, *, taxpayer_id: int, message_id: UUID, person_id: int, at: datetime) -> bool:
    """Keep the receipt; false when this person had opened it before. One round trip."""
    added = await tx.fetchval(
        "insert into messaging_reading (taxpayer_id, message_id, person_id, read_at) values ($1, $2, $3, $4)"
        " on conflict (taxpayer_id, message_id, person_id) do nothing returning true",
        taxpayer_id,
        message_id,
        person_id,
        at,
    )
    return bool(added)


async def old(tx: Tx, *, template: str, before: datetime, limit: int) -> list[tuple[int, UUID]]:
    """Messages of a template from before an instant that brought no served document (reads all shards: the worker only).

    One round trip.
    """
    rows = await tx.fetch(
        "select m.taxpayer_id, m.message_id from messaging_message m where m.created_at < $2 and m.template = $1"
        " and not exists (select 1 from messaging_service s where s.taxpayer_id = m.taxpayer_id"
        " and s.message_id = m.message_id) limit $3",
        template,
        before,
        limit,
    )
    return [(row["taxpayer_id"], row["message_id"]) for row in rows]


async def remove(tx: Tx, found: Sequence[tuple[int, UUID]]) -> None:
    """Remove messages with what hangs on them. Three round trips."""
    taxpayers, numbers = [one[0] for one in found], [one[1] for one in found]
    for table in ("messaging_delivery", "messaging_reading", "messaging_message"):
        await tx.execute(
            f"delete from {table} t using unnest($1::bigint[], $2::uuid[]) as k(taxpayer_id, message_id)"
            " where t.taxpayer_id = k.taxpayer_id and t.message_id = k.message_id",
            taxpayers,
            numbers,
        )
