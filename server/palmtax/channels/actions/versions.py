"""Putting manifests in force: read from the folder, checked whole, rolled back; a bad one changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from palmtax import evidence
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.channels.errors import VersionUnknown
from palmtax.channels.model.manifest import Channel
from palmtax.channels.model.reading import BadChannel, Fault, Texts, read_channel
from palmtax.channels.store import versions as store
from palmtax.channels.store.versions import Version
from palmtax.plumbing.database import Tx
from palmtax.plumbing.outbox import enqueue


@dataclass(frozen=True, slots=True)
class Reloaded:
    """What a reload did."""

    put_in_force: tuple[str, ...]
    refused: Mapping[str, tuple[Fault, ...]]


async def reload(tx: Tx, *, clock: Clock, folder: Mapping[str, Texts], actor: Actor | None = None) -> Reloaded:
    """Put every changed manifest of the folder in force; one with faults is refused and the last good one stays.

    What was refused, or rolled back from, is not tried again until its text changes.
    """
    newest = await store.newest(tx)
    put, refused = [], {}
    for name, texts in folder.items():
        last = newest.get(name)
        if last is not None and texts.digest in {last.digest, _left_behind(last)}:
            continue
        try:
            read_channel(texts, folder)
            faults: tuple[Fault, ...] = ()
        except BadChannel as bad:
            faults = bad.faults
        number = (last.version if last else 0) + 1
        person = actor.person_id if actor else None
        if not await store.add(
            tx, texts, number=number, faults=faults, reason="folder", made_by=person, at=clock.now()
        ):
            continue
        if faults:
            refused[name] = faults
        else:
            put.append(name)
            await _publish_menu(tx, name)
            await evidence.append(
                tx,
                actor=actor,
                clock=clock,
                act="channels.manifest_put_in_force",
                taxpayer_id=0,
                subject_id=None,
                payload={"channel": name, "version": number, "digest": texts.digest},
                summary={"channel": name, "version": number},
            )
    return Reloaded(tuple(put), refused)


async def _publish_menu(tx: Tx, channel: str) -> None:
    """What came into force may have another menu, or none any more."""
    await enqueue(tx, "channels.publish_menu", {"channel": channel}, key=f"channels.publish_menu:{channel}")


def _left_behind(last: Version) -> str:
    """The digest that a roll-back left behind: it stands in its reason, so that the folder does not bring it back."""
    return last.reason.removeprefix("rolled_back:") if last.reason.startswith("rolled_back:") else ""


async def roll_back(tx: Tx, *, actor: Actor | None, clock: Clock, channel: str) -> int:
    """Put the version before the present one in force again, as a version of its own; gives its number.

    Errors: channels.version_unknown.
    """
    history = await store.history(tx, channel, 200)
    present = next((one for one in history if one.state == "in_force"), None)
    earlier = [one for one in history if one.state == "past" and present and one.digest != present.digest]
    if present is None or not earlier:
        raise VersionUnknown(channel=channel)
    number = history[0].version + 1
    await store.add(
        tx,
        earlier[0].texts,
        number=number,
        reason=f"rolled_back:{present.digest}",
        made_by=actor.person_id if actor else None,
        at=clock.now(),
    )
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act="channels.manifest_rolled_back",
        taxpayer_id=0,
        subject_id=None,
        payload={"channel": channel, "version": number, "digest": earlier[0].digest},
        summary={"channel": channel, "version": number},
    )
    await _publish_menu(tx, channel)
    return number


def channels_of(in_force: list[Version], folder: Mapping[str, Texts]) -> Mapping[str, Channel]:
    """The channels in force; those the database does not know yet come from the folder, if they are good."""
    versions = {one.channel: one.version for one in in_force}
    texts = {**folder, **{one.channel: one.texts for one in in_force}}
    return _parsed(tuple((one, versions.get(name, 0)) for name, one in sorted(texts.items())))


@lru_cache(maxsize=4)
def _parsed(texts: tuple[tuple[Texts, int], ...]) -> Mapping[str, Channel]:
    """The channels of these texts, parsed when a text is another: processes look every two seconds."""
    by_name, found = {one.name: one for one, _ in texts}, {}
    for one, version in texts:
        try:
            found[one.name] = read_channel(one, by_name, version)
        except BadChannel:
            continue
    return found
