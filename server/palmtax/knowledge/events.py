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
