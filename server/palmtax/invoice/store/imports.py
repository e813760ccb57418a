"""Queries on imports and their rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from palmtax.plumbing.database import Tx

_READ = (
    "import_id, kind, file_name, stored_as, state, total_rows, done_rows, accepted, duplicates, refused, problem,"
    " created_at, finished_at"
)
_RANK = "(case outcome when 'refused' then 0 when 'duplicate' then 1 else 2 end)"


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What became of one row; `problem` is the code and numbers of the reason."""

    row_no: int
    outcome: str
    invoice_no: str | None
    problem: dict[str, Any] | None


async def create(
    tx: Tx, taxpayer_id: int, import_id: UUID, *, kind: str, file_name: str, stored_as: str, by: int, at: datetime
) -> None:
    """A new import that waits for the worker."""
    await tx.execute(
        "insert into invoice_import (taxpayer_id, import_id, kind, file_name, stored_as, state, created_by, created_at)"
        " values ($1, $2, $3, $4, $5, 'queued', $6, $7)",
        taxpayer_id, import_id, kind, file_name, stored_as, by, at,
    )  # fmt: skip


async def readable_import(tx: Tx, taxpayer_id: int, import_id: UUID) -> Any | None:
    """The import of this taxpayer."""
    sql = f"select {_READ} from invoice_import where taxpayer_id = $1 and import_id = $2"
    return await tx.fetchrow(sql, taxpayer_id, import_id)


async def lock_import(tx: Tx, taxpayer_id: int, import_id: UUID) -> Any | None:
    """The import, held until the transaction ends, so that two workers take turns batch by batch."""
    sql = f"select {_READ} from invoice_import where taxpayer_id = $1 and import_id = $2 for update"
    return await tx.fetchrow(sql, taxpayer_id, import_id)


async def latest(tx: Tx, taxpayer_id: int, limit: int = 50) -> list[Any]:
    """The last imports, newest first."""
    sql = f"select {_READ} from invoice_import where taxpayer_id = $1 order by created_at desc, import_id desc limit $2"
    return list(await tx.fetch(sql, taxpayer_id, limit))


async def begin(tx: Tx, taxpayer_id: int, import_id: UUID, total_rows: int) -> None:
    """How many rows there are."""
    await tx.execute(
        "update invoice_import set state = 'running', total_rows = $3 where taxpayer_id = $1 and import_id = $2"
        " and state in ('queued', 'running')",
        taxpayer_id, import_id, total_rows,
    )  # fmt: skip


async def advance(tx: Tx, taxpayer_id: int, import_id: UUID, outcomes: Sequence[RowOutcome]) -> None:
    """A batch is done: its rows and the new counts."""
    if not outcomes:
        return
    args = [v for o in outcomes for v in (taxpayer_id, import_id, o.row_no, o.outcome, o.invoice_no, o.problem)]
    await tx.execute(_insert_rows(len(outcomes)), *args)
    counts = [sum(o.outcome == kind for o in outcomes) for kind in ("accepted", "duplicate", "refused")]
    await tx.execute(
        "update invoice_import set done_rows = done_rows + $3, accepted = accepted + $4, duplicates = duplicates + $5,"
        " refused = refused + $6 where taxpayer_id = $1 and import_id = $2",
        taxpayer_id, import_id, len(outcomes), *counts,
    )  # fmt: skip


@lru_cache(maxsize=64)
def _insert_rows(count: int) -> str:
    rows = ", ".join("(" + ", ".join(f"${n * 6 + place}" for place in range(1, 7)) + ")" for n in range(count))
    return (
        f"insert into invoice_import_row (taxpayer_id, import_id, row_no, outcome, invoice_no, problem) values {rows}"
    )


async def finish(tx: Tx, taxpayer_id: int, import_id: UUID, at: datetime, problem: dict[str, Any] | None) -> None:
    """The end: done, or failed as a whole with the reason."""
    await tx.execute(
        "update invoice_import set state = $3, problem = $4, finished_at = $5 where taxpayer_id = $1 and import_id = $2"
        " and state in ('queued', 'running')",
        taxpayer_id, import_id, "failed" if problem else "done", problem, at,
    )  # fmt: skip


async def rows(
    tx: Tx, taxpayer_id: int, import_id: UUID, outcome: str | None, after: tuple[int, int] | None, limit: int
) -> list[Any]:
    """Rows, refused ones first, then duplicates; one more than `limit` when there are more."""
    args: list[Any] = [taxpayer_id, import_id]
    where = ["taxpayer_id = $1", "import_id = $2"]
    if outcome is not None:
        args.append(outcome)
        where.append(f"outcome = ${len(args)}")
    if after is not None:
        args += after
        where.append(f"({_RANK}, row_no) > (${len(args) - 1}, ${len(args)})")
    sql = (
        f"select row_no, outcome, invoice_no, problem, {_RANK} as rank from invoice_import_row"
        f" where {' and '.join(where)} order by {_RANK}, row_no limit {int(limit) + 1}"
    )
    return list(await tx.fetch(sql, *args))
