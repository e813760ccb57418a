"""Queries on declarations; rows are only added."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from palmtax.filing.model.declarations import Declaration
from palmtax.plumbing.database import Tx

_NAMES = tuple(field.name for field in dataclasses.fields(Declaration))
_SELECT = f"select {', '.join(f'd.{name}' for name in _NAMES)} from filing_declaration d where d.taxpayer_id = $1"
_COUNTS = (
    " and d.kind <> 'void' and not exists (select 1 from filing_declaration n where n.taxpayer_id = $1"
    " and n.amends_declaration_id = d.declaration_id)"
)
_INSERT = (
    f"insert into filing_declaration ({', '.join(_NAMES)}) values"
    f" ({', '.join(f'${place}' for place in range(1, len(_NAMES) + 1))}) on conflict do nothing returning true"
)


def _declaration(row: Any) -> Declaration:
    values = {name: row[name] for name in _NAMES}
    for name in ("declaration_id", "amends_declaration_id", "obligation_id", "application_id"):
        values[name] = UUID(int=row[name].int) if row[name] is not None else None
    return Declaration(**values)


async def insert(tx: Tx, made: Declaration) -> bool:
    """Keep a declaration; false when its application has one, or when what it amends was amended meanwhile."""
    values = {name: getattr(made, name) for name in _NAMES}
    return bool(await tx.fetchval(_INSERT, *values.values()))


async def of_application(tx: Tx, taxpayer_id: int, application_id: UUID) -> Declaration | None:
    """What an application has filed. One round trip."""
    row = await tx.fetchrow(_SELECT + " and d.application_id = $2", taxpayer_id, application_id)
    return _declaration(row) if row else None


async def by_no(tx: Tx, taxpayer_id: int, declaration_no: str) -> tuple[Declaration, bool] | None:
    """The declaration of a number and whether it counts: neither voided nor amended. One round trip."""
    sql = _SELECT.replace(" from", f", (true{_COUNTS}) as counts from", 1) + " and d.declaration_no = $2"
    row = await tx.fetchrow(sql + " and d.kind <> 'void'", taxpayer_id, declaration_no)
    return (_declaration(row), row["counts"]) if row else None


async def newest(tx: Tx, taxpayer_id: int, limit: int) -> list[Declaration]:
    """Declarations that count, newest first. One round trip."""
    sql = f"{_SELECT}{_COUNTS} order by d.filed_at desc, d.declaration_id desc limit $2"
    return [_declaration(row) for row in await tx.fetch(sql, taxpayer_id, limit)]


async def between(tx: Tx, taxpayer_id: int, first: datetime, last: datetime, limit: int) -> list[Declaration]:
    """Declarations that count and were filed between two instants, newest first. One round trip."""
    sql = f"{_SELECT}{_COUNTS} and d.filed_at >= $2 and d.filed_at < $3 order by d.filed_at desc, d.declaration_id desc limit $4"
    return [_declaration(row) for row in await tx.fetch(sql, taxpayer_id, first, last, limit)]


async def declared(tx: Tx, taxpayer_id: int, laws: Sequence[str], year: int) -> list[Declaration]:
    """Declarations of these laws that count, for periods of a year, by period. One round trip."""
    sql = f"{_SELECT}{_COUNTS} and d.law = any($2) and left(d.period, 4) = $3 order by d.period, d.filed_at"
    return [_declaration(row) for row in await tx.fetch(sql, taxpayer_id, list(laws), f"{year:04d}")]


_LAST = """
  select return_no as no, period, filed_at from filing_return r where r.taxpayer_id = $1 and r.kind <> 'void'
   and not exists (select 1 from filing_return n where n.taxpayer_id = $1 and n.amends_return_id = r.return_id)
  union all
  select declaration_no, period, filed_at from filing_declaration d where d.taxpayer_id = $1"""


async def last_and_count(tx: Tx, taxpayer_id: int) -> tuple[str | None, str | None, int]:
    """Number and period of the newest return or declaration that counts, and how many count. One round trip."""
    row = await tx.fetchrow(
        f"with every as ({_LAST}{_COUNTS})"
        " select (select count(*) from every) as count, e.no, e.period from every e"
        " order by e.filed_at desc, e.no desc limit 1",
        taxpayer_id,
    )
    return (row["no"], row["period"], row["count"]) if row else (None, None, 0)
