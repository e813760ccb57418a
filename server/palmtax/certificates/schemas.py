"""Certificates on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from palmtax.plumbing.wire import FenNotNegative, Wire


class CertificateItem(Wire):
    """One paid tax on the certificate."""

    tax_name: str
    tax_name_en: str
    period: str
    amount_fen: FenNotNegative


class CertificateAsk(Wire):
    """Issue the tax-paid certificate of a paid order; asking again gives the same one."""

    order_id: UUID


class CertificateOut(Wire):
    """A certificate the taxpayer holds."""

    certificate_id: UUID
    certificate_no: str
    kind: Literal["tax_paid"]
    state: Literal["valid", "superseded"]
    taxpayer_name: str
    uscc: str | None
    items: list[CertificateItem]
    total_fen: FenNotNegative
    paid_on: date
    issued_at: datetime
    order_id: UUID
    return_id: UUID
    verify_code: str
    verify_url: str
    pdf_path: str


class VerifyOut(Wire):
    """What the paper says, checked; nothing that is not on the paper."""

    state: Literal["true", "superseded", "unknown"]
    certificate_no: str | None = None
    taxpayer_name: str | None = None
    total_fen: FenNotNegative | None = None
    issued_on: date | None = None
    superseded_by_no: str | None = None
