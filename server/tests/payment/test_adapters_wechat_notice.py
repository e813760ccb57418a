"""Notices of WeChat Pay: sent by the sandbox to a real listener, read by the client, spoiled in every way."""

from __future__ import annotations

import asyncio
import base64
import json
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

from palmtax.base.clock import FixedClock
from palmtax.payment.adapters import NoticeForged, PayOrder, RefundAsk
from palmtax.payment.adapters.wechat_pay import WeChatPay, WeChatPaySettings
from palmtax.payment.adapters.wechat_signature import SignatureWrong, sign, unseal
from palmtax.plumbing.outbound import OutsideUnavailable
from sandboxes.ground import Options
from sandboxes.running import Running, running

PACE = 0.01  # the first gaps of 15, 15, 30 seconds become 0.15, 0.15, 0.3


@dataclass
class Ear:
    """Hears what is posted to it and answers what it is told to."""

    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    url: str = ""

    async def wait(self, count: int, seconds: float = 5) -> list[tuple[dict[str, str], bytes]]:
        """The first `count` notices."""
        deadline = time.monotonic() + seconds
        while len(self.heard) < count:
            assert time.monotonic() < deadline, f"heard {len(self.heard)} of {count}"
            await asyncio.sleep(0.02)
        return self.heard[:count]


@pytest.fixture
def ear() -> Iterator[Ear]:
    hears = Ear()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            hears.heard.append((dict(self.headers), body))
            self.send_response(hears.answers.pop(0) if hears.answers else 204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    hears.url = f"http://127.0.0.1:{server.server_address[1]}/api/payment/wechat/notify"
    yield hears
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    options = Options(
        tmp_path_factory.mktemp("notice"), notice_pace=PACE, notice_delay_seconds=0.05, refund_seconds=0.05
    )
    with running(options) as sandboxes:
        yield sandboxes


@pytest.fixture
async def channel(outside: Running, ear: Ear) -> Any:
    settings = WeChatPaySettings.from_credentials(outside.folder, outside.credentials, f"{outside.url}/pay", ear.url)
    async with httpx.AsyncClient(timeout=3, trust_env=False) as http:
        yield WeChatPay(settings, http)
    outside.delete("/sandbox/faults")


def fault(outside: Running, kind: str, **more: Any) -> None:
    answer = outside.post("/sandbox/faults", json={"server": "pay_notice", "kind": kind, **more})
    assert answer.status_code == 201, answer.text


async def paid(channel: WeChatPay, outside: Running, total_fen: int = 8_888) -> PayOrder:
    login = outside.post("/wechat/sandbox/wx-login", json={"person": "payer"}).json()
    order = PayOrder(uuid4().hex, "增值税", total_fen, datetime.now(UTC) + timedelta(minutes=30), login["openid"])
    prepay_id = await channel.create_jsapi(order)
    assert outside.post("/pay/sandbox/pay", json=channel.client_parameters(prepay_id)).is_success
    return order


async def reason(waiting: Any) -> str:
    with pytest.raises(NoticeForged) as forged:
        await waiting
    return forged.value.reason


async def test_a_payment_is_told_once(channel, outside, ear):
    order = await paid(channel, outside)
    ((headers, body),) = await ear.wait(1)
    notice = await channel.read_notice(headers, body)
    assert (notice.event, notice.refund) == ("TRANSACTION.SUCCESS", None)
    assert notice.trade == await channel.query(order.out_trade_no)
    assert (notice.trade.out_trade_no, notice.trade.total_fen) == (order.out_trade_no, 8_888)
    assert notice.nonce == {name.lower(): headers[name] for name in headers}["wechatpay-nonce"]
    await asyncio.sleep(0.5)
    assert len(ear.heard) == 1


async def test_an_unanswered_notice_is_repeated_with_the_same_id_and_another_nonce(channel, outside, ear):
    ear.answers = [500, 401, 404]
    await paid(channel, outside)
    heard = await ear.wait(4)
    notices = [await channel.read_notice(*each) for each in heard]
    assert len({notice.notice_id for notice in notices}) == 1
    assert len({notice.nonce for notice in notices}) == 4
    await asyncio.sleep(0.5)
    assert len(ear.heard) == 4


async def test_a_double_notice_has_one_id(channel, outside, ear):
    fault(outside, "double")
    await paid(channel, outside)
    first, second = [await channel.read_notice(*each) for each in await ear.wait(2)]
    assert first.notice_id == second.notice_id
    assert first.nonce != second.nonce


async def test_a_late_notice_comes_late(channel, outside, ear):
    fault(outside, "late", seconds=0.6)
    await paid(channel, outside)
    await asyncio.sleep(0.3)
    assert ear.heard == []
    await ear.wait(1)


async def test_a_missing_notice_is_healed_by_query(channel, outside, ear):
    fault(outside, "missing")
    order = await paid(channel, outside)
    assert (await channel.query(order.out_trade_no)).is_paid
    await asyncio.sleep(0.5)
    assert ear.heard == []


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("forged", "signature does not hold"),
        ("tampered", "signature does not hold"),
        ("probe", "probe"),
        ("stale", "timestamp more than 5 minutes off"),
    ],
)
async def test_a_spoiled_notice_is_refused_and_the_true_one_taken(channel, outside, ear, kind, wrong):
    fault(outside, kind)
    await paid(channel, outside)
    spoiled, true = await ear.wait(2)
    assert await reason(channel.read_notice(*spoiled)) == wrong
    assert (await channel.read_notice(*true)).trade.is_paid


async def test_a_refund_is_told(channel, outside, ear):
    order = await paid(channel, outside)
    ask = RefundAsk(order.out_trade_no, f"R{uuid4().hex}", 8_000, 8_888, "重复缴款")
    await channel.refund(ask)
    _, (headers, body) = await ear.wait(2)
    notice = await channel.read_notice(headers, body)
    assert (notice.event, notice.trade) == ("REFUND.SUCCESS", None)
    assert (notice.refund.out_refund_no, notice.refund.state, notice.refund.refund_fen) == (
        ask.out_refund_no,
        "SUCCESS",
        8_000,
    )


async def test_a_replay_is_stopped_by_its_age(outside, ear, channel):
    await paid(channel, outside)
    ((headers, body),) = await ear.wait(1)
    settings = WeChatPaySettings.from_credentials(outside.folder, outside.credentials, f"{outside.url}/pay", ear.url)
    async with httpx.AsyncClient(trust_env=False) as http:
        later = WeChatPay(settings, http, FixedClock(datetime.now(UTC) + timedelta(minutes=6)))
        assert await reason(later.read_notice(headers, body)) == "timestamp more than 5 minutes off"


async def test_every_missing_or_changed_header_is_refused(channel, outside, ear):
    await paid(channel, outside)
    ((headers, body),) = await ear.wait(1)
    headers = {name.lower(): headers[name] for name in headers}
    for name in ("serial", "timestamp", "nonce", "signature"):
        without = {key: headers[key] for key in headers if key != f"wechatpay-{name}"}
        assert await reason(channel.read_notice(without, body)) == "unsigned"
    for name, value, wrong in (
        ("serial", "F" * 40, "unknown serial number"),
        ("serial", "PUB_KEY_ID_000000000000000000000000", "unknown serial number"),
        ("timestamp", str(int(headers["wechatpay-timestamp"]) + 1), "signature does not hold"),
        ("timestamp", "-1", "timestamp malformed"),
        ("timestamp", "1e9", "timestamp malformed"),
        ("timestamp", "９" * 10, "timestamp malformed"),
        ("nonce", "other", "signature does not hold"),
        ("signature", "not base64!", "signature does not hold"),
        ("signature", base64.b64encode(secrets.token_bytes(256)).decode(), "signature does not hold"),
        ("signature-type", "WECHATPAY2-SHA256-HMAC", "other scheme"),
    ):
        changed = headers | {f"wechatpay-{name}": value}
        assert await reason(channel.read_notice(changed, body)) == wrong
    for spoiled in (body + b" ", body[:-1], body.replace(b"TRANSACTION", b"REFUND"), b""):
        assert await reason(channel.read_notice(headers, spoiled)) == "signature does not hold"
    assert (await channel.read_notice(headers, body)).trade.is_paid


async def test_without_keys_a_notice_is_neither_taken_nor_called_forged(outside, channel, ear):
    await paid(channel, outside)
    ((headers, body),) = await ear.wait(1)
    settings = WeChatPaySettings.from_credentials(outside.folder, outside.credentials, "http://127.0.0.1:9", ear.url)
    async with httpx.AsyncClient(trust_env=False) as http:
        with pytest.raises(OutsideUnavailable):
            await WeChatPay(settings, http).read_notice(headers, body)


class Forger:
    """Holds a true platform key and our APIv3 key, to make well-signed notices with wrong content."""

    def __init__(self, folder: Path) -> None:
        self.api_v3_key = secrets.token_hex(16)
        self.platform = generate_private_key(public_exponent=65537, key_size=2048)
        public = self.platform.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.settings = WeChatPaySettings(
            base_url="http://127.0.0.1:9",
            app_id="wx-ours",
            mchid="1600000001",
            merchant_serial_no="1",
            merchant_private_key_pem=(folder / "pay_merchant.key.pem").read_text(),
            api_v3_key=self.api_v3_key,
            notify_url="http://127.0.0.1:9/",
            public_key_id="PUB_KEY_ID_1",
            public_key_pem=public.decode(),
        )

    def notice(self, event: str = "TRANSACTION.SUCCESS", key: str | None = None, **change: Any) -> tuple[Any, bytes]:
        content = {
            "appid": "wx-ours",
            "mchid": "1600000001",
            "out_trade_no": "order-1",
            "trade_state": "SUCCESS",
            "transaction_id": "4200",
            "success_time": "2026-11-23T12:00:00+08:00",
            "payer": {"openid": "o-payer"},
            "amount": {"total": 1, "currency": "CNY"},
        }
        plain = json.dumps({name: value for name, value in (content | change).items() if value is not None})
        cipher = AESGCM((key or self.api_v3_key).encode()).encrypt(b"123456789012", plain.encode(), b"transaction")
        resource = {
            "algorithm": "AEAD_AES_256_GCM",
            "nonce": "123456789012",
            "associated_data": "transaction",
            "ciphertext": base64.b64encode(cipher).decode(),
        }
        return self.signed(json.dumps({"id": "n-1", "event_type": event, "resource": resource}).encode())

    def signed(self, body: bytes) -> tuple[Any, bytes]:
        stamp, nonce = str(int(time.time())), secrets.token_hex(8)
        message = f"{stamp}\n{nonce}\n".encode() + body + b"\n"
        return {
            "Wechatpay-Serial": "PUB_KEY_ID_1",
            "Wechatpay-Timestamp": stamp,
            "Wechatpay-Nonce": nonce,
            "Wechatpay-Signature": base64.b64encode(self.platform.sign(message, PKCS1v15(), SHA256())).decode(),
        }, body


@pytest.fixture(scope="module")
def forger(outside: Running) -> Forger:
    return Forger(outside.folder)


async def test_content_for_somebody_else_or_sealed_by_somebody_else_is_refused(forger):
    async with httpx.AsyncClient(trust_env=False) as http:
        channel = WeChatPay(forger.settings, http)
        assert (await channel.read_notice(*forger.notice())).trade.paid_at == datetime(2026, 11, 23, 4, tzinfo=UTC)
        assert await reason(channel.read_notice(*forger.notice(mchid="1600000002"))) == "another merchant's notice"
        assert await reason(channel.read_notice(*forger.notice(appid="wx-other"))) == "another app's notice"
        assert await reason(channel.read_notice(*forger.notice(key="0" * 32))) == "seal broken"
        assert (await reason(channel.read_notice(*forger.notice(mchid=None)))).startswith("content unreadable")
        for body in (b"", b"[]", b"{}", b'{"resource": 1}', b'{"resource": {"algorithm": "none"}}', b"\xff"):
            refused = await reason(channel.read_notice(*forger.signed(body)))
            assert refused.startswith(("content unreadable", "other encryption"))


async def test_an_amount_that_is_not_whole_fen_is_not_taken(forger):
    async with httpx.AsyncClient(trust_env=False) as http:
        channel = WeChatPay(forger.settings, http)
        for amount in ({"total": 1.0, "currency": "CNY"}, {"total": True}, {"total": 1, "currency": "USD"}, {}):
            with pytest.raises(OutsideUnavailable):
                await channel.read_notice(*forger.notice(amount=amount))


def test_the_published_seal_opens_and_a_changed_one_does_not():
    key = "0123456789abcdef0123456789abcdef"
    sealed = {
        "algorithm": "AEAD_AES_256_GCM",
        "nonce": "fdasflkja484",
        "associated_data": "transaction",
        "ciphertext": "DUcHkaT6Ar5NbFcP4dHc0mQPviqVoryCQYZkx72M9HOV7zfzpxNFhao=",
    }
    assert unseal(key, sealed) == b'{"trade_state":"SUCCESS"}'
    for change in (
        {"nonce": "fdasflkja485"},
        {"associated_data": "refund"},
        {"ciphertext": "EUcHkaT6Ar5NbFcP4dHc0mQPviqVoryCQYZkx72M9HOV7zfzpxNFhao="},
        {"ciphertext": "AAAA"},
        {"nonce": ""},
        {"algorithm": "AEAD_SM4_GCM"},
    ):
        with pytest.raises(SignatureWrong):
            unseal(key, sealed | change)
    with pytest.raises(SignatureWrong):
        unseal("f" * 32, sealed)


def test_the_signed_text_ends_every_line():
    key = generate_private_key(public_exponent=65537, key_size=2048)
    signature = base64.b64decode(
        sign(key, "GET", "/v3/certificates", "1554208460", "593BEC0C930BF1AFEB40B4A08C8FB242", "")
    )
    text = b"GET\n/v3/certificates\n1554208460\n593BEC0C930BF1AFEB40B4A08C8FB242\n\n"
    key.public_key().verify(signature, text, PKCS1v15(), SHA256())


async def test_half_a_public_key_is_not_taken(forger):
    async with httpx.AsyncClient(trust_env=False) as http:
        with pytest.raises(ValueError, match="belong together"):
            WeChatPay(replace(forger.settings, public_key_pem=None), http)
