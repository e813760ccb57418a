"""Cases that are answered, not decided: complaints, calls back, letters, reports. The answer goes down to who asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from palmtax import complaints, knowledge
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.cases.actions.claiming import hold
from palmtax.cases.actions.moves import moved_on, step
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
ACCEPTANCES: dict[str, Callable[..., Awaitable[Any]]] = {"complaint": complaints.decide_acceptance}
"""Kind of case → the door action that keeps whether it is taken up at all."""


async def _held(tx: Tx, actor: Actor, clock: Clock, case: Case, version: int | None) -> tuple[Case, int | None]:
    if version is not None and case.version != version:
        raise await moved_on(tx, case)
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
    await decide(
        tx, actor=actor, clock=clock, taxpayer_id=case.taxpayer_id, subject_id=case.subject_id,
        is_accepted=is_accepted, reason=reason,
    )  # fmt: skip
    values: dict[str, Any] = {"state": held.state}
    if not is_accepted:
        values = {"state": "closed", "closed_at": clock.now(), "close_reason": "not_accepted", "escalates_on": None}
    return await step(
        tx, actor=actor, clock=clock, case=held, act="acceptance", values=values, note=reason, for_person_id=for_person
    )
