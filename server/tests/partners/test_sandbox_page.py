"""The bank of the sandboxes: registers itself, has an invented taxpayer agree, gets addresses for its frame."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from filing.make import VILLAGE

from palmtax import partners
from sandboxes.ground import Options
from sandboxes.running import Running, running


@pytest.fixture
def house(house):
    """The house takes tokens of visits."""
    house.resolve_actor = partners.resolve_caller
    return house


@pytest.fixture
def bank(served, tmp_path) -> Iterator[Running]:
    """The sandboxes before a house that answers."""
    with running(Options(state_dir=tmp_path / "sandboxes", callback_base=served)) as one:
        yield one


async def _said(work: Callable[..., httpx.Response], path: str, **more) -> httpx.Response:
    """The house answers in this loop, so the sandboxes are asked from another thread."""
    return await asyncio.to_thread(work, f"/partner/sandbox/{path}", **more)


async def _embed(bank: Running, **wish) -> httpx.Response:
    return await _said(bank.post, "embeds", json={"taxpayer_id": VILLAGE, "screen": "certificates"} | wish)


async def test_the_bank_frames_a_screen_for_an_invented_taxpayer(bank, served, client, rows):
    listed = (await _said(bank.get, "taxpayers")).json()
    assert [one["taxpayer_id"] for one in listed["taxpayers"]] == [VILLAGE]
    assert listed["origin"] == bank.url
    made = await _embed(bank)
    assert made.status_code == 201, made.text
    parts = urlsplit(made.json()["url"])
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{served}/embed"
    given = {"client_id": dict(parse_qsl(parts.query))["app"], "ticket": parts.fragment}
    opened = (await client.post("/api/partners/embeds/opening", json=given)).json()
    assert (opened["screen"], opened["origins"], opened["hat"]["taxpayer_id"]) == ("certificates", [bank.url], VILLAGE)
    await _embed(bank, screen="appointment")
    (kept,) = await rows("select state, frame_origins from partners_application")
    assert (kept["state"], kept["frame_origins"]) == ("sandbox", [bank.url])
    assert len(await rows("select 1 from partners_consent")) == 1, "one consent for both"


async def test_two_asks_at_once_take_one_consent(bank, rows):
    """A second consent would end the first one's visit while its frame is still opening."""
    things = _said(bank.get, "things", params={"taxpayer_id": VILLAGE})
    looked, made = await asyncio.gather(things, _embed(bank))
    assert (looked.status_code, made.status_code) == (200, 201)
    assert len(await rows("select 1 from partners_consent")) == 1


async def test_what_the_house_refuses_is_said_in_its_words(bank):
    refused = await _embed(bank, screen="home")
    assert (refused.status_code, refused.json()["code"]) == (422, "partners.screen_unknown")
    assert "没有这个可内嵌的页面" in refused.json()["error"]
    for wish in ({"taxpayer_id": "1; drop"}, {"taxpayer_id": True}, {"subject": "../x"}):
        assert (await _embed(bank, **wish)).status_code == 422
    assert (await _embed(bank, taxpayer_id=1)).json()["code"] == "partners.sandbox_apart"


async def test_a_consent_that_was_taken_back_and_a_house_that_forgot_are_got_over(bank, database, rows):
    assert (await _embed(bank)).status_code == 201
    async with database.transaction() as tx:
        await tx.execute("update partners_consent set ended_at = now(), end_reason = 'taken_back'")
    assert (await _embed(bank)).status_code == 201
    async with database.transaction() as tx:
        await tx.execute("update partners_application set client_id = 'pa_gone'")
        await tx.execute("update partners_consent set ended_at = now(), end_reason = 'taken_back'")
    assert (await _embed(bank)).status_code == 201
    assert len(await rows("select 1 from partners_application")) == 2


def test_without_a_house_the_bank_says_so(tmp_path):
    with running(Options(state_dir=tmp_path / "alone")) as one:
        answer = one.get("/partner/sandbox/taxpayers")
        assert (answer.status_code, "--callback-base" in answer.json()["error"]) == (503, True)
        assert "合作方" in one.get("/").text
        assert one.get("/partner/sandbox/").status_code == 200
