"""Attempts for the table of bad input by officers of cases, complaints and halls: twice, and out of order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from journeys import law
from journeys.matters import (
    CASE_BODIES,
    RAISE,
    SCOPES,
    accepted,
    asked_for_more,
    badly_rated,
    case_of,
    complained,
    desk_of,
    handed_in,
    opined,
    owner_of,
    reported,
)
from journeys.place import CITY, DISTRICT, Device
from journeys.stage import Stage, Try, again, said
from journeys.steps import a_key

_CASES, _DESK, _MANY = "/cases/cases", "/complaints/desk/complaints", "/matters/decisions"
_EXTENSION = {"days": 3, "reason": "还在核实"}


def _sent(s: Stage) -> Any:
    """An application that waits for an officer."""
    return handed_in(owner_of(s.place))


def _one_case(s: Stage) -> str:
    return str(case_of(s.place, _sent(s)["application_id"])["case_id"])


def _decide_twice(name: str, body: dict[str, Any]) -> Try:
    def work(s: Stage) -> str:
        one, who = _sent(s), s.devices["officer"]
        if name == "confirmation":
            opined(who, one)
            who = s.devices["second officer"]
        path, seen = desk_of(who, one)
        return again(who, "POST", f"{path}/{name}", seen | body)

    return work


def _decide_many_twice(s: Stage) -> str:
    ids = [_sent(s)["application_id"] for _ in range(2)]
    return again(s.devices["officer"], "POST", _MANY, {"application_ids": ids, "outcome": "no", "reason": "合同不符"})


def _claimed(s: Stage) -> dict[str, Any]:
    ids = {"case_ids": [_one_case(s)]}
    s.devices["officer"].ok("POST", "/cases/claims", ids)
    return ids


def _claim_twice(s: Stage) -> str:
    return again(s.devices["officer"], "POST", "/cases/claims", {"case_ids": [_one_case(s)]})


def _return_twice(s: Stage) -> str:
    return again(s.devices["officer"], "POST", "/cases/returns", _claimed(s))


def _assign_twice(s: Stage) -> str:
    body = {"case_ids": [_one_case(s)], "person_id": s.devices["second officer"].person.person_id}
    return again(s.devices["officer"], "POST", "/cases/assignments", body)


def _hand_over_twice(s: Stage) -> str:
    body = {"case_id": _one_case(s), "office_code": CITY, "reason": "归市局"}
    return again(s.devices["officer"], "POST", "/cases/handovers", body)


def _note_twice(s: Stage) -> str:
    return again(s.devices["officer"], "POST", f"{_CASES}/{_one_case(s)}/notes", {"text": "等合同"})


def _accept_twice(s: Stage) -> str:
    number = accepted(s.place, owner_of(s.place), s.devices["officer"])
    path = f"{_CASES}/{case_of(s.place, number)['case_id']}/acceptance"
    return _say(s, "officer", path, CASE_BODIES["POST cases/{case_id}/acceptance"])


def _answer_twice(s: Stage) -> str:
    _, rating_id = badly_rated(s.place, owner_of(s.place))
    case = case_of(s.place, rating_id)
    body = CASE_BODIES["POST cases/{case_id}/answer"] | {"version": case["version"]}
    return again(s.devices["officer"], "POST", f"{_CASES}/{case['case_id']}/answer", body)


def _newcomer(s: Stage) -> Device:
    return law.desk(s.place, SCOPES, role_code="case_officer")


def _days(s: Stage) -> dict[str, Any]:
    second = s.devices["second officer"].person.person_id
    return {"from_on": "2026-12-01", "until_on": "2026-12-02", "substitute_id": second}


def _end_absence_twice(s: Stage) -> str:
    who = _newcomer(s)
    number = who.ok("POST", "/cases/absences", _days(s))["absence_id"]
    return again(who, "DELETE", f"/cases/absences/{number}")


def _skills_twice(s: Stage) -> str:
    path = f"/cases/officers/{s.devices['second officer'].person.person_id}/skills"
    return again(s.devices["officer"], "PUT", path, {"skills": []})


def _complaint_twice(name: str, body: Callable[[Stage], dict[str, Any]]) -> Try:
    def work(s: Stage) -> str:
        who = s.devices["officer"]
        path = f"{_DESK}/{accepted(s.place, owner_of(s.place), who)}/extension"
        if name == "extension/decision":
            who.ok("POST", path, _EXTENSION)
            who = s.devices["second officer"]
        return again(who, "POST", path.replace("extension", name), body(s))

    return work


def _colleague(s: Stage) -> dict[str, Any]:
    return {"colleague_ids": [s.devices["second officer"].person.person_id]}


def _contact_twice(s: Stage) -> str:
    whose, number = badly_rated(s.place, owner_of(s.place))
    return again(s.devices["officer"], "POST", f"/complaints/desk/ratings/{whose}/{number}/contact", {"note": "已致电"})


def _informant_twice(s: Stage) -> str:
    path = f"/complaints/desk/reports/{reported(owner_of(s.place))}/informant"
    return again(s.devices["officer"], "POST", path, {"note": "回复检举人"})


def _hall_twice(method: str, name: str, body: dict[str, Any]) -> Try:
    def work(s: Stage) -> str:
        return again(s.devices["officer"], method, f"/appointments/halls/{DISTRICT}/{name}", body)

    return work


_APPLICATION, _CASE = "/api/matters/cases/{application_id}", "/api/cases/cases/{case_id}"
_HALL = "/api/appointments/halls/{office_code}"
_COMPLAINT = "/api/complaints/desk/complaints/{complaint_id}"
OFFICERS_TWICE: dict[str, Try] = {
    f"POST {_APPLICATION}/opinion": _decide_twice("opinion", {"outcome": "yes", "reason": "同意"}),
    f"POST {_APPLICATION}/confirmation": _decide_twice("confirmation", {"is_agreed": True}),
    f"POST {_APPLICATION}/supplement": _decide_twice("supplement", {"text": "请补充合同"}),
    "POST /api/matters/decisions": _decide_many_twice, "POST /api/cases/claims": _claim_twice,
    "POST /api/cases/returns": _return_twice, "POST /api/cases/assignments": _assign_twice,
    "POST /api/cases/handovers": _hand_over_twice, f"POST {_CASE}/notes": _note_twice,
    f"POST {_CASE}/acceptance": _accept_twice, f"POST {_CASE}/answer": _answer_twice,
    "POST /api/cases/absences": lambda s: again(_newcomer(s), "POST", "/cases/absences", _days(s)),
    "DELETE /api/cases/absences/{absence_id}": _end_absence_twice,
    "PUT /api/cases/officers/{person_id}/skills": _skills_twice,
    f"POST {_COMPLAINT}/extension": _complaint_twice("extension", lambda _: _EXTENSION),
    f"POST {_COMPLAINT}/extension/decision": _complaint_twice("extension/decision", lambda _: {"is_agreed": True}),
    f"POST {_COMPLAINT}/investigation": _complaint_twice("investigation", _colleague),
    "POST /api/complaints/desk/ratings/{taxpayer_id}/{rating_id}/contact": _contact_twice,
    "POST /api/complaints/desk/reports/{report_id}/informant": _informant_twice,
    f"POST {_HALL}/calls": _hall_twice("POST", "calls", {"window_no": 1, "desks": ["invoice"]}),
    f"PUT {_HALL}/plan": _hall_twice("PUT", "plan", {"windows": {"invoice": 4}}),
}  # fmt: skip


def _say(s: Stage, who: str, path: str, body: Any) -> str:
    return said(s.devices[who]("POST", path, body, key=a_key()))


def _confirm_own(s: Stage) -> str:
    one, who = _sent(s), s.devices["officer"]
    opined(who, one)
    path, seen = desk_of(who, one)
    return _say(s, "officer", f"{path}/confirmation", seen | {"is_agreed": True})


def _decide_while_asked(s: Stage) -> str:
    one, who = _sent(s), s.devices["officer"]
    asked_for_more(who, one)
    path, seen = desk_of(who, one)
    return _say(s, "officer", f"{path}/opinion", seen | {"outcome": "yes"})


def _ask_withdrawn(s: Stage) -> str:
    owner = owner_of(s.place)
    one = handed_in(owner, answers=RAISE)
    path, seen = desk_of(s.devices["officer"], one)
    owner.ok("POST", f"/matters/applications/{one['application_id']}/withdrawal", {"reason": ""})
    return _say(s, "officer", f"{path}/supplement", seen | {"text": "请补充合同"})


def _claim_taken(s: Stage) -> str:
    return _say(s, "second officer", "/cases/claims", _claimed(s))


def _return_unclaimed(s: Stage) -> str:
    return _say(s, "officer", "/cases/returns", {"case_ids": [_one_case(s)]})


def _answer_matter(rest: str) -> Try:
    def work(s: Stage) -> str:
        body = CASE_BODIES[f"POST cases/{{case_id}}/{rest}"]
        return _say(s, "officer", f"{_CASES}/{_one_case(s)}/{rest}", body)

    return work


def _on_filed(rest: str, body: Callable[[Stage], dict[str, Any]]) -> Try:
    def work(s: Stage) -> str:
        return _say(s, "officer", f"{_DESK}/{complained(s.place, owner_of(s.place))}/{rest}", body(s))

    return work


def _agree_own(s: Stage) -> str:
    path = f"{_DESK}/{accepted(s.place, owner_of(s.place), s.devices['officer'])}/extension"
    s.devices["officer"].ok("POST", path, _EXTENSION)
    return _say(s, "officer", f"{path}/decision", {"is_agreed": True})


def _absence_backwards(s: Stage) -> str:
    return said(_newcomer(s)("POST", "/cases/absences", _days(s) | {"until_on": "2026-11-30"}))


OFFICERS_OUT_OF_ORDER: dict[str, tuple[str, Try]] = {
    f"POST {_APPLICATION}/opinion": ("while the taxpayer is asked for more", _decide_while_asked),
    f"POST {_APPLICATION}/confirmation": ("by the officer whose opinion it is", _confirm_own),
    f"POST {_APPLICATION}/supplement": ("after it was withdrawn", _ask_withdrawn),
    "POST /api/cases/claims": ("of a case that another officer has", _claim_taken),
    "POST /api/cases/returns": ("of a case that nobody took", _return_unclaimed),
    "POST /api/cases/absences": ("that ends before it begins", _absence_backwards),
    f"POST {_CASE}/acceptance": ("of an application", _answer_matter("acceptance")),
    f"POST {_CASE}/answer": ("of an application", _answer_matter("answer")),
    f"POST {_COMPLAINT}/extension": ("before it was taken up", _on_filed("extension", lambda _: _EXTENSION)),
    f"POST {_COMPLAINT}/extension/decision": ("by the officer who asked for it", _agree_own),
    f"POST {_COMPLAINT}/investigation": ("before it was taken up", _on_filed("investigation", _colleague)),
}  # fmt: skip
"""What was tried in words, and the attempt."""
