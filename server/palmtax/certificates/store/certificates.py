"""Queries of tax-paid certificates."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from palmtax.certificates.model import Certificate, PaidItem
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Part

_COLUMNS = (
    "taxpayer_id", "certificate_id", "certificate_no", "kind", "state", "taxpayer_name", "uscc", "office_name", "items",
    "total_fen", "paid_on", "issued_at", "issued_by", "order_id", "order_no", "return_id", "obligation_id",
    "verify_code", "pdf_name", "superseded_by_no",
)  # fmt: skip
_SELECT = f"select {', '.join(_COLUMNS)} from certificates_certificate where taxpayer_id = $1"


def _certificate(row: Any) -> Certificate:
    values = {name: row[name] for name in _COLUMNS}
    values["items"] = tuple(PaidItem(*item) for item in row["items"])
    return Certificate(**values)


async def readable_certificate(tx: Tx, *, taxpayer_id: int, certificate_id: UUID) -> Certificate | None:
    """The certificate, when it is this taxpayer's. One round trip."""
    row = await tx.fetchrow(_SELECT + " and certificate_id = $2", taxpayer_id, certificate_id)
    return _certificate(row) if row else None


async def valid_of_order(tx: Tx, taxpayer_id: int, order_id: UUID) -> Certificate | None:
    """The order's valid certificate. One round trip."""
    row = await tx.fetchrow(_SELECT + " and order_id = $2 and state = 'valid'", taxpayer_id, order_id)
    return _certificate(row) if row else None


async def certificates_of(tx: Tx, taxpayer_id: int, limit: int) -> list[Certificate]:
    """A taxpayer's certificates, newest first. One round trip."""
    rows = await tx.fetch(_SELECT + " order by issued_at desc, certificate_id desc limit $2", taxpayer_id, limit)
    return [_certificate(row) for row in rows]


async def insert(tx: Tx, certificate: Certificate) -> bool:
    """Keep the certificate; false when the order has a valid one already."""
    places = ", ".join(f"${n}" for n in range(1, len(_COLUMNS) + 1))
    values = {name: getattr(certificate, name) for name in _COLUMNS}
    values["items"] = [
        [item.tax_type_code, item.tax_name, item.tax_name_en, item.period, item.amount_fen]
        for item in certificate.items
    ]
    added = await tx.fetchval(
        f"insert into certificates_certificate ({', '.join(_COLUMNS)}) values ({places})"
        " on conflict (taxpayer_id, order_id) where state = 'valid' do nothing returning true",
        *values.values(),
    )
    return bool(added)


def code_part(certificate: Certificate) -> Part:
    """The public look-up of the verify code."""
    return Part(
        "code",
        "insert into certificates_code (code, taxpayer_id, certificate_id) values ($1, $2, $3)",
        (certificate.verify_code, certificate.taxpayer_id, certificate.certificate_id),
    )


def successor_part(certificate: Certificate) -> Part:
    """Superseded certificates of the same order say which one came after them."""
    return Part(
        "successor",
        "update certificates_certificate set superseded_by_no = $3"
        " where taxpayer_id = $1 and order_id = $2 and state = 'superseded' and superseded_by_no is null",
        (certificate.taxpayer_id, certificate.order_id, certificate.certificate_no),
    )


async def hear(tx: Tx, taxpayer_id: int, cause_id: UUID) -> bool:
    """Remember the cause; false when it was heard before."""
    return bool(
        await tx.fetchval(
            "insert into certificates_heard (taxpayer_id, cause_id) values ($1, $2)"
            " on conflict (taxpayer_id, cause_id) do nothing returning true",
            taxpayer_id,
            cause_id,
        )
    )


async def supersede(
    tx: Tx, taxpayer_id: int, *, obligation_id: UUID | None, order_id: UUID | None
) -> list[Certificate]:
    """Valid certificates of an obligation or an order become superseded; those that did."""
    rows = await tx.fetch(
        "update certificates_certificate set state = 'superseded' where taxpayer_id = $1 and state = 'valid'"
        " and (obligation_id = $2 or order_id = $3) returning *",
        taxpayer_id,
        obligation_id,
        order_id,
    )
    return [_certificate(row) for row in rows]
