"""What is said to who waits: the words of `plumbing.please_wait`, written for a room once and filled in for each person.

At twenty times the load this is what the house does most: a refusal built from its class costs four times as much.
"""

from __future__ import annotations

import random
from typing import Any

import orjson

from palmtax.plumbing import faults
from palmtax.plumbing.waiting.line import Estimate
from palmtax.plumbing.waiting.rooms import Rooms

KEPT_SECONDS = 15 * 60
"""Whose turn came may be so late; after that the place is gone."""
_SHORTEST_POLL, _LONGEST_POLL = 1.0, 60.0
_LEAST_SHARE, _MORE_SHARE = 0.5, 0.25
"""Who waits asks again after so much of the time that is left: often enough to be there, spread so as not to come together."""
_KEPT_FORMS = 2_000
_NUMBERS = (
    "ahead",
    "seconds",
    "low_seconds",
    "high_seconds",
    "low_minutes",
    "high_minutes",
    "kept_seconds",
    "wait_seconds",
)


class Words:
    """The answers of one process, one form for each room and language."""

    def __init__(self, rooms: Rooms) -> None:
        self.rooms = rooms
        self._forms: dict[tuple[str, bool], str] = {}

    def told(self, room: str, place: str, estimate: Estimate, *, is_english: bool) -> tuple[bytes, float]:
        """The body, and after how many seconds to ask again; `place` is the signed token, letters that JSON takes as they are."""
        form = self._forms.get((room, is_english)) or self._form(room, is_english=is_english)
        share = _LEAST_SHARE + _MORE_SHARE * random.random()  # noqa: S311 — spreads who asks, hides nothing
        poll = round(max(min(estimate.seconds * share, _LONGEST_POLL), _SHORTEST_POLL), 1)
        body = form % {
            "place": place, "ahead": estimate.ahead, "seconds": round(estimate.seconds), "low_seconds": estimate.low,
            "high_seconds": estimate.high, "low_minutes": estimate.low // 60, "high_minutes": -(-estimate.high // 60),
            "poll_seconds": poll, "kept_seconds": estimate.high + KEPT_SECONDS, "wait_seconds": int(poll) + 1,
        }  # fmt: skip
        return body.encode(), poll

    def _form(self, code: str, *, is_english: bool) -> str:
        room = self.rooms.room(code)
        marks: dict[str, Any] = {name: f"\x00{name}\x00" for name in ("place", "poll_seconds", *_NUMBERS)}
        marks |= {"room": code, "room_zh": room.zh, "room_en": room.en}
        refusal = faults.PleaseWait(**marks)
        text, hint = refusal.words("en" if is_english else "zh")
        body = {"code": refusal.code, "text": text, "hint": hint, "fields": marks, "trace_id": "", "state": "waiting"}
        form = orjson.dumps(body).decode().replace("%", "%%")
        for name in ("poll_seconds", *_NUMBERS):
            form = form.replace(f'"{_written(name)}"', f"%({name})s").replace(_written(name), f"%({name})s")
        if len(self._forms) > _KEPT_FORMS:
            self._forms.clear()
        self._forms[code, is_english] = form = form.replace(_written("place"), "%(place)s")
        return form


def _written(name: str) -> str:
    """How JSON writes a mark that no word of ours contains."""
    return f"\\u0000{name}\\u0000"
