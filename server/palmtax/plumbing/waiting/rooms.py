"""Which room a request belongs to: data with words, read once. Pure.

A route is written `POST /api/filing/returns` (this one alone) or `* /api/filing` (it and everything below); `{…}` is any one part.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

_OWN = re.compile(r"^matter:[A-Za-z][A-Za-z0-9_.-]{2,59}$")

_KEPT = 5_000
"""Paths whose room is remembered."""


@dataclass(frozen=True, slots=True)
class Room:
    """People who want the same kind of thing, in the order in which they came."""

    code: str
    zh: str
    en: str
    rank: int
    rank_last_days: int
    needs_two: bool = False

    def rank_on(self, *, is_last_days: bool) -> int:
        """Which room is served first: the smallest number."""
        return self.rank_last_days if is_last_days else self.rank


@dataclass(frozen=True, slots=True)
class _Route:
    method: str
    pattern: re.Pattern[str]
    begins: str
    room: str | None


def own_room(matter: str) -> str:
    """The code of the room that a matter has for itself."""
    return f"matter:{matter}"


def is_own_room(code: str) -> bool:
    """Whether this is the code of a matter's own room."""
    return _OWN.match(code) is not None


class Rooms:
    """All rooms and the routes that lead to each; a route that is not named belongs to `otherwise`."""

    def __init__(
        self,
        data: dict[str, Any],
        officers: Iterable[tuple[Collection[str], str]] = (),
        words_of: Callable[[str], tuple[str, str]] = lambda code: (code, code),
    ) -> None:
        self._words_of = words_of
        self.rooms = {
            one["code"]: Room(
                one["code"], one["zh"], one["en"], place, int(one.get("rank_last_days", place)),
                bool(one.get("needs_two_officers", False)),
            )
            for place, one in enumerate(data["rooms"])
        }  # fmt: skip
        self.otherwise: str = data["otherwise"]
        named = [(text, one["code"]) for one in data["rooms"] for text in one["routes"]]
        routes = [_route(text, room) for text, room in [*named, *((text, None) for text in data["never"])]]
        routes += [_route(f"{method} {path}", None) for methods, path in officers for method in methods]
        self._found: dict[tuple[str, str], str | None] = {}
        self._by_lead: dict[str, list[_Route]] = {}
        for one in sorted(routes, key=lambda one: (one.method == "*", -len(one.begins))):
            self._by_lead.setdefault(_lead(one.begins), []).append(one)
        if self.otherwise not in self.rooms:
            raise ValueError(f"otherwise: {self.otherwise} is no room")

    def of(self, method: str, path: str) -> str | None:
        """The room's code; none for what never waits: officers, callbacks, health, pages."""
        if not path.startswith("/api/"):
            return None
        known = self._found.get((method, path), "")
        if known != "":
            return known
        if len(self._found) >= _KEPT:
            self._found.clear()
        found = self._found[method, path] = self._look_up(method, path)
        return found

    def _look_up(self, method: str, path: str) -> str | None:
        for one in self._by_lead.get(_lead(path), ()):
            if one.method in (method, "*") and path.startswith(one.begins) and one.pattern.match(path):
                return one.room
        return self.otherwise

    def room(self, code: str) -> Room:
        """The room; a matter's own room stands where other matters stand."""
        found = self.rooms.get(code)
        if found is not None:
            return found
        usual = self.rooms["matters"]
        return Room(code, *self._words_of(code.partition(":")[2]), usual.rank, usual.rank_last_days)


def _lead(path: str) -> str:
    """`/api/filing` of `/api/filing/home`."""
    end = path.find("/", 5)
    return path if end < 0 else path[:end]


def _route(text: str, room: str | None) -> _Route:
    method, path = text.split(" ", 1)
    begins = path.partition("{")[0]
    escaped = re.sub(r"\\\{[^}]*\\\}", r"[^/]+", re.escape(path))
    return _Route(method, re.compile(escaped + (r"(?:/|$)" if method == "*" else r"$")), begins, room)
