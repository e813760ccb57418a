"""Alipay: life channels (生活号) and mini programs, over one gateway with signed forms and signed answers (RSA2).

Source: opendocs.alipay.com, `alipay.open.public.message.single.send`, `alipay.open.app.mini.templatemessage.send`; channels.md §8.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx
import orjson

from palmtax.base.clock import CHINA
from palmtax.channels.adapters import Ports
from palmtax.channels.model import alipay_codec as codec
from palmtax.channels.model.manifest import Channel, Template
from palmtax.channels.model.outgoing import Outgoing, Sent, fields_of, utf8_cut
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable

SAFE_TO_REPEAT: frozenset[str] = frozenset()
"""The gateway knows no number of ours."""
GOOD = "10000"
LONGEST_BYTES = 2048
"""Of a text; the platform's own limit is not published (assumed)."""
BUSY = frozenset({"20000"})


async def send(ports: Ports, channel: Channel, out: Outgoing) -> Sent:
    """One approved template to one follower (`template`) or one user of the mini program (`subscribe`)."""
    said = channel.manifest.said(out.template)
    if said is None:
        raise OutsideRefused("no_template", out.template)
    if said.kind == "subscribe":
        method, content = "alipay.open.app.mini.templatemessage.send", _of_mini_program(ports, channel, said, out)
    else:
        method, content = "alipay.open.public.message.single.send", _of_life_channel(ports, channel, said, out)
    answer = await ask(ports, channel, method, biz_content=orjson.dumps(content).decode())
    return Sent(str(answer.get("msg_id") or answer.get("message_id") or out.reference))


async def say(ports: Ports, channel: Channel, address: str, text: str) -> None:
    """Words to somebody who wrote to the life channel, within 48 hours of what they did."""
    content = {"to_user_id": address, "msg_type": "text", "text": {"content": utf8_cut(text, LONGEST_BYTES)}}
    told = orjson.dumps(content).decode()
    await ask(ports, channel, "alipay.open.public.message.custom.send", biz_content=told)


def _of_life_channel(ports: Ports, channel: Channel, said: Template, out: Outgoing) -> dict[str, Any]:
    places = {name: {"value": value, "color": "#111111"} for name, value in fields_of(said, out).items()}
    shown = {"head_color": "#0F6E84", "url": out.link, "action_name": "查看", **places}
    return {
        "to_user_id": out.address,
        "template": {"template_id": ports.template_id(channel, said), "context": shown},
    }


def _of_mini_program(ports: Ports, channel: Channel, said: Template, out: Outgoing) -> dict[str, Any]:
    places = {name: {"value": value} for name, value in fields_of(said, out).items()}
    return {
        "to_user_id": out.address, "user_template_id": ports.template_id(channel, said), "page": out.page,
        "data": orjson.dumps(places).decode(),
    }  # fmt: skip


async def ask(ports: Ports, channel: Channel, method: str, **more: str) -> dict[str, Any]:
    """One call of the gateway; its answer counts only when Alipay signed it.

    OutsideRefused with `sub_code` or `code`; OutsideUnavailable for no usable, or an unsigned, answer.
    """
    section = ports.section(channel)
    asked = {
        "app_id": str(section["app_id"]), "method": method, "format": "JSON", "charset": "utf-8", "sign_type": "RSA2",
        "timestamp": datetime.fromtimestamp(ports.now(), CHINA).strftime("%Y-%m-%d %H:%M:%S"), "version": "1.0", **more,
    }  # fmt: skip
    asked["sign"] = codec.sign(codec.content_of(asked), str(section["app_private_key"]))
    try:
        answer = await ports.http(channel).post(ports.base(channel) + "/gateway.do", data=asked)
    except httpx.TransportError as error:
        raise OutsideUnavailable("transport", type(error).__name__) from None
    return _verified(answer, f"{method.replace('.', '_')}_response", section)


def _verified(answer: httpx.Response, name: str, section: Mapping[str, Any]) -> dict[str, Any]:
    """The answer, or the gateway's own error (`error_response`, which it may leave unsigned when it does not know us)."""
    if answer.status_code != httpx.codes.OK:
        raise OutsideUnavailable(f"http_{answer.status_code}")
    is_error = f'"{name}"' not in answer.text
    try:
        raw, content, signature = codec.raw_answer(answer.text, "error_response" if is_error else name)
    except (ValueError, TypeError):
        raise OutsideUnavailable("unreadable", "no answer of this method") from None
    if not is_error and not codec.is_signed(raw, signature, str(section["alipay_public_key"])):
        raise OutsideUnavailable("unsigned", "the answer is not Alipay's")
    code = str(content.get("code", GOOD))
    if code == GOOD and not is_error:
        return content
    theirs = str(content.get("sub_code") or code)
    raise (OutsideUnavailable if code in BUSY else OutsideRefused)(theirs, str(content.get("sub_msg", ""))[:200])
