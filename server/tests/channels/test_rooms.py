"""Officers and the waiting rooms: opened by one, slowed by two where deadlines run, written down, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from palmtax.base.actor import Actor, Hat
from palmtax.base.clock import FixedClock
from palmtax.channels.actions import rooms
from palmtax.channels.errors import ReasonMissing, RoomNeedsAnother, RoomUnknown
from palmtax.entry.waiting import door_of
from palmtax.plumbing.database import Tx
from palmtax.plumbing.settings import WaitingSettings
from palmtax.plumbing.waiting import store
from palmtax.plumbing.waiting.door import Door

HAT = Hat(UUID(int=2), "officer", "tax_clerk", None, "32050000000", frozenset({"channels.read", "channels.switch"}))  # type: ignore[arg-type]  # an officer's office
ONE = Actor(71, UUID(int=1), HAT, "workbench", "r")
OTHER = replace(ONE, person_id=72)


@pytest.fixture
def door() -> Door:
    """The door of this house, with its real rooms."""
    return door_of(WaitingSettings(), [])


async def decide(
    tx: Tx,
    clock: FixedClock,
    door: Door,
    who: Actor,
    code: str,
    mode: Any,
    people: int = 0,
    reason: str = "银行接口变慢",
) -> bool:
    """An officer decides."""
    return await rooms.switch_room(
        tx, actor=who, clock=clock, door=door, code=code, mode=mode, people_a_minute=people, reason=reason
    )


async def acts(tx: Tx) -> list[str]:
    """What was written down."""
    return [row["act"] for row in await tx.fetch("select act from evidence_entry order by at, entry_id")]


async def mode_of(tx: Tx, code: str) -> tuple[str, int] | None:
    """What holds for a room."""
    return next(((one.mode, one.people_a_minute) for one in await store.switches(tx) if one.room == code), None)


async def test_a_room_without_deadlines_is_slowed_and_opened_by_one(tx, clock, door):
    assert await decide(tx, clock, door, ONE, "leisure", "own_rate", 30)
    assert await mode_of(tx, "leisure") == ("own_rate", 30)
    assert await decide(tx, clock, door, ONE, "leisure", "auto")
    assert await mode_of(tx, "leisure") == ("auto", 0)
    assert await acts(tx) == ["channels.room_switched"] * 2


async def test_filing_is_slowed_by_two_and_opened_by_one(tx, clock, door):
    assert not await decide(tx, clock, door, ONE, "filing", "own_rate", 60)
    assert await mode_of(tx, "filing") == ("auto", 0)
    with pytest.raises(RoomNeedsAnother):
        await decide(tx, clock, door, ONE, "filing", "own_rate", 60)
    assert not await decide(tx, clock, door, OTHER, "filing", "own_rate", 600)  # another number is another question
    assert await mode_of(tx, "filing") == ("auto", 0)
    assert await decide(tx, clock, door, ONE, "filing", "own_rate", 600)
    assert await mode_of(tx, "filing") == ("own_rate", 600)
    assert await decide(tx, clock, door, ONE, "filing", "open")
    assert await acts(tx) == ["channels.room_switch_asked"] * 2 + ["channels.room_switched"] * 2


async def test_the_same_again_changes_and_writes_nothing(tx, clock, door):
    await decide(tx, clock, door, ONE, "leisure", "open")
    assert await decide(tx, clock, door, OTHER, "leisure", "open")
    assert await decide(tx, clock, door, OTHER, "reading", "auto")
    assert await acts(tx) == ["channels.room_switched"]


@pytest.mark.parametrize("code", ["nowhere", "matter:", "matter:XXXX-999", "matter:leisure", "", "filing; drop table"])
async def test_only_rooms_and_matters_there_are(tx, clock, door, code):
    with pytest.raises(RoomUnknown):
        await decide(tx, clock, door, ONE, code, "own_rate", 1)
    assert await store.switches(tx) == []
    assert await acts(tx) == []


async def test_a_reason_is_said(tx, clock, door):
    with pytest.raises(ReasonMissing):
        await decide(tx, clock, door, ONE, "leisure", "open", reason="  忙 ")
    assert await store.switches(tx) == []


async def test_a_matter_gets_a_room_under_its_own_name(tx, clock, door):
    assert await decide(tx, clock, door, ONE, "matter:SFGL-001", "own_rate", 12)
    found = await rooms.standings(tx, door=door)
    own = found[-1]
    assert (own.room.code, own.room.zh) == ("matter:SFGL-001", "自然人实名注册")
    assert [one.room.code for one in found[:2]] == ["begun", "paying"]
    assert own.switch is not None
    assert own.switch.people_a_minute == 12
