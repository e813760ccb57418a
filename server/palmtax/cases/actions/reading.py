"""From a request to a case: only those that the officer's office covers; and a case as the queue shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from palmtax import identity, registry
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.cases.actions.desks import office_of, stand_in_of
from palmtax.cases.errors import CaseUnknown, Conflict, OfficerAbsent
from palmtax.cases.model.case import Case, Desk
from palmtax.cases.store import cases as store
from palmtax.cases.store import notes
from palmtax.plumbing.database import Tx


async def _seen_by(tx: Tx, actor: Actor, case: Case | None, clock: Clock | None) -> Case:
    """The case, when the officer may see it, with whoever stands in today where a clock is given."""
    if case is None or not registry.covers(office_of(actor), case.office_code):
        raise CaseUnknown()
    if actor.person_id in case.not_for:
        raise Conflict()
    if clock is None or case.claimed_by is None:
        return case
    try:
        return replace(case, stand_in=await stand_in_of(tx, case.claimed_by, clock.today()))
    except OfficerAbsent:
        return case


async def readable_case(
    tx: Tx, *, actor: Actor, taxpayer_id: int, subject_id: UUID, clock: Clock | None = None
) -> Case:
    """The case about a subject, when the officer's office covers it. One round trip, two with a clock.

    With a clock it also says who stands in for an absent holder. Errors: cases.case_unknown, cases.conflict.
    """
    return await _seen_by(tx, actor, await store.of_subject(tx, taxpayer_id, subject_id), clock)


async def find_subject(tx: Tx, *, actor: Actor, subject_id: UUID, clock: Clock | None = None) -> Case:
    """The same where the taxpayer is not known: every shard is asked. Errors: cases.case_unknown, cases.conflict."""
    return await _seen_by(tx, actor, await store.find_subject(tx, subject_id), clock)


async def find_case(tx: Tx, *, actor: Actor, case_id: UUID, clock: Clock | None = None) -> Case:
    """A case by its own id. Errors: cases.case_unknown, cases.conflict."""
    found = await store.find(tx, [case_id])
    return await _seen_by(tx, actor, found[0] if found else None, clock)


async def case_of_subject(tx: Tx, taxpayer_id: int, subject_id: UUID) -> Case | None:
    """The case about a subject, the open one else the newest; nobody's right is asked. One round trip."""
    return await store.of_subject(tx, taxpayer_id, subject_id)


@dataclass(frozen=True, slots=True)
class Seen:
    """A case with the names that an officer reads; persons are masked."""

    case: Case
    taxpayer_name: str
    office_name: str
    holder_name: str
    is_mine: bool
    has_unread_mention: bool


async def names(tx: Tx, person_ids: Sequence[int | None]) -> dict[int, str]:
    """Masked names of several people. One round trip, none for nobody."""
    asked = sorted({one for one in person_ids if one is not None})
    known = await identity.people(tx, asked) if asked else {}
    return {number: person.name_masked for number, person in known.items()}


async def seen(tx: Tx, *, desk: Desk, cases: Sequence[Case]) -> list[Seen]:
    """Cases as the queue shows them. Three round trips, four when one is not with its taxpayer's office."""
    taxpayers = await registry.taxpayers(tx, sorted({case.taxpayer_id for case in cases}))
    holders = await names(tx, [case.claimed_by for case in cases])
    unread = await notes.unread_of(tx, desk.person_id, [case.case_id for case in cases])
    offices = {one.office_code: one.office_name for one in taxpayers.values()}
    offices |= await registry.office_names(tx, {case.office_code for case in cases} - offices.keys())
    return [
        Seen(
            case=case,
            taxpayer_name=taxpayers[case.taxpayer_id].name if case.taxpayer_id in taxpayers else "",
            office_name=offices[case.office_code],
            holder_name=holders.get(case.claimed_by, "") if case.claimed_by is not None else "",
            is_mine=desk.holds(case),
            has_unread_mention=case.case_id in unread,
        )
        for case in cases
    ]
