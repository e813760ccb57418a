"""What messaging does on news: a consultation was answered; two accounts turned out to be one person's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from palmtax.messaging.actions import telling
from palmtax.messaging.store import deliveries
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


@listens("identity.people_merged")
async def follow_the_person(context: TaskContext, payload: dict[str, Any]) -> None:
    """Two accounts became one person's: what waits for the one that ended goes to the one that goes on."""
    async with context.database.transaction() as tx:
        await deliveries.hand_on(
            tx,
            from_person_id=payload["merged_person_id"],
            to_person_id=payload["person_id"],
            now=context.clock.now(),
        )
