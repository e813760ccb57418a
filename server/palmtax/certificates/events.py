"""News of certificates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate was issued; fen."""

    name: ClassVar[str] = "certificates.issued"
    taxpayer_id: int
    certificate_id: UUID
    certificate_no: str
    order_id: UUID
    total_fen: int


@dataclass(frozen=True, slots=True)
class Superseded:
    """A certificate no longer says how things stand."""

    name: ClassVar[str] = "certificates.superseded"
    taxpayer_id: int
    certificate_id: UUID
    certificate_no: str


@dataclass(frozen=True, slots=True)
class DocumentIssued:
    """A matter's decision was told with a document."""

    name: ClassVar[str] = "certificates.document_issued"
    taxpayer_id: int
    document_id: UUID
    document_no: str
    application_id: UUID
    kind: str


@dataclass(frozen=True, slots=True)
class ServiceCertified:
    """A certificate of service was made."""

    name: ClassVar[str] = "certificates.service_certified"
    taxpayer_id: int
    proof_id: UUID
    proof_no: str
    served_no: str
    cause: str


@dataclass(frozen=True, slots=True)
class DocumentWithdrawn:
    """A document no longer stands."""

    name: ClassVar[str] = "certificates.document_withdrawn"
    taxpayer_id: int
    document_id: UUID
    document_no: str
