"""News of the policy library."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class LawChanged:
    """A version of a number of the law was approved, or an approved one withdrawn before its first day."""

    name: ClassVar[str] = "knowledge.law_changed"
    change_id: UUID
    key: str
    law: str
    first_day: date
    until: date | None
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class LetterReceived:
    """A question in writing waits for an answer. `due_on` is an ISO day; `not_for` are persons who must not answer."""

    name: ClassVar[str] = "knowledge.letter_received"
    taxpayer_id: int
    letter_id: UUID
    category: str
    title: str
    title_en: str
    due_on: str
    office_code: str
    not_for: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LetterAnswered:
    """A question in writing was answered."""

    name: ClassVar[str] = "knowledge.letter_answered"
    taxpayer_id: int
    letter_id: UUID
    letter_no: str
    title: str
    title_en: str
