"""Taking a case: one compare-and-set, so that two officers never both have it."""

from __future__ import annotations

from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.cases.actions.desks import desk_of
from palmtax.cases.actions.moves import moved_on, parts
from palmtax.cases.actions.reading import names
from palmtax.cases.model.case import Case, Desk, not_claimable
from palmtax.cases.store import cases as store
from palmtax.plumbing.database import Tx
from palmtax.plumbing.faults import NotAllowed
from palmtax.plumbing.together import together


async def holder_name(tx: Tx, case: Case) -> str:
    """Who has the case, masked; '' for nobody. One round trip when somebody has."""
    return (await names(tx, [case.claimed_by])).get(case.claimed_by, "") if case.claimed_by else ""


async def claim(tx: Tx, *, actor: Actor, clock: Clock, case: Case, desk: Desk) -> Case:
    """Take a case that nobody holds; one's own, or an absent colleague's, stays as it is. Three round trips.

    Errors: cases.already_claimed, cases.case_closed, cases.wrong_state, cases.conflict, cases.same_officer,
    cases.skill_missing, cases.case_unknown.
    """
    refused = not_claimable(case, desk, await holder_name(tx, case))
    if refused is not None:
        raise refused
    if case.claimed_by is not None:
        return case
    taken = await store.claim(tx, case, actor.person_id, clock.now())
    if taken is None:
        [now] = await store.find(tx, [case.case_id])
        raise not_claimable(now, desk, await holder_name(tx, now)) or await moved_on(tx, case)
    await together(tx, *parts(actor=actor, clock=clock, case=taken, act="claim"))
    return taken


async def hold(tx: Tx, *, actor: Actor, clock: Clock, case: Case) -> tuple[Case, int | None]:
    """The case in the actor's hands, taken at once if nobody has it, and the absent colleague it belongs to.

    Errors: those of `claim`, plumbing.not_allowed.
    """
    if not actor.may("cases.decide"):
        raise NotAllowed(scope="cases.decide")
    desk = await desk_of(tx, actor=actor, clock=clock)
    held = await claim(tx, actor=actor, clock=clock, case=case, desk=desk)
    return held, held.claimed_by if held.claimed_by != actor.person_id else None
