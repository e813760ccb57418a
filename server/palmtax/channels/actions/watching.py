"""The health of channels: probes, outcomes and slow receipts become lights and weights; figures for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from palmtax.base.clock import Clock
from palmtax.channels.actions.knowing import Known, read_known
from palmtax.channels.events import LightChanged
from palmtax.channels.model.health import LOOKED_BACK, Health, health, next_weight
from palmtax.channels.model.manifest import Channel
from palmtax.channels.model.routing import is_on, opens_in
from palmtax.channels.store import cards, journeys, versions
from palmtax.channels.store import standings as store
from palmtax.plumbing.database import Tx
from palmtax.plumbing.outbox import emit

RECEIPTS_BACK = timedelta(minutes=15)
JOURNEYS_BACK = timedelta(days=3)
EARLY = timedelta(seconds=2)
"""A look that comes so much early still asks: jobs start by the second or two."""
UNPROBED_SECONDS = 30
RANK = {"red": 0, "amber": 1, "green": 2}
STEP_WORDS = {
    "callback": ("我方回调地址", "our callback address"),
    "account": ("以本账号查询平台", "asking the platform as ourselves"),
    "message": ("测试消息", "a test message"),
}
Probed = Mapping[str, tuple[bool, str]]
"""By channel: whether the probe was answered, and the code when it was not."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One code that a channel met, in words."""

    code: str
    say: str
    say_en: str
    means: str
    count: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """One channel for people who look after it."""

    channel: Channel
    light: str
    say: str
    say_en: str
    since: datetime | None
    is_on: bool
    is_open: bool
    weight: int
    handed: int
    failed: int
    average_milliseconds: int
    slowest_milliseconds: int
    troubles: tuple[Trouble, ...]
    switches: tuple[versions.Switch, ...]
    refused_version: versions.Version | None


def is_due(channel: Channel, stored: store.Standing | None, now: datetime) -> bool:
    """Whether the platform is to be asked again."""
    probe = channel.manifest.probe
    if probe.by == "none":
        return False
    last = stored.probed_at if stored else None
    return last is None or now - last >= timedelta(seconds=probe.every_seconds) - EARLY or now < last


def looks(known: Known) -> list[int]:
    """The seconds of a minute, after the first, at which a channel may be due: as often as its manifest says."""
    paces = {one.manifest.probe.every_seconds for one in known.channels.values() if one.manifest.probe.by != "none"}
    return sorted({second for pace in {*paces, UNPROBED_SECONDS} for second in range(pace, 60, pace)})


async def look(tx: Tx, *, clock: Clock, known: Known, probed: Probed) -> None:
    """One look at every channel: its light, and its weight where receipts tell how fast it is.

    Between two probes a light only gets worse: what the last probe found stands.
    """
    now = clock.now()
    found = await store.tallies(tx, now - LOOKED_BACK)
    stored = await store.standings(tx)
    travelled = await journeys.last_two(tx, now - JOURNEYS_BACK)
    for name, channel in known.channels.items():
        before, asked = stored.get(name), probed.get(name)
        own = [one for one in found if one.channel == name]
        light = _after_journeys(channel, _light(channel, own, before, asked, now), travelled.get(name, []))
        if before is not None and asked is None and _waits(channel, before) and RANK[light.light] > RANK[before.light]:
            light = Health(before.light, before.say, before.say_en)  # type: ignore[arg-type]  # a check constraint
        weight = None
        if channel.manifest.slow is not None:
            rule, weighed = channel.manifest.slow, before.weight if before else 100
            over = timedelta(seconds=rule.over_seconds)
            delivered, slow = await store.receipts(tx, name, now - RECEIPTS_BACK, over)
            weight = next_weight(weighed, delivered=delivered, slow=slow, share_percent=rule.share_percent)
        was = await store.put_light(tx, name, light, weight=weight, at=now, is_probed=asked is not None)
        if was is not None:
            await emit(tx, LightChanged(name, light.light, was))


def _waits(channel: Channel, before: store.Standing) -> bool:
    """Whether a probe is coming that knows better."""
    return channel.manifest.probe.by != "none" and before.probed_at is not None


def _after_journeys(channel: Channel, light: Health, travelled: Sequence[journeys.Journey]) -> Health:
    """Two journeys that failed in a row darken the light as the manifest says; never lighter."""
    rule = channel.manifest.journeys
    if len(travelled) < 2 or any(one.is_good for one in travelled) or RANK[rule.light] >= RANK[light.light]:
        return light
    step = travelled[0].failed_step or {"name": "", "code": ""}
    words = STEP_WORDS.get(step["name"], (step["name"], step["name"]))
    return Health(
        rule.light, f"自检连续两次没有通过：{words[0]}", f"two synthetic journeys failed in a row: {words[1]}"
    )


def _light(
    channel: Channel,
    found: Sequence[store.Tally],
    stored: store.Standing | None,
    probed: tuple[bool, str] | None,
    now: datetime,
) -> Health:
    """A probe that was let in wakes a channel whose token had died; one that was refused outright kills it.

    What died of something else rests: a token says nothing about a right that was taken from us.
    """
    if probed is not None and not probed[0]:
        meaning = channel.meaning(probed[1])
        light = "red" if meaning.means in ("channel", "token") else "amber"
        if light == "red" or stored is None or stored.light != "red":
            return Health(light, meaning.say, meaning.say_en)  # type: ignore[arg-type]  # one of two lights
        return Health("red", stored.say, stored.say_en)
    dead = max((one for one in found if one.outcome == "dead"), key=lambda one: one.last_at, default=None)
    is_awake = probed is not None and dead is not None and channel.meaning(dead.code).means == "token"
    return health(store.lately(list(found), None if is_awake else stored), now)


async def reports(tx: Tx, *, clock: Clock, since: timedelta = timedelta(hours=1)) -> list[Report]:
    """Every channel with its light, figures of the last hour, and what went wrong in words. Six round trips."""
    now, known = clock.now(), await read_known(tx)
    found, stored = await store.tallies(tx, now - since), await store.standings(tx)
    switches, newest = await versions.switches(tx), await versions.newest(tx)
    made = []
    for name, channel in sorted(known.channels.items(), key=lambda one: (one[1].manifest.order, one[0])):
        own, standing, last = [one for one in found if one.channel == name], stored.get(name), newest.get(name)
        good, calls = [one for one in own if one.outcome == "handed"], sum(one.count for one in own)
        made.append(
            Report(
                channel=channel, light=standing.light if standing else "green",
                say=standing.say if standing else "正常", say_en=standing.say_en if standing else "all is well",
                since=standing.changed_at if standing else None, is_on=is_on(channel, known.standings[name]),
                is_open=not opens_in(channel, now), weight=standing.weight if standing else 100,
                handed=sum(one.count for one in good), failed=calls - sum(one.count for one in good),
                average_milliseconds=sum(one.milliseconds for one in own) // calls if calls else 0,
                slowest_milliseconds=max((one.slowest for one in own), default=0),
                troubles=tuple(_trouble(channel, one) for one in own if one.outcome != "handed"),
                switches=tuple(one for one in switches if one.channel == name),
                refused_version=last if last and last.state == "refused" else None,
            )
        )  # fmt: skip
    return made


def _trouble(channel: Channel, tally: store.Tally) -> Trouble:
    meaning = channel.meaning(tally.code)
    return Trouble(tally.code, meaning.say, meaning.say_en, meaning.means, tally.count, tally.last_at)


async def forget(tx: Tx, *, clock: Clock) -> None:
    """Drop figures, nonces, taken events and cards whose time is over."""
    await store.forget(tx, clock.now())
    await cards.forget(tx, clock.now() - cards.KEPT)
