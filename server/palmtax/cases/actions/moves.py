"""One step of a case: the change, its line in the history and its evidence, together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from palmtax import evidence
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.cases.errors import CaseChanged
from palmtax.cases.model.case import FOLLOWS, Case, wrong_state
from palmtax.cases.store import cases as store
from palmtax.plumbing.database import Tx

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
NO_TEXT = ""


async def record(
    tx: Tx,
    *,
    actor: Actor | None,
    clock: Clock,
    case: Case,
    act: str,
    note: str = NO_TEXT,
    for_person_id: int | None = None,
    to_person_id: int | None = None,
) -> None:
    """Write down the step that led to this version of the case; `actor` none: the clock or the taxpayer. Two round trips."""
    person_id = actor.person_id if actor else None
    await store.insert_move(
        tx,
        case,
        store.Move(
            case.version, act, clock.now(), person_id, for_person_id, to_person_id, case.state, case.office_code, note
        ),
    )
    payload = {
        "case_id": case.case_id, "version": case.version, "state": case.state, "office_code": case.office_code,
        "outcome": case.outcome, "for_person_id": for_person_id, "to_person_id": to_person_id, "note": note,
    }  # fmt: skip
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act=EVIDENCE[act],
        taxpayer_id=case.taxpayer_id,
        subject_id=case.case_id,
        payload=payload,
        summary={"title": case.title, "title_en": case.title_en},
    )


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
    """Change a case that is still at this version, and write it down. Three round trips.

    Errors: cases.case_changed, cases.wrong_state, cases.case_closed.
    """
    if values.get("state", case.state) not in FOLLOWS[case.state]:
        raise wrong_state(case)
    changed = await store.change(tx, case, values)
    if changed is None:
        raise await moved_on(tx, case)
    await record(
        tx, actor=actor, clock=clock, case=changed, act=act, note=note, for_person_id=for_person_id,
        to_person_id=to_person_id,
    )  # fmt: skip
    return changed


async def moved_on(tx: Tx, case: Case) -> CaseChanged:
    """The refusal for somebody who saw an older version."""
    found = await store.find(tx, [case.case_id])
    return CaseChanged(current_version=found[0].version if found else case.version)
