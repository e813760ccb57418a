"""Reading, searching and loading taxpayers."""

from __future__ import annotations

import base64
from datetime import date

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from registry.make import OFFICES, SHENZHEN, TIANHE, YUEXIU, load, make_taxpayer

from palmtax import identity, registry

SHOPS = [
    make_taxpayer(1, name="甲_店", registered_on=date(2020, 1, 1)),
    make_taxpayer(2, name="乙%店", registered_on=date(2020, 1, 1), office_code=TIANHE, office_name=OFFICES[1].name),
    make_taxpayer(3, name="丙店", registered_on=date(2019, 5, 5), vat_kind="general", filing_period="month"),
    make_taxpayer(4, name="丙店", office_code=SHENZHEN, office_name=OFFICES[2].name, status="closed"),
    make_taxpayer(5, name="ABC\\公司", kind="enterprise", registered_on=date(2022, 2, 2)),
    make_taxpayer(6, name="自然人", kind="natural_person", uscc=None, vat_kind="none"),
]


@pytest.fixture
async def shops(tx):
    await load(tx, *SHOPS)
    return tx


async def ids(tx, **asked):
    found, following, total = await registry.search(tx, **asked)
    assert following is None
    assert total == len(found)
    return [one.taxpayer_id for one in found]


async def test_what_is_loaded_is_read_again(shops):
    assert await registry.taxpayer(shops, 1) == SHOPS[0]
    assert await registry.taxpayers(shops, [1, 6, 99]) == {1: SHOPS[0], 6: SHOPS[5]}
    assert await registry.taxpayer_of_uscc(shops, f" {SHOPS[0].uscc.lower()} ") == SHOPS[0]
    assert await registry.office_name(shops, TIANHE) == OFFICES[1].name
    assert await registry.office_name(shops, "19999999999") == "19999999999"


async def test_an_unknown_taxpayer_is_refused(shops):
    with pytest.raises(registry.TaxpayerUnknown):
        await registry.taxpayer(shops, 99)
    with pytest.raises(registry.TaxpayerUnknown):
        await registry.taxpayer_of_uscc(shops, "91350100M000100Y43")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"text": "丙"}, [3, 4]),
        ({"text": " 店 "}, [3, 4, 2, 1]),
        ({"text": "_"}, [1]),
        ({"text": "%"}, [2]),
        ({"text": "\\"}, [5]),
        ({"text": "ABC"}, [5]),
        ({"text": SHOPS[1].uscc}, [2]),
        ({"text": SHOPS[1].uscc[:4], "office_code": TIANHE}, [2]),
        ({"text": "ma000003"}, [3]),
        ({"text": "'; drop table registry_taxpayer; --"}, []),
        ({"text": "甲\x00"}, [1]),
        ({"office_code": "14401000000"}, [5, 3, 2, 1, 6]),
        ({"office_code": YUEXIU, "vat_kind": "general"}, [3]),
        ({"status": "closed"}, [4]),
        ({"ids": [4, 5, 99]}, [5, 4]),
        ({"ids": []}, []),
        ({"vat_kind": "none"}, [6]),
    ],
)
async def test_search(shops, asked, expected):
    found = await ids(shops, **asked)
    names = [shop.name for number in found for shop in SHOPS if shop.taxpayer_id == number]
    assert sorted(found) == sorted(expected)
    assert names == sorted(names)


@pytest.mark.parametrize("sort", ["name", "-name", "uscc", "-uscc", "registered_on", "-registered_on"])
@pytest.mark.parametrize("limit", [1, 2, 5, 6, 7])
async def test_pages_hold_everybody_once_in_order(shops, sort, limit):
    seen, cursor = [], None
    while True:
        found, cursor, total = await registry.search(shops, sort=sort, limit=limit, cursor=cursor)
        assert total == 6
        assert len(found) <= limit
        seen += found
        if cursor is None:
            break
    key = {"name": lambda t: t.name, "uscc": lambda t: t.uscc or "", "registered_on": lambda t: t.registered_on}
    of = key[sort.removeprefix("-")]
    assert seen == sorted(SHOPS, key=lambda t: (of(t), t.taxpayer_id), reverse=sort.startswith("-"))


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "!!!!",
        "é",
        base64.urlsafe_b64encode(b'["uscc","a",1]').decode(),
        base64.urlsafe_b64encode(b'["name","a"]').decode(),
        base64.urlsafe_b64encode(b'["name","a",99999999999999999999]').decode(),
        base64.urlsafe_b64encode(b'{"a":1}').decode(),
        base64.urlsafe_b64encode(b'["name","\\u0000",1]').decode(),
    ],
)
async def test_an_invented_page_mark_is_refused(shops, cursor):
    with pytest.raises(registry.CursorWrong):
        await registry.search(shops, cursor=cursor)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=30))
async def test_any_text_may_be_searched(shops, text):
    found, _, _ = await registry.search(shops, text=text)
    bare = text.strip().replace("\x00", "")
    assert {t.taxpayer_id for t in found} == {
        t.taxpayer_id for t in SHOPS if bare in t.name or bare.upper() in (t.uscc or "")
    }


async def test_the_total_stops_at_a_thousand(tx):
    await load(tx, *(make_taxpayer(number) for number in range(1, 1202)))
    found, cursor, total = await registry.search(tx, limit=10_000)
    assert (len(found), total) == (200, 1000)
    assert cursor is not None


async def test_a_code_belongs_to_one_taxpayer(tx):
    await load(tx, SHOPS[0])
    with pytest.raises(asyncpg.UniqueViolationError):
        await registry.load_taxpayers(tx, [make_taxpayer(77, uscc=SHOPS[0].uscc)])


async def test_an_unknown_office_is_refused_by_the_table(tx):
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await registry.load_taxpayers(tx, [SHOPS[0]])


async def token(database, clock, *hats):
    async with database.transaction() as tx:
        await load(tx, SHOPS[0])
        people = [identity.NewPerson(1, "张三", "13800000001")]
        await identity.load_people(tx, clock=clock, people=people, hats=hats)
        signed = await identity.open_session(
            tx, clock=clock, person_id=1, device=identity.Device("t", "h5"), way="sms", request_id="r"
        )
    return {"authorization": f"Bearer {signed.access_token}"}


async def test_one_reads_the_own_taxpayer(client, database, clock):
    headers = await token(database, clock, identity.NewHat(1, "legal_rep", "甲店", taxpayer_id=1))
    answer = await client.get("/api/registry/taxpayer", headers=headers)
    assert answer.status_code == 200
    assert answer.json() == {
        "taxpayer_id": 1,
        "name": "甲_店",
        "uscc": SHOPS[0].uscc,
        "kind": "individual_business",
        "vat_kind": "small_scale",
        "filing_period": "quarter",
        "place_kind": "city",
        "is_half_relief": True,
        "industry": "6210",
        "address": "广州市越秀区北京路1号",
        "office_code": YUEXIU,
        "office_name": OFFICES[0].name,
        "registered_on": "2020-01-01",
        "status": "normal",
    }


@pytest.mark.parametrize(
    ("hats", "status", "code"),
    [
        ([identity.NewHat(1, "hall_clerk", "局", office_code=YUEXIU)], 403, "plumbing.hat_needed"),
        ([identity.NewHat(1, "self", "")], 404, "registry.taxpayer_unknown"),
        ([], 403, "plumbing.hat_needed"),
        ([identity.NewHat(1, "tax_clerk", "x", taxpayer_id=1, scopes=frozenset())], 403, "plumbing.not_allowed"),
        ([identity.NewHat(1, "legal_rep", "x", taxpayer_id=999)], 404, "registry.taxpayer_unknown"),
    ],
)
async def test_others_do_not(client, database, clock, hats, status, code):
    answer = await client.get("/api/registry/taxpayer", headers=await token(database, clock, *hats))
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_nobody_reads_without_a_session(client):
    assert (await client.get("/api/registry/taxpayer")).status_code == 401
