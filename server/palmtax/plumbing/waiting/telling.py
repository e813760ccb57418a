"""What is said to who waits: the words of `plumbing.please_wait`, written for a room once and filled in for each person.

At twenty times the load this is what the house does most: a refusal built from its class costs four times as much.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from operator import itemgetter
from typing import Any, NamedTuple

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
    "ahead", "seconds", "low_seconds", "high_seconds", "low_minutes", "high_minutes", "kept_seconds", "wait_seconds",
)  # fmt: skip
_MARKS = ("place", "poll_seconds", *_NUMBERS)
"""In the order in which `Words.told` gives them."""


class _Form(NamedTuple):
    """A body with holes, and which values go into them, one after the other."""

    body: bytes
    pick: Callable[[tuple[Any, ...]], tuple[Any, ...]]


class Words:
    """The answers of one process, one form for each room and language."""

    def __init__(self, rooms: Rooms) -> None:
        self.rooms = rooms
        self._forms: dict[tuple[str, bool], _Form] = {}
        self.crowded = {is_english: _crowded(is_english=is_english) for is_english in (False, True)}
        """For who is in the middle of something and found no slot: the body, by whether it is English."""

    def told(self, room: str, place: str, estimate: Estimate, *, is_english: bool) -> tuple[bytes, float]:
        """The body, and after how many seconds to ask again; `place` is the signed token, letters that JSON takes as they are."""
        form = self._forms.get((room, is_english)) or self._form(room, is_english=is_english)
        ahead, seconds, low, high = estimate
        poll = seconds * (_LEAST_SHARE + _MORE_SHARE * random.random())  # noqa: S311 — spreads who asks, hides nothing
        poll = _SHORTEST_POLL if poll < _SHORTEST_POLL else _LONGEST_POLL if poll > _LONGEST_POLL else round(poll, 1)
        body, pick = form
        values = (
            place.encode(), poll, ahead, round(seconds), low, high, low // 60, -(-high // 60), high + KEPT_SECONDS, int(poll) + 1,
        )  # fmt: skip
        return body % pick(values), poll

    def _form(self, code: str, *, is_english: bool) -> _Form:
        room = self.rooms.room(code)
        marks: dict[str, Any] = {name: f"\x00{name}\x00" for name in _MARKS}
        marks |= {"room": code, "room_zh": room.zh, "room_en": room.en}
        refusal = faults.PleaseWait(**marks)
        text, hint = refusal.words("en" if is_english else "zh")
        body = {"code": refusal.code, "text": text, "hint": hint, "fields": marks, "trace_id": "", "state": "waiting"}
        holes: list[int] = []

        def hole(found: re.Match[str]) -> str:
            name = found[1] or found[2]
            holes.append(_MARKS.index(name))
            if name == "place":
                return '"%b"' if found[1] else "%b"
            return "%.1f" if name == "poll_seconds" else "%d"

        form = _HOLE.sub(hole, orjson.dumps(body).decode().replace("%", "%%"))
        if len(self._forms) > _KEPT_FORMS:
            self._forms.clear()
        made = self._forms[code, is_english] = _Form(form.encode(), itemgetter(*holes))
        return made


_HOLE = re.compile(r'"\\u0000(\w+)\\u0000"|\\u0000(\w+)\\u0000')
"""How JSON writes a mark that no word of ours contains: a value of its own, or amid words."""


def _crowded(*, is_english: bool) -> bytes:
    refusal = faults.Crowded()
    text, hint = refusal.words("en" if is_english else "zh")
    return orjson.dumps({"code": refusal.code, "text": text, "hint": hint, "fields": {}, "trace_id": ""})
