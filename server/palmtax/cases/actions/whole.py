"""One case with all that happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from palmtax import evidence, identity
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.cases.actions.answering import subject_acts
from palmtax.cases.actions.desks import desk_of
from palmtax.cases.actions.reading import Seen, find_case, names, seen
from palmtax.cases.model.case import Allowed, allowed
from palmtax.cases.store import cases as store
from palmtax.cases.store import notes
from palmtax.plumbing.database import Tx


@dataclass(frozen=True, slots=True)
class Whole:
    """A case, its notes and steps, the masked names in them, and what the officer may do."""

    seen: Seen
    notes: list[notes.Note]
    moves: list[store.Move]
    names: dict[int, str]
    may: tuple[Allowed, ...]


async def whole(tx: Tx, *, actor: Actor, clock: Clock, case_id: UUID) -> Whole:
    """A case with all that happened to it. About ten round trips. Errors: cases.case_unknown, cases.conflict."""
    case = await find_case(tx, actor=actor, case_id=case_id, clock=clock)
    desk = await desk_of(tx, actor=actor, clock=clock)
    [shown] = await seen(tx, desk=desk, cases=[case])
    written, moves = await notes.notes(tx, case), await store.moves(tx, case)
    numbers = [case.first_by, case.second_by, case.stand_in]
    for move in moves:
        numbers += [move.person_id, move.for_person_id, move.to_person_id]
    for note in written:
        numbers += [note.person_id, *note.mentions]
    of_subject = await subject_acts(tx, actor=actor, clock=clock, case=case)
    return Whole(shown, written, moves, await names(tx, numbers), tuple(allowed(case, desk, actor, of_subject)))


async def mark_read(tx: Tx, *, actor: Actor, clock: Clock, case_id: UUID) -> None:
    """The officer has seen where they are mentioned. One round trip."""
    await notes.read(tx, actor.person_id, case_id, clock.now())


MOST_ACTS = 500


async def audit(
    tx: Tx, *, actor: Actor, clock: Clock, case_id: UUID
) -> tuple[list[evidence.Entry], dict[int, identity.Person]]:
    """Every act on a case and on what it is about, also who only looked, newest first. A few round trips.

    Errors: cases.case_unknown, cases.conflict.
    """
    case = await find_case(tx, actor=actor, case_id=case_id, clock=clock)
    entries = await evidence.of_subjects(
        tx, taxpayer_id=case.taxpayer_id, subject_ids=[case.case_id, case.subject_id], limit=MOST_ACTS
    )
    return entries, await identity.people(tx, sorted({one.person_id for one in entries if one.person_id}))
