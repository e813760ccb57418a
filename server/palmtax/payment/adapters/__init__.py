"""The port to payment channels, in the channel's own words: orders, trades, refunds, notices.

Money is integer fen, instants are UTC. Every method raises `OutsideRefused` (the channel said no; `code` is its own)
or `OutsideUnavailable` (no usable or no genuine answer: ask again with the same number, never with a new one).
A notice is only believed after `read_notice`; that it is new is the caller's to check (`notice_id`, `nonce`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

TradeState = Literal["SUCCESS", "REFUND", "NOTPAY", "CLOSED", "USERPAYING", "PAYERROR", "REVOKED"]
RefundState = Literal["PROCESSING", "SUCCESS", "CLOSED", "ABNORMAL"]


@dataclass(frozen=True, slots=True)
class PayOrder:
    """What to pay: `openid` for payment inside WeChat, `payer_ip` for another browser."""

    out_trade_no: str
    description: str
    total_fen: int
    expires_at: datetime
    openid: str | None = None
    payer_ip: str | None = None
    attach: str | None = None


@dataclass(frozen=True, slots=True)
class Trade:
    """An order as the channel sees it; `transaction_id`, `payer_openid` and `paid_at` once it is paid."""

    out_trade_no: str
    state: TradeState
    total_fen: int | None
    transaction_id: str | None
    payer_openid: str | None
    paid_at: datetime | None
    attach: str | None

    @property
    def is_paid(self) -> bool:
        """Whether the money was taken (a refund may have followed)."""
        return self.state in {"SUCCESS", "REFUND"}


@dataclass(frozen=True, slots=True)
class RefundAsk:
    """Give money back: all or a part of an order; repeat with the same `out_refund_no`."""

    out_trade_no: str
    out_refund_no: str
    refund_fen: int
    total_fen: int
    reason: str


@dataclass(frozen=True, slots=True)
class RefundOutcome:
    """How far a refund is."""

    out_refund_no: str
    out_trade_no: str
    refund_id: str
    state: RefundState
    refund_fen: int
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Notice:
    """A genuine notice: its signature, age, encryption and addressee were checked.

    `notice_id` is the same in every repeat, `nonce` in none: the guard against replays needs both.
    """

    notice_id: str
    nonce: str
    event: str
    sent_at: datetime
    trade: Trade | None
    refund: RefundOutcome | None


class NoticeForged(Exception):
    """Not a genuine notice for us; answer 401 and change nothing. `reason` is for the log, it names no person."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PayChannel(Protocol):
    """What payment needs of a channel."""

    async def create_jsapi(self, order: PayOrder) -> str:
        """Order for payment inside WeChat; the prepay id (two hours). The same order again gives it again."""
        ...

    async def create_h5(self, order: PayOrder) -> str:
        """Order for payment in another browser; the cashier's address."""
        ...

    def client_parameters(self, prepay_id: str) -> dict[str, str]:
        """What the front end hands to `wx.requestPayment`, signed now."""
        ...

    async def query(self, out_trade_no: str) -> Trade:
        """The truth about an order; refused as `ORDER_NOT_EXIST` when the channel never heard of it."""
        ...

    async def close(self, out_trade_no: str) -> None:
        """No payment of this order any more; refused as `ORDERPAID` when it was paid."""
        ...

    async def refund(self, ask: RefundAsk) -> RefundOutcome:
        """Give money back."""
        ...

    async def query_refund(self, out_refund_no: str) -> RefundOutcome:
        """How far a refund is."""
        ...

    async def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """A notice, if it is genuine; NoticeForged if not; `OutsideUnavailable` if the keys cannot be fetched now."""
        ...


__all__ = [
    "Notice",
    "NoticeForged",
    "PayChannel",
    "PayOrder",
    "RefundAsk",
    "RefundOutcome",
    "RefundState",
    "Trade",
    "TradeState",
]
