"""Handing an application in: checked whole, exactly once, then done at once or laid before an officer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

import asyncpg

from palmtax import cases, evidence, messaging, rules
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.matters.actions import finishing, hats, sources
from palmtax.matters.actions.drafting import state_refused
from palmtax.matters.actions.starting import moved, readable
from palmtax.matters.errors import HeldFactsChanged, Incomplete, KeyReused, NeedUnmet, VersionConflict
from palmtax.matters.events import ApplicationSubmitted
from palmtax.matters.model import answers, catalogue, computing, states
from palmtax.matters.model.application import Application
from palmtax.matters.model.matter import Matter
from palmtax.matters.model.problems import Problem
from palmtax.matters.store import applications
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx
from palmtax.plumbing.effects import Computed, Value
from palmtax.plumbing.together import Part, together


@dataclass(frozen=True, slots=True)
class Checked:
    """An application that was looked at whole."""

    problems: list[Problem]
    computed: Computed | None
    held: dict[str, Value]
    on_file: tuple[str, ...]


async def look(tx: Tx, *, one: Application, matter: Matter, actor: Actor, clock: Clock) -> Checked:
    """Everything that can be said about an application now. A round trip or two for each domain that the matter reads."""
    names = [*matter.sources, *(need.read for need in matter.needs)]
    held = await sources.held(tx, actor=actor, clock=clock, taxpayer_id=one.taxpayer_id, names=names)
    on_file = tuple(
        paper.code for paper in matter.papers if paper.on_file and held.get(paper.on_file) not in (None, "", 0, [])
    )
    given = answers.values(one.answers)
    found = answers.problems(matter, given, one.file_counts(), on_file)
    computed, wrong = computing.compute(matter, answers.current(matter, given), clock.today())
    return Checked([*found, *wrong], computed, held, on_file)


async def submit(
    tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, application_id: UUID, version: int, idempotency_key: str
) -> Application:
    """Hand in; the same key again gives the same application, whatever happened to it since.

    Errors: matters.application_unknown, matters.wrong_hat, matters.state_refused, matters.version_conflict,
    matters.incomplete, matters.need_unmet, matters.held_facts_changed, matters.key_reused, and what the door actions of an
    instant matter refuse: then nothing is handed in.
    """
    one = await readable(tx, taxpayer_id=taxpayer_id, application_id=application_id)
    if one.idempotency_key == idempotency_key:
        return one
    matter = catalogue.find_matter(one.matter_code)
    who = await hats.standing(tx, actor=actor, clock=clock)
    hats.check_hat(matter, who)
    if one.state not in states.EDITABLE:
        raise state_refused(one)
    if one.version != version:
        raise VersionConflict(current_version=one.version)
    checked = await look(tx, one=one, matter=matter, actor=actor, clock=clock)
    _refuse(one, matter, checked)
    sent = replace(
        one, version=one.version + 1, submitted_at=clock.now(), updated_at=clock.now(), last_channel=actor.channel,
        idempotency_key=idempotency_key, until_on=None, supplement=None, role_code=who.role_code,
        catalogue_version=catalogue.version(),
    )  # fmt: skip
    given = answers.current(matter, answers.values(one.answers))
    if one.state == "draft" and matter.decision.is_instant(given):
        return await finishing.approve(
            tx, one=sent, from_version=one.version, matter=matter, actor=actor, clock=clock, computed=checked.computed,
            by_office="", is_instant=True, key_taken=KeyReused,
        )  # fmt: skip
    return await _before_an_officer(tx, one, sent, matter, actor, clock)


def _refuse(one: Application, matter: Matter, checked: Checked) -> None:
    """Raise what keeps the application from being handed in."""
    if changed := sources.moved(matter, one.answers, checked.held):
        ask = matter.by_code[next(iter(changed))]
        raise HeldFactsChanged(label=ask.label, label_en=ask.label_en, asks=sorted(changed))
    if checked.problems:
        first = checked.problems[0]
        raise Incomplete(
            count=len(checked.problems), first=first.text, first_en=first.text_en,
            problems=[problem.as_dict() for problem in checked.problems],
        )  # fmt: skip
    for need in matter.needs:
        if not sources.holds(need, checked.held.get(need.read)):
            raise NeedUnmet(say=need.say, say_en=need.say_en, go=need.go)


def due_on(matter: Matter, today: date) -> date:
    """By when the matter is promised; a matter without days of its own: one working day."""
    promise = matter.promise
    if promise.is_calendar:
        return today + timedelta(days=promise.days)
    return rules.add_working_days(today, promise.days or promise.at_most or 1)


async def _before_an_officer(
    tx: Tx, one: Application, sent: Application, matter: Matter, actor: Actor, clock: Clock
) -> Application:
    again = one.state == "supplement"
    due = due_on(matter, clock.today())
    waiting = replace(sent, state="submitted", due_on=due)
    act = "matters.application_resubmitted" if again else "matters.application_submitted"
    payload = {"application_no": one.application_no, "answers": answers.values(one.answers),
               "files": [(f.paper_code, f.content_name) for f in one.files]}  # fmt: skip
    conflict = VersionConflict(current_version=one.version + 1)
    try:
        written = await together(
            tx,
            applications.update_part(waiting, one.version),
            moved(one, act, actor, clock.now()),
            evidence.part(
                actor=actor, clock=clock, taxpayer_id=one.taxpayer_id, subject_id=one.application_id, payload=payload,
                act="matters.application_resubmitted" if again else "matters.application_submitted",
                summary={"matter": matter.code, "application_no": one.application_no},
            ),
            outbox.part(ApplicationSubmitted(one.taxpayer_id, one.application_id, matter.code), actor.request_id),
            *([] if again else [_news(waiting, due, matter, clock), *_opening(waiting, due, matter, actor, clock)]),
        )  # fmt: skip
    except asyncpg.UniqueViolationError as taken:  # handed in twice at once: the other has opened the case
        raise conflict from taken
    if not written[0]:
        raise conflict
    if again:
        await cases.go_on(tx, clock=clock, taxpayer_id=one.taxpayer_id, subject_id=one.application_id, due_on=due)
    return waiting


def _opening(one: Application, due: date, matter: Matter, actor: Actor, clock: Clock) -> tuple[Part, ...]:
    case = cases.new_case(
        clock=clock, kind="matter", subject_id=one.application_id, taxpayer_id=one.taxpayer_id, code=matter.code,
        title=matter.title, title_en=matter.title_en, office_code=one.office_code, skill=matter.decision.skill,
        needs_two=matter.decision.needs_two, due_on=due,
    )  # fmt: skip
    return cases.opening_parts(case, clock=clock, request_id=actor.request_id)


def _news(one: Application, due: date, matter: Matter, clock: Clock) -> Part:
    return messaging.message_part(
        clock=clock, taxpayer_id=one.taxpayer_id, template="application_submitted",
        values={**finishing.named(matter, one), "due_on": due.isoformat()}, subject_kind="application",
        subject_id=one.application_id, key=f"submitted:{one.application_id}", matter_code=one.matter_code,
    )  # fmt: skip
