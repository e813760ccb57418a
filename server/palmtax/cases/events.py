"""News of cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CaseOverdue:
    """The day of a case is past and it is not closed; told once in its life. `holder_id` none: nobody took it."""

    name: ClassVar[str] = "cases.case_overdue"
    taxpayer_id: int
    case_id: UUID
    kind: str
    subject_id: UUID
    office_code: str
    skill: str
    due_on: date
    holder_id: int | None


@dataclass(frozen=True, slots=True)
class CaseMarked:
    """A case is overdue by its whole term once more: it is the supervisor's now."""

    name: ClassVar[str] = "cases.case_marked"
    taxpayer_id: int
    case_id: UUID
    kind: str
    subject_id: UUID
    office_code: str
    skill: str
    due_on: date
    holder_id: int | None


@dataclass(frozen=True, slots=True)
class CaseMoved:
    """A case took a step of its history (`act`), by somebody, the taxpayer or the clock; its opening is told otherwise."""

    name: ClassVar[str] = "cases.case_moved"
    taxpayer_id: int
    case_id: UUID
    version: int
    act: str
    person_id: int | None
    to_person_id: int | None
