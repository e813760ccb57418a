"""An application (办件) as a value: one person doing one matter, from the first tap to the document."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from palmtax.matters.model.answers import Answers
from palmtax.matters.model.states import State

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class File:
    """A file given for a paper; its content lies sealed in the file store."""

    paper_id: UUID
    application_id: UUID
    paper_code: str
    file_name: str
    media_type: str
    size_bytes: int
    pages: int
    content_name: str
    thumbnail_name: str | None
    added_at: datetime
    channel: str


@dataclass(frozen=True, slots=True)
class Move:
    """Something that happened to an application."""

    move_id: UUID
    at: datetime
    act: str
    channel: str
    person_id: int
    is_officer: bool
    note: str


@dataclass(frozen=True, slots=True)
class Application:
    """One row, opened."""

    taxpayer_id: int
    application_id: UUID
    application_no: str
    matter_code: str
    catalogue_version: str
    state: State
    version: int
    category: str
    role_code: str
    office_code: str
    answers: Answers
    started_by: int
    started_channel: str
    last_channel: str
    started_at: datetime
    updated_at: datetime
    submitted_at: datetime | None = None
    due_on: date | None = None
    until_on: date | None = None
    ended_at: datetime | None = None
    idempotency_key: str | None = None
    decision: dict[str, Any] | None = None
    supplement: dict[str, Any] | None = None
    outcome: dict[str, Any] | None = None
    document_id: UUID | None = None
    journey_id: UUID | None = None
    stars: int | None = None
    files: tuple[File, ...] = field(default=())

    def file_counts(self) -> dict[str, int]:
        """How many files each paper has."""
        counts: dict[str, int] = {}
        for one in self.files:
            counts[one.paper_code] = counts.get(one.paper_code, 0) + 1
        return counts


def application_number(application_id: UUID, day: date) -> str:
    """The number people see (办件编号): the day, then the random end of the identifier.

    >>> application_number(UUID("019ab000-0000-7000-8000-0000000000ff"), date(2026, 11, 23))
    'SX20261123000000007Z'
    """
    tail, digits = application_id.int & (2**50 - 1), ""
    for _ in range(10):
        tail, rest = divmod(tail, 32)
        digits = _LETTERS[rest] + digits
    return f"SX{day:%Y%m%d}{digits}"
