"""Queries over all taxpayers: what a change of the law would touch. For officers' lists, never on a hot path."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from palmtax.plumbing.database import Tx

_SAME = "{0}.taxpayer_id = r.taxpayer_id and {0}.tax_type_code = r.tax_type_code and {0}.period = r.period"
_RETURNS = f"""
select 'return' as kind, r.return_id as id, r.taxpayer_id, r.period, r.rule_version, r.filed_at, r.taxes, r.obligation_id
  from filing_return r
 where r.tax_type_code = $1 and r.law_on between $2 and $3 and r.kind <> 'void'
   and not exists (select 1 from filing_return v where {_SAME.format("v")} and v.kind = 'void'
                   and v.amends_return_id = r.return_id)
   and not exists (select 1 from filing_return n where {_SAME.format("n")} and n.kind <> 'void'
                   and n.sequence > r.sequence and not exists (
                     select 1 from filing_return w where {_SAME.format("w")} and w.kind = 'void'
                     and w.amends_return_id = n.return_id))"""
_DRAFTS = f"""
select 'draft' as kind, r.draft_id as id, r.taxpayer_id, r.period, null, null, null, null
  from filing_draft r
 where r.tax_type_code = $1 and r.last_day between $2 and $3
   and not exists (select 1 from filing_return n where {_SAME.format("n")} and n.sequence >= r.sequence)"""


async def page(
    tx: Tx, tax_type_code: str, days: tuple[date, date], after: tuple[int, UUID] | None, limit: int
) -> list[Any]:
    """Open drafts and valid returns of periods that end in these days, by taxpayer; at most `limit`. One round trip."""
    taxpayer_id, number = after or (None, None)
    rows = await tx.fetch(
        f"select * from ({_RETURNS} union all {_DRAFTS}) found"
        " where ($4::bigint is null or (taxpayer_id, id) > ($4, $5::uuid)) order by taxpayer_id, id limit $6",
        tax_type_code, *days, taxpayer_id, number, limit,
    )  # fmt: skip
    return list(rows)
