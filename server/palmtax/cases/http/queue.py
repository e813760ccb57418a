"""Routes of the queue: the page, taking, giving back, assigning, handing over."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Query

from palmtax.cases.actions import bulk
from palmtax.cases.actions import queue as actions
from palmtax.cases.actions.rows import row_out
from palmtax.cases.http import shapes
from palmtax.cases.model.case import AGES
from palmtax.cases.schemas.cases import (
    AssignmentIn,
    CaseActsOut,
    CaseIds,
    HandoverIn,
    Preview,
    QueueCounts,
    QueuePage,
)
from palmtax.cases.store.queue import Asked
from palmtax.plumbing.edge import Edge, Router, may_officer

router = Router(prefix="/api/cases", tags=["cases"])
Word = Annotated[str | None, Query(max_length=40, pattern=r"^[a-z_]+$")]
Text = Annotated[str, Query(max_length=100)]
Cursor = Annotated[str | None, Query(max_length=300)]


@router.get("/queue")
async def show_queue(
    view: Literal["mine", "group", "all", "waiting", "closed"] = "mine",
    skill: Word = None,
    kind: Literal["matter", "complaint", "follow_up", "letter", "report", "service"] | None = None,
    state: Literal["open", "claimed", "waiting", "second", "closed"] | None = None,
    due: Literal["overdue", "today", "soon", "week"] | None = None,
    person: Annotated[int | None, Query(ge=0, le=2**63 - 1)] = None,
    age: Annotated[int | None, Query(ge=0, lt=len(AGES))] = None,
    marked: bool = False,
    decided: Literal["any", "yes", "in_time"] | None = None,
    q: Text = "",
    sort: Literal["due", "opened", "taxpayer"] = "due",
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    edge: Edge = may_officer("cases.read", rate="240/minute"),
) -> QueuePage:
    """The officer's work: `mine` in hand, `group` to be taken, `all` of the branch, `waiting` for taxpayers, `closed`.

    As the board counts: `person` holds it or decided it (0: nobody), `age` is a place among its ages, `marked` for the
    supervisor, `decided` over the last thirty days.
    """
    wanted = Asked(view, skill, kind, state, due, q, person=person, age=age, is_marked=marked, decided=decided)
    async with edge.transaction() as tx:
        page = await actions.queue(
            tx, actor=edge.actor, clock=edge.clock, wanted=wanted, sort=sort, cursor=cursor, limit=limit
        )
    today = edge.clock.today()
    return QueuePage(
        cases=[row_out(one, today) for one in page.rows],
        next_cursor=page.next_cursor,
        counts=QueueCounts(**page.counts),
    )


def _answer(outcomes: list[bulk.Outcome], language: str, *, is_preview: bool) -> Preview | CaseActsOut:
    return shapes.preview_out(outcomes, language) if is_preview else shapes.bulk_out(outcomes, language)


@router.post("/claims")
async def claim_cases(
    body: CaseIds, preview: bool = False, edge: Edge = may_officer("cases.decide", records="cases.case_claimed")
) -> Preview | CaseActsOut:
    """Take cases; each that another officer has is refused by itself."""
    async with edge.transaction() as tx:
        outcomes = await bulk.claim_all(
            tx, actor=edge.actor, clock=edge.clock, case_ids=body.case_ids, is_preview=preview
        )
    return _answer(outcomes, edge.language, is_preview=preview)


@router.post("/returns")
async def return_cases(
    body: CaseIds, preview: bool = False, edge: Edge = may_officer("cases.decide", records="cases.case_returned")
) -> Preview | CaseActsOut:
    """Give cases back to the queue."""
    async with edge.transaction() as tx:
        outcomes = await bulk.return_all(
            tx, actor=edge.actor, clock=edge.clock, case_ids=body.case_ids, is_preview=preview
        )
    return _answer(outcomes, edge.language, is_preview=preview)


@router.post("/assignments")
async def assign_cases(
    body: AssignmentIn, preview: bool = False, edge: Edge = may_officer("cases.assign", records="cases.case_assigned")
) -> Preview | CaseActsOut:
    """Give cases to an officer, or to who stands in while that one is absent."""
    async with edge.transaction() as tx:
        outcomes = await bulk.assign_all(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            case_ids=body.case_ids,
            person_id=body.person_id,
            is_preview=preview,
        )
    return _answer(outcomes, edge.language, is_preview=preview)


@router.post("/handovers")
async def hand_case_over(
    body: HandoverIn, preview: bool = False, edge: Edge = may_officer("cases.decide", records="cases.case_handed_over")
) -> Preview | CaseActsOut:
    """Hand a case over to another office."""
    async with edge.transaction() as tx:
        outcomes = await bulk.hand_over(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            case_id=body.case_id,
            office_code=body.office_code,
            reason=body.reason,
            is_preview=preview,
        )
    return _answer(outcomes, edge.language, is_preview=preview)
