"""Halls, bookings and the queue on the wire."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from palmtax.appointments.actions.halls import Screen, Waiting
from palmtax.appointments.actions.queueing import Queued
from palmtax.appointments.actions.serving import Doing, HallDay, Visit, VisitState
from palmtax.appointments.model.booking import OPEN, Arrival, Estimate, Outcome, Ticket
from palmtax.appointments.model.plan import Hall, desks, rule, topics
from palmtax.plumbing.wire import Wire

OfficeCode = Annotated[str, Field(pattern=r"^\d{11}$")]
Word = Annotated[str, Field(min_length=1, max_length=40)]
Time = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
BookingState = Literal["booked", "waiting", "checked_in", "served", "cancelled", "missed", "lapsed"]
TicketState = Literal["waiting", "called", "served", "absent", "left"]


class TopicOut(Wire):
    """What people come for."""

    code: str
    title: str
    title_en: str
    say: str
    desk: str


class EstimateOut(Wire):
    """Minutes to wait, from and to; `measured` services of today stand behind it, 0 means planned times."""

    low: int
    high: int
    measured: int


class HallOut(Wire):
    """A hall with its hours, what it does, how many wait."""

    office_code: str
    name: str
    name_en: str
    hours: list[list[str]]
    topics: list[str]
    waiting: int
    estimate: EstimateOut


class DayOut(Wire):
    """A day that can be booked, and the places left."""

    day: date
    places: int


class SlotOut(Wire):
    """A time of a day, and the places left."""

    time: str
    places: int


class ArrivalOut(Wire):
    """One request in the public order: who made it recognises the commitment, nobody else knows whose it is."""

    arrival_no: int
    at: datetime
    time: str
    state: Literal["booked", "waiting", "moved_up", "left"]
    commitment: str
    digest: str


class ArrivalOrder(Wire):
    """The order of a line: each digest is SHA-256 over the digest before and the commitment."""

    arrivals: list[ArrivalOut]
    next_cursor: int | None


class BookingIn(Wire):
    """Book a time; `is_flexible`: any other time of the day will do."""

    office_code: OfficeCode
    topic: Word
    day: date
    time: Time
    is_flexible: bool = False


class MoveIn(Wire):
    """Move to another time."""

    day: date
    time: Time


class CancelIn(Wire):
    """Give it back; why is up to the person."""

    reason: Annotated[str, Field(max_length=500)] = ""


class BookingOut(Wire):
    """A booking, or a place on the waiting list with the times that are still free."""

    booking_id: UUID
    appointment_no: str
    office_code: str
    topic: str
    topic_title: str
    topic_title_en: str
    day: date
    time: str
    starts_at: datetime
    is_flexible: bool
    state: BookingState
    arrival_no: int
    arrived_at: datetime
    place: int
    free: list[str]
    is_moved_up: bool
    may_cancel: bool
    may_check_in: bool


class TicketIn(Wire):
    """Take a number for today."""

    office_code: OfficeCode
    topic: Word


class TicketOut(Wire):
    """A number with how many are ahead and how long it takes."""

    ticket_id: UUID
    office_code: str
    ticket_no: str
    topic: str
    desk: str
    state: TicketState
    taken_at: datetime
    window_no: int | None
    ahead: int
    estimate: EstimateOut


class TicketPlace(Wire):
    """The open ticket of a person, if there is one."""

    ticket: TicketOut | None


class CalledOut(Wire):
    """A number at a window; no name."""

    ticket_no: str
    window_no: int
    called_at: datetime


class HallDesk(Wire):
    """How a desk goes today."""

    desk: str
    title: str
    title_en: str
    waiting: int
    estimate: EstimateOut


class ScreenOut(Wire):
    """What hangs on the wall: numbers only."""

    office_code: str
    name: str
    name_en: str
    called: list[CalledOut]
    desks: list[HallDesk]


class CallIn(Wire):
    """A window calls the next of its desks; what became of the one before."""

    window_no: int = Field(ge=1, le=99)
    desks: list[Word] = Field(min_length=1, max_length=10)
    last_was: Literal["served", "absent"] = "served"


class CallOut(Wire):
    """The number called; none when nobody waits."""

    ticket_id: UUID | None
    ticket_no: str | None
    desk: str | None
    topic: str | None
    is_booked: bool


class PlanIn(Wire):
    """What a hall changes of its level's plan."""

    windows: dict[Word, int] = Field(default_factory=dict, max_length=20)
    places: dict[Word, int] = Field(default_factory=dict, max_length=20)
    hours: list[tuple[str, str]] | None = Field(default=None, max_length=4)


class PlanDesk(Wire):
    """A desk of a hall: its windows, and bookings in one slot: as the hall says (`places`), and as they come out."""

    desk: str
    title: str
    title_en: str
    windows: int
    planned_windows: int
    places: int | None
    planned_places: int
    capacity: int


class PlanOut(Wire):
    """A hall as it works from now on, beside what is planned for its level."""

    office_code: str
    name: str
    name_en: str
    desks: list[PlanDesk]
    hours: list[list[str]]
    planned_hours: list[list[str]]
    slot_minutes: int
    slots: int


class VisitOut(Wire):
    """Somebody who booked or came, for the officers of the hall; the name is masked."""

    booking_id: UUID | None
    appointment_no: str | None
    time: str | None
    is_moved_up: bool
    ticket_id: UUID | None
    ticket_no: str | None
    window_no: int | None
    topic: str
    desk: str
    name_masked: str
    state: VisitState
    may: list[Doing]


class DeskDayOut(Wire):
    """How a desk's day stands: places in all, how many of them are taken, who waits for one."""

    desk: str
    title: str
    title_en: str
    places: int
    taken: int
    waiting: int


class HallDayOut(Wire):
    """A day of a hall."""

    office_code: str
    day: date
    desks: list[DeskDayOut]
    visits: list[VisitOut]


class EndingIn(Wire):
    """What became of somebody who took a number."""

    how: Literal["served", "absent"]


class DeskTicketOut(Wire):
    """A ticket as it stands, for the officers of the hall."""

    ticket_id: UUID
    ticket_no: str
    state: TicketState
    window_no: int | None


def _estimate(one: Estimate) -> EstimateOut:
    return EstimateOut(low=one.low, high=one.high, measured=one.measured)


def shape_topics() -> list[TopicOut]:
    """Topics on the wire."""
    return [
        TopicOut(code=one.code, title=one.title, title_en=one.title_en, say=one.say, desk=one.desk)
        for one in topics().values()
    ]


def shape_waiting(one: Waiting) -> HallOut:
    """A hall on the wire."""
    return HallOut(
        office_code=one.hall.office_code,
        name=one.hall.name,
        name_en=one.hall.name_en,
        hours=[list(span) for span in one.hall.hours],
        topics=list(one.topics),
        waiting=one.waiting,
        estimate=_estimate(one.estimate),
    )


def shape_outcome(told: Outcome) -> BookingOut:
    """A booking on the wire."""
    one, topic = told.booking, topics()[told.booking.topic]
    return BookingOut(
        booking_id=one.booking_id,
        appointment_no=one.appointment_no,
        office_code=one.office_code,
        topic=one.topic,
        topic_title=topic.title,
        topic_title_en=topic.title_en,
        day=one.day,
        time=one.time,
        starts_at=one.starts_at,
        is_flexible=one.is_flexible,
        state=one.state,
        arrival_no=one.arrival_no,
        arrived_at=one.made_at,
        place=told.place,
        free=list(told.free),
        is_moved_up=one.is_moved_up,
        may_cancel=one.state in OPEN,
        may_check_in=one.state == "booked",
    )


def shape_ticket(found: Queued) -> TicketOut:
    """A ticket on the wire."""
    one = found.ticket
    return TicketOut(
        ticket_id=one.ticket_id,
        office_code=one.office_code,
        ticket_no=one.ticket_no,
        topic=one.topic,
        desk=one.desk,
        state=one.state,
        taken_at=one.taken_at,
        window_no=one.window_no,
        ahead=found.ahead,
        estimate=_estimate(found.estimate),
    )


def shape_arrival(one: Arrival) -> ArrivalOut:
    """One request of the order on the wire."""
    return ArrivalOut(
        arrival_no=one.arrival_no,
        at=one.at,
        time=one.time,
        state=one.state,
        commitment=one.commitment.hex(),
        digest=one.digest.hex(),
    )


def shape_screen(found: Screen) -> ScreenOut:
    """The screen on the wire."""
    return ScreenOut(
        office_code=found.hall.office_code,
        name=found.hall.name,
        name_en=found.hall.name_en,
        called=[
            CalledOut(ticket_no=one.ticket_no, window_no=one.window_no or 0, called_at=one.called_at or one.taken_at)
            for one in found.called
        ],
        desks=[
            HallDesk(
                desk=code,
                title=desks()[code].title,
                title_en=desks()[code].title_en,
                waiting=pace.waiting,
                estimate=_estimate(found.estimates[code]),
            )
            for code, pace in found.paces.items()
        ],
    )


def shape_call(one: Ticket | None) -> CallOut:
    """A call on the wire."""
    if one is None:
        return CallOut(ticket_id=None, ticket_no=None, desk=None, topic=None, is_booked=False)
    return CallOut(
        ticket_id=one.ticket_id,
        ticket_no=one.ticket_no,
        desk=one.desk,
        topic=one.topic,
        is_booked=one.booking_id is not None,
    )


def shape_plan(one: Hall, planned: Hall, day: date) -> PlanOut:
    """A plan on the wire; `planned`: the same hall as its level has it."""
    return PlanOut(
        office_code=one.office_code,
        name=one.name,
        name_en=one.name_en,
        desks=[
            PlanDesk(
                desk=code,
                title=desk.title,
                title_en=desk.title_en,
                windows=one.windows.get(code, 0),
                planned_windows=planned.windows.get(code, 0),
                places=one.places.get(code),
                planned_places=replace(one, places={}).capacity(code, day),
                capacity=one.capacity(code, day),
            )
            for code, desk in desks().items()
        ],
        hours=[list(span) for span in one.hours],
        planned_hours=[list(span) for span in planned.hours],
        slot_minutes=rule("slot_minutes", day),
        slots=len(one.times(day)),
    )


def _shape_visit(one: Visit) -> VisitOut:
    booking, ticket = one.booking, one.ticket
    about = booking or ticket
    return VisitOut(
        booking_id=booking.booking_id if booking else None,
        appointment_no=booking.appointment_no if booking else None,
        time=booking.time if booking else None,
        is_moved_up=booking.is_moved_up if booking else False,
        ticket_id=ticket.ticket_id if ticket else None,
        ticket_no=ticket.ticket_no if ticket else None,
        window_no=ticket.window_no if ticket else None,
        topic=about.topic if about else "",
        desk=about.desk if about else "",
        name_masked=one.name_masked,
        state=one.state,
        may=list(one.may),
    )


def shape_day(one: HallDay) -> HallDayOut:
    """A day of a hall on the wire."""
    return HallDayOut(
        office_code=one.hall.office_code,
        day=one.day,
        desks=[
            DeskDayOut(
                desk=each.desk,
                title=desks()[each.desk].title,
                title_en=desks()[each.desk].title_en,
                places=each.places,
                taken=each.taken,
                waiting=each.waiting,
            )
            for each in one.desks
        ],
        visits=[_shape_visit(each) for each in one.visits],
    )


def shape_desk_ticket(one: Ticket) -> DeskTicketOut:
    """A ticket for the officers of the hall."""
    return DeskTicketOut(ticket_id=one.ticket_id, ticket_no=one.ticket_no, state=one.state, window_no=one.window_no)
