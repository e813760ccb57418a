"""What messaging does on news: a consultation beside it, which may not call it, was answered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from palmtax.messaging.actions import telling
from palmtax.plumbing.outbox import TaskContext, listens


@listens("knowledge.letter_answered")
async def tell_letter_answered(context: TaskContext, payload: dict[str, Any]) -> None:
    """A written consultation was answered: the taxpayer is told once."""
    async with context.database.transaction() as tx:
        await telling.tell(
            tx,
            clock=context.clock,
            taxpayer_id=payload["taxpayer_id"],
            template="letter_answered",
            values={"letter_no": payload["letter_no"], "topic": payload["title"], "topic_en": payload["title_en"]},
            subject_kind="letter",
            subject_id=UUID(payload["letter_id"]),
            key=f"letter_answered:{payload['letter_id']}",
        )
