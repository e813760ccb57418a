"""What matters do on news: a step of a theme that came to its end lets the next ones begin."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from palmtax.matters.actions import journeys
from palmtax.plumbing.outbox import TaskContext, listens


@listens("matters.application_ended")
async def application_ended(context: TaskContext, payload: dict[str, Any]) -> None:
    """The journey it belongs to goes on by itself."""
    async with context.database.transaction() as tx:
        await journeys.go_on_by_itself(
            tx, clock=context.clock, taxpayer_id=int(payload["taxpayer_id"]),
            application_id=UUID(payload["application_id"]), request_id=context.request_id,
        )  # fmt: skip
