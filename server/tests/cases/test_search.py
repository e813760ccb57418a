"""An officer finds the taxpayers of their own branch, and nobody else's."""

from __future__ import annotations

import pytest
from cases.make import CITY, EAST, NOBODYS, NORTH, NORTH_HALL, OTHER_CITY, OWNER, PROVINCE, SHOPS, make_shop
from filing.make import Caller

from palmtax import identity
from palmtax.base.identifiers import mask_phone
from palmtax.identity.model.tokens import Device

EVERY = ["returns", "drafts", "orders", "ledger", "timeline", ""]


async def names(who, **query):
    page = await who.ok("GET", "/cases/taxpayers", params=query)
    return [hit["name"] for hit in page["hits"]]


@pytest.mark.parametrize(
    ("office", "seen"),
    [
        (PROVINCE, {9001, 9002, 9003, 9004, 9005, 9006}),
        (CITY, {9001, 9002, 9003, 9005, 9006}),
        (NORTH, {9001, 9002, 9006}),
        (NORTH_HALL, {9002}),
        (EAST, {9003}),
        (OTHER_CITY, {9004}),
    ],
)
async def test_an_officer_sees_their_branch_and_nothing_beside_it(desk, office, seen):
    who = await desk(office)
    page = await who.ok("GET", "/cases/taxpayers")
    assert ({h["taxpayer_id"] for h in page["hits"]}, page["total"]) == (seen, len(seen))
    for number in SHOPS:
        for part in EVERY:
            answer = await who("GET", f"/cases/taxpayers/{number}/{part}".rstrip("/"))
            assert answer.status_code == (200 if number in seen else 404), (number, part)
            if number not in seen:
                assert answer.json()["code"] == "registry.taxpayer_unknown"


async def test_a_stranger_and_a_taxpayer_of_another_branch_look_the_same(desk):
    who = await desk(NORTH)
    hidden, missing = await who("GET", "/cases/taxpayers/9003"), await who("GET", "/cases/taxpayers/123456")
    assert {k: v for k, v in hidden.json().items() if k != "trace_id"} == {
        k: v for k, v in missing.json().items() if k != "trace_id"
    }


async def test_a_phone_leads_only_to_taxpayers_of_the_branch(desk):
    """The owner's phone belongs to shops of two districts."""
    phone = f"15400000{OWNER:03d}"
    for asked in (phone, mask_phone(phone)):
        assert await names(await desk(NORTH), q=asked) == ["北山面馆"]
        assert await names(await desk(EAST), q=asked) == ["东湖面馆"]
        assert await names(await desk(OTHER_CITY), q=asked) == []
        assert await names(await desk(CITY), q=asked) == ["东湖面馆", "北山面馆"]


async def test_an_officer_without_an_office_sees_nobody(town, client, database, clock):
    async with database.transaction() as tx:
        signed = await identity.open_session(
            tx, clock=clock, person_id=NOBODYS, device=Device("screen", "workbench"), way="sms", request_id="test"
        )
    who = Caller(client, signed.access_token, "workbench")
    page = await who.ok("GET", "/cases/taxpayers")
    assert (page["hits"], page["total"]) == ([], 0)
    await who.refused(404, "registry.taxpayer_unknown", "GET", "/cases/taxpayers/9001")


async def test_text_is_taken_literally(desk):
    who = await desk(NORTH)
    assert await names(who, q="%") == ["百分%之_店\\"]
    assert await names(who, q="_") == ["百分%之_店\\"]
    assert await names(who, q="\\") == ["百分%之_店\\"]
    assert await names(who, q="面馆' or 1=1 --") == []
    assert await names(who, q="  北山面馆  ") == ["北山面馆"]
    assert await names(who, q="面馆") == ["北山面馆"]
    assert await names(who, q="\x00") == await names(who)
    assert await names(who, q="🍜") == []


async def test_filters_narrow_and_an_unknown_value_finds_nobody(desk):
    who = await desk(PROVINCE)
    assert await names(who, vat_kind="general") == ["临岸面馆"]
    assert await names(who, status="suspended") == ["临岸面馆"]
    assert await names(who, vat_kind="small_scale", status="suspended") == []
    assert await names(who, status="no such state") == []


@pytest.mark.parametrize("sort", ["name", "-name", "uscc", "-uscc", "registered_on", "-registered_on"])
async def test_pages_hold_everybody_once_in_every_order(desk, sort):
    who, seen, cursor = await desk(PROVINCE), [], None
    whole = await who.ok("GET", "/cases/taxpayers", params={"sort": sort, "limit": 100})
    while True:
        query = {"sort": sort, "limit": 2} | ({"cursor": cursor} if cursor else {})
        page = await who.ok("GET", "/cases/taxpayers", params=query)
        seen += page["hits"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == whole["hits"]
    assert len(seen) == len(SHOPS)


async def test_the_mark_of_another_order_is_refused(desk):
    who = await desk(PROVINCE)
    page = await who.ok("GET", "/cases/taxpayers", params={"limit": 1})
    for query in ({"sort": "uscc", "cursor": page["next_cursor"]}, {"cursor": "x"}, {"cursor": "e30"}, {"cursor": "é"}):
        await who.refused(422, "registry.cursor_wrong", "GET", "/cases/taxpayers", params=query)


async def test_what_is_overdue_is_counted(desk, clock):
    who = await desk(NORTH)
    page = await who.ok("GET", "/cases/taxpayers", params={"q": "北山面馆"})
    [hit] = page["hits"]
    # registered 2026-04-01; on 2026-11-23 the second and the third quarter are overdue
    assert (hit["overdue_returns"], hit["owed_fen"]) == (2, 0)
    assert hit["contact_phone_masked"] == mask_phone(f"15400000{OWNER:03d}")
    assert "沈800" not in str(page)
    file = await who.ok("GET", "/cases/taxpayers/9001")
    assert (file["overdue_returns"], file["taxpayer"]["uscc"]) == (2, make_shop(9001).uscc)
