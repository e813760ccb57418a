"""Queries of preferences, consents and signatures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from palmtax.messaging.model.messages import ConsentGiven, Preference
from palmtax.messaging.model.sending import Quiet
from palmtax.plumbing.database import Tx

WISH = "topics, ways, language, is_elder, quiet_from, quiet_until, changed_at"


def preference(row: Mapping[str, Any]) -> Preference:
    """A row as a value."""
    quiet = Quiet(row["quiet_from"], row["quiet_until"]) if row["quiet_from"] is not None else None
    return Preference(
        topics=tuple(row["topics"]),
        ways=tuple(row["ways"]),
        language=row["language"],
        is_elder=row["is_elder"],
        quiet=quiet,
        changed_at=row["changed_at"],
    )


async def preferences(tx: Tx, taxpayer_id: int, person_ids: Sequence[int]) -> dict[int, Preference]:
    """What people chose; who never chose is left out. One round trip."""
    rows = await tx.fetch(
        f"select person_id, {WISH} from messaging_preference where taxpayer_id = $1 and person_id = any($2)",
        taxpayer_id,
        list(person_ids),
    )
    return {row["person_id"]: preference(row) for row in rows}


async def keep_preference(
    tx: Tx, *, taxpayer_id: int, person_id: int, wish: Preference, at: datetime, application_id: UUID | None
) -> bool:
    """Keep what a person chose; false when it is what they had chosen already. One round trip."""
    changed = await tx.fetchval(
        "insert into messaging_preference as p (taxpayer_id, person_id, topics, ways, language, is_elder, quiet_from,"
        " quiet_until, changed_at, application_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        " on conflict (taxpayer_id, person_id) do update set topics = excluded.topics, ways = excluded.ways,"
        " language = excluded.language, is_elder = excluded.is_elder, quiet_from = excluded.quiet_from,"
        " quiet_until = excluded.quiet_until, changed_at = excluded.changed_at,"
        " application_id = excluded.application_id where (p.topics, p.ways, p.language, p.is_elder, p.quiet_from,"
        " p.quiet_until) is distinct from (excluded.topics, excluded.ways, excluded.language, excluded.is_elder,"
        " excluded.quiet_from, excluded.quiet_until) returning true",
        taxpayer_id,
        person_id,
        list(wish.topics),
        list(wish.ways),
        wish.language,
        wish.is_elder,
        wish.quiet.start if wish.quiet else None,
        wish.quiet.end if wish.quiet else None,
        at,
        application_id,
    )
    return bool(changed)


async def consents(tx: Tx, taxpayer_id: int, person_ids: Sequence[int]) -> dict[int, frozenset[str]]:
    """The purposes that people agree to now: their last word. One round trip."""
    rows = await tx.fetch(
        "select person_id, array_agg(purpose) as given from (select distinct on (person_id, purpose) person_id, purpose,"
        " is_given from messaging_consent where taxpayer_id = $1 and person_id = any($2)"
        " order by person_id, purpose, decided_at desc) last where is_given group by person_id",
        taxpayer_id,
        list(person_ids),
    )
    return {row["person_id"]: frozenset(row["given"]) for row in rows}


async def consent_history(tx: Tx, taxpayer_id: int, person_id: int) -> list[ConsentGiven]:
    """Every word of a person on every purpose, the last first. One round trip."""
    rows = await tx.fetch(
        "select purpose, is_given, notice, proof, decided_at from messaging_consent"
        " where taxpayer_id = $1 and person_id = $2 order by decided_at desc, purpose",
        taxpayer_id,
        person_id,
    )
    return [ConsentGiven(**dict(row.items())) for row in rows]


async def add_consent(tx: Tx, *, taxpayer_id: int, person_id: int, given: ConsentGiven) -> bool:
    """Keep a word on a purpose; false when the last word was the same. One round trip."""
    added = await tx.fetchval(
        "insert into messaging_consent (taxpayer_id, person_id, purpose, decided_at, is_given, notice, proof)"
        " select $1, $2, $3, $4, $5, $6, $7 where coalesce((select is_given from messaging_consent where taxpayer_id = $1"
        " and person_id = $2 and purpose = $3 order by decided_at desc limit 1), false) <> $5"
        " on conflict do nothing returning true",
        taxpayer_id,
        person_id,
        given.purpose,
        given.decided_at,
        given.is_given,
        given.notice,
        given.proof,
    )
    return bool(added)


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
