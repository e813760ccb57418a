"""The in-app inbox: messaging has put the message there already, so it is delivered at once."""

from __future__ import annotations

from palmtax.channels.adapters import EVERY_KIND, Ports
from palmtax.channels.model.manifest import Channel
from palmtax.channels.model.outgoing import Outgoing, Sent

SAFE_TO_REPEAT = EVERY_KIND


async def send(_ports: Ports, _channel: Channel, out: Outgoing) -> Sent:
    """Nothing leaves the building."""
    return Sent(out.reference, "delivered")
