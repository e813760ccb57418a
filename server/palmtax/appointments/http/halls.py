"""Routes of halls that anybody looks at."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Path, Query

from palmtax.appointments.actions import halls
from palmtax.appointments.schemas import (
    ArrivalOrder,
    DayOut,
    HallOut,
    ScreenOut,
    SlotOut,
    TopicOut,
    shape_arrival,
    shape_screen,
    shape_topics,
    shape_waiting,
)
from palmtax.plumbing.edge import Edge, Router, may_anyone

router = Router(prefix="/api/appointments", tags=["appointments"])
Office = Annotated[str, Path(pattern=r"^\d{11}$")]
TopicText = Annotated[str, Query(max_length=40)]
Day = Annotated[date, Query(ge=date(2020, 1, 1), le=date(2100, 1, 1))]
MOST = 500


@router.get("/topics")
async def list_topics(edge: Annotated[Edge, may_anyone(rate="120/minute")]) -> list[TopicOut]:  # noqa: ARG001  # declares who may call
    """What people come to a hall for."""
    return shape_topics()


@router.get("/halls")
async def list_halls(
    edge: Annotated[Edge, may_anyone(rate="120/minute")],
    topic: Annotated[str | None, Query(max_length=40)] = None,
    branch: Annotated[str, Query(max_length=11, pattern=r"^\d*$", description="how the office code begins")] = "",
) -> list[HallOut]:
    """Halls with how many wait now and how long it takes."""
    async with edge.statement() as tx:
        found = await halls.halls(tx, clock=edge.clock, topic_text=topic, branch=branch)
    return [shape_waiting(one) for one in found]


@router.get("/halls/{office_code}/days")
async def list_days(
    office_code: Office, topic: TopicText, edge: Annotated[Edge, may_anyone(rate="120/minute")]
) -> list[DayOut]:
    """Days that can be booked for a topic, with the places left."""
    async with edge.statement() as tx:
        found = await halls.days_of(tx, office_code, topic, edge.clock)
    return [DayOut(day=day, places=places) for day, places in found]


@router.get("/halls/{office_code}/slots")
async def list_slots(
    office_code: Office, topic: TopicText, day: Day, edge: Annotated[Edge, may_anyone(rate="120/minute")]
) -> list[SlotOut]:
    """Times of a day with the places left; empty when the day cannot be booked."""
    async with edge.statement() as tx:
        found = await halls.slots_of(tx, office_code, topic, day, edge.clock)
    return [SlotOut(time=time, places=places) for time, places in found.items()]


@router.get("/halls/{office_code}/order")
async def read_arrivals(
    office_code: Office,
    topic: TopicText,
    day: Day,
    edge: Annotated[Edge, may_anyone(rate="60/minute")],
    cursor: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> ArrivalOrder:
    """The order in which people came for a day, without names: anybody may check that nobody jumped it."""
    async with edge.statement() as tx:
        found = await halls.public_order(
            tx, office_code=office_code, topic_text=topic, day=day, after=cursor, limit=MOST
        )
    following = found[-1].arrival_no if len(found) == MOST else None
    return ArrivalOrder(arrivals=[shape_arrival(one) for one in found], next_cursor=following)


@router.get("/halls/{office_code}/screen")
async def read_screen(office_code: Office, edge: Annotated[Edge, may_anyone(rate="300/minute")]) -> ScreenOut:
    """What hangs on the wall: numbers at windows, who waits; no names."""
    async with edge.statement() as tx:
        return shape_screen(await halls.screen(tx, clock=edge.clock, office_code=office_code))
