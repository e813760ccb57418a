"""Queries on certificates of service."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson

from palmtax import privacy
from palmtax.certificates.model import PROOF_TITLE, PROOF_TITLE_EN, Document, DocumentLine, Proof
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Part

_ABOUT = "certificates_proof.content"
_COLUMNS = (
    "taxpayer_id, proof_id, proof_no, served_no, message_id, cause, addressee, uscc, content_sealed, office_name,"
    " issued_at, verify_code"
)


def _proof(row: Mapping[str, Any]) -> Proof:
    lines = orjson.loads(privacy.unseal(bytes(row["content_sealed"]), _ABOUT))
    made = Document(
        taxpayer_id=row["taxpayer_id"],
        document_id=row["proof_id"],
        document_no=row["proof_no"],
        kind="service",
        title=PROOF_TITLE,
        title_en=PROOF_TITLE_EN,
        addressee=row["addressee"],
        uscc=row["uscc"],
        lines=tuple(DocumentLine(*line) for line in lines),
        text="",
        text_en="",
        office_name=row["office_name"],
        issued_at=row["issued_at"],
        verify_code=row["verify_code"],
        state="valid",
        application_id=row["message_id"],
        application_no=row["served_no"],
        matter_code="",
    )
    return Proof(made, row["served_no"], row["cause"])


async def add(tx: Tx, proof: Proof) -> bool:
    """Keep a certificate of service; false when there is one for this cause. One round trip."""
    made = proof.document
    lines = orjson.dumps([dataclasses.astuple(line) for line in made.lines]).decode()
    added = await tx.fetchval(
        f"insert into certificates_proof ({_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        " on conflict (taxpayer_id, served_no, cause) do nothing returning true",
        made.taxpayer_id,
        made.document_id,
        made.document_no,
        proof.served_no,
        made.application_id,
        proof.cause,
        made.addressee,
        made.uscc,
        privacy.seal(lines, _ABOUT),
        made.office_name,
        made.issued_at,
        made.verify_code,
    )
    return bool(added)


def code_part(proof: Proof) -> Part:
    """The public look-up of its verify code."""
    made = proof.document
    return Part(
        "code",
        "insert into certificates_code (code, taxpayer_id, certificate_id) values ($1, $2, $3)",
        (made.verify_code, made.taxpayer_id, made.document_id),
    )


async def readable_proof(tx: Tx, *, taxpayer_id: int, proof_id: UUID) -> Proof | None:
    """The certificate of service, when it is this taxpayer's. One round trip."""
    row = await tx.fetchrow(
        f"select {_COLUMNS} from certificates_proof where taxpayer_id = $1 and proof_id = $2", taxpayer_id, proof_id
    )
    return _proof(row) if row else None


async def of_served(tx: Tx, *, taxpayer_id: int, served_no: str) -> list[Proof]:
    """Those of one served document, the first one first. One round trip."""
    rows = await tx.fetch(
        f"select {_COLUMNS} from certificates_proof where taxpayer_id = $1 and served_no = $2 order by issued_at",
        taxpayer_id,
        served_no,
    )
    return [_proof(row) for row in rows]
