"""Every transport by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from palmtax.channels.adapters import (
    Ports,
    Send,
    Tokens,
    alipay,
    huawei_push,
    inbox,
    sms_aliyun,
    sms_tencent,
    smtp,
    web_push,
    webhook,
    wechat,
    wecom,
)
from palmtax.channels.model.manifest import Channel, Transport
from palmtax.plumbing.outbound import OutsideUnavailable


@dataclass(frozen=True, slots=True)
class TransportEntry:
    """How a transport sends, which kinds of message the platform recognises when repeated, and its token where it has one."""

    send: Send
    safe_to_repeat: frozenset[str]
    tokens: Callable[[Ports, Channel], Tokens] | None = None

    def recognises(self, channel: Channel, template: str) -> bool:
        """Whether the platform shows a message once, however often it is handed over."""
        said = channel.manifest.said(template)
        return (said.kind if said else "text") in self.safe_to_repeat


TRANSPORTS: Mapping[Transport, TransportEntry] = MappingProxyType(
    {
        "wechat_oa": TransportEntry(wechat.send, wechat.SAFE_TO_REPEAT, wechat.tokens),
        "wechat_mini": TransportEntry(wechat.send, wechat.SAFE_TO_REPEAT, wechat.tokens),
        "wecom": TransportEntry(wecom.send, wecom.SAFE_TO_REPEAT, wecom.tokens),
        "alipay": TransportEntry(alipay.send, alipay.SAFE_TO_REPEAT),
        "huawei_push": TransportEntry(huawei_push.send, huawei_push.SAFE_TO_REPEAT, huawei_push.tokens),
        "webhook": TransportEntry(webhook.send, webhook.SAFE_TO_REPEAT),
        "sms_tencent": TransportEntry(sms_tencent.send, sms_tencent.SAFE_TO_REPEAT),
        "sms_aliyun": TransportEntry(sms_aliyun.send, sms_aliyun.SAFE_TO_REPEAT),
        "smtp": TransportEntry(smtp.send, smtp.SAFE_TO_REPEAT),
        "web_push": TransportEntry(web_push.send, web_push.SAFE_TO_REPEAT),
        "inbox": TransportEntry(inbox.send, inbox.SAFE_TO_REPEAT),
    }
)


def token_name(ports: Ports, channel: Channel) -> str:
    """Under which name the channel's token is kept; empty where it has none."""
    entry = TRANSPORTS[channel.manifest.transport]
    if entry.tokens is None or not ports.has_credentials(channel):
        return ""
    try:
        return str(getattr(entry.tokens(ports, channel), "name", ""))
    except OutsideUnavailable:
        return ""
