"""Queries on quotas and on the numbers of invoices issued here."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from palmtax.base.identifiers import uuid7
from palmtax.invoice.model import QuotaScope
from palmtax.plumbing.database import Tx


async def add(
    tx: Tx,
    taxpayer_id: int,
    *,
    quota_fen: int,
    scope: QuotaScope,
    valid_from: date,
    valid_until: date | None,
    at: datetime,
    application_id: UUID,
    application_no: str,
) -> bool:
    """Keep a granted quota; false when the application has one already."""
    added = await tx.fetchval(
        "insert into invoice_quota (taxpayer_id, quota_id, quota_fen, scope, valid_from, valid_until, known_at,"
        " application_id, application_no) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        " on conflict (taxpayer_id, application_id) do nothing returning true",
        taxpayer_id, uuid7(), quota_fen, scope, valid_from, valid_until, at, application_id, application_no,
    )  # fmt: skip
    return bool(added)


async def of_application(tx: Tx, taxpayer_id: int, application_id: UUID) -> Any:
    """What an application was granted: quota, scope, days. One round trip."""
    return await tx.fetchrow(
        "select quota_fen, scope, valid_from, valid_until from invoice_quota where taxpayer_id = $1"
        " and application_id = $2",
        taxpayer_id, application_id,
    )  # fmt: skip


async def month(tx: Tx, taxpayer_id: int, first_day: date, last_day: date, today: date) -> tuple[int | None, int]:
    """The granted quota that counts today (a temporary one first), and what of the month is used, fen. One round trip.

    Used is what was issued without VAT; a red invoice gives back only what was issued in the same month.
    """
    row = await tx.fetchrow(
        """select (select quota_fen from invoice_quota q where q.taxpayer_id = $1 and q.valid_from <= $4
                    and (q.valid_until is null or q.valid_until >= $4)
                    order by (q.scope = 'temporary') desc, q.valid_from desc, q.known_at desc, q.quota_id desc limit 1
                  ) as quota_fen,
                  (select coalesce(sum(i.amount_fen), 0)::text from invoice_invoice i
                    where i.taxpayer_id = $1 and i.direction = 'issued' and i.kind in ('ordinary', 'special')
                      and not i.is_void and i.issued_on between $2 and $3
                      and (not i.is_red or exists (select 1 from invoice_invoice o where o.taxpayer_id = $1
                           and o.invoice_no = i.red_of_invoice_no and o.issued_on between $2 and $3))) as used_fen""",
        taxpayer_id, first_day, last_day, today,
    )  # fmt: skip
    return row["quota_fen"], max(int(row["used_fen"]), 0)


async def take_number(tx: Tx, invoice_no: str, taxpayer_id: int, buyer_id: int | None) -> bool:
    """Say whose invoice a number is; false when it is somebody's already."""
    taken = await tx.fetchval(
        "insert into invoice_number (invoice_no, taxpayer_id, buyer_id) values ($1, $2, $3)"
        " on conflict (invoice_no) do nothing returning true",
        invoice_no, taxpayer_id, buyer_id,
    )  # fmt: skip
    return bool(taken)


async def sides(tx: Tx, invoice_no: str) -> tuple[int | None, int | None]:
    """Who issued a number here and who received it; none where that is not known. One round trip."""
    row = await tx.fetchrow("select taxpayer_id, buyer_id from invoice_number where invoice_no = $1", invoice_no)
    return (row["taxpayer_id"], row["buyer_id"]) if row else (None, None)
