"""The law desk on the wire: versions of numbers from draft to in force."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from palmtax.knowledge.schemas.calculators import Confidence, LineUnit
from palmtax.knowledge.schemas.law_library import LawOption, LawValue, ParameterKind, ParameterValue
from palmtax.plumbing.wire import Wire

ChangeState = Literal["draft", "sent", "returned", "effective", "scheduled", "withdrawn"]
ActName = Literal["drafted", "edited", "sent", "returned", "approved", "withdrawn"]
_CLEAN = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"
Day = Annotated[date, Field(ge=date(1949, 10, 1), le=date(2199, 12, 31))]
Reason = Annotated[str, Field(min_length=1, max_length=500, pattern=_CLEAN)]


class ChangeEdit(Wire):
    """What a version says; `confirm_retroactive` when it is meant to count on days that are over."""

    value: LawValue
    first_day: Day
    until: Day | None = None
    article: str = Field(
        min_length=1, max_length=200, pattern=_CLEAN, description="title and article, one blank between"
    )
    published: Day
    source: str = Field(min_length=1, max_length=300, pattern=_CLEAN)
    confidence: Confidence
    note: str = Field(default="", max_length=1000, pattern=_CLEAN)
    confirm_retroactive: bool = False


class ChangeDraft(ChangeEdit):
    """A new version of the number `key`."""

    key: str = Field(max_length=120)


class Seen(Wire):
    """The acts that the officer saw; an act done in between is refused instead of deciding on something unseen."""

    acts: int | None = Field(default=None, ge=1)


class Reasoned(Seen):
    """Why a version is returned or withdrawn."""

    reason: Reason


class ChangeLine(Wire):
    """A version in a list. Scheduled: approved, its first day still to come; effective: its first day has come."""

    change_id: UUID
    key: str
    title: str
    title_en: str
    kind: ParameterKind
    state: ChangeState
    value: LawValue
    first_day: date
    until: date | None
    article: str
    drafted_by: str = Field(description="masked")
    drafted_at: datetime
    decided_by: str | None = Field(description="masked")
    decided_at: datetime | None


class ChangeList(Wire):
    """A page of versions, newest first."""

    changes: list[ChangeLine]
    next_cursor: str | None


class ActOut(Wire):
    """One thing that was done to a version."""

    act: ActName
    by: str = Field(description="masked")
    at: datetime
    reason: str | None


class ChangedLine(Wire):
    """A line of an example that comes out differently; values in the unit of the line (fen, count …)."""

    law: str
    example: str
    line: str
    label: str
    label_en: str
    before: int | None
    after: int
    unit: LineUnit


class Examples(Wire):
    """The examples that the version would govern, computed again; those of earlier days as if of its first day."""

    run: int
    unchanged: int
    changed: list[ChangedLine]


class LawName(Wire):
    """A law that reads the number."""

    code: str
    title: str
    title_en: str


class Check(Wire):
    """What the version does to the law: a trial until it is approved, then as it was tried at the approval.

    `version_after` ends in `+what-if` while the version is not approved: a supposition is not the law.
    """

    version_before: str
    version_after: str
    examples: Examples
    faults: list[str]
    laws: list[LawName]


class ChangeOut(ChangeLine):
    """A version with everything about it and what this officer may do."""

    law: str
    law_title: str
    law_title_en: str
    unit: str
    options: list[LawOption]
    published: date
    source: str
    confidence: Confidence
    note: str
    confirm_retroactive: bool
    is_retroactive: bool
    reason: str | None
    acts: int = Field(description="acts so far; send it back with an act to be sure that nothing came between")
    may_edit: bool
    may_send: bool
    may_approve: bool
    may_withdraw: bool
    before: LawValue | None
    history: list[ActOut]
    check: Check


class ParameterOut(Wire):
    """One number of the law through time, and the versions on their way."""

    key: str
    law: str
    law_title: str
    law_title_en: str
    title: str
    title_en: str
    kind: ParameterKind
    unit: str
    options: list[LawOption]
    checked_on: date
    checked_by: str
    values: list[ParameterValue]
    changes: list[ChangeLine]
