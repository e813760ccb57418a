"""The officers' side: accept or refuse, look into it with two, more time, answer. Nobody handles what is about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from palmtax import evidence, identity, registry, rules
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.complaints.actions.complaints import changed, check_next, last_code, not_for, tell
from palmtax.complaints.actions.recording import keep_step, wrong_state
from palmtax.complaints.errors import (
    ApproverNeeded,
    ColleagueUnknown,
    ComplaintUnknown,
    ExtensionRefused,
    HandlerInvolved,
    ReasonMissing,
    SecondInvestigatorNeeded,
)
from palmtax.complaints.events import DueChanged
from palmtax.complaints.model.complaint import (
    LOOKED_INTO,
    OPEN,
    Act,
    Complaint,
    Extension,
    Step,
    acts_open_to,
    higher_office,
)
from palmtax.complaints.model.kinds import answer_days, days_of
from palmtax.complaints.store import complaints as store
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx

NEEDS_SCOPE: frozenset[Act] = frozenset({"investigate", "ask_time", "decide_time"})
"""What officers do at the desk of complaints itself; the rest comes through the queue, by its own right."""


async def handled_complaint(tx: Tx, *, actor: Actor, taxpayer_id: int, complaint_id: UUID) -> Complaint:
    """The complaint for somebody who may handle it; `taxpayer_id` 0 where only the complaint is known.

    Errors: complaints.complaint_unknown, complaints.handler_involved. Two round trips at most.
    """
    owner = taxpayer_id or await store.whose(tx, complaint_id)
    found = await store.complaint(tx, owner, complaint_id)
    if found is None:
        raise ComplaintUnknown()
    if actor.person_id in found.concerned:
        raise HandlerInvolved()
    return found


async def acts_on_complaint(
    tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, subject_id: UUID
) -> frozenset[Act]:
    """What this officer may do with a complaint now; nothing with one there is not. Two round trips at most."""
    found = await store.complaint(tx, taxpayer_id or await store.whose(tx, subject_id), subject_id)
    acts = acts_open_to(found, actor.person_id, clock.today()) if found else frozenset()
    return acts if actor.may("complaints.handle") else acts - NEEDS_SCOPE


async def readable_by_officer(tx: Tx, *, actor: Actor, complaint_id: UUID) -> tuple[Complaint, list[Step]]:
    """A complaint of the officer's office or one below, with its whole history. Errors: as `handled_complaint`."""
    found = await handled_complaint(tx, actor=actor, taxpayer_id=0, complaint_id=complaint_id)
    if not registry.covers(_office(actor), found.office_code):
        raise ComplaintUnknown()
    return found, await store.steps(tx, found, is_public=False)


def _office(actor: Actor) -> str:
    return actor.hat.office_code or "" if actor.hat else ""


async def complaints_for_officer(
    tx: Tx, *, actor: Actor, states: Sequence[str], before: UUID | None, limit: int
) -> tuple[list[Complaint], UUID | None]:
    """Complaints of the officer's office and those below, without those about the officer; newest first."""
    office_code = _office(actor)
    if not office_code:
        return [], None
    found = await store.of_offices(
        tx, branch=registry.office_branch(office_code), states=states, before=before, limit=limit + 1
    )
    following = found[limit - 1].complaint_id if len(found) > limit else None
    return [one for one in found[:limit] if actor.person_id not in one.concerned], following


async def decide_acceptance(
    tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, subject_id: UUID, is_accepted: bool, reason: str = ""
) -> Complaint:
    """Accept a complaint, or refuse it with the reason; the person is told. Accepting begins the days for the answer.

    Errors: complaints.complaint_unknown, handler_involved, state_wrong, reason_missing.
    """
    found = await handled_complaint(tx, actor=actor, taxpayer_id=taxpayer_id, complaint_id=subject_id)
    if not is_accepted and not reason.strip():
        raise ReasonMissing()
    if is_accepted and found.state == "accepted":
        return found
    if is_accepted:
        return await accept(tx, actor=actor, clock=clock, found=found, is_by_time=False)
    check_next(found, "refused")
    after = await changed(tx, found, state="refused", refusal=reason.strip(), closed_at=clock.now())
    await _record(tx, after, actor, clock, act="complaints.complaint_refused", note=reason.strip())
    await tell(tx, clock, after, "complaint_refused", reason=reason.strip())
    return after


async def accept(tx: Tx, *, actor: Actor | None, clock: Clock, found: Complaint, is_by_time: bool) -> Complaint:
    """Accepted by an officer, or by the clock when nobody decided in time; the person is told the day of the answer."""
    check_next(found, "accepted")
    start = found.accept_by_on if is_by_time else clock.today()
    days = answer_days(found.category, is_quick=found.is_quick, on=start)
    after = await changed(
        tx,
        found,
        state="accepted",
        accepted_at=clock.now(),
        is_accepted_by_time=is_by_time,
        due_on=rules.add_working_days(start, days),
        investigators=(actor.person_id,) if actor else (),
    )
    await _record(tx, after, actor, clock, act="complaints.complaint_accepted")
    await tell(tx, clock, after, "complaint_accepted", due_on=after.next_due_on.isoformat())
    await _due_changed(tx, after, actor)
    return after


async def investigate(
    tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, subject_id: UUID, colleague_ids: Sequence[int]
) -> Complaint:
    """Who looks into it: the actor and colleagues, together at least two, none of them concerned.

    Errors: complaints.complaint_unknown, handler_involved, state_wrong, second_investigator_needed, colleague_unknown.
    """
    found = await handled_complaint(tx, actor=actor, taxpayer_id=taxpayer_id, complaint_id=subject_id)
    if found.state not in LOOKED_INTO:
        raise wrong_state(found.state)
    people = {*found.investigators, actor.person_id, *colleague_ids}
    if people & found.concerned:
        raise HandlerInvolved()
    if not found.has_enough_people(*people):
        raise SecondInvestigatorNeeded()
    known = {one.person_id for one in await colleagues(tx, clock=clock, complaint=found)}
    if not set(colleague_ids) - {actor.person_id} <= known:
        raise ColleagueUnknown()
    after = await changed(tx, found, state="investigating", investigators=tuple(sorted(people)))
    await _record(tx, after, actor, clock, act="complaints.investigation_begun")
    return after


async def colleagues(tx: Tx, *, clock: Clock, complaint: Complaint) -> list[identity.Officer]:
    """Who may look into a complaint: officers of its office, of those below and of those above, whom it does not concern.

    One round trip, and one for each office above; a small office finds its second person there.
    """
    today, above = clock.today(), higher_office(complaint.office_code)
    found = await identity.officers(
        tx, first_code=complaint.office_code, last_code=last_code(complaint.office_code), today=today
    )
    while above is not None:
        found += await identity.officers(tx, first_code=above, last_code=above, today=today)
        above = higher_office(above)
    return [one for one in found if one.may("cases.read") and one.person_id not in complaint.concerned]


async def ask_extension(
    tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, subject_id: UUID, days: int, reason: str
) -> Complaint:
    """Ask for more time: once, at most ten working days; a second person agrees.

    Errors: complaints.complaint_unknown, handler_involved, state_wrong, extension_refused, reason_missing.
    """
    found = await handled_complaint(tx, actor=actor, taxpayer_id=taxpayer_id, complaint_id=subject_id)
    if found.state not in LOOKED_INTO:
        raise wrong_state(found.state)
    most = days_of("extension_days", clock.today())
    if not 1 <= days <= most or not found.may_be_extended(clock.today()):
        raise ExtensionRefused(days=most)
    if not reason.strip():
        raise ReasonMissing()
    after = await changed(tx, found, extension=Extension(actor.person_id, days, reason.strip()))
    await _record(tx, after, actor, clock, act="complaints.extension_asked", note=reason.strip(), is_public=False)
    return after


async def decide_extension(
    tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, subject_id: UUID, is_agreed: bool
) -> Complaint:
    """Agree to more time, or not: never who asked for it. The person is told the new day and why.

    Errors: complaints.complaint_unknown, handler_involved, state_wrong, approver_needed.
    """
    found = await handled_complaint(tx, actor=actor, taxpayer_id=taxpayer_id, complaint_id=subject_id)
    asked = found.extension
    if not found.waits_for_more_time or asked is None or found.due_on is None:
        raise wrong_state(found.state)
    if asked.asked_by == actor.person_id:
        raise ApproverNeeded()
    answered = replace(asked, is_agreed=is_agreed, agreed_by=actor.person_id)
    due_on = rules.add_working_days(found.due_on, asked.days) if is_agreed else found.due_on
    after = await changed(tx, found, extension=answered, due_on=due_on)
    if is_agreed:
        await _record(tx, after, actor, clock, act="complaints.complaint_extended", note=asked.reason)
        await tell(tx, clock, after, "complaint_extended", due_on=due_on.isoformat(), reason=asked.reason)
        await _due_changed(tx, after, actor)
    else:
        await _record(tx, after, actor, clock, act="complaints.extension_refused", is_public=False)
    return after


async def answer(tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, subject_id: UUID, text: str) -> Complaint:
    """Answer a complaint after at least two looked into it: who accepted or investigated, and who answers.

    The person is told and may say whether it contents them. Errors: complaints.complaint_unknown, handler_involved,
    state_wrong, second_investigator_needed, reason_missing.
    """
    found = await handled_complaint(tx, actor=actor, taxpayer_id=taxpayer_id, complaint_id=subject_id)
    if found.state == "answered" and found.answer == text.strip():
        return found
    check_next(found, "answered")
    if not text.strip():
        raise ReasonMissing()
    if not found.has_enough_people(actor.person_id):
        raise SecondInvestigatorNeeded()
    people = tuple(sorted({*found.investigators, actor.person_id}))
    after = await changed(
        tx, found, state="answered", answer=text.strip(), answered_at=clock.now(), investigators=people
    )
    await _record(tx, after, actor, clock, act="complaints.complaint_answered")
    await tell(tx, clock, after, "complaint_answered")
    return after


async def forward(
    tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, subject_id: UUID, office_code: str, reason: str
) -> tuple[int, ...]:
    """Another office handles it from now on; its days go on. Gives those whom it concerns, there too.

    Errors: complaints.complaint_unknown, handler_involved, state_wrong, reason_missing.
    """
    found = await handled_complaint(tx, actor=actor, taxpayer_id=taxpayer_id, complaint_id=subject_id)
    if found.state not in OPEN:
        raise wrong_state(found.state)
    if not reason.strip():
        raise ReasonMissing()
    meant = await not_for(tx, clock, office_code, found.about, found.facts, found.not_for)
    after = await changed(tx, found, office_code=office_code, not_for=meant)
    name = await registry.office_name(tx, office_code)
    await _record(tx, after, actor, clock, act="complaints.complaint_forwarded", note=f"{name}：{reason.strip()}")
    return after.not_for


async def _due_changed(tx: Tx, after: Complaint, actor: Actor | None) -> None:
    event = DueChanged(after.shown_taxpayer_id, after.complaint_id, after.next_due_on.isoformat(), after.office_code)
    await outbox.emit(tx, event, actor.request_id if actor else "")


async def _record(
    tx: Tx,
    after: Complaint,
    actor: Actor | None,
    clock: Clock,
    *,
    act: str,
    note: str = "",
    is_public: bool = True,
) -> None:
    """The step in its history, and the evidence: with what was said, and how it stands now."""
    await keep_step(tx, after, actor=actor, clock=clock, act=act, note=note, is_public=is_public)
    payload: dict[str, Any] = {
        "state": after.state,
        "note": note,
        "answer": after.answer,
        "due_on": after.due_on,
        "investigators": list(after.investigators),
    }
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act=act,
        taxpayer_id=after.shown_taxpayer_id,
        subject_id=after.complaint_id,
        payload=payload,
        summary={"complaint_no": after.complaint_no},
    )
