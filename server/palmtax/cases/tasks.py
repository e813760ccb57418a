"""Work of the queue that the clock starts."""

from __future__ import annotations

from typing import Any

from palmtax.cases.actions.escalating import BATCH, escalate
from palmtax.plumbing.outbox import TaskContext, every

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
