"""Attempts for the table of bad input by people with applications, files and themes: twice, and out of order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from journeys.matters import (
    ANSWERED,
    QUOTA,
    THEME,
    asked_for_more,
    begun_upload,
    completed,
    drafted,
    first_done,
    handed_in,
    intake,
    keyed,
    owner_of,
    running,
    upload,
)
from journeys.place import Device
from journeys.stage import Stage, Try, again, said
from journeys.steps import a_key

_OWN, _JOURNEYS = "/matters/applications", "/matters/journeys"


def _path(shown: Any) -> str:
    return f"{_OWN}/{shown['application_id']}"


def _instant(who: Device) -> Any:
    return handed_in(who, ANSWERED, {})


def _discarded(who: Device) -> Any:
    return who.ok("DELETE", _path(drafted(who, answers={})))


def _twice(make: Callable[[Device], Any], method: str, rest: str = "", body: Any = None) -> Try:
    """An act on an application that is made for it."""

    def work(s: Stage) -> str:
        who = owner_of(s.place)
        shown = make(who)
        given = body(shown) if callable(body) else body
        return again(who, method, f"{_path(shown)}{rest}", given)

    return work


def _draft(who: Device) -> Any:
    return drafted(who, answers={})


def _start_twice(s: Stage) -> str:
    body = {"matter_code": QUOTA}
    return again(owner_of(s.place), "POST", _OWN, body, body | {"fresh": True})


def _upload_twice(s: Stage) -> str:
    who = owner_of(s.place)
    number = _draft(who)["application_id"]
    ask = {"application_id": number, "paper_code": "contract", "file_name": "a.jpg", "size_bytes": 5,
           "idempotency_key": a_key()}  # fmt: skip
    return again(who, "POST", "/matters/uploads", ask, ask | {"size_bytes": 6})


def _piece_twice(s: Stage) -> str:
    who = owner_of(s.place)
    path, content = begun_upload(who, _draft(who)["application_id"])
    both = [who("PUT", f"{path}/bytes?offset=0", content=content) for _ in range(2)]
    assert both[0].json()["is_complete"], both[0].text
    return f"{said(both[1])}{' same' if both[0].content == both[1].content else ''}"


def _remove_twice(s: Stage) -> str:
    who = owner_of(s.place)
    return again(who, "DELETE", f"/matters/papers/{upload(who, _draft(who)['application_id'])['paper_id']}")


def _journey_twice(make: Callable[[Device], Any], method: str, rest: str = "", body: Any = None) -> Try:
    """An act on a run of a theme that is made for it."""

    def work(s: Stage) -> str:
        who = owner_of(s.place)
        one = make(who)
        return again(who, method, f"{_JOURNEYS}/{one['journey_id']}{rest}", body(one) if callable(body) else body)

    return work


def _begun_journey(who: Device) -> Any:
    return who.ok("POST", _JOURNEYS, {"theme_code": THEME, "idempotency_key": a_key()})


def _journey_sent(one: Any) -> dict[str, Any]:
    return {"version": one["version"], "idempotency_key": f"key-{uuid4()}"}


def _with_discarded(who: Device) -> Any:
    """A run of a theme whose optional matter was thrown away."""
    one = who.ok("POST", f"{_JOURNEYS}/{first_done(who)['journey_id']}/continuation")
    step = next(each for each in one["steps"] if each["matter_code"] == _OPTIONAL["matter_code"])
    who.ok("DELETE", f"{_OWN}/{step['application_id']}")
    return one


def _with_withdrawn(who: Device) -> Any:
    """A run of a theme one of whose matters was taken back."""
    path = f"{_JOURNEYS}/{first_done(who)['journey_id']}"
    one = who.ok("POST", f"{path}/continuation")
    step = next(each for each in one["steps"] if each["matter_code"] == QUOTA)
    sent = handed_in(who, shown=who.ok("GET", f"{_OWN}/{step['application_id']}"))
    who.ok("POST", f"{_path(sent)}/withdrawal", {"reason": ""})
    return one


def _version(shown: Any) -> dict[str, Any]:
    return {"version": shown["version"], "answers": {}}


_APPLICATION, _RUN = "/api/matters/applications/{application_id}", "/api/matters/journeys/{journey_id}"
_RETRY, _OPTIONAL = {"matter_code": QUOTA}, {"matter_code": "HDGL-005"}
MATTERS_TWICE: dict[str, Try] = {
    "POST /api/matters/applications": _start_twice, f"PATCH {_APPLICATION}": _twice(_draft, "PATCH", "", _version),
    f"DELETE {_APPLICATION}": _twice(_draft, "DELETE"), f"POST {_APPLICATION}/check": _twice(_draft, "POST", "/check"),
    f"POST {_APPLICATION}/restoration": _twice(_discarded, "POST", "/restoration"),
    f"POST {_APPLICATION}/submission": _twice(lambda who: completed(who, ANSWERED, {}), "POST", "/submission", keyed),
    f"POST {_APPLICATION}/withdrawal": _twice(handed_in, "POST", "/withdrawal", {"reason": "不需要了"}),
    f"POST {_APPLICATION}/rating": _twice(_instant, "POST", "/rating", {"stars": 5}),
    "POST /api/matters/uploads": _upload_twice, "PUT /api/matters/uploads/{upload_id}/bytes": _piece_twice,
    "DELETE /api/matters/papers/{paper_id}": _remove_twice,
    "POST /api/matters/journeys": lambda s: again(
        owner_of(s.place), "POST", _JOURNEYS, {"theme_code": THEME, "idempotency_key": a_key()}
    ),
    f"PATCH {_RUN}": _journey_twice(_begun_journey, "PATCH", "", _version),
    f"POST {_RUN}/submission": _journey_twice(intake, "POST", "/submission", _journey_sent),
    f"POST {_RUN}/continuation": _journey_twice(first_done, "POST", "/continuation"),
    f"POST {_RUN}/retry": _journey_twice(_with_withdrawn, "POST", "/retry", _RETRY),
    f"POST {_RUN}/omission": _journey_twice(_with_discarded, "POST", "/omission", _OPTIONAL),
}  # fmt: skip


def _late(make: Callable[[Device], Any], method: str, rest: str = "", body: Any = None) -> Try:
    """An act whose time has not come, or is over."""

    def work(s: Stage) -> str:
        who = owner_of(s.place)
        shown = make(who)
        return said(who(method, f"{_path(shown)}{rest}", body(shown) if callable(body) else body, key=a_key()))

    return work


def _beyond_the_end(s: Stage) -> str:
    who = owner_of(s.place)
    path, content = begun_upload(who, _draft(who)["application_id"])
    return said(who("PUT", f"{path}/bytes?offset=0", content=content + b"x"))


def _upload_decided(s: Stage) -> str:
    who = owner_of(s.place)
    number = handed_in(who)["application_id"]
    ask = {"application_id": number, "paper_code": "contract", "file_name": "a", "size_bytes": 5,
           "idempotency_key": a_key()}  # fmt: skip
    return said(who("POST", "/matters/uploads", ask))


def _submit_unanswered_supplement(s: Stage) -> str:
    who = owner_of(s.place)
    sent = handed_in(who)
    asked_for_more(s.devices["officer"], sent)
    return said(who("POST", f"{_path(sent)}/submission", keyed(sent)))


def _run_late(make: Callable[[Device], Any], method: str, rest: str, body: Any) -> Try:
    def work(s: Stage) -> str:
        who = owner_of(s.place)
        one = make(who)
        return said(who(method, f"{_JOURNEYS}/{one['journey_id']}{rest}", body(one) if callable(body) else body))

    return work


MATTERS_OUT_OF_ORDER: dict[str, tuple[str, Try]] = {
    f"PATCH {_APPLICATION}": ("after it was handed in", _late(handed_in, "PATCH", "", _version)),
    f"DELETE {_APPLICATION}": ("after it was handed in", _late(handed_in, "DELETE")),
    f"POST {_APPLICATION}/restoration": ("of one that was not discarded", _late(_draft, "POST", "/restoration")),
    f"POST {_APPLICATION}/submission": ("before it is complete", _late(_draft, "POST", "/submission", keyed)),
    f"POST {_APPLICATION}/withdrawal": ("after it was decided", _late(_instant, "POST", "/withdrawal", {"reason": ""})),
    f"POST {_APPLICATION}/rating": ("before it was decided", _late(handed_in, "POST", "/rating", {"stars": 5})),
    f"POST {_APPLICATION}/check": ("after it was decided", _late(_instant, "POST", "/check")),
    "POST /api/matters/uploads": ("for one that was handed in", _upload_decided),
    "PUT /api/matters/uploads/{upload_id}/bytes": ("one byte beyond the announced end", _beyond_the_end),
    f"PATCH {_RUN}": ("after it was handed in", _run_late(running, "PATCH", "", _version)),
    f"POST {_RUN}/submission": ("before its intake is complete", _run_late(_begun_journey, "POST", "/submission", _journey_sent)),
    f"POST {_RUN}/continuation": ("before it was handed in", _run_late(_begun_journey, "POST", "/continuation", None)),
    f"POST {_RUN}/retry": ("of a matter that has not failed", _run_late(running, "POST", "/retry", _RETRY)),
    f"POST {_RUN}/omission": ("of a matter that is needed", _run_late(running, "POST", "/omission", _RETRY)),
}  # fmt: skip
"""What was tried in words, and the attempt."""
