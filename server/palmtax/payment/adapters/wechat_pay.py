"""WeChat Pay API v3: every request signed, every answer and notice verified before it is believed."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args
from urllib.parse import quote

import httpx
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from palmtax.base.clock import CHINA, Clock, SystemClock
from palmtax.payment.adapters import (
    Notice,
    NoticeForged,
    PayOrder,
    RefundAsk,
    RefundOutcome,
    RefundState,
    Trade,
    TradeState,
)
from palmtax.payment.adapters.wechat_keys import PlatformKeys
from palmtax.payment.adapters.wechat_signature import (
    SCHEME,
    SignatureWrong,
    private_key,
    public_key,
    sign,
    signed_headers,
    unseal,
    verify,
)
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable, retrying

TRANSACTIONS = "/v3/pay/transactions"
REFUNDS = "/v3/refund/domestic/refunds"
USER_AGENT = "palmtax/1 (wechat-pay-v3)"
OUT_NO = re.compile(r"[0-9A-Za-z_\-|*]{6,32}")


@dataclass(frozen=True)
class WeChatPaySettings:
    """A merchant at WeChat Pay (production: https://api.mch.weixin.qq.com, spare https://api2.mch.weixin.qq.com).

    With `public_key_id` and `public_key_pem` answers are asked for under WeChat Pay's public key; certificates are
    still understood, because notices may come signed by either while a merchant changes over.
    """

    base_url: str
    app_id: str
    mchid: str
    merchant_serial_no: str
    merchant_private_key_pem: str = field(repr=False)
    api_v3_key: str = field(repr=False)
    notify_url: str
    public_key_id: str | None = None
    public_key_pem: str | None = None
    certificate_gap: timedelta = timedelta(seconds=60)

    @classmethod
    def from_credentials(
        cls,
        folder: Path,
        credentials: Mapping[str, Mapping[str, Any]],
        base_url: str,
        notify_url: str,
        *,
        with_public_key: bool = False,
    ) -> WeChatPaySettings:
        """From the `wechat` and `pay` sections of a credentials file; key files lie beside it in `folder`."""
        pay = credentials["pay"]
        return cls(
            base_url=base_url,
            app_id=credentials["wechat"]["app_id"],
            mchid=pay["mchid"],
            merchant_serial_no=pay["merchant_serial_no"],
            merchant_private_key_pem=(folder / pay["merchant_private_key_file"]).read_text(),
            api_v3_key=pay["api_v3_key"],
            notify_url=notify_url,
            public_key_id=pay["public_key_id"] if with_public_key else None,
            public_key_pem=(folder / pay["public_key_file"]).read_text() if with_public_key else None,
        )


class WeChatPay:
    """A client for one merchant. `clock` is the wall clock: signatures carry real time."""

    def __init__(self, settings: WeChatPaySettings, http: httpx.AsyncClient, clock: Clock | None = None) -> None:
        self._settings = settings
        self._http = http
        self._clock = clock or SystemClock()
        self._key = private_key(settings.merchant_private_key_pem)
        self._keys = PlatformKeys(
            settings.api_v3_key,
            self._download_certificates,
            self._clock,
            fixed=_fixed_keys(settings),
            gap=settings.certificate_gap,
        )

    async def create_jsapi(self, order: PayOrder) -> str:
        """Order for payment inside WeChat: the prepay id. Refused as OUT_TRADE_NO_USED, ORDERPAID, PARAM_ERROR, …"""
        if not order.openid:
            raise ValueError("payment inside WeChat needs the payer's openid")
        body = {**self._order(order), "payer": {"openid": order.openid}}
        return _text(await self._post(f"{TRANSACTIONS}/jsapi", body), "prepay_id")

    async def create_h5(self, order: PayOrder) -> str:
        """Order for payment in another browser: the cashier's address; append `&redirect_url=` for the way back."""
        if not order.payer_ip:
            raise ValueError("payment in a browser needs the payer's address")
        scene = {"payer_client_ip": order.payer_ip, "h5_info": {"type": "Wap"}}
        return _text(await self._post(f"{TRANSACTIONS}/h5", {**self._order(order), "scene_info": scene}), "h5_url")

    def client_parameters(self, prepay_id: str) -> dict[str, str]:
        """The members of `WeChatPayOut` for `wx.requestPayment`: signed now, with the merchant key."""
        stamp, nonce, package = str(self._now()), secrets.token_hex(16), f"prepay_id={prepay_id}"
        return {
            "app_id": self._settings.app_id,
            "time_stamp": stamp,
            "nonce_str": nonce,
            "package": package,
            "sign_type": "RSA",
            "pay_sign": sign(self._key, self._settings.app_id, stamp, nonce, package),
        }

    async def query(self, out_trade_no: str) -> Trade:
        """The truth about an order; refused as ORDER_NOT_EXIST."""
        path = f"{TRANSACTIONS}/out-trade-no/{_number(out_trade_no)}?mchid={quote(self._settings.mchid)}"
        trade = self._trade(await self._get(path))
        if trade.out_trade_no != out_trade_no:
            raise OutsideUnavailable("unreadable", "answer about another order")
        return trade

    async def close(self, out_trade_no: str) -> None:
        """Close an unpaid order; refused as ORDERPAID, ORDER_NOT_EXIST."""
        path = f"{TRANSACTIONS}/out-trade-no/{_number(out_trade_no)}/close"
        await self._post(path, {"mchid": self._settings.mchid})

    async def refund(self, ask: RefundAsk) -> RefundOutcome:
        """Give money back; the same ask again gives the same refund. Refused as INVALID_REQUEST, NOT_ENOUGH, …"""
        body = {
            "out_trade_no": ask.out_trade_no,
            "out_refund_no": ask.out_refund_no,
            "reason": ask.reason[:80],
            "notify_url": self._settings.notify_url,
            "amount": {"refund": ask.refund_fen, "total": ask.total_fen, "currency": "CNY"},
        }
        return _refund(await self._post(REFUNDS, body), "status")

    async def query_refund(self, out_refund_no: str) -> RefundOutcome:
        """How far a refund is; refused as RESOURCE_NOT_EXISTS."""
        return _refund(await self._get(f"{REFUNDS}/{quote(out_refund_no, safe='')}"), "status")

    async def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """A genuine notice of a payment or refund of ours; NoticeForged says what was wrong."""
        try:
            signed = signed_headers(headers, self._now())
            verify(await self._keys.find(signed.serial_no), signed, body)
            envelope = json.loads(body)
            content = json.loads(unseal(self._settings.api_v3_key, envelope["resource"]))
            event = str(envelope["event_type"])
            self._check_addressee(event, content)
            trade = self._trade(content) if event.startswith("TRANSACTION.") else None
            refund = _refund(content, "refund_status") if event.startswith("REFUND.") else None
            sent_at = datetime.fromtimestamp(int(signed.timestamp), UTC)
            return Notice(str(envelope["id"]), signed.nonce, event, sent_at, trade, refund)
        except SignatureWrong as wrong:
            raise NoticeForged(str(wrong)) from None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise NoticeForged(f"content unreadable: {type(error).__name__}") from None

    def _check_addressee(self, event: str, content: Mapping[str, Any]) -> None:
        if content["mchid"] != self._settings.mchid:
            raise NoticeForged("another merchant's notice")
        if event.startswith("TRANSACTION.") and content["appid"] != self._settings.app_id:
            raise NoticeForged("another app's notice")

    def _trade(self, content: Mapping[str, Any]) -> Trade:
        """A trade of ours; currency, app and merchant are checked, amounts must be whole fen."""
        if content.get("mchid") != self._settings.mchid or content.get("appid") != self._settings.app_id:
            raise OutsideUnavailable("unreadable", "answer about another merchant or app")
        return _trade(content)

    def _order(self, order: PayOrder) -> dict[str, Any]:
        if order.total_fen <= 0:
            raise ValueError("nothing to pay")
        body: dict[str, Any] = {
            "appid": self._settings.app_id,
            "mchid": self._settings.mchid,
            "description": order.description[:127],
            "out_trade_no": _number(order.out_trade_no),
            "notify_url": self._settings.notify_url,
            "time_expire": order.expires_at.astimezone(CHINA).isoformat(timespec="seconds"),
            "amount": {"total": order.total_fen, "currency": "CNY"},
        }
        return body | ({"attach": order.attach} if order.attach else {})

    async def _get(self, path: str) -> dict[str, Any]:
        return await retrying("wechat_pay", lambda: self._ask("GET", path, b""), tries=2)

    async def _post(self, path: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """Every POST here carries its own number, so repeating it is safe."""
        body = json.dumps(content, ensure_ascii=False).encode()
        return await retrying("wechat_pay", lambda: self._ask("POST", path, body), tries=2)

    async def _ask(self, method: str, path: str, body: bytes) -> dict[str, Any]:
        answer = await self._send(method, path, body)
        await self._believe(answer)
        if answer.status_code == httpx.codes.NO_CONTENT:
            return {}
        try:
            content = answer.json()
        except ValueError:
            content = None
        if not isinstance(content, dict):
            raise OutsideUnavailable("unreadable", f"http {answer.status_code}")
        if answer.is_success:
            return content
        raise OutsideRefused(str(content.get("code", "unknown")), str(content.get("message", "")))

    async def _believe(self, answer: httpx.Response) -> None:
        """Every 2xx must carry a good signature; a refusal may come without one, but not with a bad one.

        401 is taken as it is: it says that our own signature was not accepted, and then keys cannot be fetched either.
        """
        if answer.status_code >= 500 or answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise OutsideUnavailable(f"http_{answer.status_code}")
        unsigned = not answer.is_success and "wechatpay-signature" not in answer.headers
        if unsigned or answer.status_code == httpx.codes.UNAUTHORIZED:
            return
        try:
            signed = signed_headers(answer.headers, self._now())
            verify(await self._keys.find(signed.serial_no), signed, answer.content)
        except SignatureWrong as wrong:
            raise OutsideUnavailable("forged_answer", str(wrong)) from None

    async def _download_certificates(self) -> tuple[Mapping[str, str], bytes]:
        answer = await self._send("GET", "/v3/certificates", b"")
        if answer.status_code != httpx.codes.OK:
            raise OutsideUnavailable(f"http_{answer.status_code}", "certificates")
        return answer.headers, answer.content

    async def _send(self, method: str, path: str, body: bytes) -> httpx.Response:
        stamp, nonce = str(self._now()), secrets.token_hex(16)
        signature = sign(self._key, method, path, stamp, nonce, body.decode())
        headers = {
            "Authorization": f'{SCHEME} mchid="{self._settings.mchid}",nonce_str="{nonce}",signature="{signature}",'
            f'timestamp="{stamp}",serial_no="{self._settings.merchant_serial_no}"',
            "Accept": "application/json",
            "User-Agent": USER_AGENT,
        }
        if method == "POST":
            headers["Content-Type"] = "application/json"
        if self._settings.public_key_id:
            headers["Wechatpay-Serial"] = self._settings.public_key_id
        try:
            return await self._http.request(method, self._settings.base_url + path, content=body, headers=headers)
        except httpx.TransportError as error:
            raise OutsideUnavailable("transport", type(error).__name__) from None

    def _now(self) -> int:
        return int(self._clock.now().timestamp())


def _fixed_keys(settings: WeChatPaySettings) -> dict[str, RSAPublicKey]:
    if settings.public_key_id is None and settings.public_key_pem is None:
        return {}
    if settings.public_key_id is None or settings.public_key_pem is None:
        raise ValueError("public_key_id and public_key_pem belong together")
    return {settings.public_key_id: public_key(settings.public_key_pem)}


def _number(out_trade_no: str) -> str:
    if not OUT_NO.fullmatch(out_trade_no):
        raise ValueError("out_trade_no must be 6 to 32 of 0-9 A-Z a-z _ - | *")
    return out_trade_no


def _text(content: Mapping[str, Any], name: str) -> str:
    value = content.get(name)
    if not isinstance(value, str) or not value:
        raise OutsideUnavailable("unreadable", f"answer without {name}")
    return value


def _trade(content: Mapping[str, Any]) -> Trade:
    try:
        state: TradeState = _one_of(content["trade_state"], get_args(TradeState))
        amount, paid_at = content.get("amount"), content.get("success_time")
        total_fen = None if amount is None else _fen(amount["total"])
        _one_of((amount or {}).get("currency", "CNY"), ("CNY",))
        return Trade(
            out_trade_no=str(content["out_trade_no"]),
            state=state,
            total_fen=total_fen,
            transaction_id=content.get("transaction_id"),
            payer_openid=(content.get("payer") or {}).get("openid"),
            paid_at=_instant(paid_at),
            attach=content.get("attach") or None,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise OutsideUnavailable("unreadable", f"trade: {type(error).__name__}") from None


def _refund(content: Mapping[str, Any], state_name: str) -> RefundOutcome:
    try:
        state: RefundState = _one_of(content[state_name], get_args(RefundState))
        return RefundOutcome(
            out_refund_no=str(content["out_refund_no"]),
            out_trade_no=str(content["out_trade_no"]),
            refund_id=str(content["refund_id"]),
            state=state,
            refund_fen=_fen(content["amount"]["refund"]),
            done_at=_instant(content.get("success_time")),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise OutsideUnavailable("unreadable", f"refund: {type(error).__name__}") from None


def _one_of(value: Any, known: tuple[str, ...]) -> Any:
    if value not in known:
        raise ValueError("unknown value")
    return value


def _fen(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("not whole fen")
    return value


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


__all__ = ["WeChatPay", "WeChatPaySettings"]
