"""What the pages of 渠道监控 ask for: standings beside the figures, samples of failed calls, what a roll-back changes."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from palmtax import matters, messaging, registry
from palmtax.base.clock import Clock, china_day, day_begins
from palmtax.channels.actions.measuring import CALLS, Measured
from palmtax.channels.errors import VersionUnknown
from palmtax.channels.model.manifest import Channel
from palmtax.channels.store import figures, versions
from palmtax.channels.store.figures import Cut
from palmtax.plumbing.database import Tx
from palmtax.plumbing.tokens import token_states

SAMPLES = 20
REFERENCE = 8
"""So many of the last characters of a number are enough to find it in the logs, and too few to look anybody up."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A channel's token and quota now; none where it has none."""

    channel: str
    token_seconds_left: int | None
    quota_left: int | None
    quota: int | None


@dataclass(frozen=True, slots=True)
class Sample:
    """A call that ended with a code, with nothing in it that leads to a person."""

    began_at: datetime
    milliseconds: int | None
    state: str
    number: int
    reference: str


async def standings(
    tx: Tx, *, clock: Clock, channels: Iterable[Channel], token_names: dict[str, str]
) -> list[Standing]:
    """Seconds of token life, and what may still be sent today. Two round trips."""
    now = clock.now()
    midnight = day_begins(china_day(now))
    sent: dict[str, int] = {}
    for row in await figures.by(tx, Cut(midnight, now), ("channel", "outcome")):
        if row["outcome"] in CALLS:
            sent[row["channel"]] = sent.get(row["channel"], 0) + row["count"]
    tokens = {one.name: one for one in await token_states(tx)}
    made = []
    for channel in channels:
        token, day = tokens.get(token_names.get(channel.name, "")), channel.manifest.limits.day
        left = max(0, day - sent.get(channel.name, 0)) if day else None
        made.append(Standing(channel.name, token.seconds_left if token else None, left, day or None))
    return made


async def names(tx: Tx, found: Measured) -> dict[str, tuple[str, str]]:
    """What the matters, templates and offices of a period are called. One round trip."""
    known = matters.catalogue()
    named = {code: (known[code].title, known[code].title_en) for code, _ in found.matters if code in known}
    for code, _ in found.matters:
        template = None if code in named else messaging.every_template().get(code)
        if template is not None:
            words = template.render(template.samples(), "zh"), template.render(template.samples(), "en")
            named[code] = words[0].title.partition("：")[0], words[1].title.partition(":")[0]
    offices = await registry.office_names(tx, [code for code, _ in found.offices])
    return named | {code: (name, name) for code, name in offices.items()}


async def samples(tx: Tx, *, channel: str, code: str, since: datetime) -> list[Sample]:
    """The newest calls that ended with a code, masked. One round trip."""
    return [
        Sample(
            row["began_at"],
            int((row["ended_at"] - row["began_at"]) / timedelta(milliseconds=1)) if row["ended_at"] else None,
            row["state"],
            row["number"],
            row["delivery_id"].hex[-REFERENCE:],
        )
        for row in await figures.samples(tx, channel, code, since, SAMPLES)
    ]


async def roll_back_diff(tx: Tx, *, channel: str) -> tuple[int, list[str]]:
    """The version that a roll-back would bring back, and what it would change. Errors: channels.version_unknown."""
    history = await versions.history(tx, channel, 200)
    present = next((one for one in history if one.state == "in_force"), None)
    earlier = [one for one in history if one.state == "past" and present and one.digest != present.digest]
    if present is None or not earlier:
        raise VersionUnknown(channel=channel)
    lines: list[str] = []
    for name, now, then in (
        ("channel.yaml", present.manifest, earlier[0].manifest),
        ("codes.yaml", present.codes, earlier[0].codes),
    ):
        lines += difflib.unified_diff(now.splitlines(), then.splitlines(), name, name, lineterm="", n=2)
    return earlier[0].version, lines
