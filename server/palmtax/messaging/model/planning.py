"""Which ways a message goes to a person, and when: wish, legal need, reachability, cost, quiet hours, caps. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from palmtax import rules
from palmtax.base.clock import CHINA, day_begins
from palmtax.messaging.model.deliveries import State
from palmtax.messaging.model.messages import Preference
from palmtax.messaging.model.sending import ANY_TIME, INBOX, Sending
from palmtax.messaging.model.templates import Template


@dataclass(frozen=True, slots=True)
class Recent:
    """An outside delivery of this person in the last days: of the same template (`is_alike`), about the same thing too
    (`is_same`), still held back, and whether it counts as having disturbed the person.
    """

    delivery_id: UUID
    way: str
    purpose: str
    created_at: datetime
    is_alike: bool
    is_same: bool
    is_waiting: bool
    is_counted: bool
    merged: int


@dataclass(frozen=True, slots=True)
class Planned:
    """A delivery to be written down; `replaces` is one still waiting that this one says with it."""

    way: str
    state: State
    then_ways: tuple[str, ...] = ()
    next_at: datetime | None = None
    code: str = ""
    merged: int = 0
    replaces: UUID | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of somebody when a message is planned."""

    person_id: int
    wish: Preference
    ways: frozenset[str]
    consents: frozenset[str]
    recent: Sequence[Recent]
    day_began_at: datetime


def ways_for(template: Template, person: Person, sending: Sending) -> tuple[str, ...]:
    """The ways outside, best first: wished and reachable ones by cost; where it must arrive, the others after them."""
    if template.reach == INBOX:
        return ()
    reachable = [way for way in sending.ways if way in person.ways]
    wished = [way for way in reachable if way in person.wish.ways]
    rest = [way for way in reachable if way not in wished] if template.reach == "must" else []
    return (*wished, *rest)


def next_allowed(template: Template, wish: Preference, at: datetime) -> datetime:
    """The first instant from `at` that disturbs neither the template's quiet hours nor the person's own."""
    if template.audience == "officer" and wish.quiet == ANY_TIME:
        return at
    quiets = [quiet for quiet in (template.quiet, wish.quiet if template.quiet else None) if quiet is not None]
    for _ in range(4):  # two spans of hours leave a gap within a day, or none at all
        later = _at_work(at) if template.audience == "officer" and quiets else at
        for quiet in quiets:
            later = quiet.over(later)
        if later == at:
            return at
        at = later
    return at


def _at_work(at: datetime) -> datetime:
    """The instant itself on a working day of China, else the midnight on which the next one begins."""
    day = at.astimezone(CHINA).date()
    if rules.working_days_between(day - timedelta(days=1), day):
        return at
    return day_begins(rules.add_working_days(day, 1)).astimezone(at.tzinfo)


def plan(template: Template, person: Person, sending: Sending, *, now: datetime) -> list[Planned]:
    """What to write down for one person: always the inbox, then the first way outside or why there is none."""
    inbox = Planned(INBOX, "delivered")
    if template.topic not in person.wish.topics:
        return [inbox]
    ways = ways_for(template, person, sending)
    if not ways:
        last = list(sending.ways)[-1]
        return [inbox, Planned(last, "dead", code="no_way")] if template.reach == "must" else [inbox]
    first, then = ways[0], ways[1:]
    refusal = _refusal(template, person, sending, now)
    if refusal:
        return [inbox, Planned(first, "suppressed", code=refusal)]
    next_at = next_allowed(template, person.wish, now)
    if next_at >= now + template.expires:
        return [inbox, Planned(first, "dead" if template.reach == "must" else "expired", code="expired")]
    waiting = next((one for one in person.recent if one.is_alike and one.is_waiting and one.way == first), None)
    if waiting is None:
        return [inbox, Planned(first, "wanted", then, next_at)]
    return [inbox, Planned(first, "wanted", then, next_at, merged=waiting.merged + 1, replaces=waiting.delivery_id)]


def _refusal(template: Template, person: Person, sending: Sending, now: datetime) -> str:
    if template.purpose in sending.consents and template.purpose not in person.consents:
        return "no_consent"
    if template.repeat and _said_since(person.recent, now - template.repeat):
        return "repeated"
    if template.reach != "must" and _today(template, person) >= sending.caps_per_day.get(template.purpose, 0):
        return "cap"
    return ""


def _said_since(recent: Sequence[Recent], since: datetime) -> bool:
    return any(one.is_same and one.is_counted and not one.is_waiting and one.created_at > since for one in recent)


def _today(template: Template, person: Person) -> int:
    return sum(
        one.is_counted and one.purpose == template.purpose and one.created_at >= person.day_began_at
        for one in person.recent
    )


def for_whom(template: Template, roles: Collection[str]) -> bool:
    """Whether one of these roles is told outside the inbox."""
    return template.audience != "leads" or bool(LEADS & set(roles))


LEADS = frozenset({"self", "legal_rep", "finance_lead"})
"""Roles that answer for the taxpayer."""
