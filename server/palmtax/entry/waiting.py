"""The waiting room of this house: its rooms, who never waits, and when filing comes first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import yaml
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from palmtax import matters, rules
from palmtax.plumbing.edge import Authority
from palmtax.plumbing.settings import WaitingSettings
from palmtax.plumbing.waiting.door import Door
from palmtax.plumbing.waiting.rooms import Rooms

DATA = Path(__file__).with_name("rooms.yaml")
LAST_DAYS = timedelta(days=2)
"""The day a return is due and the two before it."""


def door_of(settings: WaitingSettings, routes: Iterable[BaseRoute]) -> Door:
    """The door of a process: routes of officers never wait, as their own declaration says."""
    data = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return Door(settings, Rooms(data, officers_routes(routes), _words_of))


def _words_of(matter: str) -> tuple[str, str]:
    found = matters.catalogue().get(matter)
    return (found.title, found.title_en) if found else (matter, matter)


def officers_routes(routes: Iterable[BaseRoute]) -> list[tuple[frozenset[str], str]]:
    """Methods and path of every route that only officers may call."""
    return [(frozenset(one.methods or ()), one.path) for one in every_route(routes) if _is_officers(one)]


def every_route(routes: Iterable[BaseRoute]) -> Iterator[APIRoute]:
    """All routes; an included router keeps its own to itself."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        else:
            yield from every_route(getattr(getattr(route, "original_router", None), "routes", ()))


def _is_officers(route: APIRoute) -> bool:
    calls = [each.call for each in route.dependant.dependencies]
    return any(isinstance(call, Authority) and call.who == "officer" for call in calls)


@lru_cache(maxsize=8)
def is_last_days(today: date) -> bool:
    """Whether returns that many file are due today or in two days (the calendar of the law)."""
    return any(today <= one.due.on <= today + LAST_DAYS for one in rules.calendar_of(today.year))
