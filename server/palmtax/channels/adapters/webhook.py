"""A platform whose one call the manifest describes whole: address, signature, body, and where the answer's code stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from palmtax.channels.adapters import Ports, json_of
from palmtax.channels.model.incoming import field_at, filled, signed
from palmtax.channels.model.manifest import Channel
from palmtax.channels.model.outgoing import Outgoing, Sent
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable

SAFE_TO_REPEAT: frozenset[str] = frozenset()
"""Such platforms know no number of ours."""


async def send(ports: Ports, channel: Channel, out: Outgoing) -> Sent:
    """The call of the manifest, with our words in its places."""
    rule = channel.manifest.call
    if rule is None:
        raise OutsideRefused("no_template", out.template)
    section, now = ports.section(channel), ports.now()
    values = {
        **{name: value for name, value in section.items() if isinstance(value, str | int)},
        "seconds": int(now),
        "milliseconds": int(now * 1000),
        **{name: out.place(name) for name in ("title", "body", "short", "link")},
        "address": out.address,
        "reference": out.reference,
    }
    if rule.signature is not None:
        values["sign"] = signed(rule.signature, values)
    body = _filled(rule.body, values)
    try:
        answer = await ports.http(channel).post(
            ports.base(channel) + filled(rule.path, values),
            params={name: filled(text, values) for name, text in rule.query.items()},
            headers={name: filled(text, values) for name, text in rule.headers.items()},
            **{"data" if rule.encoding == "form" else "json": body},
        )
    except httpx.TransportError as error:
        raise OutsideUnavailable("transport", type(error).__name__) from None
    content = json_of(answer)
    code = field_at(content, rule.code)
    if code == "":
        raise OutsideUnavailable("unreadable", f"no {rule.code}")
    if code != rule.good:
        raise OutsideRefused(code)
    return Sent(field_at(content, rule.reference) if rule.reference else out.reference)


def _filled(part: Any, values: Mapping[str, Any]) -> Any:
    """The body with every text filled; a value is never read as a place again."""
    if isinstance(part, dict):
        return {name: _filled(one, values) for name, one in part.items()}
    if isinstance(part, list):
        return [_filled(one, values) for one in part]
    return filled(part, values) if isinstance(part, str) else part
