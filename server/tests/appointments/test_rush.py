"""Five hundred people at once for fifty places: exact, fair, and everybody is told at once."""

from __future__ import annotations

import asyncio
import random
from collections import Counter

import pytest
from appointments.make import HALL, TUESDAY, ask, plan, somebody

from palmtax.appointments.actions.changing import cancel, readable_booking
from palmtax.appointments.model.booking import Line, commitment, is_unbroken
from palmtax.appointments.store import lines
from palmtax.plumbing.database import Database
from palmtax.plumbing.settings import DatabaseSettings

PEOPLE, PLACES, TIMES = (
    500,
    5,
    ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30", "13:30", "14:00", "14:30", "15:00"],
)
HOURS = (("09:00", "12:00"), ("13:30", "15:30"))
LINE = Line(HALL, TUESDAY, "invoice")


@pytest.fixture
async def crowd(postgres, database, town, clock):
    """A pool of thirty connections, as two web processes would have."""
    await plan(database, clock, places=PLACES, hours=HOURS)
    made = Database(database.dsn, DatabaseSettings(pool_size=30))
    yield made
    await made.close()


async def insist(crowd, clock, number, time, **more):
    """What a client does when a process is too busy to take a request within ten seconds (503): it asks again."""
    for _ in range(9):
        try:
            return await ask(crowd, clock, number, time, **more)
        except TimeoutError:
            await asyncio.sleep(0.1)
    raise AssertionError("nobody is turned away for ever")


async def rush(crowd, clock, wishes):
    """Everybody asks in the same moment; a few press the button three times."""
    asked = [insist(crowd, clock, number, time, is_flexible=flexible) for number, (time, flexible) in enumerate(wishes)]
    asked += [insist(crowd, clock, number, wishes[number][0]) for number in (*range(20), *range(20))]
    return await asyncio.gather(*asked)


async def facts(crowd):
    async with crowd.statement() as tx:
        slots = {
            r["time"]: (r["booked"], r["capacity"])
            for r in await tx.fetch("select time, booked, capacity from appointments_slot order by time")
        }
        states = await tx.fetch(
            "select b.state, b.time, b.arrival_no, a.state as in_order, a.time as in_time from appointments_booking b"
            " join appointments_arrival a on a.booking_id = b.booking_id and a.arrival_no = b.arrival_no"
        )
        told = dict(
            await tx.fetch("select template, count(distinct taxpayer_id) from messaging_message group by template")
        )
        acts = dict(await tx.fetch("select act, count(*) from evidence_entry group by act"))
        order = await lines.order(tx, LINE, after=0, limit=10_000)
    return slots, states, told, acts, order


@pytest.mark.slow
async def test_five_hundred_at_once_for_fifty_places(crowd, clock):
    chance = random.Random(7)
    wishes = [(chance.choice(TIMES), chance.random() < 0.5) for _ in range(PEOPLE)]
    outcomes = await rush(crowd, clock, wishes)
    slots, states, told, acts, order = await facts(crowd)

    # exact: fifty booked, never more in a slot than it has, the counters say what the bookings say
    booked = Counter(s["time"] for s in states if s["state"] == "booked")
    assert sum(booked.values()) == PLACES * len(TIMES) == 50
    assert slots == dict.fromkeys(TIMES, (PLACES, PLACES))
    assert booked == dict.fromkeys(TIMES, PLACES)
    assert len(states) == PEOPLE, "one booking each, however often somebody pressed the button"
    assert all(s["in_order"] == s["state"] and s["in_time"] == s["time"] for s in states)

    # everybody is answered at once: booked, or a place on the waiting list; and the inbox says the same
    first = {}
    for told_now in outcomes:
        first.setdefault(told_now.booking.booking_id, told_now)
    assert len(first) == PEOPLE
    assert all(o.booking.state == "booked" or o.place >= 1 for o in first.values())
    assert told == {"appointment_booked": 50, "appointment_waiting": 450}
    assert (acts["appointments.appointment_booked"], acts["appointments.appointment_waiting"]) == (50, 450)

    # fair: numbers without gaps, an unbroken chain, nobody before who came later for the same wish
    assert [one.arrival_no for one in order] == list(range(1, PEOPLE + 1))
    assert is_unbroken(order)
    assert not is_unbroken([*order[:10], order[11], order[10], *order[12:]])
    numbers = {o.booking.arrival_no: o.booking for o in first.values()}
    for one in order:
        mine = numbers[one.arrival_no]
        assert one.commitment in {commitment(mine.booking_id, time, mine.made_at) for time in TIMES}
    for time in TIMES:
        rigid = [s for s in states if s["time"] == time and not _flexible(s, numbers)]
        last_in = max((s["arrival_no"] for s in rigid if s["state"] == "booked"), default=0)
        first_out = min((s["arrival_no"] for s in rigid if s["state"] == "waiting"), default=PEOPLE + 1)
        assert last_in < first_out, time
    flexible_out = [n for n, b in numbers.items() if b.is_flexible and b.state == "waiting"]
    everybody_in = [n for n, b in numbers.items() if b.state == "booked"]
    assert min(flexible_out) > max(n for n in everybody_in if numbers[n].is_flexible)


def _flexible(state, numbers):
    return numbers[state["arrival_no"]].is_flexible


@pytest.mark.slow
async def test_cancelling_moves_the_right_ones_up_until_nobody_is_left_behind(crowd, clock):
    chance = random.Random(11)
    wishes = [(chance.choice(TIMES), chance.random() < 0.4) for _ in range(120)]
    outcomes = await asyncio.gather(*(insist(crowd, clock, n, t, is_flexible=f) for n, (t, f) in enumerate(wishes)))
    waiting = sorted((o.booking for o in outcomes if o.booking.state == "waiting"), key=lambda b: b.arrival_no)
    booked = [o.booking for o in outcomes if o.booking.state == "booked"]
    assert (len(booked), len(waiting)) == (50, 70)

    leaving = booked[:30]
    expected, left = [], list(waiting)
    for one in leaving:  # one after the other, so that the right order can be told in advance
        found = next((w for w in left if w.time == one.time or w.is_flexible), None)
        if found is not None:
            left.remove(found)
            expected.append((found.booking_id, one.time))
        async with crowd.transaction() as tx:
            await cancel(
                tx,
                actor=somebody(one.person_id - 10_000),
                clock=clock,
                taxpayer_id=one.taxpayer_id,
                booking_id=one.booking_id,
            )
    for booking_id, time in expected:
        owner = next(w for w in waiting if w.booking_id == booking_id)
        async with crowd.statement() as tx:
            now = await readable_booking(tx, taxpayer_id=owner.taxpayer_id, booking_id=booking_id)
        assert (now.state, now.time, now.is_moved_up) == ("booked", time, True)

    # then the other twenty all at once
    async def give_back(one):
        async with crowd.transaction() as tx:
            await cancel(
                tx,
                actor=somebody(one.person_id - 10_000),
                clock=clock,
                taxpayer_id=one.taxpayer_id,
                booking_id=one.booking_id,
            )

    await asyncio.gather(*(give_back(one) for one in booked[30:]))
    slots, states, told, acts, order = await facts(crowd)
    in_slots = Counter(s["time"] for s in states if s["state"] == "booked")
    assert {time: n for time, (n, _) in slots.items()} == {time: in_slots.get(time, 0) for time in TIMES}
    assert all(0 <= n <= capacity for n, capacity in slots.values())
    moved = sum(s["in_order"] == "moved_up" for s in states)
    assert told["appointment_moved_up"] == moved == acts["appointments.appointment_moved_up"] >= 30
    assert is_unbroken(order)
    still = [s for s in states if s["state"] == "waiting"]
    assert all(slots[s["time"]][0] == slots[s["time"]][1] for s in still), "nobody waits beside a free place"
