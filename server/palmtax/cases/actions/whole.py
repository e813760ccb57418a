"""One case with all that happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
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
    return Whole(shown, written, moves, await names(tx, numbers), tuple(allowed(case, desk, actor)))


async def mark_read(tx: Tx, *, actor: Actor, clock: Clock, case_id: UUID) -> None:
    """The officer has seen where they are mentioned. One round trip."""
    await notes.read(tx, actor.person_id, case_id, clock.now())
