"""Money goes back: asked once for each cause, sent through the channel that brought it, booked when it has left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog

from palmtax import evidence
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.payment.actions.holding import held_order, held_orders_of
from palmtax.payment.actions.orders import withdraw
from palmtax.payment.events import Refunded
from palmtax.payment.model import Order, Refund, RefundReason, Way, overpaid_lines, refund_lines
from palmtax.payment.store import ledger, refunds
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Part, together

log = structlog.get_logger()


def refund_to_ask(
    order: Order,
    way: Way,
    amount_fen: int,
    reason: RefundReason,
    now: datetime,
    items: tuple[tuple[str, int], ...] = (),
) -> Refund:
    """A refund of what an order brought, fen; not yet written."""
    refund_id = uuid7()
    return Refund(
        refund_id=refund_id,
        taxpayer_id=order.taxpayer_id,
        order_id=order.order_id,
        obligation_id=order.obligation_id,
        refund_no=f"RF{refund_id.hex[:30]}".upper(),
        out_trade_no=order.paid_trade_no if way == "wechat" else None,
        trade_total_fen=max(order.amount_fen, amount_fen),
        way=way,
        amount_fen=amount_fen,
        items=items,
        reason_code=reason,
        state="asked",
        asked_at=now,
        done_at=None,
    )


def refund_parts(refund: Refund, cause: str, *, clock: Clock, order: Order) -> list[Part]:
    """Ask for a refund, with evidence and, for WeChat Pay, the task that sends it; parts of one statement.

    A transfer's refund waits for an officer: the treasury sends it back by its own procedure (退库).
    """
    parts = [
        refunds.refund_part(refund, cause),
        evidence.part(
            actor=None,
            clock=clock,
            act="payment.refund_asked",
            taxpayer_id=refund.taxpayer_id,
            subject_id=refund.refund_id,
            payload={
                "refund_id": refund.refund_id,
                "order_id": refund.order_id,
                "amount_fen": refund.amount_fen,
                "reason_code": refund.reason_code,
            },
            summary={"period": order.period, "amount_fen": refund.amount_fen, "way": refund.way},
        ),
    ]
    if refund.way == "wechat":
        parts.append(outbox.task_part("payment.send_refund", _place(refund)))
    return parts


def _place(refund: Refund) -> dict[str, object]:
    return {"taxpayer_id": refund.taxpayer_id, "refund_id": refund.refund_id}


async def refund_overpaid(
    tx: Tx, *, clock: Clock, taxpayer_id: int, obligation_id: UUID, is_kept: bool = False
) -> list[Refund]:
    """Give back what later amendments left overpaid; withdraw an open order that would now ask too much. Twice is once.

    What `is_kept` stays as credit on the obligation, until a refund of it is asked for.

    Late fees already paid are not computed anew: that is an officer's decision (征管法 第五十一条).
    """
    every = await held_orders_of(tx, taxpayer_id=taxpayer_id, obligation_id=obligation_id)
    opened = await ledger.open_by_tax(tx, taxpayer_id, obligation_id)
    await _withdraw_too_high(tx, clock, every, sum(opened.values()))
    lines = overpaid_lines(opened)
    if not lines or is_kept:
        return []
    asked = _shared_out(every, {line.tax_type_code: line.amount_fen for line in lines}, clock.now())
    order, cause = every[-1], f"amended:{asked[0].refund_id}"
    parts: list[Part] = []
    for refund in asked:
        source = next(o for o in every if o.order_id == refund.order_id)
        parts += refund_parts(refund, f"amended:{refund.refund_id}", clock=clock, order=source)
    head = ledger.entry_parts(
        taxpayer_id=taxpayer_id, entry_id=uuid7(), kind="overpayment", obligation_id=obligation_id,
        return_id=order.return_id, return_no=order.return_no, period=order.period, due_on=order.due_on,
        order_id=None, cause_key=cause, booked_at=clock.now(), lines=lines,
    )  # fmt: skip
    await together(tx, *head, *parts)
    return asked


async def _withdraw_too_high(tx: Tx, clock: Clock, every: Sequence[Order], open_fen: int) -> None:
    for order in every:
        if order.is_open and sum(item.amount_fen for item in order.items) > max(open_fen, 0):
            if order.state == "created":
                await withdraw(tx, clock=clock, order=order)
            else:
                payload = {"taxpayer_id": order.taxpayer_id, "order_id": order.order_id}
                await outbox.enqueue(tx, "payment.end_order", payload)


def _shared_out(every: Sequence[Order], overpaid: dict[str, int], now: datetime) -> list[Refund]:
    """Which paid orders give how much of which tax back, fen: the newest first, none more than it brought.

    First each tax from the orders that paid it; what set-off moved between taxes, from any order with money left.
    """
    paid = sorted((one for one in every if one.state == "paid"), key=lambda one: one.created_at, reverse=True)
    shares: dict[UUID, dict[str, int]] = {one.order_id: {} for one in paid}
    rest = dict(overpaid)
    for is_same_tax in (True, False):
        for order in paid:
            left = order.amount_fen - sum(_given(order).values()) - sum(shares[order.order_id].values())
            for code, wanted in list(rest.items()):
                most = _paid(order, code) - _given(order).get(code, 0) if is_same_tax else left
                part = min(wanted, most, left)
                if part > 0:
                    shares[order.order_id][code] = shares[order.order_id].get(code, 0) + part
                    rest[code] -= part
                    left -= part
    if any(rest.values()):
        raise AssertionError("more is overpaid than was ever paid")
    return [
        refund_to_ask(order, order.way or "bank_transfer", sum(share.values()), "amended", now, tuple(share.items()))
        for order in paid
        if (share := shares[order.order_id])
    ]


def _paid(order: Order, tax_type_code: str) -> int:
    return sum(item.amount_fen for item in order.items if item.tax_type_code == tax_type_code)


def _given(order: Order) -> dict[str, int]:
    """How much of each tax an order has already given back, fen."""
    found: dict[str, int] = {}
    for refund in order.refunds:
        for code, fen in refund.items:
            found[code] = found.get(code, 0) + fen
    return found


async def finish_refund(tx: Tx, *, clock: Clock, refund: Refund, has_arrived: bool, channel_refund_no: str) -> None:
    """The channel's last word on a refund: booked when the money has left, else kept as failed. Twice is once."""
    order = await held_order(tx, taxpayer_id=refund.taxpayer_id, order_id=refund.order_id)
    now, state = clock.now(), "done" if has_arrived else "failed"
    ended = await refunds.end_refund(
        tx, taxpayer_id=refund.taxpayer_id, refund_id=refund.refund_id, state=state,
        at=now if has_arrived else None, channel_refund_no=channel_refund_no,
    )  # fmt: skip
    if not ended or order is None:
        return
    if not has_arrived:
        log.error("payment.refund_failed", refund_id=str(refund.refund_id), taxpayer_id=refund.taxpayer_id)
        return
    news = Refunded(
        refund.taxpayer_id, refund.order_id, order.return_id, refund.refund_id, refund.amount_fen, refund.reason_code
    )
    await together(
        tx,
        *ledger.entry_parts(
            taxpayer_id=refund.taxpayer_id, entry_id=uuid7(), kind="refund", obligation_id=refund.obligation_id,
            return_id=order.return_id, return_no=order.return_no, period=order.period, due_on=order.due_on,
            order_id=refund.order_id, cause_key=f"refund:{refund.refund_id}", booked_at=now,
            lines=refund_lines(refund.amount_fen, refund.way),
        ),
        evidence.part(
            actor=None, clock=clock, act=Refunded.name, taxpayer_id=refund.taxpayer_id, subject_id=refund.refund_id,
            payload={"refund_id": refund.refund_id, "amount_fen": refund.amount_fen, "channel_no": channel_refund_no},
            summary={"period": order.period, "amount_fen": refund.amount_fen, "way": refund.way},
        ),
        outbox.part(news),
    )  # fmt: skip
