"""A version of a number of the law on its way: drafted, sent, approved by another officer, in force from its first day.

Everything done to it is an act in one numbered row of acts; the state follows from them and from the day, and nothing
is stored twice. Two officers who act at once want the same number: one gets it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from palmtax import rules
from palmtax.base.actor import Actor
from palmtax.base.clock import china_day

ActName = Literal["drafted", "edited", "sent", "returned", "approved", "withdrawn"]
State = Literal["draft", "sent", "returned", "effective", "scheduled", "withdrawn"]
STATES: Mapping[State, tuple[str, str]] = {
    "draft": ("草稿", "a draft"),
    "sent": ("待审核", "sent for approval"),
    "returned": ("已退回", "returned"),
    "effective": ("已生效", "in force"),
    "scheduled": ("已批准，待生效", "approved, not yet in force"),
    "withdrawn": ("已撤回", "withdrawn"),
}
_STATE_AFTER: Mapping[ActName, State] = {
    "drafted": "draft",
    "edited": "draft",
    "sent": "sent",
    "returned": "returned",
    "withdrawn": "withdrawn",
}
DECISIONS = ("approved", "returned", "withdrawn")
WITH_DRAFTER = ("draft", "returned")


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that was done; `body` is what was drafted, edited or approved, `trial` what was tried before sending."""

    sequence: int
    act: ActName
    person_id: int
    at: datetime
    reason: str | None
    body: Mapping[str, Any] | None
    trial: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Change:
    """A version of one number of the law with everything that was done to it, oldest first."""

    change_id: UUID
    key: str
    drafted_by: int
    drafted_at: datetime
    request_hash: bytes
    acts: tuple[Act, ...]

    @property
    def body(self) -> Mapping[str, Any]:
        """What the version says now: value, days, article, source."""
        return next(act.body for act in reversed(self.acts) if act.body is not None)

    @property
    def last(self) -> Act:
        """The act done last."""
        return self.acts[-1]

    @property
    def first_day(self) -> date:
        """The first day it counts."""
        return date.fromisoformat(self.body["first_day"])

    @property
    def approved(self) -> Act | None:
        """The approval, also of a version that was withdrawn later."""
        return next((act for act in self.acts if act.act == "approved"), None)

    @property
    def decided(self) -> Act | None:
        """Who decided last, as long as that counts."""
        return self.last if self.last.act in DECISIONS else None

    @property
    def tried(self) -> Mapping[str, Any] | None:
        """What was tried when it was approved; before that the law may still change under it."""
        return self.approved.trial if self.approved else None

    def state(self, today: date) -> State:
        """Where it stands on a day (Beijing)."""
        if self.last.act == "approved":
            return "effective" if self.first_day <= today else "scheduled"
        return _STATE_AFTER[self.last.act]

    def is_retroactive(self, today: date) -> bool:
        """Whether it would count on days that are over."""
        return self.first_day < today

    def may_edit(self, actor: Actor, today: date) -> bool:
        """Whether this officer may change it, and send it."""
        is_own = actor.person_id == self.drafted_by and actor.may("law.draft")
        return is_own and self.state(today) in WITH_DRAFTER

    def may_approve(self, actor: Actor, today: date) -> bool:
        """Whether this officer may approve or return it: never the one who drafted it."""
        return actor.may("law.approve") and actor.person_id != self.drafted_by and self.state(today) == "sent"

    def may_withdraw(self, actor: Actor, today: date) -> bool:
        """Before the approval its drafter, afterwards who may approve, never once it is in force."""
        state = self.state(today)
        if state == "scheduled":
            return actor.may("law.approve")
        is_own = actor.person_id == self.drafted_by and actor.may("law.draft")
        return is_own and state in ("draft", "sent", "returned")


def folded(rows: Iterable[Mapping[str, Any]]) -> list[Change]:
    """Changes of rows that hold one act each, in the order in which the changes come first."""
    found: dict[UUID, Change] = {}
    for row in rows:
        act = Act(*(row[name] for name in ("sequence", "act", "person_id", "at", "reason", "body", "trial")))
        number = UUID(int=row["change_id"].int)
        before = found.get(number)
        if before is not None:
            found[number] = replace(before, acts=(*before.acts, act))
        else:
            head = {name: row[name] for name in ("key", "drafted_by", "drafted_at", "request_hash")}
            found[number] = Change(change_id=number, acts=(act,), **head)
    return list(found.values())


def dated(body: Mapping[str, Any], kind: str, known_on: date) -> rules.DatedValue:
    """The version as the law reads it.

    For the law it is published on the day we knew it, so that a replay of an earlier day does not know it, and of
    several versions the one approved last counts. Errors: `ValueError`, `TypeError` or `KeyError` when it cannot be read.
    """
    names = {"from": "first_day", "law": "article"}
    raw = {name: body[names.get(name, name)] for name in ("from", "until", "value", "law", "published", "source")}
    raw |= {"confidence": body["confidence"], "note": body["note"]}
    return replace(rules.read_dated(raw, kind), published=known_on)


def known_on(change: Change, today: date) -> date:
    """The day from which we know the version: that of its approval, today while it has none."""
    return china_day(change.approved.at) if change.approved else today
