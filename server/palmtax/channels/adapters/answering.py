"""Saying in a chat, afterwards, what could not be said in the callback's own answer: one way for each platform."""

from __future__ import annotations

from uuid import UUID

from palmtax.channels.adapters import Ports, alipay, wechat_account, wecom_customers
from palmtax.channels.model.incoming import Event
from palmtax.channels.model.manifest import Channel

RECOGNISES = frozenset({"wecom"})
"""Platforms that show an answer once, however often it is handed over."""


async def may_speak(ports: Ports, channel: Channel, event: Event) -> bool:
    """Whether it is for us to answer."""
    return channel.manifest.transport != "wecom" or await wecom_customers.may_speak(ports, channel, event)


async def say(ports: Ports, channel: Channel, event: Event, number: UUID, text: str) -> None:
    """Answer what somebody wrote; the number is that of the event."""
    if channel.manifest.transport == "wecom":
        await wecom_customers.say(ports, channel, event, number, text)
    elif channel.manifest.transport == "alipay":
        await alipay.say(ports, channel, event.address, text)
    else:
        await wechat_account.say(ports, channel, event.address, text)
