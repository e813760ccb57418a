"""The rooms of this house: every named route exists, officers never wait, filing moves up when it is due."""

from __future__ import annotations

import re
from datetime import date

import pytest
import yaml
from fastapi import FastAPI
from fastapi.routing import APIRoute

from palmtax.entry import waiting
from palmtax.entry.domains import pick_up
from palmtax.plumbing.settings import WaitingSettings

DATA = yaml.safe_load(waiting.DATA.read_text(encoding="utf-8"))
OUTSIDE_THE_LIST = ("/api/docs", "/api/openapi.json")


@pytest.fixture(scope="module")
def routes() -> list[APIRoute]:
    """Every route of every domain."""
    app = FastAPI()
    for module in pick_up("http"):
        for router in [module.router, *getattr(module, "more_routers", [])]:
            app.include_router(router)
    return list(waiting.every_route(app.routes))


def named() -> list[str]:
    """The routes that the data names."""
    return [text for room in DATA["rooms"] for text in room["routes"]] + DATA["never"]


def test_every_named_route_exists(routes):
    known = {(method, re.sub(r"\{[^}]*\}", "{}", one.path)) for one in routes for method in one.methods}
    gone = []
    for text in named():
        method, path = text.split(" ", 1)
        asked = re.sub(r"\{[^}]*\}", "{}", path)
        is_there = any(one.startswith(asked) for _, one in known) if method == "*" else (method, asked) in known
        if not is_there and path not in OUTSIDE_THE_LIST:
            gone.append(text)
    assert gone == []


def test_officers_never_wait_and_taxpayers_routes_have_a_room(routes):
    door = waiting.door_of(WaitingSettings(), routes)
    officers = waiting.officers_routes(routes)
    assert len(officers) > 40
    for methods, path in officers:
        for method in methods:
            assert door.rooms.of(method, re.sub(r"\{[^}]*\}", "7", path)) is None, path
    for method, path, room in [
        ("GET", "/api/filing/home", "filing"), ("POST", "/api/filing/returns", "begun"), ("GET", "/api/filing/returns", "reading"),
        ("POST", "/api/filing/returns/7/amendment", "filing"), ("POST", "/api/payment/orders", "begun"),
        ("GET", "/api/payment/orders/7", "paying"), ("POST", "/api/payment/wechat/notify", None),
        ("POST", "/api/identity/sessions/sms", "arriving"), ("POST", "/api/identity/hat", None),
        ("GET", "/api/knowledge/calculators", "leisure"), ("PUT", "/api/matters/uploads/7/bytes", "begun"),
        ("POST", "/api/matters/applications", "matters"), ("GET", "/verify/abc", None), ("GET", "/", None),
        ("GET", "/api/nothing/known", "reading"),
    ]:  # fmt: skip
        assert door.rooms.of(method, path) == room, path


@pytest.mark.parametrize(
    ("day", "is_last"), [("2026-10-26", True), ("2026-10-24", True), ("2026-10-20", False), ("2026-10-27", False)]
)
def test_the_calendar_of_the_law_says_when_filing_comes_first(day, is_last):
    assert waiting.is_last_days(date.fromisoformat(day)) is is_last
