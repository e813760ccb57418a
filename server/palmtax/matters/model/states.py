"""The states of an application (办件), what may follow what, and how old each may grow before somebody is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal[
    "draft", "submitted", "in_review", "supplement", "approved", "refused", "withdrawn", "lapsed", "discarded"
]


@dataclass(frozen=True, slots=True)
class Age:
    """The greatest age of a state in days, and what happens then: an alarm for officers, or an end."""

    days: int
    then: Literal["alarm", "lapse", "discard", "nothing"]


STATES: dict[State, tuple[str, str]] = {
    "draft": ("草稿", "Draft"),
    "submitted": ("已提交", "Submitted"),
    "in_review": ("办理中", "In progress"),
    "supplement": ("待补正", "More is needed from you"),
    "approved": ("已办结", "Done"),
    "refused": ("不予办理", "Refused"),
    "withdrawn": ("已撤回", "Withdrawn"),
    "lapsed": ("逾期未补正", "Ended: no answer in time"),
    "discarded": ("已丢弃", "Discarded"),
}
MOVES: dict[State, frozenset[State]] = {
    "draft": frozenset({"submitted", "approved", "withdrawn", "discarded"}),
    "submitted": frozenset({"in_review", "supplement", "approved", "refused", "withdrawn"}),
    "in_review": frozenset({"supplement", "approved", "refused", "withdrawn"}),
    "supplement": frozenset({"submitted", "withdrawn", "lapsed"}),
    "approved": frozenset(),
    "refused": frozenset(),
    "withdrawn": frozenset(),
    "lapsed": frozenset(),
    "discarded": frozenset({"draft"}),
}
"""What may follow what; closed by tests/matters/test_states.py, which tries every pair."""

AGES: dict[State, Age] = {
    "draft": Age(180, "discard"),
    "submitted": Age(3, "alarm"),
    "in_review": Age(30, "alarm"),
    "supplement": Age(0, "lapse"),  # its own last day, named when the supplement is asked
    "approved": Age(0, "nothing"),
    "refused": Age(0, "nothing"),
    "withdrawn": Age(0, "nothing"),
    "lapsed": Age(0, "nothing"),
    "discarded": Age(30, "nothing"),  # restorable so long
}
"""own knowledge: terms of service rules, to be confirmed by the office; the promise of each matter is shorter."""

EDITABLE: frozenset[State] = frozenset({"draft", "supplement"})
OPEN: frozenset[State] = frozenset({"submitted", "in_review", "supplement"})
ENDED: frozenset[State] = frozenset({"approved", "refused", "withdrawn", "lapsed"})
RESTORE_DAYS = 30
SUPPLEMENT_DAYS = 10


def may_follow(before: State, after: State) -> bool:
    """Whether a state may follow another.

    >>> may_follow("draft", "submitted"), may_follow("refused", "approved")
    (True, False)
    """
    return after in MOVES[before]


def may(state: State, *, is_rated: bool) -> list[str]:
    """What the taxpayer may do in a state."""
    acts = {
        "draft": ["edit", "submit", "discard"],
        "submitted": ["withdraw"],
        "in_review": ["withdraw"],
        "supplement": ["edit", "submit", "withdraw"],
        "discarded": ["restore"],
    }.get(state, [])
    return [*acts, "rate"] if state in ("approved", "refused") and not is_rated else acts
