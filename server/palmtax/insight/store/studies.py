"""Queries for studies; each is one round trip and stays on the shard of the office."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from palmtax.insight.model.study import Question, Study
from palmtax.plumbing.database import Tx

_COLUMNS = (
    "office_code, study_id, name, question, population, state, groups_total, groups_done, rows_done, rows_total, result,"
    " problem, revenue_delta_fen, cells_name, created_by, created_at, started_at, finished_at"
)
_LINE = _COLUMNS.replace(" result,", " null::jsonb as result,")


def _study(row: Any) -> Study:
    values = dict(row)
    values["shown"] = values["question"]["shown"]
    values["question"] = Question.read(values["question"])
    return Study(**values)


async def insert(tx: Tx, study: Study, idempotency_key: str | None) -> bool:
    """Keep a new study; false when the key is taken."""
    done = await tx.execute(
        "insert into insight_study (office_code, study_id, name, question, population, state, groups_total, rows_total,"
        " idempotency_key, created_by, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        " on conflict (office_code, idempotency_key) do nothing",
        study.office_code,
        study.study_id,
        study.name,
        {**study.question.stored(), "shown": study.shown},
        study.population,
        study.state,
        study.groups_total,
        study.rows_total,
        idempotency_key,
        study.created_by,
        study.created_at,
    )
    return bool(done == "INSERT 0 1")


async def readable_study(tx: Tx, office_code: str, study_id: UUID) -> Study | None:
    """A study of this office, with its result."""
    row = await tx.fetchrow(
        f"select {_COLUMNS} from insight_study where office_code = $1 and study_id = $2", office_code, study_id
    )
    return _study(row) if row else None


async def by_key(tx: Tx, office_code: str, idempotency_key: str) -> Study | None:
    """The study that was started under this key."""
    row = await tx.fetchrow(
        f"select {_COLUMNS} from insight_study where office_code = $1 and idempotency_key = $2",
        office_code,
        idempotency_key,
    )
    return _study(row) if row else None


async def newest(
    tx: Tx, office_code: str, *, state: str | None, before: tuple[datetime, UUID] | None, limit: int
) -> list[Study]:
    """Studies of an office, newest first, without their results."""
    at, number = before or (None, None)
    rows = await tx.fetch(
        f"select {_LINE} from insight_study where office_code = $1 and ($2::text is null or state = $2)"
        " and ($3::timestamptz is null or (created_at, study_id) < ($3, $4::uuid))"
        " order by created_at desc, study_id desc limit $5",
        office_code,
        state,
        at,
        number,
        limit,
    )
    return [_study(row) for row in rows]


async def count_open(tx: Tx, office_code: str) -> int:
    """How many wait or run."""
    return int(
        await tx.fetchval(
            "select count(*) from insight_study where office_code = $1 and state in ('queued', 'running')", office_code
        )
    )


async def begin(tx: Tx, office_code: str, study_id: UUID, at: datetime) -> bytes | None:
    """Mark it running, unless it is over; what was tallied before a kill (empty at the first start), or none when it is over."""
    row = await tx.fetchrow(
        "update insight_study set state = 'running', started_at = coalesce(started_at, $3)"
        " where office_code = $1 and study_id = $2 and state in ('queued', 'running') returning kept",
        office_code,
        study_id,
        at,
    )
    return None if row is None else bytes(row["kept"] or b"")


async def keep(tx: Tx, office_code: str, study_id: UUID, *, groups: int, rows: int, kept: bytes) -> bool:
    """How far it is; false when it no longer runs (cancelled)."""
    done = await tx.execute(
        "update insight_study set groups_done = $3, rows_done = $4, kept = $5"
        " where office_code = $1 and study_id = $2 and state = 'running'",
        office_code,
        study_id,
        groups,
        rows,
        kept,
    )
    return bool(done == "UPDATE 1")


async def finish(
    tx: Tx, office_code: str, study_id: UUID, *, result: Mapping[str, Any], cells_name: str, rows: int, at: datetime
) -> bool:
    """Keep the result; false when it no longer runs."""
    done = await tx.execute(
        "update insight_study set state = 'done', result = $3, cells_name = $4, revenue_delta_fen = $5, rows_done = $6,"
        " groups_done = groups_total, kept = null, finished_at = $7"
        " where office_code = $1 and study_id = $2 and state = 'running'",
        office_code,
        study_id,
        result,
        cells_name,
        result["delta_fen"],
        rows,
        at,
    )
    return bool(done == "UPDATE 1")


async def end(
    tx: Tx, office_code: str, study_id: UUID, *, state: str, problem: Mapping[str, Any] | None, at: datetime
) -> bool:
    """Cancelled or failed; false when it was over already."""
    done = await tx.execute(
        "update insight_study set state = $3, problem = $4, kept = null, finished_at = $5"
        " where office_code = $1 and study_id = $2 and state in ('queued', 'running')",
        office_code,
        study_id,
        state,
        problem,
        at,
    )
    return bool(done == "UPDATE 1")
