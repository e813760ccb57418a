# ruff: noqa: F811 the fixtures of the neighbours are parameters here
"""Attacks on sessions and on signing in through platforms, each tried and refused; `docs/security.md` lists them."""

from __future__ import annotations

import pytest
from conftest import application
from identity.make import BOSS, OFFICER, PHONE_DEVICE, PHONES, acts, picture, sign_in
from identity.test_chats import CORP, chat  # noqa: F401 fixture
from identity.test_http_oauth import APP, HOME, account  # noqa: F401 fixture

from palmtax import identity

EVIL = "https://evil.example"
BEGINNINGS = [
    ("/api/identity/oauth", {"account": "wechat_oa", "place": HOME}),
    ("/api/identity/chat-oauth", {"chat": "gov_wechat", "page": "/tasks"}),
    ("/api/identity/chat-oauth", {"chat": "wecom", "page": "/tasks"}),
]
pytestmark = pytest.mark.usefixtures("town")


@pytest.fixture
async def boss(client, sms):
    return await sign_in(client, sms, PHONES[BOSS])


@pytest.mark.parametrize(("path", "told"), BEGINNINGS)
async def test_the_way_back_is_not_taken_from_what_the_caller_says_of_us(path, told, client, account, chat):
    claims = {
        "host": "evil.example", "x-forwarded-host": "evil.example", "x-forwarded-proto": "https", "origin": EVIL,
        "forwarded": "host=evil.example", "referer": f"{EVIL}/", "x-original-url": f"{EVIL}/",
    }  # fmt: skip
    answer = await client.post(path, json=told, headers=claims)
    assert answer.status_code == 200, answer.text
    assert "back=http://127.0.0.1:8000/" in answer.json()["address"]
    assert "evil" not in answer.text + str(answer.headers)
    for name in ("redirect_uri", "way_back", "next"):
        smuggled = await client.post(path, json=told | {name: EVIL})
        assert smuggled.json()["code"] == "plumbing.malformed"


async def state_of(client, path, told):
    return (await client.post(path, json=told)).json()["address"].partition("state=")[2]


async def test_a_state_of_one_door_opens_no_other(client, account, chat, database, clock):
    async with database.transaction() as tx:
        for person, family, app_id, value in ((BOSS, "wechat_oa", APP, "o1"), (OFFICER, "gov_wechat", CORP, "gu")):
            await identity.bind(
                tx, clock=clock, person_id=person, family=family, app_id=app_id, value=value, proof="oauth"
            )
    follower, officer = [await state_of(client, *one) for one in BEGINNINGS[:2]]
    for state, path in ((follower, "/api/identity/sessions/chat-oauth"), (officer, "/api/identity/sessions/oauth")):
        told = {"state": state, "code": f"{APP}:o1"}
        answer = await client.post(path, json=told if "chat" in path else told | {"device": PHONE_DEVICE})
        assert answer.json()["code"] == "identity.account_unknown", answer.text
        again = await client.post(path, json=told if "chat" in path else told | {"device": PHONE_DEVICE})
        assert again.json()["code"] == "identity.oauth_stale", "the try has spent it"
    assert account.spent == chat.spent == set(), "no code was handed to the wrong platform"
    assert "identity.signed_in" not in await acts(database)


@pytest.mark.parametrize("name", ["access_token", "token", "authorization", "session", "Authorization"])
async def test_a_token_in_an_address_a_body_or_a_cookie_is_none(name, boss, client):
    token = boss.session["access_token"]
    for asked in (
        client.build_request("GET", "/api/identity/me", params={name: token}),
        client.build_request("GET", "/api/identity/me", params={name: f"Bearer {token}"}),
        client.build_request("GET", "/api/identity/me", cookies={name: token}),
        client.build_request("GET", "/api/identity/me", headers={f"x-{name}": f"Bearer {token}"}),
        client.build_request("GET", "/api/identity/me", headers={"authorization": f"Basic {token}"}),
        client.build_request("GET", "/api/identity/me", headers={"authorization": token}),
        client.build_request("POST", "/api/identity/sessions/end", data={name: token}),
    ):
        answer = await client.send(asked)
        assert answer.status_code in (401, 404, 405), (answer.status_code, answer.text)
    assert (await boss("GET", "/me")).status_code == 200


async def test_of_two_authorisation_headers_none_counts(boss, client):
    good, bad = f"Bearer {boss.session['access_token']}", "Bearer x"
    for pair in ((good, bad), (bad, good), (good, good)):
        answer = await client.get("/api/identity/me", headers=[("authorization", one) for one in pair])
        assert (answer.status_code, answer.json()["code"]) == (401, "plumbing.sign_in_needed")
    assert (await client.get("/api/identity/me", headers={"authorization": good})).status_code == 200


FORMS = [
    {"content": b'{"phone":"13800000099"}', "headers": {"content-type": "text/plain"}},
    {"data": {"phone": "13800000099"}},
    {"files": {"phone": b"13800000099"}},
]


@pytest.mark.parametrize("form", FORMS, ids=["plain", "form", "multipart"])
async def test_a_form_of_another_site_does_nothing_with_my_browser(form, boss, client, account, database):
    await client.post("/api/identity/oauth", json={"account": "wechat_oa", "place": HOME})
    assert set(client.cookies) == {"palmtax_browser"}, "the one cookie there is; it says which browser, not who"
    before = await picture(database)
    told = dict(form)
    headers = {"origin": EVIL, "sec-fetch-site": "cross-site", **told.pop("headers", {})}
    for path in ("/oauth/binding", "/push-subscriptions", "/hat", "/merges", "/mail-codes", "/second-factor"):
        answer = await client.post(f"/api/identity{path}", headers=headers, **told)
        assert answer.status_code in (401, 404), (path, answer.text)
    assert await picture(database) == before


async def test_no_other_site_may_ask_or_read(house, client):
    """Every route of ours, asked as a browser asks before a page of another site calls it."""
    headers = {"origin": EVIL, "access-control-request-headers": "authorization,content-type"}
    asked = application(house).openapi()["paths"]
    assert len(asked) > 200
    for path, methods in asked.items():
        for method in methods:
            answer = await client.options(path, headers=headers | {"access-control-request-method": method.upper()})
            assert answer.status_code in (404, 405), path
            assert not [name for name in answer.headers if name.startswith("access-control-")], path


async def test_signing_in_sets_no_cookie(client, sms):
    asked = await client.post("/api/identity/sms-codes", json={"phone": PHONES[BOSS]})
    told = {"phone": PHONES[BOSS], "code": sms.code, "device": PHONE_DEVICE}
    signed = await client.post("/api/identity/sessions/sms", json=told)
    renewed = await client.post(
        "/api/identity/sessions/refresh", json={"refresh_token": signed.json()["refresh_token"]}
    )
    for answer in (asked, signed, renewed):
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
