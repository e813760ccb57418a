"""Queries of what officers did because nobody had read a served document."""

from __future__ import annotations

from palmtax.base.identifiers import uuid7
from palmtax.messaging.model.service import Attempt, Served
from palmtax.plumbing.database import Tx

_COLUMNS = ", ".join(Attempt.__slots__)


async def add(tx: Tx, served: Served, attempt: Attempt) -> None:
    """Keep an attempt. One round trip."""
    await tx.execute(
        f"insert into messaging_attempt (taxpayer_id, document_no, attempt_id, {_COLUMNS})"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        served.taxpayer_id,
        served.document_no,
        uuid7(),
        *(getattr(attempt, name) for name in Attempt.__slots__),
    )


async def of_document(tx: Tx, taxpayer_id: int, document_no: str) -> list[Attempt]:
    """Every attempt for a document, the first one first. One round trip."""
    rows = await tx.fetch(
        f"select {_COLUMNS} from messaging_attempt where taxpayer_id = $1 and document_no = $2 order by attempt_id",
        taxpayer_id,
        document_no,
    )
    return [Attempt(**dict(row.items())) for row in rows]
