"""Attempts for the table of bad input around 渠道监控: alerts taken on, notices to the public."""

from __future__ import annotations

from journeys.asks import NOTICE_OF_TROUBLE, SAID_OF_TROUBLE
from journeys.messages import an_alert
from journeys.stage import Stage, Try, again, said

NOTICES = "/channels/incidents"


def _acknowledge_twice(s: Stage) -> str:
    return again(s.devices["officer"], "POST", f"/channels/alerts/{an_alert(s.place)}/acknowledgement")


def _open_twice(s: Stage) -> str:
    return again(s.devices["officer"], "POST", NOTICES, NOTICE_OF_TROUBLE)


def _say_twice(s: Stage) -> str:
    desk = s.devices["officer"]
    number = desk.ok("POST", NOTICES, NOTICE_OF_TROUBLE)["incident_id"]
    return again(desk, "POST", f"{NOTICES}/{number}/notes", SAID_OF_TROUBLE)


def _say_after_its_end(s: Stage) -> str:
    desk = s.devices["officer"]
    number = desk.ok("POST", NOTICES, NOTICE_OF_TROUBLE)["incident_id"]
    desk.ok("POST", f"{NOTICES}/{number}/notes", SAID_OF_TROUBLE | {"state": "closed"})
    return said(desk("POST", f"{NOTICES}/{number}/notes", SAID_OF_TROUBLE | {"version": 2}))


def _plan_the_past(s: Stage) -> str:
    past = {"starts_at": "2020-01-01T00:00:00Z", "ends_at": "2020-01-01T02:00:00Z"}
    return said(s.devices["officer"]("POST", NOTICES, NOTICE_OF_TROUBLE | {"window": past}))


MONITORING_TWICE: dict[str, Try] = {
    "POST /api/channels/alerts/{alert_id}/acknowledgement": _acknowledge_twice,
    "POST /api/channels/incidents": _open_twice,
    "POST /api/channels/incidents/{incident_id}/notes": _say_twice,
}
MONITORING_OUT_OF_ORDER: dict[str, tuple[str, Try]] = {
    "POST /api/channels/incidents/{incident_id}/notes": ("after its end", _say_after_its_end),
    "POST /api/channels/incidents": ("maintenance in the past", _plan_the_past),
}
