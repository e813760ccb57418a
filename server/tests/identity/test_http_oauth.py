"""Signing in inside WeChat: silent for those we know, an ordinary sign-in once for others; everything else is refused."""

from __future__ import annotations

import asyncio

import pytest
from identity.make import BOSS, FINANCE, PHONE_DEVICE, PHONES, acts, picture, sign_in

from palmtax import identity
from palmtax.identity.adapters import WeChatIdentity
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable

APP, OTHER = "wxaccount", "wxother"
HOME = "/pages/home/index"
pytestmark = pytest.mark.usefixtures("town")


class FakeAccount:
    """An official account: codes are `openid` or `openid/unionid`, good once."""

    family = "wechat_oa"

    def __init__(self, app_id):
        self.app_id, self.spent, self.unions, self.fault = app_id, set(), {}, None

    def authorise_address(self, way_back, state):
        return f"https://wechat.example/{self.app_id}?back={way_back}&state={state}"

    async def sign_in(self, code):
        if self.fault:
            raise self.fault
        app_id, _, openid = code.partition(":")
        if app_id != self.app_id or code in self.spent:
            raise OutsideRefused("40029")
        self.spent.add(code)
        return WeChatIdentity(openid, None)

    async def unionid(self, openid):
        return self.unions.get(openid)


@pytest.fixture
def account(outside):
    accounts = {"wechat_oa": FakeAccount(APP), "wechat_oa_linan": FakeAccount(OTHER)}

    async def find(name):
        return accounts.get(name)

    outside["wechat_accounts"] = find
    return accounts["wechat_oa"]


@pytest.fixture
def bound(database, clock):
    async def bind(openid="o1", person_id=BOSS, unionid=None, family="wechat_oa", app_id=APP):
        async with database.transaction() as tx:
            await identity.bind(
                tx, clock=clock, person_id=person_id, family=family, app_id=app_id, value=openid, unionid=unionid,
                proof="oauth",
            )  # fmt: skip

    return bind


async def begin(client, account="wechat_oa", place=HOME, whose=""):
    answer = await client.post("/api/identity/oauth", json={"account": account, "place": place, "whose": whose})
    assert answer.status_code == 200, answer.text
    return answer.json()["address"].partition("state=")[2]


async def back(client, state, code=f"{APP}:o1", **more):
    told = {"state": state, "code": code, "device": PHONE_DEVICE}
    return await client.post("/api/identity/sessions/oauth", json=told, **more)


def refused(answer, status, code):
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def test_somebody_we_know_is_signed_in_without_typing_and_told_where_to_go(client, account, bound, database):
    await bound()
    answer = await back(client, await begin(client, place="/matters/application/index?id=7", whose="71"))
    told = answer.json()
    assert (told["place"], told["whose"]) == ("/matters/application/index?id=7", "71")
    assert told["session"]["me"]["person"]["person_id"] == BOSS
    me = await client.get("/api/identity/me", headers={"authorization": f"Bearer {told['session']['access_token']}"})
    assert me.json() == told["session"]["me"]
    assert (await acts(database)).count("identity.signed_in") == 1


async def test_the_way_back_is_our_own_and_the_cookie_cannot_be_read_by_pages(client, account):
    answer = await client.post("/api/identity/oauth", json={"account": "wechat_oa", "place": HOME})
    assert "back=http://127.0.0.1:8000/&" in answer.json()["address"]
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/api/identity" in cookie


@pytest.mark.parametrize(
    "place",
    ["https://evil.example/", "//evil.example/a", "/\\evil.example/a", "/a/b#c", "/a/b?x=<script>", "javascript:x", "/one", "",
     "/a/" + "b" * 500],
)  # fmt: skip
async def test_only_pages_of_ours_may_follow(place, client, account, database):
    before = await picture(database)
    answer = await client.post("/api/identity/oauth", json={"account": "wechat_oa", "place": place})
    refused(answer, 422, "plumbing.malformed")
    assert await picture(database) == before


async def test_a_state_is_good_once_even_for_two_at_the_same_moment(client, account, bound):
    await bound()
    state = await begin(client)
    answers = await asyncio.gather(*(back(client, state, f"{APP}:o1") for _ in range(6)))
    assert sorted(one.status_code for one in answers) == [200, 409, 409, 409, 409, 409]


async def test_a_state_is_good_for_five_minutes(client, account, bound, clock):
    await bound()
    state = await begin(client)
    clock.move(seconds=300)
    refused(await back(client, state), 409, "identity.oauth_stale")
    assert account.spent == set()


async def test_another_browser_can_do_nothing_with_a_link_that_was_sent_to_it(client, account, bound, database):
    await bound()
    state = await begin(client)
    cookies = dict(client.cookies)
    client.cookies.clear()
    before = await picture(database)
    refused(await back(client, state), 409, "identity.oauth_stale")
    client.cookies.set("palmtax_browser", "x" * 32, path="/api/identity")
    refused(await back(client, state), 409, "identity.oauth_stale")
    assert await picture(database) == before
    client.cookies.clear()
    client.cookies.update(cookies)
    assert (await back(client, state)).status_code == 200


async def test_a_code_of_another_account_fails_at_the_account_that_the_state_names(client, account, bound):
    await bound("o1", app_id=OTHER)
    refused(await back(client, await begin(client), f"{OTHER}:o1"), 409, "identity.wechat_code_refused")


async def test_an_openid_of_another_account_is_nobody_here(client, account, bound):
    await bound("o1", app_id=OTHER)
    assert (await back(client, await begin(client))).json()["session"] is None


async def test_somebody_known_by_unionid_is_signed_in_and_can_be_written_to_by_this_account(
    client, account, bound, database
):
    await bound("m1", unionid="u1", family="wechat_mini", app_id="wxmini")
    account.unions["o1"] = "u1"
    assert (await back(client, await begin(client))).json()["session"]["me"]["person"]["person_id"] == BOSS
    async with database.statement() as tx:
        found = await identity.addresses(tx, [BOSS], ["wechat_oa"])
    assert [(one.app_id, one.value, one.proof) for one in found] == [(APP, "o1", "oauth")]


async def test_a_stranger_signs_in_the_ordinary_way_and_is_bound_then(client, account, sms, database):
    state = await begin(client)
    assert (await back(client, state)).json() == {"session": None, "place": HOME, "whose": ""}
    boss = await sign_in(client, sms, PHONES[BOSS])
    told = {"state": state}
    assert (await boss("POST", "/oauth/binding", told)).status_code == 204
    refused(await boss("POST", "/oauth/binding", told), 409, "identity.oauth_stale")
    assert (await acts(database)).count("identity.address_bound") == 1
    assert (await back(client, await begin(client), f"{APP}:o1")).status_code in (200, 409)
    account.spent.clear()
    assert (await back(client, await begin(client))).json()["session"]["me"]["person"]["person_id"] == BOSS


async def test_binding_wants_the_same_browser_a_session_and_a_quarter_of_an_hour(client, account, sms, clock, database):
    state = await begin(client)
    await back(client, state)
    refused(await client.post("/api/identity/oauth/binding", json={"state": state}), 401, "plumbing.sign_in_needed")
    boss = await sign_in(client, sms, PHONES[BOSS])
    cookies = dict(client.cookies)
    client.cookies.clear()
    before = await picture(database)
    refused(await boss("POST", "/oauth/binding", {"state": state}), 409, "identity.oauth_stale")
    client.cookies.update(cookies)
    clock.move(seconds=840)
    boss = await sign_in(client, sms, PHONES[BOSS])
    clock.move(seconds=60)
    refused(await boss("POST", "/oauth/binding", {"state": state}), 409, "identity.oauth_stale")
    assert before["identity_address"] == (await picture(database))["identity_address"]


async def test_a_wechat_that_is_somebodys_is_not_taken_from_them(client, account, bound, sms):
    state = await begin(client)
    await back(client, state)
    await bound("o1", person_id=FINANCE)
    boss = await sign_in(client, sms, PHONES[BOSS])
    refused(await boss("POST", "/oauth/binding", {"state": state}), 409, "identity.address_taken")


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [(OutsideUnavailable("transport"), 503, "identity.wechat_unavailable"), (OutsideRefused("40163"), 409, "identity.wechat_code_refused")],
)  # fmt: skip
async def test_what_wechat_refuses_or_does_not_answer_is_told_with_a_way_on(fault, status, code, client, account):
    account.fault = fault
    answer = await back(client, await begin(client))
    refused(answer, status, code)
    assert answer.json()["hint"]


async def test_without_such_an_account_nobody_is_sent_anywhere(client, outside):
    told = {"account": "wechat_moon", "place": HOME}
    refused(await client.post("/api/identity/oauth", json=told), 404, "identity.account_unknown")


async def test_openids_and_states_lie_sealed_and_go_when_they_are_over(client, account, database, clock, task_context):
    from palmtax.identity.tasks import forget_ended

    state = await begin(client)
    await back(client, state, f"{APP}:openid-in-the-clear")
    whole = str(await picture(database))
    for secret in (state, "openid-in-the-clear", b"openid-in-the-clear".hex()):
        assert secret not in whole
    clock.move(seconds=1300)
    await forget_ended(task_context, {})
    async with database.statement() as tx:
        assert await tx.fetch("select 1 from identity_oauth") == []
