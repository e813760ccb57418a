"""Dead letters as officers see them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
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
class Wanted:
    """Which of them: those that wait, or those given up; of a reason, of a template, with words in the title."""

    code: str | None = None
    template: str | None = None
    text: str = ""
    is_given_up: bool = False


@dataclass(frozen=True, slots=True)
class Dealt:
    """What an officer did with a dead letter: sent it again, or gave it up; who is masked."""

    act: Literal["resent", "given_up"]
    at: datetime
    by: str


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
