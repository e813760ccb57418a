"""Routes of payment."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Header, Query, Response
from fastapi.responses import JSONResponse

from palmtax import payment
from palmtax.payment.actions import cashier, channel
from palmtax.payment.actions.transfers import Arrival, register_transfer
from palmtax.payment.adapters import PayChannel
from palmtax.payment.errors import CashierAway, KeyNeeded, NoticeRefused
from palmtax.payment.events import OrderCreated, Settled
from palmtax.payment.model import Order, PaymentSettings
from palmtax.payment.schemas import (
    LedgerOut,
    NotifyAnswer,
    OrderAsk,
    OrderOut,
    TransferIn,
    WeChatPayIn,
    WeChatPayOut,
    shape_order,
)
from palmtax.plumbing.edge import Edge, Router, may, may_anyone, may_officer

router = Router(prefix="/api/payment", tags=["payment"])
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]


def _channel(edge: Edge) -> PayChannel:
    found: PayChannel | None = edge.outside.get("pay")
    if found is None:
        raise CashierAway
    return found


async def _own_order(edge: Edge, order_id: UUID) -> Order:
    """The taxpayer's order; in a screen that stands for one return, an order of what that return owes.

    A return and those that amend it owe together, so an order of an earlier one is theirs too. One round trip, or two.
    Errors: payment.order_unknown, plumbing.outside_screen.
    """
    held = edge.held("return_id")
    async with edge.statement() as tx:
        order = await payment.readable_order(tx, taxpayer_id=edge.taxpayer_id, order_id=order_id)
        if held is None or held == str(order.return_id):
            return order
        shown = await payment.standing(tx, edge.taxpayer_id, [UUID(held)], clock=edge.clock)
    if shown[UUID(held)].obligation_id != order.obligation_id:
        raise edge.outside_screen()
    return order


@router.post("/orders")
async def order_payment(ask: OrderAsk, edge: Edge = may("payment.pay", records=OrderCreated.name)) -> OrderOut:
    """Order the payment of what a return left unpaid; asking again gives the open order back."""
    edge.hold("return_id", ask.return_id)
    order = await channel.order_payment(
        edge.transaction,
        edge.outside.get("pay"),
        actor=edge.actor,
        clock=edge.clock,
        taxpayer_id=edge.taxpayer_id,
        return_id=ask.return_id,
        minutes=edge.settings.of(PaymentSettings).order_minutes,
    )
    return shape_order(order)


@router.get("/orders")
async def list_orders(
    edge: Edge = may("payment.read"),
    return_id: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> list[OrderOut]:
    """The taxpayer's orders, newest first."""
    async with edge.statement() as tx:
        return await payment.orders_out(tx, taxpayer_id=edge.taxpayer_id, return_id=return_id, limit=limit)


@router.get("/orders/{order_id}")
async def read_order(order_id: UUID, edge: Edge = may("payment.read")) -> OrderOut:
    """One order and its truthful state."""
    return shape_order(await _own_order(edge, order_id))


@router.post("/orders/{order_id}/wechat")
async def pay_by_wechat(
    order_id: UUID, ask: WeChatPayIn, edge: Edge = may("payment.pay", rate="30/minute")
) -> WeChatPayOut:
    """What the payer's device needs to open WeChat Pay; asking again is safe."""
    client = edge.request.client
    if edge.held("return_id") is not None:
        await _own_order(edge, order_id)
    made = await cashier.pay_by_wechat(
        edge.transaction,
        _channel(edge),
        edge.outside.get("wechat"),
        actor=edge.actor,
        clock=edge.clock,
        taxpayer_id=edge.taxpayer_id,
        order_id=order_id,
        trade=ask.trade,
        login_code=ask.login_code,
        payer_ip=client.host if client else "127.0.0.1",
    )
    return WeChatPayOut(trade=made.trade, h5_url=made.h5_url, **made.parameters)


@router.post("/orders/{order_id}/query")
async def query_order(order_id: UUID, edge: Edge = may("payment.read", rate="30/minute")) -> OrderOut:
    """Ask WeChat Pay now what became of the order; the device's word alone never makes it paid."""
    order = await _own_order(edge, order_id)
    if order.state == "paying":
        order = await channel.ask_channel(
            edge.transaction, _channel(edge), clock=edge.clock, taxpayer_id=edge.taxpayer_id, order_id=order_id
        )
    return shape_order(order)


@router.get("/ledger")
async def read_ledger(
    edge: Edge = may("payment.read"),
    cursor: Annotated[str | None, Query(max_length=100)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> LedgerOut:
    """The taxpayer's ledger, newest first; `limit` counts entries."""
    async with edge.statement() as tx:
        return await payment.ledger_out(tx, taxpayer_id=edge.taxpayer_id, cursor=cursor, limit=limit)


@router.post(
    "/wechat/notify",
    status_code=204,
    responses={204: {"description": "taken"}, 401: {"model": NotifyAnswer}, 400: {"model": NotifyAnswer}},
)
async def take_notice(edge: Edge = may_anyone(rate="6000/minute", records=Settled.name)) -> Response:
    """WeChat Pay's notice; taken only when genuine, new, and fitting the order."""
    try:
        await channel.take_notice(
            edge.transaction,
            _channel(edge),
            clock=edge.clock,
            headers=dict(edge.request.headers),
            body=await edge.request.body(),
        )
    except NoticeRefused as refused:
        status = 401 if refused.values["reason"] == "signature" else 400
        return JSONResponse(NotifyAnswer(code="FAIL", message=str(refused.values["reason"])).model_dump(), status)
    except CashierAway:
        return JSONResponse(NotifyAnswer(code="FAIL", message="try again").model_dump(), 503)
    return Response(status_code=204)


@router.post("/transfers")
async def register_bank_transfer(
    arrived: TransferIn,
    edge: Edge = may_officer("payment.register_transfer", records=Settled.name),
    idempotency_key: Key = None,
) -> OrderOut:
    """Settle an order by a bank transfer that arrived on the treasury's account."""
    if idempotency_key is None or not 8 <= len(idempotency_key) <= 80:
        raise KeyNeeded
    arrival = Arrival(
        arrived.taxpayer_id, arrived.order_id, arrived.amount_fen, arrived.bank_reference, arrived.received_on
    )
    async with edge.transaction() as tx:
        order = await register_transfer(
            tx, actor=edge.actor, clock=edge.clock, arrival=arrival, idempotency_key=idempotency_key
        )
    return shape_order(order)
