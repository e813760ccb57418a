"""One step of a case: the change, its line in the history and its evidence, together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from palmtax import evidence
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.cases.errors import CaseChanged
from palmtax.cases.events import CaseMoved
from palmtax.cases.model.case import FOLLOWS, Case, wrong_state
from palmtax.cases.store import cases as store
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Part, together

EVIDENCE = {
    "open": "cases.case_opened",
    "claim": "cases.case_claimed",
    "assign": "cases.case_assigned",
    "return": "cases.case_returned",
    "hand_over": "cases.case_handed_over",
    "opinion": "cases.opinion_given",
    "confirm": "cases.opinion_confirmed",
    "send_back": "cases.opinion_sent_back",
    "wait": "cases.case_waiting",
    "go_on": "cases.case_resumed",
    "due": "cases.due_changed",
    "send_up": "cases.case_sent_up",
    "answer": "cases.case_answered",
    "acceptance": "cases.acceptance_decided",
    "close": "cases.case_closed",
    "overdue": "cases.case_overdue",
    "mark": "cases.case_marked",
}
"""Steps of the history, and the act that each leaves in evidence."""
CLOCKED = frozenset({"due", "overdue", "mark"})
"""Steps of the clock: another day, more urgent. They change nothing that an officer has read, and refuse no act."""
NO_TEXT = ""


def parts(
    *,
    actor: Actor | None,
    clock: Clock,
    case: Case,
    act: str,
    note: str = NO_TEXT,
    for_person_id: int | None = None,
    to_person_id: int | None = None,
) -> tuple[Part, ...]:
    """What writes down the step that led to this version of the case, and tells it unless it is the first.

    `actor` none: the clock or the taxpayer.
    """
    person_id = actor.person_id if actor else None
    move = store.Move(
        case.version, act, clock.now(), person_id, for_person_id, to_person_id, case.state, case.office_code, note
    )
    payload = {
        "case_id": case.case_id, "version": case.version, "state": case.state, "office_code": case.office_code,
        "outcome": case.outcome, "for_person_id": for_person_id, "to_person_id": to_person_id, "note": note,
    }  # fmt: skip
    told = evidence.part(
        actor=actor,
        clock=clock,
        act=EVIDENCE[act],
        taxpayer_id=case.taxpayer_id,
        subject_id=case.case_id,
        payload=payload,
        summary={"title": case.title, "title_en": case.title_en},
    )
    if act == "open":
        return store.move_part(case, move), told
    news = CaseMoved(case.taxpayer_id, case.case_id, case.version, act, person_id, to_person_id)
    return store.move_part(case, move), told, outbox.part(news, actor.request_id if actor else "")


async def step(
    tx: Tx,
    *,
    actor: Actor | None,
    clock: Clock,
    case: Case,
    act: str,
    values: Mapping[str, Any],
    note: str = NO_TEXT,
    for_person_id: int | None = None,
    to_person_id: int | None = None,
) -> Case:
    """Change a case that is still at this version, and write it down. Two round trips.

    An officer's step stands when only the clock was quicker. Errors: cases.case_changed, cases.wrong_state,
    cases.case_closed.
    """
    if values.get("state", case.state) not in FOLLOWS[case.state]:
        raise wrong_state(case)
    changed = await store.change(tx, case, values)
    if changed is None and actor is not None:
        now = await _now(tx, case)
        await check_seen(tx, now, case.version)
        changed = await store.change(tx, now, values)
    if changed is None:
        raise await moved_on(tx, case)
    written = parts(
        actor=actor, clock=clock, case=changed, act=act, note=note, for_person_id=for_person_id,
        to_person_id=to_person_id,
    )  # fmt: skip
    await together(tx, *written)
    return changed


async def check_seen(tx: Tx, case: Case, version: int) -> None:
    """Whether an officer who read this version may act on the case. None or one round trip.

    Errors: cases.case_changed when anybody but the clock has done something with it since.
    """
    if case.version == version:
        return
    since = [move.act for move in await store.moves(tx, case) if move.version > version]
    if version > case.version or not CLOCKED.issuperset(since):
        raise CaseChanged(current_version=case.version)


async def moved_on(tx: Tx, case: Case) -> CaseChanged:
    """The refusal for somebody who saw an older version."""
    return CaseChanged(current_version=(await _now(tx, case)).version)


async def _now(tx: Tx, case: Case) -> Case:
    found = await store.find(tx, [case.case_id])
    return found[0] if found else case
