"""A house that lives on another day: the demo town and rehearsals before a filing deadline.

The house's clock is shifted by whole days. Partners live in the real present, so what crosses the border is shifted back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from palmtax.base.clock import Clock, SystemClock
from palmtax.payment.adapters import Notice, PayChannel, PayOrder, RefundAsk, RefundOutcome, Trade


@dataclass(frozen=True, slots=True)
class ShiftedClock:
    """The machine's clock, moved by whole days."""

    days: int

    def now(self) -> datetime:
        """The instant in the house, UTC."""
        return SystemClock().now() + timedelta(days=self.days)

    def today(self) -> date:
        """The calendar day in China, in the house."""
        return SystemClock().today() + timedelta(days=self.days)


def clock_for(shift_days: int) -> Clock:
    """The machine's clock, or one that is so many days away from it."""
    return ShiftedClock(shift_days) if shift_days else SystemClock()


class ShiftedPay:
    """A payment channel whose instants are translated between the house's day and the real one."""

    def __init__(self, channel: PayChannel, days: int) -> None:
        self._channel = channel
        self._by = timedelta(days=days)

    def _out(self, order: PayOrder) -> PayOrder:
        return replace(order, expires_at=order.expires_at - self._by)

    def _trade(self, trade: Trade) -> Trade:
        return replace(trade, paid_at=trade.paid_at + self._by if trade.paid_at else None)

    def _refund(self, outcome: RefundOutcome) -> RefundOutcome:
        return replace(outcome, done_at=outcome.done_at + self._by if outcome.done_at else None)

    async def create_jsapi(self, order: PayOrder) -> str:
        """Order inside WeChat."""
        return await self._channel.create_jsapi(self._out(order))

    async def create_h5(self, order: PayOrder) -> str:
        """Order in another browser."""
        return await self._channel.create_h5(self._out(order))

    def client_parameters(self, prepay_id: str) -> dict[str, str]:
        """Signed now, in real time: WeChat checks it."""
        return self._channel.client_parameters(prepay_id)

    async def query(self, out_trade_no: str) -> Trade:
        """The truth about an order."""
        return self._trade(await self._channel.query(out_trade_no))

    async def close(self, out_trade_no: str) -> None:
        """No payment of this order any more."""
        await self._channel.close(out_trade_no)

    async def refund(self, ask: RefundAsk) -> RefundOutcome:
        """Give money back."""
        return self._refund(await self._channel.refund(ask))

    async def query_refund(self, out_refund_no: str) -> RefundOutcome:
        """How far a refund is."""
        return self._refund(await self._channel.query_refund(out_refund_no))

    async def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """A notice, if it is genuine."""
        notice = await self._channel.read_notice(headers, body)
        return replace(
            notice,
            sent_at=notice.sent_at + self._by,
            trade=self._trade(notice.trade) if notice.trade else None,
            refund=self._refund(notice.refund) if notice.refund else None,
        )
