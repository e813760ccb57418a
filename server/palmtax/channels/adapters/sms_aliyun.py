"""Text messages by Alibaba Cloud (SendSms of 2017-05-25, RPC signature of version 1.0)."""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import httpx

from palmtax.channels.adapters import Ports
from palmtax.channels.model.manifest import Channel
from palmtax.channels.model.outgoing import Outgoing, Sent, one_line
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable

SAFE_TO_REPEAT: frozenset[str] = frozenset()
BUSY = ("Throttling", "ServiceUnavailable", "InternalError", "isp.SYSTEM_ERROR")


def rpc_signature(method: str, parameters: Mapping[str, str], secret: str) -> str:
    """Base64 of HMAC-SHA1 over `METHOD&%2F&` and the sorted, twice-quoted parameters.

    >>> rpc_signature("GET", {"Action": "X"}, "secret")
    'CsOqk8DMWXtDvKtJqE7hFDQHO4o='
    """
    line = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in sorted(parameters.items()))
    text = f"{method}&%2F&{_quoted(line)}"
    return base64.b64encode(hmac.digest(f"{secret}&".encode(), text.encode(), "sha1")).decode()


def _quoted(text: str) -> str:
    """Percent-encoding of RFC 3986."""
    return quote(text, safe="-_.~")


async def send(ports: Ports, channel: Channel, out: Outgoing) -> Sent:
    """One approved text to one phone; its places have names."""
    said, section = channel.manifest.said(out.template), ports.section(channel)
    if said is None:
        raise OutsideRefused("no_template", out.template)
    names = (section.get("templates") or {}).get(said.id, {}).get("variables") or list(said.fields)
    values = dict(zip(names, (one_line(out.place(ours))[:35] for ours in said.fields.values()), strict=False))
    answer = await ask(
        ports,
        channel,
        {
            "Action": "SendSms",
            "OutId": out.reference,
            "PhoneNumbers": out.address,
            "SignName": str(section["sign_name"]),
            "TemplateCode": ports.template_id(channel, said),
            "TemplateParam": json.dumps(values, ensure_ascii=False, separators=(",", ":")),
        },
    )
    return Sent(str(answer.get("BizId", "")))


async def ask(ports: Ports, channel: Channel, asked: Mapping[str, str]) -> dict[str, Any]:
    """One signed call. Refusals come with HTTP 400 and a Code too."""
    section = ports.section(channel)
    parameters = {
        "AccessKeyId": str(section["access_key_id"]),
        "Format": "JSON",
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": secrets.token_hex(16),
        "SignatureVersion": "1.0",
        "Timestamp": datetime.fromtimestamp(ports.now(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "Version": "2017-05-25",
        **asked,
    }
    parameters["Signature"] = rpc_signature("POST", parameters, str(section["access_key_secret"]))
    try:
        answer = await ports.http(channel).post(ports.base(channel) + "/", data=parameters)
    except httpx.TransportError as error:
        raise OutsideUnavailable("transport", type(error).__name__) from None
    try:
        content = answer.json()
        code = str(content["Code"])
    except (ValueError, KeyError, TypeError):
        raise OutsideUnavailable(f"http_{answer.status_code}", "no Code") from None
    if code != "OK":
        kind = OutsideUnavailable if code.startswith(BUSY) or answer.status_code >= 500 else OutsideRefused
        raise kind(code, str(content.get("Message", ""))[:200])
    return dict(content)
