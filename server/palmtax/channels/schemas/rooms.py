"""Shapes of the waiting rooms on the wire."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from palmtax.channels.actions.rooms import Standing
from palmtax.plumbing.waiting.door import Door
from palmtax.plumbing.wire import Wire

Mode = Literal["auto", "open", "own_rate"]


class RoomOut(Wire):
    """A waiting room as it stands."""

    code: str
    name: str
    name_en: str
    is_waiting: bool
    ahead: int = Field(description="people who stand in line")
    people_a_minute: int = Field(description="how many come in a minute now; 0 while nobody waits")
    let_in: int = Field(description="people whose turn came, ever")
    low_seconds: int | None = Field(description="what a newcomer is told; none while nobody waits")
    high_seconds: int | None
    error_percent: int = Field(description="how far estimates were off, as measured")
    needs_two: bool = Field(description="slowing it needs a second officer")
    mode: Mode
    own_people_a_minute: int
    reason: str
    asked_mode: Mode | None = Field(description="what one officer asks another to agree to")
    asked_people_a_minute: int
    is_asked_by_me: bool


class RoomsOut(Wire):
    """All rooms, and what the process that answers has measured."""

    rooms: list[RoomOut]
    capacity_a_minute: int = Field(description="people a minute that can be served, as measured")
    slots: int
    queued: int


class RoomSwitchIn(Wire):
    """What an officer decides."""

    mode: Mode
    people_a_minute: int = Field(0, ge=0, le=1_000_000, strict=True)
    reason: str = Field(max_length=200)


class RoomSwitchedOut(Wire):
    """Whether it is so now, or waits for a second officer."""

    is_now: bool


def shape_rooms(found: list[Standing], door: Door, person_id: int) -> RoomsOut:
    """All rooms as an officer sees them."""
    return RoomsOut(
        rooms=[_shape(one, person_id) for one in found],
        capacity_a_minute=round(door.pace.people * 60),
        slots=door.slots.limit,
        queued=door.slots.queued,
    )


def _shape(one: Standing, person_id: int) -> RoomOut:
    line, switch, estimate = one.line, one.switch, one.estimate
    is_waiting = line is not None and line.is_waiting
    return RoomOut(
        code=one.room.code,
        name=one.room.zh,
        name_en=one.room.en,
        is_waiting=is_waiting,
        ahead=line.ahead if line and is_waiting else 0,
        people_a_minute=round(line.speed_milli * 60 / 1000) if line and is_waiting else 0,
        let_in=line.let_in if line else 0,
        low_seconds=estimate.low if estimate else None,
        high_seconds=estimate.high if estimate else None,
        error_percent=line.error_percent if line else 0,
        needs_two=one.room.needs_two,
        mode=switch.mode if switch else "auto",
        own_people_a_minute=switch.people_a_minute if switch else 0,
        reason=switch.reason if switch else "",
        asked_mode=switch.asked_mode if switch else None,
        asked_people_a_minute=switch.asked_people_a_minute if switch else 0,
        is_asked_by_me=switch is not None and switch.asked_by == person_id,
    )
