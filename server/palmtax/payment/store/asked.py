"""Queries for matters: what is open, requests for refunds, deferrals."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from palmtax import privacy
from palmtax.payment.model import OpenItem
from palmtax.plumbing.database import Tx

_ABOUT = "payment_refund_request.bank_card"
_OPEN = """
select l.obligation_id, l.tax_type_code, l.open, e.return_no, e.period, e.due_on
  from (select obligation_id, tax_type_code,
               sum(case when debit_account = 'receivable' then amount_fen else 0 end
                 - case when credit_account = 'receivable' then amount_fen else 0 end)::bigint as open
          from payment_line where taxpayer_id = $1 group by obligation_id, tax_type_code) l
  join lateral (select return_no, period, due_on from payment_entry e
                 where e.taxpayer_id = $1 and e.obligation_id = l.obligation_id and e.kind = 'charge'
                 order by e.booked_at, e.entry_id limit 1) e on true
 where l.open <> 0
 order by e.due_on, e.return_no, l.tax_type_code"""


async def open_items(tx: Tx, taxpayer_id: int) -> list[OpenItem]:
    """What each tax of each obligation leaves open, negative where overpaid, the oldest first. One round trip."""
    return [OpenItem(**dict(row)) for row in await tx.fetch(_OPEN, taxpayer_id)]


async def held_fen(tx: Tx, taxpayer_id: int) -> int:
    """What is held to be given back, fen. One round trip."""
    return int(
        await tx.fetchval(
            "select coalesce(sum(case when credit_account = 'refunds_payable' then amount_fen else 0 end"
            " - case when debit_account = 'refunds_payable' then amount_fen else 0 end), 0)::bigint"
            " from payment_line where taxpayer_id = $1",
            taxpayer_id,
        )
    )


async def paid_fen(tx: Tx, taxpayer_id: int, first: datetime, last: datetime) -> int:
    """What orders paid between two instants, late fees included, fen. One round trip."""
    return int(
        await tx.fetchval(
            "select coalesce(sum(amount_fen), 0)::bigint from payment_order where taxpayer_id = $1 and state = 'paid'"
            " and paid_at >= $2 and paid_at < $3",
            taxpayer_id, first, last,
        )
    )  # fmt: skip


async def add_request(
    tx: Tx,
    taxpayer_id: int,
    request_id: UUID,
    *,
    request_no: str,
    amount_fen: int,
    account_no: str,
    reason: str,
    overpaid_fen: int,
    obligation_id: UUID | None,
    at: datetime,
    application_id: UUID,
    application_no: str,
) -> bool:
    """Keep a request for a refund; false when the application has one."""
    sealed = privacy.seal(account_no, _ABOUT) if account_no else None
    return bool(
        await tx.fetchval(
            "insert into payment_refund_request (taxpayer_id, request_id, request_no, amount_fen, bank_card_sealed,"
            " reason, overpaid_fen, obligation_id, state, asked_at, application_id, application_no)"
            " values ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting_for_treasury', $9, $10, $11)"
            " on conflict (taxpayer_id, application_id) do nothing returning true",
            taxpayer_id, request_id, request_no, amount_fen, sealed, reason, overpaid_fen, obligation_id, at,
            application_id, application_no,
        )
    )  # fmt: skip


async def request_of(tx: Tx, taxpayer_id: int, application_id: UUID) -> Any:
    """The request of an application. One round trip."""
    return await tx.fetchrow(
        "select request_no, amount_fen, overpaid_fen, state from payment_refund_request where taxpayer_id = $1"
        " and application_id = $2",
        taxpayer_id, application_id,
    )  # fmt: skip


async def add_deferral(
    tx: Tx,
    taxpayer_id: int,
    deferral_id: UUID,
    *,
    kind: str,
    amount_fen: int,
    from_on: date,
    until_on: date,
    instalments: int,
    at: datetime,
    application_id: UUID,
    application_no: str,
) -> bool:
    """Keep a deferral; false when the application has one of this kind."""
    return bool(
        await tx.fetchval(
            "insert into payment_deferral (taxpayer_id, deferral_id, kind, amount_fen, from_on, until_on, instalments,"
            " granted_at, application_id, application_no) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
            " on conflict (taxpayer_id, application_id, kind) do nothing returning true",
            taxpayer_id, deferral_id, kind, amount_fen, from_on, until_on, instalments, at, application_id,
            application_no,
        )
    )  # fmt: skip


async def deferral_of(tx: Tx, taxpayer_id: int, application_id: UUID, kind: str) -> Any:
    """The deferral of an application. One round trip."""
    return await tx.fetchrow(
        "select amount_fen, from_on, until_on, instalments from payment_deferral where taxpayer_id = $1"
        " and application_id = $2 and kind = $3",
        taxpayer_id, application_id, kind,
    )  # fmt: skip
