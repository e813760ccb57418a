"""Many cases at once: taken, given back, assigned, handed over. A preview says what would happen, by the same checks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from palmtax import registry
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.errors import PalmtaxError
from palmtax.cases import errors
from palmtax.cases.actions.answering import pass_on
from palmtax.cases.actions.claiming import claim
from palmtax.cases.actions.desks import desk_of, is_supervisor, target
from palmtax.cases.actions.moves import step
from palmtax.cases.actions.reading import names
from palmtax.cases.model.case import Case, not_assignable, not_claimable, not_returnable, not_to_hand_over
from palmtax.cases.store import cases as store
from palmtax.plumbing.database import Tx

Refuse = Callable[[Case], PalmtaxError | None]
Act = Callable[[Case], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became, or would become, of one case: done, or why not."""

    case_id: UUID
    refusal: PalmtaxError | None


async def _each(
    case_ids: Sequence[UUID], cases: Sequence[Case], refuse: Refuse, act: Act, *, is_preview: bool
) -> list[Outcome]:
    """Check each case and act on it, in the order in which rows are locked; answers in the order asked."""
    found: dict[UUID, PalmtaxError | None] = dict.fromkeys(case_ids, errors.CaseUnknown())
    for case in cases:
        refused = refuse(case)
        if refused is None and not is_preview:
            try:
                await act(case)
            except PalmtaxError as late:  # another officer was quicker; nothing was written for this case
                refused = late
        found[case.case_id] = refused
    return [Outcome(case_id, refused) for case_id, refused in found.items()]


async def claim_all(
    tx: Tx, *, actor: Actor, clock: Clock, case_ids: Sequence[UUID], is_preview: bool = False
) -> list[Outcome]:
    """Take several cases. Each is refused by itself: see `claiming.claim`."""
    desk = await desk_of(tx, actor=actor, clock=clock)
    cases = await store.find(tx, case_ids)
    holders = await names(tx, [case.claimed_by for case in cases])
    return await _each(
        case_ids,
        cases,
        lambda case: not_claimable(case, desk, holders.get(case.claimed_by or 0, "")),
        lambda case: claim(tx, actor=actor, clock=clock, case=case, desk=desk),
        is_preview=is_preview,
    )


async def return_all(
    tx: Tx, *, actor: Actor, clock: Clock, case_ids: Sequence[UUID], is_preview: bool = False
) -> list[Outcome]:
    """Give several cases back to the queue; refused: cases.not_yours, cases.wrong_state, cases.case_unknown."""
    desk, leads = await desk_of(tx, actor=actor, clock=clock), is_supervisor(actor)

    async def back(case: Case) -> Case:
        state = "open" if case.state == "claimed" else case.state
        values = {"state": state, "claimed_by": None, "claimed_at": None}
        absent = case.claimed_by if case.claimed_by != actor.person_id else None
        return await step(tx, actor=actor, clock=clock, case=case, act="return", values=values, for_person_id=absent)

    return await _each(
        case_ids,
        await store.find(tx, case_ids),
        lambda case: not_returnable(case, desk, is_supervisor=leads),
        back,
        is_preview=is_preview,
    )


async def assign_all(
    tx: Tx, *, actor: Actor, clock: Clock, case_ids: Sequence[UUID], person_id: int, is_preview: bool = False
) -> list[Outcome]:
    """Give several cases to an officer, or to who stands in while that one is absent.

    Errors: cases.officer_unknown, cases.officer_absent; each case by itself: cases.conflict, cases.skill_missing,
    cases.same_officer, cases.case_closed, cases.officer_unknown, cases.case_unknown.
    """
    giver = await desk_of(tx, actor=actor, clock=clock)
    to = await target(tx, actor=actor, clock=clock, person_id=person_id)

    async def give(case: Case) -> Case:
        if case.claimed_by == to.person_id:
            return case
        state = "claimed" if case.state == "open" else case.state
        values = {"state": state, "claimed_by": to.person_id, "claimed_at": clock.now()}
        return await step(
            tx, actor=actor, clock=clock, case=case, act="assign", values=values, to_person_id=to.person_id,
            for_person_id=person_id if person_id != to.person_id else None,
        )  # fmt: skip

    cases = await store.find(tx, case_ids)
    return await _each(case_ids, cases, lambda case: not_assignable(case, giver, to), give, is_preview=is_preview)


async def hand_over(
    tx: Tx, *, actor: Actor, clock: Clock, case_id: UUID, office_code: str, reason: str, is_preview: bool = False
) -> list[Outcome]:
    """Hand a case over to another office, whose queue it joins. Errors: cases.office_unknown.

    The case by itself: cases.not_yours, cases.wrong_state, cases.conflict, cases.case_unknown.
    """
    desk, leads = await desk_of(tx, actor=actor, clock=clock), is_supervisor(actor)
    if await registry.office_name(tx, office_code) == office_code:
        raise errors.OfficeUnknown()

    def refuse(case: Case) -> PalmtaxError | None:
        refused = not_to_hand_over(case, desk, is_supervisor=leads)
        return errors.OfficeUnknown() if refused is None and case.office_code == office_code else refused

    async def give_away(case: Case) -> Case:
        values = {"state": "open", "office_code": office_code, "claimed_by": None, "claimed_at": None} | await pass_on(
            tx, actor=actor, clock=clock, case=case, office_code=office_code, reason=reason
        )
        return await step(tx, actor=actor, clock=clock, case=case, act="hand_over", values=values, note=reason)

    return await _each([case_id], await store.find(tx, [case_id]), refuse, give_away, is_preview=is_preview)
