"""Speaking as a platform would: signed and sealed callbacks for the conformance kit and the tests."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

import orjson
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from palmtax.channels.model import alipay_codec
from palmtax.channels.model.incoming import Callback, envelope_of, signed
from palmtax.channels.model.manifest import Manifest
from palmtax.channels.model.wechat_codec import signature


@dataclass(frozen=True, slots=True)
class Platform:
    """The other side of one channel, with the secrets both share."""

    manifest: Manifest
    credentials: Mapping[str, Any] = field(repr=False)

    @property
    def dialect(self) -> str:
        """How it speaks."""
        return self.manifest.callback.dialect

    def check(self, at: int, echo: str = "4815162342") -> tuple[Callback, str]:
        """The check of our address, and what must come back."""
        if self.dialect == "alipay":
            plain = xml_of({"AppId": self.credentials["app_id"], "EventType": "verifygw"})
            wanted = alipay_codec.address_answer(str(self.credentials["app_private_key"]))
            return self._form(plain, "alipay.service.check"), wanted
        envelope, stamp, nonce = envelope_of(self.manifest, self.credentials), str(at), secrets.token_hex(5)
        if self.dialect == "wecom":
            sealed = envelope.seal(echo.encode())
            asked = {"msg_signature": envelope.sign(stamp, nonce, sealed), "echostr": sealed}
        else:
            asked = {"signature": signature(envelope.token, stamp, nonce), "echostr": echo}
        return Callback("GET", {**asked, "timestamp": stamp, "nonce": nonce}, {}, b""), echo

    def say(self, number: str, text: str, at: int, nonce: str = "") -> Callback:
        """Somebody writes to us; the same number is the same message."""
        if self.dialect == "signed_json":
            return self._json(number, text, at)
        if self.dialect == "receipts":
            return self._list(number)
        if self.dialect == "alipay":
            return self.news({"MsgType": "text", "MsgId": number, "Text": {"Content": text}}, at)
        return self.news({"FromUserName": "kit_person", "MsgType": "text", "Content": text, "MsgId": number}, at, nonce)

    def news(self, fields: Mapping[str, Any], at: int, nonce: str = "") -> Callback:
        """Any message of the WeChat family, in safe mode, or of a life channel."""
        if self.dialect == "alipay":
            app_id, made = str(self.credentials["app_id"]), str(at * 1000)
            own = {"AppId": app_id, "FromAlipayUserId": "kit_person", "CreateTime": made}
            said = {name.replace("Event", "EventType"): one for name, one in fields.items()}
            return self.sealed(xml_of({**own, **said}), at)
        return self.sealed(xml_of({"ToUserName": "kit", "CreateTime": str(at), **fields}), at, nonce)

    def sealed(self, plain: bytes, at: int, nonce: str = "") -> Callback:
        """A plaintext as it would come over the wire."""
        if self.dialect == "alipay":
            return self._form(plain)
        envelope, stamp, once = envelope_of(self.manifest, self.credentials), str(at), nonce or secrets.token_hex(5)
        sealed = envelope.seal(plain)
        query = {
            "timestamp": stamp, "nonce": once, "encrypt_type": "aes",
            "signature": signature(envelope.token, stamp, once), "msg_signature": envelope.sign(stamp, once, sealed),
        }  # fmt: skip
        body = f"<xml><ToUserName><![CDATA[kit]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
        return Callback("POST", query, {"content-type": "text/xml"}, body.encode())

    def plain(self, fields: Mapping[str, str], at: int, nonce: str = "") -> Callback:
        """A message in plain mode: the signature does not cover the body."""
        envelope, stamp, once = envelope_of(self.manifest, self.credentials), str(at), nonce or secrets.token_hex(5)
        query = {"timestamp": stamp, "nonce": once, "signature": signature(envelope.token, stamp, once)}
        return Callback("POST", query, {}, xml_of({"ToUserName": "kit", "CreateTime": str(at), **fields}))

    def _json(self, number: str, text: str, at: int) -> Callback:
        rules = self.manifest.callback.signed
        if rules is None:
            raise ValueError("no signed callback")
        stamp = str(at * 1000 + secrets.randbelow(1000) if rules.unit == "milliseconds" else at)
        given = {rules.stamp: stamp, rules.sign: signed(rules.signature, {**self.credentials, rules.unit: stamp})}
        body: dict[str, Any] = {}
        kind = next(iter(rules.kinds), "text")
        for path, value in ((rules.id, number), (rules.kind, kind), (rules.address, "kit_person"), (rules.said, text)):
            _put(body, path, value)
        headers, query = (given, {}) if rules.place == "header" else ({}, given)
        return Callback("POST", query, headers, orjson.dumps(body))

    def _form(self, plain: bytes, service: str = "alipay.mobile.public.message.notify") -> Callback:
        """What Alipay posts; only who holds its key can say it, so the kit speaks with one of its own."""
        given = {
            "service": service, "charset": "UTF-8", "sign_type": "RSA2", "biz_content": plain.decode(),
        }  # fmt: skip
        given["sign"] = alipay_codec.sign(alipay_codec.content_of(given), str(self.credentials["alipay_private_key"]))
        return Callback("POST", {}, {"content-type": "application/x-www-form-urlencoded"}, urlencode(given).encode())

    def _list(self, number: str) -> Callback:
        rules = self.manifest.callback.receipts
        if rules is None:
            raise ValueError("no list of receipts")
        row: dict[str, Any] = {}
        _put(row, rules.reference, number)
        _put(row, rules.good[0], rules.good[1])
        return Callback("POST", {rules.key: str(self.credentials.get("callback_key", ""))}, {}, orjson.dumps([row]))


def _put(body: dict[str, Any], path: str, value: str) -> None:
    *steps, last = path.split(".") if path else [""]
    for step in steps:
        body = body.setdefault(step, {})
    if last:
        body[last] = value


def xml_of(fields: Mapping[str, Any]) -> bytes:
    """A message of the WeChat family."""
    return b"<xml>" + b"".join(_element(name, value) for name, value in fields.items()) + b"</xml>"


def _element(name: str, value: Any) -> bytes:
    if isinstance(value, list):
        return b"".join(_element(name, one) for one in value)
    inner = (
        b"".join(_element(n, v) for n, v in value.items())
        if isinstance(value, Mapping)
        else escape(str(value)).encode()
    )
    return f"<{name}>".encode() + inner + f"</{name}>".encode()


_P = 0xE351CE33E63BF8C57BB67F99667B66C9F1DFD6A5A3E4D0AFE354AB7CB59680C9711AD4436A972441BF676E3CF1134EA8550AC20CEE51A7000E03EB12B6613097
_Q = 0xCC078599B39970AE690563793978DE841A9BE2CD98E17D800BC03AA65E3848D3F944A863479649AFEA9DEFBB415616AEAC6B2F96F5CE659CD04EE0A755DDFFEF


def _invented_key() -> str:
    """An RSA key of nobody, small and always the same: the kit's own, as both sides of a signature."""
    exponent = pow(65537, -1, (_P - 1) * (_Q - 1))
    of_p, of_q, inverse = exponent % (_P - 1), exponent % (_Q - 1), pow(_Q, -1, _P)
    numbers = rsa.RSAPrivateNumbers(_P, _Q, exponent, of_p, of_q, inverse, rsa.RSAPublicNumbers(65537, _P * _Q))
    return (
        numbers.private_key()
        .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        .decode()
    )


KEY = _invented_key()
INVENTED: Mapping[str, Any] = {
    "app_id": "wx00000000000000aa", "corp_id": "ww00000000000000aa", "agent_id": 1000001, "app_secret": "kit-app-secret",
    "secret": "kit-secret", "token": "kittoken", "encoding_aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    "original_id": "gh_kit", "paas_id": "kit", "paas_token": "kit-paas", "access_token": "kit-robot", "app_key": "kit",
    "secret_id": "kit", "secret_key": "kit", "sdk_app_id": "1400000000", "sign_name": "kit", "access_key_id": "kit",
    "access_key_secret": "kit", "callback_key": "kit-callback-key", "user": "kit@palmtax.example", "password": "kit",
    "subject": "mailto:kit@palmtax.example", "vapid_private_key": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE",
    "hosts": ["push.palmtax.example"], "app_private_key": KEY, "alipay_private_key": KEY,
    "alipay_public_key": alipay_codec.public_pem_of(KEY), "package": "example.palmtax", "client_secret": "kit",
}  # fmt: skip
"""Secrets of nobody, for checking a channel without its real ones."""
