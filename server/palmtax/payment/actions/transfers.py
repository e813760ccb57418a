"""Bank transfers that an officer saw arrive on the treasury's account."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import asyncpg

from palmtax import registry
from palmtax.base.actor import Actor
from palmtax.base.clock import CHINA, Clock, china_day
from palmtax.base.identifiers import uuid7
from palmtax.base.money import show_yuan
from palmtax.payment.actions.holding import held_orders_of
from palmtax.payment.actions.orders import readable_order, withdraw
from palmtax.payment.actions.settlement import book_payment
from palmtax.payment.errors import (
    BankReferenceUsed,
    KeyReused,
    NothingDue,
    OrderEnded,
    OrderPaid,
    OtherOffice,
    TransferAmountDiffers,
    TransferDayImpossible,
)
from palmtax.payment.model import Order, OrderItem, due_items
from palmtax.payment.store import ledger, orders, refunds
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the officer read on the account; fen."""

    taxpayer_id: int
    order_id: UUID
    amount_fen: int
    bank_reference: str
    received_on: date


async def register_transfer(tx: Tx, *, actor: Actor, clock: Clock, arrival: Arrival, idempotency_key: str) -> Order:
    """Settle an order by a bank transfer; the late fee counts to the day of arrival; the amount must equal what is due.

    The order may have expired: a transfer takes a day or more. Another open order of the same return is withdrawn.
    The same key again gives the same order. Errors: payment.key_reused, payment.other_office, payment.order_unknown,
    payment.order_paid, payment.order_ended, payment.nothing_due, payment.transfer_day_impossible,
    payment.transfer_amount_differs, payment.bank_reference_used.
    """
    await _check_office(tx, actor, arrival.taxpayer_id)
    named = await readable_order(tx, taxpayer_id=arrival.taxpayer_id, order_id=arrival.order_id)
    every = await held_orders_of(tx, taxpayer_id=arrival.taxpayer_id, obligation_id=named.obligation_id)
    before = await refunds.transfer_by_key(tx, arrival.taxpayer_id, actor.person_id, idempotency_key)
    if before is not None:
        return await _same_again(tx, before, arrival)
    if await refunds.is_reference_used(tx, arrival.taxpayer_id, arrival.bank_reference):
        raise BankReferenceUsed(bank_reference=arrival.bank_reference)
    order = next(one for one in every if one.order_id == arrival.order_id)
    if order.state == "paid":
        raise OrderPaid(order_no=order.order_no)
    if order.state == "cancelled":
        raise OrderEnded(order_no=order.order_no)
    exact = await _exact(tx, clock, order, arrival)
    await _make_room(tx, clock, every, order)
    await _book(tx, actor, clock, exact, arrival, idempotency_key)
    return await readable_order(tx, taxpayer_id=arrival.taxpayer_id, order_id=arrival.order_id)


async def _check_office(tx: Tx, actor: Actor, taxpayer_id: int) -> None:
    """The officer's office must be the taxpayer's, or stand above it."""
    theirs = (await registry.taxpayer(tx, taxpayer_id)).office_code
    ours = actor.hat.office_code if actor.hat else None
    if not registry.covers(ours or "", theirs):
        raise OtherOffice


async def _same_again(tx: Tx, before: Any, arrival: Arrival) -> Order:
    known = Arrival(
        before["taxpayer_id"], before["order_id"], before["amount_fen"], before["bank_reference"], before["received_on"]
    )
    if known != arrival:
        raise KeyReused
    return await readable_order(tx, taxpayer_id=arrival.taxpayer_id, order_id=arrival.order_id)


async def _exact(tx: Tx, clock: Clock, order: Order, arrival: Arrival) -> Order:
    """The order with what is due to the day of arrival; refused when the money differs."""
    filed_on = china_day(await ledger.first_charged_at(tx, order.taxpayer_id, order.obligation_id))
    if not filed_on <= arrival.received_on <= clock.today():
        raise TransferDayImpossible(earliest_on=filed_on.isoformat(), latest_on=clock.today().isoformat())
    opened = await ledger.open_by_tax(tx, order.taxpayer_id, order.obligation_id)
    items = due_items(opened, order.due_on, arrival.received_on)
    due = sum(item.amount_fen + item.late_fee_fen for item in items)
    if due <= 0:
        raise NothingDue
    if due != arrival.amount_fen:
        gap = arrival.amount_fen - due
        raise TransferAmountDiffers(
            received=show_yuan(arrival.amount_fen), due=show_yuan(due), difference=show_yuan(abs(gap)),
            which="多" if gap > 0 else "少", which_en="much" if gap > 0 else "little",
        )  # fmt: skip
    exact = tuple(OrderItem(item.tax_type_code, item.amount_fen, item.late_fee_fen) for item in items)
    return replace(order, amount_fen=due, items=exact)


async def _make_room(tx: Tx, clock: Clock, every: list[Order], order: Order) -> None:
    """Other open orders of the return end; a cashier that was handed out is closed after the commit."""
    for other in every:
        if other.is_open and other.prepay is not None:
            payload = {"taxpayer_id": other.taxpayer_id, "order_id": other.order_id, "out_trade_no": other.out_trade_no}
            await outbox.enqueue(tx, "payment.close_trade", payload)
        if other.is_open and other.order_id != order.order_id:
            await withdraw(tx, clock=clock, order=other)


async def _book(tx: Tx, actor: Actor, clock: Clock, order: Order, arrival: Arrival, idempotency_key: str) -> None:
    await orders.replace_items(tx, order)
    kept = refunds.transfer_part(
        taxpayer_id=order.taxpayer_id,
        transfer_id=uuid7(),
        order_id=order.order_id,
        amount_fen=arrival.amount_fen,
        bank_reference=arrival.bank_reference,
        received_on=arrival.received_on,
        registered_by=actor.person_id,
        office_code=(actor.hat.office_code or "") if actor.hat else "",
        registered_at=clock.now(),
        idempotency_key=idempotency_key,
    )
    try:
        await book_payment(
            tx, actor=actor, clock=clock, order=order, way="bank_transfer", trade_no=arrival.bank_reference,
            cause=f"transfer:{arrival.bank_reference}", paid_at=_instant_of(arrival.received_on, clock), more=(kept,),
        )  # fmt: skip
    except asyncpg.UniqueViolationError:
        raise BankReferenceUsed(bank_reference=arrival.bank_reference) from None


def _instant_of(day: date, clock: Clock) -> datetime:
    """When a day's money counts as paid: now on the same day, else the last second of its Beijing day."""
    now = clock.now()
    if day == clock.today():
        return now
    return datetime.combine(day, time(23, 59, 59), CHINA).astimezone(now.tzinfo)
