"""Everything that is tried against the open platform and refused; each test is a line of docs/security.md."""

from __future__ import annotations

import asyncio
import dataclasses

import pytest
from channels.conftest import SECOND_KEYS
from complaints.make import KEYS
from filing.make import CLERK, NEIGHBOUR, OWNER, SHOP, STRANGER
from partners.make import (
    ALL,
    BACK,
    ISSUER,
    STATE,
    VERIFIER,
    challenge,
    members_of,
    particulars,
    registered,
    tokens_of,
    visit,
)

import house
from palmtax import identity
from palmtax.partners.actions import counting
from palmtax.partners.model.scopes import partner_scopes


async def _nothing_given(rows) -> None:
    assert await rows("select 1 from partners_consent") == []
    assert await rows("select 1 from partners_token") == []


@pytest.fixture
async def other(client, desk, live):
    """Another live application, with its own secret."""
    one = await registered(client, name="别家软件", redirect_uris=["https://other.example/back"])
    await one.developer("POST", "/review")
    for officer in (KEYS, SECOND_KEYS):
        await (await desk(officer)).ok("POST", f"/partners/desk/applications/{one.application_id}/approval")
    return one


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": VERIFIER + "="}, "invalid_request"),
        ({"state": ""}, "invalid_request"),
        ({"state": "short"}, "invalid_request"),
        ({"state": "with\r\nset-cookie: a=b"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"scope": ""}, "invalid_scope"),
        ({"scope": "returns.due filing.submit"}, "invalid_scope"),
        ({"scope": "matters.find"}, "invalid_scope"),
        ({"resource": "https://elsewhere.example/"}, "invalid_target"),
    ],
)
async def test_a_request_that_is_not_whole_goes_back_with_its_error(live, rows, change, error):
    answer = await live.authorise(**change)
    assert answer.status_code == 303
    assert "\n" not in answer.headers["location"]
    back = members_of(answer.headers["location"])
    assert answer.headers["location"].startswith(BACK + "?")
    assert (back["error"], back["iss"], back.get("state")) == (error, ISSUER, change.get("state", STATE) or None)
    assert "set-cookie" not in answer.headers
    assert await rows("select 1 from partners_ask") == []


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/back", BACK + "/", BACK + "?x=1", BACK + "#x", BACK + "/../back", BACK.upper(), "//evil.example/back",
        "https://bank.example@evil.example/back", "javascript:alert(1)", "",
    ],
)  # fmt: skip
async def test_nobody_is_sent_to_an_address_that_is_not_the_applications(live, rows, address):
    answer = await live.authorise(redirect_uri=address)
    assert (answer.status_code, answer.json()["code"]) == (400, "partners.request_wrong")
    assert "location" not in answer.headers
    assert await rows("select 1 from partners_ask") == []


async def test_an_unknown_client_sends_nobody_anywhere(live):
    answer = await live.authorise(client_id="pa_nobody")
    assert (answer.status_code, "location" in answer.headers) == (401, False)


async def test_a_parameter_given_twice_is_refused(live, client):
    query = "&".join(f"{name}={value}" for name, value in live.wish().items())
    answer = await client.get(f"/oauth/authorize?{query}&redirect_uri=https://evil.example/")
    assert (answer.status_code, answer.json()["code"]) == (400, "partners.request_wrong")
    body = "grant_type=client_credentials&grant_type=authorization_code"
    twice = await client.post(
        "/oauth/token", content=body, auth=(live.client_id, live.secret),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )  # fmt: skip
    assert (twice.status_code, twice.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://bank.example/back", "scheme"), ("https://bank.example/back#x", "fragment"), ("https://a:b@bank.example/", "host"),
        ("https://bank.example/ back", "characters"), ("https://*.bank.example/back", "characters"), ("myapp://callback", "scheme"),
        ("javascript:alert(1)", "host"), ("https:///back", "host"), ("https://bank.example:99999/", "form"),
    ],
)  # fmt: skip
async def test_a_dangerous_redirect_address_is_not_registered(client, town, rows, address, why):
    answer = await client.post("/oauth/register", json=particulars(redirect_uris=[address]))
    assert (answer.status_code, answer.json()["code"], answer.json()["fields"]["why"]) == (
        422,
        "partners.redirect_wrong",
        why,
    )
    assert await rows("select 1 from partners_application") == []


async def test_a_code_works_once_and_its_second_use_ends_what_it_gave(live, wearing, rows):
    code = members_of(await (await visit(live)).agree(await wearing()))["code"]
    tokens = (await live.by_code(code)).json()
    assert (await live.read(tokens["access_token"], "/returns/due")).status_code == 200
    again = await live.by_code(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert (await live.read(tokens["access_token"], "/returns/due")).status_code == 401
    assert (await live.by_refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"
    assert [one["act"] for one in await rows("select act from evidence_entry where act = 'partners.token_reused'")] == [
        "partners.token_reused"
    ]


async def test_of_two_uses_of_a_code_at_once_none_gets_lasting_tokens(live, wearing):
    code = members_of(await (await visit(live)).agree(await wearing()))["code"]
    answers = await asyncio.gather(*(live.by_code(code) for _ in range(4)))
    won = [one.json()["access_token"] for one in answers if one.status_code == 200]
    assert len(won) == 1
    assert (await live.read(won[0], "/returns/due")).status_code == 401


async def test_a_code_is_over_after_a_minute(live, wearing, clock):
    code = members_of(await (await visit(live)).agree(await wearing()))["code"]
    clock.move(seconds=61)
    assert (await live.by_code(code)).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"code_verifier": "x" * 43}, "invalid_grant"),
        ({"code_verifier": challenge()}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_request"),
        ({"code_verifier": "short"}, "invalid_grant"),
        ({"redirect_uri": "https://bank.example/other"}, "invalid_grant"),
        ({"redirect_uri": ""}, "invalid_request"),
        ({"resource": "https://elsewhere.example/"}, "invalid_target"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": ""}, "invalid_request"),
    ],
)
async def test_a_code_alone_is_worth_nothing(live, wearing, rows, change, error):
    code = members_of(await (await visit(live)).agree(await wearing()))["code"]
    answer = await live.by_code(code, **change)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert await rows("select 1 from partners_token") == []


async def test_another_applications_code_and_tokens_are_refused(live, other, wearing, rows):
    code = members_of(await (await visit(live)).agree(await wearing()))["code"]
    assert (await other.by_code(code)).json()["error"] == "invalid_grant"
    tokens = (await live.by_code(code)).json()  # the thief has not spent it
    assert (await other.by_refresh(tokens["refresh_token"])).json()["error"] == "invalid_grant"
    assert (await other.post("introspect", {"token": tokens["access_token"]})).json() == {"active": False}
    assert (await other.post("revoke", {"token": tokens["refresh_token"]})).status_code == 200
    assert (await live.read(tokens["access_token"], "/returns/due")).status_code == 200  # nothing was revoked
    assert (await live.by_refresh(tokens["refresh_token"])).status_code == 200


async def test_a_stolen_refresh_token_ends_the_family(live, wearing):
    first = await tokens_of(live, await wearing())
    second = (await live.by_refresh(first["refresh_token"])).json()
    stolen = await live.by_refresh(first["refresh_token"])
    assert (stolen.status_code, stolen.json()["error"]) == (400, "invalid_grant")
    for token in (first["access_token"], second["access_token"]):
        assert (await live.read(token, "/returns/due")).status_code == 401
    assert (await live.by_refresh(second["refresh_token"])).json()["error"] == "invalid_grant"


async def test_a_refresh_token_does_not_widen(live, wearing):
    tokens = await tokens_of(live, await wearing(), scope="returns.due taxpayer.read")
    wide = await live.by_refresh(tokens["refresh_token"], scope="returns.due invoices.sums")
    assert wide.json()["error"] == "invalid_scope"


async def test_a_narrowed_token_may_only_what_it_says(live, wearing):
    tokens = await tokens_of(live, await wearing(), scope="returns.due taxpayer.read")
    narrow = (await live.by_refresh(tokens["refresh_token"], scope="taxpayer.read")).json()
    assert narrow["scope"] == "taxpayer.read"
    refused = await live.read(narrow["access_token"], "/returns/due")
    assert (refused.status_code, refused.json()["code"]) == (403, "partners.scope_needed")
    assert 'error="insufficient_scope", scope="returns.due"' in refused.headers["www-authenticate"]
    whole = (await live.by_refresh(narrow["refresh_token"])).json()
    assert whole["scope"] == "returns.due taxpayer.read"


async def test_a_client_gives_itself_no_persons_scope(live):
    answer = await live.post("token", {"grant_type": "client_credentials", "scope": "returns.due"})
    assert answer.json()["error"] == "invalid_scope"
    own = await live.own_token()
    assert (await live.read(own, "/returns/due")).status_code == 403


@pytest.mark.parametrize("way", ["wrong", "none", "both", "other_id", "bearer", "get"])
async def test_a_client_must_prove_itself_in_exactly_one_way(live, client, way):
    form = {"grant_type": "client_credentials"}
    more = {
        "wrong": {"auth": (live.client_id, "pts_wrong")},
        "none": {"auth": None},
        "both": {"data": form | {"client_id": live.client_id, "client_secret": live.secret}, "auth": (live.client_id, live.secret)},
        "other_id": {"data": form | {"client_id": "pa_other"}, "auth": (live.client_id, live.secret)},
        "bearer": {"headers": {"authorization": f"Bearer {live.secret}"}},
        "get": {"auth": (live.client_id, live.secret)},
    }[way]  # fmt: skip
    if way == "get":
        assert (await client.get("/oauth/token", params=form, **more)).status_code in (404, 405)
        return
    answer = await client.post("/oauth/token", **({"data": form} | more))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer.headers["www-authenticate"].startswith("Basic")


async def test_guessing_a_secret_gets_slow(live, client):
    answers = [
        (
            await client.post(
                "/oauth/token", data={"grant_type": "client_credentials"}, auth=(live.client_id, f"pts_{n}")
            )
        ).status_code
        for n in range(33)
    ]
    assert (answers.count(401), answers[-1]) == (30, 429)


async def test_a_consent_page_belongs_to_the_browser_that_was_sent(live, wearing, rows):
    owner = await wearing()
    place = await visit(live)
    path = f"/partners/asks/{place.request_id}"
    for cookie in ({}, {"cookie": "palmtax_ask=guessed"}):
        await owner.refused(404, "partners.ask_unknown", "GET", path, headers=cookie)
    page = await place.page(owner)
    body = {"ticket": page["ticket"], "scopes": ["returns.due"], "days": 1}
    await owner.refused(404, "partners.ask_unknown", "POST", f"{path}/approval", body)
    await _nothing_given(rows)


async def test_a_forged_or_foreign_answer_to_a_consent_is_refused(live, wearing, client, rows):
    owner, clerk = await wearing(), await wearing(CLERK)
    place = await visit(live)
    path = f"/partners/asks/{place.request_id}/approval"
    page = await place.page(owner)
    body = {"ticket": page["ticket"], "scopes": ["returns.due"], "days": 1}
    await owner.refused(404, "partners.ask_unknown", "POST", path, body | {"ticket": "guessed"}, headers=place.headers)
    await clerk.refused(404, "partners.ask_unknown", "POST", path, body, headers=place.headers)
    again = await wearing()  # another session of the same person
    await again.refused(404, "partners.ask_unknown", "POST", path, body, headers=place.headers)
    nobody = await client.post(f"/api{path}", json=body, headers=place.headers)
    assert nobody.status_code == 401
    form = await client.post(f"/api{path}", data=body, headers=place.headers)  # what a cross-site form can send
    assert form.status_code in (401, 422)
    await place.page(owner)  # a newer page: the older one's ticket is void
    await owner.refused(404, "partners.ask_unknown", "POST", path, body, headers=place.headers)
    await _nothing_given(rows)


async def test_a_request_is_answered_once_and_within_ten_minutes(live, wearing, clock):
    owner = await wearing()
    place = await visit(live)
    page = await place.page(owner)
    path = f"/partners/asks/{place.request_id}/approval"
    body = {"ticket": page["ticket"], "scopes": ["returns.due"], "days": 1}
    await owner.ok("POST", path, body, headers=place.headers)
    await owner.refused(409, "partners.ask_over", "POST", path, body, headers=place.headers)
    late = await visit(live)
    clock.move(minutes=11)
    await owner.refused(409, "partners.ask_over", "GET", f"/partners/asks/{late.request_id}", headers=late.headers)


async def test_more_than_was_asked_cannot_be_agreed_to(live, wearing, rows):
    owner = await wearing()
    place = await visit(live, scope="returns.due")
    page = await place.page(owner)
    path = f"/partners/asks/{place.request_id}/approval"
    body = {"ticket": page["ticket"], "scopes": ["returns.due", "invoices.sums"], "days": 1}
    await owner.refused(400, "partners.scope_too_wide", "POST", path, body, headers=place.headers)
    await owner.refused(422, "plumbing.malformed", "POST", path, body | {"days": 3650}, headers=place.headers)
    await _nothing_given(rows)


async def test_the_cookie_of_a_request_is_kept_from_scripts_and_other_sites(live):
    cookie = (await live.authorise()).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/api/partners/asks" in cookie


async def test_an_officer_cannot_agree(live, desk, rows):
    officer = await desk(KEYS)
    place = await visit(live)
    page = await place.page(officer)
    assert page["fits"] is False
    path = f"/partners/asks/{place.request_id}/approval"
    body = {"ticket": page["ticket"], "scopes": ["returns.due"], "days": 1}
    await officer.refused(403, "plumbing.hat_needed", "POST", path, body, headers=place.headers)
    await _nothing_given(rows)


async def test_tokens_of_one_world_open_no_door_of_the_other(live, wearing, client):
    owner = await wearing()
    tokens = await tokens_of(live, owner)
    for path in ("/api/filing/home", "/api/identity/me", "/api/partners/consents"):
        answer = await client.get(path, headers={"authorization": f"Bearer {tokens['access_token']}"})
        assert answer.status_code == 401
    assert (await live.read(owner.token, "/returns/due")).status_code == 401
    assert (await live.read(tokens["refresh_token"], "/returns/due")).status_code == 401
    assert (await live.read(tokens["access_token"][:-1], "/returns/due")).status_code == 401


async def test_two_authorisation_headers_are_refused_and_a_token_in_the_address_is_not_read(live, wearing, client):
    token = (await tokens_of(live, await wearing()))["access_token"]
    headers = [("authorization", f"Bearer {token}"), ("authorization", "Bearer pta_other")]
    twice = await client.get("/open/v1/returns/due", headers=headers)
    assert (twice.status_code, twice.json()["code"]) == (400, "partners.request_wrong")
    assert (await client.get("/open/v1/returns/due", params={"access_token": token})).status_code == 401
    shouting = await client.get(
        "/open/v1/returns/due", headers={"authorization": f"Bearer {token}", "x-channel": "workbench"}
    )
    assert shouting.status_code == 200


async def test_a_hat_that_is_gone_takes_its_consents_along(live, wearing, database, clock):
    clerk = await wearing(CLERK)
    token = (await tokens_of(live, clerk))["access_token"]
    assert (await live.read(token, "/returns/due")).status_code == 200
    async with database.transaction() as tx:
        await tx.execute(
            "update identity_hat set revoked_at = now() where person_id = $1 and taxpayer_id = $2", CLERK, SHOP
        )
    assert (await live.read(token, "/returns/due")).status_code == 401


async def test_one_taxpayers_token_reads_no_other(live, wearing):
    mine, theirs = await wearing(OWNER, SHOP), await wearing(STRANGER, NEIGHBOUR)
    tokens = [(await tokens_of(live, who))["access_token"] for who in (mine, theirs)]
    names = [(await live.read(token, "/taxpayer")).json()["name"] for token in tokens]
    assert names == [f"小满面馆{SHOP}", f"小满面馆{NEIGHBOUR}"]


async def test_a_consent_ends_on_its_day(live, wearing, clock):
    owner = await wearing()
    code = members_of(await (await visit(live)).agree(owner, days=1))["code"]
    tokens = (await live.by_code(code)).json()
    clock.move(hours=23, minutes=55)
    late = (await live.by_refresh(tokens["refresh_token"])).json()
    assert late["expires_in"] <= 300  # never longer than the consent
    clock.move(minutes=6)
    assert (await live.read(late["access_token"], "/returns/due")).status_code == 401
    assert (await live.by_refresh(late["refresh_token"])).json()["error"] == "invalid_grant"


async def test_the_tables_hold_no_secret_in_the_clear(live, wearing, database):
    tokens = await tokens_of(live, await wearing())
    async with database.statement() as tx:
        for table in ("partners_token", "partners_code", "partners_secret", "partners_application", "partners_ask"):
            whole = str([dict(row.items()) for row in await tx.fetch(f"select * from {table}")])
            for secret in (tokens["access_token"], tokens["refresh_token"], live.secret, "dev@books.example"):
                assert secret not in whole


async def test_a_token_that_was_given_back_is_over(live, wearing):
    tokens = await tokens_of(live, await wearing())
    seen = (await live.post("introspect", {"token": tokens["access_token"]})).json()
    assert (seen["active"], seen["client_id"], seen["aud"]) == (True, live.client_id, ISSUER + "/open/v1")
    assert (await live.post("revoke", {"token": tokens["access_token"]})).json() == {}
    assert (await live.read(tokens["access_token"], "/returns/due")).status_code == 401
    second = (await live.by_refresh(tokens["refresh_token"])).json()
    await live.post("revoke", {"token": second["refresh_token"]})
    assert (await live.read(second["access_token"], "/returns/due")).status_code == 401
    assert (await live.post("introspect", {"token": second["access_token"]})).json() == {"active": False}
    assert (await live.post("revoke", {"token": "ptr_unknown"})).status_code == 200


async def test_limits_are_told_and_kept(live, wearing, rows, monkeypatch):
    small = dict(partner_scopes())
    small["returns.due"] = dataclasses.replace(small["returns.due"], per_minute=3, per_day=5)
    monkeypatch.setattr(counting, "partner_scopes", lambda: small)
    token = (await tokens_of(live, await wearing()))["access_token"]
    first = await live.read(token, "/returns/due")
    assert (first.headers["ratelimit-limit"], first.headers["ratelimit-remaining"]) == ("5", "4")
    assert first.headers["ratelimit-policy"] == "5;w=86400, 3;w=60"
    for _ in range(2):
        await live.read(token, "/returns/due")
    fourth = await live.read(token, "/returns/due")
    assert (fourth.status_code, fourth.json()["code"], fourth.headers["ratelimit-remaining"]) == (
        429,
        "partners.quota_spent",
        "0",
    )
    assert int(fourth.headers["retry-after"]) >= 1
    small["returns.due"] = dataclasses.replace(small["returns.due"], per_minute=1000)
    assert [(await live.read(token, "/returns/due")).status_code for _ in range(3)] == [200, 200, 429]
    (kept,) = await rows(
        "select sum(calls)::int as calls, sum(refused)::int as refused from partners_usage where scope = $1",
        "returns.due",
    )
    assert kept == {"calls": 5, "refused": 2}


async def test_every_route_declares_a_scope_and_every_scope_has_a_route():
    surface = [r for r in house.routes() if r.path.startswith("/open/v1/") and r.include_in_schema]
    declared = {house.authorities(route)[0].scope for route in surface}
    assert declared == set(partner_scopes()) == {*ALL, "embed", "embed.pay"}
    assert {one.needs for one in partner_scopes().values()} - {None} <= set(identity.SCOPES)
    for one in partner_scopes().values():
        assert all((one.title, one.title_en, one.say, one.say_en))
        assert one.per_minute > 0 < one.per_day


@pytest.mark.parametrize(
    "body",
    [
        {}, particulars(scopes=["filing.submit"]), particulars(email="not an address"),
        particulars(email="a@b.example\r\nbcc: c@d.example"),
        particulars(name="x" * 41), particulars(extra=1), particulars(redirect_uris=[BACK] * 6), particulars(uscc="123"),
        particulars(scopes=[]), particulars(purpose=" "),
    ],
)  # fmt: skip
async def test_a_registration_that_is_not_whole_is_refused(client, town, rows, body):
    answer = await client.post("/oauth/register", json=body)
    assert answer.status_code in (400, 422)
    assert answer.json()["text"]
    assert await rows("select 1 from partners_application") == []
