"""Queries over journeys: one person's runs of themes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from palmtax.matters.model.answers import Answers
from palmtax.matters.store.rows import opened_answers, places, sealed_answers
from palmtax.plumbing.database import Tx

ANSWERS = "matters_journey.answers"


@dataclass(frozen=True, slots=True)
class Journey:
    """One run of a theme. `steps` maps the code of each matter to its application, to what stands in the way, or to a no."""

    taxpayer_id: int
    journey_id: UUID
    theme_code: str
    state: str
    version: int
    answers: Answers
    steps: dict[str, Any]
    started_by: int
    started_at: datetime
    updated_at: datetime
    begun_key: str
    idempotency_key: str | None = None


_COLUMNS = (
    "taxpayer_id, journey_id, theme_code, state, version, answers_sealed, steps, started_by, started_at, updated_at,"
    " begun_key, idempotency_key"
)


def _journey(row: Any) -> Journey:
    return Journey(
        row["taxpayer_id"], row["journey_id"], row["theme_code"], row["state"], row["version"],
        opened_answers(row["answers_sealed"], ANSWERS), row["steps"], row["started_by"], row["started_at"],
        row["updated_at"], row["begun_key"], row["idempotency_key"],
    )  # fmt: skip


async def insert(tx: Tx, one: Journey) -> bool:
    """A new journey; false when one was begun under its key. One round trip."""
    made = await tx.fetchval(
        f"insert into matters_journey ({_COLUMNS}) values ({places(12)})"
        " on conflict (taxpayer_id, begun_key) do nothing returning true",
        one.taxpayer_id, one.journey_id, one.theme_code, one.state, one.version, sealed_answers(one.answers, ANSWERS),
        one.steps, one.started_by, one.started_at, one.updated_at, one.begun_key, one.idempotency_key,
    )  # fmt: skip
    return bool(made)


async def begun_under(tx: Tx, *, taxpayer_id: int, begun_key: str) -> Journey | None:
    """The journey that was begun under a key. One round trip."""
    row = await tx.fetchrow(
        f"select {_COLUMNS} from matters_journey where taxpayer_id = $1 and begun_key = $2", taxpayer_id, begun_key
    )
    return _journey(row) if row else None


async def readable_journey(tx: Tx, *, taxpayer_id: int, journey_id: UUID, is_locked: bool = False) -> Journey | None:
    """A journey of this taxpayer; locked when its steps are about to move on. One round trip."""
    row = await tx.fetchrow(
        f"select {_COLUMNS} from matters_journey where taxpayer_id = $1 and journey_id = $2"
        + (" for update" if is_locked else ""),
        taxpayer_id,
        journey_id,
    )
    return _journey(row) if row else None


async def running_with(tx: Tx, *, taxpayer_id: int, application_id: UUID) -> Journey | None:
    """The journey that an application belongs to, locked, while it is on its way; none otherwise. One round trip."""
    row = await tx.fetchrow(
        f"select {_COLUMNS} from matters_journey where taxpayer_id = $1 and state = 'running' and journey_id ="
        " (select journey_id from matters_application where taxpayer_id = $1 and application_id = $2) for update",
        taxpayer_id,
        application_id,
    )
    return _journey(row) if row else None


async def update(tx: Tx, one: Journey, from_version: int) -> bool:
    """Whether it was written: nobody changed it meanwhile. One round trip."""
    done = await tx.fetchval(
        "update matters_journey set state = $4, version = $5, answers_sealed = $6, steps = $7, updated_at = $8,"
        " idempotency_key = $9 where taxpayer_id = $1 and journey_id = $2 and version = $3 returning version",
        one.taxpayer_id, one.journey_id, from_version, one.state, one.version, sealed_answers(one.answers, ANSWERS),
        one.steps, one.updated_at, one.idempotency_key,
    )  # fmt: skip
    return done is not None


async def of_taxpayer(tx: Tx, taxpayer_id: int, limit: int = 20) -> list[Journey]:
    """A taxpayer's journeys, newest first. One round trip."""
    rows = await tx.fetch(
        f"select {_COLUMNS} from matters_journey where taxpayer_id = $1 order by updated_at desc limit $2",
        taxpayer_id,
        limit,
    )
    return [_journey(row) for row in rows]
