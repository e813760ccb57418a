"""Shapes of the desk of channels: lights, switches, versions."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from palmtax.channels.actions.watching import Report
from palmtax.channels.store.versions import Version
from palmtax.plumbing.wire import Wire


class TroubleOut(Wire):
    """A code that a channel met in the last hour, in words."""

    code: str
    say: str
    say_en: str
    means: str
    count: int
    last_at: datetime


class SwitchOut(Wire):
    """What officers decided for a channel (`part` empty) or one matter in it."""

    part: str
    is_on: bool
    reason: str
    switched_at: datetime
    is_asked: bool = Field(description="somebody asks to switch it on; another must agree")
    asked_reason: str | None


class ChannelOut(Wire):
    """One channel as those who look after it see it."""

    name: str
    title: str
    title_en: str
    way: str
    transport: str
    light: Literal["green", "amber", "red"]
    say: str
    say_en: str
    since: datetime | None
    is_on: bool
    is_open: bool
    weight: int
    version: int
    handed: int
    failed: int
    average_milliseconds: int
    slowest_milliseconds: int
    troubles: list[TroubleOut]
    switches: list[SwitchOut]
    fallback: list[str]
    refused: list[str] = Field(description="faults of the newest text when it could not be put in force")


class ChannelsOut(Wire):
    """Every channel."""

    channels: list[ChannelOut]


class SwitchIn(Wire):
    """Switch a channel off at once, or ask for it to be switched on."""

    is_on: bool
    part: str = Field("", max_length=60, pattern=r"^[A-Za-z0-9_-]*$", description="a matter or template; empty: all")
    reason: str = Field(max_length=200)


class SwitchedOut(Wire):
    """Whether the channel is on now; `is_waiting`: another officer must agree."""

    is_on: bool
    is_waiting: bool


class VersionOut(Wire):
    """One text of a channel and what became of it."""

    version: int
    state: Literal["in_force", "past", "refused"]
    faults: list[str]
    reason: str
    made_at: datetime


class RolledBackOut(Wire):
    """The number of the version that is in force now."""

    version: int


def shape_channel(one: Report) -> ChannelOut:
    """A channel for the wire."""
    manifest = one.channel.manifest
    return ChannelOut(
        name=one.channel.name, title=manifest.title, title_en=manifest.title_en, way=manifest.way,
        transport=manifest.transport, light=one.light, say=one.say, say_en=one.say_en, since=one.since,
        is_on=one.is_on, is_open=one.is_open, weight=one.weight, version=one.channel.version, handed=one.handed,
        failed=one.failed, average_milliseconds=one.average_milliseconds,
        slowest_milliseconds=one.slowest_milliseconds, fallback=list(manifest.fallback),
        troubles=[
            TroubleOut(code=t.code, say=t.say, say_en=t.say_en, means=t.means, count=t.count, last_at=t.last_at)
            for t in one.troubles
        ],
        switches=[
            SwitchOut(
                part=s.part, is_on=s.is_enabled, reason=s.reason, switched_at=s.switched_at,
                is_asked=s.asked_by is not None, asked_reason=s.asked_reason,
            )
            for s in one.switches
        ],
        refused=list(one.refused_version.faults) if one.refused_version else [],
    )  # fmt: skip


def shape_version(one: Version) -> VersionOut:
    """A version for the wire."""
    return VersionOut(
        version=one.version,
        state=one.state,
        faults=list(one.faults),
        reason=one.reason,
        made_at=one.made_at,
    )
