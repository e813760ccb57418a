"""The WeChat Pay client against the WeChat Pay sandbox: signatures, orders, refunds, certificates, faults."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from palmtax.base.clock import FixedClock
from palmtax.payment.adapters import PayOrder, RefundAsk
from palmtax.payment.adapters.wechat_pay import WeChatPay, WeChatPaySettings
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable
from sandboxes.ground import Options
from sandboxes.pay import orders
from sandboxes.running import Running, running

NOTIFY_URL = "http://127.0.0.1:9/api/payment/wechat/notify"


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(Options(tmp_path_factory.mktemp("pay"), refund_seconds=0.1)) as sandboxes:
        yield sandboxes


@pytest.fixture
def calls() -> Counter[str]:
    return Counter()


@pytest.fixture
async def http(outside: Running, calls: Counter[str]) -> AsyncIterator[httpx.AsyncClient]:
    async def count(request: httpx.Request) -> None:
        calls[request.url.path.removeprefix("/pay/v3")] += 1

    async with httpx.AsyncClient(timeout=3, trust_env=False, event_hooks={"request": [count]}) as client:
        yield client
    outside.post("/sandbox/clock", json={"ahead_seconds": 0})


@pytest.fixture
def settings(outside: Running) -> WeChatPaySettings:
    return WeChatPaySettings.from_credentials(outside.folder, outside.credentials, f"{outside.url}/pay", NOTIFY_URL)


@pytest.fixture
def channel(settings: WeChatPaySettings, http: httpx.AsyncClient) -> WeChatPay:
    return WeChatPay(settings, http)


@pytest.fixture
def order(outside: Running) -> PayOrder:
    login = outside.post("/wechat/sandbox/wx-login", json={"person": "payer"}).json()
    return PayOrder(
        out_trade_no=uuid4().hex,
        description="增值税及附加 2026年第3季度",
        total_fen=123_456_789,
        expires_at=datetime.now(UTC) + timedelta(minutes=30),
        openid=login["openid"],
        payer_ip="203.0.113.7",
    )


async def refusal(waiting: Any) -> str:
    with pytest.raises(OutsideRefused) as refused:
        await waiting
    return refused.value.code


async def absence(waiting: Any) -> str:
    with pytest.raises(OutsideUnavailable) as absent:
        await waiting
    return absent.value.code


def fault(outside: Running, kind: str, **more: Any) -> None:
    answer = outside.post("/sandbox/faults", json={"server": "pay", "kind": kind, **more})
    assert answer.status_code == 201, answer.text


def pay(outside: Running, **asked: Any) -> httpx.Response:
    """What the WeChat client does after `wx.requestPayment`."""
    return outside.post("/pay/sandbox/pay", json=asked)


async def test_an_order_is_placed_paid_and_queried(channel, outside, order):
    prepay_id = await channel.create_jsapi(order)
    open_trade = await channel.query(order.out_trade_no)
    assert (open_trade.state, open_trade.is_paid, open_trade.transaction_id) == ("NOTPAY", False, None)
    assert pay(outside, **channel.client_parameters(prepay_id)).json()["errMsg"] == "requestPayment:ok"
    paid = await channel.query(order.out_trade_no)
    assert (paid.state, paid.total_fen, paid.payer_openid) == ("SUCCESS", 123_456_789, order.openid)
    assert paid.is_paid
    assert paid.transaction_id
    assert len(paid.transaction_id) == 28
    assert abs(datetime.now(UTC) - paid.paid_at) < timedelta(seconds=10)


async def test_an_order_is_paid_at_the_cashier(channel, outside, order):
    h5_url = await channel.create_h5(order)
    page = outside.get(h5_url + "&redirect_url=http%3A%2F%2F127.0.0.1%3A8000%2Fpay%2Fdone")
    assert page.status_code == 200
    for text in (
        "国家金库",
        "1,234,567.89",
        "增值税及附加 2026年第3季度",
        "立即支付",
        "http://127.0.0.1:8000/pay/done",
    ):
        assert text in page.text
    assert pay(outside, prepay_id=h5_url.split("prepay_id=")[1]).is_success
    assert (await channel.query(order.out_trade_no)).is_paid
    assert '"state": "SUCCESS"' in outside.get(h5_url).text


async def test_the_same_order_again_is_the_same_order(channel, order):
    assert await channel.create_jsapi(order) == await channel.create_jsapi(order)


@pytest.mark.parametrize("change", [{"total_fen": 1}, {"description": "别的"}, {"attach": "x"}])
async def test_the_same_number_for_another_order_is_refused(channel, order, change):
    await channel.create_jsapi(order)
    assert await refusal(channel.create_jsapi(replace(order, **change))) == "OUT_TRADE_NO_USED"
    assert (await channel.query(order.out_trade_no)).total_fen == order.total_fen


async def test_a_paid_order_is_neither_placed_nor_closed_nor_paid_again(channel, outside, order):
    prepay_id = await channel.create_jsapi(order)
    pay(outside, prepay_id=prepay_id)
    first = await channel.query(order.out_trade_no)
    assert await refusal(channel.create_jsapi(order)) == "ORDERPAID"
    assert await refusal(channel.close(order.out_trade_no)) == "ORDERPAID"
    assert pay(outside, prepay_id=prepay_id).status_code == 409
    assert await channel.query(order.out_trade_no) == first


async def test_a_closed_order_is_not_paid(channel, outside, order):
    prepay_id = await channel.create_jsapi(order)
    await channel.close(order.out_trade_no)
    await channel.close(order.out_trade_no)
    assert pay(outside, prepay_id=prepay_id).status_code == 409
    assert (await channel.query(order.out_trade_no)).state == "CLOSED"
    assert await refusal(channel.create_jsapi(order)) == "ORDER_CLOSED"


async def test_an_order_ends_at_its_time(channel, outside, order):
    prepay_id = await channel.create_jsapi(order)
    outside.post("/sandbox/clock", json={"ahead_seconds": 1801})
    assert pay(outside, prepay_id=prepay_id).status_code == 409
    assert (await channel.query(order.out_trade_no)).state == "CLOSED"


async def test_a_prepay_id_lasts_two_hours(channel, outside, order):
    order = replace(order, expires_at=order.expires_at + timedelta(days=1))
    prepay_id = await channel.create_jsapi(order)
    outside.post("/sandbox/clock", json={"ahead_seconds": 7201})
    assert pay(outside, prepay_id=prepay_id).status_code == 409
    fresh = await channel.create_jsapi(order)
    assert fresh != prepay_id
    assert pay(outside, prepay_id=fresh).is_success


async def test_an_unknown_order_is_told_apart(channel, order):
    assert await refusal(channel.query(order.out_trade_no)) == "ORDER_NOT_EXIST"
    assert await refusal(channel.close(order.out_trade_no)) == "ORDER_NOT_EXIST"


@pytest.mark.parametrize("number", ["short", "x" * 33, "has space", "../../certificates", "中文编号中文编号"])
async def test_impossible_order_numbers_never_leave_the_house(channel, order, calls, number):
    with pytest.raises(ValueError, match="out_trade_no"):
        await channel.create_jsapi(replace(order, out_trade_no=number))
    with pytest.raises(ValueError, match="out_trade_no"):
        await channel.query(number)
    assert not calls


@pytest.mark.parametrize("total_fen", [0, -1])
async def test_nothing_to_pay_never_leaves_the_house(channel, order, total_fen, calls):
    with pytest.raises(ValueError, match="nothing to pay"):
        await channel.create_jsapi(replace(order, total_fen=total_fen))
    assert not calls


async def test_wrong_orders_are_refused(channel, settings, http, order):
    past = replace(order, expires_at=datetime.now(UTC) - timedelta(seconds=1))
    assert await refusal(channel.create_jsapi(past)) == "PARAM_ERROR"
    assert await refusal(channel.create_jsapi(replace(order, openid="o-of-nobody"))) == "PARAM_ERROR"
    assert await refusal(channel.create_h5(replace(order, payer_ip="somewhere"))) == "PARAM_ERROR"
    other_app = WeChatPay(replace(settings, app_id="wx0000000000000000"), http)
    assert await refusal(other_app.create_jsapi(order)) == "APPID_MCHID_NOT_MATCH"
    abroad = WeChatPay(replace(settings, notify_url="https://example.com/notify"), http)
    assert await refusal(abroad.create_jsapi(order)) == "PARAM_ERROR"
    assert await refusal(channel.query(order.out_trade_no)) == "ORDER_NOT_EXIST"


async def test_another_merchants_key_or_number_is_refused(settings, http, order):
    stranger = generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for change in (
        {"merchant_private_key_pem": stranger.decode()},
        {"mchid": "1600000000"},
        {"merchant_serial_no": "0" * 40},
    ):
        assert await refusal(WeChatPay(replace(settings, **change), http).create_jsapi(order)) == "SIGN_ERROR"


def test_a_weak_merchant_key_is_not_taken(settings, http):
    weak_key = generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - to see it refused
    weak = weak_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with pytest.raises(ValueError, match="2048"):
        WeChatPay(replace(settings, merchant_private_key_pem=weak.decode()), http)


async def test_a_changed_request_is_refused(settings, order):
    async def change(request: httpx.Request) -> None:
        request.stream = httpx.ByteStream(request.content.replace(b"123456789", b"000000001"))

    async with httpx.AsyncClient(trust_env=False, event_hooks={"request": [change]}) as meddler:
        assert await refusal(WeChatPay(settings, meddler).create_jsapi(order)) == "SIGN_ERROR"


async def test_a_wrong_clock_of_ours_is_noticed(settings, http, order):
    slow = WeChatPay(settings, http, FixedClock(datetime.now(UTC) - timedelta(minutes=6)))
    assert await refusal(slow.create_jsapi(order)) == "SIGN_ERROR"


@pytest.mark.parametrize("kind", ["forged_answer", "unsigned_answer", "probe_answer", "stale_answer"])
async def test_an_answer_that_is_not_provably_genuine_is_not_believed(channel, outside, order, kind):
    prepay_id = await channel.create_jsapi(order)
    fault(outside, kind, count=2)
    assert await absence(channel.query(order.out_trade_no)) == "forged_answer"
    fault(outside, kind)
    assert await channel.create_jsapi(order) == prepay_id


async def test_a_refusal_with_a_bad_signature_is_not_believed(channel, outside, order):
    await channel.create_jsapi(order)
    fault(outside, "forged_answer", count=2)
    assert await absence(channel.query(uuid4().hex)) == "forged_answer"
    fault(outside, "unsigned_answer")
    assert await refusal(channel.query(uuid4().hex)) == "ORDER_NOT_EXIST"


async def test_certificates_not_opened_by_our_key_are_not_believed(settings, http, order):
    assert await absence(WeChatPay(replace(settings, api_v3_key="0" * 32), http).create_jsapi(order)) == "forged_answer"


@pytest.mark.parametrize(
    ("kind", "code"), [("error", "http_500"), ("too_many", "http_429"), ("drop_before", "transport")]
)
async def test_an_absent_platform_is_asked_once_more(channel, outside, order, kind, code):
    await channel.create_jsapi(order)
    fault(outside, kind)
    assert (await channel.query(order.out_trade_no)).state == "NOTPAY"
    fault(outside, kind, count=2)
    assert await absence(channel.query(order.out_trade_no)) == code
    outside.delete("/sandbox/faults")


async def test_a_lost_answer_to_an_order_is_healed_by_asking_again(channel, outside, order):
    fault(outside, "drop_after")
    prepay_id = await channel.create_jsapi(order)
    assert await channel.create_jsapi(order) == prepay_id


async def test_a_slow_platform_is_given_up(settings, outside, order):
    async with httpx.AsyncClient(timeout=0.3, trust_env=False) as hasty:
        channel = WeChatPay(settings, hasty)
        fault(outside, "slow", seconds=0.8, count=2)
        assert await absence(channel.create_jsapi(order)) == "transport"
        assert await channel.create_jsapi(order)


async def test_a_refusing_bank_leaves_the_order_open(channel, outside, order):
    prepay_id = await channel.create_jsapi(order)
    fault(outside, "bank_refuses")
    assert pay(outside, prepay_id=prepay_id).status_code == 402
    assert (await channel.query(order.out_trade_no)).state == "NOTPAY"
    assert pay(outside, prepay_id=prepay_id).is_success


async def test_the_payers_parameters_are_signed(channel, settings, outside, order):
    prepay_id = await channel.create_jsapi(order)
    parameters = channel.client_parameters(prepay_id)
    assert set(parameters) == {"app_id", "time_stamp", "nonce_str", "package", "sign_type", "pay_sign"}
    assert parameters["package"] == f"prepay_id={prepay_id}"
    for name in ("time_stamp", "nonce_str", "pay_sign", "sign_type", "app_id"):
        assert pay(outside, **{**parameters, name: parameters[name][::-1]}).status_code == 400
    assert (await channel.query(order.out_trade_no)).state == "NOTPAY"
    as_wx_says_it = {
        "timeStamp": parameters["time_stamp"],
        "nonceStr": parameters["nonce_str"],
        "package": parameters["package"],
        "signType": parameters["sign_type"],
        "paySign": parameters["pay_sign"],
    }
    assert pay(outside, **as_wx_says_it).json()["errMsg"] == "requestPayment:ok"


def asked_refund(order: PayOrder, fen: int) -> RefundAsk:
    return RefundAsk(order.out_trade_no, f"R{uuid4().hex}", fen, order.total_fen, "重复缴款")


async def paid(channel: WeChatPay, outside: Running, order: PayOrder) -> None:
    assert pay(outside, prepay_id=await channel.create_jsapi(order)).is_success


async def finished(channel: WeChatPay, number: str) -> Any:
    for _ in range(60):
        outcome = await channel.query_refund(number)
        if outcome.state != "PROCESSING":
            return outcome
        await asyncio.sleep(0.05)
    raise AssertionError("the refund never ended")


async def test_a_refund_goes_through_once(channel, outside, order):
    await paid(channel, outside, order)
    ask = asked_refund(order, 100)
    first = await channel.refund(ask)
    again = await channel.refund(ask)
    assert first.refund_id == again.refund_id
    done = await finished(channel, ask.out_refund_no)
    assert (done.state, done.refund_fen, done.out_trade_no) == ("SUCCESS", 100, order.out_trade_no)
    assert done.done_at is not None
    trade = await channel.query(order.out_trade_no)
    assert (trade.state, trade.is_paid) == ("REFUND", True)


async def test_no_more_goes_back_than_came_in(channel, outside, order):
    await paid(channel, outside, order)
    await channel.refund(asked_refund(order, order.total_fen - 1))
    assert await refusal(channel.refund(asked_refund(order, 2))) == "INVALID_REQUEST"
    await channel.refund(asked_refund(order, 1))
    assert await refusal(channel.refund(asked_refund(order, 1))) == "INVALID_REQUEST"


async def test_wrong_refunds_are_refused(channel, outside, order):
    await channel.create_jsapi(order)
    assert await refusal(channel.refund(asked_refund(order, 1))) == "INVALID_REQUEST"
    unknown = replace(order, out_trade_no=uuid4().hex)
    assert await refusal(channel.refund(asked_refund(unknown, 1))) == "RESOURCE_NOT_EXISTS"
    assert await refusal(channel.query_refund("R-unknown")) == "RESOURCE_NOT_EXISTS"
    await paid(channel, outside, order)
    assert await refusal(channel.refund(replace(asked_refund(order, 1), total_fen=5))) == "PARAM_ERROR"
    ask = asked_refund(order, 1)
    await channel.refund(ask)
    assert await refusal(channel.refund(replace(ask, refund_fen=2))) == "INVALID_REQUEST"


async def test_an_abnormal_refund_is_told(channel, outside, order):
    await paid(channel, outside, order)
    fault(outside, "refund_abnormal")
    ask = asked_refund(order, 1)
    await channel.refund(ask)
    assert (await finished(channel, ask.out_refund_no)).state == "ABNORMAL"


async def test_certificates_are_fetched_once(channel, order, calls):
    await channel.create_jsapi(order)
    await channel.query(order.out_trade_no)
    assert calls["/certificates"] == 1


async def test_a_new_platform_certificate_is_fetched_when_it_first_signs(settings, http, outside, order, calls):
    channel = WeChatPay(replace(settings, certificate_gap=timedelta(0)), http)
    await channel.create_jsapi(order)
    outside.post("/pay/sandbox/rotate")
    assert (await channel.query(order.out_trade_no)).state == "NOTPAY"
    assert calls["/certificates"] == 2


async def test_an_unknown_serial_number_does_not_make_us_ask_all_the_time(channel, outside, order, calls):
    await channel.create_jsapi(order)
    outside.post("/pay/sandbox/rotate")
    for _ in range(3):
        assert await absence(channel.query(order.out_trade_no)) == "forged_answer"
    assert calls["/certificates"] == 1


async def test_answers_under_the_public_key_need_no_certificate(settings, http, outside, order, calls):
    settings = WeChatPaySettings.from_credentials(
        outside.folder, outside.credentials, settings.base_url, NOTIFY_URL, with_public_key=True
    )
    channel = WeChatPay(settings, http)
    await channel.create_jsapi(order)
    assert (await channel.query(order.out_trade_no)).state == "NOTPAY"
    assert calls["/certificates"] == 0


def test_secrets_are_not_shown(settings):
    shown = repr(settings)
    assert settings.api_v3_key not in shown
    assert "PRIVATE KEY" not in shown


@pytest.mark.parametrize(
    "change",
    [
        {"amount": {"total": 1.5, "currency": "CNY"}},
        {"amount": {"total": "100", "currency": "CNY"}},
        {"amount": {"total": -1, "currency": "CNY"}},
        {"amount": {"total": 100, "currency": "USD"}},
        {"trade_state": "PERHAPS"},
        {"mchid": "1600000000"},
        {"appid": "wx-other"},
        {"out_trade_no": "another-order"},
        {"success_time": "yesterday"},
    ],
)
async def test_a_signed_answer_of_the_wrong_shape_is_not_used(settings, http, outside, order, change, monkeypatch):

    true_trade = orders.trade
    channel = WeChatPay(settings, http)
    await channel.create_jsapi(order)
    monkeypatch.setattr(orders, "trade", lambda *of: json.loads(json.dumps({**true_trade(*of), **change})))
    assert await absence(channel.query(order.out_trade_no)) == "unreadable"
