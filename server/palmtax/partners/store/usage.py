"""Queries on how much applications call."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from palmtax.plumbing.database import Tx

SLOTS = 8


@dataclass(frozen=True, slots=True)
class DayUsage:
    """How often an application called on a day, by scope."""

    day_on: date
    scope: str
    calls: int
    refused: int


async def count(tx: Tx, application_id: UUID, day: date, scope: str, *, refused: bool = False) -> None:
    """Count one call. One round trip."""
    await tx.execute(
        "insert into partners_usage as u (application_id, day_on, scope, slot, calls, refused)"
        " values ($1, $2, $3, $4, $5, $6) on conflict (application_id, day_on, scope, slot) do update"
        " set calls = u.calls + excluded.calls, refused = u.refused + excluded.refused",
        application_id, day, scope, random.randrange(SLOTS), 0 if refused else 1, 1 if refused else 0,  # noqa: S311 spreads rows
    )  # fmt: skip


async def calls(tx: Tx, application_id: UUID, day: date, scope: str) -> int:
    """How often it called with a scope on a day."""
    found: int = await tx.fetchval(
        "select coalesce(sum(calls), 0)::bigint from partners_usage where application_id = $1 and day_on = $2"
        " and scope = $3",
        application_id, day, scope,
    )  # fmt: skip
    return found


async def lately(tx: Tx, application_id: UUID, since: date) -> list[DayUsage]:
    """Calls by day and scope since a day, newest first."""
    rows = await tx.fetch(
        "select day_on, scope, sum(calls)::bigint as calls, sum(refused)::bigint as refused from partners_usage"
        " where application_id = $1 and day_on >= $2 group by day_on, scope order by day_on desc, scope",
        application_id, since,
    )  # fmt: skip
    return [DayUsage(**dict(row.items())) for row in rows]


async def totals(tx: Tx, application_ids: list[UUID], since: date) -> dict[UUID, tuple[int, int]]:
    """Calls and refusals since a day, by application."""
    rows = await tx.fetch(
        "select application_id, sum(calls)::bigint as calls, sum(refused)::bigint as refused from partners_usage"
        " where application_id = any($1) and day_on >= $2 group by application_id",
        application_ids, since,
    )  # fmt: skip
    return {row["application_id"]: (row["calls"], row["refused"]) for row in rows}


async def forget(tx: Tx, before: date) -> None:
    """Drop old figures."""
    await tx.execute("delete from partners_usage where day_on < $1", before)
