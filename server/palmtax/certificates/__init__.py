"""Proofs issued to taxpayers, and checking them. Not payments (payment), not returns (filing).

Owns the words certificate 证明, document 结果文书, proof 送达回证, verify code 查验码, superseded 已被替代, withdrawn 失效.
A tax-paid certificate (税收完税证明) proves one paid order; asking again gives the same one. When its return is amended or refunded
it is superseded, and asking gives a new one. A document tells the decision on an application: one each, kept as lines,
drawn when asked for. A certificate of service (送达回证) says how a document was served and read, as it was
true then. Anybody may check a code of each: true, superseded or unknown, and nothing that is not on the paper.

Events: certificates.issued, certificates.superseded, certificates.document_issued, certificates.document_withdrawn,
certificates.service_certified. Listens to filing.return_amended, filing.declaration_corrected, payment.refunded,
messaging.document_read and messaging.service_ended.
"""

from palmtax.certificates.actions import effects
from palmtax.certificates.actions.certificates import certificates_of, issue, readable_certificate, verify_url
from palmtax.certificates.actions.documents import (
    document_digest,
    document_of,
    document_of_part,
    document_part,
    document_pdf,
    documents_of,
    issue_document,
    readable_document,
    withdraw_document,
)
from palmtax.certificates.actions.verifying import verify
from palmtax.certificates.events import DocumentIssued, DocumentWithdrawn, Issued, ServiceCertified, Superseded
from palmtax.certificates.model import Certificate, Document, DocumentLine, Verdict, in_capitals
from palmtax.certificates.paper import draw_plain as plain_pdf
from palmtax.certificates.schemas import CertificateOut, DocumentOut, shape_certificate, shape_document

__all__ = [
    "Certificate",
    "CertificateOut",
    "Document",
    "DocumentIssued",
    "DocumentLine",
    "DocumentOut",
    "DocumentWithdrawn",
    "Issued",
    "ServiceCertified",
    "Superseded",
    "Verdict",
    "certificates_of",
    "document_digest",
    "document_of",
    "document_of_part",
    "document_part",
    "document_pdf",
    "documents_of",
    "effects",
    "in_capitals",
    "issue",
    "issue_document",
    "plain_pdf",
    "readable_certificate",
    "readable_document",
    "shape_certificate",
    "shape_document",
    "verify",
    "verify_url",
    "withdraw_document",
]
