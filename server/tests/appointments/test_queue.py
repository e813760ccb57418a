"""Tickets and calls: fair, measured, without names."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from appointments.make import FAR_HEAD, HALL, HEAD, STRANGER, ask, clerk, make_act, plan, somebody

from palmtax.appointments.actions import effects, queueing
from palmtax.appointments.actions.changing import cancel
from palmtax.appointments.errors import AlreadyQueued, BookingOver, HallClosed, NotTimeYet, PlanWrong, TicketUnknown
from palmtax.appointments.model.booking import Pace, estimate
from palmtax.appointments.tasks import close_over

MORNING = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


async def take(database, clock, number, topic="invoice"):
    actor = somebody(number)
    async with database.transaction() as tx:
        return await queueing.take_ticket(
            tx, actor=actor, clock=clock, taxpayer_id=actor.taxpayer_id, office_code=HALL, topic_text=topic
        )


async def call(database, clock, window, desks=("invoice",), last_was="served"):
    async with database.transaction() as tx:
        return await queueing.call_next(
            tx, actor=clerk(), clock=clock, office_code=HALL, window_no=window, desk_codes=desks, last_was=last_was
        )


async def check_in(database, clock, one):
    async with database.transaction() as tx:
        return await queueing.check_in(
            tx,
            actor=somebody(one.person_id - 10_000),
            clock=clock,
            taxpayer_id=one.taxpayer_id,
            booking_id=one.booking_id,
        )


async def test_numbers_are_given_and_called_in_order(town, database, clock):
    clock.at = MORNING
    tickets = [await take(database, clock, n) for n in range(4)]
    assert [t.ticket.ticket_no for t in tickets] == ["B001", "B002", "B003", "B004"]
    assert [t.ahead for t in tickets] == [0, 1, 2, 3]
    assert (await take(database, clock, 2)).ticket == tickets[2].ticket
    with pytest.raises(AlreadyQueued):
        await take(database, clock, 2, topic="filing")
    assert [(await call(database, clock, w)).ticket_no for w in (1, 2)] == ["B001", "B002"]
    assert (await call(database, clock, 1, last_was="absent")).ticket_no == "B003"
    assert (await call(database, clock, 1)).ticket_no == "B004"
    assert await call(database, clock, 1) is None


async def test_fifty_take_numbers_and_eight_windows_call_at_once(town, database, clock, rows):
    clock.at = MORNING
    await asyncio.gather(*(take(database, clock, n) for n in range(50)))
    numbers = [row["ticket_no"] for row in await rows("select ticket_no from appointments_ticket order by ticket_no")]
    assert numbers == [f"B{n:03d}" for n in range(1, 51)]

    async def window(no):
        found = []
        while (one := await call(database, clock, no)) is not None:
            found.append(one.ticket_no)
        return found

    called = await asyncio.gather(*(window(no) for no in range(1, 9)))
    assert sorted(no for one in called for no in one) == numbers, "nobody twice, nobody forgotten"
    assert all(one == sorted(one) for one in called)
    assert await rows("select 1 from appointments_open") == []


async def test_whoever_booked_goes_before_who_came_within_the_hour(town, database, clock):
    one = (await ask(database, clock, 1, time="09:30")).booking
    clock.at = datetime(2026, 11, 24, 0, 31, tzinfo=UTC)
    walk_in = await take(database, clock, 2)
    with pytest.raises(NotTimeYet):
        await check_in(database, clock, one)
    clock.at = MORNING
    mine = await check_in(database, clock, one)
    assert await check_in(database, clock, one) == mine
    assert mine.ahead == 0
    assert [(await call(database, clock, w)).ticket_no for w in (1, 2)] == [
        mine.ticket.ticket_no,
        walk_in.ticket.ticket_no,
    ]
    await call(database, clock, 1)
    async with database.transaction() as tx:
        with pytest.raises(BookingOver):
            await cancel(tx, actor=somebody(1), clock=clock, taxpayer_id=one.taxpayer_id, booking_id=one.booking_id)


async def test_late_is_too_late(town, database, clock):
    one = (await ask(database, clock, 1)).booking
    clock.at = datetime(2026, 11, 24, 1, 15, 1, tzinfo=UTC)
    with pytest.raises(NotTimeYet):
        await check_in(database, clock, one)
    clock.at = datetime(2026, 11, 24, 1, 15, tzinfo=UTC)
    assert (await check_in(database, clock, one)).ticket.state == "waiting"


async def test_no_tickets_outside_the_hours(town, database, clock):
    for at in (datetime(2026, 11, 24, 0, 29, tzinfo=UTC), datetime(2026, 11, 24, 4, 30, tzinfo=UTC),
               datetime(2026, 11, 24, 9, 0, tzinfo=UTC), datetime(2026, 11, 28, 2, 0, tzinfo=UTC)):  # fmt: skip
        clock.at = at
        with pytest.raises(HallClosed):
            await take(database, clock, 1)


async def test_the_estimate_is_measured_once_enough_was_served(town, database, clock):
    clock.at = MORNING
    await plan(database, clock)
    for n in range(8):
        last = await take(database, clock, n)
    assert last.estimate.measured == 0
    assert (last.estimate.low, last.estimate.high) == (31, 95), "seven ahead, 15 minutes each, two windows"
    for _ in range(6):
        await call(database, clock, 1)
        clock.move(minutes=4)
    async with database.transaction() as tx:
        now = await queueing.queued(tx, last.ticket, clock)
    assert (now.ahead, now.estimate.measured) == (1, 5)
    assert (now.estimate.low, now.estimate.high) == (3, 6), "one ahead at four minutes, one window at work"


@pytest.mark.parametrize("ahead", [0, 1, 7, 40])
@pytest.mark.parametrize("pace", [Pace(), Pace(3, 4, 300, 1), Pace(3, 30, 300, 4)])
def test_an_estimate_is_a_range_that_grows_with_the_queue(ahead, pace):
    one, more = (estimate(n, pace, minutes=15, windows=3) for n in (ahead, ahead + 1))
    assert 0 <= one.low <= one.high <= more.high
    assert one.low <= more.low


async def test_the_screen_shows_numbers_and_no_names(owner, desk, client, database, clock):
    clock.at = MORNING
    clock.at = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
    body = {"office_code": HALL, "topic": "invoice"}
    await owner.refused(409, "appointments.hall_closed", "POST", "/appointments/tickets", body)
    clock.at = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
    from filing.make import OWNER, SHOP, sign_in

    owner = await sign_in(client, database, clock, OWNER, SHOP)
    mine = await owner.ok("POST", "/appointments/tickets", body)
    assert (mine["ticket_no"], mine["ahead"]) == ("B001", 0)
    await take(database, clock, 7)
    screen = (await client.get(f"/api/appointments/halls/{HALL}/screen")).json()
    invoices = next(one for one in screen["desks"] if one["desk"] == "invoice")
    assert (screen["called"], invoices["waiting"]) == ([], 2)
    at_desk = await desk()
    called = await at_desk.ok(
        "POST", f"/appointments/halls/{HALL}/calls", {"window_no": 3, "desks": ["invoice", "tax"]}
    )
    assert called.pop("ticket_id") == mine["ticket_id"]
    assert called == {"ticket_no": "B001", "desk": "invoice", "topic": "invoice", "is_booked": False}
    screen = (await client.get(f"/api/appointments/halls/{HALL}/screen")).json()
    assert [(one["ticket_no"], one["window_no"]) for one in screen["called"]] == [("B001", 3)]
    assert not {"taxpayer_id", "person_id", "booking_id", "name_masked"} & set(screen["called"][0])
    assert (await owner.ok("GET", "/appointments/tickets/own"))["ticket"]["window_no"] == 3
    await owner.refused(
        403, "plumbing.not_allowed", "POST", f"/appointments/halls/{HALL}/calls", {"window_no": 1, "desks": ["tax"]}
    )
    stranger = await desk(STRANGER)
    await stranger.refused(
        404,
        "appointments.hall_unknown",
        "POST",
        f"/appointments/halls/{HALL}/calls",
        {"window_no": 1, "desks": ["tax"]},
    )


async def test_giving_a_ticket_up_frees_the_person_and_the_queue(town, database, clock):
    clock.at = MORNING
    first, second = await take(database, clock, 1), await take(database, clock, 2)
    async with database.transaction() as tx:
        await queueing.leave_queue(tx, actor=somebody(1), clock=clock)
        with pytest.raises(TicketUnknown):
            await queueing.leave_queue(tx, actor=somebody(1), clock=clock)
        assert await queueing.own_ticket(tx, actor=somebody(1), clock=clock) is None
        assert (await queueing.queued(tx, second.ticket, clock)).ahead == 0
    assert (await take(database, clock, 1, topic="filing")).ticket.ticket_no == "A001"
    assert first.ticket.ticket_no == "B001"


async def test_tickets_of_yesterday_hold_nobody_up(town, database, clock, task_context, rows):
    clock.at = MORNING
    await take(database, clock, 1)
    clock.move(days=1)
    await close_over(task_context, {})
    assert [r["state"] for r in await rows("select state from appointments_ticket")] == ["absent"]
    assert (await take(database, clock, 1)).ticket.ticket_no == "B001"


async def test_a_ticket_of_a_matter_is_taken_once(town, database, clock):
    clock.at = MORNING
    act = make_act(clock)
    async with database.transaction() as tx:
        first = await effects.take_ticket(tx, act=act, office=HALL, topic="发票业务")
        assert await effects.take_ticket(tx, act=act, office=HALL, topic="发票业务") == first
    assert first.values["ticket_no"] == "B001"


@pytest.mark.parametrize(
    "wrong",
    [{"places": -1}, {"places": 100}, {"hours": [("09:00", "08:00")]}, {"hours": [("09:00", "12:00"), ("11:00", "13:00")]},
     {"hours": [("9", "12")]}],
)  # fmt: skip
async def test_a_plan_that_cannot_work_is_refused(town, database, clock, wrong):
    with pytest.raises(PlanWrong):
        await plan(database, clock, **wrong)


async def test_a_changed_plan_keeps_what_was_booked(town, database, clock, desk, rows):
    await plan(database, clock, places=2)
    await ask(database, clock, 1)
    here = f"/appointments/halls/{HALL}/plan"
    asked = {"windows": {"invoice": 9}, "places": {"invoice": 1}, "hours": [["09:00", "11:00"]]}
    await (await desk()).refused(403, "plumbing.not_allowed", "PUT", here, asked)
    await (await desk(STRANGER)).refused(403, "plumbing.not_allowed", "PUT", here, asked)
    await (await desk(FAR_HEAD)).refused(404, "appointments.hall_unknown", "PUT", here, asked)
    head = await desk(HEAD)
    shown = await head.ok("PUT", here, asked)
    invoices = next(one for one in shown["desks"] if one["desk"] == "invoice")
    assert (invoices["windows"], invoices["places"], invoices["capacity"]) == (9, 1, 1)
    assert (invoices["planned_windows"], invoices["planned_places"]) == (4, 10)
    assert (shown["hours"], shown["slots"]) == ([["09:00", "11:00"]], 4)
    assert await (await desk()).ok("GET", here) == shown
    back = await head.ok("PUT", here, {})
    assert back["hours"] == back["planned_hours"] == [["09:00", "12:00"], ["13:30", "17:00"]]
    assert all(one["windows"] == one["planned_windows"] and one["places"] is None for one in back["desks"])
    await head.ok("PUT", here, asked)
    assert {r["capacity"] for r in await rows("select capacity from appointments_slot")} == {2}
    assert (await ask(database, clock, 2)).booking.state == "booked"
