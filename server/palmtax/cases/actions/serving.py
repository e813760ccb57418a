"""Served documents that nobody reads: an officer calls, then posts or hands over. Each attempt goes down to messaging."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from palmtax import identity, messaging, registry
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.cases.actions.claiming import hold
from palmtax.cases.actions.moves import check_seen, step
from palmtax.cases.actions.opening import close_case, new_case, open_case
from palmtax.cases.actions.reading import find_case
from palmtax.cases.errors import CaseUnknown
from palmtax.cases.model.case import SKILL_OF_KIND, Case, wrong_state
from palmtax.cases.store import cases as store
from palmtax.plumbing.database import Tx

KIND: Literal["service"] = "service"
TITLES = {"phone": ("电话提醒：", "Call about: "), "paper": ("纸质送达：", "Serve on paper: ")}
"""What stands before the title of the document, by step."""


async def open_service(tx: Tx, *, clock: Clock, news: Mapping[str, Any], request_id: str = "") -> None:
    """Open the task of a step, once; the call that is still open ends when paper follows. News that is overtaken opens nothing."""
    taxpayer_id, subject_id, reached = int(news["taxpayer_id"]), UUID(news["message_id"]), str(news["step"])
    record = await messaging.service_of_message(tx, taxpayer_id=taxpayer_id, message_id=subject_id)
    last = await store.of_subject(tx, taxpayer_id, subject_id, KIND)
    if record.served.step != reached or (last is not None and last.code == reached):
        return
    await close_case(tx, clock=clock, taxpayer_id=taxpayer_id, subject_id=subject_id, reason=reached)
    taxpayer = await registry.taxpayer(tx, taxpayer_id)
    zh, en = TITLES[reached]
    made = new_case(
        clock=clock, kind=KIND, subject_id=subject_id, taxpayer_id=taxpayer_id, code=reached,
        title=zh + str(news["title"]), title_en=en + str(news["title_en"]),
        office_code=str(news["office_code"]) or taxpayer.office_code, skill=SKILL_OF_KIND[KIND], needs_two=False,
        due_on=date.fromisoformat(news["due_on"]),
    )  # fmt: skip
    await open_case(tx, made, clock=clock, request_id=request_id)


async def service_acts(tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, subject_id: UUID) -> frozenset[str]:
    """What may be done with a served document now: call, or send it on paper."""
    del actor, clock
    record = await messaging.service_of_message(tx, taxpayer_id=taxpayer_id, message_id=subject_id)
    return frozenset({record.served.step, "forward"}) if record.served.step in TITLES else frozenset()


@dataclass(frozen=True, slots=True)
class Unread:
    """The document behind a case, its record, whom one may call, and the masked names in it."""

    record: messaging.ServiceRecord
    contacts: Sequence[identity.Contact]
    names: Mapping[int, str]


async def unread_document(tx: Tx, *, actor: Actor, clock: Clock, case_id: UUID) -> Unread:
    """What the case is about. About eight round trips. Errors: cases.case_unknown, cases.conflict."""
    case = await _service_case(tx, actor, case_id)
    record = await messaging.service_of_message(tx, taxpayer_id=case.taxpayer_id, message_id=case.subject_id)
    numbers = {one.person_id for one in record.people} | {one.officer_id for one in record.attempts}
    numbers |= {one.person_id for one in record.attempts if one.person_id is not None}
    people = await identity.people(tx, sorted(numbers))
    contacts = await messaging.phones_of(tx, clock=clock, taxpayer_id=case.taxpayer_id)
    return Unread(record, contacts, {number: one.name_masked for number, one in people.items()})


async def show_phone(tx: Tx, *, actor: Actor, clock: Clock, case_id: UUID, person_id: int, reason: str) -> str:
    """A number in the clear for whoever handles the case; takes it first. Errors: as `note_call`."""
    case = await _service_case(tx, actor, case_id)
    await _held(tx, actor, clock, case, None)
    return await messaging.show_phone(
        tx, actor=actor, clock=clock, taxpayer_id=case.taxpayer_id, message_id=case.subject_id, person_id=person_id,
        reason=reason,
    )  # fmt: skip


async def note_call(
    tx: Tx, *, actor: Actor, clock: Clock, case_id: UUID, person_id: int, outcome: messaging.Called, note: str,
    version: int,
) -> Case:  # fmt: skip
    """A call about a served document; the case ends when somebody was reached, or when calling is of no use.

    Errors: cases.case_changed, cases.wrong_state, those of claiming, messaging.not_this_step, messaging.no_such_phone.
    """
    case = await _service_case(tx, actor, case_id)
    held, for_person = await _held(tx, actor, clock, case, version)
    is_over = await messaging.note_call(
        tx, actor=actor, clock=clock, taxpayer_id=case.taxpayer_id, message_id=case.subject_id, person_id=person_id,
        outcome=outcome, note=note,
    )  # fmt: skip
    return await _closed(tx, actor, clock, held, for_person, outcome, note) if is_over else held


async def note_paper(
    tx: Tx, *, actor: Actor, clock: Clock, case_id: UUID, outcome: messaging.Papered, on_day: date, receipt_no: str,
    note: str, version: int,
) -> Case:  # fmt: skip
    """A served document went on paper, which ends the case. Errors: as `note_call`, and messaging.day_ahead."""
    case = await _service_case(tx, actor, case_id)
    held, for_person = await _held(tx, actor, clock, case, version)
    await messaging.note_paper(
        tx, actor=actor, clock=clock, taxpayer_id=case.taxpayer_id, message_id=case.subject_id, outcome=outcome,
        on_day=on_day, receipt_no=receipt_no, note=note,
    )  # fmt: skip
    return await _closed(tx, actor, clock, held, for_person, outcome, note)


async def _service_case(tx: Tx, actor: Actor, case_id: UUID) -> Case:
    case = await find_case(tx, actor=actor, case_id=case_id)
    if case.kind != KIND:
        raise CaseUnknown()
    return case


async def _held(tx: Tx, actor: Actor, clock: Clock, case: Case, version: int | None) -> tuple[Case, int | None]:
    if version is not None:
        await check_seen(tx, case, version)
    if case.state not in ("open", "claimed"):
        raise wrong_state(case)
    return await hold(tx, actor=actor, clock=clock, case=case)


async def _closed(
    tx: Tx, actor: Actor, clock: Clock, case: Case, for_person: int | None, outcome: messaging.AttemptOutcome, note: str
) -> Case:
    values = {"state": "closed", "closed_at": clock.now(), "close_reason": outcome, "escalates_on": None}
    words = "：".join(one for one in (messaging.OUTCOMES[outcome][0], note.strip()) if one)
    return await step(
        tx, actor=actor, clock=clock, case=case, act="answer", values=values, note=words, for_person_id=for_person
    )
