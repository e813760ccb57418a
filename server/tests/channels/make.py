"""Channels as their files describe them, a platform that speaks to them, and a process with stubbed platforms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx

from palmtax.channels.actions.knowing import Memory
from palmtax.channels.adapters import ChannelsSettings, Ports
from palmtax.channels.adapters.process import Process
from palmtax.channels.adapters.sending_rules import Stub
from palmtax.channels.adapters.speaking import INVENTED, Platform
from palmtax.channels.model.incoming import Callback
from palmtax.channels.model.manifest import Channel
from palmtax.channels.model.reading import Texts, read_all, texts_in

AT = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
"""Unix second 1700000000, of the published test values."""
TOKEN, NONCE, STAMP = "tax2026", "abc123", "1700000000"
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
APP_ID = "wx0123456789abcdef"
SECTIONS = (
    "official_account", "official_account_linan", "wechat", "wecom", "gov_wechat", "sms", "sms2", "email", "dingtalk",
    "web_push", "alipay", "push_huawei", "push_xiaomi",
)  # fmt: skip


def channels() -> dict[str, Channel]:
    """Every channel of the repository; all of them can be read."""
    good, bad = read_all(texts_in())
    assert not bad, [str(fault) for faults in bad.values() for fault in faults]
    return good


def changed(channel: Channel, **manifest: Any) -> Channel:
    """The channel with parts of its manifest changed."""
    return channel.model_copy(update={"manifest": channel.manifest.model_copy(update=manifest)})


def platform_of(channel: Channel, **credentials: Any) -> Platform:
    """The other side of a channel, with invented secrets."""
    return Platform(channel.manifest, {**INVENTED, **credentials})


def credentials(**sections: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Invented secrets for every section."""
    return {**dict.fromkeys(SECTIONS, INVENTED), **sections}


def process(transport: httpx.AsyncBaseTransport | None = None, **sections: Mapping[str, Any]) -> Process:
    """What a process has for channels: invented secrets, and a platform that answers as the test says."""
    ports = Ports(credentials(**sections), link="https://palmtax.example", transport=transport)
    return Process(ports, ChannelsSettings(), Memory())


async def post(client: httpx.AsyncClient, name: str, call: Callback) -> httpx.Response:
    """Send a callback to the application."""
    return await client.request(
        call.method, f"/channels/{name}/callback", params=dict(call.query), headers=dict(call.headers),
        content=call.body or None,
    )  # fmt: skip


def with_text(texts: Texts, **files: str) -> Texts:
    """The files of a channel with other words."""
    return replace(texts, **files)


_PLACES = {
    "/cgi-bin/message/template/send": "wechat_oa", "/cgi-bin/message/custom/send": "wechat_oa",
    "/cgi-bin/message/subscribe/send": "wechat_mini", "/cgi-bin/message/send": "wecom",
    "/cgi-bin/message/update_template_card": "wecom", "/robot/send": "dingtalk",
}  # fmt: skip


class Platforms(httpx.AsyncBaseTransport):
    """Every platform at once: documented answers, one after the other, as the test says; `heard` is what they were asked."""

    def __init__(self, **moods: list[str]) -> None:
        self.stubs = {name: Stub(one, list(moods.get(name, []))) for name, one in channels().items()}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One answer."""
        host = {"sms.tencentcloudapi.com": "sms", "dysmsapi.aliyuncs.com": "sms2"}.get(request.url.host)
        name = host or _PLACES.get(request.url.path, "wechat_oa")
        await request.aread()
        return self.stubs[name](request)

    def heard(self, name: str) -> list[httpx.Request]:
        """The messages handed to a channel's platform, without the calls for tokens."""
        return self.stubs[name].sent
