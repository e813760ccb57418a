"""Rooms in which people wait: how they stand, and what officers decide about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from palmtax import evidence, matters
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.channels.errors import ReasonMissing, RoomNeedsAnother, RoomUnknown
from palmtax.plumbing.database import Tx
from palmtax.plumbing.waiting import store
from palmtax.plumbing.waiting.door import Door
from palmtax.plumbing.waiting.line import Estimate
from palmtax.plumbing.waiting.rooms import Room, is_own_room
from palmtax.plumbing.waiting.store import LineRow, Mode, Switch

SHORTEST_REASON = 4


@dataclass(frozen=True, slots=True)
class Standing:
    """A room as it stands now."""

    room: Room
    line: LineRow | None
    switch: Switch | None
    estimate: Estimate | None


async def standings(tx: Tx, *, door: Door) -> list[Standing]:
    """Every room in the order in which it is served; matters with a room of their own come after. Two statements."""
    lines = {one.room: one for one in await store.lines(tx)}
    switches = {one.room: one for one in await store.switches(tx)}
    own = sorted(code for code in switches if code not in door.rooms.rooms)
    found = []
    for code in [*sorted(door.rooms.rooms, key=lambda one: door.ranks[one]), *own]:
        row = lines.get(code)
        line = door.lines.get(code)
        estimate = line.estimate(row.ahead) if row is not None and row.is_waiting and line is not None else None
        found.append(Standing(door.rooms.room(code), row, switches.get(code), estimate))
    return found


async def switch_room(
    tx: Tx, *, actor: Actor, clock: Clock, door: Door, code: str, mode: Mode, people_a_minute: int, reason: str
) -> bool:
    """Decide how a room lets people in: `auto` as measured, `open` always, `own_rate` so many a minute. Gives whether it is so now.

    Slowing a room in which the law's deadlines run is asked for first and happens when another officer asks for the same.
    A matter gets a room of its own as `matter:` and its code.
    Errors: channels.room_unknown, channels.reason_missing, channels.room_needs_another.
    """
    if code not in door.rooms.rooms and not (is_own_room(code) and _is_matter(code.partition(":")[2])):
        raise RoomUnknown(room=code)
    said = reason.strip()
    if len(said) < SHORTEST_REASON:
        raise ReasonMissing()
    rate = people_a_minute if mode == "own_rate" else 0
    known = next((one for one in await store.switches(tx) if one.room == code), None)
    if _stands(known, mode, rate):
        return True
    must_agree = mode == "own_rate" and door.rooms.room(code).needs_two
    before = known or Switch(code, "auto", 0, "", None, None, 0)
    is_asked = before.asked_by is not None and (before.asked_mode, before.asked_people_a_minute) == (mode, rate)
    if must_agree and is_asked and before.asked_by == actor.person_id:
        raise RoomNeedsAnother()
    is_now = is_asked or not must_agree
    decided = (
        Switch(code, mode, rate, said, None, None, 0)
        if is_now
        else Switch(code, before.mode, before.people_a_minute, said, actor.person_id, mode, rate)
    )
    await store.put_switch(tx, decided, person_id=actor.person_id, at=clock.now())
    told = {"room": code, "mode": mode, "people_a_minute": rate, "reason": said}
    if is_now:
        await _record(tx, actor, clock, told, act="channels.room_switched")
    else:
        await _record(tx, actor, clock, told, act="channels.room_switch_asked")
    return is_now


async def _record(tx: Tx, actor: Actor, clock: Clock, told: dict[str, Any], *, act: str) -> None:
    await evidence.append(
        tx, actor=actor, clock=clock, act=act, taxpayer_id=0, subject_id=None, payload=told, summary=told
    )


def _stands(known: Switch | None, mode: Mode, rate: int) -> bool:
    """Whether it is so already, and nothing else is asked for."""
    if known is None:
        return mode == "auto"
    return known.asked_by is None and (known.mode, known.people_a_minute) == (mode, rate)


def _is_matter(code: str) -> bool:
    return code in matters.catalogue()
