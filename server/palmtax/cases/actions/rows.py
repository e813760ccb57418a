"""A case as a line of the queue on the wire; whoever shows a case beside its subject shows the same line."""

from __future__ import annotations

from datetime import date

from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.cases.actions.desks import desk_of
from palmtax.cases.actions.reading import Seen, seen
from palmtax.cases.model.case import STATES, Case
from palmtax.cases.schemas.cases import CaseRow
from palmtax.plumbing.database import Tx


def row_out(one: Seen, today: date) -> CaseRow:
    """A line of the queue."""
    case = one.case
    state_name, state_name_en = STATES[case.state]
    return CaseRow(
        case_id=case.case_id,
        taxpayer_id=case.taxpayer_id,
        taxpayer_name=one.taxpayer_name,
        kind=case.kind,
        subject_id=case.subject_id,
        code=case.code,
        title=case.title,
        title_en=case.title_en,
        state=case.state,
        state_name=state_name,
        state_name_en=state_name_en,
        skill=case.skill,
        office_code=case.office_code,
        office_name=one.office_name,
        opened_at=case.opened_at,
        due_on=case.due_on,
        days_left=case.days_left(today),
        colour=case.colour(today),
        priority=case.priority,
        version=case.version,
        needs_two=case.needs_two,
        claimed_by=case.claimed_by,
        claimed_by_name=one.holder_name if case.claimed_by is not None else None,
        is_mine=one.is_mine,
        has_unread_mention=one.has_unread_mention,
        is_second=case.state == "second",
        outcome=case.outcome if case.state == "closed" else None,
        closed_at=case.closed_at,
    )


async def case_row(tx: Tx, *, actor: Actor, clock: Clock, case: Case) -> CaseRow:
    """The line of one case for this officer, who may see it. About five round trips."""
    desk = await desk_of(tx, actor=actor, clock=clock)
    [shown] = await seen(tx, desk=desk, cases=[case])
    return row_out(shown, clock.today())
