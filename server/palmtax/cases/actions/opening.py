"""The life of a case around its decision: opened, stopped while the taxpayer answers, gone on with, ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.cases.actions.claiming import hold
from palmtax.cases.actions.moves import parts, step
from palmtax.cases.model.case import MARKED, Case, Kind, escalation_day, wrong_state
from palmtax.cases.store import cases as store
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Part, together


def new_case(
    *,
    clock: Clock,
    kind: Kind,
    subject_id: UUID,
    taxpayer_id: int,
    code: str,
    title: str,
    title_en: str,
    office_code: str,
    skill: str,
    needs_two: bool,
    due_on: date,
    not_for: Sequence[int] = (),
) -> Case:
    """Work for the queue of an office, not yet in it; persons in `not_for` must not handle it."""
    made = Case(
        taxpayer_id=taxpayer_id, case_id=uuid7(), kind=kind, subject_id=subject_id, code=code, title=title,
        title_en=title_en, office_code=office_code, skill=skill, needs_two=needs_two,
        not_for=tuple(sorted(set(not_for))), state="open", version=1, opened_at=clock.now(), due_on=due_on,
    )  # fmt: skip
    return replace(made, escalates_on=escalation_day(made, due_on))


def opening_parts(case: Case, *, clock: Clock, request_id: str = "") -> tuple[Part, ...]:
    """What puts it there, as parts of the caller's one statement; UniqueViolationError while one about the subject is open."""
    return store.insert_part(case), *parts(actor=None, clock=clock, case=case, act="open", note=request_id)


async def open_case(tx: Tx, case: Case, *, clock: Clock, request_id: str = "") -> UUID:
    """Put a new case into the queue; while one about the subject is open, that one. Two round trips."""
    for _ in range(3):
        if await store.insert(tx, case):
            await together(tx, *parts(actor=None, clock=clock, case=case, act="open", note=request_id))
            return case.case_id
        known = await store.of_subject(tx, case.taxpayer_id, case.subject_id, case.kind)
        if known is not None and known.state != "closed":
            return known.case_id
    raise RuntimeError("a case was opened and closed three times while we looked")


async def wait_for_taxpayer(tx: Tx, *, actor: Actor, clock: Clock, case: Case, until: date) -> Case:
    """Stop the clock of a case until the taxpayer answers, at the latest until a day; takes it first if nobody has.

    What is left of its working days is kept (`days_kept`). Errors: those of claiming, cases.wrong_state.
    """
    if case.state == "second":
        raise wrong_state(case)
    held, for_person = await hold(tx, actor=actor, clock=clock, case=case)
    values = {
        "state": "waiting", "waits_until_on": until, "days_kept": held.days_left(clock.today()), "escalates_on": None,
    }  # fmt: skip
    return await step(tx, actor=actor, clock=clock, case=held, act="wait", values=values, for_person_id=for_person)


async def go_on(tx: Tx, *, clock: Clock, taxpayer_id: int, subject_id: UUID, due_on: date) -> Case | None:
    """The taxpayer has answered: the same officer goes on, due on a new day. A case that does not wait stays as it is."""
    case = await store.of_subject(tx, taxpayer_id, subject_id)
    if case is None or case.state != "waiting":
        return case
    values = {
        "state": "claimed", "due_on": due_on, "waits_until_on": None, "days_kept": None,
        "escalates_on": escalation_day(case, due_on) if case.priority < MARKED else None,
    }  # fmt: skip
    return await step(tx, actor=None, clock=clock, case=case, act="go_on", values=values)


async def close_case(tx: Tx, *, clock: Clock, taxpayer_id: int, subject_id: UUID, reason: str) -> Case | None:
    """End the case about a subject without a decision (withdrawn, lapsed); one that is closed stays as it is."""
    case = await store.of_subject(tx, taxpayer_id, subject_id)
    if case is None or case.state == "closed":
        return case
    values = {"state": "closed", "closed_at": clock.now(), "close_reason": reason, "escalates_on": None}
    return await step(tx, actor=None, clock=clock, case=case, act="close", values=values, note=reason)


async def set_due(tx: Tx, *, clock: Clock, taxpayer_id: int, subject_id: UUID, due_on: date) -> Case | None:
    """Another day by which the case about a subject is due; a closed one, or one due then already, stays as it is."""
    case = await store.of_subject(tx, taxpayer_id, subject_id)
    if case is None or case.state == "closed" or case.due_on == due_on:
        return case
    values = {"due_on": due_on, "escalates_on": next_look(case, due_on)}
    return await step(tx, actor=None, clock=clock, case=case, act="due", values=values)


def next_look(case: Case, due_on: date) -> date | None:
    """When the clock looks at a case again that is due on a day; never while it waits, or once it is the supervisor's."""
    return escalation_day(case, due_on) if case.state != "waiting" and case.priority < MARKED else None


async def send_up(
    tx: Tx, *, clock: Clock, taxpayer_id: int, subject_id: UUID, office_code: str, due_on: date, not_for: Sequence[int]
) -> Case | None:
    """Move the open case about a subject into the queue of the office above; none when there is no open one.

    It is marked: what was late below is for the supervisor above to see first.
    """
    case = await store.of_subject(tx, taxpayer_id, subject_id)
    if case is None or case.state == "closed":
        return None
    if (case.office_code, case.due_on) == (office_code, due_on):
        return case
    values = {
        "state": "open", "office_code": office_code, "due_on": due_on, "claimed_by": None, "claimed_at": None,
        "not_for": sorted({*case.not_for, *not_for}), "waits_until_on": None, "days_kept": None, "priority": MARKED,
        "escalates_on": escalation_day(case, due_on) if case.overdue_at is None else None,
    }  # fmt: skip
    return await step(tx, actor=None, clock=clock, case=case, act="send_up", values=values)
