"""What matters may do here: book, move, cancel, take a ticket, show halls."""

from __future__ import annotations

from datetime import date

from palmtax.appointments.actions import booking, changing, halls, queueing
from palmtax.appointments.model.booking import Booking, Outcome
from palmtax.appointments.model.plan import topics
from palmtax.plumbing.database import Tx
from palmtax.plumbing.effects import Act, Done, Line, effect

STATES = {
    "booked": "已约上",
    "waiting": "候补中",
    "checked_in": "已签到",
    "served": "已办理",
    "cancelled": "已取消",
    "missed": "未到场",
    "lapsed": "候补结束",
}
MOST_HALLS = 30


def _lines(one: Booking) -> list[Line]:
    return [
        Line("预约号", "Appointment number", one.appointment_no),
        Line("业务", "Topic", topics()[one.topic].title),
        Line("日期", "Day", one.day.isoformat(), "date"),
        Line("时间", "Time", one.time),
        Line("状态", "How it stands", STATES[one.state]),
    ]


def _done(told: Outcome) -> Done:
    one, lines = told.booking, _lines(told.booking)
    if told.place:
        lines.append(Line("候补位次", "Place on the waiting list", told.place))
    if told.free:
        lines.append(Line("当天还有名额的时间", "Times still free that day", "、".join(told.free)))
    return Done(
        {
            "appointment_no": one.appointment_no,
            "state": one.state,
            "place": told.place,
            "day": one.day.isoformat(),
            "time": one.time,
        },
        tuple(lines),
    )


@effect("appointments.book")
async def book(tx: Tx, *, act: Act, office: str, topic: str, day: date, time: str, is_flexible: bool = False) -> Done:
    """预约办税: booked, or a place on the waiting list of the day; the same application again gives the same.

    `is_flexible`: the nearest free time of the day will do as well.
    """
    return _done(
        await booking.book(
            tx,
            actor=act.actor,
            clock=act.clock,
            taxpayer_id=act.taxpayer_id,
            office_code=office,
            topic_text=topic,
            day=day,
            time=time,
            is_flexible=is_flexible,
            application_id=act.application_id,
        )
    )


@effect("appointments.move")
async def move(tx: Tx, *, act: Act, appointment_no: str, day: date, time: str, is_flexible: bool = False) -> Done:
    """预约改期: to a time that has a place; when it is full nothing changes, or the nearest free time is given."""
    found = await changing.booking_of_number(tx, taxpayer_id=act.taxpayer_id, appointment_no=appointment_no)
    return _done(
        await changing.move(
            tx,
            actor=act.actor,
            clock=act.clock,
            taxpayer_id=act.taxpayer_id,
            booking_id=found.booking_id,
            day=day,
            time=time,
            is_flexible=is_flexible,
            application_id=act.application_id,
        )
    )


@effect("appointments.cancel")
async def cancel(tx: Tx, *, act: Act, appointment_no: str) -> Done:
    """取消预约: the place goes to the first who waits."""
    found = await changing.booking_of_number(tx, taxpayer_id=act.taxpayer_id, appointment_no=appointment_no)
    after = await changing.cancel(
        tx, actor=act.actor, clock=act.clock, taxpayer_id=act.taxpayer_id, booking_id=found.booking_id
    )
    return _done(Outcome(after))


@effect("appointments.take_ticket")
async def take_ticket(tx: Tx, *, act: Act, office: str, topic: str) -> Done:
    """远程取号: a number for today with how many are ahead and how long it takes."""
    found = await queueing.take_ticket(
        tx,
        actor=act.actor,
        clock=act.clock,
        taxpayer_id=act.taxpayer_id,
        office_code=office,
        topic_text=topic,
        application_id=act.application_id,
    )
    one, wait = found.ticket, found.estimate
    return Done(
        {"ticket_no": one.ticket_no, "ahead": found.ahead, "minutes": wait.high},
        (
            Line("排队号", "Ticket", one.ticket_no),
            Line("前面还有", "Ahead of you", found.ahead, "人"),
            Line("预计等候", "Wait", f"{wait.low}–{wait.high}", "分钟"),
        ),
    )


@effect("appointments.show_offices")
async def show_offices(tx: Tx, *, act: Act, topic: str | None = None) -> Done:
    """办税地图与等候情况: halls that do the topic, the shortest wait first."""
    found = sorted(
        await halls.halls(tx, clock=act.clock, topic_text=topic), key=lambda one: (one.estimate.high, one.waiting)
    )
    lines = [
        Line(
            one.hall.name,
            one.hall.name_en,
            f"等候 {one.waiting} 人，约 {one.estimate.low}–{one.estimate.high} 分钟（{halls.hours_text(one.hall)}）",
        )
        for one in found[:MOST_HALLS]
    ]
    return Done({"count": len(found)}, tuple(lines))
