"""Work of messaging: planning what was told, telling channels of what is due, sweeping."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from palmtax.messaging.actions import planning, serving, sweeping
from palmtax.plumbing.outbox import TaskContext, every, task


@task("messaging.plan", tries=12)
async def plan(context: TaskContext, payload: dict[str, Any]) -> None:
    """A message was told: to whom does it go, and how."""
    async with context.database.transaction() as tx:
        await planning.plan_message(
            tx,
            clock=context.clock,
            taxpayer_id=payload["taxpayer_id"],
            message_id=UUID(payload["message_id"]),
            request_id=context.request_id,
        )


@task("messaging.announce", tries=5)
async def announce(context: TaskContext, payload: dict[str, Any]) -> None:
    """A pause is over; what is lost here the sweep finds."""
    async with context.database.transaction() as tx:
        await sweeping.announce_one(
            tx,
            clock=context.clock,
            taxpayer_id=payload["taxpayer_id"],
            delivery_id=UUID(payload["delivery_id"]),
        )


@every("* * * * *", "messaging.sweep")
async def sweep(context: TaskContext, _payload: dict[str, Any]) -> None:
    """Batch after batch, each its own transaction, until a batch is not full."""
    for _ in range(50):
        async with context.database.transaction() as tx:
            count = await sweeping.sweep(tx, clock=context.clock)
        if count < sweeping.BATCH:
            return


@every("23 * * * *", "messaging.escalate")
async def escalate(context: TaskContext, _payload: dict[str, Any]) -> None:
    """Documents that were served and that nobody reads: batch after batch, until a batch is not full."""
    for _ in range(50):
        async with context.database.transaction() as tx:
            count = await serving.escalate(tx, clock=context.clock)
        if count < serving.BATCH:
            return
