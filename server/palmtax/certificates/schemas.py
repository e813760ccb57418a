"""Certificates on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from palmtax.base.clock import china_day
from palmtax.certificates.model import Certificate, Document, Proof, Verdict
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
    title: str | None = None
    title_en: str | None = None


class DocumentOut(Wire):
    """A document that told a decision; `pdf_path` draws it."""

    document_id: UUID
    document_no: str
    kind: Literal["receipt", "notice", "decision", "certificate", "result"]
    state: Literal["valid", "withdrawn"]
    title: str
    title_en: str
    addressee: str
    office_name: str
    issued_at: datetime
    application_id: UUID
    application_no: str
    matter_code: str
    verify_code: str
    verify_url: str
    pdf_path: str


class DocumentPage(Wire):
    """Documents, newest first."""

    documents: list[DocumentOut]


class ProofOut(Wire):
    """A certificate of service; `pdf_path` draws it."""

    proof_id: UUID
    proof_no: str
    served_no: str
    cause: Literal["read", "paper"]
    issued_at: datetime
    verify_code: str
    verify_url: str
    pdf_path: str


def shape_proof(proof: Proof, verify_url: str) -> ProofOut:
    """A certificate of service on the wire."""
    made = proof.document
    return ProofOut(
        proof_id=made.document_id,
        proof_no=made.document_no,
        served_no=proof.served_no,
        cause=proof.cause,
        issued_at=made.issued_at,
        verify_code=made.verify_code,
        verify_url=verify_url,
        pdf_path=f"/api/certificates/proofs/{made.document_id}/pdf",
    )


def shape_document(document: Document, verify_url: str) -> DocumentOut:
    """A document on the wire, without its lines: they are on the paper."""
    return DocumentOut(
        **{
            name: getattr(document, name) for name in DocumentOut.model_fields if name not in ("verify_url", "pdf_path")
        },
        verify_url=verify_url,
        pdf_path=f"/api/certificates/documents/{document.document_id}/pdf",
    )


def shape_certificate(certificate: Certificate, verify_url: str) -> CertificateOut:
    """A certificate on the wire."""
    return CertificateOut(
        certificate_id=certificate.certificate_id,
        certificate_no=certificate.certificate_no,
        kind=certificate.kind,
        state=certificate.state,
        taxpayer_name=certificate.taxpayer_name,
        uscc=certificate.uscc,
        items=[
            CertificateItem(
                tax_name=item.tax_name, tax_name_en=item.tax_name_en, period=item.period, amount_fen=item.amount_fen
            )
            for item in certificate.items
        ],
        total_fen=certificate.total_fen,
        paid_on=certificate.paid_on,
        issued_at=certificate.issued_at,
        order_id=certificate.order_id,
        return_id=certificate.return_id,
        verify_code=certificate.verify_code,
        verify_url=verify_url,
        pdf_path=f"/api/certificates/{certificate.certificate_id}/pdf",
    )


def shape_verdict(verdict: Verdict) -> VerifyOut:
    """A verdict on the wire."""
    return VerifyOut(
        state=verdict.state,
        certificate_no=verdict.certificate_no,
        taxpayer_name=verdict.taxpayer_name,
        total_fen=verdict.total_fen,
        issued_on=china_day(verdict.issued_at) if verdict.issued_at else None,
        superseded_by_no=verdict.superseded_by_no,
        title=verdict.title,
        title_en=verdict.title_en,
    )
