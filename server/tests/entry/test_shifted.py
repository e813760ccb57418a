"""A house on another day: its own clock is shifted, what crosses the border is shifted back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from palmtax.base.clock import SystemClock
from palmtax.entry.house import house_of
from palmtax.entry.shifted import ShiftedClock, ShiftedPay, clock_for
from palmtax.payment.adapters import Notice, PayChannel, PayOrder, RefundAsk, RefundOutcome, Trade
from palmtax.plumbing.settings import Settings

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)  # Monday


@dataclass
class Cashier:
    """A channel that lives in the present and writes down what it was asked."""

    asked: list[Any] = field(default_factory=list)

    async def create_jsapi(self, order):
        self.asked.append(order)
        return "prepay"

    async def create_h5(self, order):
        self.asked.append(order)
        return "https://h5"

    def client_parameters(self, prepay_id):
        return {"package": prepay_id}

    async def query(self, number):
        return (
            Trade(number, "SUCCESS", 1, "42", None, NOON, None)
            if number == "paid"
            else Trade(number, "NOTPAY", 1, None, None, None, None)
        )

    async def close(self, number):
        self.asked.append(number)

    async def refund(self, ask):
        self.asked.append(ask)
        return RefundOutcome(ask.out_refund_no, ask.out_trade_no, "50", "SUCCESS", ask.refund_fen, NOON)

    async def query_refund(self, number):
        return RefundOutcome(number, "t", "50", "PROCESSING", 1, None)

    async def read_notice(self, _headers, _body):
        return Notice("n", "x", "TRANSACTION.SUCCESS", NOON, await self.query("paid"), None)


@pytest.mark.parametrize("days", [-37, -1, 1, 400])
def test_the_clock_is_whole_days_away_and_runs_on(days):
    clock = clock_for(days)
    real = SystemClock()
    assert isinstance(clock, ShiftedClock)
    assert abs(clock.now() - real.now() - timedelta(days=days)) < timedelta(seconds=1)
    assert (clock.today() - real.today()).days == days
    assert clock.now() <= clock.now()
    assert clock.now().tzinfo is UTC


def test_a_house_of_today_has_the_clock_of_the_machine():
    assert isinstance(clock_for(0), SystemClock)


@pytest.mark.parametrize("days", [-37, 40])
async def test_instants_are_translated_both_ways(days):
    inner = Cashier()
    pay: PayChannel = ShiftedPay(inner, days)
    by = timedelta(days=days)
    order = PayOrder("PT1", "税款", 100, NOON + by, "openid", None)
    assert await pay.create_jsapi(order) == "prepay"
    assert await pay.create_h5(order) == "https://h5"
    assert [asked.expires_at for asked in inner.asked] == [NOON, NOON]
    assert inner.asked[0].total_fen == 100
    assert (await pay.query("paid")).paid_at == NOON + by
    assert (await pay.query("open")).paid_at is None
    ask = RefundAsk(out_trade_no="PT1", out_refund_no="RF1", refund_fen=5, total_fen=100, reason="x")
    assert (await pay.refund(ask)).done_at == NOON + by
    assert (await pay.query_refund("RF1")).done_at is None
    notice = await pay.read_notice({}, b"")
    assert (notice.sent_at, notice.trade.paid_at, notice.refund) == (NOON + by, NOON + by, None)
    await pay.close("PT1")
    assert inner.asked[-1] == "PT1"
    assert pay.client_parameters("p") == {"package": "p"}


async def test_a_shifted_house_has_a_shifted_cashier(tmp_path):
    from sandboxes.credentials import load_or_make

    load_or_make(tmp_path)
    common = {
        "PALMTAX_OUTSIDE_CREDENTIALS_FILE": str(tmp_path / "credentials.json"),
        "PALMTAX_DATABASE_URL": "postgresql://x/y",
    }
    shifted = house_of(Settings(common | {"PALMTAX_SERVER_SHIFT_DAYS": "-37"}), "test")
    present = house_of(Settings(common), "test")
    assert (type(shifted.clock).__name__, type(shifted.outside["pay"]).__name__) == ("ShiftedClock", "ShiftedPay")
    assert (type(present.clock).__name__, type(present.outside["pay"]).__name__) == ("SystemClock", "WeChatPay")
    for house in (shifted, present):
        for client in house.probes.values():
            await client.aclose()
