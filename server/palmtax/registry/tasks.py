"""What the registry does by the clock."""

from __future__ import annotations

from typing import Any

from palmtax.plumbing.outbox import TaskContext, every
from palmtax.registry.actions.changes import follow_changes


@every("1 16 * * *", "registry.follow_changes")
async def follow_changes_daily(context: TaskContext, payload: dict[str, Any]) -> None:
    """At the first minute of the Beijing day, changes that begin that day reach the taxpayers' columns."""
    del payload
    async with context.database.transaction() as tx:
        await follow_changes(tx, clock=context.clock)
