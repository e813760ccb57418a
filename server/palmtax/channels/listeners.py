"""What channels do on news: a delivery that is due is carried outside."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from palmtax.base.clock import CHINA, Clock
from palmtax.channels.actions import planning, settling
from palmtax.channels.actions.knowing import Known
from palmtax.channels.adapters.calling import call
from palmtax.channels.adapters.process import Process, process_of
from palmtax.plumbing.metrics import CHANNEL_CALLS, CHANNEL_SECONDS
from palmtax.plumbing.outbox import TaskContext, listens


@listens("messaging.delivery_wanted", tries=12, seconds=60)
async def carry(context: TaskContext, payload: dict[str, Any]) -> None:
    """Carry one delivery: take it and choose, commit; call the platform; write down what it said."""
    process = process_of(context)
    known = await process.memory.known(context.database, context.clock)
    around = _around(process, known, context.clock)
    async with context.database.transaction() as tx:
        plan = await planning.plan(
            tx,
            clock=context.clock,
            around=around,
            taxpayer_id=int(payload["taxpayer_id"]),
            delivery_id=UUID(payload["delivery_id"]),
        )
    if plan is None:
        return
    answer = await call(process.ports, plan.channel, plan.out)
    CHANNEL_CALLS.labels(plan.channel.name, answer.ending).inc()
    CHANNEL_SECONDS.labels(plan.channel.name).observe(answer.milliseconds / 1000)
    async with context.database.transaction() as tx:
        await settling.settle(tx, clock=context.clock, plan=plan, answer=answer)
    if answer.sent is None:
        process.memory.forget()


def _around(process: Process, known: Known, clock: Clock) -> planning.Around:
    ports = process.ports
    return planning.Around(
        known=known,
        accounts={name: ports.account(one) for name, one in known.channels.items()},
        limiter=process.limiter,
        processes=process.settings.processes,
        link=ports.link,
        now=clock.now().astimezone(CHINA).strftime("%Y-%m-%d %H:%M"),
        template_id=ports.template_id,
    )
