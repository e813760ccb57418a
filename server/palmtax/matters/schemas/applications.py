"""Applications on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from palmtax.matters.schemas.catalogue import PromiseOut, SectionOut
from palmtax.plumbing.wire import FenNotNegative, Wire

StateOut = Literal[
    "draft", "submitted", "in_review", "supplement", "approved", "refused", "withdrawn", "lapsed", "discarded"
]
Code = Annotated[str, Field(min_length=1, max_length=60)]
Key = Annotated[str, Field(min_length=8, max_length=80, pattern=r"^[\w-]+$")]
Spent = Annotated[int, Field(ge=0, le=86_400_000)]


class StartAsk(Wire):
    """Begin a matter."""

    matter_code: Code
    fresh: bool = False


class SaveAsk(Wire):
    """Changed answers; null takes one away."""

    version: int
    answers: dict[Code, Any] = Field(default_factory=dict, max_length=200)
    spent_ms: dict[Code, Spent] = Field(default_factory=dict, max_length=200)
    office_code: str | None = Field(default=None, max_length=11)


class SubmitAsk(Wire):
    """Hand in; the key makes it happen once."""

    version: int
    idempotency_key: Key
    is_confirmed: Literal[True]


class WithdrawAsk(Wire):
    """Take back, with a reason that may be empty."""

    reason: str = Field(default="", max_length=300)


class RatingAsk(Wire):
    """How it was (好差评)."""

    stars: int = Field(ge=1, le=5)
    tags: list[Annotated[str, Field(max_length=30)]] = Field(default_factory=list, max_length=10)
    text: str = Field(default="", max_length=500)


class MatterShort(Wire):
    """The matter of an application."""

    code: str
    title: str
    title_en: str
    say: str
    say_en: str
    screens: str
    promise: PromiseOut
    fee_fen: FenNotNegative
    is_current: bool


class FileOut(Wire):
    """A file that was given."""

    paper_id: UUID
    name: str
    size_bytes: int
    pages: int
    media_type: str
    has_thumbnail: bool
    added_at: datetime


class PaperOut(Wire):
    """A paper of an application with its files."""

    code: str
    title: str
    title_en: str
    why: str
    why_en: str
    is_needed: bool
    is_optional: bool
    is_on_file: bool
    at_most: int
    files: list[FileOut]


class ProblemAt(Wire):
    """What is wrong, and where."""

    at: str
    text: str
    text_en: str


class NeedOut(Wire):
    """What must hold first, and whether it does."""

    text: str
    text_en: str
    go: str
    holds: bool


class Progress(Wire):
    """How far it is."""

    answered: int
    total: int


class ComputedResult(Wire):
    """A result of the law."""

    code: str
    label: str
    label_en: str
    value: int
    unit: str


class ComputedLine(Wire):
    """A line of the computation."""

    code: str
    label: str
    label_en: str
    formula: str
    formula_en: str
    value: int
    unit: str
    citations: list[dict[str, Any]]
    citations_en: list[dict[str, Any]]


class ComputedOut(Wire):
    """What the law gives for these answers."""

    law: str
    law_on: date
    version: str
    results: list[ComputedResult]
    lines: list[ComputedLine]


class DecisionOut(Wire):
    """How it ended."""

    outcome: Literal["yes", "no"]
    reason: str
    by_office: str
    is_instant: bool
    decided_at: datetime | None


class SupplementOut(Wire):
    """What is asked for, and by when."""

    text: str
    asks: list[str]
    papers: list[str]
    until: date


class LineOut(Wire):
    """A line of an outcome; `value_en` and `unit_en` where the value or its unit is words."""

    label: str
    label_en: str
    value: str | int | bool
    unit: str
    value_en: str = ""
    unit_en: str = ""


class OutcomeOut(Wire):
    """What came of it."""

    values: dict[str, str | int | bool]
    lines: list[LineOut]


class ApplicationDocument(Wire):
    """The paper at the end."""

    document_id: UUID
    document_no: str
    title: str
    title_en: str
    verify_url: str


class ApplicationMove(Wire):
    """Something that happened."""

    at: datetime
    act: str
    act_name: str
    act_name_en: str
    who: str
    who_en: str
    channel: str
    note: str


class ApplicationRating(Wire):
    """The rating that was given."""

    stars: int


class ApplicationOut(Wire):
    """An application whole."""

    application_id: UUID
    application_no: str
    matter: MatterShort
    state: StateOut
    state_name: str
    state_name_en: str
    version: int
    category: str
    role_code: str
    office_code: str
    office_name: str
    started_at: datetime
    updated_at: datetime
    submitted_at: datetime | None
    due_on: date | None
    ended_at: datetime | None
    started_channel: str
    last_channel: str
    sections: list[SectionOut]
    next: str | None
    progress: Progress
    problems: list[ProblemAt]
    needs: list[NeedOut]
    papers: list[PaperOut]
    computed: ComputedOut | None
    decision: DecisionOut | None
    supplement: SupplementOut | None
    outcome: OutcomeOut | None
    document: ApplicationDocument | None
    timeline: list[ApplicationMove]
    rating: ApplicationRating | None
    may: list[str]
    journey_id: UUID | None


class ApplicationCard(Wire):
    """An application in a list."""

    application_id: UUID
    application_no: str
    matter_code: str
    title: str
    title_en: str
    state: StateOut
    state_name: str
    state_name_en: str
    updated_at: datetime
    submitted_at: datetime | None
    due_on: date | None
    until_on: date | None
    last_channel: str
    journey_id: UUID | None
    is_rated: bool


class ApplicationPage(Wire):
    """A page of applications."""

    applications: list[ApplicationCard]
    next_cursor: str | None
    counts: dict[str, int]


class ApplicationChange(Wire):
    """Something changed; read it again."""

    application_id: UUID
    state: str
    at: datetime


class ChangesOut(Wire):
    """What changed since an instant, for channels that cannot listen."""

    changes: list[ApplicationChange]
    now: datetime
