"""Notes for colleagues."""

from __future__ import annotations

from collections.abc import Sequence

from palmtax import evidence
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.cases.actions.desks import officers
from palmtax.cases.errors import OfficerUnknown
from palmtax.cases.model.case import Case
from palmtax.cases.store import notes as store
from palmtax.plumbing.database import Tx


async def write(
    tx: Tx, *, actor: Actor, clock: Clock, case: Case, text: str, mentions: Sequence[int] = ()
) -> store.Note:
    """Keep a note on a case, and tell those it mentions."""
    made = store.Note(uuid7(), actor.person_id, clock.now(), text, tuple(sorted(set(mentions) - {actor.person_id})))
    await store.insert(tx, case, made)
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act="cases.note_written",
        taxpayer_id=case.taxpayer_id,
        subject_id=case.case_id,
        payload={"case_id": case.case_id, "note_id": made.note_id, "text": text, "mentions": made.mentions},
        summary={"title": case.title, "title_en": case.title_en},
    )
    return made


async def add_note(tx: Tx, *, actor: Actor, clock: Clock, case: Case, text: str, mentions: Sequence[int]) -> store.Note:
    """The same by request: only colleagues of the branch, whom the case does not concern, are mentioned.

    Errors: cases.officer_unknown.
    """
    if mentions:
        known = {one.person_id for one in await officers(tx, actor=actor, clock=clock)} - set(case.not_for)
        if not set(mentions) <= known:
            raise OfficerUnknown()
    return await write(tx, actor=actor, clock=clock, case=case, text=text, mentions=mentions)
