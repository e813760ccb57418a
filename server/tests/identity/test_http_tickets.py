"""QR sign-in of the workbench."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest
from identity.make import BOSS, OFFICER, PHONES, Somebody, acts, picture, sign_in


def refused(answer, status, code):
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


@pytest.fixture
async def officer(client, town, sms):
    return await sign_in(client, sms, PHONES[OFFICER])


@pytest.fixture
async def ticket(client, town):
    answer = await client.post("/api/identity/sign-in-tickets", headers={"user-agent": "Mozilla Chrome/130"})
    assert answer.status_code == 200
    return answer.json()


async def look(client, ticket, secret=None):
    path = f"/api/identity/sign-in-tickets/{ticket['ticket_id']}"
    return await client.get(path, params={"poll_secret": secret or ticket["poll_secret"]})


async def scan(who, ticket):
    return await who("POST", f"/sign-in-tickets/{ticket['ticket_id']}/scan")


async def answer(who, ticket, accept):
    return await who("POST", f"/sign-in-tickets/{ticket['ticket_id']}/answer", {"accept": accept})


async def test_scan_confirm_and_the_screen_is_signed_in_once(client, officer, ticket, database):
    assert ticket["ticket_id"] in ticket["qr_text"]
    assert ticket["poll_secret"] not in ticket["qr_text"]
    assert (await look(client, ticket)).json() == {"state": "waiting", "session": None}
    assert (await scan(officer, ticket)).json() == {"state": "scanned", "session": None}
    assert (await scan(officer, ticket)).json()["state"] == "scanned", "scanning again is no error"
    assert (await look(client, ticket)).json() == {"state": "scanned", "session": None}
    assert (await answer(officer, ticket, accept=True)).json() == {"state": "confirmed", "session": None}
    told = await look(client, ticket)
    assert told.json()["state"] == "confirmed"
    assert told.headers["cache-control"] == "no-store"
    desk = Somebody(client, told.json()["session"])
    assert desk.session["me"]["hat"]["role_code"] == "hall_clerk"
    devices = (await desk("GET", "/sessions")).json()
    assert [(one["name"], one["channel"]) for one in devices if one["is_current"]] == [("工作台 · Chrome", "workbench")]
    assert (await look(client, ticket)).json() == {"state": "confirmed", "session": None}
    assert await acts(database) == [
        "identity.signed_in",
        "identity.ticket_scanned",
        "identity.ticket_confirmed",
        "identity.signed_in",
    ]


async def test_two_polls_at_once_get_one_session(client, officer, ticket):
    await scan(officer, ticket)
    await answer(officer, ticket, accept=True)
    looks = await asyncio.gather(*(look(client, ticket) for _ in range(4)))
    assert [one.status_code for one in looks] == [200] * 4
    assert sum(one.json()["session"] is not None for one in looks) == 1


async def test_a_refused_ticket_signs_nobody_in(client, officer, ticket, database):
    await scan(officer, ticket)
    assert (await answer(officer, ticket, accept=False)).json()["state"] == "refused"
    before = await picture(database)
    assert (await look(client, ticket)).json() == {"state": "refused", "session": None}
    refused(await answer(officer, ticket, accept=True), 409, "identity.ticket_taken")
    refused(await scan(officer, ticket), 409, "identity.ticket_taken")
    assert await picture(database) == before


async def test_the_ticket_another_person_scanned_is_not_mine(client, officer, ticket, sms, database):
    boss = await sign_in(client, sms, PHONES[BOSS])
    await scan(officer, ticket)
    before = await picture(database)
    refused(await scan(boss, ticket), 409, "identity.ticket_taken")
    refused(await answer(boss, ticket, accept=True), 404, "identity.ticket_unknown")
    refused(await answer(boss, ticket, accept=False), 404, "identity.ticket_unknown")
    assert await picture(database) == before
    assert (await answer(officer, ticket, accept=True)).status_code == 200


async def test_a_ticket_must_be_scanned_before_it_is_answered(client, officer, ticket, database):
    before = await picture(database)
    refused(await answer(officer, ticket, accept=True), 404, "identity.ticket_unknown")
    assert await picture(database) == before


async def test_a_ticket_lasts_two_minutes(client, officer, ticket, clock, database):
    clock.move(seconds=119)
    assert (await scan(officer, ticket)).status_code == 200
    clock.move(seconds=1)
    before = await picture(database)
    assert (await look(client, ticket)).json()["state"] == "expired"
    refused(await answer(officer, ticket, accept=True), 409, "identity.ticket_expired")
    refused(await scan(officer, ticket), 409, "identity.ticket_expired")
    assert await picture(database) == before


async def test_a_ticket_confirmed_at_the_last_second_can_still_be_collected(client, officer, ticket, clock):
    await scan(officer, ticket)
    clock.move(seconds=119)
    assert (await answer(officer, ticket, accept=True)).status_code == 200
    clock.move(seconds=29)
    assert (await look(client, ticket)).json()["session"] is not None


async def test_a_confirmed_ticket_that_nobody_collects_lapses(client, officer, ticket, clock, database):
    await scan(officer, ticket)
    await answer(officer, ticket, accept=True)
    clock.move(seconds=120)
    before = await picture(database)
    assert (await look(client, ticket)).json() == {"state": "expired", "session": None}
    assert await picture(database) == before


async def test_only_the_screen_that_asked_can_look(client, officer, ticket, database):
    await scan(officer, ticket)
    await answer(officer, ticket, accept=True)
    before = await picture(database)
    refused(await look(client, ticket, "x" * 43), 404, "identity.ticket_unknown")
    refused(await look(client, {**ticket, "ticket_id": str(uuid4())}), 404, "identity.ticket_unknown")
    refused(await look(client, ticket, "short"), 422, "plumbing.malformed")
    refused(await scan(officer, {"ticket_id": str(uuid4())}), 404, "identity.ticket_unknown")
    assert await picture(database) == before


async def test_scanning_needs_a_session(client, ticket, database):
    before = await picture(database)
    for act in ("scan", "answer"):
        told = await client.post(f"/api/identity/sign-in-tickets/{ticket['ticket_id']}/{act}", json={"accept": True})
        refused(told, 401, "plumbing.sign_in_needed")
    assert await picture(database) == before
