"""What the clock does with cases that are late: tells it once, makes them urgent, hands them to the supervisor's eye."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from palmtax.base.clock import Clock
from palmtax.cases.actions.moves import parts
from palmtax.cases.events import CaseMarked, CaseOverdue
from palmtax.cases.model.case import MARKED, OVERDUE, Case, escalation_day
from palmtax.cases.store import cases as store
from palmtax.plumbing.database import Tx
from palmtax.plumbing.outbox import emit
from palmtax.plumbing.together import together

BATCH = 200
"""Cases of one transaction."""


def _said(case: Case) -> dict[str, Any]:
    """What both kinds of news tell of a case."""
    names = ("taxpayer_id", "case_id", "kind", "subject_id", "office_code", "skill", "due_on")
    return {name: getattr(case, name) for name in names} | {"holder_id": case.claimed_by}


async def _escalate_one(tx: Tx, *, clock: Clock, case: Case) -> bool:
    """One step up; False when somebody changed the case meanwhile: it is looked at again next time."""
    is_first = case.overdue_at is None
    values: dict[str, Any] = {"priority": MARKED, "escalates_on": None}
    if is_first:
        late = replace(case, overdue_at=clock.now())
        values = {
            "priority": max(case.priority, OVERDUE), "overdue_at": late.overdue_at,
            "escalates_on": escalation_day(late, case.due_on) if case.priority < MARKED else None,
        }  # fmt: skip
    changed = await store.change(tx, case, values)
    if changed is None:
        return False
    await together(tx, *parts(actor=None, clock=clock, case=changed, act="overdue" if is_first else "mark"))
    await emit(tx, CaseOverdue(**_said(changed)) if is_first else CaseMarked(**_said(changed)))
    return True


async def escalate(tx: Tx, *, clock: Clock) -> int:
    """Take the most overdue cases one step up; how many. Twice on one day is once.

    Emits `cases.case_overdue` once in the life of a case, `cases.case_marked` when its term is past once more.
    """
    done = 0
    for case in sorted(
        await store.to_escalate(tx, clock.today(), BATCH), key=lambda one: (one.taxpayer_id, one.case_id)
    ):
        done += await _escalate_one(tx, clock=clock, case=case)
    return done
