"""Temporary media of the WeChat family: handed up, and fetched only from the platform's own configured address.

An address in a callback (`PicUrl`, `video_url`) is never called: whoever forged one could make us call our own network.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import orjson

from palmtax.channels.adapters import Ports, gateway_headers, json_of, with_token
from palmtax.channels.adapters.transports import TRANSPORTS
from palmtax.channels.model.manifest import Channel
from palmtax.channels.model.media import ENDINGS, KEPT, BadMedia, Media, MediaKind, Uploaded, check, largest
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable

OURS = frozenset({"media_kind", "media_size", "media_type", "media_elsewhere"})
"""Codes of our own: the file does not fit, or lies where we do not go."""
SECONDS = 20.0


async def fetch(ports: Ports, channel: Channel, media_id: str, kind: MediaKind) -> Media:
    """The file; OutsideRefused with the platform's code or one of OURS."""

    async def call(token: str) -> dict[str, Any]:
        asked, headers = {"access_token": token, "media_id": media_id}, gateway_headers(ports, channel)
        address = f"{ports.base(channel)}/cgi-bin/media/get"
        stream = ports.http(channel).stream(
            "GET", address, params=asked, headers=headers, timeout=SECONDS, follow_redirects=False
        )
        async with stream as answer:
            return {"content": await _read(answer, largest(channel.manifest.transport, kind))}

    content: bytes = (await _with_token(ports, channel, call))["content"]
    return Media(content, _checked(channel, kind, content))


async def upload(ports: Ports, channel: Channel, kind: MediaKind, content: bytes) -> Uploaded:
    """Hand a file up; good for three days. OutsideRefused with the platform's code or one of OURS."""
    media_type = _checked(channel, kind, content)
    named = f"palmtax.{ENDINGS.get(media_type, 'bin')}"

    async def call(token: str) -> dict[str, Any]:
        answer = await ports.http(channel).post(
            f"{ports.base(channel)}/cgi-bin/media/upload", params={"access_token": token, "type": kind},
            files={"media": (named, content, media_type)}, headers=gateway_headers(ports, channel), timeout=SECONDS,
            follow_redirects=False,
        )  # fmt: skip
        return _good(json_of(answer))

    told = await _with_token(ports, channel, call)
    media_id, made = told.get("media_id"), told.get("created_at")
    if not isinstance(media_id, str) or not media_id:
        raise OutsideUnavailable("unreadable", "upload without media_id")
    seconds = int(str(made)) if str(made).isdecimal() else int(ports.now())
    return Uploaded(media_id, datetime.fromtimestamp(seconds, UTC) + KEPT)


async def _read(answer: httpx.Response, most: int) -> bytes:
    """The bytes of an answer, never more than `most`; words instead of a file are their refusal."""
    if answer.is_redirect:
        raise OutsideRefused("media_elsewhere", "a redirect is not followed")
    if answer.status_code != httpx.codes.OK:
        raise OutsideUnavailable(f"http_{answer.status_code}")
    content = bytearray()
    async for part in answer.aiter_bytes(65_536):
        content += part
        if len(content) > most:
            raise OutsideRefused("media_size", "more than may be")
    if content[:1] == b"{":
        _refuse(bytes(content))
    return bytes(content)


def _refuse(content: bytes) -> None:
    """JSON instead of a file is a refusal, or a film that lies elsewhere."""
    try:
        told = orjson.loads(content)
    except orjson.JSONDecodeError:
        return
    _good(told)
    raise OutsideRefused("media_elsewhere", "an address instead of a file")


def _good(told: dict[str, Any]) -> dict[str, Any]:
    code = str(told.get("errcode", 0))
    if code != "0":
        raise OutsideRefused(code, str(told.get("errmsg", ""))[:200])
    return told


def _checked(channel: Channel, kind: MediaKind, content: bytes) -> str:
    try:
        return check(channel.manifest.transport, kind, content)
    except BadMedia as bad:
        raise OutsideRefused(bad.code, kind) from None


async def _with_token(
    ports: Ports, channel: Channel, call: Callable[[str], Awaitable[dict[str, Any]]]
) -> dict[str, Any]:
    tokens = TRANSPORTS[channel.manifest.transport].tokens
    if tokens is None:
        raise OutsideRefused("media_kind", channel.manifest.transport)
    try:
        return await with_token(channel, tokens(ports, channel), call)
    except httpx.TransportError as error:
        raise OutsideUnavailable("transport", type(error).__name__) from None
    except BadMedia as bad:
        raise OutsideRefused(bad.code) from None
