"""Halls: which there are, what they do, when places are free, how long the wait is, and their own plans."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from palmtax import evidence, registry, rules
from palmtax.appointments.errors import DayClosed, HallUnknown, NotOpenYet, NotServedHere, PlanWrong
from palmtax.appointments.model.booking import Arrival, Estimate, Line, Pace, Ticket, estimate
from palmtax.appointments.model.plan import (
    Hall,
    Topic,
    desks,
    find_topic,
    is_working_day,
    opens_at,
    planned_hall,
    rule,
    starts_at,
    topics,
)
from palmtax.appointments.store import lines, tickets
from palmtax.base.actor import Actor
from palmtax.base.clock import CHINA, Clock
from palmtax.plumbing.database import Tx

AT_WORK = timedelta(minutes=60)
"""A window that called somebody within this time is at work."""
_HOURS = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$")
_NOBODY = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """A hall with how many wait for a topic, how long, and the next day with a free place."""

    hall: Hall
    topics: tuple[str, ...]
    waiting: int
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Screen:
    """What hangs on the wall: numbers at windows, who waits; no names."""

    hall: Hall
    called: list[Ticket]
    paces: Mapping[str, Pace]
    estimates: Mapping[str, Estimate]


async def hall(tx: Tx, office_code: str) -> Hall:
    """The hall of an office. Errors: appointments.hall_unknown. Two round trips."""
    return await planned(tx, office_code, await lines.own_plan(tx, office_code))


async def planned(tx: Tx, office_code: str, own: Mapping[str, Any] | None = None) -> Hall:
    """The hall as its level has it, with what its `own` plan says. Errors: appointments.hall_unknown. One round trip."""
    office = await registry.office(tx, office_code)
    found = planned_hall(office.code, office.name, office.name_en, own) if office else None
    if found is None:
        raise HallUnknown()
    return found


def served_topics(one: Hall, day: date) -> tuple[str, ...]:
    """What may be booked in a hall."""
    return tuple(topic.code for topic in topics().values() if one.capacity(topic.desk, day) > 0)


def check_served(one: Hall, topic: Topic, day: date | None = None) -> None:
    """`NotServedHere` when the hall has no window for it, or, with a day, gives no places for it."""
    if one.windows.get(topic.desk, 0) <= 0 or (day is not None and one.capacity(topic.desk, day) <= 0):
        raise NotServedHere(hall=one.name, hall_en=one.name_en, topic=topic.title, topic_en=topic.title_en)


async def serving(tx: Tx, office_code: str, topic_text: str) -> tuple[Hall, Topic]:
    """A hall and a topic that it does. Errors: appointments.hall_unknown, topic_unknown, not_served_here. Two round trips."""
    one, topic = await hall(tx, office_code), find_topic(topic_text)
    check_served(one, topic)
    return one, topic


def bookable_days(clock: Clock) -> list[date]:
    """The working days that can be booked now, the first first; the last one from its opening minute on."""
    today = clock.today()
    count = rule("open_days", today)
    days = [today] if is_working_day(today) else []
    days += [rules.add_working_days(today, number) for number in range(1, count + 1)]
    return [day for day in days if opens_at(day) <= clock.now()]


def check_open(one: Hall, day: date, time: str, clock: Clock) -> None:
    """`DayClosed` or `NotOpenYet` when nobody can book this time now."""
    days = bookable_days(clock)
    last = rules.add_working_days(clock.today(), 3 * rule("open_days", clock.today()))
    is_past = day < clock.today() or (day == clock.today() and starts_at_or_none(day, time) <= clock.now())
    if is_past or day > last or not is_working_day(day) or time not in one.times(day):
        free = next((f"{d.isoformat()} {t}" for d in days for t in one.times(d) if starts_at(d, t) > clock.now()), "")
        raise DayClosed(day=day.isoformat(), time=time[:10], next=free)
    if day not in days:
        raise NotOpenYet(day=day.isoformat(), opens=opens_at(day).strftime("%Y-%m-%d %H:%M"))


def starts_at_or_none(day: date, time: str) -> datetime:
    """When a slot begins; the beginning of the day for what is no time."""
    return starts_at(day, time if _HOURS.match(time) else "00:00")


async def free_times(tx: Tx, one: Hall, topic: Topic, day: date, clock: Clock) -> dict[str, int]:
    """Places left by time on a day that can be booked; times that are over are left out. One round trip."""
    known = await lines.places(tx, Line(one.office_code, day, topic.desk))
    capacity = one.capacity(topic.desk, day)
    found = known or dict.fromkeys(one.times(day), capacity)
    return {time: places for time, places in found.items() if starts_at(day, time) > clock.now()}


async def days_of(tx: Tx, office_code: str, topic_text: str, clock: Clock) -> list[tuple[date, int]]:
    """The days that can be booked for a topic, with the places left. Two round trips, and one a day."""
    one, topic = await serving(tx, office_code, topic_text)
    return [(day, sum((await free_times(tx, one, topic, day, clock)).values())) for day in bookable_days(clock)]


async def slots_of(tx: Tx, office_code: str, topic_text: str, day: date, clock: Clock) -> dict[str, int]:
    """Places left by time; empty when the day cannot be booked. Three round trips."""
    one, topic = await serving(tx, office_code, topic_text)
    return await free_times(tx, one, topic, day, clock) if day in bookable_days(clock) else {}


async def halls(tx: Tx, *, clock: Clock, topic_text: str | None = None, branch: str = "") -> list[Waiting]:
    """Every hall that does the topic (or anything) in offices that begin with `branch`. Three round trips."""
    topic = find_topic(topic_text) if topic_text else None
    today = clock.today()
    offices = await registry.offices(tx)
    own = await lines.own_plans(tx)
    paces = await tickets.paces(tx, today, clock.now() - AT_WORK)
    found = []
    for office in offices:
        one = planned_hall(office.code, office.name, office.name_en, own.get(office.code))
        if one is None or not office.code.startswith(branch):
            continue
        wanted = [topic.desk] if topic else [code for code in desks() if one.windows.get(code, 0) > 0]
        if topic and one.windows.get(topic.desk, 0) <= 0:
            continue
        shown = [(code, paces.get((office.code, code), Pace())) for code in wanted]
        longest = max((_estimate(one, code, pace) for code, pace in shown), key=lambda e: e.high, default=None)
        waiting = sum(pace.waiting for _, pace in shown)
        found.append(Waiting(one, served_topics(one, today), waiting, longest or Estimate(0, 0, 0)))
    return found


def _estimate(one: Hall, desk: str, pace: Pace) -> Estimate:
    return estimate(pace.waiting, pace, minutes=desks()[desk].minutes, windows=one.windows.get(desk, 1))


async def estimate_of(tx: Tx, one: Hall, desk: str, ahead: int, clock: Clock) -> Estimate:
    """How long somebody with so many ahead waits at a desk today. One round trip."""
    paces = await tickets.pace(tx, one.office_code, clock.today(), clock.now() - AT_WORK)
    minutes, windows = desks()[desk].minutes, one.windows.get(desk, 1)
    return estimate(ahead, paces.get(desk, Pace()), minutes=minutes, windows=windows)


async def screen(tx: Tx, *, clock: Clock, office_code: str) -> Screen:
    """What hangs on the wall of a hall. Errors: appointments.hall_unknown. Four round trips."""
    one = await hall(tx, office_code)
    called = await tickets.called(tx, office_code, clock.today(), 12)
    found = await tickets.pace(tx, office_code, clock.today(), clock.now() - AT_WORK)
    paces = {code: found.get(code, Pace()) for code in desks() if one.windows.get(code, 0) > 0}
    return Screen(one, called, paces, {code: _estimate(one, code, pace) for code, pace in paces.items()})


async def public_order(
    tx: Tx, *, office_code: str, topic_text: str, day: date, after: int, limit: int
) -> list[Arrival]:
    """The order in which people came for a day, without names, so that anybody can check it. Two round trips."""
    one = await hall(tx, office_code)
    topic = find_topic(topic_text)
    return await lines.order(tx, Line(one.office_code, day, topic.desk), after=after, limit=limit)


async def set_plan(
    tx: Tx,
    *,
    actor: Actor,
    clock: Clock,
    office_code: str,
    windows: Mapping[str, int],
    places: Mapping[str, int],
    hours: Sequence[tuple[str, str]] | None,
) -> Hall:
    """Change windows, places of a slot or hours of a hall; days that somebody booked already keep their slots.

    Errors: appointments.hall_unknown, appointments.plan_wrong.
    """
    await hall(tx, office_code)
    _check_plan(windows, places, hours or ())
    plan: dict[str, Any] = {"windows": dict(windows), "places": dict(places), "hours": None}
    if hours:
        plan["hours"] = [list(one) for one in hours]
    await lines.keep_plan(tx, office_code, plan, clock.now())
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act="appointments.hall_planned",
        taxpayer_id=_NOBODY,
        subject_id=None,
        payload={"office_code": office_code, **plan},
    )
    return await hall(tx, office_code)


def _check_plan(windows: Mapping[str, int], places: Mapping[str, int], hours: Sequence[tuple[str, str]]) -> None:
    known = "、".join(desks())
    for code, number in [*windows.items(), *places.items()]:
        if code not in desks() or not 0 <= number <= 99:
            raise PlanWrong(what=f"{code} {number}"[:40], known=known)
    last = ""
    for begin, end in hours:
        if not (_HOURS.match(begin) and _HOURS.match(end)) or not last <= begin < end:
            raise PlanWrong(what=f"{begin}–{end}"[:40], known=known)
        last = end


def hours_text(one: Hall) -> str:
    """The hours as people read them."""
    return " ".join(f"{begin}–{end}" for begin, end in one.hours)


def is_open_now(one: Hall, clock: Clock) -> bool:
    """Whether tickets are given out: on working days, from half an hour before opening until a slot before closing."""
    day, now = clock.today(), clock.now()
    if not is_working_day(day):
        return False
    margin = timedelta(minutes=rule("slot_minutes", day))
    spans = [(starts_at(day, begin), starts_at(day, end)) for begin, end in one.hours]
    return any(begin - margin <= now.astimezone(CHINA) <= end - margin for begin, end in spans)
