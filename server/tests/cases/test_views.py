"""Saved views are an officer's own."""

from __future__ import annotations

import pytest
from cases.make import EAST, NORTH

VIEW = {
    "name": "欠税的面馆",
    "query": "面馆",
    "filters": {"status": "normal"},
    "columns": ["name", "owed_fen"],
    "sort": "-name",
}


async def test_a_view_is_kept_changed_and_dropped(desk):
    who = await desk()
    kept = await who.ok("POST", "/cases/views", VIEW)
    assert {k: v for k, v in kept.items() if k != "view_id"} == VIEW
    assert await who.ok("GET", "/cases/views") == [kept]
    changed = await who.ok("PUT", f"/cases/views/{kept['view_id']}", VIEW | {"name": "改名", "filters": {}})
    assert await who.ok("GET", "/cases/views") == [changed]
    answer = await who("DELETE", f"/cases/views/{kept['view_id']}")
    assert answer.status_code == 204
    assert await who.ok("GET", "/cases/views") == []
    await who.refused(404, "cases.view_unknown", "DELETE", f"/cases/views/{kept['view_id']}")
    await who.refused(404, "cases.view_unknown", "PUT", f"/cases/views/{kept['view_id']}", VIEW)


async def test_a_name_is_taken_once_by_each_officer(desk):
    who, other = await desk(NORTH), await desk(EAST)
    first = await who.ok("POST", "/cases/views", VIEW)
    told = await who.refused(409, "cases.view_name_taken", "POST", "/cases/views", VIEW)
    assert VIEW["name"] in told["text"]
    second = await who.ok("POST", "/cases/views", VIEW | {"name": "另一个"})
    await who.refused(409, "cases.view_name_taken", "PUT", f"/cases/views/{second['view_id']}", VIEW)
    await who.ok("PUT", f"/cases/views/{first['view_id']}", VIEW)
    await other.ok("POST", "/cases/views", VIEW)
    assert len(await who.ok("GET", "/cases/views")) == 2


async def test_nobody_reaches_anothers_view(desk):
    who, other = await desk(NORTH), await desk(EAST)
    kept = await who.ok("POST", "/cases/views", VIEW)
    assert await other.ok("GET", "/cases/views") == []
    await other.refused(404, "cases.view_unknown", "PUT", f"/cases/views/{kept['view_id']}", VIEW | {"name": "x"})
    await other.refused(404, "cases.view_unknown", "DELETE", f"/cases/views/{kept['view_id']}")
    assert await who.ok("GET", "/cases/views") == [kept]


async def test_fifty_views_are_enough(desk):
    who = await desk()
    for n in range(50):
        await who.ok("POST", "/cases/views", VIEW | {"name": f"视图{n:02d}"})
    told = await who.refused(409, "cases.too_many_views", "POST", "/cases/views", VIEW)
    assert told["fields"] == {"limit": 50}
    assert len(await who.ok("GET", "/cases/views")) == 50


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""}, {"name": "x" * 41}, {"query": "x" * 101}, {"columns": ["x"] * 21}, {"columns": "name"}, {"sort": "x" * 41},
        {"filters": {"a": 1}}, {"filters": []}, {"other": 1}, {"name": None}, {"name": "a\x00b"}, {"filters": {"a\x00": "b"}},
        {"filters": {f"k{n}": "v" for n in range(200)}}, {"filters": {"k": "v" * 5000}}, {"columns": ["x" * 5000]},
    ],
)  # fmt: skip
async def test_a_malformed_view_is_refused_and_nothing_is_kept(desk, wrong):
    who = await desk()
    await who.refused(422, "plumbing.malformed", "POST", "/cases/views", VIEW | wrong)
    assert await who.ok("GET", "/cases/views") == []


@pytest.mark.parametrize("name", ["💰欠税", "a'b\"c;--", "𠮷野家", "<script>alert(1)</script>", "\u202e反"])
async def test_any_printable_name_comes_back_as_it_was(desk, name):
    who = await desk()
    await who.ok("POST", "/cases/views", VIEW | {"name": name})
    assert [v["name"] for v in await who.ok("GET", "/cases/views")] == [name]
