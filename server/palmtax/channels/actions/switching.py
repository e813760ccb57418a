"""Switching a channel: off at once by one officer, on again by two, and only when it passes its check."""

from __future__ import annotations

from collections.abc import Sequence

from palmtax import evidence
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.channels.errors import KitNotPassed, ReasonMissing, SecondOfficerNeeded
from palmtax.channels.store import versions
from palmtax.plumbing.database import Tx

SHORTEST_REASON = 4


async def switch(
    tx: Tx,
    *,
    actor: Actor,
    clock: Clock,
    channel: str,
    part: str,
    is_on: bool,
    reason: str,
    failed_rules: Sequence[str] = (),
) -> bool:
    """Switch a channel, or one matter in it; gives whether it is on now.

    Off happens at once. On is asked for first and happens when another officer asks for the same; `failed_rules` are
    what the conformance kit found. Errors: channels.reason_missing, channels.kit_not_passed,
    channels.second_officer_needed.
    """
    said = reason.strip()
    if len(said) < SHORTEST_REASON:
        raise ReasonMissing()
    if is_on and failed_rules:
        raise KitNotPassed(channel=channel, first=failed_rules[0], count=len(failed_rules))
    known = next((one for one in await versions.switches(tx) if (one.channel, one.part) == (channel, part)), None)
    if known is not None and known.is_enabled == is_on and known.asked_by is None:
        return is_on
    if is_on and (known is None or known.asked_by is None):
        await versions.ask_on(tx, channel, part, reason=said, person_id=actor.person_id, at=clock.now())
        await _record(tx, actor, clock, channel, part, said, act="channels.switch_asked")
        return False
    if is_on and known is not None and known.asked_by == actor.person_id:
        raise SecondOfficerNeeded()
    await versions.put_switch(tx, channel, part, is_on=is_on, reason=said, person_id=actor.person_id, at=clock.now())
    await _record(tx, actor, clock, channel, part, said, act="channels.switched", is_on=is_on)
    return is_on


async def _record(
    tx: Tx, actor: Actor, clock: Clock, channel: str, part: str, reason: str, *, act: str, is_on: bool | None = None
) -> None:
    told = {"channel": channel, "part": part, "reason": reason, "is_on": is_on}
    await evidence.append(
        tx, actor=actor, clock=clock, act=act, taxpayer_id=0, subject_id=None, payload=told,
        summary={name: value for name, value in told.items() if value is not None},
    )  # fmt: skip
