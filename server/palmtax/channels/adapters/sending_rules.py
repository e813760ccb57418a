"""Rules of the conformance kit on handing messages over, against the answers that platforms document."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

import httpx
import orjson
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from palmtax.channels.adapters import Fetch, Ports
from palmtax.channels.adapters.callback_rules import Skipped
from palmtax.channels.adapters.calling import call
from palmtax.channels.adapters.speaking import INVENTED, KEY
from palmtax.channels.model import alipay_codec
from palmtax.channels.model.manifest import Channel
from palmtax.channels.model.outgoing import Answer, Outgoing

WECHAT: Mapping[str, str] = {
    "-1": "retry", "40001": "token", "40014": "token", "42001": "token", "40003": "address", "43004": "address",
    "43101": "address", "40037": "final", "47003": "final", "45009": "retry", "45011": "retry", "48001": "channel",
}  # fmt: skip
DOCUMENTED: Mapping[str, Mapping[str, str]] = {
    "wechat_oa": WECHAT,
    "wechat_mini": WECHAT,
    "wecom": {
        "40014": "token", "42001": "token", "40013": "channel", "40056": "channel", "60020": "channel", "60111": "address",
        "81013": "address", "45009": "retry", "45033": "retry",
    },
    "alipay": {"20000": "retry", "isv.invalid-signature": "channel", "40002": "final"},
    "huawei_push": {"80200001": "token", "80200003": "token", "80300007": "address", "81000001": "retry"},
    "smtp": {"421": "retry", "450": "retry", "550": "address"},
    "web_push": {"http_404": "address", "http_410": "address", "http_429": "retry"},
}  # fmt: skip
"""What the platforms document, and what it means for us."""
SECRETS = {"person_name": "欧阳检验", "taxpayer_name": "检验贸易有限公司", "amount_fen": "¥88,123.45"}


@dataclass(slots=True)
class Stub:
    """Documented answers in the order of `moods`: `ok`, `500`, `garbage`, `timeout`, or a code; then `ok`."""

    channel: Channel
    moods: list[str] = field(default_factory=list)
    sent: list[httpx.Request] = field(default_factory=list)
    tokens: int = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """One answer."""
        path = request.url.path
        if path.endswith(("/gettoken", "/stable_token", "/oauth2/v3/token")):
            self.tokens += 1
            return httpx.Response(
                200, json={"errcode": 0, "access_token": f"kit-token-{self.tokens}", "expires_in": 7200}
            )
        self.sent.append(request)
        mood = self.moods.pop(0) if self.moods else "ok"
        if mood == "timeout":
            raise httpx.ReadTimeout("no answer", request=request)
        if mood == "down":
            raise httpx.ConnectError("refused", request=request)
        if mood == "500":
            return httpx.Response(500, text="<html>")
        if mood == "garbage":
            return httpx.Response(200, text="<html>oops</html>")
        return self._signed(request, "" if mood == "ok" else mood) or self._said("" if mood == "ok" else mood)

    def _signed(self, request: httpx.Request, code: str) -> httpx.Response | None:
        """Alipay's answers carry the method's name and a signature."""
        if self.channel.manifest.transport != "alipay":
            return None
        method = dict(parse_qsl(request.content.decode()))["method"].replace(".", "_")
        said = {"code": "40004", "sub_code": code} if code else {"code": "10000", "msg_id": "kit-1"}
        raw = orjson.dumps(said).decode()
        return httpx.Response(200, text=f'{{"{method}_response":{raw},"sign":"{alipay_codec.sign(raw, KEY)}"}}')

    def _said(self, code: str) -> httpx.Response:
        transport, rule = self.channel.manifest.transport, self.channel.manifest.call
        if transport == "sms_tencent":
            status = {"Code": code or "Ok", "SerialNo": "kit-1", "Message": ""}
            return httpx.Response(200, json={"Response": {"SendStatusSet": [status], "RequestId": "kit"}})
        if transport == "sms_aliyun":
            return httpx.Response(200, json={"Code": code or "OK", "BizId": "kit-1", "RequestId": "kit"})
        if transport == "huawei_push":
            return httpx.Response(200, json={"code": code or "80000000", "requestId": "kit-1"})
        if transport == "web_push":
            return httpx.Response(
                int(code.removeprefix("http_") or 201) if code else 201, headers={"location": "/kit-1"}
            )
        if rule is not None:
            said: dict[str, Any] = {}
            for path, value in ((rule.code, code or rule.good), (rule.reference, "kit-1")):
                if path:
                    _put(said, path, value)
            return httpx.Response(200, json=said)
        number = {"msgid": "kit-1"} if transport == "wecom" else {"msgid": 4815162342}
        if code and not code.lstrip("-").isdigit():
            return httpx.Response(200, json={"errcode": 0, code: "kit_person", **number})
        return httpx.Response(200, json={"errcode": int(code or 0), "errmsg": "kit", **number})


def _put(body: dict[str, Any], path: str, value: str) -> None:
    *steps, last = path.split(".")
    for step in steps:
        body = body.setdefault(step, {})
    body[last] = value


class _Tokens:
    """A token kept in memory, as plumbing keeps it in the database."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch, self._token = fetch, ""

    async def get(self) -> str:
        """A living token."""
        if not self._token:
            self._token, _ = await self._fetch()
        return self._token

    async def drop(self, token: str) -> None:
        """Forget it."""
        self._token = "" if self._token == token else self._token


def _address(channel: Channel) -> str:
    if channel.manifest.family == "phone":
        return "13800138000"
    if channel.manifest.family == "web_push":
        public = (
            ec.generate_private_key(ec.SECP256R1())
            .public_key()
            .public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
        )
        keys = {
            "p256dh": base64.urlsafe_b64encode(public).decode(),
            "auth": base64.urlsafe_b64encode(b"a" * 16).decode(),
        }
        return orjson.dumps({"endpoint": "https://push.palmtax.example/p/1", "keys": keys}).decode()
    return "kit_person"


async def _hand_over(channel: Channel, stub: Stub, times: int = 1) -> list[Answer]:
    if channel.manifest.transport in ("inbox", "smtp"):
        raise Skipped("不经 HTTP：收件箱不外发，邮件由沙箱邮件服务器的测试覆盖 / not over HTTP")
    if "push" not in channel.manifest.can:
        raise Skipped("不向外发送 / sends nothing outside")
    ports = Ports(
        {channel.manifest.credentials: INVENTED}, transport=httpx.MockTransport(stub),
        keeper=lambda _name, fetch: _Tokens(fetch),
    )  # fmt: skip
    out = Outgoing(
        reference="0" * 32, address=_address(channel), language="zh", template="any", title="办件有新进展",
        body=f"正文提到{'、'.join(SECRETS.values())}", short="请登录查看", link="https://palmtax.example/#/m/1",
        now="2026-11-30 12:00", values={**SECRETS, "application_no": "BJ20261130000001"},
    )  # fmt: skip
    return [await call(ports, channel, out) for _ in range(times)]


async def handed_over(channel: Channel) -> str:
    """消息交给平台并记下对方编号 / a message is handed over and the platform's number kept (channels.md §3)"""
    stub = Stub(channel)
    (answer,) = await _hand_over(channel, stub)
    return "" if answer.sent and answer.sent.provider_ref and len(stub.sent) == 1 else f"{answer.ending} {answer.code}"


async def token_renewed_once(channel: Channel) -> str:
    """令牌失效时换新一次再发，仍失效就停，不循环 / a dead token is renewed once, never in a loop (channels.md §2)"""
    code = next((code for code, one in channel.codes.items() if one.means == "token"), None)
    if code is None or channel.manifest.transport not in (
        "wechat_oa", "wechat_mini", "wecom", "huawei_push",
    ):  # fmt: skip
        raise Skipped("没有访问令牌 / has no access token")
    once, always = Stub(channel, [code]), Stub(channel, [code] * 9)
    (first,) = await _hand_over(channel, once)
    (second,) = await _hand_over(channel, always)
    if not first.sent or (len(once.sent), once.tokens) != (2, 2):
        return f"once: {first.ending} {first.code}, {len(once.sent)} calls, {once.tokens} tokens"
    return "" if second.code == code and len(always.sent) == 2 else f"always: {second.ending}, {len(always.sent)} calls"


async def quota_waits(channel: Channel) -> str:
    """额度用完或太频繁时等待后重试，不丢 / a spent quota waits and tries again (channels.md §9.2)"""
    code = next(
        (code for code, one in channel.codes.items() if one.means == "retry" and one.wait_seconds and "*" not in code),
        "",
    )
    if not code and channel.manifest.transport != "inbox":
        return "codes.yaml: 没有一条写 wait_seconds / none says wait_seconds"
    (answer,) = await _hand_over(channel, Stub(channel, [code]))
    meaning = channel.meaning(answer.code)
    return (
        ""
        if not answer.sent and meaning.means == "retry" and meaning.wait_seconds > 0
        else f"{answer.code}: {meaning.means}"
    )


async def outage_and_recovery(channel: Channel) -> str:
    """平台中断时不算送达也不报废，恢复后照常 / during an outage nothing is lost or believed sent; afterwards all goes on"""
    wrong = []
    for mood in ("500", "garbage", "down"):
        down, back = await _hand_over(channel, Stub(channel, [mood]), 2)
        if down.ending not in ("unanswered", "refused") or channel.meaning(down.code).means != "retry" or not back.sent:
            wrong.append(f"{mood}: {down.ending} {down.code} {channel.meaning(down.code).means}")
    return "; ".join(wrong)


async def unknown_not_repeated(channel: Channel) -> str:
    """可能已送达时不重复发送，除非平台认得重复 / what may have arrived is not sent twice unless the platform recognises it"""
    (answer,) = await _hand_over(channel, Stub(channel, ["timeout"]))
    return "" if answer.ending in ("unknown", "unanswered") and not answer.sent else answer.ending


async def refusal_marked(channel: Channel) -> str:
    """用户永久拒收时标记地址，不再发送 / a person's refusal marks the address for good (channels.md §9.2)"""
    code = next(
        (
            c
            for c, one in channel.codes.items()
            if one.means == "address" and "*" not in c and not c.startswith(("failed", "endpoint", "subscription"))
        ),
        "",
    )
    if not code:
        raise Skipped("没有个人地址 / has no addresses of persons")
    (answer,) = await _hand_over(channel, Stub(channel, [code]))
    return (
        ""
        if answer.ending == "refused" and channel.meaning(answer.code).means == "address"
        else f"{answer.ending} {answer.code}"
    )


async def nothing_personal_sent(channel: Channel) -> str:
    """发给平台的内容不含姓名、企业名和金额 / what the platform gets shows no names and amounts (channels.md §9.4)"""
    stub = Stub(channel)
    await _hand_over(channel, stub)
    if channel.manifest.transport == "web_push":
        raise Skipped("推送服务只看到密文 / the push service sees only a sealed text")
    said = "".join(_readable(one.content) for one in stub.sent)
    return ", ".join(name for name, value in SECRETS.items() if value in said or value.replace(",", "") in said)


def _readable(body: bytes) -> str:
    """A body as a person at the platform would read it: JSON and forms without their escapes."""
    text = body.decode("utf-8", "replace")
    return str(orjson.loads(text)) if text.startswith("{") else unquote_plus(text)


SENDING_RULES: Sequence[Callable[[Channel], Awaitable[str]]] = (
    handed_over,
    token_renewed_once,
    quota_waits,
    outage_and_recovery,
    unknown_not_repeated,
    refusal_marked,
    nothing_personal_sent,
)
