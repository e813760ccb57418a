"""A complaint and what may follow what; who must not handle it; which office is above. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from palmtax.complaints.model.kinds import categories

State = Literal["filed", "accepted", "refused", "investigating", "answered", "closed", "withdrawn"]
NEXT: Mapping[str, frozenset[str]] = {
    "filed": frozenset({"accepted", "refused", "withdrawn"}),
    "accepted": frozenset({"investigating", "answered", "withdrawn"}),
    "investigating": frozenset({"answered", "withdrawn"}),
    "answered": frozenset({"closed", "accepted"}),
    "refused": frozenset(),
    "closed": frozenset(),
    "withdrawn": frozenset(),
}
"""What may follow what; `answered` goes back to `accepted` when the higher office looks at it again."""
OPEN = ("filed", "accepted", "investigating")
LOOKED_INTO = ("accepted", "investigating")
"""States in which somebody finds out what happened."""
Act = Literal["accept", "investigate", "answer", "ask_time", "decide_time", "forward"]
NOBODY = 0
"""The taxpayer that an anonymous complaint or a report shows to officers: none."""
STATES: dict[str, tuple[str, str]] = {
    "filed": ("待受理", "Waiting for acceptance"),
    "accepted": ("已受理", "Accepted"),
    "refused": ("不予受理", "Not accepted"),
    "investigating": ("调查中", "Being looked into"),
    "answered": ("已答复", "Answered"),
    "closed": ("已办结", "Closed"),
    "withdrawn": ("已撤回", "Taken back"),
}
"""Every state with its names."""
STEPS: Mapping[str, tuple[str, str]] = {
    "complaints.complaint_filed": ("提交投诉", "Filed"),
    "complaints.complaint_accepted": ("受理", "Accepted"),
    "complaints.complaint_refused": ("不予受理", "Not accepted"),
    "complaints.complaint_forwarded": ("转由其他机关办理", "Passed on to another office"),
    "complaints.investigation_begun": ("开始调查", "Being looked into"),
    "complaints.extension_asked": ("申请延期", "More time asked for"),
    "complaints.extension_refused": ("不同意延期", "More time refused"),
    "complaints.complaint_extended": ("延期答复", "Answer later"),
    "complaints.complaint_escalated": ("逾期未答复，上一级机关接手", "Late: taken over by the office above"),
    "complaints.complaint_answered": ("答复", "Answered"),
    "complaints.satisfaction_given": ("评价答复", "Answer rated"),
    "complaints.complaint_withdrawn": ("撤回", "Taken back"),
    "complaints.complaint_closed": ("办结", "Closed"),
}
"""Every step of a history with its names (closed by tests/complaints/test_model.py)."""
INVESTIGATORS = 2
"""At least so many people look into a complaint (国家税务总局公告2019年第27号)."""
_TITLES = "某|科长|所长|局长|处长|主任|队长|老师|女士|先生|同志|小姐|姐|哥|工作人员|窗口"


@dataclass(frozen=True, slots=True)
class Extension:
    """More time that was asked for: by whom, how many working days, why, and what a second person said."""

    asked_by: int
    days: int
    reason: str
    is_agreed: bool | None = None
    agreed_by: int | None = None


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint as it stands."""

    taxpayer_id: int
    complaint_id: UUID
    complaint_no: str
    category: str
    sub_kind: str
    is_quick: bool
    is_real_name: bool
    person_id: int
    about: str
    facts: str
    office_code: str
    not_for: tuple[int, ...]
    state: State
    version: int
    filed_at: datetime
    accept_by_on: date
    accepted_at: datetime | None = None
    is_accepted_by_time: bool = False
    due_on: date | None = None
    extension: Extension | None = None
    investigators: tuple[int, ...] = ()
    refusal: str = ""
    answer: str = ""
    answered_at: datetime | None = None
    is_satisfied: bool | None = None
    closed_at: datetime | None = None
    escalated_at: datetime | None = None
    reviews: int = 0
    application_id: UUID | None = None

    @property
    def title(self) -> str:
        """What it is called."""
        return self._named[0]

    @property
    def title_en(self) -> str:
        """What it is called in English."""
        return self._named[1]

    @property
    def _named(self) -> tuple[str, str]:
        category = categories()[self.category]
        kind = category.kinds.get(self.sub_kind)
        return (kind.title, kind.title_en) if kind else (category.title, category.title_en)

    @property
    def shown_taxpayer_id(self) -> int:
        """The taxpayer as officers, events and the timeline may know it: nobody when the complaint is anonymous."""
        return self.taxpayer_id if self.is_real_name else NOBODY

    @property
    def next_due_on(self) -> date:
        """The day by which something must happen now."""
        return self.due_on or self.accept_by_on

    @property
    def concerned(self) -> frozenset[int]:
        """Who must not handle it: those it is about, and who filed it."""
        return frozenset({*self.not_for, self.person_id})

    @property
    def waits_for_more_time(self) -> bool:
        """Whether more time was asked for and nobody has said yes or no."""
        return self.state in LOOKED_INTO and self.extension is not None and self.extension.is_agreed is None

    def may_be_extended(self, today: date) -> bool:
        """Whether more time may still be asked for: in time, and once (a refused request does not count)."""
        is_in_time = self.due_on is not None and self.due_on >= today
        is_first = self.extension is None or self.extension.is_agreed is False
        return self.state in LOOKED_INTO and is_in_time and is_first

    def has_enough_people(self, *more: int) -> bool:
        """Whether, with these, enough people look into it."""
        return len({*self.investigators, *more}) >= INVESTIGATORS


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a complaint; what is not public is for officers only."""

    at: datetime
    act: str
    person_id: int
    note: str
    is_public: bool


def acts_open_to(complaint: Complaint, person_id: int, today: date) -> frozenset[Act]:
    """What an officer may do with it now, by the same rules as the acts themselves."""
    if person_id in complaint.concerned:
        return frozenset()
    state, asked = complaint.state, complaint.extension
    found: list[tuple[Act, bool]] = [
        ("accept", state == "filed"),
        ("investigate", state in LOOKED_INTO),
        ("answer", "answered" in NEXT[state] and complaint.has_enough_people(person_id)),
        ("ask_time", complaint.may_be_extended(today)),
        ("decide_time", complaint.waits_for_more_time and asked is not None and asked.asked_by != person_id),
        ("forward", state in OPEN),
    ]
    return frozenset(act for act, is_open in found if is_open)


def higher_office(office_code: str) -> str | None:
    """The code of the office above: the last level that is used becomes `00`; none above the province.

    >>> (
    ...     higher_office("14403110500"),
    ...     higher_office("14403110000"),
    ...     higher_office("14403000000"),
    ...     higher_office("14400000000"),
    ... )
    ('14403110000', '14403000000', '14400000000', None)
    """
    lead, levels = office_code[:1], [office_code[at : at + 2] for at in range(1, len(office_code), 2)]
    used = [number for number, level in enumerate(levels) if level != "00"]
    if len(used) < 2:
        return None
    levels[used[-1]] = "00"
    return lead + "".join(levels)


def people_meant(about: str, facts: str, officers: Iterable[tuple[int, str]]) -> tuple[int, ...]:
    """Officers whom the words may mean, by (person, name): they must not handle the complaint.

    Meant is who is named in full, or by surname and a title in what the complaint is about. Rather one too many.

    >>> (
    ...     people_meant("窗口的罗科长", "", [(1, "罗衡"), (2, "沈知秋")]),
    ...     people_meant("大厅", "沈知秋说不行", [(2, "沈知秋")]),
    ... )
    ((1,), (2,))
    """
    found = []
    for person_id, name in officers:
        bare = name.strip()
        if not bare:
            continue
        surname = re.compile(f"姓{re.escape(bare[0])}|{re.escape(bare[0])}姓|{re.escape(bare[0])}(?:{_TITLES})")
        if bare in about or bare in facts or surname.search(about):
            found.append(person_id)
    return tuple(sorted(set(found)))
