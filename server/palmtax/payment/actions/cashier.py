"""Handing a payer the cashier of WeChat Pay.

No connection is held while the channel is asked: read in one transaction, ask, write in another, and look again there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, Protocol
from uuid import UUID

from palmtax import identity
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.errors import PalmtaxError
from palmtax.payment.actions.channel import Transaction, ask_channel, close_quietly, locked_order
from palmtax.payment.actions.orders import readable_order
from palmtax.payment.adapters import PayChannel, PayOrder
from palmtax.payment.errors import CashierAway, CashierRefused, OrderBusy, OrderEnded, OrderPaid, WeChatNeeded
from palmtax.payment.model import Order, trade_number
from palmtax.payment.store import orders
from palmtax.plumbing import outbox
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable
from palmtax.plumbing.together import together

SHORTEST_LIFE = timedelta(minutes=1)
"""WeChat Pay takes no order that ends within a minute."""
ASK_AFTER_SECONDS = (10, 20, 30, 60, 180, 600, 1200, 1800, 1800, 1800)
"""When an order is asked about after the cashier was handed out: notices may be late or never come."""
RENEWABLE = ("OUT_TRADE_NO_USED", "ORDER_CLOSED")
"""Refusals that a trade with a new number cures: the payer's address or openid changed, or the trade was closed."""


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
    try:
        prepay = await _create(channel, order, trade, openid, payer_ip)
    except OutsideRefused as refused:
        if refused.code not in RENEWABLE:
            raise await _explained(transaction, channel, clock, order, refused) from None
        order = await _renew(transaction, channel, clock, order, trade=trade, payer_id=actor.person_id)
        try:
            prepay = await _create(channel, order, trade, openid, payer_ip)
        except OutsideRefused as again:
            raise await _explained(transaction, channel, clock, order, again) from None
    await _hand_out(transaction, clock, order, prepay)
    if trade == "jsapi":
        return Cashier("jsapi", channel.client_parameters(prepay), None)
    return Cashier("h5", {}, prepay)


async def _create(channel: PayChannel, order: Order, trade: str, openid: str | None, payer_ip: str) -> str:
    ask = PayOrder(
        out_trade_no=order.out_trade_no,
        description=f"税款缴纳 {order.period}",
        total_fen=order.amount_fen,
        expires_at=order.expires_at,
        openid=openid,
        payer_ip=payer_ip if trade == "h5" else None,
    )
    try:
        return await (channel.create_jsapi(ask) if trade == "jsapi" else channel.create_h5(ask))
    except OutsideUnavailable:
        raise CashierAway from None


async def _explained(
    transaction: Transaction, channel: PayChannel, clock: Clock, order: Order, refused: OutsideRefused
) -> PalmtaxError:
    """What a refusal of the channel means for the payer; money that it tells of is booked first."""
    if refused.code != "ORDERPAID":
        return CashierRefused(reason=refused.code)
    now = await ask_channel(transaction, channel, clock=clock, taxpayer_id=order.taxpayer_id, order_id=order.order_id)
    return OrderPaid(order_no=order.order_no) if now.state == "paid" else OrderBusy()


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
        order = _payable(await locked_order(tx, taxpayer_id, order_id), clock)
        if order.trade is None:
            await orders.reserve_trade(
                tx,
                taxpayer_id=taxpayer_id,
                order_id=order_id,
                attempt=order.attempt,
                trade=trade,
                payer_id=actor.person_id,
            )
    if order.trade is None or (order.trade, order.payer_id) == (trade, actor.person_id):
        return order
    return await _renew(transaction, channel, clock, order, trade=trade, payer_id=actor.person_id)


async def _renew(
    transaction: Transaction, channel: PayChannel, clock: Clock, order: Order, *, trade: str, payer_id: int
) -> Order:
    """The order with a new trade of its own number, after the channel has closed the present one."""
    await close_quietly(channel, order.out_trade_no)
    taxpayer_id, order_id = order.taxpayer_id, order.order_id
    async with transaction() as tx:
        again = _payable(await locked_order(tx, taxpayer_id, order_id), clock)
        if again.attempt != order.attempt:
            raise OrderBusy
        number = again.attempt + 1
        await orders.reserve_trade(
            tx, taxpayer_id=taxpayer_id, order_id=order_id, attempt=number, trade=trade, payer_id=payer_id
        )
        await together(
            tx,
            orders.trade_number_part(trade_number(again.order_no, number), taxpayer_id, order_id),
        )
        return await readable_order(tx, taxpayer_id=taxpayer_id, order_id=order_id)


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
        now = await locked_order(tx, order.taxpayer_id, order.order_id)
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
