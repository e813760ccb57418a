"""News of the matter engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ApplicationSubmitted:
    """An application was handed in (again, after a supplement)."""

    name: ClassVar[str] = "matters.application_submitted"
    taxpayer_id: int
    application_id: UUID
    matter_code: str


@dataclass(frozen=True, slots=True)
class ApplicationEnded:
    """An application came to an end: approved, refused, withdrawn or lapsed."""

    name: ClassVar[str] = "matters.application_ended"
    taxpayer_id: int
    application_id: UUID
    matter_code: str
    state: str


@dataclass(frozen=True, slots=True)
class SupplementAsked:
    """The taxpayer must add something."""

    name: ClassVar[str] = "matters.supplement_asked"
    taxpayer_id: int
    application_id: UUID
    matter_code: str
    until_on: str
