"""Orders: one open order for what a return leaves unpaid, exact to the Beijing day on which it can be paid."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from palmtax import evidence
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.payment.actions.holding import held_orders_of
from palmtax.payment.errors import NothingDue, OrderBusy, OrderUnknown, ReturnUnknown
from palmtax.payment.events import OrderCreated, OrderExpired
from palmtax.payment.model import Order, OrderItem, Standing, expires_at, order_number
from palmtax.payment.store import ledger, orders
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import together


@dataclass(frozen=True, slots=True)
class Stale:
    """An order that is open but no longer right, and that the channel knows: it must be asked and closed first."""

    order_id: UUID


async def open_order(
    tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, return_id: UUID, minutes: int
) -> Order | Stale:
    """The open order for what a return leaves unpaid today, tax and late fee; asking again gives the same one.

    The late fee of the order is that of the day it is made on, and the order ends with that Beijing day at the latest:
    so what is paid is always exact to the day of payment.
    Errors: payment.return_unknown, payment.nothing_due, payment.order_busy.
    """
    standing = (await ledger.standings(tx, taxpayer_id, [return_id], clock.today())).get(return_id)
    if standing is None:
        raise ReturnUnknown
    if standing.open_fen <= 0:
        raise NothingDue
    wanted = _draft(standing, actor, clock, taxpayer_id, return_id, minutes)
    if await orders.insert_order(tx, wanted):
        return await _announce(tx, actor, clock, wanted)
    present = await _open_one(tx, taxpayer_id, standing.obligation_id)
    if present is None:  # it ended while we looked
        raise OrderBusy
    if present.is_due_at(clock.now()) and present.items == wanted.items:
        return present
    if present.state == "paying":
        return Stale(present.order_id)
    await withdraw(tx, clock=clock, order=present)
    if not await orders.insert_order(tx, wanted):
        raise OrderBusy
    return await _announce(tx, actor, clock, wanted)


async def _open_one(tx: Tx, taxpayer_id: int, obligation_id: UUID) -> Order | None:
    every = await held_orders_of(tx, taxpayer_id=taxpayer_id, obligation_id=obligation_id)
    return next((order for order in every if order.is_open), None)


def _draft(standing: Standing, actor: Actor, clock: Clock, taxpayer_id: int, return_id: UUID, minutes: int) -> Order:
    order_id, due_on = uuid7(), standing.due_on
    assert due_on is not None  # noqa: S101 a return that was charged has its deadline
    return Order(
        taxpayer_id=taxpayer_id,
        order_id=order_id,
        order_no=order_number(order_id, clock.today()),
        obligation_id=standing.obligation_id,
        return_id=return_id,
        return_no=standing.return_no,
        period=standing.period,
        due_on=due_on,
        state="created",
        way=None,
        amount_fen=standing.due_now_fen,
        created_by=actor.person_id,
        created_at=clock.now(),
        expires_at=expires_at(clock.now(), minutes),
        paid_at=None,
        channel_trade_no=None,
        paid_trade_no=None,
        attempt=0,
        trade=None,
        payer_id=None,
        prepay=None,
        items=tuple(OrderItem(i.tax_type_code, i.amount_fen, i.late_fee_fen) for i in standing.items),
        refunds=(),
    )


async def _announce(tx: Tx, actor: Actor, clock: Clock, order: Order) -> Order:
    facts = {
        "order_id": order.order_id,
        "order_no": order.order_no,
        "return_id": order.return_id,
        "amount_fen": order.amount_fen,
        "items": [[i.tax_type_code, i.amount_fen, i.late_fee_fen] for i in order.items],
    }
    await together(
        tx,
        *orders.item_parts(order),
        orders.trade_number_part(order.order_no, order.taxpayer_id, order.order_id),
        evidence.part(
            actor=actor,
            clock=clock,
            act=OrderCreated.name,
            taxpayer_id=order.taxpayer_id,
            subject_id=order.order_id,
            payload=facts,
            summary={"period": order.period, "amount_fen": order.amount_fen},
        ),
        outbox.part(
            OrderCreated(order.taxpayer_id, order.order_id, order.return_id, order.amount_fen, order.expires_at),
            actor.request_id,
        ),
    )
    return order


async def withdraw(tx: Tx, *, clock: Clock, order: Order) -> None:
    """End an open order that nobody can be paying: expired when its time is over, else cancelled."""
    state = "cancelled" if clock.now() <= order.expires_at else "expired"
    if await orders.end_order(tx, taxpayer_id=order.taxpayer_id, order_id=order.order_id, state=state):
        await evidence.append(
            tx,
            actor=None,
            clock=clock,
            act=f"payment.order_{state}",
            taxpayer_id=order.taxpayer_id,
            subject_id=order.order_id,
            payload={"order_id": order.order_id, "state": state},
            summary={"period": order.period, "amount_fen": order.amount_fen},
        )
        await outbox.emit(tx, OrderExpired(order.taxpayer_id, order.order_id, order.return_id))


async def readable_order(tx: Tx, *, taxpayer_id: int, order_id: UUID) -> Order:
    """The order of this taxpayer; payment.order_unknown when there is none. One round trip."""
    found = await orders.readable_order(tx, taxpayer_id=taxpayer_id, order_id=order_id)
    if found is None:
        raise OrderUnknown
    return found


async def orders_of(tx: Tx, taxpayer_id: int, *, return_id: UUID | None = None, limit: int = 50) -> list[Order]:
    """A taxpayer's orders, newest first; of one return when it is named. One round trip."""
    return await orders.orders_of(tx, taxpayer_id, return_id, limit)
