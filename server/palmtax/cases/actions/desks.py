"""Officers at work today: their fields, their absences, who stands in for whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from palmtax import evidence, identity
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.cases.errors import AbsenceOverlaps, AbsenceUnknown, AbsenceWrong, OfficerAbsent, OfficerUnknown
from palmtax.cases.model.case import Desk
from palmtax.cases.store import desks as store
from palmtax.cases.store.queue import code_range
from palmtax.plumbing.database import Tx
from palmtax.plumbing.faults import NotAllowed

NO_TAXPAYER = 0
LONGEST_CHAIN = 3
"""Who stands in may be absent too; so often we ask on."""


def office_of(actor: Actor) -> str:
    """The office of an officer's hat; '' sees nobody."""
    return actor.hat.office_code or "" if actor.hat else ""


def is_supervisor(actor: Actor) -> bool:
    """Whether the officer assigns cases to others."""
    return actor.may("cases.assign")


async def stands_for(tx: Tx, person_id: int, today: date) -> frozenset[int]:
    """For whom an officer stands in today, also for those whose own substitute is absent. One round trip, rarely four."""
    found: set[int] = set()
    asked = {person_id}
    for _ in range(LONGEST_CHAIN):
        asked = await store.stood_for(tx, sorted(asked), today) - found - {person_id}
        if not asked:
            break
        found |= asked
    return frozenset(found)


async def desk_of(tx: Tx, *, actor: Actor, clock: Clock) -> Desk:
    """The actor's desk today. Two round trips, rarely more."""
    skills = await store.skills(tx, [actor.person_id])
    others = await stands_for(tx, actor.person_id, clock.today())
    return Desk(actor.person_id, office_of(actor), skills.get(actor.person_id, frozenset()), others)


async def stand_in_of(tx: Tx, person_id: int, today: date) -> int | None:
    """Who acts for an absent officer today; none when they are at work. Errors: cases.officer_absent."""
    asked, seen = person_id, {person_id}
    for _ in range(LONGEST_CHAIN + 1):
        substitute = (await store.substitutes(tx, [asked], today)).get(asked)
        if substitute is None:
            return None if asked == person_id else asked
        if substitute in seen:
            break
        seen.add(substitute)
        asked = substitute
    raise OfficerAbsent()


async def officers(tx: Tx, *, actor: Actor, clock: Clock) -> list[identity.Officer]:
    """Officers of the actor's office and those below it. One round trip."""
    office = office_of(actor)
    if not office:
        return []
    first, last = code_range(office)
    return await identity.officers(tx, first_code=first, last_code=last, today=clock.today())


async def target(tx: Tx, *, actor: Actor, clock: Clock, person_id: int) -> Desk:
    """The desk that a case assigned to this officer lands on: their own, or their substitute's while they are absent.

    Errors: cases.officer_unknown, cases.officer_absent.
    """
    known = {one.person_id: one for one in await officers(tx, actor=actor, clock=clock) if one.may("cases.decide")}
    if person_id not in known:
        raise OfficerUnknown()
    stand_in = await stand_in_of(tx, person_id, clock.today())
    if stand_in is not None and stand_in not in known:
        raise OfficerAbsent()
    found = known[stand_in or person_id]
    skills = await store.skills(tx, [found.person_id])
    return Desk(found.person_id, found.office_code, skills.get(found.person_id, frozenset()))


async def set_skills(tx: Tx, *, actor: Actor, clock: Clock, person_id: int, skills: Sequence[str]) -> None:
    """Replace an officer's fields of work; none means all. Errors: cases.officer_unknown."""
    if person_id not in {one.person_id for one in await officers(tx, actor=actor, clock=clock)}:
        raise OfficerUnknown()
    await store.set_skills(tx, person_id, sorted(set(skills)))
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act="cases.skills_set",
        taxpayer_id=NO_TAXPAYER,
        subject_id=None,
        payload={"person_id": person_id, "skills": sorted(set(skills))},
    )


async def set_absence(
    tx: Tx, *, actor: Actor, clock: Clock, person_id: int | None, from_on: date, until_on: date, substitute_id: int
) -> store.Absence:
    """Enter one's own absence, or as a supervisor somebody's of the branch; from then on the substitute acts.

    Errors: cases.absence_wrong, cases.absence_overlaps, cases.officer_unknown, plumbing.not_allowed.
    """
    who = person_id or actor.person_id
    if who != actor.person_id and not is_supervisor(actor):
        raise NotAllowed(scope="cases.assign")
    if until_on < max(from_on, clock.today()) or substitute_id == who:
        raise AbsenceWrong()
    known = {one.person_id: one for one in await officers(tx, actor=actor, clock=clock)}
    if who not in known or substitute_id not in known or not known[substitute_id].may("cases.decide"):
        raise OfficerUnknown()
    if await store.overlaps(tx, who, from_on, until_on):
        raise AbsenceOverlaps()
    made = store.Absence(who, uuid7(), from_on, until_on, substitute_id, actor.person_id)
    await store.insert_absence(tx, made, clock.now())
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act="cases.absence_set",
        taxpayer_id=NO_TAXPAYER,
        subject_id=made.absence_id,
        payload={"person_id": who, "from_on": from_on, "until_on": until_on, "substitute_id": substitute_id},
    )
    return made


async def end_absence(tx: Tx, *, actor: Actor, clock: Clock, person_id: int | None, absence_id: UUID) -> None:
    """End an absence at once. Errors: cases.absence_unknown, plumbing.not_allowed."""
    who = person_id or actor.person_id
    if who != actor.person_id:
        if not is_supervisor(actor):
            raise NotAllowed(scope="cases.assign")
        if who not in {one.person_id for one in await officers(tx, actor=actor, clock=clock)}:
            raise AbsenceUnknown()
    if not await store.end_absence(tx, who, absence_id, clock.now()):
        raise AbsenceUnknown()
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act="cases.absence_ended",
        taxpayer_id=NO_TAXPAYER,
        subject_id=absence_id,
        payload={"person_id": who},
    )


async def absences(tx: Tx, *, actor: Actor, clock: Clock) -> list[store.Absence]:
    """Absences in the branch that are not over. Two round trips."""
    known = [one.person_id for one in await officers(tx, actor=actor, clock=clock)]
    return await store.absences(tx, known, clock.today())
