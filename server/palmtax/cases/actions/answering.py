"""Cases that are answered, not decided: complaints, calls back, letters, reports. The answer goes down to who asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from palmtax import complaints, knowledge
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.cases.actions.claiming import hold
from palmtax.cases.actions.moves import check_seen, step
from palmtax.cases.actions.opening import next_look
from palmtax.cases.actions.serving import service_acts
from palmtax.cases.errors import NothingToAnswer
from palmtax.cases.model.case import Case, wrong_state
from palmtax.plumbing.database import Tx

ANSWERS: dict[str, Callable[..., Awaitable[Any]]] = {
    "complaint": complaints.answer,
    "follow_up": complaints.answer_rating,
    "report": complaints.answer_report,
    "letter": knowledge.answer_letter,
}
"""Kind of case → the door action that keeps the answer and tells the taxpayer."""
ACCEPTANCES: dict[str, Callable[..., Awaitable[complaints.Complaint]]] = {"complaint": complaints.decide_acceptance}
"""Kind of case → the door action that keeps whether it is taken up at all; accepted, it has another day."""
FORWARDS: dict[str, Callable[..., Awaitable[tuple[int, ...]]]] = {
    "complaint": complaints.forward,
    "follow_up": complaints.forward_rating,
    "report": complaints.forward_report,
    "letter": knowledge.forward_letter,
}
"""Kind of case → the door action that hears which office has it now, and says whom it concerns there."""
ALLOWED: dict[str, Callable[..., Awaitable[frozenset[str]]]] = {
    "complaint": complaints.acts_on_complaint,
    "follow_up": complaints.acts_on_rating,
    "report": complaints.acts_on_report,
    "service": service_acts,
}
"""Kind of case → the door action that says what may be done with its subject now, and by this officer."""
UNASKED = {"matter": frozenset({"forward"}), "letter": frozenset({"answer", "forward"})}
"""What may be done with subjects whose domain is not asked: a matter's own cases are decided, a letter is answered."""


async def subject_acts(tx: Tx, *, actor: Actor, clock: Clock, case: Case) -> frozenset[str]:
    """What the domain that owns the subject of a case lets this officer do with it now. Two round trips at most."""
    ask = ALLOWED.get(case.kind)
    if ask is None:
        return UNASKED[case.kind]
    return await ask(tx, actor=actor, clock=clock, taxpayer_id=case.taxpayer_id, subject_id=case.subject_id)


async def pass_on(tx: Tx, *, actor: Actor, clock: Clock, case: Case, office_code: str, reason: str) -> dict[str, Any]:
    """Tell the domain of the subject that another office has it now; what changes of the case with that."""
    forward = FORWARDS.get(case.kind)
    if forward is None:
        return {}
    concerned = await forward(
        tx, actor=actor, clock=clock, taxpayer_id=case.taxpayer_id, subject_id=case.subject_id,
        office_code=office_code, reason=reason,
    )  # fmt: skip
    return {"not_for": sorted({*case.not_for, *concerned})}


async def _held(tx: Tx, actor: Actor, clock: Clock, case: Case, version: int | None) -> tuple[Case, int | None]:
    if version is not None:
        await check_seen(tx, case, version)
    if case.state not in ("open", "claimed"):
        raise wrong_state(case)
    return await hold(tx, actor=actor, clock=clock, case=case)


async def answer(tx: Tx, *, actor: Actor, clock: Clock, case: Case, text: str, version: int) -> Case:
    """Answer and close; takes the case first if nobody has it.

    Errors: cases.nothing_to_answer, cases.case_changed, cases.wrong_state, those of claiming and of the answered domain.
    """
    answered = ANSWERS.get(case.kind)
    if answered is None:
        raise NothingToAnswer()
    held, for_person = await _held(tx, actor, clock, case, version)
    await answered(tx, actor=actor, clock=clock, taxpayer_id=case.taxpayer_id, subject_id=case.subject_id, text=text)
    values = {"state": "closed", "closed_at": clock.now(), "close_reason": "answered", "escalates_on": None}
    return await step(
        tx, actor=actor, clock=clock, case=held, act="answer", values=values, note=text, for_person_id=for_person
    )


async def decide_acceptance(tx: Tx, *, actor: Actor, clock: Clock, case: Case, is_accepted: bool, reason: str) -> Case:
    """Take a complaint up, or refuse to, which closes the case. Errors: as `answer`."""
    decide = ACCEPTANCES.get(case.kind)
    if decide is None:
        raise NothingToAnswer()
    held, for_person = await _held(tx, actor, clock, case, None)
    decided = await decide(
        tx, actor=actor, clock=clock, taxpayer_id=case.taxpayer_id, subject_id=case.subject_id,
        is_accepted=is_accepted, reason=reason,
    )  # fmt: skip
    values: dict[str, Any] = {
        "state": held.state, "due_on": decided.next_due_on, "escalates_on": next_look(held, decided.next_due_on),
    }  # fmt: skip
    if not is_accepted:
        values = {"state": "closed", "closed_at": clock.now(), "close_reason": "not_accepted", "escalates_on": None}
    return await step(
        tx, actor=actor, clock=clock, case=held, act="acceptance", values=values, note=reason, for_person_id=for_person
    )
