"""Asking WeChat Pay what became of orders, taking its notices, sending refunds.

No connection is held while the channel is asked: read in one transaction, ask, write in another, and look again there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from uuid import UUID

import structlog

from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.payment.actions.holding import held_order
from palmtax.payment.actions.orders import Stale, open_order, readable_order, withdraw
from palmtax.payment.actions.refunds import finish_refund
from palmtax.payment.actions.settlement import Money, settle
from palmtax.payment.adapters import Notice, NoticeForged, PayChannel, RefundAsk, Trade
from palmtax.payment.errors import CashierAway, NoticeRefused, OrderBusy
from palmtax.payment.model import REFUND_REASONS, Order, Refund
from palmtax.payment.store import orders, refunds
from palmtax.plumbing.database import Tx
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable

log = structlog.get_logger()
Transaction = Callable[[], AbstractAsyncContextManager[Tx]]
CLOSED_STATES = ("CLOSED", "REVOKED")
"""What the channel calls a trade that nobody can pay any more."""


async def order_payment(
    transaction: Transaction,
    channel: PayChannel | None,
    *,
    actor: Actor,
    clock: Clock,
    taxpayer_id: int,
    return_id: UUID,
    minutes: int,
) -> Order:
    """The open order of a return; one that is no longer right and may be being paid is first asked about and closed.

    Errors: payment.return_unknown, payment.nothing_due, payment.order_busy (the channel gives no answer).
    """
    for _ in range(2):
        async with transaction() as tx:
            found = await open_order(
                tx, actor=actor, clock=clock, taxpayer_id=taxpayer_id, return_id=return_id, minutes=minutes
            )
        if not isinstance(found, Stale):
            return found
        if channel is None:
            raise OrderBusy
        try:
            await ask_channel(
                transaction, channel, clock=clock, taxpayer_id=taxpayer_id, order_id=found.order_id, gives_up=True
            )
        except CashierAway:
            raise OrderBusy from None
    raise OrderBusy


async def locked_order(tx: Tx, taxpayer_id: int, order_id: UUID) -> Order:
    """The order, its taxpayer held; payment.order_unknown when there is none."""
    locked = await held_order(tx, taxpayer_id=taxpayer_id, order_id=order_id)
    return locked or await readable_order(tx, taxpayer_id=taxpayer_id, order_id=order_id)


async def ask_channel(
    transaction: Transaction,
    channel: PayChannel,
    *,
    clock: Clock,
    taxpayer_id: int,
    order_id: UUID,
    gives_up: bool = False,
) -> Order:
    """Ask WeChat Pay what became of an order and write it down; `gives_up`, or its time being over, ends an unpaid one.

    An order ends only after the channel has closed its trade, so that no money can follow.
    Errors: payment.order_unknown, payment.cashier_away.
    """
    async with transaction() as tx:
        order = await readable_order(tx, taxpayer_id=taxpayer_id, order_id=order_id)
    if not order.is_open:
        return order
    is_over = gives_up or clock.now() > order.expires_at
    if order.trade is not None:
        trade = await query_trade(channel, order.out_trade_no)
        if trade is not None and trade.is_paid:
            async with transaction() as tx:
                return await settle(
                    tx, clock=clock, taxpayer_id=taxpayer_id, order_id=order_id, money=_money(trade, clock)
                )
        is_closed = trade is not None and trade.state in CLOSED_STATES
        if is_over and trade is not None and not is_closed:
            await close_quietly(channel, order.out_trade_no)
        is_over = is_over or is_closed
    if is_over:
        return await end_unasked(transaction, clock=clock, order=order)
    return order


async def end_unasked(transaction: Transaction, *, clock: Clock, order: Order) -> Order:
    """End an order as it was read, unless somebody has been handed a cashier since; the order as it stands then."""
    async with transaction() as tx:
        now = await locked_order(tx, order.taxpayer_id, order.order_id)
        if now.is_open and (now.attempt, now.trade, now.prepay) == (order.attempt, order.trade, order.prepay):
            await withdraw(tx, clock=clock, order=now)
        return await readable_order(tx, taxpayer_id=order.taxpayer_id, order_id=order.order_id)


async def close_trade(
    transaction: Transaction, channel: PayChannel, *, clock: Clock, taxpayer_id: int, order_id: UUID, out_trade_no: str
) -> None:
    """End a trade whose order no longer waits for it; money that came first is booked and given back."""
    trade = await query_trade(channel, out_trade_no)
    if trade is None:
        return
    if trade.is_paid:
        async with transaction() as tx:
            await settle(tx, clock=clock, taxpayer_id=taxpayer_id, order_id=order_id, money=_money(trade, clock))
    elif trade.state not in CLOSED_STATES:
        await close_quietly(channel, out_trade_no)


async def query_trade(channel: PayChannel, out_trade_no: str) -> Trade | None:
    """The channel's word; none when it never heard of the trade."""
    try:
        return await channel.query(out_trade_no)
    except OutsideRefused as refused:
        if refused.code == "ORDER_NOT_EXIST":
            return None
        raise CashierAway from None
    except OutsideUnavailable:
        raise CashierAway from None


async def close_quietly(channel: PayChannel, out_trade_no: str) -> None:
    """Close a trade; CashierAway when it was paid meanwhile or the channel gives no answer: ask again."""
    try:
        await channel.close(out_trade_no)
    except OutsideRefused as refused:
        if refused.code not in ("ORDER_NOT_EXIST", "ORDER_CLOSED"):
            raise CashierAway from None
    except OutsideUnavailable:
        raise CashierAway from None


def _money(trade: Trade, clock: Clock) -> Money:
    if trade.transaction_id is None or trade.total_fen is None:
        raise NoticeRefused(reason="incomplete")
    return Money(trade.out_trade_no, trade.transaction_id, trade.total_fen, trade.paid_at or clock.now())


async def take_notice(
    transaction: Transaction, channel: PayChannel, *, clock: Clock, headers: Mapping[str, str], body: bytes
) -> None:
    """A notice of WeChat Pay: genuine, for us, new, and fitting the order, else payment.notice_refused.

    An honest repeat (same notice, new nonce) is taken and changes nothing; the very same message again is a replay.
    """
    try:
        notice = await channel.read_notice(headers, body)
    except NoticeForged as forged:
        log.warning("payment.notice_forged", reason=forged.reason)
        raise NoticeRefused(reason="signature") from None
    except OutsideUnavailable:
        raise CashierAway from None
    number = notice.trade.out_trade_no if notice.trade else notice.refund.out_trade_no if notice.refund else ""
    async with transaction() as tx:
        place = await orders.order_of_trade(tx, number)
        if place is None:
            raise NoticeRefused(reason="order")
        taxpayer_id, order_id = place
        await _book_notice(tx, clock, notice, taxpayer_id, order_id)


async def _book_notice(tx: Tx, clock: Clock, notice: Notice, taxpayer_id: int, order_id: UUID) -> None:
    await held_order(tx, taxpayer_id=taxpayer_id, order_id=order_id)
    is_new = await orders.add_notice(
        tx,
        taxpayer_id=taxpayer_id,
        notice_id=notice.notice_id,
        nonce=notice.nonce,
        order_id=order_id,
        received_at=clock.now(),
    )
    if not is_new:
        raise NoticeRefused(reason="replay")
    if notice.trade is not None and notice.trade.is_paid:
        await settle(tx, clock=clock, taxpayer_id=taxpayer_id, order_id=order_id, money=_money(notice.trade, clock))
    if notice.refund is not None and notice.refund.state != "PROCESSING":
        refund = await refunds.refund_by_no(tx, taxpayer_id=taxpayer_id, refund_no=notice.refund.out_refund_no)
        if refund is not None:
            await finish_refund(
                tx, clock=clock, refund=refund, has_arrived=notice.refund.state == "SUCCESS",
                channel_refund_no=notice.refund.refund_id,
            )  # fmt: skip


async def send_refund(
    transaction: Transaction, channel: PayChannel, *, clock: Clock, taxpayer_id: int, refund_id: UUID
) -> Refund | None:
    """Send a refund, always under its one number, and write down the channel's word; still `asked` while it works.

    Refused for good (not enough, over a year old): kept as failed for a person. Errors: payment.cashier_away.
    """
    async with transaction() as tx:
        refund = await refunds.refund_of(tx, taxpayer_id=taxpayer_id, refund_id=refund_id)
    if refund is None or refund.state != "asked" or refund.way != "wechat" or refund.out_trade_no is None:
        return refund
    ask = RefundAsk(
        out_trade_no=refund.out_trade_no,
        out_refund_no=refund.refund_no,
        refund_fen=refund.amount_fen,
        total_fen=refund.trade_total_fen,
        reason=REFUND_REASONS[refund.reason_code][0],
    )
    try:
        outcome = await channel.refund(ask)
        state, number = outcome.state, outcome.refund_id
    except OutsideRefused as refused:
        state, number = "ABNORMAL", refused.code
    except OutsideUnavailable:
        raise CashierAway from None
    if state != "PROCESSING":
        async with transaction() as tx:
            await finish_refund(
                tx, clock=clock, refund=refund, has_arrived=state == "SUCCESS", channel_refund_no=number
            )
    async with transaction() as tx:
        return await refunds.refund_of(tx, taxpayer_id=taxpayer_id, refund_id=refund_id)
