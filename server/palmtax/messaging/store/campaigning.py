"""Queries of campaigns' messages, each for a whole batch of taxpayers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from palmtax.messaging.model.campaigning import Outcome
from palmtax.messaging.model.deliveries import REASONS
from palmtax.messaging.model.messages import Message
from palmtax.messaging.store.wishes import WISH, preference
from palmtax.plumbing.database import Tx

Pair = tuple[int, int]
"""A taxpayer and one of its people."""


def _columns(pairs: Sequence[tuple[int, Any]]) -> tuple[list[int], list[Any]]:
    return [first for first, _ in pairs], [second for _, second in pairs]


async def preferences(tx: Tx, pairs: Sequence[Pair]) -> dict[Pair, Any]:
    """What these people chose; who never chose is left out. One round trip."""
    rows = await tx.fetch(
        f"select p.taxpayer_id, p.person_id, {WISH} from messaging_preference p"
        " join unnest($1::bigint[], $2::bigint[]) as k(taxpayer_id, person_id)"
        " on k.taxpayer_id = p.taxpayer_id and k.person_id = p.person_id",
        *_columns(pairs),
    )
    return {(row["taxpayer_id"], row["person_id"]): preference(row) for row in rows}


async def consents(tx: Tx, pairs: Sequence[Pair]) -> dict[Pair, set[str]]:
    """The purposes that these people agree to now: their last word. One round trip."""
    rows = await tx.fetch(
        "select distinct on (c.taxpayer_id, c.person_id, c.purpose) c.taxpayer_id, c.person_id, c.purpose, c.is_given"
        " from messaging_consent c join unnest($1::bigint[], $2::bigint[]) as k(taxpayer_id, person_id)"
        " on k.taxpayer_id = c.taxpayer_id and k.person_id = c.person_id"
        " order by c.taxpayer_id, c.person_id, c.purpose, c.decided_at desc",
        *_columns(pairs),
    )
    found: dict[Pair, set[str]] = {}
    for row in rows:
        if row["is_given"]:
            found.setdefault((row["taxpayer_id"], row["person_id"]), set()).add(row["purpose"])
    return found


async def insert_many(
    tx: Tx, messages: Sequence[Message], people: Mapping[int, int], *, key: str, values: Mapping[str, Any]
) -> dict[int, UUID]:
    """Keep a message for each taxpayer, for one person of it, once under a key; those that are new. One round trip."""
    rows = [
        {"taxpayer_id": one.taxpayer_id, "message_id": str(one.message_id), "person_id": people[one.taxpayer_id]}
        for one in messages
    ]
    said = messages[0]
    added = await tx.fetch(
        'insert into messaging_message (taxpayer_id, message_id, key, template, topic, "values", title, title_en, body,'
        " body_en, subject_kind, subject_id, for_person_id, created_at)"
        " select m.taxpayer_id, m.message_id, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, m.person_id, $12"
        " from jsonb_to_recordset($1) as m(taxpayer_id bigint, message_id uuid, person_id bigint)"
        " on conflict (taxpayer_id, key) do nothing returning taxpayer_id, message_id",
        rows,
        key,
        said.template,
        said.topic,
        dict(values),
        said.title,
        said.title_en,
        said.body,
        said.body_en,
        said.subject_kind,
        said.subject_id,
        said.created_at,
    )
    return {row["taxpayer_id"]: row["message_id"] for row in added}


async def ids_of_key(tx: Tx, taxpayer_ids: Sequence[int], key: str) -> dict[int, UUID]:
    """The messages told under a key before. One round trip."""
    rows = await tx.fetch(
        "select taxpayer_id, message_id from messaging_message where taxpayer_id = any($1) and key = $2",
        list(taxpayer_ids),
        key,
    )
    return {row["taxpayer_id"]: row["message_id"] for row in rows}


async def hold_subject(tx: Tx, subject_id: UUID, *, alone: bool) -> None:
    """Recalling waits for plans under way, and plans for a recall under way. One round trip."""
    lock = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    await tx.execute(f"select {lock}(hashtextextended($1, 0))", f"messaging.recall:{subject_id}")


async def is_recalled(tx: Tx, subject_id: UUID) -> bool:
    """Whether what was told about this was recalled. One round trip."""
    return bool(await tx.fetchval("select exists (select 1 from messaging_recall where subject_id = $1)", subject_id))


async def recall(tx: Tx, subject_id: UUID, at: datetime) -> None:
    """Nothing about this is planned any more. One round trip."""
    await tx.execute(
        "insert into messaging_recall (subject_id, recalled_at) values ($1, $2) on conflict do nothing",
        subject_id,
        at,
    )


async def waiting(tx: Tx, subject_id: UUID, limit: int) -> list[tuple[int, UUID]]:
    """Deliveries about this that nobody has taken yet (reads all shards). One round trip."""
    rows = await tx.fetch(
        "select d.taxpayer_id, d.delivery_id from messaging_delivery d join messaging_message m"
        " on m.taxpayer_id = d.taxpayer_id and m.message_id = d.message_id"
        " where d.next_at is not null and d.state = 'wanted' and m.subject_id = $1 limit $2",
        subject_id,
        limit,
    )
    return [(row["taxpayer_id"], row["delivery_id"]) for row in rows]


async def withdraw(tx: Tx, deliveries: Sequence[tuple[int, UUID]], now: datetime) -> int:
    """These are not handed over, unless somebody has taken them meanwhile; how many. One round trip."""
    rows = await tx.fetch(
        "update messaging_delivery d set state = 'suppressed', next_at = null, code = 'recalled', reason = $4,"
        " reason_en = $5, changed_at = $3 from unnest($1::bigint[], $2::uuid[]) as k(taxpayer_id, id)"
        " where d.taxpayer_id = k.taxpayer_id and d.delivery_id = k.id and d.state = 'wanted' returning d.taxpayer_id",
        *_columns(deliveries),
        now,
        *REASONS["recalled"],
    )
    return len(rows)


_OUTCOMES = (
    "select m.taxpayer_id, m.message_id, coalesce(d.ways, array[]::text[]) as ways, coalesce(d.is_arrived, false) as is_arrived,"
    " coalesce(d.is_trouble, false) as is_trouble, coalesce(d.is_waiting, true) as is_waiting,"
    " coalesce(d.is_withdrawn, false) as is_withdrawn, d.read_at,"
    " (select case when not c.is_given then c.decided_at end from messaging_consent c where c.taxpayer_id = m.taxpayer_id"
    " and c.person_id = m.for_person_id and c.purpose = $3 and c.decided_at >= m.created_at"
    " order by c.decided_at desc limit 1) as unsubscribed_at,"
    " (select min(c.complained_at) from messaging_complaint c where c.taxpayer_id = m.taxpayer_id"
    " and c.message_id = m.message_id) as complained_at"
    " from unnest($1::bigint[], $2::uuid[]) as k(taxpayer_id, message_id) join messaging_message m"
    " on m.taxpayer_id = k.taxpayer_id and m.message_id = k.message_id left join lateral (select"
    " array_agg(distinct o.way) filter (where o.way <> 'inbox' and o.handed_at is not null) as ways,"
    " bool_or(o.way <> 'inbox' and o.arrived_at is not null) as is_arrived,"
    " bool_or(o.way <> 'inbox' and (o.state in ('failed', 'dead') or o.state in ('wanted', 'handing') and o.tries >= $4))"
    " and not bool_or(o.way <> 'inbox' and o.handed_at is not null and o.state not in ('failed', 'dead')) as is_trouble,"
    " bool_or(o.state in ('wanted', 'handing') and o.tries < $4) as is_waiting,"
    " bool_or(o.code = 'recalled') as is_withdrawn, min(o.read_at) as read_at"
    " from messaging_delivery o where o.taxpayer_id = m.taxpayer_id and o.message_id = m.message_id"
    " having count(*) > 0) d on true"
)


async def outcomes(tx: Tx, messages: Sequence[tuple[int, UUID]], *, purpose: str, tries: int) -> list[Outcome]:
    """What became of these messages; after so many tries without success it counts as trouble. One round trip."""
    rows = await tx.fetch(_OUTCOMES, *_columns(messages), purpose, tries)
    return [Outcome(**{**dict(row.items()), "ways": tuple(row["ways"])}) for row in rows]


async def complain(tx: Tx, *, taxpayer_id: int, message_id: UUID, person_id: int, words: str, at: datetime) -> bool:
    """Keep a person's complaint about a message; false when they had complained before. One round trip."""
    added = await tx.fetchval(
        "insert into messaging_complaint (taxpayer_id, message_id, person_id, words, complained_at)"
        " values ($1, $2, $3, $4, $5) on conflict (taxpayer_id, message_id, person_id) do nothing returning true",
        taxpayer_id,
        message_id,
        person_id,
        words,
        at,
    )
    return bool(added)


async def complaints(tx: Tx, messages: Sequence[tuple[int, UUID]]) -> list[tuple[datetime, str]]:
    """What people said against these messages, the last first. One round trip."""
    rows = await tx.fetch(
        "select c.complained_at, c.words from messaging_complaint c join unnest($1::bigint[], $2::uuid[])"
        " as k(taxpayer_id, message_id) on k.taxpayer_id = c.taxpayer_id and k.message_id = c.message_id"
        " order by c.complained_at desc",
        *_columns(messages),
    )
    return [(row["complained_at"], row["words"]) for row in rows]
