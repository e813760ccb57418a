"""Money arrived: it is booked once, to the order when that still waits, else to be given back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import structlog

from palmtax import evidence
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock, china_day
from palmtax.base.identifiers import uuid7
from palmtax.payment.actions.holding import held_order
from palmtax.payment.actions.orders import withdraw
from palmtax.payment.actions.refunds import refund_overpaid, refund_parts, refund_to_ask
from palmtax.payment.errors import NoticeRefused, OrderUnknown
from palmtax.payment.events import Settled
from palmtax.payment.model import (
    REFUND,
    REFUNDS_PAYABLE,
    WECHAT_CLEARING,
    Order,
    RefundReason,
    Transfer,
    Way,
    settlement_lines,
)
from palmtax.payment.store import ledger, orders
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Part, together

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Money:
    """A payment that WeChat Pay vouches for: signed notice or signed answer to our question; fen."""

    out_trade_no: str
    transaction_id: str
    total_fen: int
    paid_at: datetime


async def settle(tx: Tx, *, clock: Clock, taxpayer_id: int, order_id: UUID, money: Money) -> Order:
    """Book money that came through WeChat Pay; twice is once (by its transaction).

    An open order of the same Beijing day becomes paid. Money for an order that is paid, cancelled or expired, or paid
    after its day (its late fee would be wrong), is booked as payable back and a refund is asked for.
    Errors: payment.order_unknown, payment.notice_refused (amount differs from the order).
    """
    order = await held_order(tx, taxpayer_id=taxpayer_id, order_id=order_id)
    if order is None:
        raise OrderUnknown
    cause = f"trade:{money.transaction_id}"
    if await ledger.is_cause_booked(tx, taxpayer_id, cause):
        return order
    if not order.is_open:
        await _give_back(tx, clock, order, money, cause, "paid_twice" if order.state == "paid" else "paid_late")
    elif money.total_fen != order.amount_fen:
        log.error("payment.amount_differs", order_id=str(order_id), taxpayer_id=taxpayer_id)
        raise NoticeRefused(reason="amount")
    elif china_day(money.paid_at) > china_day(order.created_at):
        await withdraw(tx, clock=clock, order=order)
        await _give_back(tx, clock, order, money, cause, "paid_late")
    else:
        await book_payment(
            tx, actor=None, clock=clock, order=order, way="wechat", trade_no=money.transaction_id,
            cause=cause, paid_at=money.paid_at, paid_trade_no=money.out_trade_no,
        )  # fmt: skip
    settled = await orders.readable_order(tx, taxpayer_id=taxpayer_id, order_id=order_id)
    return settled or order


async def book_payment(
    tx: Tx,
    *,
    actor: Actor | None,
    clock: Clock,
    order: Order,
    way: Way,
    trade_no: str,
    cause: str,
    paid_at: datetime,
    paid_trade_no: str | None = None,
    more: tuple[Part, ...] = (),
) -> None:
    """The order is paid: late fee and payment booked, evidence and news written, all in one statement.

    The order's row must be locked. What an amendment that came first left overpaid is refunded at once.
    """
    facts = {
        "order_id": order.order_id, "order_no": order.order_no, "amount_fen": order.amount_fen, "way": way,
        "trade_no": trade_no, "paid_at": paid_at,
        "items": [[i.tax_type_code, i.amount_fen, i.late_fee_fen] for i in order.items],
    }  # fmt: skip
    await together(
        tx,
        *_entry(order, "settlement", cause, clock, settlement_lines(order.items, way)),
        orders.paid_part(order, way=way, paid_at=paid_at, channel_trade_no=trade_no, paid_trade_no=paid_trade_no),
        *more,
        evidence.part(
            actor=actor, clock=clock, act=Settled.name, taxpayer_id=order.taxpayer_id, subject_id=order.order_id,
            payload=facts, summary={"period": order.period, "amount_fen": order.amount_fen, "way": way},
        ),
        outbox.part(
            Settled(order.taxpayer_id, order.order_id, order.return_id, order.amount_fen, way, paid_at),
            actor.request_id if actor else "",
        ),
    )  # fmt: skip
    await refund_overpaid(tx, clock=clock, taxpayer_id=order.taxpayer_id, obligation_id=order.obligation_id)


async def _give_back(tx: Tx, clock: Clock, order: Order, money: Money, cause: str, reason: RefundReason) -> None:
    """Money that nobody owes: held as payable back, and asked back at once."""
    line = Transfer(REFUND, WECHAT_CLEARING, REFUNDS_PAYABLE, money.total_fen)
    refund = replace(
        refund_to_ask(order, "wechat", money.total_fen, reason, clock.now()),
        out_trade_no=money.out_trade_no,
        trade_total_fen=money.total_fen,
    )
    await together(
        tx, *_entry(order, "overpayment", cause, clock, (line,)), *refund_parts(refund, cause, clock=clock, order=order)
    )


def _entry(order: Order, kind: str, cause: str, clock: Clock, lines: tuple[Transfer, ...]) -> list[Part]:
    return ledger.entry_parts(
        taxpayer_id=order.taxpayer_id,
        entry_id=uuid7(),
        kind=kind,
        obligation_id=order.obligation_id,
        return_id=order.return_id,
        return_no=order.return_no,
        period=order.period,
        due_on=order.due_on,
        order_id=order.order_id,
        cause_key=cause,
        booked_at=clock.now(),
        lines=lines,
    )
