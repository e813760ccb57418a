"""Queries on declarations; rows are only added."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from palmtax.filing.model.declarations import Declaration
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Part

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
    """Keep a declaration; false when its application has one, or when somebody else was first to declare or amend."""
    values = {name: getattr(made, name) for name in _NAMES}
    return bool(await tx.fetchval(_INSERT, *values.values()))


async def of_application(tx: Tx, taxpayer_id: int, application_id: UUID, law: str | None = None) -> Declaration | None:
    """What an application has filed (under a law). One round trip."""
    sql = _SELECT + " and d.application_id = $2 and ($3::text is null or d.law = $3)"
    row = await tx.fetchrow(sql, taxpayer_id, application_id, law)
    return _declaration(row) if row else None


async def last_act(tx: Tx, taxpayer_id: int, once_key: str) -> Declaration | None:
    """The last act on what is declared once: it counts unless it is a void. One round trip."""
    sql = _SELECT + " and d.once_key = $2 order by d.sequence desc limit 1"
    row = await tx.fetchrow(sql, taxpayer_id, once_key)
    return _declaration(row) if row else None


async def of_tax(tx: Tx, taxpayer_id: int, tax: str) -> list[Declaration]:
    """Declarations of a tax of periods that count: no thing is taxed by it. One round trip."""
    sql = f"{_SELECT}{_COUNTS} and d.once_key = $2 || '|' || d.period || '|'"
    return [_declaration(row) for row in await tx.fetch(sql, taxpayer_id, tax)]


def of_draft_part(taxpayer_id: int, draft_id: UUID) -> Part:
    """The number of the declaration that counts for the tax and period of a draft: filed by a matter meanwhile."""
    sql = (
        "select d.declaration_no, d.application_no, (d.filed_at at time zone 'Asia/Shanghai')::date::text as filed_on"
        " from filing_declaration d join filing_draft f"
        " on f.taxpayer_id = d.taxpayer_id and d.once_key = f.tax_type_code || '|' || f.period || '|'"
        f" where f.taxpayer_id = $1 and f.draft_id = $2{_COUNTS}"
    )
    return Part("declared", sql, (taxpayer_id, draft_id), fetch=True)


async def by_no(tx: Tx, taxpayer_id: int, declaration_no: str) -> tuple[Declaration, bool] | None:
    """The declaration of a number and whether it counts: neither voided nor amended. One round trip."""
    sql = _SELECT.replace(" from", f", (true{_COUNTS}) as counts from", 1) + " and d.declaration_no = $2"
    row = await tx.fetchrow(sql + " and d.kind <> 'void'", taxpayer_id, declaration_no)
    return (_declaration(row), row["counts"]) if row else None


async def newest(tx: Tx, taxpayer_id: int, limit: int) -> list[Declaration]:
    """Declarations that count, newest first. One round trip."""
    sql = f"{_SELECT}{_COUNTS} order by d.filed_at desc, d.declaration_id desc limit $2"
    return [_declaration(row) for row in await tx.fetch(sql, taxpayer_id, limit)]


async def filed_count(tx: Tx, taxpayer_id: int) -> int:
    """How many returns, and declarations that count, are kept. One round trip."""
    found = await tx.fetchval(
        "select (select count(*) from filing_return r where r.taxpayer_id = $1 and r.kind <> 'void')"
        f" + (select count(*) from filing_declaration d where d.taxpayer_id = $1{_COUNTS})",
        taxpayer_id,
    )
    return int(found)


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
