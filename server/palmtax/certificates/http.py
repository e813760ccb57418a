"""Routes of certificates, and the public verification page."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Path, Query, Response
from fastapi.responses import HTMLResponse

from palmtax.certificates.actions import certificates, documents, proving, verifying
from palmtax.certificates.events import Issued
from palmtax.certificates.model import Certificate, Document
from palmtax.certificates.paper.verdict import POLICY, page
from palmtax.certificates.schemas import (
    CertificateAsk,
    CertificateOut,
    DocumentPage,
    ProofOut,
    VerifyOut,
    shape_certificate,
    shape_document,
    shape_proof,
    shape_verdict,
)
from palmtax.plumbing.edge import Edge, Router, may, may_anyone
from palmtax.plumbing.settings import ServerSettings

router = Router(prefix="/api/certificates", tags=["certificates"])
verify_router = Router(prefix="/api/verify", tags=["certificates"])
page_router = Router(prefix="/verify", tags=["certificates"])
more_routers = [verify_router, page_router]
Code = Annotated[str, Path(max_length=64)]
PUBLIC_RATE = "30/minute"
"""Look-ups by one address: enough for people, too few for guessing."""


def _out(edge: Edge, certificate: Certificate) -> CertificateOut:
    public_url = edge.settings.of(ServerSettings).public_url
    return shape_certificate(certificate, certificates.verify_url(public_url, certificate.verify_code))


@router.get("")
async def list_certificates(edge: Edge = may("certificates.read")) -> list[CertificateOut]:
    """The taxpayer's certificates, newest first."""
    async with edge.statement() as tx:
        found = await certificates.certificates_of(tx, edge.taxpayer_id)
    return [_out(edge, certificate) for certificate in found]


@router.post("")
async def issue_certificate(
    ask: CertificateAsk, edge: Edge = may("certificates.issue", records=Issued.name, rate="30/minute")
) -> CertificateOut:
    """Issue the tax-paid certificate of a paid order; asking again gives the same one."""
    certificate = await certificates.issue(
        edge.transaction,
        edge.files,
        actor=edge.actor,
        clock=edge.clock,
        taxpayer_id=edge.taxpayer_id,
        order_id=ask.order_id,
        public_url=edge.settings.of(ServerSettings).public_url,
    )
    return _out(edge, certificate)


@router.get("/documents")
async def list_documents(edge: Edge = may("certificates.read")) -> DocumentPage:
    """The documents that told decisions on the taxpayer's applications, newest first; at most 100."""
    public_url = edge.settings.of(ServerSettings).public_url
    async with edge.statement() as tx:
        found = await documents.documents_of(tx, edge.taxpayer_id)
    return DocumentPage(
        documents=[shape_document(one, certificates.verify_url(public_url, one.verify_code)) for one in found]
    )


@router.get(
    "/documents/{document_id}/pdf", response_class=Response, responses={200: {"content": {"application/pdf": {}}}}
)
async def read_document_pdf(document_id: UUID, edge: Edge = may("certificates.read", rate="60/minute")) -> Response:
    """The document as PDF, drawn from its lines: the same bytes each time."""
    async with edge.statement() as tx:
        found = await documents.readable_document(tx, taxpayer_id=edge.taxpayer_id, document_id=document_id)
    edge.hold("application_id", found.application_id)
    return await _drawn(edge, found)


async def _drawn(edge: Edge, document: Document) -> Response:
    content = await asyncio.to_thread(documents.document_pdf, document, edge.settings.of(ServerSettings).public_url)
    headers = {
        "content-disposition": f'inline; filename="{document.document_no}.pdf"',
        "cache-control": "private, no-store",
        "x-content-type-options": "nosniff",
    }
    return Response(content, media_type="application/pdf", headers=headers)


@router.get("/proofs")
async def list_proofs(
    served_no: Annotated[str, Query(min_length=1, max_length=60)], edge: Edge = may("certificates.read")
) -> list[ProofOut]:
    """The certificates of service of a document that was served on this taxpayer, the first one first."""
    async with edge.statement() as tx:
        found = await proving.proofs_of(tx, taxpayer_id=edge.taxpayer_id, served_no=served_no)
    public_url = edge.settings.of(ServerSettings).public_url
    return [shape_proof(one, certificates.verify_url(public_url, one.document.verify_code)) for one in found]


@router.get("/proofs/{proof_id}/pdf", response_class=Response, responses={200: {"content": {"application/pdf": {}}}})
async def read_proof_pdf(proof_id: UUID, edge: Edge = may("certificates.read", rate="60/minute")) -> Response:
    """The certificate of service as PDF: the same bytes each time."""
    async with edge.statement() as tx:
        found = await proving.readable_proof(tx, taxpayer_id=edge.taxpayer_id, proof_id=proof_id)
    return await _drawn(edge, found.document)


@router.get("/{certificate_id}")
async def read_certificate(certificate_id: UUID, edge: Edge = may("certificates.read")) -> CertificateOut:
    """One certificate."""
    async with edge.statement() as tx:
        found = await certificates.readable_certificate(tx, taxpayer_id=edge.taxpayer_id, certificate_id=certificate_id)
    return _out(edge, found)


@router.get("/{certificate_id}/pdf", response_class=Response, responses={200: {"content": {"application/pdf": {}}}})
async def read_pdf(certificate_id: UUID, edge: Edge = may("certificates.read")) -> Response:
    """The paper as PDF, byte for byte as it was issued."""
    async with edge.statement() as tx:
        found = await certificates.readable_certificate(tx, taxpayer_id=edge.taxpayer_id, certificate_id=certificate_id)
    headers = {
        "content-disposition": f'inline; filename="{found.certificate_no}.pdf"',
        "cache-control": "private, no-store",
        "x-content-type-options": "nosniff",
        "etag": f'"{found.pdf_name}"',
    }
    return Response(await edge.files.get(found.pdf_name), media_type="application/pdf", headers=headers)


@verify_router.get("/{code}")
async def verify(code: Code, response: Response, edge: Edge = may_anyone(rate=PUBLIC_RATE)) -> VerifyOut:
    """Whether a paper is true, superseded or unknown; nothing that is not on the paper."""
    response.headers["cache-control"] = "no-store"
    async with edge.statement() as tx:
        return shape_verdict(await verifying.verify(tx, code))


@page_router.get("/{code}", response_class=HTMLResponse, include_in_schema=False)
async def verify_page(
    code: Code, edge: Edge = may_anyone(rate=PUBLIC_RATE), lang: Annotated[Literal["zh", "en"] | None, Query()] = None
) -> HTMLResponse:
    """The same for people: one small page."""
    async with edge.statement() as tx:
        verdict = await verifying.verify(tx, code)
    headers = {
        "cache-control": "no-store",
        "content-security-policy": POLICY,
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-robots-tag": "noindex",
    }
    return HTMLResponse(page(verdict, lang or edge.language), headers=headers)
