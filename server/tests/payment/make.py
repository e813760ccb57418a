"""Makes what payment tests need: taxpayers, actors, charged returns, and a channel that behaves like WeChat Pay."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from palmtax import payment, registry
from palmtax.base.actor import Actor, Hat
from palmtax.base.clock import FixedClock
from palmtax.base.identifiers import make_uscc, uuid7
from palmtax.payment.adapters import Notice, NoticeForged, PayOrder, RefundAsk, RefundOutcome, Trade
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable
from palmtax.plumbing.together import together

TAXPAYER = 3_001
OFFICE = "14403050000"
DUE_ON = date(2026, 10, 26)  # Monday; 2026Q3 after the National Day roll
PAYER_SCOPES = frozenset({"payment.read", "payment.pay", "certificates.read", "certificates.issue"})
OFFICER_SCOPES = frozenset({"cases.read", "payment.register_transfer"})


def make_payer(taxpayer_id: int = TAXPAYER, person_id: int = 11, scopes: frozenset[str] = PAYER_SCOPES) -> Actor:
    hat = Hat(uuid7(), "enterprise", "finance_lead", taxpayer_id, None, scopes)
    return Actor(person_id, uuid7(), hat, "h5", "request-payer")


def make_officer(office_code: str = OFFICE, person_id: int = 91, scopes: frozenset[str] = OFFICER_SCOPES) -> Actor:
    hat = Hat(uuid7(), "officer", "hall_clerk", None, office_code, scopes)
    return Actor(person_id, uuid7(), hat, "workbench", "request-officer")


async def make_taxpayer(tx, taxpayer_id: int = TAXPAYER, name: str = "云山小吃店（个体工商户）", office: str = OFFICE):
    await registry.load_offices(tx, [registry.Office(office, "云山区税务局", "Yunshan District Tax Bureau")])
    made = registry.Taxpayer(
        taxpayer_id=taxpayer_id, name=name, uscc=make_uscc("9", "2", "440305", f"MA{taxpayer_id:06d}"),
        kind="individual_business", vat_kind="small_scale", filing_period="quarter", place_kind="city",
        is_half_relief=True, industry="餐饮", address="云山区一号", office_code=office, office_name="云山区税务局",
        registered_on=date(2024, 5, 6), status="normal",
    )  # fmt: skip
    await registry.load_taxpayers(tx, [made])
    return made


def taxes(vat: int, city: int = 0) -> list[payment.ChargeItem]:
    return [payment.ChargeItem("vat_small_scale", vat), payment.ChargeItem("urban_construction", city)]


async def charge(
    tx,
    items: list[payment.ChargeItem],
    *,
    booked_at: datetime,
    taxpayer_id: int = TAXPAYER,
    return_id: UUID | None = None,
    relates_to: UUID | None = None,
    due_on: date = DUE_ON,
    keeps_overpaid: bool = False,
) -> UUID:
    return_id = return_id or uuid7()
    parts = payment.charge_parts(
        taxpayer_id=taxpayer_id, return_id=return_id, return_no=f"R{str(return_id)[-6:]}", period="2026Q3",
        due_on=due_on,
        items=items, booked_at=booked_at, entry_id=uuid7(), relates_to=relates_to, keeps_overpaid=keeps_overpaid,
    )  # fmt: skip
    if parts:
        await together(tx, *parts)
    return return_id


@dataclass
class FakeChannel:
    """WeChat Pay in memory: one merchant, trades by number, faults on demand."""

    clock: FixedClock
    trades: dict[str, Trade] = field(default_factory=dict)
    openids: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    refunds: dict[str, RefundOutcome] = field(default_factory=dict)
    refund_state: str = "SUCCESS"
    is_away: bool = False
    calls: list[str] = field(default_factory=list)

    def _answering(self, call: str) -> None:
        self.calls.append(call)
        if self.is_away:
            raise OutsideUnavailable("transport")

    def _create(self, order: PayOrder) -> None:
        known = self.trades.get(order.out_trade_no)
        if known is not None:
            if known.is_paid:
                raise OutsideRefused("ORDERPAID")
            if known.state == "CLOSED":
                raise OutsideRefused("ORDER_CLOSED")
            if known.total_fen != order.total_fen or self.openids[order.out_trade_no] != (order.openid, order.payer_ip):
                raise OutsideRefused("OUT_TRADE_NO_USED")
        self.trades[order.out_trade_no] = Trade(order.out_trade_no, "NOTPAY", order.total_fen, None, None, None, None)
        self.openids[order.out_trade_no] = (order.openid, order.payer_ip)

    async def create_jsapi(self, order: PayOrder) -> str:
        self._answering("create_jsapi")
        self._create(order)
        return f"wx{order.out_trade_no}"

    async def create_h5(self, order: PayOrder) -> str:
        self._answering("create_h5")
        assert order.payer_ip
        self._create(order)
        return f"https://wx.example/pay?prepay_id={order.out_trade_no}"

    def client_parameters(self, prepay_id: str) -> dict[str, str]:
        return {
            "app_id": "wxapp", "time_stamp": "1", "nonce_str": "n", "package": f"prepay_id={prepay_id}",
            "sign_type": "RSA", "pay_sign": "s",
        }  # fmt: skip

    def pay(self, out_trade_no: str, *, total_fen: int | None = None) -> Trade:
        """The payer pays on the phone."""
        known = self.trades[out_trade_no]
        assert known.state == "NOTPAY", known.state
        self.trades[out_trade_no] = replace(
            known, state="SUCCESS", transaction_id=f"42{out_trade_no}", paid_at=self.clock.now(),
            total_fen=known.total_fen if total_fen is None else total_fen,
        )  # fmt: skip
        return self.trades[out_trade_no]

    async def query(self, out_trade_no: str) -> Trade:
        self._answering("query")
        if out_trade_no not in self.trades:
            raise OutsideRefused("ORDER_NOT_EXIST")
        return self.trades[out_trade_no]

    async def close(self, out_trade_no: str) -> None:
        self._answering("close")
        known = self.trades.get(out_trade_no)
        if known is None:
            raise OutsideRefused("ORDER_NOT_EXIST")
        if known.is_paid:
            raise OutsideRefused("ORDERPAID")
        self.trades[out_trade_no] = replace(known, state="CLOSED")

    async def refund(self, ask: RefundAsk) -> RefundOutcome:
        self._answering("refund")
        if ask.out_refund_no in self.refunds:
            found = self.refunds[ask.out_refund_no]
            assert (found.out_trade_no, found.refund_fen) == (ask.out_trade_no, ask.refund_fen)
            self.refunds[ask.out_refund_no] = replace(found, state=self.refund_state)
            return self.refunds[ask.out_refund_no]
        trade = self.trades[ask.out_trade_no]
        given = sum(r.refund_fen for r in self.refunds.values() if r.out_trade_no == ask.out_trade_no)
        if not trade.is_paid or trade.total_fen != ask.total_fen or given + ask.refund_fen > ask.total_fen:
            raise OutsideRefused("INVALID_REQUEST")
        made = RefundOutcome(
            ask.out_refund_no, ask.out_trade_no, f"50{ask.out_refund_no}", self.refund_state, ask.refund_fen, None
        )
        self.refunds[ask.out_refund_no] = made
        return made

    async def query_refund(self, out_refund_no: str) -> RefundOutcome:
        self._answering("query_refund")
        return self.refunds[out_refund_no]

    def notice(self, trade: Trade, *, notice_id: str = "n-1", nonce: str = "x-1") -> bytes:
        """The body of a notice that this channel would find genuine."""
        return json.dumps(
            {"id": notice_id, "nonce": nonce, "out_trade_no": trade.out_trade_no, "seal": "good"}
        ).encode()

    async def read_notice(self, _headers: dict[str, str], body: bytes) -> Notice:
        if self.is_away:
            raise OutsideUnavailable("keys")
        try:
            read: dict[str, Any] = json.loads(body)
            if read["seal"] != "good":
                raise NoticeForged("signature does not hold")
            number = read["out_trade_no"]
        except (ValueError, KeyError, TypeError):
            raise NoticeForged("unreadable") from None
        if number in self.refunds:
            return Notice(read["id"], read["nonce"], "REFUND.SUCCESS", self.clock.now(), None, self.refunds[number])
        trade = self.trades.get(number) or Trade(number, "SUCCESS", 1, "42x", None, self.clock.now(), None)
        return Notice(read["id"], read["nonce"], "TRANSACTION.SUCCESS", self.clock.now(), trade, None)
