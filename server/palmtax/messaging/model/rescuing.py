"""Dead letters as officers see them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from palmtax.messaging.model.deliveries import Kept


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A delivery that led nowhere, to whom (masked), and the title of its message, which holds nothing personal."""

    kept: Kept
    person: str
    title: str
    title_en: str


@dataclass(frozen=True, slots=True)
class DeadCounted:
    """How many lie there for one reason."""

    code: str
    reason: str
    reason_en: str
    count: int


@dataclass(frozen=True, slots=True)
class DeadPage:
    """A page of dead letters, with the counts of all."""

    letters: Sequence[DeadLetter]
    counts: Sequence[DeadCounted]
    following: UUID | None
