"""Talking with WeChat Pay: hand out the cashier, ask what became of an order, take notices, send refunds.

No connection is held while the channel is asked: read in one transaction, ask, write in another, and look again there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, Protocol
from uuid import UUID

import structlog

from palmtax import identity
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.payment.actions.orders import Stale, open_order, readable_order, withdraw
from palmtax.payment.actions.refunds import finish_refund
from palmtax.payment.actions.settlement import Money, settle
from palmtax.payment.adapters import Notice, NoticeForged, PayChannel, PayOrder, RefundAsk, Trade
from palmtax.payment.errors import (
    CashierAway,
    CashierRefused,
    NoticeRefused,
    OrderBusy,
    OrderEnded,
    OrderPaid,
    WeChatNeeded,
)
from palmtax.payment.model import REFUND_REASONS, Order, Refund, trade_number
from palmtax.payment.store import orders, refunds
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable
from palmtax.plumbing.together import together

log = structlog.get_logger()
Transaction = Callable[[], AbstractAsyncContextManager[Tx]]
SHORTEST_LIFE = timedelta(minutes=1)
"""WeChat Pay takes no order that ends within a minute."""
ASK_AFTER_SECONDS = (10, 20, 30, 60, 180, 600, 1200, 1800, 1800, 1800)
"""When an order is asked about after the cashier was handed out: notices may be late or never come."""
CLOSED_STATES = ("CLOSED", "REVOKED")
"""What the channel calls a trade that nobody can pay any more."""


class SignIn(Protocol):
    """What payment needs of WeChat sign-in: who made a `wx.login` code (identity's client has it)."""

    async def sign_in(self, js_code: str) -> Any:
        """Something with an `openid`; OutsideRefused when the code is wrong or spent."""
        ...


@dataclass(frozen=True, slots=True)
class Cashier:
    """What the payer's device needs: signed parameters inside WeChat, or the page to open."""

    trade: Literal["jsapi", "h5"]
    parameters: Mapping[str, str]
    h5_url: str | None


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


async def pay_by_wechat(
    transaction: Transaction,
    channel: PayChannel,
    wechat: SignIn | None,
    *,
    actor: Actor,
    clock: Clock,
    taxpayer_id: int,
    order_id: UUID,
    trade: Literal["jsapi", "h5"],
    login_code: str | None,
    payer_ip: str,
) -> Cashier:
    """Hand the payer the cashier of WeChat Pay; asking again gives the same one.

    Another person or another kind of cashier gets a new trade of the same order, after the first one is closed.
    Errors: payment.order_unknown, payment.order_paid, payment.order_ended, payment.wechat_needed,
    payment.cashier_refused, payment.cashier_away.
    """
    order = await _reserve(
        transaction, channel, actor=actor, clock=clock, taxpayer_id=taxpayer_id, order_id=order_id, trade=trade
    )
    if trade == "jsapi" and order.prepay:
        return Cashier("jsapi", channel.client_parameters(order.prepay), None)
    openid = await _openid(transaction, channel, wechat, actor, login_code) if trade == "jsapi" else None
    ask = PayOrder(
        out_trade_no=order.out_trade_no,
        description=f"税款缴纳 {order.period}",
        total_fen=order.amount_fen,
        expires_at=order.expires_at,
        openid=openid,
        payer_ip=payer_ip if trade == "h5" else None,
    )
    try:
        prepay = await (channel.create_jsapi(ask) if trade == "jsapi" else channel.create_h5(ask))
    except OutsideRefused as refused:
        raise CashierRefused(reason=refused.code) from None
    except OutsideUnavailable:
        raise CashierAway from None
    await _hand_out(transaction, clock, order, prepay)
    if trade == "jsapi":
        return Cashier("jsapi", channel.client_parameters(prepay), None)
    return Cashier("h5", {}, prepay)


async def _reserve(
    transaction: Transaction,
    channel: PayChannel,
    *,
    actor: Actor,
    clock: Clock,
    taxpayer_id: int,
    order_id: UUID,
    trade: str,
) -> Order:
    """The order with a trade that belongs to this payer and this kind of cashier."""
    async with transaction() as tx:
        order = _payable(await _locked(tx, taxpayer_id, order_id), clock)
        mine = (order.trade, order.payer_id) == (trade, actor.person_id)
        if order.trade is None:
            await orders.reserve_trade(
                tx,
                taxpayer_id=taxpayer_id,
                order_id=order_id,
                attempt=order.attempt,
                trade=trade,
                payer_id=actor.person_id,
            )
    if mine or order.trade is None:
        return order
    await _close(channel, order.out_trade_no)
    async with transaction() as tx:
        again = _payable(await _locked(tx, taxpayer_id, order_id), clock)
        if again.attempt != order.attempt:
            raise OrderBusy
        number = again.attempt + 1
        await orders.reserve_trade(
            tx, taxpayer_id=taxpayer_id, order_id=order_id, attempt=number, trade=trade, payer_id=actor.person_id
        )
        await together(tx, orders.trade_number_part(trade_number(again.order_no, number), taxpayer_id, order_id))
        return await readable_order(tx, taxpayer_id=taxpayer_id, order_id=order_id)


async def _locked(tx: Tx, taxpayer_id: int, order_id: UUID) -> Order:
    locked = await orders.lock_order(tx, taxpayer_id=taxpayer_id, order_id=order_id)
    return locked or await readable_order(tx, taxpayer_id=taxpayer_id, order_id=order_id)


def _payable(order: Order, clock: Clock) -> Order:
    if order.state == "paid":
        raise OrderPaid(order_no=order.order_no)
    if not order.is_due_at(clock.now() + SHORTEST_LIFE):
        raise OrderEnded(order_no=order.order_no)
    return order


async def _openid(
    transaction: Transaction, channel: PayChannel, wechat: SignIn | None, actor: Actor, login_code: str | None
) -> str:
    """The payer's openid for the channel's app: proved by the login code, else the one bound to the person."""
    if login_code and wechat is not None:
        try:
            return str((await wechat.sign_in(login_code)).openid)
        except OutsideRefused:
            raise WeChatNeeded from None
        except OutsideUnavailable:
            raise CashierAway from None
    app_id = channel.client_parameters("")["app_id"]
    async with transaction() as tx:
        bound: str | None = await identity.openid(tx, actor.person_id, app_id)
    if bound is None:
        raise WeChatNeeded
    return bound


async def _hand_out(transaction: Transaction, clock: Clock, order: Order, prepay: str) -> None:
    place = {"taxpayer_id": order.taxpayer_id, "order_id": order.order_id}
    async with transaction() as tx:
        now = await _locked(tx, order.taxpayer_id, order.order_id)
        is_ours = now.attempt == order.attempt and now.is_open
        if is_ours:
            await orders.mark_paying(tx, taxpayer_id=order.taxpayer_id, order_id=order.order_id, prepay=prepay)
            wait = timedelta(seconds=ASK_AFTER_SECONDS[0])
            await outbox.enqueue(tx, "payment.query_order", place | {"step": 0}, run_after=wait)
        else:
            await outbox.enqueue(tx, "payment.close_trade", place | {"out_trade_no": order.out_trade_no})
    if not is_ours:
        _payable(now, clock)
        raise OrderBusy


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
        trade = await _query(channel, order.out_trade_no)
        if trade is not None and trade.is_paid:
            async with transaction() as tx:
                return await settle(
                    tx, clock=clock, taxpayer_id=taxpayer_id, order_id=order_id, money=_money(trade, clock)
                )
        is_closed = trade is not None and trade.state in CLOSED_STATES
        if is_over and trade is not None and not is_closed:
            await _close(channel, order.out_trade_no)
        is_over = is_over or is_closed
    if is_over:
        return await end_unasked(transaction, clock=clock, order=order)
    return order


async def end_unasked(transaction: Transaction, *, clock: Clock, order: Order) -> Order:
    """End an order as it was read, unless somebody has been handed a cashier since; the order as it stands then."""
    async with transaction() as tx:
        now = await _locked(tx, order.taxpayer_id, order.order_id)
        if now.is_open and (now.attempt, now.trade, now.prepay) == (order.attempt, order.trade, order.prepay):
            await withdraw(tx, clock=clock, order=now)
        return await readable_order(tx, taxpayer_id=order.taxpayer_id, order_id=order.order_id)


async def close_trade(
    transaction: Transaction, channel: PayChannel, *, clock: Clock, taxpayer_id: int, order_id: UUID, out_trade_no: str
) -> None:
    """End a trade whose order no longer waits for it; money that came first is booked and given back."""
    trade = await _query(channel, out_trade_no)
    if trade is None:
        return
    if trade.is_paid:
        async with transaction() as tx:
            await settle(tx, clock=clock, taxpayer_id=taxpayer_id, order_id=order_id, money=_money(trade, clock))
    elif trade.state not in CLOSED_STATES:
        await _close(channel, out_trade_no)


async def _query(channel: PayChannel, out_trade_no: str) -> Trade | None:
    """The channel's word; none when it never heard of the trade."""
    try:
        return await channel.query(out_trade_no)
    except OutsideRefused as refused:
        if refused.code == "ORDER_NOT_EXIST":
            return None
        raise CashierAway from None
    except OutsideUnavailable:
        raise CashierAway from None


async def _close(channel: PayChannel, out_trade_no: str) -> None:
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
    """A notice of WeChat Pay: genuine, for us, new, and fitting the order, else payment.notice_refused (nothing changes).

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
    await orders.lock_order(tx, taxpayer_id=taxpayer_id, order_id=order_id)
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
