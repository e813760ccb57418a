"""Later work of payment: asking the channel, ending orders, sending refunds. Everything here may run twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from palmtax.payment.actions import cashier, channel
from palmtax.payment.adapters import PayChannel
from palmtax.payment.errors import CashierAway
from palmtax.payment.model import PaymentSettings
from palmtax.payment.store import orders, refunds
from palmtax.plumbing import outbox
from palmtax.plumbing.outbox import TaskContext, every, task

SWEEP = 500
"""Orders or refunds taken up by one sweep."""


def _channel(context: TaskContext) -> PayChannel:
    found: PayChannel | None = context.outside.get("pay")
    if found is None:
        raise CashierAway
    return found


def _place(payload: dict[str, Any]) -> tuple[int, UUID]:
    return int(payload["taxpayer_id"]), UUID(payload["order_id"])


@task("payment.query_order", tries=3)
async def query_order(context: TaskContext, payload: dict[str, Any]) -> None:
    """Ask what became of an order, again and again with growing waits until it is no longer open."""
    taxpayer_id, order_id = _place(payload)
    step = int(payload.get("step", 0))
    try:
        order = await channel.ask_channel(
            context.database.transaction,
            _channel(context),
            clock=context.clock,
            taxpayer_id=taxpayer_id,
            order_id=order_id,
        )
        is_open = order.is_open
    except CashierAway:
        is_open = True
    if is_open and step + 1 < len(cashier.ASK_AFTER_SECONDS):
        wait = timedelta(seconds=cashier.ASK_AFTER_SECONDS[step + 1])
        async with context.database.transaction() as tx:
            await outbox.enqueue(
                tx,
                "payment.query_order",
                {"taxpayer_id": taxpayer_id, "order_id": order_id, "step": step + 1},
                run_after=wait,
                request_id=context.request_id,
            )


@task("payment.end_order")
async def end_order(context: TaskContext, payload: dict[str, Any]) -> None:
    """End an order that is no longer right (an amendment lowered the tax): ask, close, withdraw."""
    taxpayer_id, order_id = _place(payload)
    await channel.ask_channel(
        context.database.transaction, _channel(context), clock=context.clock, taxpayer_id=taxpayer_id,
        order_id=order_id,
        gives_up=True,
    )  # fmt: skip


@task("payment.expire_order")
async def expire_order(context: TaskContext, payload: dict[str, Any]) -> None:
    """An order's time is over: money that came is booked, else the trade is closed and the order expires."""
    taxpayer_id, order_id = _place(payload)
    async with context.database.transaction() as tx:
        order = await orders.readable_order(tx, taxpayer_id=taxpayer_id, order_id=order_id)
    if order is None or not order.is_open or context.clock.now() <= order.expires_at:
        return
    if order.trade is None:
        await channel.end_unasked(context.database.transaction, clock=context.clock, order=order)
        return
    await channel.ask_channel(
        context.database.transaction, _channel(context), clock=context.clock, taxpayer_id=taxpayer_id, order_id=order_id
    )


@task("payment.close_trade")
async def close_trade(context: TaskContext, payload: dict[str, Any]) -> None:
    """Close a trade whose order no longer waits for it."""
    taxpayer_id, order_id = _place(payload)
    await channel.close_trade(
        context.database.transaction, _channel(context), clock=context.clock, taxpayer_id=taxpayer_id,
        order_id=order_id,
        out_trade_no=str(payload["out_trade_no"]),
    )  # fmt: skip


@task("payment.send_refund")
async def send_refund(context: TaskContext, payload: dict[str, Any]) -> None:
    """Send a refund; while the channel works on it, the sweep asks again."""
    await channel.send_refund(
        context.database.transaction, _channel(context), clock=context.clock, taxpayer_id=int(payload["taxpayer_id"]),
        refund_id=UUID(payload["refund_id"]),
    )  # fmt: skip


@every("* * * * *", "payment.expire_orders")
async def expire_orders(context: TaskContext, _payload: dict[str, Any]) -> None:
    """Each minute: a task for every open order whose time is over."""
    async with context.database.transaction() as tx:
        for taxpayer_id, order_id in await orders.waiting_orders(tx, context.clock.now(), SWEEP):
            payload = {"taxpayer_id": taxpayer_id, "order_id": order_id}
            await outbox.enqueue(tx, "payment.expire_order", payload, key=f"payment.expire_order:{order_id}")


@every("*/5 * * * *", "payment.ask_about_refunds")
async def ask_about_refunds(context: TaskContext, _payload: dict[str, Any]) -> None:
    """Every five minutes: a task for every refund that still waits."""
    minutes = context.settings.of(PaymentSettings).refund_query_minutes
    before = context.clock.now() - timedelta(minutes=minutes)
    async with context.database.transaction() as tx:
        for taxpayer_id, refund_id in await refunds.waiting_refunds(tx, before, SWEEP):
            payload = {"taxpayer_id": taxpayer_id, "refund_id": refund_id}
            await outbox.enqueue(tx, "payment.send_refund", payload, key=f"payment.send_refund:{refund_id}")
