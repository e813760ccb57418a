"""The edge: who may call, what a refusal looks like, limits, and that a commit comes before the answer."""

from __future__ import annotations

from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from palmtax.base.actor import Actor, Hat
from palmtax.plumbing.database import Database
from palmtax.plumbing.edge import Edge, Envelope, House, Router, add_refusals, may, may_anyone, may_officer, may_person
from palmtax.plumbing.settings import ServerSettings
from palmtax.plumbing.wire import Fen, Wire

SESSION = UUID(int=1)


def hat(kind: str, *scopes: str) -> Hat:
    """A hat with these scopes."""
    return Hat(UUID(int=2), kind, "tax_clerk", 7 if kind != "officer" else None, None, frozenset(scopes))  # type: ignore[arg-type]  # the four kinds


PEOPLE = {
    "no-hat": Actor(1, SESSION, None, "h5", "r"),
    "reader": Actor(2, SESSION, hat("enterprise", "filing.read"), "h5", "r"),
    "writer": Actor(3, SESSION, hat("enterprise", "filing.read", "filing.submit"), "h5", "r"),
    "proven": Actor(3, SESSION, hat("enterprise", "filing.submit"), "h5", "r", second_factor=True),
    "officer": Actor(4, SESSION, hat("officer", "filing.read", "cases.read"), "workbench", "r"),
}


class Sum(Wire):
    """A body with money."""

    amount_fen: Fen


router = Router(prefix="/api/test", tags=["test"])


of_one = Router(prefix="/api/things/{number}", tags=["test"])


@of_one.get("/name")
async def name_of(number: int, edge: Edge = may_person()) -> str:
    """A route whose router has a place in its prefix."""
    return f"{number} of {edge.actor.person_id}"


@router.get("/person")
async def person(edge: Edge = may_person()) -> int:
    """Anybody signed in."""
    return edge.actor.person_id


@router.get("/scope")
async def scope(edge: Edge = may("filing.read")) -> int:
    """A hat with the scope."""
    return edge.taxpayer_id


@router.get("/risky")
async def risky(edge: Edge = may("filing.submit", second_factor=True)) -> int:
    """A second proof."""
    return edge.taxpayer_id


@router.get("/officer")
async def officer(edge: Edge = may_officer("cases.read")) -> int:
    """An officer."""
    return edge.actor.person_id


@router.get("/limited")
async def limited(_edge: Edge = may_anyone(rate="2/minute")) -> str:
    """Twice a minute."""
    return "ok"


@router.post("/sum")
async def total(body: Sum, edge: Edge = may_anyone(rate="1000/minute")) -> Sum:
    """Keep it and give it back."""
    async with edge.transaction() as tx:
        await tx.execute("create table if not exists kept_sum (n bigint)")
        await tx.execute("insert into kept_sum values ($1)", body.amount_fen)
    return body


@router.get("/bug")
async def bug(_edge: Edge = may_anyone(rate="1000/minute")) -> None:
    """A fault of ours."""
    raise KeyError("secret detail")


@pytest.fixture
async def web(database: Database, house: House) -> httpx.AsyncClient:
    """A small application over the test's database."""

    async def resolve(_tx: object, *, access_token: str, **_more: object) -> Actor | None:
        return PEOPLE.get(access_token)

    house.resolve_actor = resolve
    app = FastAPI()
    app.state.house = house
    add_refusals(app)
    app.include_router(router)
    app.include_router(of_one)
    app.add_middleware(Envelope, settings=ServerSettings(largest_body_bytes=2000))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://edge.test")


@pytest.mark.parametrize(
    ("path", "who", "status", "code"),
    [
        ("person", "", 401, "plumbing.sign_in_needed"),
        ("person", "nobody", 401, "plumbing.sign_in_needed"),
        ("person", "no-hat", 200, None),
        ("scope", "no-hat", 403, "plumbing.hat_needed"),
        ("scope", "reader", 200, None),
        ("scope", "officer", 403, "plumbing.not_allowed"),
        ("risky", "reader", 403, "plumbing.not_allowed"),
        ("risky", "writer", 403, "plumbing.second_factor_needed"),
        ("risky", "proven", 200, None),
        ("officer", "writer", 403, "plumbing.not_allowed"),
        ("officer", "officer", 200, None),
    ],
)
async def test_each_caller_gets_the_answer_that_is_due(
    web: httpx.AsyncClient, path: str, who: str, status: int, code: str | None
) -> None:
    """Rights by hat, scope and second proof."""
    answer = await web.get(f"/api/test/{path}", headers={"authorization": f"Bearer {who}"} if who else {})
    assert answer.status_code == status
    if code:
        body = answer.json()
        assert body["code"] == code
        assert body["hint"]
        assert body["trace_id"] == answer.headers["x-request-id"]


async def test_a_router_may_have_a_place_in_its_prefix(web: httpx.AsyncClient) -> None:
    answer = await web.get("/api/things/7/name", headers={"authorization": "Bearer no-hat"})
    assert (answer.status_code, answer.json()) == (200, "7 of 1")
    assert (await web.get("/api/thing/7/name", headers={"authorization": "Bearer no-hat"})).status_code == 404


async def test_the_refusal_speaks_the_callers_language(web: httpx.AsyncClient) -> None:
    """English when asked for, Chinese otherwise."""
    assert "登录" in (await web.get("/api/test/person")).json()["text"]
    assert "signed in" in (await web.get("/api/test/person", headers={"accept-language": "en-GB"})).json()["text"]


async def test_too_many_requests_are_told_how_long_to_wait(web: httpx.AsyncClient) -> None:
    """Two are granted, the third waits."""
    answers = [await web.get("/api/test/limited") for _ in range(3)]
    assert [a.status_code for a in answers] == [200, 200, 429]
    assert 1 <= int(answers[2].headers["retry-after"]) <= 31


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"amount_fen": 9007199254740991}', 200),
        (b'{"amount_fen": 9007199254740992}', 422),
        (b'{"amount_fen": 1.0}', 422),
        (b'{"amount_fen": "1"}', 422),
        (b'{"amount_fen": 1, "more": 2}', 422),
        (b'{"amount_fen": NaN}', 422),
        (b'{"amount_fen":', 422),
        (b"\xff\xfe", 422),
        (b" " * 3000, 413),
    ],
)
async def test_only_exact_fen_are_taken(web: httpx.AsyncClient, body: bytes, status: int) -> None:
    """Money is a whole number JavaScript can hold; anything else is refused before it reaches us."""
    answer = await web.post("/api/test/sum", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == status


async def test_what_was_answered_is_committed(web: httpx.AsyncClient, database: Database) -> None:
    """After 200 another connection sees the row."""
    assert (await web.post("/api/test/sum", json={"amount_fen": 12})).status_code == 200
    async with database.statement() as tx:
        assert await tx.fetchval("select n from kept_sum") == 12


async def test_a_bug_tells_nothing_but_its_number(web: httpx.AsyncClient) -> None:
    """500 with a trace id; no detail of ours."""
    answer = await web.get("/api/test/bug")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert answer.json()["code"] == "plumbing.fault"


async def test_a_lost_database_is_said_so(web: httpx.AsyncClient, database: Database) -> None:
    """503 with a way on when no connection can be had; the address points nowhere."""
    await database.close()
    database.dsn = "postgresql://palmtax:x@127.0.0.1:1/none"
    answer = await web.post("/api/test/sum", json={"amount_fen": 12})
    assert answer.status_code == 503
    assert answer.json()["code"] == "plumbing.database_away"
    assert answer.headers["retry-after"]
