"""A rating of one service act, a suggestion, a report of an offence. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import NAMESPACE_URL, UUID, uuid5

RatingState = Literal["noted", "follow_up", "contacted", "answered"]
ReportState = Literal["received", "answered"]


@dataclass(frozen=True, slots=True)
class Rating:
    """What somebody thought of one service act; bad ones are followed up."""

    taxpayer_id: int
    rating_id: UUID
    subject_kind: str
    subject_id: UUID
    title: str
    title_en: str
    stars: int
    tags: tuple[str, ...]
    text: str
    person_id: int
    office_code: str
    not_for: tuple[int, ...]
    state: RatingState
    rated_at: datetime
    contact_by_on: date | None = None
    feedback_by_on: date | None = None
    contacted_at: datetime | None = None
    answered_at: datetime | None = None
    answer: str = ""
    application_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A suggestion or a word of praise."""

    taxpayer_id: int
    suggestion_id: UUID
    suggestion_no: str
    kind: str
    text: str
    office_code: str
    person_id: int
    given_at: datetime
    due_on: date
    application_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A report of a tax offence as officers with the scope may read it; nothing here says who made it.

    `is_named`: the informant gave their name; of an anonymous report nobody is shown, whatever their scopes.
    """

    report_id: UUID
    report_no: str
    who: str
    facts: str
    office_code: str
    state: ReportState
    received_at: datetime
    due_on: date
    is_named: bool = True
    answer: str = ""
    answered_at: datetime | None = None


def subject_of(text: str) -> UUID:
    """The service act that a text names (a number, mostly): the same text is the same act.

    >>> subject_of(" BJ1 ") == subject_of("bj1"), subject_of("BJ1") == subject_of("BJ2")
    (True, False)
    """
    return uuid5(NAMESPACE_URL, f"service:{text.strip().upper()}")
