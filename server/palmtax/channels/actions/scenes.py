"""Codes and links that lead to a place of the app: made by officers, over after their time, counted."""

from __future__ import annotations

from palmtax import evidence
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.channels.errors import SceneNotHere, SceneTooLong, SceneUnknown
from palmtax.channels.model.manifest import Channel
from palmtax.channels.model.scenes import ENDED_BY_US, LONGEST, MAY_LAST, TRANSPORT_OF, Kind
from palmtax.channels.store import scenes as store
from palmtax.channels.store.scenes import Scene
from palmtax.plumbing.database import Tx


def check(channel: Channel, kind: Kind, days: int | None) -> None:
    """Whether the channel makes such a code for so many days (none: for good).

    Errors: channels.scene_not_here, channels.scene_too_long.
    """
    if channel.manifest.transport != TRANSPORT_OF[kind]:
        raise SceneNotHere(channel=channel.name)
    if days is None and kind not in MAY_LAST:
        raise SceneTooLong()
    if days is not None and days > LONGEST.days and kind not in ENDED_BY_US:
        raise SceneTooLong()


async def keep(tx: Tx, *, actor: Actor, clock: Clock, made: Scene) -> None:
    """Keep a code that the platform has made; evidence `channels.scene_made`."""
    await store.add(tx, made)
    more = {"place": made.place, **({"office_code": made.office_code} if made.office_code else {})}
    await _record(tx, actor, clock, made.channel, made.scene, act="channels.scene_made", **more)


async def end(tx: Tx, *, actor: Actor, clock: Clock, channel: str, scene: str) -> None:
    """It leads nowhere from now on, wherever it hangs. Errors: channels.scene_unknown."""
    if not await store.end(tx, channel, scene, clock.now()):
        raise SceneUnknown()
    await _record(tx, actor, clock, channel, scene, act="channels.scene_ended")


async def _record(tx: Tx, actor: Actor, clock: Clock, channel: str, scene: str, *, act: str, **more: str) -> None:
    await evidence.append(
        tx, actor=actor, clock=clock, act=act, taxpayer_id=0, subject_id=None,
        payload={"channel": channel, "scene": scene, **more}, summary={"channel": channel},
    )  # fmt: skip


async def place_of(tx: Tx, *, clock: Clock, scene: str) -> str:
    """Where a code leads; counted. Errors: channels.scene_unknown."""
    seen = await store.use(tx, scene, clock.now())
    if seen is None:
        raise SceneUnknown()
    return seen.place
