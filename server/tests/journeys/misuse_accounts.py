"""Attempts for the table of bad input around official accounts: signing in inside WeChat, codes and links."""

from __future__ import annotations

from journeys.stage import Stage, Try, again, said

PLACE = {"account": "wechat_oa", "place": "/pages/home/index"}
DEVICE = {"name": "微信", "channel": "h5"}
STATE = "x" * 32
NEW = {"kind": "follow", "place": "/appointments/offices/index", "title": "预约", "title_en": "Book a visit", "days": 7}


def _begin_twice(s: Stage) -> str:
    s.place.http.post("/api/identity/oauth", json=PLACE)
    return said(s.place.http.post("/api/identity/oauth", json=PLACE))


def _sign_in_twice(s: Stage) -> str:
    told = {"state": STATE, "code": "spent", "device": DEVICE}
    s.place.http.post("/api/identity/sessions/oauth", json=told)
    return said(s.place.http.post("/api/identity/sessions/oauth", json=told))


def _bind_twice(s: Stage) -> str:
    s.devices["owner"]("POST", "/identity/oauth/binding", {"state": STATE})
    return said(s.devices["owner"]("POST", "/identity/oauth/binding", {"state": STATE}))


def _make_twice(s: Stage) -> str:
    return again(s.devices["officer"], "POST", "/channels/wechat_oa/scenes", NEW)


def _end_twice(s: Stage) -> str:
    made = s.devices["officer"]("POST", "/channels/wechat_oa/scenes", NEW).json()
    return again(s.devices["officer"], "DELETE", f"/channels/wechat_oa/scenes/{made['scene']}")


def _too_long(s: Stage) -> str:
    return said(s.devices["officer"]("POST", "/channels/wechat_oa/scenes", NEW | {"days": 31}))


def _sign_in_unasked(s: Stage) -> str:
    told = {"state": STATE, "code": "anything", "device": DEVICE}
    return said(s.place.http.post("/api/identity/sessions/oauth", json=told))


ACCOUNTS_TWICE: dict[str, Try] = {
    "POST /api/identity/oauth": _begin_twice, "POST /api/identity/sessions/oauth": _sign_in_twice,
    "POST /api/identity/oauth/binding": _bind_twice, "POST /api/channels/{name}/scenes": _make_twice,
    "DELETE /api/channels/{name}/scenes/{scene}": _end_twice,
}  # fmt: skip
ACCOUNTS_OUT_OF_ORDER: dict[str, tuple[str, Try]] = {
    "POST /api/channels/{name}/scenes": ("for longer than WeChat lets it", _too_long),
    "POST /api/identity/sessions/oauth": ("with a state that nobody began", _sign_in_unasked),
}
