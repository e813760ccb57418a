"""What channels do on news: a delivery that is due is carried outside."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg

from palmtax.base.clock import CHINA, Clock
from palmtax.channels.actions import carding, planning, settling
from palmtax.channels.actions.knowing import Known
from palmtax.channels.adapters.calling import call
from palmtax.channels.adapters.process import Process, process_of
from palmtax.channels.model.outgoing import Answer
from palmtax.plumbing.database import CONNECTION_LOST
from palmtax.plumbing.metrics import CHANNEL_CALLS, CHANNEL_SECONDS
from palmtax.plumbing.outbox import TaskContext, listens, with_others

CARRY = "messaging.delivery_wanted>channels.carry"
CARRIED_AT_ONCE = 10
PAUSES = (0.2, 0.5, 1, 2, 4, 8, 8)


@listens("messaging.delivery_wanted", tries=12, seconds=60)
async def carry(context: TaskContext, payload: dict[str, Any]) -> None:
    """Carry deliveries: take them and choose, commit; call the platforms; write down what they said. Others go along."""
    process = process_of(context)
    known = await process.memory.known(context.database, context.clock)
    around = _around(process, known, context.clock)
    await process.shares.top_up(context.database, context.clock, known.channels, processes=around.processes)
    async with context.database.transaction() as tx:
        jobs = await with_others(tx, context, CARRY, payload, CARRIED_AT_ONCE)
        wanted = {(int(one.payload["taxpayer_id"]), UUID(one.payload["delivery_id"])) for one in jobs}
        plans = await planning.plan(tx, clock=context.clock, around=around, wanted=sorted(wanted))
    await _call_all(context, process, plans)


async def _call_all(context: TaskContext, process: Process, plans: Sequence[planning.Plan]) -> None:
    """Call for all at once, and settle what is answered while slower platforms still think."""
    calls = {asyncio.create_task(call(process.ports, one.channel, one.out)): one for one in plans}
    try:
        while calls:
            done, _ = await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
            ended = [(calls.pop(one), one.result()) for one in done]
            for plan, answer in ended:
                CHANNEL_CALLS.labels(plan.channel.name, answer.ending).inc()
                CHANNEL_SECONDS.labels(plan.channel.name).observe(answer.milliseconds / 1000)
            await _settle(context, ended)
            if any(answer.sent is None for _, answer in ended):
                process.memory.forget()
    finally:
        for one in calls:
            one.cancel()


async def _settle(context: TaskContext, ended: Sequence[tuple[planning.Plan, Answer]]) -> None:
    """What a platform said is not lost because the database was away for a moment: the lease is longer than this."""
    for pause in (*PAUSES, None):
        try:
            async with context.database.transaction() as tx:
                await settling.settle(tx, clock=context.clock, ended=ended)
        except (*CONNECTION_LOST, asyncpg.DeadlockDetectedError, asyncpg.LockNotAvailableError):
            if pause is None:
                raise
            await asyncio.sleep(pause)
        else:
            return


def _around(process: Process, known: Known, clock: Clock) -> planning.Around:
    ports = process.ports
    return planning.Around(
        known=known,
        accounts={name: ports.account(one) for name, one in known.channels.items()},
        limiter=process.limiter,
        shares=process.shares,
        processes=process.settings.processes,
        link=ports.link,
        now=clock.now().astimezone(CHINA).strftime("%Y-%m-%d %H:%M"),
        template_id=ports.template_id,
    )


@listens("messaging.cards_changed")
async def cards_changed(context: TaskContext, payload: dict[str, Any]) -> None:
    """Something happened to a thing that officers have cards about."""
    kind, subject_id = str(payload["subject_kind"]), UUID(payload["subject_id"])
    async with context.database.transaction() as tx:
        await carding.want_refresh(tx, kind=kind, subject_id=subject_id, request_id=context.request_id)
