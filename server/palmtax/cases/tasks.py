"""Work of the queue that the clock starts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from palmtax.cases.actions import telling
from palmtax.cases.actions.escalating import BATCH, escalate
from palmtax.cases.store import told
from palmtax.plumbing.outbox import TaskContext, every, task

MOST_BATCHES = 20
"""So many transactions in one sweep; the rest waits ten minutes."""


@every("*/10 * * * *", "cases.escalate")
async def sweep(context: TaskContext, _payload: dict[str, Any]) -> None:
    """Escalate cases that are late; safe to run twice."""
    for _ in range(MOST_BATCHES):
        async with context.database.transaction() as tx:
            done = await escalate(tx, clock=context.clock)
        if done < BATCH:
            return


@task("cases.remind", tries=5)
async def remind(context: TaskContext, payload: dict[str, Any]) -> None:
    """An officer asked a card to remind them later."""
    async with context.database.transaction() as tx:
        await telling.remind_again(
            tx, clock=context.clock, case_id=UUID(payload["case_id"]), person_id=payload["person_id"], at=payload["at"]
        )


@every("15 0 * * *", "cases.morning")
async def morning(context: TaskContext, _payload: dict[str, Any]) -> None:
    """A quarter past eight in China: on working days officers and their leaders hear once what is due and late."""
    if not telling.is_working_day(context.clock):
        return
    async with context.database.statement() as tx:
        due = await told.due_by_holder(tx, context.clock.today())
        late = await told.late_by_office(tx, context.clock.today())
    for first in range(0, len(due), telling.BATCH):
        async with context.database.transaction() as tx:
            await telling.morning_of(tx, clock=context.clock, due=due[first : first + telling.BATCH])
    for first in range(0, len(late), telling.BATCH):
        async with context.database.transaction() as tx:
            await telling.late_of(tx, clock=context.clock, late=late[first : first + telling.BATCH])
