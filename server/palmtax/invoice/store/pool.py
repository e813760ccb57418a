"""Queries on the pool of invoices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from palmtax.base.identifiers import uuid7
from palmtax.invoice.model import InvoiceLine, MonthSum, NewInvoice, Source
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Part

_COLUMNS = (
    "taxpayer_id", "invoice_id", "invoice_no", "kind", "direction", "is_red", "red_of_invoice_no", "issued_on",
    "counterparty_name", "lines", "amount_fen", "tax_fen", "is_real_estate", "reduction_waived", "source",
    "import_id", "import_row_no", "idempotency_key", "request_hash", "created_by", "created_at",
)  # fmt: skip
_READ = (
    "invoice_id, invoice_no, kind, direction, is_red, red_of_invoice_no, issued_on, counterparty_name, lines,"
    " amount_fen, tax_fen, is_real_estate, reduction_waived, source, is_void, created_at"
)


@dataclass(frozen=True, slots=True)
class Provenance:
    """How an invoice came into the pool."""

    source: Source
    created_at: datetime
    created_by: int | None = None
    import_id: UUID | None = None
    idempotency_key: str | None = None
    request_hash: bytes | None = None


@dataclass(frozen=True, slots=True)
class InvoiceFilter:
    """What a person looks for; nothing given means everything issued."""

    direction: str = "issued"
    first_day: date | None = None
    last_day: date | None = None
    kind: str | None = None
    levy_rates: tuple[str, ...] = ()
    is_real_estate: bool | None = None
    is_special: bool | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class PoolTotals:
    """Sums over all matches, void ones left out; with rates, only the lines of those rates count."""

    count: int
    amount_fen: int
    tax_fen: int


@lru_cache(maxsize=64)
def _insert_sql(count: int) -> str:
    width = len(_COLUMNS)
    rows = ", ".join(
        "(" + ", ".join(f"${row * width + place + 1}" for place in range(width)) + ")" for row in range(count)
    )
    return (
        f"insert into invoice_invoice ({', '.join(_COLUMNS)}) values {rows} on conflict do nothing"
        " returning invoice_no, invoice_id"
    )


def _line(line: InvoiceLine) -> dict[str, Any]:
    return {"item": line.item, "levy_rate": line.levy_rate, "amount_fen": line.amount_fen, "tax_fen": line.tax_fen}


def _values(taxpayer_id: int, invoice: NewInvoice, row_no: int | None, by: Provenance) -> tuple[Any, ...]:
    return (
        taxpayer_id, uuid7(), invoice.invoice_no, invoice.kind, invoice.direction, invoice.is_red,
        invoice.red_of_invoice_no, invoice.issued_on, invoice.counterparty_name, [_line(x) for x in invoice.lines],
        invoice.amount_fen, invoice.tax_fen, invoice.is_real_estate, invoice.reduction_waived, by.source, by.import_id,
        row_no, by.idempotency_key, by.request_hash, by.created_by, by.created_at,
    )  # fmt: skip


async def insert(
    tx: Tx, taxpayer_id: int, invoices: Sequence[tuple[int | None, NewInvoice]], by: Provenance
) -> dict[str, UUID]:
    """Put invoices into the pool; the numbers that were new with their ids. One round trip, none for no invoices."""
    if not invoices:
        return {}
    args = [value for row_no, invoice in invoices for value in _values(taxpayer_id, invoice, row_no, by)]
    return {r["invoice_no"]: r["invoice_id"] for r in await tx.fetch(_insert_sql(len(invoices)), *args)}


async def by_key(tx: Tx, taxpayer_id: int, key: str) -> Any | None:
    """The invoice that was entered under this idempotency key, with the hash of what was asked."""
    sql = f"select {_READ}, request_hash from invoice_invoice where taxpayer_id = $1 and idempotency_key = $2"
    return await tx.fetchrow(sql, taxpayer_id, key)


async def readable_invoice(tx: Tx, taxpayer_id: int, invoice_id: UUID) -> Any | None:
    """The invoice of this taxpayer; none for somebody else's."""
    sql = f"select {_READ} from invoice_invoice where taxpayer_id = $1 and invoice_id = $2"
    return await tx.fetchrow(sql, taxpayer_id, invoice_id)


async def by_no(tx: Tx, taxpayer_id: int, invoice_no: str) -> Any | None:
    """The invoice of a number in this taxpayer's pool. One round trip."""
    sql = f"select {_READ} from invoice_invoice where taxpayer_id = $1 and invoice_no = $2"
    return await tx.fetchrow(sql, taxpayer_id, invoice_no)


async def newest_no(tx: Tx, taxpayer_id: int) -> str | None:
    """The number of the invoice that came into the pool last and was issued, not red. One round trip."""
    found: str | None = await tx.fetchval(
        "select invoice_no from invoice_invoice where taxpayer_id = $1 and direction = 'issued' and not is_red"
        " order by created_at desc, invoice_id desc limit 1",
        taxpayer_id,
    )
    return found


async def known_numbers(tx: Tx, taxpayer_id: int, numbers: Sequence[str]) -> Mapping[str, Any]:
    """Of these numbers the ones in the pool: red or not, amount and what was reversed of it, fen. One round trip."""
    sql = """
        select i.invoice_no, i.is_red, i.amount_fen, i.import_id, i.import_row_no,
               coalesce((select sum(r.amount_fen) from invoice_invoice r where r.taxpayer_id = $1
                         and r.red_of_invoice_no = i.invoice_no and not r.is_void), 0)::text as reversed_fen
        from invoice_invoice i where i.taxpayer_id = $1 and i.invoice_no = any($2)"""
    return {r["invoice_no"]: r for r in await tx.fetch(sql, taxpayer_id, list(numbers))}


_MONTH_SUMS = """
        select date_trunc('month', i.issued_on::timestamp)::date as month, i.kind, l.levy_rate, i.is_real_estate,
               i.reduction_waived and l.levy_rate = '0.03' as reduction_waived,
               count(distinct i.invoice_id)::int as count, sum(l.amount_fen)::text as amount_fen,
               sum(l.tax_fen)::text as tax_fen
        from invoice_invoice i
        cross join lateral jsonb_to_recordset(i.lines) as l(levy_rate text, amount_fen bigint, tax_fen bigint)
        where i.taxpayer_id = $1 and i.issued_on between {first} and {last} and i.direction = 'issued' and not i.is_void
        group by 1, 2, 3, 4, 5"""


def month_sums_part(taxpayer_id: int, first_day: date, last_day: date) -> Part:
    """Sums of what was issued, by month, kind, rate and nature, as a part of one reading statement (`together`)."""
    return Part(
        "invoice_sums", _MONTH_SUMS.format(first="$2", last="$3"), (taxpayer_id, first_day, last_day), fetch=True
    )


def month_sums_within(taxpayer_id: int, span_sql: str, *span_args: Any) -> Part:
    """The same for a span that the caller's own table knows, so that both are read in one round trip.

    `span_sql` selects one row `first_day, last_day`; in it `$1` is the taxpayer and `$2…` are `span_args`.
    """
    bounds = {name: f"(select s.{name}_day from ({span_sql}) s)" for name in ("first", "last")}
    return Part("invoice_sums", _MONTH_SUMS.format(**bounds), (taxpayer_id, *span_args), fetch=True)


def month_sums_of(rows: Sequence[Mapping[str, Any]]) -> list[MonthSum]:
    """What `month_sums_part` answered."""
    return [
        MonthSum(
            month=r["month"] if isinstance(r["month"], date) else date.fromisoformat(r["month"]),
            kind=r["kind"],
            levy_rate=r["levy_rate"],
            is_real_estate=r["is_real_estate"],
            reduction_waived=r["reduction_waived"],
            count=r["count"],
            amount_fen=int(r["amount_fen"]),
            tax_fen=int(r["tax_fen"]),
        )
        for r in rows
    ]


def _conditions(taxpayer_id: int, wanted: InvoiceFilter) -> tuple[list[str], list[Any]]:
    where, args = ["i.taxpayer_id = $1", "i.direction = $2"], [taxpayer_id, wanted.direction]

    def add(condition: str, value: Any) -> None:
        args.append(value)
        where.append(condition.replace("?", f"${len(args)}"))

    if wanted.first_day is not None:
        add("i.issued_on >= ?", wanted.first_day)
    if wanted.last_day is not None:
        add("i.issued_on <= ?", wanted.last_day)
    if wanted.kind is not None:
        add("i.kind = ?", wanted.kind)
    if wanted.is_real_estate is not None:
        add("i.is_real_estate = ?", wanted.is_real_estate)
    if wanted.is_special is not None:
        add("(i.kind = 'special') = ?", wanted.is_special)
    if wanted.levy_rates:
        first = len(args) + 1
        args += [[{"levy_rate": rate}] for rate in wanted.levy_rates]
        where.append(f"({' or '.join(f'i.lines @> ${place}' for place in range(first, len(args) + 1))})")
    if wanted.text:
        escaped = wanted.text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        args.append(f"%{escaped}%")
        where.append(f"(i.invoice_no like ${len(args)} or i.counterparty_name ilike ${len(args)})")
    return where, args


async def page(
    tx: Tx, taxpayer_id: int, wanted: InvoiceFilter, after: tuple[date, UUID] | None, limit: int
) -> list[Any]:
    """Invoices that match, newest first; one more than `limit` when there are more. One round trip."""
    where, args = _conditions(taxpayer_id, wanted)
    if after is not None:
        args += after
        where.append(f"(i.issued_on, i.invoice_id) < (${len(args) - 1}, ${len(args)})")
    sql = (
        f"select {_READ} from invoice_invoice i where {' and '.join(where)}"
        f" order by i.issued_on desc, i.invoice_id desc limit {int(limit) + 1}"
    )
    return list(await tx.fetch(sql, *args))


async def totals(tx: Tx, taxpayer_id: int, wanted: InvoiceFilter) -> PoolTotals:
    """Sums over all that match. One round trip."""
    where, args = _conditions(taxpayer_id, wanted)
    only = ""
    if wanted.levy_rates:
        args.append(list(wanted.levy_rates))
        only = f" where l.levy_rate = any(${len(args)})"
    sql = (
        "select count(*)::int as count, coalesce(sum(x.amount_fen), 0)::text as amount_fen,"
        " coalesce(sum(x.tax_fen), 0)::text as tax_fen"
        " from invoice_invoice i cross join lateral (select sum(l.amount_fen) as amount_fen, sum(l.tax_fen) as tax_fen"
        f" from jsonb_to_recordset(i.lines) as l(levy_rate text, amount_fen bigint, tax_fen bigint){only}) x"
        f" where {' and '.join(where)} and not i.is_void"
    )
    row = await tx.fetchrow(sql, *args)
    return PoolTotals(row["count"], int(row["amount_fen"]), int(row["tax_fen"]))
