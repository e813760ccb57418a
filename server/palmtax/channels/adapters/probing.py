"""Asking a platform, as ourselves, something that changes nothing: whether it still lets us in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from palmtax.channels.adapters import Ports, ask, sms_aliyun, sms_tencent, wechat, wecom, with_token
from palmtax.channels.adapters.transports import TRANSPORTS
from palmtax.channels.model.manifest import Channel, Transport
from palmtax.plumbing import cloud
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable

Ask = Callable[[Ports, Channel], Awaitable[None]]


async def probe(ports: Ports, channel: Channel) -> tuple[bool, str]:
    """Whether the platform lets us in (`token`) or answers at all (`reach`), and the code when it does not.

    A token that we hold says nothing: the platform may have taken it back. So it is asked, with that token.
    """
    try:
        if channel.manifest.probe.by == "token":
            await account(ports, channel)
        else:
            await ports.reach(channel)
    except (OutsideRefused, OutsideUnavailable) as wrong:
        return False, wrong.code
    return True, ""


async def account(ports: Ports, channel: Channel) -> None:
    """The cheapest question that only an account in good standing gets answered; OutsideRefused or OutsideUnavailable."""
    own, entry = _QUESTIONS.get(channel.manifest.transport), TRANSPORTS[channel.manifest.transport]
    if own is not None:
        await own(ports, channel)
    elif entry.tokens is not None:
        await entry.tokens(ports, channel).get()
    else:
        await ports.reach(channel)


async def _wechat(ports: Ports, channel: Channel) -> None:
    keeper = wecom.tokens(ports, channel) if channel.manifest.transport == "wecom" else wechat.tokens(ports, channel)

    async def addresses(token: str) -> dict[str, Any]:
        return await ask(ports, channel, "GET", "/cgi-bin/get_api_domain_ip", {"access_token": token})

    await with_token(channel, keeper, addresses)


async def _tencent(ports: Ports, channel: Channel) -> None:
    section = ports.section(channel)
    key = cloud.CloudKey(section["secret_id"], section["secret_key"], ports.base(channel))
    day = datetime.fromtimestamp(ports.now(), UTC).strftime("%Y%m%d")
    asked = {
        "SmsSdkAppId": section["sdk_app_id"], "Limit": 1, "Offset": 0, "BeginTime": f"{day}00", "EndTime": f"{day}23",
    }  # fmt: skip
    await cloud.call(ports.http(channel), key, "sms", "SmsPackagesStatistics", sms_tencent.VERSION, asked)


async def _aliyun(ports: Ports, channel: Channel) -> None:
    section = ports.section(channel)
    await sms_aliyun.ask(ports, channel, {"Action": "QuerySmsSign", "SignName": str(section["sign_name"])})


_QUESTIONS: Mapping[Transport, Ask] = MappingProxyType(
    {"wechat_oa": _wechat, "wechat_mini": _wechat, "wecom": _wechat, "sms_tencent": _tencent, "sms_aliyun": _aliyun}
)
__all__ = ["account", "probe"]
