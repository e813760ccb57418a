"""Huawei Push Kit: one notification to one device. The port behind which the services of phone vendors lie.

Source: developer.huawei.com, Push Kit REST, OAuth 2.0 client credentials. Vendors with one plain call need no code: webhook.
"""

from __future__ import annotations

from typing import Any

import httpx

from palmtax.channels.adapters import EVERY_KIND, Ports, Tokens, json_of, token_of, with_token
from palmtax.channels.model.manifest import Channel
from palmtax.channels.model.outgoing import Outgoing, Sent, utf8_cut
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable

SAFE_TO_REPEAT = EVERY_KIND
"""`tag` replaces a notification of the same name on the phone."""
GOOD = "80000000"
DAY = "86400s"


def tokens(ports: Ports, channel: Channel) -> Tokens:
    """The access token of our app."""
    section = ports.section(channel)
    account = str(section["app_id"])

    async def fetch() -> tuple[str, int]:
        form = {
            "grant_type": "client_credentials",
            "client_id": account,
            "client_secret": str(section["client_secret"]),
        }
        try:
            answer = await ports.http(channel).post(f"{_sign_in(ports, channel)}/oauth2/v3/token", data=form)
        except httpx.TransportError as error:
            raise OutsideUnavailable("transport", type(error).__name__) from None
        if answer.status_code in (httpx.codes.BAD_REQUEST, httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            raise OutsideRefused("client_refused")
        return token_of(json_of(answer))

    return ports.tokens(channel, f"huawei:{account}", fetch)


def _sign_in(ports: Ports, channel: Channel) -> str:
    """Tokens come from another host than the one that pushes."""
    return ports.base(channel) if ports.sandbox_url else "https://oauth-login.cloud.huawei.com"


async def send(ports: Ports, channel: Channel, out: Outgoing) -> Sent:
    """One notification; the address is the device's push token."""
    app_id = str(ports.section(channel)["app_id"])
    shown = {
        "title": utf8_cut(out.title, 120), "body": utf8_cut(out.short, 300), "tag": out.reference,
        "click_action": {"type": 2, "url": out.link},
    }  # fmt: skip
    message = {"token": [out.address], "android": {"ttl": DAY, "bi_tag": out.reference, "notification": shown}}

    async def push(token: str) -> dict[str, Any]:
        try:
            answer = await ports.http(channel).post(
                f"{ports.base(channel)}/v1/{app_id}/messages:send",
                json={"validate_only": False, "message": message},
                headers={"authorization": f"Bearer {token}"},
            )
        except httpx.TransportError as error:
            raise OutsideUnavailable("transport", type(error).__name__) from None
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            raise OutsideRefused("http_401")
        content = json_of(answer)
        code = str(content.get("code", ""))
        if not code:
            raise OutsideUnavailable("unreadable", "no code")
        if code != GOOD:
            raise OutsideRefused(code, str(content.get("msg", ""))[:200])
        return content

    content = await with_token(channel, tokens(ports, channel), push)
    return Sent(str(content.get("requestId", out.reference)))
