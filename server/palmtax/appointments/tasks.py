"""Work of appointments that the clock starts; safe to run twice."""

from __future__ import annotations

from typing import Any

from palmtax.appointments.actions import sweeping
from palmtax.plumbing.outbox import TaskContext, every


@every("*/5 * * * *", "appointments.close_over")
async def close_over(context: TaskContext, _payload: dict[str, Any]) -> None:
    """Close what nobody came to and what lapsed, and tickets of days that are over."""
    async with context.database.transaction() as tx:
        found = await sweeping.over(tx, clock=context.clock)
        stale = await sweeping.stale(tx, clock=context.clock)
    for one in found:
        async with context.database.transaction() as tx:
            await sweeping.close(tx, clock=context.clock, one=one)
    for ticket in stale:
        async with context.database.transaction() as tx:
            await sweeping.forget(tx, clock=context.clock, one=ticket)


@every("0 10 * * *", "appointments.remind")
async def remind(context: TaskContext, _payload: dict[str, Any]) -> None:
    """At six in the evening (China): tell people about tomorrow."""
    async with context.database.transaction() as tx:
        found = await sweeping.tomorrows(tx, clock=context.clock)
    for one in found:
        async with context.database.transaction() as tx:
            await sweeping.remind(tx, clock=context.clock, one=one)
