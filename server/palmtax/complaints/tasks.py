"""Work of complaints that the clock starts."""

from __future__ import annotations

from typing import Any

from palmtax.complaints.actions import sweeping
from palmtax.complaints.errors import ChangedMeanwhile
from palmtax.plumbing.outbox import TaskContext, every


@every("*/10 * * * *", "complaints.move_on_late")
async def move_on_late(context: TaskContext, _payload: dict[str, Any]) -> None:
    """Accept, raise or close what is late, each in a transaction of its own; safe to run twice."""
    async with context.database.transaction() as tx:
        found = await sweeping.late(tx, clock=context.clock)
    for one in found:
        try:
            async with context.database.transaction() as tx:
                await sweeping.move_on(tx, clock=context.clock, found=one)
        except ChangedMeanwhile:
            continue
