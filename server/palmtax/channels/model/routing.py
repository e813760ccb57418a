"""Which channel carries a message now: switches, health, hours, regions, gray release, weights, fallback. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from palmtax.base.clock import CHINA
from palmtax.channels.model.manifest import Channel

Light = Literal["green", "amber", "red"]
Why = Literal["off", "off_for_matter", "red", "gray", "region", "closed", "no_template", "no_address"]


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a channel beside its manifest: its light, its share of weight in percent, its switches.

    `switches` holds what officers decided: `""` for the whole channel, a matter or template for that alone.
    """

    light: Light = "green"
    weight: int = 100
    switches: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """One message that wants a channel. `families` are those of the addresses under which the person can be reached."""

    way: str
    person_id: int
    office_code: str
    template: str
    matter: str
    families: frozenset[str]
    seed: str


@dataclass(frozen=True, slots=True)
class Route:
    """The channels to try, best first; `refused` says why the others are not, `opens_in` when a closed one opens."""

    channels: tuple[Channel, ...]
    refused: Mapping[str, Why]
    opens_in: timedelta | None = None


def share(text: str) -> int:
    """A number from 0 to 99 that is always the same for the same text.

    >>> share("wechat_oa:71") == share("wechat_oa:71"), 0 <= share("x") < 100
    (True, True)
    """
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) % 100


def is_gray_for(channel: Channel, person_id: int, office_code: str) -> bool:
    """Whether the gray release has come to this person: a share of people (stable, and only growing), offices, a list."""
    rule = channel.manifest.gray
    return (
        person_id in rule.people
        or any(office_code.startswith(one) for one in rule.offices)
        or share(f"{channel.name}:{person_id}") < rule.percent
    )


def opens_in(channel: Channel, at: datetime) -> timedelta:
    """How long until messages may go out; nothing while it is open. Hours are Beijing time."""
    rule, local = channel.manifest.opening, at.astimezone(CHINA)
    if local.isoweekday() in rule.days and rule.start <= local.time() <= rule.end:
        return timedelta(0)
    for ahead in range(8):
        day = local + timedelta(days=ahead)
        start = day.replace(hour=rule.start.hour, minute=rule.start.minute, second=rule.start.second, microsecond=0)
        if day.isoweekday() in rule.days and start > local:
            return start - local
    return timedelta(days=1)


def is_on(channel: Channel, standing: Standing) -> bool:
    """Whether the channel is switched on: officers' word before the manifest's."""
    return standing.switches.get("", channel.manifest.is_on)


def refusal(channel: Channel, standing: Standing, asked: Asked, at: datetime) -> Why | None:
    """Why a channel does not carry this message; none when it does."""
    manifest = channel.manifest
    matters = {asked.matter, asked.template} - {""}
    is_off_for = any(not standing.switches.get(one, one not in manifest.off_for) for one in matters)
    reasons: list[tuple[Why, bool]] = [
        ("no_template", manifest.transport != "inbox" and manifest.said(asked.template) is None),
        ("no_address", bool(manifest.family) and manifest.family not in asked.families),
        ("region", bool(manifest.regions) and not any(asked.office_code.startswith(one) for one in manifest.regions)),
        ("gray", not is_gray_for(channel, asked.person_id, asked.office_code)),
        ("off", not is_on(channel, standing)),
        ("off_for_matter", is_off_for),
        ("red", standing.light == "red"),
        ("closed", opens_in(channel, at) > timedelta(0)),
    ]
    return next((why for why, holds in reasons if holds), None)


def route(channels: Iterable[Channel], standings: Mapping[str, Standing], asked: Asked, at: datetime) -> Route:
    """The channels of this way that carry the message, best first.

    Order: by `order`; within one order a draw by weight that is always the same for the same message and try; then the
    fallbacks of what was passed over, in the order their manifests name them.
    """
    carriers = (one for one in channels if "push" in one.manifest.can)
    known = {one.name: one for one in carriers if asked.way in (one.manifest.way, *one.manifest.also)}
    refused: dict[str, Why] = {}
    for name, channel in known.items():
        why = refusal(channel, standings.get(name, Standing()), asked, at)
        if why is not None:
            refused[name] = why
    good = [one for name, one in known.items() if name not in refused]
    ranked = sorted(good, key=lambda one: (one.manifest.order, _draw(one, standings, asked), one.name))
    after = _followers(known, refused)
    ranked.sort(key=lambda one: after.index(one.name) if one.name in after else len(after))
    closed = [opens_in(known[name], at) for name, why in refused.items() if why == "closed"]
    return Route(tuple(ranked), refused, min(closed) if closed and not good else None)


_STOOD_IN_FOR = frozenset({"red", "off", "off_for_matter", "closed"})


def _followers(known: Mapping[str, Channel], refused: Mapping[str, Why]) -> tuple[str, ...]:
    """Who takes over from the first channel that would have carried the message, were it not down."""
    down = [known[name] for name, why in refused.items() if why in _STOOD_IN_FOR]
    first = min(down, key=lambda one: one.manifest.order, default=None)
    better = [
        one for one in known.values() if first and one.name not in refused and one.manifest.order < first.manifest.order
    ]
    return () if first is None or better else first.manifest.fallback


def _draw(channel: Channel, standings: Mapping[str, Standing], asked: Asked) -> int:
    """A place in the draw: smaller for more weight; weight 0 comes last (Efraimidis and Spirakis, in whole numbers)."""
    weight = channel.manifest.weight * standings.get(channel.name, Standing()).weight // 100
    if weight <= 0:
        return 1 << 62
    drawn = int.from_bytes(hashlib.sha256(f"{asked.seed}:{channel.name}".encode()).digest()[:6]) + 1
    return _minus_log(drawn, 1 << 48) * 1000 // weight


def _minus_log(drawn: int, whole: int) -> int:
    """−log2(drawn ÷ whole) in 1/65536, by squaring: no floats decide who gets a message.

    >>> _minus_log(1 << 47, 1 << 48), _minus_log(1 << 48, 1 << 48)
    (65536, 0)
    """
    digits, value = 0, (whole << 64) // drawn
    one = 1 << 64
    while value >= 2 * one:
        value >>= 1
        digits += 1
    for _ in range(16):
        value = value * value >> 64
        digits <<= 1
        if value >= 2 * one:
            value >>= 1
            digits |= 1
    return digits
