"""Queries on documents of matters."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from palmtax import privacy
from palmtax.certificates.model import Document, DocumentLine
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Part

_ABOUT = "certificates_document.content"
_PLAIN = (
    "taxpayer_id", "document_id", "document_no", "kind", "title", "title_en", "addressee", "uscc", "office_name",
    "issued_at", "verify_code", "state", "application_id", "application_no", "matter_code",
)  # fmt: skip
_SELECT = f"select {', '.join(_PLAIN)}, content_sealed from certificates_document where taxpayer_id = $1"
_INSERT = (
    f"insert into certificates_document ({', '.join(_PLAIN)}, content_sealed, issued_by) values"
    f" ({', '.join(f'${place}' for place in range(1, len(_PLAIN) + 3))})"
)


def document_of(row: Mapping[str, Any]) -> Document:
    """A document from its row, or from the row as JSON of one statement of several parts."""
    raw, issued_at = row["content_sealed"], row["issued_at"]
    sealed = bytes.fromhex(raw.removeprefix("\\x")) if isinstance(raw, str) else bytes(raw)
    content = orjson.loads(privacy.unseal(sealed, _ABOUT))
    values = {name: row[name] for name in _PLAIN}
    values |= {name: UUID(str(row[name])) for name in ("document_id", "application_id")}
    values["issued_at"] = datetime.fromisoformat(issued_at) if isinstance(issued_at, str) else issued_at
    return Document(
        **values,
        lines=tuple(DocumentLine(*line) for line in content["lines"]),
        text=content["text"],
        text_en=content["text_en"],
    )


def insert_part(document: Document, issued_by: int) -> Part:
    """A new document, as a part of one statement; UniqueViolationError when its application has one already."""
    content = {
        "lines": [dataclasses.astuple(line) for line in document.lines],
        "text": document.text,
        "text_en": document.text_en,
    }
    sealed = privacy.seal(orjson.dumps(content).decode(), _ABOUT)
    plain = [getattr(document, name) for name in _PLAIN]
    return Part("document", _INSERT, (*plain, sealed, issued_by))


def code_part(document: Document) -> Part:
    """The public look-up of its verify code."""
    return Part(
        "code",
        "insert into certificates_code (code, taxpayer_id, certificate_id) values ($1, $2, $3)",
        (document.verify_code, document.taxpayer_id, document.document_id),
    )


async def readable_document(tx: Tx, *, taxpayer_id: int, document_id: UUID) -> Document | None:
    """The document, when it is this taxpayer's. One round trip."""
    row = await tx.fetchrow(_SELECT + " and document_id = $2", taxpayer_id, document_id)
    return document_of(row) if row else None


def document_part(taxpayer_id: int, document_id: UUID) -> Part:
    """The same as a reading part of one statement."""
    return Part("document", _SELECT + " and document_id = $2", (taxpayer_id, document_id), fetch=True)


def of_application_part(taxpayer_id: int, application_id: UUID) -> Part:
    """The document of an application as a reading part of one statement."""
    return Part("document", _SELECT + " and application_id = $2", (taxpayer_id, application_id), fetch=True)


async def of_application(tx: Tx, taxpayer_id: int, application_id: UUID) -> Document | None:
    """The document of an application. One round trip."""
    row = await tx.fetchrow(_SELECT + " and application_id = $2", taxpayer_id, application_id)
    return document_of(row) if row else None


async def documents_of(tx: Tx, taxpayer_id: int, limit: int) -> list[Document]:
    """A taxpayer's documents, newest first. One round trip."""
    rows = await tx.fetch(_SELECT + " order by issued_at desc, document_id desc limit $2", taxpayer_id, limit)
    return [document_of(row) for row in rows]


async def withdraw(tx: Tx, taxpayer_id: int, document_id: UUID) -> Document | None:
    """The document stands no longer; none when there is no valid one."""
    row = await tx.fetchrow(
        "update certificates_document set state = 'withdrawn' where taxpayer_id = $1 and document_id = $2"
        " and state = 'valid' returning *",
        taxpayer_id, document_id,
    )  # fmt: skip
    return document_of(row) if row else None
