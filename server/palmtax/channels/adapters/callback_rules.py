"""Rules of the conformance kit on callbacks; each gives why it is not met, or nothing."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from palmtax.channels.adapters.speaking import Platform
from palmtax.channels.model.incoming import Callback
from palmtax.channels.model.manifest import Channel

LONGEST_SECONDS = 5.0
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<xml><Encrypt>&b;</Encrypt></xml>"
)
FILE = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><xml><Encrypt>&f;</Encrypt></xml>'


class Skipped(Exception):
    """The rule does not apply; the text says why."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came back: status, body, seconds; `new` events where that can be seen."""

    status: int
    body: str
    seconds: float
    new: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A channel under examination: who speaks, who takes it in, what time it is."""

    channel: Channel
    platform: Platform
    deliver: Callable[[Callback], Awaitable[Taken]]
    at: int

    def need(self, *dialects: str) -> None:
        """Skip where the channel has none of these dialects; with none named, where it has no callback."""
        dialect = self.channel.manifest.callback.dialect
        if dialect == "none":
            raise Skipped("没有回调 / has no callback")
        if dialect == "alipay" and "alipay_private_key" not in self.platform.credentials:
            raise Skipped("只有支付宝能签名 / only Alipay itself can sign")
        if dialects and dialect not in dialects:
            raise Skipped(f"{dialect} 不适用 / not for {dialect}")

    def message(self, text: str = "你好", number: str = "") -> Callback:
        """Somebody writes to us."""
        return self.platform.say(number or str(secrets.randbits(60)), text, self.at)


WECHAT = ("wechat", "wecom")
XML = (*WECHAT, "alipay")
SEALED_AFTER = {**dict.fromkeys(WECHAT, b"<Encrypt><![CDATA["), "alipay": b"&sign="}
"""After what the part of a body stands that nobody may change."""


async def address_checked(case: Case) -> str:
    """平台校验地址时按约定应答：原样、解密后，或签名的公钥 / the check of the address is answered as agreed (channels.md §1, §5)"""
    case.need(*XML)
    call, echo = case.platform.check(case.at)
    taken = await case.deliver(call)
    return "" if (taken.status, taken.body) == (200, echo) else f"{taken.status} {taken.body[:60]!r}"


async def taken_in_time(case: Case) -> str:
    """签名正确的消息 5 秒内应答约定内容 / a signed message is answered as agreed within 5 seconds (channels.md §1)"""
    case.need()
    taken = await case.deliver(case.message())
    if taken.status != 200 or taken.body.lower().startswith(("<!doctype", "<html")):
        return f"{taken.status} {taken.body[:60]!r}"
    return "" if taken.seconds < LONGEST_SECONDS else f"{taken.seconds:.1f} s"


async def tampered_refused(case: Case) -> str:
    """签名、时间、随机串或内容被改动的一律拒绝 / a changed signature, time, nonce or body is refused (channels.md §1)"""
    case.need()
    let_in = []
    for name in [*case.message().query, *case.message().headers]:
        if name in ("encrypt_type", "content-type") or (
            name == "signature" and "msg_signature" in case.message().query
        ):
            continue
        call = case.message()
        query, headers = dict(call.query), dict(call.headers)
        part = query if name in query else headers
        part[name] = _other(part[name])
        if (await case.deliver(replace(call, query=query, headers=headers))).status < 400:
            let_in.append(name)
    if before := SEALED_AFTER.get(case.channel.manifest.callback.dialect):
        call = case.message()
        body = bytearray(call.body)
        place = call.body.index(before) + 40
        body[place] = ord("A") if body[place] != ord("A") else ord("B")
        if (await case.deliver(replace(call, body=bytes(body)))).status < 400:
            let_in.append("body")
    return f"放行了 / let in: {', '.join(let_in)}" if let_in else ""


def _other(text: str) -> str:
    """Another text of the same shape."""
    last = text[-1:]
    return text[:-1] + ("1" if last == "0" else "0") if text else "0"


async def unsigned_refused(case: Case) -> str:
    """没有签名的拒绝 / what is not signed is refused (channels.md §1)"""
    case.need()
    call = case.message()
    body = call.body.partition(b"&sign=")[0]
    taken = await case.deliver(replace(call, query={}, headers={}, body=body))
    return "" if taken.status >= 400 else f"{taken.status}"


async def stranger_refused(case: Case) -> str:
    """发给别的账号的消息拒绝 / a message sealed for another account is refused (channels.md §1, trailing id)"""
    case.need(*XML)
    other = {**case.platform.credentials, case.channel.manifest.callback.receive_id: "wx9999999999999999"}
    taken = await case.deliver(replace(case.platform, credentials=other).say("1", "hi", case.at))
    return "" if taken.status >= 400 else f"{taken.status}"


async def stale_refused(case: Case) -> str:
    """超出时间窗口（过去或将来）的拒绝 / what is too old or from the future is refused (channels.md §1)"""
    case.need(*XML, "signed_json")
    beyond = case.channel.manifest.callback.window_seconds + 60
    for off in (-beyond, beyond):
        taken = await case.deliver(case.platform.say(str(secrets.randbits(60)), "hi", case.at + off))
        if taken.status < 400:
            return f"{off:+} s: {taken.status}"
    return ""


async def replayed_once(case: Case) -> str:
    """同一请求只算一次；同一随机串换内容则拒绝 / the same call counts once, other content under its nonce is refused (§1)"""
    case.need()
    call = case.message()
    first, again = await case.deliver(call), await case.deliver(call)
    if (first.status, again.status) != (200, 200) or again.new:
        return f"{first.status}, {again.status}, new {again.new}"
    if case.channel.manifest.callback.dialect not in ("wechat", "wecom"):
        return ""
    nonce = call.query["nonce"]
    other = await case.deliver(case.platform.say(str(secrets.randbits(60)), "另一条", case.at, nonce))
    return "" if other.status >= 400 else f"nonce: {other.status}"


async def duplicate_once(case: Case) -> str:
    """平台重发的同一条消息只算一次 / a message that the platform sends again counts once (channels.md §1 dedupe)"""
    case.need()
    number = str(secrets.randbits(60))
    first, again = await case.deliver(case.message(number=number)), await case.deliver(case.message(number=number))
    if (first.status, again.status) != (200, 200):
        return f"{first.status}, {again.status}"
    return f"new {again.new}" if again.new else ""


async def out_of_order_taken(case: Case) -> str:
    """先到的不挡后到的，乱序也收下 / what comes out of order is taken (channels.md §9.1)"""
    case.need()
    if case.channel.manifest.callback.dialect in XML:
        calls = [case.platform.say(str(secrets.randbits(60)), "hi", case.at - back) for back in (1, 9, 5)]
    else:
        calls = [case.message() for _ in range(3)]
    statuses = [(await case.deliver(call)).status for call in calls]
    return "" if statuses == [200, 200, 200] else f"{statuses}"


async def unknown_event_kept(case: Case) -> str:
    """不认识的事件收下存查，不报 5xx / an unknown event is kept, never a 5xx (issue 5)"""
    case.need(*XML)
    fields = {"FromUserName": "kit_person", "MsgType": "event", "Event": f"kit_{secrets.token_hex(3)}"}
    taken = await case.deliver(case.platform.news(fields, case.at))
    return "" if taken.status == 200 else f"{taken.status}"


async def oversized_refused(case: Case) -> str:
    """过大的请求拒绝 / what is too large is refused"""
    case.need()
    body = b"x" * (case.channel.manifest.callback.largest_bytes + 1)
    taken = await case.deliver(replace(case.message(), body=body))
    return "" if taken.status in (403, 413) else f"{taken.status}"


async def bombs_refused(case: Case) -> str:
    """带实体或外部引用的 XML 拒绝 / XML with entities or outside references is refused (channels.md §1 XML safety)"""
    case.need(*XML)
    for body in (BOMB, FILE, b"<xml>" * 200, b"\xff\xfe<xml/>", b""):
        taken = await case.deliver(replace(case.message(), body=body))
        if taken.status not in (400, 403, 413):
            return f"{body[:30]!r}: {taken.status}"
    for plain in (BOMB, FILE):
        taken = await case.deliver(case.platform.sealed(plain, case.at))
        if taken.status != 403:
            return f"inside: {taken.status}"
    return ""


async def garbage_refused(case: Case) -> str:
    """读不懂的内容拒绝，不报 5xx / what cannot be read is refused, never a 5xx"""
    case.need("signed_json", "receipts", "alipay")
    taken = await case.deliver(replace(case.message(), body=b"{not json"))
    return "" if taken.status == 403 else f"{taken.status}"


CALLBACK_RULES: Sequence[Callable[[Case], Awaitable[str]]] = (
    address_checked,
    taken_in_time,
    tampered_refused,
    unsigned_refused,
    stranger_refused,
    stale_refused,
    replayed_once,
    duplicate_once,
    out_of_order_taken,
    unknown_event_kept,
    oversized_refused,
    bombs_refused,
    garbage_refused,
)
