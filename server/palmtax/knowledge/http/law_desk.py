"""Routes of the law desk 税法台: officers read the law, draft versions of its numbers, and a second officer decides."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Header, Path, Query

from palmtax import rules
from palmtax.knowledge.actions import law_desk as desk
from palmtax.knowledge.actions import law_library, law_telling
from palmtax.knowledge.actions.enacting import enact_approved
from palmtax.knowledge.model.law_desk import Change
from palmtax.knowledge.schemas.law_desk import (
    ChangeDraft,
    ChangeEdit,
    ChangeList,
    ChangeOut,
    ChangeState,
    ParameterOut,
    Reasoned,
    Seen,
)
from palmtax.knowledge.schemas.law_library import LawList, LawOut
from palmtax.knowledge.store import law_desk as store
from palmtax.plumbing.edge import Edge, Router, may_officer

router = Router(prefix="/api/knowledge", tags=["law desk"])
LawCode = Annotated[str, Path(max_length=60, pattern=r"^[a-z][a-z0-9_]*$")]
Key = Annotated[str, Path(max_length=120, pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$", description="law and number")]
IdempotencyKey = Annotated[str | None, Header(min_length=8, max_length=100, pattern=r"^[A-Za-z0-9_-]+$")]


@router.get("/laws")
async def find_laws(
    edge: Annotated[Edge, may_officer("law.read", rate="120/minute")],
    text: Annotated[str, Query(max_length=60, description="words of a name or a number")] = "",
    uncertain: Annotated[bool | None, Query(description="only laws with, or without, unconfirmed numbers")] = None,
) -> LawList:
    """Every law, with counts of its numbers and texts."""
    async with edge.statement() as tx:
        await enact_approved(tx)
    return law_library.laws(text=text, uncertain=uncertain, today=edge.clock.today())


@router.get("/laws/{code}")
async def read_law(code: LawCode, edge: Annotated[Edge, may_officer("law.read")]) -> LawOut:
    """One law: its numbers as they count today, and the texts it cites."""
    rules.law(code)
    async with edge.statement() as tx:
        await enact_approved(tx)
        under_way = await store.keys_under_way(tx, edge.clock.today())
    return law_library.law_out(code, today=edge.clock.today(), under_way=under_way)


@router.get("/parameters/{key}")
async def read_parameter(key: Key, edge: Annotated[Edge, may_officer("law.read")]) -> ParameterOut:
    """One number through time, with the versions on their way."""
    law_library.readable_parameter(key)
    async with edge.statement() as tx:
        await enact_approved(tx)
        found = await store.of_key(tx, key)
        names = await law_telling.names_of(tx, found)
    parameter = law_library.readable_parameter(key)
    return law_telling.parameter_out(parameter, found, names, today=edge.clock.today(), language=edge.language)


@router.get("/changes")
async def list_changes(
    edge: Annotated[Edge, may_officer("law.read")],
    state: ChangeState | None = None,
    cursor: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> ChangeList:
    """Versions of all numbers, newest first."""
    today = edge.clock.today()
    async with edge.statement() as tx:
        found, following = await desk.changes(tx, state=state, today=today, cursor=cursor, limit=limit)
        names = await law_telling.names_of(tx, found)
    shown = law_telling.change_lines(found, names, today)
    return ChangeList(changes=shown, next_cursor=str(following) if following else None)


async def _shown(edge: Edge, change: Change) -> ChangeOut:
    law_library.readable_parameter(change.key)
    async with edge.statement() as tx:
        await enact_approved(tx)
        names = await law_telling.names_of(tx, [change])
    return await law_telling.change_out(change, names, actor=edge.actor, clock=edge.clock, language=edge.language)


@router.post("/changes", status_code=201)
async def draft_change(
    given: ChangeDraft,
    edge: Annotated[Edge, may_officer("law.draft", records="knowledge.change_drafted", rate="60/minute")],
    idempotency_key: IdempotencyKey = None,
) -> ChangeOut:
    """Draft a version of a number; the same key and content again give the same draft."""
    async with edge.transaction() as tx:
        made = await desk.draft(tx, actor=edge.actor, clock=edge.clock, given=given, idempotency_key=idempotency_key)
    return await _shown(edge, made)


@router.get("/changes/{change_id}")
async def read_change(change_id: UUID, edge: Annotated[Edge, may_officer("law.read")]) -> ChangeOut:
    """One version, with what it would do to the examples and the laws that read the number."""
    async with edge.statement() as tx:
        found = await desk.readable_change(tx, change_id)
    return await _shown(edge, found)


@router.put("/changes/{change_id}")
async def edit_change(
    change_id: UUID,
    given: ChangeEdit,
    edge: Annotated[Edge, may_officer("law.draft", records="knowledge.change_edited", rate="60/minute")],
) -> ChangeOut:
    """Change one's own draft, or one that was returned."""
    async with edge.transaction() as tx:
        done = await desk.edit(tx, actor=edge.actor, clock=edge.clock, change_id=change_id, given=given)
    return await _shown(edge, done)


@router.post("/changes/{change_id}/send")
async def send_change(
    change_id: UUID,
    edge: Annotated[Edge, may_officer("law.draft", records="knowledge.change_sent", rate="60/minute")],
    seen: Seen | None = None,
) -> ChangeOut:
    """Hand it to another officer; refused while the trial finds a fault."""
    done = await desk.send(
        edge.transaction, actor=edge.actor, clock=edge.clock, change_id=change_id, seen=seen.acts if seen else None
    )
    return await _shown(edge, done)


@router.post("/changes/{change_id}/approve")
async def approve_change(
    change_id: UUID,
    edge: Annotated[
        Edge, may_officer("law.approve", records="knowledge.change_approved", second_factor=True, rate="60/minute")
    ],
    seen: Seen | None = None,
) -> ChangeOut:
    """Agree to another officer's version: it counts from its first day."""
    done = await desk.approve(
        edge.transaction, actor=edge.actor, clock=edge.clock, change_id=change_id, seen=seen.acts if seen else None
    )
    return await _shown(edge, done)


@router.post("/changes/{change_id}/return")
async def return_change(
    change_id: UUID,
    given: Reasoned,
    edge: Annotated[Edge, may_officer("law.approve", records="knowledge.change_returned", rate="60/minute")],
) -> ChangeOut:
    """Give another officer's version back with the reason."""
    async with edge.transaction() as tx:
        done = await desk.send_back(
            tx, actor=edge.actor, clock=edge.clock, change_id=change_id, reason=given.reason, seen=given.acts
        )
    return await _shown(edge, done)


@router.post("/changes/{change_id}/withdraw")
async def withdraw_change(
    change_id: UUID,
    given: Reasoned,
    edge: Annotated[Edge, may_officer("law.read", records="knowledge.change_withdrawn", rate="60/minute")],
) -> ChangeOut:
    """Take a version back: its drafter before the approval, who may approve before its first day."""
    done = await desk.withdraw(
        edge.transaction,
        actor=edge.actor,
        clock=edge.clock,
        change_id=change_id,
        reason=given.reason,
        seen=given.acts,
    )
    return await _shown(edge, done)
