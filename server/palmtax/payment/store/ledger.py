"""Queries of the ledger: entries that are only added, standings, totals, the check that every fen balances."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from palmtax.payment.model import Standing, Transfer, due_items, state_of
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Part

_RECEIVABLE = """
    sum(case when debit_account = 'receivable' then amount_fen else 0 end
      - case when credit_account = 'receivable' then amount_fen else 0 end)::bigint"""

_OWED = """
    sum(case when debit_account in ('receivable', 'refunds_payable') then amount_fen else 0 end
      - case when credit_account in ('receivable', 'refunds_payable') then amount_fen else 0 end)::bigint"""


def entry_parts(
    *,
    taxpayer_id: int,
    entry_id: UUID,
    kind: str,
    obligation_id: UUID,
    return_id: UUID,
    return_no: str,
    period: str,
    due_on: date,
    order_id: UUID | None,
    cause_key: str,
    booked_at: datetime,
    lines: Sequence[Transfer],
) -> list[Part]:
    """One entry with its lines as parts of the caller's statement; the same `cause_key` twice is a 23505."""
    head = Part(
        "entry",
        "insert into payment_entry (taxpayer_id, entry_id, kind, obligation_id, return_id, return_no, period, due_on,"
        " order_id, cause_key, booked_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        (
            taxpayer_id,
            entry_id,
            kind,
            obligation_id,
            return_id,
            return_no,
            period,
            due_on,
            order_id,
            cause_key,
            booked_at,
        ),
    )
    rows, args = [], [taxpayer_id, entry_id, obligation_id]
    for number, line in enumerate(lines, start=1):
        at = len(args)
        rows.append(f"($1, $2, $3, ${at + 1}, ${at + 2}, ${at + 3}, ${at + 4}, ${at + 5})")
        args += [number, line.tax_type_code, line.debit_account, line.credit_account, line.amount_fen]
    body = Part(
        "line",
        "insert into payment_line (taxpayer_id, entry_id, obligation_id, line_no, tax_type_code, debit_account,"
        f" credit_account, amount_fen) values {', '.join(rows)}",
        tuple(args),
    )
    return [head, body]


_STANDING = f"""
with asked as (
  select distinct return_id, obligation_id from payment_entry
   where taxpayer_id = $1 and kind = 'charge' and return_id = any($2::uuid[]))
select a.return_id, a.obligation_id,
  (select jsonb_build_object('return_no', e.return_no, 'period', e.period, 'due_on', e.due_on) from payment_entry e
    where e.taxpayer_id = $1 and e.obligation_id = a.obligation_id and e.kind = 'charge'
    order by e.booked_at, e.entry_id limit 1) as first,
  (select jsonb_object_agg(t.tax_type_code, t.open) from (
     select tax_type_code, {_RECEIVABLE} as open from payment_line
      where taxpayer_id = $1 and obligation_id = a.obligation_id group by tax_type_code) t) as open,
  (select coalesce(sum(case when debit_account = 'receivable' then amount_fen else -amount_fen end), 0)::bigint
     from payment_line where taxpayer_id = $1 and obligation_id = a.obligation_id
      and 'receivable' in (debit_account, credit_account) and 'treasury' in (debit_account, credit_account)) as charged,
  (select coalesce(sum(amount_fen), 0)::bigint from payment_refund
    where taxpayer_id = $1 and obligation_id = a.obligation_id and state <> 'done') as refunding,
  (select jsonb_build_object('order_id', o.order_id, 'state', o.state) from payment_order o
    where o.taxpayer_id = $1 and o.obligation_id = a.obligation_id and o.state in ('created', 'paying', 'paid')
    order by (o.state = 'paid'), o.created_at desc limit 1) as ordered
from asked a"""


async def standings(tx: Tx, taxpayer_id: int, return_ids: Sequence[UUID], today: date) -> dict[UUID, Standing]:
    """Standing of each return that was ever charged; the others are not in the answer. One round trip."""
    found = {}
    for row in await tx.fetch(_STANDING, taxpayer_id, list(return_ids)):
        found[row["return_id"]] = _standing(row, today)
    return found


def _standing(row: Any, today: date) -> Standing:
    open_by_tax: dict[str, int] = row["open"] or {}
    due_on = date.fromisoformat(row["first"]["due_on"])
    open_fen, charged, ordered = sum(open_by_tax.values()), row["charged"], row["ordered"] or {}
    items = due_items(open_by_tax, due_on, today) if open_fen > 0 else ()
    return Standing(
        obligation_id=row["obligation_id"],
        return_no=row["first"]["return_no"],
        period=row["first"]["period"],
        due_on=due_on,
        charged_fen=charged,
        paid_fen=charged - open_fen,
        open_fen=open_fen,
        late_fee_fen=sum(item.late_fee_fen for item in items),
        refunding_fen=row["refunding"],
        order_id=UUID(ordered["order_id"]) if ordered else None,
        state=state_of(charged, open_fen, row["refunding"], ordered.get("state")),
        items=items,
    )


async def open_by_tax(tx: Tx, taxpayer_id: int, obligation_id: UUID) -> dict[str, int]:
    """What each tax of an obligation leaves open, fen; negative where overpaid."""
    rows = await tx.fetch(
        f"select tax_type_code, {_RECEIVABLE} as open from payment_line"
        " where taxpayer_id = $1 and obligation_id = $2 group by tax_type_code",
        taxpayer_id,
        obligation_id,
    )
    return {row["tax_type_code"]: row["open"] for row in rows}


async def first_charged_at(tx: Tx, taxpayer_id: int, obligation_id: UUID) -> datetime:
    """When the original return was booked."""
    found: datetime = await tx.fetchval(
        "select min(booked_at) from payment_entry where taxpayer_id = $1 and obligation_id = $2 and kind = 'charge'",
        taxpayer_id,
        obligation_id,
    )
    return found


async def obligation_of(tx: Tx, taxpayer_id: int, return_id: UUID) -> UUID | None:
    """The original return behind a return; none when it was never charged."""
    found: UUID | None = await tx.fetchval(
        "select obligation_id from payment_entry where taxpayer_id = $1 and return_id = $2 and kind = 'charge' limit 1",
        taxpayer_id,
        return_id,
    )
    return found


async def owed(tx: Tx, taxpayer_ids: Sequence[int]) -> dict[int, int]:
    """What each taxpayer owes, less what is held for them, fen. For lists: touches several shards."""
    rows = await tx.fetch(
        f"select taxpayer_id, {_OWED} as owed from payment_line where taxpayer_id = any($1::bigint[]) group by taxpayer_id",
        list(taxpayer_ids),
    )
    return dict.fromkeys(taxpayer_ids, 0) | {row["taxpayer_id"]: row["owed"] for row in rows}


async def owing(tx: Tx, limit: int) -> list[int]:
    """Taxpayers who owe something, the largest sum first. For lists of officers: touches all shards."""
    rows = await tx.fetch(
        f"select taxpayer_id from payment_line group by taxpayer_id having {_OWED} > 0 order by {_OWED} desc limit $1",
        limit,
    )
    return [row["taxpayer_id"] for row in rows]


async def ledger_page(tx: Tx, taxpayer_id: int, before: tuple[datetime, UUID] | None, limit: int) -> list[Any]:
    """Entries newest first, each with its lines. One round trip."""
    at, entry_id = before or (None, None)
    return list(
        await tx.fetch(
            """select e.entry_id, e.kind, e.return_id, e.return_no, e.period, e.order_id, e.booked_at,
                 (select jsonb_agg(jsonb_build_array(l.tax_type_code, l.debit_account, l.credit_account, l.amount_fen)
                         order by l.line_no)
                    from payment_line l where l.taxpayer_id = $1 and l.entry_id = e.entry_id) as lines
                 from payment_entry e
                where e.taxpayer_id = $1 and ($2::timestamptz is null or (e.booked_at, e.entry_id) < ($2, $3::uuid))
                order by e.booked_at desc, e.entry_id desc limit $4""",
            taxpayer_id,
            at,
            entry_id,
            limit,
        )
    )


async def unbalanced(tx: Tx) -> list[int]:
    """Taxpayers whose money does not add up in any of four ways: always none. For checks, all shards."""
    rows = await tx.fetch(
        """select taxpayer_id from payment_entry e where not exists (
             select 1 from payment_line l where l.taxpayer_id = e.taxpayer_id and l.entry_id = e.entry_id)
           union
           select taxpayer_id from (
             select taxpayer_id, debit_account as account, amount_fen as fen from payment_line
             union all select taxpayer_id, credit_account, -amount_fen from payment_line) side
            group by taxpayer_id having sum(fen) <> 0
           union
           select taxpayer_id from payment_order o where o.state = 'paid' and o.amount_fen <> (
             select coalesce(sum(l.amount_fen), 0) from payment_line l join payment_entry e
                 on e.taxpayer_id = l.taxpayer_id and e.entry_id = l.entry_id
              where l.taxpayer_id = o.taxpayer_id and e.order_id = o.order_id and e.kind = 'settlement'
                and l.debit_account in ('wechat_clearing', 'bank_clearing'))
           union
           select taxpayer_id from (
             select taxpayer_id, sum(case when credit_account = 'refunds_payable' then amount_fen else 0 end
                                   - case when debit_account = 'refunds_payable' then amount_fen else 0 end) as held
               from payment_line group by taxpayer_id) l
            where l.held <> (select coalesce(sum(r.amount_fen), 0) from payment_refund r
                              where r.taxpayer_id = l.taxpayer_id and r.state <> 'done')""",
    )
    return [row["taxpayer_id"] for row in rows]


async def is_cause_booked(tx: Tx, taxpayer_id: int, cause_key: str) -> bool:
    """Whether the cause has its entry."""
    return bool(
        await tx.fetchval(
            "select true from payment_entry where taxpayer_id = $1 and cause_key = $2", taxpayer_id, cause_key
        )
    )
