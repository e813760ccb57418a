"""News of complaints; what may not be known travels as taxpayer 0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ComplaintFiled:
    """A complaint is to be decided on; `not_for` are persons who must not handle it. `due_on` is an ISO day."""

    name: ClassVar[str] = "complaints.complaint_filed"
    taxpayer_id: int
    complaint_id: UUID
    category: str
    title: str
    title_en: str
    due_on: str
    office_code: str
    not_for: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ComplaintEscalated:
    """A complaint goes to the office above: overdue, or looked at again because the answer did not content."""

    name: ClassVar[str] = "complaints.complaint_escalated"
    taxpayer_id: int
    complaint_id: UUID
    category: str
    title: str
    title_en: str
    due_on: str
    office_code: str
    not_for: tuple[int, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class DueChanged:
    """A complaint has another day by which it must be answered: accepted, or extended. ISO day."""

    name: ClassVar[str] = "complaints.due_changed"
    taxpayer_id: int
    complaint_id: UUID
    due_on: str
    office_code: str


@dataclass(frozen=True, slots=True)
class ComplaintWithdrawn:
    """The complaint was taken back: nothing is left to do."""

    name: ClassVar[str] = "complaints.complaint_withdrawn"
    taxpayer_id: int
    complaint_id: UUID
    office_code: str


@dataclass(frozen=True, slots=True)
class BadRatingGiven:
    """Somebody was not content: they are called within a working day. `due_on` is an ISO day."""

    name: ClassVar[str] = "complaints.bad_rating_given"
    taxpayer_id: int
    rating_id: UUID
    category: str
    title: str
    title_en: str
    due_on: str
    office_code: str
    not_for: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ReportReceived:
    """A report of an offence came in; `taxpayer_id` is 0, for who made it is secret. `due_on` is an ISO day."""

    name: ClassVar[str] = "complaints.report_received"
    taxpayer_id: int
    report_id: UUID
    category: str
    title: str
    title_en: str
    due_on: str
    office_code: str
    not_for: tuple[int, ...]
