"""Queries of preferences and signatures."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from palmtax.messaging.model.messages import Preference
from palmtax.plumbing.database import Tx


async def preference(tx: Tx, taxpayer_id: int, person_id: int) -> Preference | None:
    """What a person chose. One round trip."""
    row = await tx.fetchrow(
        "select topics, ways, changed_at from messaging_preference where taxpayer_id = $1 and person_id = $2",
        taxpayer_id,
        person_id,
    )
    return Preference(tuple(row["topics"]), tuple(row["ways"]), row["changed_at"]) if row else None


async def keep_preference(
    tx: Tx, *, taxpayer_id: int, person_id: int, wish: Preference, at: datetime, application_id: UUID | None
) -> bool:
    """Keep what a person chose; false when it is what they had chosen already. One round trip."""
    changed = await tx.fetchval(
        "insert into messaging_preference as p (taxpayer_id, person_id, topics, ways, changed_at, application_id)"
        " values ($1, $2, $3, $4, $5, $6) on conflict (taxpayer_id, person_id) do update set topics = excluded.topics,"
        " ways = excluded.ways, changed_at = excluded.changed_at, application_id = excluded.application_id"
        " where p.topics <> excluded.topics or p.ways <> excluded.ways returning true",
        taxpayer_id,
        person_id,
        list(wish.topics),
        list(wish.ways),
        at,
        application_id,
    )
    return bool(changed)


async def sign(
    tx: Tx, *, taxpayer_id: int, document_no: str, person_id: int, application_id: UUID | None, at: datetime
) -> bool:
    """Keep a signature; false when the document was signed for before. One round trip."""
    added = await tx.fetchval(
        "insert into messaging_signature (taxpayer_id, document_no, person_id, application_id, signed_at)"
        " values ($1, $2, $3, $4, $5) on conflict (taxpayer_id, document_no) do nothing returning true",
        taxpayer_id,
        document_no,
        person_id,
        application_id,
        at,
    )
    return bool(added)


async def signature(tx: Tx, taxpayer_id: int, document_no: str) -> Any:
    """Who signed for a document, and when. One round trip."""
    return await tx.fetchrow(
        "select person_id, application_id, signed_at from messaging_signature"
        " where taxpayer_id = $1 and document_no = $2",
        taxpayer_id,
        document_no,
    )
