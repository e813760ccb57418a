"""The taxpayer's side: complain, follow, take back, say whether the answer contents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from palmtax import evidence, identity, messaging, registry, rules
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.complaints.actions.recording import keep_step, printed_no, told_values, wrong_state
from palmtax.complaints.errors import ChangedMeanwhile, ComplaintUnknown, FactsMissing
from palmtax.complaints.events import ComplaintEscalated, ComplaintFiled, ComplaintWithdrawn
from palmtax.complaints.model.complaint import NEXT, Complaint, Step, higher_office, people_meant
from palmtax.complaints.model.kinds import answer_days, days_of, find_kind
from palmtax.complaints.store import complaints as store
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx

LONGEST_LIST = 100
SHORTEST_FACTS = 5


async def file_complaint(
    tx: Tx,
    *,
    actor: Actor,
    clock: Clock,
    taxpayer_id: int,
    office_code: str,
    category: str,
    about: str,
    facts: str,
    is_real_name: bool,
    handled_by: Sequence[int] = (),
    application_id: UUID | None = None,
) -> Complaint:
    """File a complaint about service (国家税务总局公告2019年第27号); one application files one.

    Officers whom its words may mean, and those in `handled_by`, must not handle it. It is decided on within a working
    day. An anonymous one is known to officers, events and the timeline only by itself.
    Errors: complaints.choice_unknown, complaints.facts_missing.
    """
    if application_id is not None:
        known = await store.of_application(tx, taxpayer_id, application_id)
        if known is not None:
            return known
    found, kind = find_kind(category)
    if len(facts.strip()) < SHORTEST_FACTS:
        raise FactsMissing()
    made_id, today = uuid7(), clock.today()
    made = Complaint(
        taxpayer_id=taxpayer_id,
        complaint_id=made_id,
        complaint_no=printed_no("TS", made_id, today),
        category=found.code,
        sub_kind=kind.code if kind else "",
        is_quick=kind.is_quick if kind else False,
        is_real_name=is_real_name,
        person_id=actor.person_id,
        about=about.strip(),
        facts=facts.strip(),
        office_code=office_code,
        not_for=await not_for(tx, clock, office_code, about, facts, handled_by),
        state="filed",
        version=1,
        filed_at=clock.now(),
        accept_by_on=rules.add_working_days(today, days_of("accept_days", today)),
        application_id=application_id,
    )
    if not await store.insert(tx, made):
        return await _first_of(tx, made)
    await store.keep_place(tx, made)
    await _announce(tx, actor, clock, made)
    return made


async def _first_of(tx: Tx, made: Complaint) -> Complaint:
    """What the same application filed in another transaction a moment before."""
    found = await store.of_application(tx, made.taxpayer_id, made.application_id or made.complaint_id)
    if found is None:
        raise ChangedMeanwhile()
    return found


def last_code(office_code: str) -> str:
    """The last code of an office and those below it; a province is looked at by itself."""
    branch = registry.office_branch(office_code)
    return branch.ljust(11, "9") if len(branch) > 3 else office_code


async def not_for(
    tx: Tx, clock: Clock, office_code: str, about: str, facts: str, handled_by: Sequence[int]
) -> tuple[int, ...]:
    """Officers of the office and below whom the words mean, and who handled the service."""
    last, today = last_code(office_code), clock.today()
    found = await identity.officers(tx, first_code=office_code, last_code=last, today=today)
    people = await identity.people(tx, [one.person_id for one in found])
    meant = people_meant(about, facts, [(one.person_id, one.name or "") for one in people.values()])
    return tuple(sorted({*meant, *handled_by}))


async def _announce(tx: Tx, actor: Actor, clock: Clock, made: Complaint) -> None:
    await keep_step(tx, made, actor=actor, clock=clock, act="complaints.complaint_filed")
    await evidence.append(
        tx,
        actor=actor if made.is_real_name else None,
        clock=clock,
        act="complaints.complaint_filed",
        taxpayer_id=made.shown_taxpayer_id,
        subject_id=made.complaint_id,
        payload={"category": made.category, "about": made.about, "facts": made.facts, "office": made.office_code},
        summary={"complaint_no": made.complaint_no},
    )
    event = ComplaintFiled(
        made.shown_taxpayer_id,
        made.complaint_id,
        made.category,
        made.title,
        made.title_en,
        made.accept_by_on.isoformat(),
        made.office_code,
        made.not_for,
    )
    await outbox.emit(tx, event, actor.request_id)
    await tell(tx, clock, made, "complaint_filed", due_on=made.accept_by_on.isoformat())


async def tell(tx: Tx, clock: Clock, complaint: Complaint, template: str, **values: Any) -> None:
    """Tell the taxpayer how the complaint stands; about an anonymous one only the person."""
    await messaging.tell(
        tx,
        clock=clock,
        taxpayer_id=complaint.taxpayer_id,
        template=template,
        values=told_values(complaint, **values),
        subject_kind="complaint",
        subject_id=complaint.complaint_id,
        key=f"{template}:{complaint.complaint_id}:{complaint.reviews}",
        for_person_id=None if complaint.is_real_name else complaint.person_id,
    )


async def readable_complaint(tx: Tx, *, actor: Actor, taxpayer_id: int, complaint_id: UUID) -> Complaint:
    """The taxpayer's complaint; an anonymous one only for who filed it. Errors: complaints.complaint_unknown."""
    found = await store.complaint(tx, taxpayer_id, complaint_id)
    if found is None or not (found.is_real_name or found.person_id == actor.person_id):
        raise ComplaintUnknown()
    return found


async def complaints_of(
    tx: Tx, *, actor: Actor, taxpayer_id: int, complaint_no: str | None = None, limit: int = LONGEST_LIST
) -> list[Complaint]:
    """The taxpayer's complaints that this person may see, newest first. One round trip."""
    number = complaint_no.strip().upper() if complaint_no and complaint_no.strip() else None
    found = await store.of_taxpayer(tx, taxpayer_id, complaint_no=number, limit=limit)
    return [one for one in found if one.is_real_name or one.person_id == actor.person_id]


async def public_steps(tx: Tx, complaint: Complaint) -> list[Step]:
    """What the person who complained may see of its history. One round trip."""
    return await store.steps(tx, complaint, is_public=True)


def check_next(complaint: Complaint, state: str) -> None:
    """`StateWrong` when this may not follow."""
    if state not in NEXT[complaint.state]:
        raise wrong_state(complaint.state)


async def changed(tx: Tx, complaint: Complaint, **values: Any) -> Complaint:
    """The complaint after a change. Errors: complaints.changed_meanwhile."""
    after = await store.change(tx, complaint, **values)
    if after is None:
        raise ChangedMeanwhile()
    return after


async def withdraw(
    tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, complaint_id: UUID, reason: str
) -> Complaint:
    """Take a complaint back; doing it again changes nothing. Errors: complaints.complaint_unknown, state_wrong."""
    found = await readable_complaint(tx, actor=actor, taxpayer_id=taxpayer_id, complaint_id=complaint_id)
    if found.state == "withdrawn":
        return found
    check_next(found, "withdrawn")
    after = await changed(tx, found, state="withdrawn", closed_at=clock.now())
    await keep_step(tx, after, actor=actor, clock=clock, act="complaints.complaint_withdrawn", note=reason.strip())
    await evidence.append(
        tx,
        actor=actor if after.is_real_name else None,
        clock=clock,
        act="complaints.complaint_withdrawn",
        taxpayer_id=after.shown_taxpayer_id,
        subject_id=complaint_id,
        payload={"reason": reason.strip()},
        summary={"complaint_no": after.complaint_no},
    )
    event = ComplaintWithdrawn(after.shown_taxpayer_id, complaint_id, after.office_code)
    await outbox.emit(tx, event, actor.request_id)
    return after


async def say_satisfied(
    tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, complaint_id: UUID, is_satisfied: bool, text: str
) -> Complaint:
    """Say whether the answer contents. If not, the office above looks at it once more; then it is closed for good.

    Errors: complaints.complaint_unknown, complaints.state_wrong.
    """
    found = await readable_complaint(tx, actor=actor, taxpayer_id=taxpayer_id, complaint_id=complaint_id)
    if found.state == "closed" and found.is_satisfied == is_satisfied:
        return found
    check_next(found, "closed")
    above = higher_office(found.office_code)
    is_again = not is_satisfied and found.reviews == 0 and above is not None
    if is_again:
        after = await _look_again(tx, clock, found, above or found.office_code, actor.request_id)
    else:
        after = await changed(tx, found, state="closed", is_satisfied=is_satisfied, closed_at=clock.now())
    await keep_step(tx, after, actor=actor, clock=clock, act="complaints.satisfaction_given", note=text.strip())
    await evidence.append(
        tx,
        actor=actor if after.is_real_name else None,
        clock=clock,
        act="complaints.satisfaction_given",
        taxpayer_id=after.shown_taxpayer_id,
        subject_id=complaint_id,
        payload={"is_satisfied": is_satisfied, "text": text.strip()},
        summary={"complaint_no": after.complaint_no},
    )
    return after


async def _look_again(tx: Tx, clock: Clock, found: Complaint, above: str, request_id: str) -> Complaint:
    today = clock.today()
    days = answer_days(found.category, is_quick=found.is_quick, on=today)
    after = await changed(
        tx,
        found,
        state="accepted",
        is_satisfied=False,
        office_code=above,
        due_on=rules.add_working_days(today, days),
        reviews=found.reviews + 1,
        investigators=(),
        extension=None,
        not_for=tuple(sorted({*found.not_for, *found.investigators})),
        escalated_at=clock.now(),
    )
    await outbox.emit(tx, escalation(after, "unsatisfied"), request_id)
    return after


def escalation(complaint: Complaint, reason: str) -> ComplaintEscalated:
    """The news that the office above must handle it: reason `overdue` or `unsatisfied`."""
    return ComplaintEscalated(
        complaint.shown_taxpayer_id,
        complaint.complaint_id,
        complaint.category,
        complaint.title,
        complaint.title_en,
        complaint.next_due_on.isoformat(),
        complaint.office_code,
        complaint.not_for,
        reason,
    )
