"""Queries of documents served electronically."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from palmtax.messaging.model.service import Agreement, ReadBy, Served, Step
from palmtax.plumbing.database import Tx

_SERVED = (
    "taxpayer_id, document_no, kind, title, title_en, digest, message_id, agreement_at, law, entered_at, served_on, step,"
    " next_step_at, office_code"
)


def _served(row: Mapping[str, Any]) -> Served:
    return Served(**{name: row[name] for name in Served.__slots__})


async def agreement(tx: Tx, taxpayer_id: int) -> Agreement | None:
    """The taxpayer's last word on electronic service. One round trip."""
    row = await tx.fetchrow(
        "select is_given, form, person_id, decided_at from messaging_agreement where taxpayer_id = $1"
        " order by decided_at desc limit 1",
        taxpayer_id,
    )
    return Agreement(**dict(row.items())) if row else None


async def add_agreement(tx: Tx, taxpayer_id: int, given: Agreement) -> bool:
    """Keep a word; false when the last one was the same. One round trip."""
    added = await tx.fetchval(
        "insert into messaging_agreement (taxpayer_id, decided_at, is_given, form, person_id) select $1, $2, $3, $4, $5"
        " where coalesce((select is_given from messaging_agreement where taxpayer_id = $1 order by decided_at desc"
        " limit 1), false) <> $3 on conflict do nothing returning true",
        taxpayer_id,
        given.decided_at,
        given.is_given,
        given.form,
        given.person_id,
    )
    return bool(added)


async def add(tx: Tx, served: Served) -> bool:
    """Keep a served document; false when its number was served before. One round trip."""
    added = await tx.fetchval(
        f"insert into messaging_service ({_SERVED}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
        " on conflict (taxpayer_id, document_no) do nothing returning true",
        *(getattr(served, name) for name in Served.__slots__),
    )
    return bool(added)


async def one(tx: Tx, taxpayer_id: int, document_no: str) -> Served | None:
    """A served document. One round trip."""
    row = await tx.fetchrow(
        f"select {_SERVED} from messaging_service where taxpayer_id = $1 and document_no = $2", taxpayer_id, document_no
    )
    return _served(row) if row else None


async def page(tx: Tx, taxpayer_id: int, *, before: str | None, limit: int) -> list[Served]:
    """Documents served on a taxpayer, the newest first, after the one of this number. One round trip."""
    rows = await tx.fetch(
        f"select {_SERVED} from messaging_service where taxpayer_id = $1 and ($2::text is null or (entered_at, document_no)"
        " < (select entered_at, document_no from messaging_service where taxpayer_id = $1 and document_no = $2))"
        " order by entered_at desc, document_no desc limit $3",
        taxpayer_id,
        before,
        limit,
    )
    return [_served(row) for row in rows]


async def subject_of(tx: Tx, served: Served) -> UUID | None:
    """What its message leads to: the document itself. One round trip."""
    found = await tx.fetchval(
        "select subject_id from messaging_message where taxpayer_id = $1 and message_id = $2",
        served.taxpayer_id,
        served.message_id,
    )
    return UUID(str(found)) if found is not None else None


async def of_message(tx: Tx, taxpayer_id: int, message_id: UUID, *, is_locked: bool = True) -> Served | None:
    """The document that a message brought, if it did. One round trip."""
    row = await tx.fetchrow(
        f"select {_SERVED} from messaging_service where taxpayer_id = $1 and message_id = $2"
        f"{' for update' if is_locked else ''}",
        taxpayer_id,
        message_id,
    )
    return _served(row) if row else None


async def readers(tx: Tx, served: Served) -> list[ReadBy]:
    """To whom it went, and who opened it when. One round trip."""
    rows = await tx.fetch(
        "select d.person_id, r.read_at from messaging_delivery d left join messaging_reading r"
        " on r.taxpayer_id = d.taxpayer_id and r.message_id = d.message_id and r.person_id = d.person_id"
        " where d.taxpayer_id = $1 and d.message_id = $2 and d.way = 'inbox' order by r.read_at nulls last, d.person_id",
        served.taxpayer_id,
        served.message_id,
    )
    return [ReadBy(**dict(row.items())) for row in rows]


async def overdue(tx: Tx, *, now: datetime, limit: int) -> list[tuple[int, str]]:
    """Documents whose next step is due (reads all shards: the worker only). One round trip."""
    rows = await tx.fetch(
        "select taxpayer_id, document_no from messaging_service where next_step_at <= $1 order by next_step_at limit $2",
        now,
        limit,
    )
    return [(row["taxpayer_id"], row["document_no"]) for row in rows]


async def locked(tx: Tx, taxpayer_id: int, document_no: str) -> Served | None:
    """The document, locked; none while another worker holds it. One round trip."""
    row = await tx.fetchrow(
        f"select {_SERVED} from messaging_service where taxpayer_id = $1 and document_no = $2 for update skip locked",
        taxpayer_id,
        document_no,
    )
    return _served(row) if row else None


async def step(tx: Tx, served: Served, reached: Step, next_step_at: datetime | None) -> None:
    """A step was taken. One round trip."""
    await tx.execute(
        "update messaging_service set step = $3, next_step_at = $4 where taxpayer_id = $1 and document_no = $2",
        served.taxpayer_id,
        served.document_no,
        reached,
        next_step_at,
    )
