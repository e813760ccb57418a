"""Cases on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from palmtax.plumbing.wire import Wire

MOST_AT_ONCE = 200
Ids = Annotated[list[UUID], Field(min_length=1, max_length=MOST_AT_ONCE)]
PersonId = Annotated[int, Field(gt=0, le=2**63 - 1)]
Reason = Annotated[str, Field(min_length=1, max_length=1000, pattern=r"\S")]
OfficeCode = Annotated[str, Field(pattern=r"^[0-9]{11}$")]


class CaseRow(Wire):
    """A line of the queue; `days_left` are working days, below zero when late; `colour` for people."""

    case_id: UUID
    taxpayer_id: int
    taxpayer_name: str
    kind: Literal["matter", "complaint", "follow_up", "letter", "report", "service"]
    subject_id: UUID
    code: str
    title: str
    title_en: str
    state: Literal["open", "claimed", "waiting", "second", "closed"]
    state_name: str
    state_name_en: str
    skill: str
    office_code: str
    office_name: str
    opened_at: datetime
    due_on: date
    days_left: int
    colour: Literal["good", "wait", "seal"]
    priority: int
    version: int
    needs_two: bool
    claimed_by: int | None
    claimed_by_name: str | None
    is_mine: bool
    has_unread_mention: bool
    is_second: bool
    outcome: Literal["yes", "no"] | None
    closed_at: datetime | None


class QueueCounts(Wire):
    """How many, each up to 1,000; overdue and today among one's own and those to be taken."""

    mine: int
    group: int
    waiting: int
    overdue: int
    today: int
    mentions: int


class QueuePage(Wire):
    """A page of the queue."""

    cases: list[CaseRow]
    next_cursor: str | None
    counts: QueueCounts


class NoteOut(Wire):
    """What an officer wrote for colleagues."""

    note_id: UUID
    at: datetime
    by: int
    by_name: str
    text: str
    mentions: list[int]
    mention_names: list[str]


class CaseMove(Wire):
    """A step in the history of a case; `by_name` is empty when the clock or the taxpayer did it."""

    version: int
    at: datetime
    act: str
    act_name: str
    act_name_en: str
    by_name: str
    for_name: str
    to_name: str
    state: str
    office_code: str
    note: str


class OpinionOut(Wire):
    """What the first officer thinks, and who confirmed it."""

    outcome: Literal["yes", "no"]
    reason: str
    by: int
    by_name: str
    at: datetime
    confirmed_by_name: str | None


class CaseFile(Wire):
    """A case with its notes, history and opinion; `may` lists what this officer can do now."""

    case: CaseRow
    opinion: OpinionOut | None
    notes: list[NoteOut]
    history: list[CaseMove]
    waits_until_on: date | None
    stand_in_name: str | None
    may: list[
        Literal[
            "claim",
            "return",
            "assign",
            "hand_over",
            "decide",
            "confirm",
            "accept",
            "investigate",
            "contact",
            "answer",
            "ask_time",
            "decide_time",
            "informant",
            "phone",
            "paper",
            "note",
        ]
    ]


class CaseIds(Wire):
    """Several cases."""

    case_ids: Ids


class AssignmentIn(Wire):
    """Several cases for one officer."""

    case_ids: Ids
    person_id: PersonId


class HandoverIn(Wire):
    """A case for another office."""

    case_id: UUID
    office_code: OfficeCode
    reason: Reason


class CaseNoteIn(Wire):
    """A note; `mentions` are told."""

    text: Reason
    mentions: list[PersonId] = Field(default_factory=list, max_length=20)


class AnswerIn(Wire):
    """The answer to a complaint, a rating, a letter or a report; `version` of the case it was written for."""

    text: str = Field(min_length=1, max_length=4000, pattern=r"\S")
    version: int = Field(ge=1, le=2**31 - 1)


class AcceptanceIn(Wire):
    """Whether a complaint is taken up, and why."""

    is_accepted: bool
    reason: Reason


class Would(Wire):
    """What would become of a case: `why` says why not."""

    case_id: UUID
    ok: bool
    why: str


class Preview(Wire):
    """What would happen; nothing has."""

    would: list[Would]


class Refused(Wire):
    """A case that stays as it is, and why."""

    case_id: UUID
    code: str
    text: str


class CaseActsOut(Wire):
    """What was done, and what was not."""

    done: list[UUID]
    refused: list[Refused]
