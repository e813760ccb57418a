"""Cases: their states, what may follow what, who may act. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from palmtax import registry, rules
from palmtax.base.actor import Actor
from palmtax.base.clock import china_day
from palmtax.base.errors import PalmtaxError
from palmtax.cases import errors

Kind = Literal["matter", "complaint", "follow_up", "letter", "report", "service"]
State = Literal["open", "claimed", "waiting", "second", "closed"]
Outcome = Literal["yes", "no"]
Colour = Literal["good", "wait", "seal"]

STATES: dict[State, tuple[str, str]] = {
    "open": ("待认领", "to be taken"),
    "claimed": ("办理中", "in hand"),
    "waiting": ("等待补正", "waiting for the taxpayer"),
    "second": ("待复审", "waiting for the second officer"),
    "closed": ("已办结", "closed"),
}
"""Every state with its names."""

FOLLOWS: dict[State, frozenset[State]] = {
    "open": frozenset({"open", "claimed", "closed"}),
    "claimed": frozenset({"open", "claimed", "waiting", "second", "closed"}),
    "waiting": frozenset({"waiting", "claimed", "open", "closed"}),
    "second": frozenset({"second", "claimed", "open", "closed"}),
    "closed": frozenset(),
}
"""What may follow a state; the same state again is a change of holder, office or urgency."""

SKILLS = (
    "registration", "invoice", "filing", "relief", "certificate", "licence", "assessment", "refund", "export",
    "international", "credit", "closing", "agents", "consultation", "hall", "complaint", "enforcement", "insurance",
)  # fmt: skip
"""Fields of work; each has its sentences in templates/."""

SKILL_OF_KIND: dict[Kind, str] = {
    "complaint": "complaint",
    "follow_up": "complaint",
    "letter": "consultation",
    "report": "enforcement",
    "service": "hall",
}
"""The field of work of cases that no matter names one for."""

NORMAL, OVERDUE, MARKED = 0, 1, 2
"""How urgent a case is: in time, overdue, overdue by its whole term once more (the supervisor's)."""


@dataclass(frozen=True, slots=True)
class Case:
    """An officer's work item about one subject of one taxpayer.

    `claimed_by` holds it, or is about to confirm it; `first_by` gave the opinion. `days_kept`: working days left when
    its clock was stopped. `stand_in` acts for an absent holder today.
    """

    taxpayer_id: int
    case_id: UUID
    kind: Kind
    subject_id: UUID
    code: str
    title: str
    title_en: str
    office_code: str
    skill: str
    needs_two: bool
    not_for: tuple[int, ...]
    state: State
    version: int
    opened_at: datetime
    due_on: date
    claimed_by: int | None = None
    claimed_at: datetime | None = None
    first_by: int | None = None
    outcome: Outcome | None = None
    reason: str | None = None
    opinion_at: datetime | None = None
    second_by: int | None = None
    waits_until_on: date | None = None
    days_kept: int | None = None
    priority: int = NORMAL
    escalates_on: date | None = None
    overdue_at: datetime | None = None
    closed_at: datetime | None = None
    close_reason: str | None = None
    stand_in: int | None = None

    def days_left(self, today: date) -> int:
        """Working days until it is due, below zero when it is late; what was kept while it waits."""
        if self.state == "waiting" and self.days_kept is not None:
            return self.days_kept
        return rules.working_days_between(today, self.due_on)

    def is_late(self, today: date) -> bool:
        """Whether its day is past and its clock runs."""
        return self.state not in ("waiting", "closed") and self.due_on < today

    def colour(self, today: date) -> Colour:
        """Red when late, amber on the last working day and the one before it, else green."""
        if self.is_late(today):
            return "seal"
        return "wait" if self.state not in ("waiting", "closed") and self.days_left(today) <= 1 else "good"


@dataclass(frozen=True, slots=True)
class Desk:
    """An officer at work today: where, in which fields (none: all), and for whom they stand in."""

    person_id: int
    office_code: str
    skills: frozenset[str] = frozenset()
    stands_for: frozenset[int] = field(default_factory=frozenset)

    @property
    def hands(self) -> frozenset[int]:
        """Whose cases are theirs today: their own and those of absent colleagues."""
        return self.stands_for | {self.person_id}

    def holds(self, case: Case) -> bool:
        """Whether the case is in their hands."""
        return case.claimed_by in self.hands


def wrong_state(case: Case) -> PalmtaxError:
    """The refusal for an act that the state does not allow."""
    if case.state == "closed":
        return errors.CaseClosed()
    zh, en = STATES[case.state]
    return errors.WrongState(state=zh, state_en=en)


def unfit(case: Case, desk: Desk) -> PalmtaxError | None:
    """Why an officer must not handle a case, whoever holds it; none when they may."""
    if not registry.covers(desk.office_code, case.office_code):
        return errors.CaseUnknown()
    if desk.person_id in case.not_for:
        return errors.Conflict()
    if case.state == "second" and case.first_by == desk.person_id:
        return errors.SameOfficer()
    if desk.skills and case.skill not in desk.skills:
        return errors.SkillMissing(skill=case.skill)
    return None


def not_claimable(case: Case, desk: Desk, holder: str = "") -> PalmtaxError | None:
    """Why an officer cannot take a case; none when they can, or have it already. `holder` is who has it, masked."""
    if case.state in ("closed", "waiting"):
        return wrong_state(case)
    refused = unfit(case, desk)
    if refused is None and case.claimed_by is not None and not desk.holds(case):
        return errors.AlreadyClaimed(name=holder)
    return refused


def not_returnable(case: Case, desk: Desk, *, is_supervisor: bool) -> PalmtaxError | None:
    """Why a case cannot go back to the queue; none when it can."""
    if not registry.covers(desk.office_code, case.office_code):
        return errors.CaseUnknown()
    if case.claimed_by is None or case.state not in ("claimed", "second"):
        return wrong_state(case)
    return None if desk.holds(case) or is_supervisor else errors.NotYours()


def not_assignable(case: Case, giver: Desk, to: Desk) -> PalmtaxError | None:
    """Why a supervisor cannot give a case to somebody; none when it can be done."""
    if not registry.covers(giver.office_code, case.office_code):
        return errors.CaseUnknown()
    if case.state == "closed":
        return wrong_state(case)
    refused = unfit(case, to)
    return errors.OfficerUnknown() if isinstance(refused, errors.CaseUnknown) else refused


def not_to_hand_over(case: Case, desk: Desk, *, is_supervisor: bool) -> PalmtaxError | None:
    """Why a case cannot go to another office; none when it can: by its holder, or while nobody holds it."""
    if not registry.covers(desk.office_code, case.office_code):
        return errors.CaseUnknown()
    if case.state not in ("open", "claimed"):
        return wrong_state(case)
    if desk.person_id in case.not_for:
        return errors.Conflict()
    return None if case.claimed_by is None or desk.holds(case) or is_supervisor else errors.NotYours()


def may_decide(actor: Actor, case: Case) -> bool:
    """Whether this officer may act on the case now: give the opinion, confirm it, answer, ask the taxpayer.

    An absent holder's substitute may where `case.stand_in` was looked up. Fields of work are looked at by the acts.
    """
    office = actor.hat.office_code if actor.hat else None
    if not (office and actor.may("cases.decide") and case.state in ("open", "claimed", "second")):
        return False
    if unfit(case, Desk(actor.person_id, office)) is not None:
        return False
    return case.claimed_by is None or actor.person_id in (case.claimed_by, case.stand_in)


Allowed = Literal[
    "claim", "return", "assign", "hand_over", "decide", "confirm", "accept", "investigate", "contact", "answer",
    "ask_time", "decide_time", "informant", "phone", "paper", "note",
]  # fmt: skip
BY_HOLDER: tuple[Allowed, ...] = ("accept", "investigate", "contact", "answer", "ask_time", "phone", "paper")
"""Acts on the subject of a case for who handles it; the other two are for somebody else than the handler."""


def allowed(case: Case, desk: Desk, actor: Actor, of_subject: Collection[str]) -> list[Allowed]:
    """What this officer can do with a case now, by the same checks as the acts themselves.

    `of_subject` is what the domain that owns its subject allows; what is done with a subject needs both.
    """
    decides, leads = actor.may("cases.decide"), actor.may("cases.assign")
    may_take = decides and not_claimable(case, desk) is None
    handles = may_take and case.state in ("open", "claimed")
    is_fit = decides and unfit(case, desk) is None
    passes_on = decides and "forward" in of_subject
    found: list[tuple[Allowed, bool]] = [
        ("claim", may_take and case.claimed_by is None),
        ("return", decides and not_returnable(case, desk, is_supervisor=leads) is None),
        ("assign", leads and case.state != "closed"),
        ("hand_over", passes_on and not_to_hand_over(case, desk, is_supervisor=leads) is None),
        ("decide", handles and case.kind == "matter"),
        ("confirm", may_take and case.state == "second"),
        *((act, handles and act in of_subject) for act in BY_HOLDER),
        ("decide_time", is_fit and case.state != "closed" and "decide_time" in of_subject),
        ("informant", is_fit and "informant" in of_subject),
        ("note", True),
    ]
    return [act for act, is_allowed in found if is_allowed]


def escalation_day(case: Case, due_on: date) -> date:
    """The day on which the clock must look at the case again: the one after its day, or after its whole term once more."""
    if case.overdue_at is None:
        return due_on + timedelta(days=1)
    term = max(1, rules.working_days_between(china_day(case.opened_at), due_on))
    return rules.add_working_days(due_on, term) + timedelta(days=1)


AGES: tuple[tuple[int, int | None], ...] = ((0, 1), (2, 3), (4, 5), (6, 10), (11, 20), (21, None))
"""Working days since a case was opened, in which the board counts: from, to (none: and more)."""

SOON_DAYS = 2
"""A case is due soon up to so many working days ahead, today included."""

LOOKED_BACK = timedelta(days=30)
"""How far back the board counts decisions."""


def age_of(opened_on: date, today: date) -> int:
    """The place in `AGES` of a case opened on this day."""
    old = max(0, rules.working_days_between(opened_on, today))
    return next(place for place, (_, until) in enumerate(AGES) if until is None or old <= until)


def opened_within(place: int, today: date) -> tuple[date | None, date | None]:
    """The first and last day on which cases of an age of `AGES` were opened; none where there is no bound."""
    day, last = today, None if place == 0 else today
    while last is not None and age_of(day, today) < place:
        last = day = day - timedelta(days=1)
    if AGES[place][1] is None:
        return None, last
    while age_of(day - timedelta(days=1), today) == place:
        day -= timedelta(days=1)
    return day, last
