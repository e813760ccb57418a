"""Attempts for the table of bad input at the law desk, at studies and at calculators: twice, and out of order."""

from __future__ import annotations

from typing import Any

from journeys.law import ARTICLE, FACTS, act, agreed, asked, drafted, edition, question, sent, version
from journeys.stage import Stage, Try, again, said
from journeys.steps import a_key

_CHANGES = "/knowledge/changes"


def _change_twice(s: Stage) -> str:
    return again(s.devices["lawmaker"], "POST", _CHANGES, version(), version(value="7000"))


def _edit_twice(s: Stage) -> str:
    who = s.devices["lawmaker"]
    return again(who, "PUT", f"{_CHANGES}/{drafted(who)['change_id']}", edition(value="7000"))


def _act_twice(name: str, body: dict[str, Any]) -> Try:
    def work(s: Stage) -> str:
        drafter = s.devices["lawmaker"]
        change = drafted(drafter) if name in ("send", "withdraw") else sent(drafter)
        who = s.devices["approver"] if name in ("approve", "return") else drafter
        return again(who, "POST", f"{_CHANGES}/{change['change_id']}/{name}", body)

    return work


def _study_twice(s: Stage) -> str:
    text = again(s.devices["lawmaker"], "POST", "/insight/studies", question(), question(name="另一个"))
    s.place.idle(90)
    return text


def _cancel_twice(s: Stage) -> str:
    who = s.devices["lawmaker"]
    text = again(who, "POST", f"/insight/studies/{asked(who)['study_id']}/cancel")
    s.place.idle(90)
    return text


def _calculate_twice(s: Stage) -> str:
    both = [s.place.http.post("/api/knowledge/calculators/late_fee", json={"facts": FACTS}) for _ in range(2)]
    assert both[0].json()["result"]
    return f"{said(both[1])}{' same' if both[0].content == both[1].content else ''}"


_CHANGE, _STUDY = "/api/knowledge/changes/{change_id}", "/api/insight/studies/{study_id}"
LAW_TWICE: dict[str, Try] = {
    "POST /api/knowledge/calculators/{law}": _calculate_twice, "POST /api/knowledge/changes": _change_twice,
    f"PUT {_CHANGE}": _edit_twice, f"POST {_CHANGE}/send": _act_twice("send", {}),
    f"POST {_CHANGE}/approve": _act_twice("approve", {}), f"POST {_CHANGE}/return": _act_twice("return", {"reason": "依据不符"}),
    f"POST {_CHANGE}/withdraw": _act_twice("withdraw", {"reason": "不再需要"}), "POST /api/insight/studies": _study_twice,
    f"POST {_STUDY}/cancel": _cancel_twice,
}  # fmt: skip


def _calculate_long_ago(method: str) -> Try:
    def work(s: Stage) -> str:
        path, day = "/api/knowledge/calculators/late_fee", "1990-01-01"
        if method == "GET":
            return said(s.place.http.get(path, params={"on": day}))
        return said(s.place.http.post(path, json={"on": day, "facts": FACTS}))

    return work


def _draft_for_the_past(s: Stage) -> str:
    return said(s.devices["lawmaker"]("POST", _CHANGES, version(first_day="2026-10-14"), key=a_key()))


def _edit_sent(s: Stage) -> str:
    who = s.devices["lawmaker"]
    return said(who("PUT", f"{_CHANGES}/{sent(who)['change_id']}", edition(value="7000")))


def _send_withdrawn(s: Stage) -> str:
    who = s.devices["lawmaker"]
    change = drafted(who)
    act(who, change, "withdraw", reason="不再需要")
    return said(who("POST", f"{_CHANGES}/{change['change_id']}/send"))


def _approve_unsent(s: Stage) -> str:
    change = drafted(s.devices["lawmaker"])
    return said(s.devices["approver"]("POST", f"{_CHANGES}/{change['change_id']}/approve"))


def _after_approval(name: str, **other: Any) -> Try:
    def work(s: Stage) -> str:
        drafter, approver = s.devices["lawmaker"], s.devices["approver"]
        change = agreed(drafter, approver, article=ARTICLE, **other)
        return said(approver("POST", f"{_CHANGES}/{change['change_id']}/{name}", {"reason": "反悔"}))

    return work


def _of_cancelled(rest: str) -> Try:
    def work(s: Stage) -> str:
        who = s.devices["lawmaker"]
        path = f"/insight/studies/{asked(who)['study_id']}"
        who.ok("POST", f"{path}/cancel")
        s.place.idle(90)
        return said(who("GET", f"{path}{rest}"))

    return work


def _cancel_done(s: Stage) -> str:
    return said(s.devices["lawmaker"]("POST", f"/insight/studies/{s.known['study_id']}/cancel"))


def _ask_nothing(s: Stage) -> str:
    return said(s.devices["lawmaker"]("POST", "/insight/studies", question(changes={}), key=a_key()))


def _days_backwards(s: Stage) -> str:
    asked_for = {"law": "vat_small_scale", "first_day": "2026-09-30", "until": "2026-07-01"}
    answer = s.devices["lawmaker"]("GET", "/filing/affected", params=asked_for)
    return f"{said(answer)}, {answer.json()['returns']} returns"


LAW_OUT_OF_ORDER: dict[str, tuple[str, Try]] = {
    "GET /api/filing/affected": ("a last day before the first", _days_backwards),
    "GET /api/knowledge/calculators/{law}": ("a day before the law", _calculate_long_ago("GET")),
    "POST /api/knowledge/calculators/{law}": ("a day before the law", _calculate_long_ago("POST")),
    "POST /api/knowledge/changes": ("a first day that is over, without saying that it is meant", _draft_for_the_past),
    f"PUT {_CHANGE}": ("after it was sent", _edit_sent),
    f"POST {_CHANGE}/send": ("after it was withdrawn", _send_withdrawn),
    f"POST {_CHANGE}/approve": ("before it was sent", _approve_unsent),
    f"POST {_CHANGE}/return": ("after it was approved", _after_approval("return")),
    f"POST {_CHANGE}/withdraw": ("once it is in force", _after_approval("withdraw", value="5000", first_day="2026-10-15")),
    "POST /api/insight/studies": ("with nothing changed", _ask_nothing),
    f"POST {_STUDY}/cancel": ("after it was done", _cancel_done),
    f"GET {_STUDY}/groups": ("of a study that was cancelled", _of_cancelled("/groups?by=city")),
    f"GET {_STUDY}/rows": ("of a study that was cancelled", _of_cancelled("/rows")),
    f"GET {_STUDY}/rows/{{row}}": ("of a study that was cancelled", _of_cancelled("/rows/1")),
}  # fmt: skip
"""What was tried in words, and the attempt."""
