"""Officers, absences, the board and sentences on the wire."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from palmtax.cases.schemas.cases import PersonId
from palmtax.plumbing.wire import Wire

Skill = Literal[
    "registration",
    "invoice",
    "filing",
    "relief",
    "certificate",
    "licence",
    "assessment",
    "refund",
    "export",
    "international",
    "credit",
    "closing",
    "agents",
    "consultation",
    "hall",
    "complaint",
    "enforcement",
    "insurance",
]


class OfficerOut(Wire):
    """A colleague; `skills` empty: all fields. What is in hand does not count what waits for taxpayers.

    `due_soon`: within two working days, and not overdue.
    """

    person_id: int
    name_masked: str
    role_code: str
    role_name: str
    role_name_en: str
    office_code: str
    office_name: str
    skills: list[str]
    may_decide: bool
    is_absent: bool
    substitute_id: int | None
    in_hand: int
    waiting: int
    overdue: int
    due_soon: int


class BoardOfficerOut(OfficerOut):
    """An officer on the board: the age of the open cases they hold, as `BoardOut.ages`; decisions of thirty days."""

    ages: list[int]
    decided: int
    passed: int
    in_time: int


class OfficeOut(Wire):
    """A tax office that a case may go to."""

    office_code: str
    name: str
    name_en: str


class SkillsIn(Wire):
    """Fields of work; empty: all."""

    skills: list[Skill] = Field(max_length=18)


class AbsenceIn(Wire):
    """Days away, both included; `person_id` only for somebody else's."""

    person_id: PersonId | None = None
    from_on: date
    until_on: date
    substitute_id: PersonId


class AbsenceOut(Wire):
    """Who is away when, and who stands in."""

    absence_id: UUID
    person_id: int
    name_masked: str
    from_on: date
    until_on: date
    substitute_id: int
    substitute_name_masked: str
    is_mine: bool


class SkillLoadOut(Wire):
    """Open cases of a field of work; `due_soon`: within two working days, and not overdue."""

    skill: str
    in_all: int
    unclaimed: int
    overdue: int
    due_soon: int
    marked: int


class DecidedOut(Wire):
    """Decisions of the last thirty days in a field of work."""

    skill: str
    decided: int
    passed: int
    in_time: int


class AgeOut(Wire):
    """Open cases by working days since they were opened; `until_days` none: and more."""

    from_days: int
    until_days: int | None
    number: int


class BoardOut(Wire):
    """The supervisor's board; exact."""

    officers: list[BoardOfficerOut]
    skills: list[SkillLoadOut]
    decided: list[DecidedOut]
    ages: list[AgeOut]


class SentenceOut(Wire):
    """A sentence in both languages."""

    text: str
    text_en: str


class SentencesOut(Wire):
    """Sentences to begin a decision with."""

    skill: str
    yes: list[SentenceOut]
    no: list[SentenceOut]
    supplement: list[SentenceOut]
