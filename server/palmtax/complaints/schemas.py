"""Complaints, ratings, reports and their numbers on the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from palmtax import identity, rules
from palmtax.complaints.actions.statistics import Statistics
from palmtax.complaints.model.complaint import NOBODY, STATES, STEPS, Complaint, Step
from palmtax.complaints.model.kinds import categories, days_of, levels, tags
from palmtax.complaints.model.rating import Rating, Report
from palmtax.plumbing.wire import Wire

Text = Annotated[str, Field(max_length=2000)]
State = Literal["filed", "accepted", "refused", "investigating", "answered", "closed", "withdrawn"]


class SubKindOut(Wire):
    """A kind of complaint."""

    code: str
    title: str
    title_en: str
    is_quick: bool


class CategoryOut(Wire):
    """A category with its working days for an answer."""

    code: str
    title: str
    title_en: str
    days: int
    kinds: list[SubKindOut]


class TagOut(Wire):
    """A tag, or a level of a rating by its stars."""

    code: str
    title: str
    title_en: str
    is_good: bool


class KindsOut(Wire):
    """What may be complained about, and how ratings are given."""

    categories: list[CategoryOut]
    quick_days: int
    levels: list[TagOut]
    tags: list[TagOut]


class StepOut(Wire):
    """One thing that happened; who did it is not said."""

    at: datetime
    act: str
    act_name: str
    act_name_en: str
    note: str
    is_by_clock: bool


class StepForOfficer(StepOut):
    """The same for officers: who did it, masked (never who filed an anonymous complaint), and whether it is shown."""

    by_name: str
    is_public: bool


class ComplaintFields(Wire):
    """What everybody sees of a complaint who sees it at all."""

    complaint_id: UUID
    complaint_no: str
    category: str
    sub_kind: str
    title: str
    title_en: str
    about: str
    facts: str
    is_real_name: bool
    is_quick: bool
    state: State
    state_name: str
    state_name_en: str
    filed_at: datetime
    accept_by_on: date
    accepted_at: datetime | None
    is_accepted_by_time: bool
    due_on: date | None
    extended_days: int
    refusal: str
    answer: str
    answered_at: datetime | None
    is_satisfied: bool | None
    escalated_at: datetime | None
    may_withdraw: bool
    may_say_satisfied: bool


class ComplaintOut(ComplaintFields):
    """A complaint as the person who filed it sees it."""

    steps: list[StepOut]


class ComplaintForOfficer(ComplaintFields):
    """The same for officers: who filed it (0 when anonymous), which office has it, who looks into it, what was asked for.

    `most_extension_days`: so many working days more may be asked for. `extended_due_on`: the day when the request is
    agreed to.
    """

    taxpayer_id: int
    office_code: str
    investigators: list[int]
    investigator_names: list[str]
    most_extension_days: int
    extension_days: int | None
    extension_reason: str
    is_extension_agreed: bool | None
    extended_due_on: date | None
    steps: list[StepForOfficer]


class ColleagueOut(Wire):
    """Somebody who may look into a complaint."""

    person_id: int
    name_masked: str
    role_name: str
    role_name_en: str
    office_code: str
    office_name: str


class ComplaintPage(Wire):
    """Complaints of an office, newest first."""

    complaints: list[ComplaintForOfficer]
    next_cursor: str | None


class WithdrawalIn(Wire):
    """Take it back; why is up to the person."""

    reason: Text = ""


class SatisfactionIn(Wire):
    """Whether the answer contents."""

    is_satisfied: bool
    text: Text = ""


class InvestigationIn(Wire):
    """Colleagues who look into it too."""

    colleague_ids: list[int] = Field(min_length=1, max_length=10)


class ExtensionIn(Wire):
    """More time: working days, and why."""

    days: int = Field(ge=1, le=30)
    reason: Text


class ExtensionDecisionIn(Wire):
    """Whether a second person agrees."""

    is_agreed: bool


class ComplaintNoteIn(Wire):
    """What was said, or why."""

    note: Text


class RatingOut(Wire):
    """A rating with what came of it."""

    rating_id: UUID
    subject_kind: str
    title: str
    title_en: str
    stars: int
    tags: list[str]
    text: str
    state: Literal["noted", "follow_up", "contacted", "answered"]
    rated_at: datetime
    contact_by_on: date | None
    feedback_by_on: date | None
    contacted_at: datetime | None
    answered_at: datetime | None
    answer: str


class ReportOut(Wire):
    """A report of an offence; nothing says who made it."""

    report_id: UUID
    report_no: str
    who: str
    facts: str
    state: Literal["received", "answered"]
    received_at: datetime
    due_on: date
    is_named: bool
    answer: str
    answered_at: datetime | None


class InformantOut(Wire):
    """Who made a report, and for which business."""

    taxpayer_id: int
    person_id: int
    taxpayer_name: str
    person_name: str


class ComplaintCount(Wire):
    """How many complaints of a category are in a state."""

    category: str
    state: State
    n: int
    answered: int
    in_time: int
    escalated: int
    satisfied: int
    unsatisfied: int


class RatingCount(Wire):
    """How many ratings of a level, and how many were followed up."""

    stars: int
    n: int
    contacted: int
    in_time: int
    answered: int


class TagCount(Wire):
    """How often a tag was given."""

    tag: str
    n: int


class SuggestionOut(Wire):
    """A suggestion or a word of praise."""

    suggestion_id: UUID
    suggestion_no: str
    kind: Literal["suggestion", "praise"]
    text: str
    given_at: datetime
    due_on: date


class StatisticsOut(Wire):
    """Numbers of an office and those below it."""

    complaints: list[ComplaintCount]
    ratings: list[RatingCount]
    tags: list[TagCount]
    suggestions: list[SuggestionOut]


def shape_kinds(today: date) -> KindsOut:
    """The lists that forms show."""
    found = [
        CategoryOut(
            code=one.code,
            title=one.title,
            title_en=one.title_en,
            days=one.days,
            kinds=[
                SubKindOut(code=k.code, title=k.title, title_en=k.title_en, is_quick=k.is_quick)
                for k in one.kinds.values()
            ],
        )
        for one in categories().values()
    ]
    shown_levels = [
        TagOut(code=one.code, title=one.title, title_en=one.title_en, is_good=stars >= 3)
        for stars, one in levels().items()
    ]
    shown_tags = [
        TagOut(code=one.code, title=one.title, title_en=one.title_en, is_good=one.is_good) for one in tags().values()
    ]
    quick_days = days_of("quick_days", today)
    return KindsOut(categories=found, quick_days=quick_days, levels=shown_levels, tags=shown_tags)


_COMPLAINT = frozenset(ComplaintFields.model_fields) - {
    "state_name",
    "state_name_en",
    "extended_days",
    "may_withdraw",
    "may_say_satisfied",
}


def _complaint_values(one: Complaint) -> dict[str, object]:
    name, name_en = STATES[one.state]
    extension = one.extension
    return {
        **{field: getattr(one, field) for field in _COMPLAINT},
        "state_name": name,
        "state_name_en": name_en,
        "extended_days": extension.days if extension and extension.is_agreed else 0,
        "may_withdraw": one.state in {"filed", "accepted", "investigating"},
        "may_say_satisfied": one.state == "answered",
    }


def _step_values(step: Step) -> dict[str, object]:
    name, name_en = STEPS[step.act]
    told = {"at": step.at, "act": step.act, "note": step.note}
    return {**told, "act_name": name, "act_name_en": name_en, "is_by_clock": step.person_id == NOBODY}


def shape_complaint(one: Complaint, steps: Sequence[Step] = ()) -> ComplaintOut:
    """A complaint for the person who filed it."""
    return ComplaintOut.model_validate({**_complaint_values(one), "steps": [_step_values(step) for step in steps]})


def shape_for_officer(
    one: Complaint, today: date, steps: Sequence[Step] = (), people: Mapping[int, identity.Person] | None = None
) -> ComplaintForOfficer:
    """A complaint for officers; `people` are those whose names are in it."""
    extension = one.extension
    asked = extension.days if extension and one.waits_for_more_time else 0
    names = {number: person.name_masked for number, person in (people or {}).items()}
    if not one.is_real_name:
        names.pop(one.person_id, None)
    more = {
        "taxpayer_id": one.shown_taxpayer_id,
        "office_code": one.office_code,
        "investigators": list(one.investigators),
        "investigator_names": [names.get(number, "") for number in one.investigators],
        "most_extension_days": days_of("extension_days", today),
        "extension_days": extension.days if extension else None,
        "extension_reason": extension.reason if extension else "",
        "is_extension_agreed": extension.is_agreed if extension else None,
        "extended_due_on": rules.add_working_days(one.due_on, asked) if one.due_on and asked else None,
        "steps": [
            {**_step_values(step), "by_name": names.get(step.person_id, ""), "is_public": step.is_public}
            for step in steps
        ],
    }
    return ComplaintForOfficer.model_validate(_complaint_values(one) | more)


def shape_colleague(one: identity.Officer, office_name: str) -> ColleagueOut:
    """A colleague on the wire."""
    role_name, role_name_en = identity.role_name(one.role_code)
    return ColleagueOut(
        person_id=one.person_id,
        name_masked=one.name_masked,
        role_name=role_name,
        role_name_en=role_name_en,
        office_code=one.office_code,
        office_name=office_name,
    )


def shape_rating(one: Rating) -> RatingOut:
    """A rating on the wire."""
    values = {field: getattr(one, field) for field in RatingOut.model_fields}
    return RatingOut.model_validate(values | {"tags": list(one.tags)})


def shape_report(one: Report) -> ReportOut:
    """A report on the wire."""
    return ReportOut.model_validate({field: getattr(one, field) for field in ReportOut.model_fields})


def shape_statistics(found: Statistics) -> StatisticsOut:
    """Numbers on the wire."""
    return StatisticsOut(
        complaints=[ComplaintCount.model_validate(row) for row in found.complaints],
        ratings=[RatingCount.model_validate(row) for row in found.ratings],
        tags=[TagCount(tag=tag, n=n) for tag, n in found.tags],
        suggestions=[
            SuggestionOut.model_validate({field: getattr(one, field) for field in SuggestionOut.model_fields})
            for one in found.suggestions
        ],
    )
