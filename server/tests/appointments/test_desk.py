"""The day of a hall for its officers: who booked and came, taking note of it, and taking that back."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from appointments.make import CLERK, HALL, STRANGER, TUESDAY, ask, clerk, plan, somebody

from palmtax.appointments.actions import queueing, serving
from palmtax.appointments.actions.booking import book
from palmtax.appointments.errors import BookingUnknown, EndingFinal, NotTimeYet, TicketOver, TicketUnknown
from palmtax.base.identifiers import uuid7

MORNING = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


async def take(database, clock, number, topic="invoice"):
    actor = somebody(number)
    async with database.transaction() as tx:
        found = await queueing.take_ticket(
            tx, actor=actor, clock=clock, taxpayer_id=actor.taxpayer_id, office_code=HALL, topic_text=topic
        )
    return found.ticket


async def call(database, clock, window=1):
    async with database.transaction() as tx:
        return await queueing.call_next(
            tx, actor=clerk(), clock=clock, office_code=HALL, window_no=window, desk_codes=["invoice"]
        )


async def act(database, clock, work, **values):
    async with database.transaction() as tx:
        return await work(tx, actor=clerk(), clock=clock, office_code=HALL, **values)


async def day(database, clock):
    async with database.statement() as tx:
        return await serving.day_of(tx, clock=clock, office_code=HALL, day=TUESDAY)


async def test_the_day_shows_who_booked_and_who_came_without_whole_names(town, database, clock, desk):
    await plan(database, clock, places=1)
    booked = [(await ask(database, clock, number, time)).booking for number, time in ((1, "09:00"), (2, "09:30"))]
    await ask(database, clock, 3)
    owner = somebody(4)
    clock.at = MORNING
    walk_in = await take(database, clock, 4)
    await act(database, clock, serving.arrive, booking_id=booked[0].booking_id)
    shown = await (await desk()).ok("GET", f"/appointments/halls/{HALL}/visits?day={TUESDAY}")
    assert [(one["time"], one["state"], one["may"]) for one in shown["visits"]] == [
        ("09:00", "arrived", ["served", "absent"]), ("09:30", "booked", ["arrive"]), (None, "arrived", ["served", "absent"]),
    ]  # fmt: skip
    assert shown["visits"][2]["ticket_no"] == walk_in.ticket_no
    assert owner.person_id not in shown["visits"][2].values()
    invoices = next(one for one in shown["desks"] if one["desk"] == "invoice")
    assert (invoices["places"], invoices["taken"], invoices["waiting"]) == (2, 2, 1)
    registration = next(one for one in shown["desks"] if one["desk"] == "registration")
    assert (registration["places"], registration["taken"], registration["waiting"]) == (2, 0, 0), "as planned"


async def test_a_name_is_masked_and_other_offices_see_nothing(town, database, clock, desk):
    async with database.transaction() as tx:
        actor = somebody(CLERK - 10_000)
        await book(
            tx, actor=actor, clock=clock, taxpayer_id=71_401, office_code=HALL, topic_text="filing", day=TUESDAY,
            time="09:00",
        )  # fmt: skip
    here = f"/appointments/halls/{HALL}/visits?day={TUESDAY}"
    shown = await (await desk()).ok("GET", here)
    assert [one["name_masked"] for one in shown["visits"]] == ["人**1"]
    await (await desk(STRANGER)).refused(404, "appointments.hall_unknown", "GET", here)


async def test_somebody_without_a_phone_is_checked_in_at_the_desk(town, database, clock, rows):
    one = (await ask(database, clock, 1, time="09:30")).booking
    with pytest.raises(BookingUnknown):
        await act(database, clock, serving.arrive, booking_id=one.booking_id)
    clock.at = datetime(2026, 11, 24, 0, 31, tzinfo=UTC)
    with pytest.raises(NotTimeYet):
        await act(database, clock, serving.arrive, booking_id=one.booking_id)
    clock.at = MORNING
    first = await act(database, clock, serving.arrive, booking_id=one.booking_id)
    again = await act(database, clock, serving.arrive, booking_id=one.booking_id)
    assert first.ticket == again.ticket
    (kept,) = await rows("select person_id from evidence_entry where act = 'appointments.checked_in'")
    assert kept["person_id"] == CLERK, "the officer did it, and it says so"


@pytest.mark.parametrize("how", ["served", "absent"])
async def test_ending_calls_nobody_else_and_can_be_undone(town, database, clock, how):
    one = (await ask(database, clock, 1, time="09:30")).booking
    clock.at = MORNING
    await act(database, clock, serving.arrive, booking_id=one.booking_id)
    await take(database, clock, 2)
    called = await call(database, clock)
    for _ in range(2):
        ended = await act(database, clock, serving.end, ticket_id=called.ticket_id, how=how)
        assert ended.state == how
    states = [visit.state for visit in (await day(database, clock)).visits]
    assert states == [how, "arrived"], "who waits still waits"
    with pytest.raises(TicketOver):
        await act(
            database, clock, serving.end, ticket_id=called.ticket_id, how="absent" if how == "served" else "served"
        )
    clock.move(minutes=14)
    back = await act(database, clock, serving.undo, ticket_id=called.ticket_id)
    assert (back.state, back.window_no, back.ended_at) == ("called", 1, None)
    assert (await act(database, clock, serving.undo, ticket_id=called.ticket_id)) == back
    assert (await day(database, clock)).visits[0].booking.state == "checked_in"
    await act(database, clock, serving.end, ticket_id=called.ticket_id, how="served")
    assert (await day(database, clock)).visits[0].booking.state == "served"


async def test_whoever_comes_back_to_a_window_that_is_taken_waits_at_the_old_place(town, database, clock):
    clock.at = MORNING
    first = await take(database, clock, 1)
    second, third = await take(database, clock, 2), await take(database, clock, 3)
    await call(database, clock)
    await act(database, clock, serving.end, ticket_id=first.ticket_id, how="absent")
    assert (await call(database, clock)).ticket_no == second.ticket_no
    back = await act(database, clock, serving.undo, ticket_id=first.ticket_id)
    assert (back.state, back.window_no) == ("waiting", None)
    assert [(await call(database, clock)).ticket_no for _ in range(2)] == [first.ticket_no, third.ticket_no]


async def test_what_would_harm_somebody_is_not_undone(town, database, clock):
    clock.at = MORNING
    one, other = await take(database, clock, 1), await take(database, clock, 2)
    for ticket in (one, other):
        await act(database, clock, serving.end, ticket_id=ticket.ticket_id, how="absent")
    await take(database, clock, 1, topic="filing")
    with pytest.raises(EndingFinal):
        await act(database, clock, serving.undo, ticket_id=one.ticket_id)
    clock.move(minutes=16)
    with pytest.raises(EndingFinal):
        await act(database, clock, serving.undo, ticket_id=other.ticket_id)
    with pytest.raises(TicketUnknown):
        await act(database, clock, serving.undo, ticket_id=uuid7())


async def test_two_officers_at_once_end_a_ticket_once(town, database, clock, rows):
    clock.at = MORNING
    one = await take(database, clock, 1)
    both = [act(database, clock, serving.end, ticket_id=one.ticket_id, how=how) for how in ("served", "absent")]
    found = await asyncio.gather(*both, return_exceptions=True)
    assert sum(isinstance(each, TicketOver) for each in found) == 1
    (count,) = await rows("select count(*) from evidence_entry where act = 'appointments.ticket_ended'")
    assert count["count"] == 1
