"""Queries on returns; rows are only added."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from palmtax.filing.model.history import History
from palmtax.filing.model.returns import Return
from palmtax.filing.store.rows import HISTORY_COLUMNS, RETURN_COLUMNS, history_entry, return_of
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Part, together

_READ = ", ".join(f"r.{name}" for name in RETURN_COLUMNS)
_HISTORY = ", ".join(f"'{name}', h.{name}" for name in HISTORY_COLUMNS)
_SELECT = (
    f"select {_READ}, (select jsonb_agg(jsonb_build_object({_HISTORY})) from filing_return h"
    " where h.taxpayer_id = r.taxpayer_id and h.tax_type_code = r.tax_type_code and h.period = r.period) as history"
    " from filing_return r where r.taxpayer_id = $1"
)
_INSERT = (
    f"insert into filing_return ({', '.join((*RETURN_COLUMNS, 'draft_version'))}) values"
    f" ({', '.join(f'${place}' for place in range(1, len(RETURN_COLUMNS) + 2))})"
)


def insert_part(filed: Return, draft_version: int | None) -> Part:
    """The new row as the first part of one statement; the draft's version and its place in the history guard it."""
    values = tuple(getattr(filed, name) for name in RETURN_COLUMNS)
    return Part("return", _INSERT, (*values, draft_version))


def by_key_part(taxpayer_id: int, key: str) -> Part:
    """What was done under an idempotency key."""
    return Part("by_key", _SELECT + " and r.idempotency_key = $2", (taxpayer_id, key), fetch=True)


async def by_key(tx: Tx, taxpayer_id: int, key: str) -> Return | None:
    """What was done under an idempotency key. One round trip."""
    rows = (await together(tx, by_key_part(taxpayer_id, key)))[0]
    return return_of(rows[0], rows[0]["history"]) if rows else None


async def readable_return(tx: Tx, taxpayer_id: int, return_id: UUID) -> Return | None:
    """The return (not a void), when it is this taxpayer's. One round trip."""
    row = await tx.fetchrow(_SELECT + " and r.return_id = $2 and r.kind <> 'void'", taxpayer_id, return_id)
    return return_of(row, row["history"]) if row else None


async def by_no(tx: Tx, taxpayer_id: int, return_no: str) -> Return | None:
    """The return (not a void) of a number, when it is this taxpayer's. One round trip."""
    row = await tx.fetchrow(_SELECT + " and r.return_no = $2 and r.kind <> 'void'", taxpayer_id, return_no)
    return return_of(row, row["history"]) if row else None


async def page(
    tx: Tx, taxpayer_id: int, period: str | None, before: tuple[datetime, UUID] | None, limit: int
) -> list[Return]:
    """Returns newest first; one more than `limit` when there are more. One round trip."""
    args: list[Any] = [taxpayer_id]
    where = ""
    if period is not None:
        args.append(period)
        where += f" and r.period = ${len(args)}"
    if before is not None:
        args += before
        where += f" and (r.filed_at, r.return_id) < (${len(args) - 1}, ${len(args)})"
    sql = f"{_SELECT} and r.kind <> 'void'{where} order by r.filed_at desc, r.return_id desc limit {int(limit) + 1}"
    return [return_of(row, row["history"]) for row in await tx.fetch(sql, *args)]


async def histories(tx: Tx, taxpayer_id: int, tax_type_code: str, periods: Sequence[str]) -> dict[str, History]:
    """The histories of several periods; periods without any are left out. One round trip."""
    columns = ", ".join(HISTORY_COLUMNS)
    rows = await tx.fetch(
        f"select period, {columns} from filing_return where taxpayer_id = $1 and tax_type_code = $2"
        " and period = any($3)",
        taxpayer_id, tax_type_code, list(periods),
    )  # fmt: skip
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row["period"], []).append(history_entry(row))
    return {period: History(entries) for period, entries in found.items()}


async def filed_periods(tx: Tx, taxpayer_ids: Sequence[int], tax_type_code: str) -> dict[int, set[str]]:
    """Per taxpayer the periods that have a valid return or were declared by a matter. Touches several shards."""
    rows = await tx.fetch(
        "select taxpayer_id, period, sum(case when kind = 'void' then -1 else 1 end) as valid"
        " from filing_return where taxpayer_id = any($1) and tax_type_code = $2 group by taxpayer_id, period"
        " union all select taxpayer_id, period, sum(case when kind = 'void' then -1 when kind = 'original' then 1 else 0 end)"
        " from filing_declaration where taxpayer_id = any($1) and once_key = $2 || '|' || period || '|'"
        " group by taxpayer_id, period",
        list(taxpayer_ids), tax_type_code,
    )  # fmt: skip
    found: dict[int, set[str]] = {}
    for row in rows:
        if row["valid"] > 0:
            found.setdefault(row["taxpayer_id"], set()).add(row["period"])
    return found
