"""The officers' side: finding a taxpayer, one timeline of all channels, and the queue of what officers must decide.

Owns the words case 任务 (work on one subject of one taxpayer: opened, taken, waiting, confirmed by a second officer,
closed), opinion 审核意见, queue 任务池, absence 不在岗, timeline 办税轨迹 and saved view 常用视图. It holds no facts about
taxpayers and does not know what a decision changes: who decided calls the doors below, in the same transaction.
"""

from palmtax.cases.actions.deciding import confirm_opinion, give_opinion
from palmtax.cases.actions.opening import close_case, go_on, new_case, open_case, opening_parts, wait_for_taxpayer
from palmtax.cases.actions.reading import case_of_subject, find_subject, readable_case
from palmtax.cases.actions.rows import case_row
from palmtax.cases.actions.taxpayers import open_file, search, timeline
from palmtax.cases.errors import (
    AlreadyClaimed,
    CaseChanged,
    CaseClosed,
    CaseUnknown,
    Conflict,
    NotSecond,
    SameOfficer,
    WrongState,
)
from palmtax.cases.events import CaseMarked, CaseOverdue
from palmtax.cases.model.acts import ACTS
from palmtax.cases.model.case import SKILLS, Case, may_decide
from palmtax.cases.schemas.cases import CaseRow

__all__ = [
    "ACTS",
    "SKILLS",
    "AlreadyClaimed",
    "Case",
    "CaseChanged",
    "CaseClosed",
    "CaseMarked",
    "CaseOverdue",
    "CaseRow",
    "CaseUnknown",
    "Conflict",
    "NotSecond",
    "SameOfficer",
    "WrongState",
    "case_of_subject",
    "case_row",
    "close_case",
    "confirm_opinion",
    "find_subject",
    "give_opinion",
    "go_on",
    "may_decide",
    "new_case",
    "open_case",
    "open_file",
    "opening_parts",
    "readable_case",
    "search",
    "timeline",
    "wait_for_taxpayer",
]
