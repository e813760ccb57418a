"""Work of messaging: planning what was told, telling channels of what is due, sweeping."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import structlog

from palmtax.messaging.actions import campaigning, planning, retaining, serving, sweeping
from palmtax.messaging.model.reading import every_template
from palmtax.plumbing.metrics import MESSAGES_REMOVED
from palmtax.plumbing.outbox import TaskContext, every, task, with_others

PLANNED_AT_ONCE = 20

log = structlog.get_logger()


@task("messaging.plan", tries=12)
async def plan(context: TaskContext, payload: dict[str, Any]) -> None:
    """A message was told: to whom does it go, and how. Others that wait are planned with it."""
    async with context.database.transaction() as tx:
        for one in await with_others(tx, context, "messaging.plan", payload, PLANNED_AT_ONCE):
            await planning.plan_message(
                tx,
                clock=context.clock,
                taxpayer_id=one.payload["taxpayer_id"],
                message_id=UUID(one.payload["message_id"]),
                request_id=one.request_id,
                priority=one.priority,
            )


@task("messaging.plan_many", tries=12, seconds=120)
async def plan_many(context: TaskContext, payload: dict[str, Any]) -> None:
    """Messages of a campaign were told: each is planned in a transaction of its own, until the campaign is recalled."""
    campaign_id = UUID(payload["campaign_id"])
    for taxpayer_id, message_id in payload["messages"]:
        async with context.database.transaction() as tx:
            is_planned = await campaigning.plan_of_campaign(
                tx, clock=context.clock, campaign_id=campaign_id, taxpayer_id=taxpayer_id, message_id=UUID(message_id)
            )
        if not is_planned:
            return


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


@every("41 18 * * *", "messaging.retain")
async def retain(context: TaskContext, _payload: dict[str, Any]) -> None:
    """At night, 02:41 in China: messages whose time is over, template by template, batch after batch."""
    for template in every_template():
        count = retaining.BATCH
        removed = 0
        while count == retaining.BATCH:
            async with context.database.transaction() as tx:
                count = await retaining.remove_old(tx, clock=context.clock, template=template)
            removed += count
        if removed:
            MESSAGES_REMOVED.labels(template).inc(removed)
            log.info("messaging.messages_removed", template=template, count=removed)
