"""Queries of orders and notices. No locks: who changes money holds the taxpayer (`actions/holding.py`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from palmtax.payment.model import Order, OrderItem
from palmtax.payment.store.refunds import refund_of_row
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Part

_ORDER = """
select o.*,
  (select jsonb_agg(jsonb_build_array(i.tax_type_code, i.amount_fen, i.late_fee_fen) order by i.tax_type_code)
     from payment_order_item i where i.taxpayer_id = $1 and i.order_id = o.order_id) as items,
  (select jsonb_agg(to_jsonb(r) order by r.asked_at) from payment_refund r
    where r.taxpayer_id = $1 and r.order_id = o.order_id) as refunds
from payment_order o where o.taxpayer_id = $1"""

_ORDER_COLUMNS = (
    "taxpayer_id", "order_id", "order_no", "obligation_id", "return_id", "return_no", "period", "due_on", "state",
    "way", "amount_fen", "created_by", "created_at", "expires_at", "paid_at", "channel_trade_no", "paid_trade_no",
    "attempt", "trade", "payer_id", "prepay",
)  # fmt: skip


def _order(row: Any) -> Order:
    return Order(
        **{name: row[name] for name in _ORDER_COLUMNS},
        items=tuple(OrderItem(*item) for item in row["items"] or ()),
        refunds=tuple(refund_of_row(refund) for refund in row["refunds"] or ()),
    )


async def readable_order(tx: Tx, *, taxpayer_id: int, order_id: UUID) -> Order | None:
    """The order, when it is this taxpayer's. One round trip."""
    row = await tx.fetchrow(_ORDER + " and o.order_id = $2", taxpayer_id, order_id)
    return _order(row) if row else None


async def orders_of(tx: Tx, taxpayer_id: int, return_id: UUID | None, limit: int) -> list[Order]:
    """Orders newest first, of one return's chain or of all. One round trip."""
    rows = await tx.fetch(
        _ORDER + " and ($2::uuid is null or o.obligation_id = $2 or o.return_id = $2)"
        " order by o.created_at desc, o.order_id desc limit $3",
        taxpayer_id,
        return_id,
        limit,
    )
    return [_order(row) for row in rows]


async def orders_of_obligation(tx: Tx, taxpayer_id: int, obligation_id: UUID) -> list[Order]:
    """All orders of an obligation, oldest first. One round trip."""
    rows = await tx.fetch(
        _ORDER + " and o.obligation_id = $2 order by o.created_at, o.order_id", taxpayer_id, obligation_id
    )
    return [_order(row) for row in rows]


async def insert_order(tx: Tx, order: Order) -> bool:
    """Add the order; false when another one of the same obligation is open already."""
    names = ", ".join(_ORDER_COLUMNS)
    places = ", ".join(f"${n}" for n in range(1, len(_ORDER_COLUMNS) + 1))
    added = await tx.fetchval(
        f"insert into payment_order ({names}) values ({places})"
        " on conflict (taxpayer_id, obligation_id) where state in ('created', 'paying') do nothing returning true",
        *(getattr(order, name) for name in _ORDER_COLUMNS),
    )
    return bool(added)


def item_parts(order: Order) -> list[Part]:
    """The items of an order as parts of one statement."""
    return [
        Part(
            "item",
            "insert into payment_order_item (taxpayer_id, order_id, tax_type_code, amount_fen, late_fee_fen)"
            " values ($1, $2, $3, $4, $5)",
            (order.taxpayer_id, order.order_id, item.tax_type_code, item.amount_fen, item.late_fee_fen),
        )
        for item in order.items
    ]


def trade_number_part(out_trade_no: str, taxpayer_id: int, order_id: UUID) -> Part:
    """Remember whose order a number of the channel is."""
    return Part(
        "trade_number",
        "insert into payment_trade_number (out_trade_no, taxpayer_id, order_id) values ($1, $2, $3)",
        (out_trade_no, taxpayer_id, order_id),
    )


async def order_of_trade(tx: Tx, out_trade_no: str) -> tuple[int, UUID] | None:
    """Taxpayer and order behind a number of the channel."""
    row = await tx.fetchrow(
        "select taxpayer_id, order_id from payment_trade_number where out_trade_no = $1", out_trade_no
    )
    return (row["taxpayer_id"], row["order_id"]) if row else None


async def end_order(tx: Tx, *, taxpayer_id: int, order_id: UUID, state: str) -> bool:
    """An open order becomes `expired` or `cancelled`; false when it was not open."""
    done = await tx.execute(
        "update payment_order set state = $3"
        " where taxpayer_id = $1 and order_id = $2 and state in ('created', 'paying')",
        taxpayer_id,
        order_id,
        state,
    )
    return str(done) == "UPDATE 1"


async def reserve_trade(tx: Tx, *, taxpayer_id: int, order_id: UUID, attempt: int, trade: str, payer_id: int) -> None:
    """The n-th trade at the channel is for this payer and this kind of cashier; an earlier one is forgotten."""
    await tx.execute(
        "update payment_order set attempt = $3, trade = $4, payer_id = $5, prepay = null, state = 'created'"
        " where taxpayer_id = $1 and order_id = $2",
        taxpayer_id,
        order_id,
        attempt,
        trade,
        payer_id,
    )


async def mark_paying(tx: Tx, *, taxpayer_id: int, order_id: UUID, prepay: str) -> None:
    """The payer has been handed the cashier."""
    await tx.execute(
        "update payment_order set state = 'paying', way = 'wechat', prepay = $3"
        " where taxpayer_id = $1 and order_id = $2",
        taxpayer_id,
        order_id,
        prepay,
    )


def paid_part(order: Order, *, way: str, paid_at: datetime, channel_trade_no: str, paid_trade_no: str | None) -> Part:
    """The order is paid; the caller holds its taxpayer."""
    return Part(
        "paid",
        "update payment_order set state = 'paid', way = $3, amount_fen = $4, paid_at = $5, channel_trade_no = $6,"
        " paid_trade_no = $7 where taxpayer_id = $1 and order_id = $2",
        (order.taxpayer_id, order.order_id, way, order.amount_fen, paid_at, channel_trade_no, paid_trade_no),
    )


async def replace_items(tx: Tx, order: Order) -> None:
    """The items as they were really paid (a transfer of an earlier day has another late fee)."""
    await tx.execute(
        "delete from payment_order_item where taxpayer_id = $1 and order_id = $2", order.taxpayer_id, order.order_id
    )
    for part in item_parts(order):
        await tx.execute(part.sql, *part.args)


async def add_notice(
    tx: Tx, *, taxpayer_id: int, notice_id: str, nonce: str, order_id: UUID, received_at: datetime
) -> bool:
    """Remember the notice; false when exactly this one came before (a replay)."""
    return bool(
        await tx.fetchval(
            "insert into payment_notice (taxpayer_id, notice_id, nonce, order_id, received_at)"
            " values ($1, $2, $3, $4, $5) on conflict (taxpayer_id, notice_id, nonce) do nothing returning true",
            taxpayer_id,
            notice_id,
            nonce,
            order_id,
            received_at,
        )
    )


async def waiting_orders(tx: Tx, before: datetime, limit: int) -> list[tuple[int, UUID]]:
    """Open orders whose time is over. For the sweep: all shards."""
    rows = await tx.fetch(
        "select taxpayer_id, order_id from payment_order where state in ('created', 'paying') and expires_at < $1"
        " order by expires_at limit $2",
        before,
        limit,
    )
    return [(row["taxpayer_id"], row["order_id"]) for row in rows]
