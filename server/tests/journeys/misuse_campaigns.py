"""Attempts for the table of bad input around campaigns and audiences: twice, and out of order."""

from __future__ import annotations

from typing import Any

from journeys.campaigns import ALL, CAMPAIGN, EVERYBODY, MESSAGE, ONE, SEGMENT, SEGMENTS, TOP, told
from journeys.stage import Stage, Try, again, said

from palmtax.insight.actions import tagging


def _tagged(s: Stage) -> None:
    """The owner agreed, and the tags know it."""
    s.devices["owner"].ok("PUT", "/messaging/consents/promotion", {"is_given": True, "notice": "2026-11"})

    async def refresh() -> None:
        async with s.place.house.database.transaction() as tx:
            await tagging.refresh(tx, clock=s.place.clock, taxpayer_ids=[s.shop.taxpayer_id])

    s.place.run(refresh())


def _written(s: Stage) -> str:
    return f"{ALL}/{s.devices['officer'].ok('POST', ALL, CAMPAIGN)['campaign_id']}"


def _sent(s: Stage) -> tuple[str, int]:
    _tagged(s)
    path = _written(s)
    return path, s.devices["officer"].ok("POST", f"{path}/submission", {"version": 1})["version"]


def _begun(s: Stage) -> str:
    path, version = _sent(s)
    s.devices["second officer"].ok("POST", f"{path}/decision", {"version": version, "is_agreed": True})
    return path


def _running(s: Stage) -> str:
    path = _begun(s)
    s.place.idle()
    return path


def _paused(s: Stage) -> str:
    path = _running(s)
    s.devices["officer"].ok("POST", f"{path}/pause")
    return path


def _plain(path: str, body: Any = None) -> Try:
    return lambda s: again(s.devices["officer"], "POST", path, body)


def _version_twice(s: Stage) -> str:
    made = s.devices["officer"].ok("POST", "/insight/segments", SEGMENT)
    path = f"/insight/segments/{made['segment_id']}/versions"
    return again(s.devices["officer"], "POST", path, SEGMENT | {"version": 1})


def _change_twice(s: Stage) -> str:
    return again(s.devices["officer"], "PUT", _written(s), CAMPAIGN | {"version": 1})


def _submit_twice(s: Stage) -> str:
    _tagged(s)
    return again(s.devices["officer"], "POST", f"{_written(s)}/submission", {"version": 1})


def _decide_twice(s: Stage) -> str:
    path, version = _sent(s)
    return again(s.devices["second officer"], "POST", f"{path}/decision", {"version": version, "is_agreed": True})


def _message_twice(rest: str, body: Any = None) -> Try:
    return lambda s: again(s.devices["owner"], "POST", f"/messaging/messages/{told(s.place, s.shop)}/{rest}", body)


CAMPAIGNS_TWICE: dict[str, Try] = {
    "POST /api/insight/tags/refresh": _plain("/insight/tags/refresh"),
    "POST /api/insight/audiences/preview": _plain("/insight/audiences/preview", {"audience": EVERYBODY, "purpose": "survey"}),
    f"POST {SEGMENTS}": _plain("/insight/segments", SEGMENT), f"POST {SEGMENTS}/{{segment_id}}/versions": _version_twice,
    f"POST {TOP}": _plain(ALL, CAMPAIGN), f"PUT {ONE}": _change_twice, f"POST {ONE}/submission": _submit_twice,
    f"POST {ONE}/decision": _decide_twice,
    f"POST {ONE}/pause": lambda s: again(s.devices["officer"], "POST", f"{_running(s)}/pause"),
    f"POST {ONE}/resumption": lambda s: again(s.devices["officer"], "POST", f"{_paused(s)}/resumption"),
    f"POST {ONE}/stop": lambda s: again(s.devices["officer"], "POST", f"{_running(s)}/stop", {"words": "内容有误"}),
    f"POST {MESSAGE}/unsubscription": _message_twice("unsubscription"),
    f"POST {MESSAGE}/complaint": _message_twice("complaint", {"words": "没有要过"}),
}  # fmt: skip


def _decide_own(s: Stage) -> str:
    path, version = _sent(s)
    return said(s.devices["officer"]("POST", f"{path}/decision", {"version": version, "is_agreed": True}))


def _change_sent(s: Stage) -> str:
    path, version = _sent(s)
    return said(s.devices["officer"]("PUT", path, CAMPAIGN | {"version": version}))


def _stop_draft(s: Stage) -> str:
    return said(s.devices["officer"]("POST", f"{_written(s)}/stop", {"words": "内容有误"}))


def _pause_draft(s: Stage) -> str:
    return said(s.devices["officer"]("POST", f"{_written(s)}/pause"))


def _resume_running(s: Stage) -> str:
    return said(s.devices["officer"]("POST", f"{_running(s)}/resumption"))


def _old_version(s: Stage) -> str:
    made = s.devices["officer"].ok("POST", "/insight/segments", SEGMENT)
    path = f"/insight/segments/{made['segment_id']}/versions"
    return said(s.devices["officer"]("POST", path, SEGMENT | {"version": 9}))


CAMPAIGNS_OUT_OF_ORDER: dict[str, tuple[str, Try]] = {
    f"POST {ONE}/decision": ("by the officer who wrote it", _decide_own),
    f"POST {ONE}/submission": ("twice", _submit_twice),
    f"PUT {ONE}": ("after it was submitted", _change_sent),
    f"POST {ONE}/stop": ("of a draft", _stop_draft),
    f"POST {ONE}/pause": ("of a draft", _pause_draft),
    f"POST {ONE}/resumption": ("of a campaign that runs", _resume_running),
    f"POST {SEGMENTS}/{{segment_id}}/versions": ("after a version that does not exist", _old_version),
}
