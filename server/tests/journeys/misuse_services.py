"""Attempts for the table of bad input by people with bookings, tickets, complaints and messages: twice, and out of order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from journeys.matters import CASE_BODIES, HALL, accepted, case_of, complained, handed_in, owner_of
from journeys.place import DISTRICT, Device
from journeys.stage import Stage, Try, again, said

from palmtax.base.clock import CHINA


def _booked(who: Device, **other: Any) -> str:
    return str(who.ok("POST", "/appointments/bookings", HALL | other)["booking_id"])


def _booking_twice(rest: str, body: Any) -> Try:
    def work(s: Stage) -> str:
        who = owner_of(s.place)
        return again(who, "POST", f"/appointments/bookings/{_booked(who)}/{rest}", body)

    return work


def _book_twice(s: Stage) -> str:
    return again(owner_of(s.place), "POST", "/appointments/bookings", HALL, HALL | {"time": "10:30"})


def _check_in_twice(s: Stage) -> str:
    who, now = owner_of(s.place), s.place.clock.now().astimezone(CHINA)
    begins = now.replace(minute=now.minute // 30 * 30) + timedelta(minutes=30)
    number = _booked(who, day=begins.date().isoformat(), time=f"{begins:%H:%M}")
    return again(who, "POST", f"/appointments/bookings/{number}/check-in")


_TICKET = {"office_code": DISTRICT, "topic": "invoice"}


def _ended_ticket(s: Stage, *, is_undone: bool) -> str:
    """A ticket ended by an officer of the hall, twice; or its ending undone, twice."""
    number = owner_of(s.place).ok("POST", "/appointments/tickets", _TICKET)["ticket_id"]
    path, officer = f"/appointments/halls/{DISTRICT}/tickets/{number}/ending", s.devices["officer"]
    if not is_undone:
        return again(officer, "POST", path, {"how": "served"}, {"how": "absent"})
    officer.ok("POST", path, {"how": "absent"})
    return again(officer, "DELETE", path)


def _desk_check_in_twice(s: Stage) -> str:
    return again(s.devices["officer"], "POST", f"/appointments/halls/{DISTRICT}/bookings/{_due_now(s)}/check-in")


def _due_now(s: Stage) -> str:
    """A booking of the next half hour."""
    now = s.place.clock.now().astimezone(CHINA)
    begins = now.replace(minute=now.minute // 30 * 30) + timedelta(minutes=30)
    return _booked(owner_of(s.place), day=begins.date().isoformat(), time=f"{begins:%H:%M}")


def _ticket_twice(s: Stage) -> str:
    return again(owner_of(s.place), "POST", "/appointments/tickets", _TICKET, _TICKET | {"topic": "filing"})


def _leave_twice(s: Stage) -> str:
    who = owner_of(s.place)
    who.ok("POST", "/appointments/tickets", _TICKET)
    return again(who, "DELETE", "/appointments/tickets/own")


def _complaint_twice(rest: str, body: dict[str, Any], *, is_answered: bool = False) -> Try:
    def work(s: Stage) -> str:
        who = owner_of(s.place)
        number = complained(s.place, who) if not is_answered else accepted(s.place, who, s.devices["officer"])
        if is_answered:
            answer_complaint(s, number)
        return again(who, "POST", f"/complaints/complaints/{number}/{rest}", body)

    return work


def answer_complaint(s: Stage, number: str) -> None:
    """The officer who took it up hands it to another, who answers: two have looked into it."""
    case, second = case_of(s.place, number), s.devices["second officer"]
    ids = {"case_ids": [case["case_id"]], "person_id": second.person.person_id}
    s.devices["officer"].ok("POST", "/cases/assignments", ids)
    body = CASE_BODIES["POST cases/{case_id}/answer"] | {"version": case_of(s.place, number)["version"]}
    second.ok("POST", f"/cases/cases/{case['case_id']}/answer", body)


def _reading_twice(s: Stage) -> str:
    who = owner_of(s.place)
    handed_in(who)
    number = who.ok("GET", "/messaging/messages")["messages"][0]["message_id"]
    return again(who, "POST", f"/messaging/messages/{number}/reading")


def _preferences_twice(s: Stage) -> str:
    wish = {"topics": ["policy"], "ways": []}
    return again(owner_of(s.place), "PUT", "/messaging/preferences", wish, {"topics": [], "ways": []})


_BOOKING = "/api/appointments/bookings/{booking_id}"
_DESK = "/api/appointments/halls/{office_code}"
_COMPLAINT = "/api/complaints/complaints/{complaint_id}"
SERVICES_TWICE: dict[str, Try] = {
    "POST /api/appointments/bookings": _book_twice, "POST /api/appointments/tickets": _ticket_twice,
    f"POST {_BOOKING}/cancellation": _booking_twice("cancellation", {"reason": "没空"}),
    f"POST {_BOOKING}/move": _booking_twice("move", {"day": "2026-10-16", "time": "10:00"}),
    f"POST {_DESK}/bookings/{{booking_id}}/check-in": _desk_check_in_twice,
    f"POST {_DESK}/tickets/{{queue_ticket_id}}/ending": lambda s: _ended_ticket(s, is_undone=False),
    f"DELETE {_DESK}/tickets/{{queue_ticket_id}}/ending": lambda s: _ended_ticket(s, is_undone=True),
    f"POST {_BOOKING}/check-in": _check_in_twice, "DELETE /api/appointments/tickets/own": _leave_twice,
    f"POST {_COMPLAINT}/withdrawal": _complaint_twice("withdrawal", {"reason": "算了"}),
    f"POST {_COMPLAINT}/satisfaction": _complaint_twice("satisfaction", {"is_satisfied": True}, is_answered=True),
    "POST /api/messaging/messages/{message_id}/reading": _reading_twice, "PUT /api/messaging/preferences": _preferences_twice,
}  # fmt: skip


def _check_in_early(s: Stage) -> str:
    who = owner_of(s.place)
    return said(who("POST", f"/appointments/bookings/{_booked(who)}/check-in"))


def _move_cancelled(s: Stage) -> str:
    who = owner_of(s.place)
    path = f"/appointments/bookings/{_booked(who)}"
    who.ok("POST", f"{path}/cancellation", {"reason": ""})
    return said(who("POST", f"{path}/move", {"day": "2026-10-16", "time": "10:00"}))


def _content_unanswered(s: Stage) -> str:
    who = owner_of(s.place)
    return said(who("POST", f"/complaints/complaints/{complained(s.place, who)}/satisfaction", {"is_satisfied": True}))


def _withdraw_answered(s: Stage) -> str:
    who = owner_of(s.place)
    number = accepted(s.place, who, s.devices["officer"])
    answer_complaint(s, number)
    return said(who("POST", f"/complaints/complaints/{number}/withdrawal", {"reason": "算了"}))


SERVICES_OUT_OF_ORDER: dict[str, tuple[str, Try]] = {
    "POST /api/appointments/bookings": ("for a day that is over", lambda s: said(
        owner_of(s.place)("POST", "/appointments/bookings", HALL | {"day": "2026-10-14"}))),
    f"POST {_BOOKING}/check-in": ("the day before", _check_in_early),
    f"POST {_BOOKING}/move": ("after it was cancelled", _move_cancelled),
    f"POST {_DESK}/bookings/{{booking_id}}/check-in": ("the day before", lambda s: said(
        s.devices["officer"]("POST", f"/appointments/halls/{DISTRICT}/bookings/{_booked(owner_of(s.place))}/check-in"))),
    "DELETE /api/appointments/tickets/own": ("without a ticket", lambda s: said(
        owner_of(s.place)("DELETE", "/appointments/tickets/own"))),
    f"POST {_COMPLAINT}/satisfaction": ("before it was answered", _content_unanswered),
    f"POST {_COMPLAINT}/withdrawal": ("after it was answered", _withdraw_answered),
}  # fmt: skip
"""What was tried in words, and the attempt."""
