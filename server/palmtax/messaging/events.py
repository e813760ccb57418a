"""News of messaging."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class DeliveryWanted:
    """A delivery is due now: the first time, again, or by the next way. Whoever carries it takes it with a lease."""

    name: ClassVar[str] = "messaging.delivery_wanted"
    taxpayer_id: int
    delivery_id: UUID
    person_id: int
    way: str


@dataclass(frozen=True, slots=True)
class DeliveryDied:
    """No way led to the person: it lies with the dead letters, with its reason."""

    name: ClassVar[str] = "messaging.delivery_died"
    taxpayer_id: int
    delivery_id: UUID
    person_id: int
    way: str
    template: str
    is_must: bool
    code: str


@dataclass(frozen=True, slots=True)
class CardsChanged:
    """Something happened to a thing that officers have cards about: the cards are to show what is true now."""

    name: ClassVar[str] = "messaging.cards_changed"
    subject_kind: str
    subject_id: UUID


@dataclass(frozen=True, slots=True)
class DocumentServed:
    """A document entered the taxpayer's inbox and counts as served on this day, by this rule."""

    name: ClassVar[str] = "messaging.document_served"
    taxpayer_id: int
    document_no: str
    kind: str
    message_id: UUID
    digest: str
    served_on: date
    law: str


@dataclass(frozen=True, slots=True)
class DocumentRead:
    """The first person read a document that was served: the certificate of service can say so."""

    name: ClassVar[str] = "messaging.document_read"
    taxpayer_id: int
    document_no: str
    person_id: int
    message_id: UUID


@dataclass(frozen=True, slots=True)
class DocumentUnread:
    """Nobody has read a served document for long: somebody should telephone (`phone`) or send it on paper (`paper`)."""

    name: ClassVar[str] = "messaging.document_unread"
    taxpayer_id: int
    document_no: str
    step: str
    message_id: UUID
    title: str
    title_en: str
    office_code: str
    due_on: date


@dataclass(frozen=True, slots=True)
class ServiceEnded:
    """An officer saw to a served document on paper: nothing more need follow."""

    name: ClassVar[str] = "messaging.service_ended"
    taxpayer_id: int
    document_no: str
    message_id: UUID
