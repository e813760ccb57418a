"""Queries of refunds and of the transfers that officers register."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from palmtax.payment.model import Refund
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Part


def refund_of_row(row: Any) -> Refund:
    """A refund from its row, or from the row as JSON."""

    def at(name: str) -> datetime | None:
        value = row[name]
        return datetime.fromisoformat(value) if isinstance(value, str) else value

    def identifier(name: str) -> UUID:
        value = row[name]
        return UUID(value) if isinstance(value, str) else value

    asked_at = at("asked_at")
    assert asked_at is not None  # noqa: S101 the column is not null
    return Refund(
        refund_id=identifier("refund_id"),
        taxpayer_id=row["taxpayer_id"],
        order_id=identifier("order_id"),
        obligation_id=identifier("obligation_id"),
        refund_no=row["refund_no"],
        out_trade_no=row["out_trade_no"],
        trade_total_fen=row["trade_total_fen"],
        way=row["way"],
        amount_fen=row["amount_fen"],
        items=tuple((code, fen) for code, fen in row["items"]),
        reason_code=row["reason_code"],
        state=row["state"],
        asked_at=asked_at,
        done_at=at("done_at"),
    )


def refund_part(refund: Refund, cause_key: str) -> Part:
    """Ask for a refund; the same cause twice is a 23505."""
    return Part(
        "refund",
        "insert into payment_refund (taxpayer_id, refund_id, order_id, obligation_id, refund_no, out_trade_no,"
        " trade_total_fen, way, amount_fen, items, reason_code, cause_key, state, asked_at)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        (
            refund.taxpayer_id, refund.refund_id, refund.order_id, refund.obligation_id, refund.refund_no,
            refund.out_trade_no, refund.trade_total_fen, refund.way, refund.amount_fen,
            refund.items, refund.reason_code, cause_key, refund.state, refund.asked_at,
        ),
    )  # fmt: skip


async def refund_of(tx: Tx, *, taxpayer_id: int, refund_id: UUID) -> Refund | None:
    """One refund."""
    row = await tx.fetchrow(
        "select * from payment_refund where taxpayer_id = $1 and refund_id = $2", taxpayer_id, refund_id
    )
    return refund_of_row(row) if row else None


async def refund_by_no(tx: Tx, *, taxpayer_id: int, refund_no: str) -> Refund | None:
    """One refund by the number that the channel knows."""
    row = await tx.fetchrow(
        "select * from payment_refund where taxpayer_id = $1 and refund_no = $2", taxpayer_id, refund_no
    )
    return refund_of_row(row) if row else None


async def end_refund(
    tx: Tx, *, taxpayer_id: int, refund_id: UUID, state: str, at: datetime | None, channel_refund_no: str
) -> bool:
    """A refund is done or failed; false when it no longer waited."""
    done = await tx.execute(
        "update payment_refund set state = $3, done_at = $4, channel_refund_no = $5"
        " where taxpayer_id = $1 and refund_id = $2 and state = 'asked'",
        taxpayer_id,
        refund_id,
        state,
        at,
        channel_refund_no,
    )
    return str(done) == "UPDATE 1"


async def transfer_by_key(tx: Tx, taxpayer_id: int, registered_by: int, key: str) -> Any:
    """The transfer an officer registered under this idempotency key, or none."""
    return await tx.fetchrow(
        "select * from payment_transfer where taxpayer_id = $1 and registered_by = $2 and idempotency_key = $3",
        taxpayer_id,
        registered_by,
        key,
    )


async def is_reference_used(tx: Tx, taxpayer_id: int, bank_reference: str) -> bool:
    """Whether a transfer with this bank reference is registered."""
    return bool(
        await tx.fetchval(
            "select true from payment_transfer where taxpayer_id = $1 and bank_reference = $2",
            taxpayer_id,
            bank_reference,
        )
    )


async def waiting_refunds(tx: Tx, before: datetime, limit: int) -> list[tuple[int, UUID]]:
    """Refunds by WeChat that wait since before an instant. For the sweep: all shards."""
    rows = await tx.fetch(
        "select taxpayer_id, refund_id from payment_refund where state = 'asked' and way = 'wechat' and asked_at < $1"
        " order by asked_at limit $2",
        before,
        limit,
    )
    return [(row["taxpayer_id"], row["refund_id"]) for row in rows]


def transfer_part(
    *,
    taxpayer_id: int,
    transfer_id: UUID,
    order_id: UUID,
    amount_fen: int,
    bank_reference: str,
    received_on: date,
    registered_by: int,
    office_code: str,
    registered_at: datetime,
    idempotency_key: str,
) -> Part:
    """Keep what the officer saw on the account; the same reference or key twice is a 23505."""
    return Part(
        "transfer",
        "insert into payment_transfer (taxpayer_id, transfer_id, order_id, amount_fen, bank_reference, received_on,"
        " registered_by, office_code, registered_at, idempotency_key) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        (
            taxpayer_id, transfer_id, order_id, amount_fen, bank_reference, received_on, registered_by, office_code,
            registered_at, idempotency_key,
        ),
    )  # fmt: skip
