"""Attempts for the table of bad input around officers' chats: signing in from one, the bell, what is sent where."""

from __future__ import annotations

from uuid import UUID

from journeys.stage import Stage, Try, again, said

BEGIN = {"chat": "gov_wechat", "page": "/board"}
BACK = {"state": "x" * 32, "code": "spent"}
WISH = {"topics": ["reminder"], "ways": ["gov"]}
NOTHING = UUID(int=7)


def _begin_twice(s: Stage) -> str:
    s.place.http.post("/api/identity/chat-oauth", json=BEGIN)
    return said(s.place.http.post("/api/identity/chat-oauth", json=BEGIN))


def _sign_in_twice(s: Stage) -> str:
    s.place.http.post("/api/identity/sessions/chat-oauth", json=BACK)
    return said(s.place.http.post("/api/identity/sessions/chat-oauth", json=BACK))


def _bind_twice(s: Stage) -> str:
    s.devices["officer"]("POST", "/identity/chat-oauth/binding", BACK)
    return said(s.devices["officer"]("POST", "/identity/chat-oauth/binding", BACK))


def _compare_twice(s: Stage) -> str:
    return again(s.devices["officer"], "POST", "/identity/chat-directories")


def _read_twice(s: Stage) -> str:
    s.devices["officer"]("POST", f"/messaging/office/messages/{NOTHING}/reading")
    return said(s.devices["officer"]("POST", f"/messaging/office/messages/{NOTHING}/reading"))


def _read_all_twice(s: Stage) -> str:
    return again(s.devices["officer"], "POST", "/messaging/office/reading")


def _wish_twice(s: Stage) -> str:
    return again(s.devices["officer"], "PUT", "/messaging/office/wishes", WISH, WISH | {"ways": ["email"]})


def _sign_in_unasked(s: Stage) -> str:
    return said(s.place.http.post("/api/identity/sessions/chat-oauth", json=BACK))


def _wish_a_taxpayers_way(s: Stage) -> str:
    return said(s.devices["officer"]("PUT", "/messaging/office/wishes", WISH | {"ways": ["sms"]}))


CHATS_TWICE: dict[str, Try] = {
    "POST /api/identity/chat-oauth": _begin_twice, "POST /api/identity/sessions/chat-oauth": _sign_in_twice,
    "POST /api/identity/chat-oauth/binding": _bind_twice, "POST /api/identity/chat-directories": _compare_twice,
    "POST /api/messaging/office/messages/{message_id}/reading": _read_twice,
    "POST /api/messaging/office/reading": _read_all_twice, "PUT /api/messaging/office/wishes": _wish_twice,
}  # fmt: skip
CHATS_OUT_OF_ORDER: dict[str, tuple[str, Try]] = {
    "POST /api/identity/sessions/chat-oauth": ("with a state that nobody began", _sign_in_unasked),
    "PUT /api/messaging/office/wishes": ("by a way that officers do not have", _wish_a_taxpayers_way),
}
