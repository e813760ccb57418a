"""Routes of 候办大厅: how people wait, and what officers decide about it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

from palmtax.channels.actions import rooms
from palmtax.channels.schemas.rooms import RoomsOut, RoomSwitchedOut, RoomSwitchIn, shape_rooms
from palmtax.plumbing.edge import Edge, Router, may_officer
from palmtax.plumbing.waiting.door import Door

router = Router(prefix="/api/channels/rooms", tags=["channels"])
Code = Annotated[str, Path(pattern=r"^(matter:)?[A-Za-z][A-Za-z0-9_.-]{1,59}$")]


@router.get("")
async def list_rooms(edge: Edge = may_officer("channels.read")) -> RoomsOut:
    """Every waiting room: who waits, how fast it goes, how honest the estimates were, what was decided."""
    async with edge.statement() as tx:
        found = await rooms.standings(tx, door=_door(edge))
    return shape_rooms(found, _door(edge), edge.actor.person_id)


@router.post("/{code}/switch")
async def switch_room(
    code: Code, given: RoomSwitchIn, edge: Edge = may_officer("channels.switch", records="channels.room_switched")
) -> RoomSwitchedOut:
    """Open a room, give it its own pace, or let the measured pace decide again; slowing what has deadlines takes two officers."""
    async with edge.transaction() as tx:
        is_now = await rooms.switch_room(
            tx, actor=edge.actor, clock=edge.clock, door=_door(edge), code=code, mode=given.mode,
            people_a_minute=given.people_a_minute, reason=given.reason,
        )  # fmt: skip
    return RoomSwitchedOut(is_now=is_now)


def _door(edge: Edge) -> Door:
    found: Door = edge.request.app.state.house.door  # every web process has one
    return found
