"""One booking from asking to coming: limits, moving, giving back, missing."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from appointments.make import BRANCH, HALL, PROVINCE, TUESDAY, ask, make_act, plan, somebody
from filing.make import OWNER
from messaging.make import make_actor

from palmtax.appointments.actions import changing, effects, halls
from palmtax.appointments.errors import (
    AlreadyBooked,
    BookingUnknown,
    DayClosed,
    HallUnknown,
    NotOpenYet,
    NotServedHere,
    Paused,
    SlotFull,
    TooLate,
    TopicUnknown,
)
from palmtax.appointments.model.booking import Pace, paused_until
from palmtax.appointments.model.plan import _rules, desks, rule, topics
from palmtax.appointments.tasks import close_over, remind

BODY = {"office_code": HALL, "topic": "invoice", "day": "2026-11-24", "time": "09:00"}


async def now(database, one):
    async with database.transaction() as tx:
        return await changing.readable_booking(tx, taxpayer_id=one.taxpayer_id, booking_id=one.booking_id)


async def cancel(database, clock, one):
    async with database.transaction() as tx:
        return await changing.cancel(
            tx, actor=make_actor(one.person_id), clock=clock, taxpayer_id=one.taxpayer_id, booking_id=one.booking_id
        )


async def move(database, clock, one, day, time, **more):
    async with database.transaction() as tx:
        return await changing.move(
            tx, actor=make_actor(one.person_id), clock=clock, taxpayer_id=one.taxpayer_id, booking_id=one.booking_id, day=day,
            time=time, **more,
        )  # fmt: skip


def test_every_topic_has_its_desk_and_every_rule_its_source():
    assert {topic.desk for topic in topics().values()} == set(desks())
    assert len({desk.letter for desk in desks().values()}) == len(desks())
    for name, one in _rules().items():
        assert one["title"], name
        assert all(value["confidence"] == "own knowledge" and value["law"] for value in one["values"]), name
    assert rule("open_days", date(2000, 1, 1)) == 7


async def test_a_booking_over_http(owner, rows):
    made = await owner.ok("POST", "/appointments/bookings", BODY)
    assert (made["state"], made["place"], made["arrival_no"], made["topic_title"]) == ("booked", 0, 1, "发票业务")
    again = await owner.ok("POST", "/appointments/bookings", BODY)
    assert again == made
    refused = await owner.refused(
        409, "appointments.already_booked", "POST", "/appointments/bookings", BODY | {"time": "09:30"}
    )
    assert made["appointment_no"] in refused["text"]
    assert [one["booking_id"] for one in await owner.ok("GET", "/appointments/bookings")] == [made["booking_id"]]
    path = f"/appointments/bookings/{made['booking_id']}"
    assert await owner.ok("GET", path) == made
    moved = await owner.ok("POST", f"{path}/move", {"day": "2026-11-25", "time": "14:00"})
    assert (moved["day"], moved["time"], moved["appointment_no"]) == ("2026-11-25", "14:00", made["appointment_no"])
    gone = await owner.ok("POST", f"{path}/cancellation", {"reason": "不用去了"})
    assert (gone["state"], gone["may_cancel"]) == ("cancelled", False)
    assert await owner.ok("POST", f"{path}/cancellation", {}) == gone
    await owner.refused(
        409, "appointments.booking_over", "POST", f"{path}/move", {"day": "2026-11-26", "time": "14:00"}
    )
    assert (await owner.ok("POST", "/appointments/bookings", BODY))["state"] == "booked"
    assert [r["act"] for r in await rows("select act from evidence_entry where act like 'app%' order by entry_id")] == [
        "appointments.appointment_booked", "appointments.appointment_moved", "appointments.appointment_cancelled",
        "appointments.appointment_booked",
    ]  # fmt: skip
    templates = [m["template"] for m in (await owner.ok("GET", "/messaging/messages"))["messages"]]
    assert templates == ["appointment_booked"] * 3


async def test_anybody_sees_halls_days_and_times(owner, client):
    async def get(path, **params):
        answer = await client.get(f"/api/appointments{path}", params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    assert {one["code"] for one in await get("/topics")} == set(topics())
    assert {one["office_code"] for one in await get("/halls")} >= {HALL, BRANCH}
    homes = await get("/halls", topic="房产交易", branch="14403")
    assert HALL in {one["office_code"] for one in homes}
    assert BRANCH not in {one["office_code"] for one in homes}, "a branch has no desk for homes"
    assert PROVINCE not in {one["office_code"] for one in await get("/halls")}
    days = await get(f"/halls/{HALL}/days", topic="invoice")
    assert [one["day"] for one in days] == [
        "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-30", "2026-12-01", "2026-12-02",
    ]  # fmt: skip
    assert days[0]["places"] < days[1]["places"], "the morning of today is over"
    before = await get(f"/halls/{HALL}/slots", topic="invoice", day="2026-11-24")
    await owner.ok("POST", "/appointments/bookings", BODY)
    after = await get(f"/halls/{HALL}/slots", topic="invoice", day="2026-11-24")
    assert before[0]["places"] - after[0]["places"] == 1
    assert before[1:] == after[1:]
    assert await get(f"/halls/{HALL}/slots", topic="invoice", day="2026-11-28") == []
    order = await get(f"/halls/{HALL}/order", topic="invoice", day="2026-11-24")
    assert [(one["arrival_no"], one["state"]) for one in order["arrivals"]] == [(1, "booked")]
    assert str(OWNER) not in str(order).replace(order["arrivals"][0]["digest"], "").replace(
        order["arrivals"][0]["commitment"], ""
    )
    assert (await client.get("/api/appointments/halls/19999999999/screen")).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"day": date(2026, 11, 28)}, DayClosed), ({"day": date(2026, 11, 22)}, DayClosed), ({"day": date(2030, 1, 1)}, DayClosed),
        ({"day": date(1, 1, 1)}, DayClosed), ({"time": "12:30"}, DayClosed), ({"time": "09:07"}, DayClosed),
        ({"day": date(2026, 11, 23)}, DayClosed), ({"day": date(2026, 12, 3)}, NotOpenYet), ({"topic_text": "理发"}, TopicUnknown),
        ({"office_code": "19999999999"}, HallUnknown), ({"office_code": PROVINCE}, HallUnknown),
        ({"office_code": BRANCH, "topic_text": "property"}, NotServedHere),
    ],
)  # fmt: skip
async def test_what_cannot_be_booked(town, database, clock, rows, wrong, error):
    with pytest.raises(error):
        await ask(database, clock, 1, **wrong)
    assert await rows("select 1 from appointments_open") == []
    assert await rows("select 1 from appointments_line") == []


async def test_places_open_at_eight_seven_working_days_before(town, database, clock):
    day = date(2026, 12, 3)
    clock.at = datetime(2026, 11, 23, 23, 59, tzinfo=UTC)
    with pytest.raises(NotOpenYet) as refused:
        await ask(database, clock, 1, day=day)
    assert refused.value.values["opens"] == "2026-11-24 08:00"
    clock.at = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
    assert (await ask(database, clock, 1, day=day)).booking.state == "booked"


async def test_a_full_day_gives_places_on_the_waiting_list_and_says_what_is_free(town, database, clock):
    await plan(database, clock, places=1)
    first, second = await ask(database, clock, 1), await ask(database, clock, 2)
    assert (first.booking.state, second.booking.state, second.place, second.free) == (
        "booked",
        "waiting",
        1,
        ("09:30",),
    )
    flexible = await ask(database, clock, 3, is_flexible=True)
    assert (flexible.booking.state, flexible.booking.time) == ("booked", "09:30")
    last = await ask(database, clock, 4, time="09:30", is_flexible=True)
    assert (last.place, last.free) == (2, ())
    with pytest.raises(SlotFull):
        await move(database, clock, second.booking, TUESDAY, "09:30")
    assert (await now(database, second.booking)) == second.booking
    wednesday = TUESDAY + timedelta(days=1)
    moved = await move(database, clock, second.booking, wednesday, "09:30")
    assert moved.booking.state == "booked"
    thursday = wednesday + timedelta(days=1)
    await ask(database, clock, 5, day=thursday)
    near = await move(database, clock, moved.booking, thursday, "09:00", is_flexible=True)
    assert (near.booking.day, near.booking.time, near.booking.state) == (thursday, "09:30", "booked")


async def test_a_place_given_back_goes_to_who_waited_first(town, database, clock, rows):
    await plan(database, clock, places=1)
    first = (await ask(database, clock, 1)).booking
    await ask(database, clock, 2, time="09:30")
    other = (await ask(database, clock, 3, time="09:30")).booking
    waits, flexible = (await ask(database, clock, 4)).booking, (await ask(database, clock, 5, is_flexible=True)).booking
    await cancel(database, clock, first)
    assert ((await now(database, waits)).state, (await now(database, flexible)).state) == ("booked", "waiting")
    assert (await now(database, other)).state == "waiting", "waits for another time"
    await cancel(database, clock, await now(database, waits))
    up = await now(database, flexible)
    assert (up.state, up.time, up.is_moved_up) == ("booked", "09:00", True)
    told = await rows(
        "select taxpayer_id from messaging_message where template = 'appointment_moved_up' order by message_id"
    )
    assert [row["taxpayer_id"] for row in told] == [waits.taxpayer_id, flexible.taxpayer_id]
    await cancel(database, clock, other)
    assert await rows("select 1 from appointments_arrival where state = 'waiting'") == []


async def test_moving_gives_the_old_place_to_who_waits(town, database, clock):
    await plan(database, clock, places=1)
    first = (await ask(database, clock, 1)).booking
    waits = (await ask(database, clock, 2)).booking
    application = make_act(clock).application_id
    moved = await move(database, clock, first, TUESDAY, "09:30", application_id=application)
    assert (moved.booking.time, moved.booking.arrival_no) == ("09:30", 3)
    assert (await now(database, waits)).state == "booked"
    again = await move(database, clock, first, date(2026, 11, 25), "09:00", application_id=application)
    assert again.booking == moved.booking, "the same application moves once"


async def test_moving_crosswise_at_once_ends_well(town, database, clock):
    await plan(database, clock, places=1)
    wednesday = TUESDAY + timedelta(days=1)
    ones = [(await ask(database, clock, 1)).booking, (await ask(database, clock, 2, day=wednesday)).booking]
    results = await asyncio.gather(
        move(database, clock, ones[0], wednesday, "09:30"), move(database, clock, ones[1], TUESDAY, "09:30"),
        *(ask(database, clock, n, day=day, is_flexible=True) for n, day in ((3, TUESDAY), (4, wednesday), (5, TUESDAY))),
        return_exceptions=True,
    )  # fmt: skip
    assert not [r for r in results if isinstance(r, Exception) and not isinstance(r, SlotFull)]


async def test_too_late_to_give_back(town, database, clock):
    one = (await ask(database, clock, 1)).booking
    clock.at = datetime(2026, 11, 23, 23, 0, 1, tzinfo=UTC)
    with pytest.raises(TooLate):
        await cancel(database, clock, one)
    clock.at = datetime(2026, 11, 23, 23, 0, 0, tzinfo=UTC)
    assert (await cancel(database, clock, one)).state == "cancelled"


async def test_two_missed_within_sixty_days_pause_for_seven(town, database, clock, task_context, rows):
    one = (await ask(database, clock, 1)).booking
    other = (await ask(database, clock, 1, topic_text="filing", time="09:30")).booking
    clock.at = datetime(2026, 11, 24, 1, 16, tzinfo=UTC)
    await close_over(task_context, {})
    await close_over(task_context, {})
    assert ((await now(database, one)).state, (await now(database, other)).state) == ("missed", "booked")
    again = (await ask(database, clock, 1, day=date(2026, 11, 25))).booking
    clock.at = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
    await close_over(task_context, {})
    with pytest.raises(Paused) as refused:
        await ask(database, clock, 1, topic_text="general", day=date(2026, 11, 26))
    assert refused.value.values["until"] == "2026-12-01"
    assert (await now(database, again)).state == "booked", "what is booked already stays"
    texts = await rows("select body from messaging_message where template = 'appointment_missed' order by message_id")
    assert ["2026年12月1日" in row["body"] for row in texts] == [False, True]
    clock.at = datetime(2026, 12, 2, 0, 30, tzinfo=UTC)
    assert (await ask(database, clock, 1, topic_text="general", day=date(2026, 12, 3))).booking.state == "booked"


def test_days_of_the_pause():
    assert paused_until([], date(2026, 11, 23)) is None
    assert paused_until([date(2026, 9, 24), date(2026, 11, 23)], date(2026, 11, 23)) == date(2026, 11, 30)
    assert paused_until([date(2026, 9, 23), date(2026, 11, 23)], date(2026, 11, 23)) is None
    assert Pace().waiting == 0


async def test_whoever_was_moved_up_and_could_not_come_is_not_blamed(town, database, clock, task_context, rows):
    await plan(database, clock, places=1)
    first = (await ask(database, clock, 1)).booking
    waits, lapses = (await ask(database, clock, 2)).booking, (await ask(database, clock, 3)).booking
    await cancel(database, clock, first)
    clock.at = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
    await close_over(task_context, {})
    assert ((await now(database, waits)).state, (await now(database, lapses)).state) == ("missed", "lapsed")
    assert await rows("select 1 from appointments_missed") == []
    assert await rows("select 1 from appointments_open") == []


async def test_the_evening_before_people_are_reminded_once(town, database, clock, task_context, rows):
    await ask(database, clock, 1)
    clock.at = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    await ask(database, clock, 2, day=date(2026, 11, 25))
    await remind(task_context, {})
    clock.at = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    await remind(task_context, {})
    assert await rows("select 1 from messaging_message where template = 'appointment_reminder'") == [], "booked today"
    async with database.transaction() as tx:
        await tx.execute("update appointments_booking set made_at = made_at - interval '3 days'")
    for _ in range(2):
        await remind(task_context, {})
    told = await rows("select taxpayer_id from messaging_message where template = 'appointment_reminder'")
    assert [row["taxpayer_id"] for row in told] == [somebody(1).taxpayer_id]


async def test_what_matters_do_here_they_do_once(owner, database, clock):
    act = make_act(clock)
    async with database.transaction() as tx:
        made = await effects.book(tx, act=act, office=HALL, topic="发票业务", day=TUESDAY, time="09:00")
        assert await effects.book(tx, act=act, office=HALL, topic="invoice", day=TUESDAY, time="10:00") == made
        number = str(made.values["appointment_no"])
        moving = make_act(clock)
        moved = await effects.move(tx, act=moving, appointment_no=number.lower(), day=TUESDAY, time="10:00")
        assert await effects.move(tx, act=moving, appointment_no=number, day=TUESDAY, time="11:00") == moved
        gone = await effects.cancel(tx, act=make_act(clock), appointment_no=number)
        assert await effects.cancel(tx, act=make_act(clock), appointment_no=number) == gone
        shown = await effects.show_offices(tx, act=act, topic="发票业务")
    assert (made.values["state"], moved.values["time"], gone.values["state"]) == ("booked", "10:00", "cancelled")
    assert shown.values["count"] >= 3
    async with database.transaction() as tx:
        with pytest.raises(BookingUnknown):
            await effects.cancel(tx, act=make_act(clock), appointment_no="YY0")


async def test_one_open_booking_for_a_person_whatever_the_hat(owner, database, clock):
    one = (await ask(database, clock, 1)).booking
    for method, path in (("GET", ""), ("POST", "/cancellation"), ("POST", "/check-in")):
        body = {} if method == "POST" and path == "/cancellation" else None
        await owner.refused(
            404, "appointments.booking_unknown", method, f"/appointments/bookings/{one.booking_id}{path}", body
        )
    async with database.transaction() as tx:
        with pytest.raises(AlreadyBooked):
            await _second(tx, clock)
    assert halls.bookable_days(clock)[0] == date(2026, 11, 23)


async def _second(tx, clock):
    from palmtax.appointments.actions.booking import book

    actor = make_actor(10_001, taxpayer_id=99)
    return await book(
        tx, actor=actor, clock=clock, taxpayer_id=99, office_code=HALL, topic_text="invoice", day=TUESDAY, time="10:00"
    )
