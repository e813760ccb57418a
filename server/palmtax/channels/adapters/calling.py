"""One call of a platform through whatever transport: timed, and everything that can go wrong turned into an answer."""

from __future__ import annotations

import time

from palmtax.channels.adapters import Ports
from palmtax.channels.adapters.transports import TRANSPORTS
from palmtax.channels.model.manifest import Channel
from palmtax.channels.model.outgoing import Answer, Outgoing
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable

NEVER_LEFT = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "ConnectionRefusedError", "gaierror"})
"""Faults after which nothing can have arrived."""


async def call(ports: Ports, channel: Channel, out: Outgoing) -> Answer:
    """Hand one message over, once. A platform that shows repetitions twice is not asked again when it may have heard us."""
    entry = TRANSPORTS[channel.manifest.transport]
    started = time.perf_counter()

    def spent() -> int:
        return round((time.perf_counter() - started) * 1000)

    try:
        sent = await entry.send(ports, channel, out)
    except OutsideRefused as refused:
        return Answer(None, refused.code, "refused", spent())
    except OutsideUnavailable as away:
        may_have_arrived = away.code == "transport" and away.text not in NEVER_LEFT
        if may_have_arrived and not entry.recognises(channel, out.template):
            return Answer(None, away.text or away.code, "unknown", spent())
        return Answer(None, away.code, "unanswered", spent())
    return Answer(sent, milliseconds=spent())
