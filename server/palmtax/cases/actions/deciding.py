"""Opinions: of one officer, or of two who are never the same person."""

from __future__ import annotations

from typing import Any

from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.cases.actions.claiming import hold
from palmtax.cases.actions.moves import check_seen, step
from palmtax.cases.actions.notes import write
from palmtax.cases.errors import NotSecond, SameOfficer
from palmtax.cases.model.case import Case, Outcome, wrong_state
from palmtax.plumbing.database import Tx

DECIDED = "decided"


async def give_opinion(
    tx: Tx, *, actor: Actor, clock: Clock, case: Case, outcome: Outcome, reason: str, version: int
) -> Case:
    """Decide a case, or where two officers are needed give the first opinion; takes it first if nobody has.

    Errors: cases.case_changed when somebody acted on it after this version, cases.wrong_state, cases.case_closed, those of claiming.
    """
    await check_seen(tx, case, version)
    if case.state not in ("open", "claimed"):
        raise wrong_state(case)
    held, for_person = await hold(tx, actor=actor, clock=clock, case=case)
    values: dict[str, Any] = {
        "first_by": actor.person_id, "outcome": outcome, "reason": reason, "opinion_at": clock.now(),
    }  # fmt: skip
    if case.needs_two:
        values |= {"state": "second", "claimed_by": None, "claimed_at": None}
    else:
        values |= {"state": "closed", "closed_at": clock.now(), "close_reason": DECIDED, "escalates_on": None}
    return await step(
        tx, actor=actor, clock=clock, case=held, act="opinion", values=values, note=reason, for_person_id=for_person
    )


async def confirm_opinion(
    tx: Tx, *, actor: Actor, clock: Clock, case: Case, is_agreed: bool, reason: str, version: int
) -> Case:
    """The second officer agrees, which decides the case; or sends it back to the first with a reason, kept as a note.

    Errors: cases.not_second, cases.same_officer, cases.case_changed, those of claiming.
    """
    await check_seen(tx, case, version)
    if case.state != "second":
        raise NotSecond()
    if case.first_by == actor.person_id:
        raise SameOfficer()
    held, for_person = await hold(tx, actor=actor, clock=clock, case=case)
    if is_agreed:
        values: dict[str, Any] = {
            "state": "closed", "second_by": actor.person_id, "closed_at": clock.now(), "close_reason": DECIDED,
            "escalates_on": None,
        }  # fmt: skip
        return await step(
            tx, actor=actor, clock=clock, case=held, act="confirm", values=values, note=reason, for_person_id=for_person
        )
    first = held.first_by
    values = {
        "state": "claimed", "claimed_by": first, "claimed_at": clock.now(), "first_by": None, "outcome": None,
        "reason": None, "opinion_at": None,
    }  # fmt: skip
    back = await step(
        tx, actor=actor, clock=clock, case=held, act="send_back", values=values, note=reason, for_person_id=for_person,
        to_person_id=first,
    )  # fmt: skip
    await write(tx, actor=actor, clock=clock, case=back, text=reason, mentions=[first] if first else [])
    return back
