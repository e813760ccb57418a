"""The mini program's own things: links and codes that open it."""

from __future__ import annotations

from typing import Any

import httpx

from palmtax.channels.adapters import Ports, json_of, with_token
from palmtax.channels.adapters.wechat import called, tokens
from palmtax.channels.model.manifest import Channel
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable


async def url_link(ports: Ports, channel: Channel, page: str, query: str, days: int) -> str:
    """An https link for text messages and mail that opens a page, for at most thirty days."""
    body = {"path": page, "query": query, "expire_type": 1, "expire_interval": days}
    return _text(await called(ports, channel, "POST", "/wxa/generate_urllink", body=body), "url_link")


async def scheme(ports: Ports, channel: Channel, page: str, query: str, days: int) -> str:
    """A weixin:// link that opens a page, for at most thirty days."""
    aim = {"path": page, "query": query}
    body = {"jump_wxa": aim, "is_expire": True, "expire_type": 1, "expire_interval": days}
    return _text(await called(ports, channel, "POST", "/wxa/generatescheme", body=body), "openlink")


async def picture(ports: Ports, channel: Channel, page: str, scene: str) -> bytes:
    """A mini-program code as PNG, to print; there may be as many as one likes, and they do not end."""
    body = {"scene": scene, "page": page, "check_path": True, "env_version": "release"}

    async def ask(token: str) -> dict[str, Any]:
        address = f"{ports.base(channel)}/wxa/getwxacodeunlimit"
        try:
            answer = await ports.http(channel).post(address, params={"access_token": token}, json=body)
        except httpx.TransportError as error:
            raise OutsideUnavailable("transport", type(error).__name__) from None
        if answer.status_code == httpx.codes.OK and answer.headers.get("content-type", "").startswith("image/"):
            return {"picture": answer.content}
        said = json_of(answer)
        raise OutsideRefused(str(said.get("errcode", "?")), str(said.get("errmsg", ""))[:200])

    found: bytes = (await with_token(channel, tokens(ports, channel), ask))["picture"]
    return found


def _text(answer: dict[str, Any], name: str) -> str:
    found = answer.get(name)
    if not isinstance(found, str) or not found:
        raise OutsideUnavailable("unreadable", f"no {name}")
    return found
