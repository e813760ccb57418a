"""Signing in by SMS and WeChat, renewing, signing out."""

from __future__ import annotations

import asyncio

import pytest
from identity.make import (
    BOSS,
    FINANCE,
    OFFICER,
    PHONE_DEVICE,
    PHONES,
    Somebody,
    acts,
    picture,
    sign_in,
)

from palmtax import identity
from palmtax.identity.adapters import WeChatIdentity
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable

NEW = "13900000099"


async def ask(client, phone=PHONES[BOSS], purpose="sign_in"):
    return await client.post("/api/identity/sms-codes", json={"phone": phone, "purpose": purpose})


async def enter(client, code, phone=PHONES[BOSS]):
    return await client.post("/api/identity/sessions/sms", json={"phone": phone, "code": code, "device": PHONE_DEVICE})


async def renew(client, token):
    return await client.post("/api/identity/sessions/refresh", json={"refresh_token": token})


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


def refused(answer, status, code):
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.json()["text"]
    assert answer.json()["hint"]
    return answer.json()["fields"]


async def test_the_boss_signs_in_and_wears_the_hat_of_the_shop(client, town, sms, database):
    boss = await sign_in(client, sms, PHONES[BOSS])
    me = boss.session["me"]
    assert me["person"] == {
        "person_id": BOSS,
        "name": "王大福",
        "phone_masked": "138****0011",
        "is_real_name_checked": True,
    }
    assert me["hat"]["role_code"] == "legal_rep"
    assert [hat["role_code"] for hat in me["hats"]] == ["legal_rep", "self"]
    assert (await boss("GET", "/me")).json() == me
    assert await acts(database) == ["identity.signed_in"]
    assert sms.sent == [(PHONES[BOSS], "sign_in_code", {"code": sms.code, "minutes": "5"})]


async def test_known_and_unknown_phones_get_the_same_answer(client, town, sms):
    known, unknown = await ask(client), await ask(client, NEW)
    assert known.status_code == unknown.status_code == 200
    assert known.json() == unknown.json() == {"expires_in_seconds": 300, "resend_in_seconds": 60}


async def test_an_unknown_phone_that_proves_its_code_becomes_a_person_with_nothing_but_an_own_hat(client, town, sms):
    somebody = await sign_in(client, sms, NEW)
    me = somebody.session["me"]
    assert me["person"]["is_real_name_checked"] is False
    assert me["person"]["name"] == "139****0099"
    assert [(hat["kind"], hat["taxpayer_id"], hat["scopes"]) for hat in me["hats"]] == [("self", None, [])]
    assert me["hat"]["kind"] == "self"
    assert (await client.get("/api/registry/taxpayer", headers=bearer(somebody))).status_code == 403
    assert me["person"]["person_id"] < 2**53


def bearer(somebody):
    return {"authorization": f"Bearer {somebody.session['access_token']}"}


async def test_the_same_person_comes_back_by_phone(client, town, sms, clock):
    first = await sign_in(client, sms, NEW)
    clock.move(seconds=61)
    second = await sign_in(client, sms, NEW)
    assert first.session["me"]["person"] == second.session["me"]["person"]


async def test_phones_and_names_do_not_lie_open_in_the_database(client, town, sms, database):
    await sign_in(client, sms, NEW)
    whole = str(await picture(database))
    for secret in (NEW, PHONES[BOSS], NEW.encode().hex(), "王大福", "王大福".encode().hex(), sms.code.encode().hex()):
        assert secret not in whole


async def test_a_code_works_once(client, town, sms, database):
    await ask(client)
    assert (await enter(client, sms.code)).status_code == 200
    before = await picture(database)
    refused(await enter(client, sms.code), 409, "identity.code_stale")
    assert await picture(database) == before


async def test_a_code_lasts_five_minutes(client, town, sms, clock, database):
    await ask(client)
    clock.move(seconds=300)
    before = await picture(database)
    refused(await enter(client, sms.code), 409, "identity.code_stale")
    assert await picture(database) == before
    clock.move(seconds=-1)
    assert (await enter(client, sms.code)).status_code == 200


async def test_a_phone_that_never_asked_is_told_the_same_as_one_whose_code_expired(client, town, database):
    before = await picture(database)
    refused(await enter(client, "123456", NEW), 409, "identity.code_stale")
    assert await picture(database) == before


async def test_five_wrong_codes_lock_and_the_right_one_no_longer_opens(client, town, sms, clock, database):
    await ask(client)
    code = sms.code
    before = await picture(database, without="sms_code")
    for left in (4, 3, 2, 1):
        assert refused(await enter(client, wrong(code)), 409, "identity.code_wrong") == {"tries_left": left}
    assert refused(await enter(client, wrong(code)), 429, "identity.code_locked") == {"wait_seconds": 900}
    clock.move(seconds=61)
    refused(await enter(client, code), 429, "identity.code_locked")
    assert refused(await ask(client), 429, "identity.code_too_soon") == {"wait_seconds": 839}
    assert await picture(database, without="sms_code") == before
    clock.move(seconds=839)
    refused(await enter(client, code), 409, "identity.code_stale")
    assert (await ask(client)).status_code == 200
    assert (await enter(client, sms.code)).status_code == 200


async def test_a_wrong_try_does_not_spoil_the_right_one(client, town, sms):
    await ask(client)
    refused(await enter(client, wrong(sms.code)), 409, "identity.code_wrong")
    assert (await enter(client, sms.code)).status_code == 200


async def test_wrong_codes_at_once_are_all_counted(client, town, sms):
    await ask(client)
    answers = await asyncio.gather(*(enter(client, wrong(sms.code)) for _ in range(8)))
    told = sorted(answer.json()["code"] for answer in answers)
    assert told == ["identity.code_locked"] * 4 + ["identity.code_wrong"] * 4


async def test_the_same_code_at_once_signs_in_once(client, town, sms):
    await ask(client, NEW)
    answers = await asyncio.gather(*(enter(client, sms.code, NEW) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]


async def test_another_phones_code_does_not_open(client, town, sms, database):
    await ask(client)
    boss_code = sms.code
    await ask(client, PHONES[FINANCE])
    if sms.code == boss_code:
        pytest.skip("one in a million: both got the same code")
    refused(await enter(client, boss_code, PHONES[FINANCE]), 409, "identity.code_wrong")


async def test_a_new_code_replaces_the_old_one(client, town, sms, clock):
    await ask(client)
    old = sms.code
    clock.move(seconds=60)
    await ask(client)
    if sms.code != old:
        refused(await enter(client, old), 409, "identity.code_wrong")
    assert (await enter(client, sms.code)).status_code == 200


async def test_codes_are_sent_once_a_minute(client, town, sms, clock, database):
    await ask(client)
    clock.move(seconds=59)
    before = await picture(database)
    assert refused(await ask(client), 429, "identity.code_too_soon") == {"wait_seconds": 1}
    assert await picture(database) == before
    assert len(sms.sent) == 1
    clock.move(seconds=1)
    assert (await ask(client)).status_code == 200


async def test_ten_codes_a_day(client, house, town, sms, clock):
    for _ in range(10):
        assert (await ask(client)).status_code == 200
        clock.move(seconds=61)
    house.limiter._buckets.clear()
    assert refused(await ask(client), 429, "identity.code_too_soon")["wait_seconds"] == 86_400 - 610
    clock.move(seconds=86_400 - 610)
    assert (await ask(client)).status_code == 200


@pytest.mark.parametrize("fault", [OutsideUnavailable("transport"), OutsideRefused("LimitExceeded.PhoneNumber")])
async def test_when_sms_fails_nothing_is_half_done(client, town, sms, database, fault):
    sms.fault = fault
    refused(await ask(client), 503, "identity.sms_unavailable")
    async with database.statement() as tx:
        row = await tx.fetchrow("select used_at, day_count from identity_sms_code")
    assert row["used_at"] is not None
    assert row["day_count"] == 0
    sms.fault = None
    assert (await ask(client)).status_code == 200, "a failed message must not delay the next"
    assert (await enter(client, sms.code)).status_code == 200


async def test_without_a_gateway_the_answer_is_a_clear_503(client, town):
    refused(await ask(client), 503, "identity.sms_unavailable")


async def test_the_database_connection_is_free_while_the_outside_is_called(client, town, outside, database):
    held = []

    class Watching:
        async def send(self, *_args):
            pool = await database.pool()
            held.append(pool.get_size() - pool.get_idle_size())
            return "1"

    outside["sms"] = Watching()
    assert (await ask(client)).status_code == 200
    assert held == [0]


@pytest.mark.parametrize(
    "body",
    [
        {"phone": "12800000011", "code": "123456", "device": PHONE_DEVICE},
        {"phone": PHONES[BOSS], "code": "12345", "device": PHONE_DEVICE},
        {"phone": PHONES[BOSS], "code": "123456", "device": {"name": "", "channel": "h5"}},
        {"phone": PHONES[BOSS], "code": "123456", "device": {"name": "x", "channel": "system"}},
        {"phone": PHONES[BOSS], "code": "123456"},
        {"phone": PHONES[BOSS], "code": "123456", "device": PHONE_DEVICE, "person_id": 12},
    ],
)
async def test_a_malformed_sign_in_is_refused(client, town, database, body):
    before = await picture(database)
    refused(await client.post("/api/identity/sessions/sms", json=body), 422, "plumbing.malformed")
    assert await picture(database) == before


async def test_an_officer_begins_with_the_office_hat_in_the_workbench_only(client, town, sms, clock):
    desk = await sign_in(client, sms, PHONES[OFFICER], {"name": "Chrome", "channel": "workbench"})
    assert desk.session["me"]["hat"]["role_code"] == "hall_clerk"
    clock.move(seconds=61)
    phone = await sign_in(client, sms, PHONES[OFFICER])
    assert phone.session["me"]["hat"]["role_code"] == "self"


# WeChat


async def by_wechat(client, login="l1", phone=None):
    body = {"login_code": login, "device": PHONE_DEVICE, **({"phone_code": phone} if phone else {})}
    return await client.post("/api/identity/sessions/wechat", json=body)


async def test_a_wechat_user_is_bound_by_phone_once_and_then_known(client, town, wechat, database):
    wechat.logins = {f"l{n}": WeChatIdentity("openid-boss-0001", "union-1") for n in range(3)}
    wechat.phones = {"p1": PHONES[BOSS]}
    before = await picture(database)
    refused(await by_wechat(client, "l0"), 409, "identity.phone_needed")
    assert await picture(database) == before
    bound = await by_wechat(client, "l1", "p1")
    assert bound.json()["me"]["person"]["person_id"] == BOSS
    again = await by_wechat(client, "l2")
    assert again.json()["me"]["person"]["person_id"] == BOSS
    async with database.statement() as tx:
        assert await identity.openid(tx, BOSS, wechat.app_id) == "openid-boss-0001"
        assert await identity.openid(tx, BOSS, "wx-other-app") is None
        assert await identity.openid(tx, FINANCE, wechat.app_id) is None


async def test_the_latest_wechat_user_of_a_person_is_the_one_to_pay_with(client, town, wechat, database):
    wechat.logins = {"a": WeChatIdentity("openid-a", None), "b": WeChatIdentity("openid-b", None)}
    wechat.phones = {"p1": PHONES[BOSS], "p2": PHONES[BOSS]}
    await by_wechat(client, "a", "p1")
    await by_wechat(client, "b", "p2")
    async with database.statement() as tx:
        assert await identity.openid(tx, BOSS, wechat.app_id) == "openid-b"
    wechat.logins = {"a2": WeChatIdentity("openid-a", None)}
    assert (await by_wechat(client, "a2")).json()["me"]["person"]["person_id"] == BOSS
    async with database.statement() as tx:
        assert await identity.openid(tx, BOSS, wechat.app_id) == "openid-a"


async def test_a_bound_wechat_user_is_not_moved_by_another_phone(client, town, wechat):
    wechat.logins = {n: WeChatIdentity("openid-a", None) for n in "ab"}
    wechat.phones = {"p1": PHONES[BOSS], "p2": PHONES[FINANCE]}
    await by_wechat(client, "a", "p1")
    assert (await by_wechat(client, "b", "p2")).json()["me"]["person"]["person_id"] == BOSS


async def test_wechat_codes_that_are_refused_or_a_platform_that_is_away_change_nothing(client, town, wechat, database):
    before = await picture(database)
    refused(await by_wechat(client, "spent"), 409, "identity.wechat_code_refused")
    wechat.logins = {"l1": WeChatIdentity("openid-a", None)}
    refused(await by_wechat(client, "l1", "spent"), 409, "identity.wechat_code_refused")
    wechat.is_away = True
    refused(await by_wechat(client), 503, "identity.wechat_unavailable")
    assert await picture(database) == before


async def test_two_first_sign_ins_with_one_new_phone_make_one_person(client, town, wechat):
    wechat.logins = {n: WeChatIdentity(f"openid-{n}", None) for n in "abcd"}
    wechat.phones = {f"p{n}": NEW for n in "abcd"}
    answers = await asyncio.gather(*(by_wechat(client, n, f"p{n}") for n in "abcd"))
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.json()["me"]["person"]["person_id"] for answer in answers}) == 1


# Sessions


async def test_the_access_token_lasts_fifteen_minutes_and_is_renewed(client, town, sms, clock):
    boss = await sign_in(client, sms, PHONES[BOSS])
    clock.move(minutes=15)
    refused(await boss("GET", "/me"), 401, "plumbing.sign_in_needed")
    fresh = await renew(client, boss.session["refresh_token"])
    assert fresh.status_code == 200
    assert fresh.json()["me"] == boss.session["me"]
    again = Somebody(client, fresh.json())
    assert (await again("GET", "/me")).status_code == 200
    assert fresh.json()["refresh_token"] != boss.session["refresh_token"]


async def test_renewing_ends_the_old_access_token(client, town, sms):
    boss = await sign_in(client, sms, PHONES[BOSS])
    assert (await renew(client, boss.session["refresh_token"])).status_code == 200
    refused(await boss("GET", "/me"), 401, "plumbing.sign_in_needed")


async def test_a_refresh_token_used_twice_ends_every_session_of_the_person(client, town, sms, clock, database):
    first = await sign_in(client, sms, PHONES[BOSS])
    clock.move(seconds=61)
    second = await sign_in(client, sms, PHONES[BOSS], {"name": "Other", "channel": "h5"})
    other = await sign_in(client, sms, PHONES[FINANCE])
    renewed = Somebody(client, (await renew(client, first.session["refresh_token"])).json())
    refused(await renew(client, first.session["refresh_token"]), 401, "identity.refresh_reused")
    for ended in (first, second, renewed):
        refused(await ended("GET", "/me"), 401, "plumbing.sign_in_needed")
    refused(await renew(client, renewed.session["refresh_token"]), 401, "identity.session_ended")
    refused(await renew(client, second.session["refresh_token"]), 401, "identity.session_ended")
    assert (await other("GET", "/me")).status_code == 200, "nobody else is signed out"
    assert (await acts(database)).count("identity.refresh_reused") == 1


async def test_an_old_copy_of_an_ended_session_cannot_sign_the_person_out_again(client, town, sms, clock, database):
    first = await sign_in(client, sms, PHONES[BOSS])
    await renew(client, first.session["refresh_token"])
    await renew(client, first.session["refresh_token"])
    clock.move(seconds=61)
    back = await sign_in(client, sms, PHONES[BOSS])
    before = await picture(database)
    refused(await renew(client, first.session["refresh_token"]), 401, "identity.session_ended")
    assert await picture(database) == before
    assert (await back("GET", "/me")).status_code == 200


async def test_two_renewals_at_once_count_as_reuse(client, town, sms):
    boss = await sign_in(client, sms, PHONES[BOSS])
    answers = await asyncio.gather(*(renew(client, boss.session["refresh_token"]) for _ in range(2)))
    assert sorted(answer.status_code for answer in answers) == [200, 401]
    won = next(answer for answer in answers if answer.status_code == 200)
    refused(await Somebody(client, won.json())("GET", "/me"), 401, "plumbing.sign_in_needed")


@pytest.mark.parametrize(
    "token", ["x" * 40, "b." + "x" * 40, "." * 30, "ffffffffffffffff." + "x" * 30, "b.\x00" + "x" * 20]
)
async def test_an_invented_refresh_token_is_refused(client, town, sms, database, token):
    boss = await sign_in(client, sms, PHONES[BOSS])
    before = await picture(database)
    refused(await renew(client, token), 401, "identity.session_ended")
    assert await picture(database) == before
    assert (await boss("GET", "/me")).status_code == 200


@pytest.mark.parametrize("token", ["", "b", "b.", "zz.yy", "b." + "x" * 43, "-1.x", "é.x", "20000000000000.x"])
async def test_an_invented_access_token_is_nobody(database, town, clock, token):
    async with database.statement() as tx:
        found = await identity.resolve_actor(tx, access_token=token, channel="h5", request_id="r", now=clock.now())
    assert found is None


async def test_a_refresh_token_is_no_access_token(client, town, sms):
    boss = await sign_in(client, sms, PHONES[BOSS])
    boss.session["access_token"] = boss.session["refresh_token"]
    refused(await boss("GET", "/me"), 401, "plumbing.sign_in_needed")


async def test_a_session_ends_thirty_days_after_its_last_renewal(client, town, sms, clock):
    boss = await sign_in(client, sms, PHONES[BOSS])
    clock.move(days=29)
    fresh = (await renew(client, boss.session["refresh_token"])).json()
    clock.move(days=30)
    refused(await renew(client, fresh["refresh_token"]), 401, "identity.session_ended")


async def test_a_workbench_session_ends_after_twelve_hours_whatever_happens(client, town, sms, clock):
    desk = await sign_in(client, sms, PHONES[OFFICER], {"name": "Chrome", "channel": "workbench"})
    clock.move(hours=11)
    fresh = (await renew(client, desk.session["refresh_token"])).json()
    clock.move(hours=1)
    refused(await Somebody(client, fresh)("GET", "/me"), 401, "plumbing.sign_in_needed")
    refused(await renew(client, fresh["refresh_token"]), 401, "identity.session_ended")


async def test_the_device_list_shows_both_devices_and_which_one_i_hold(client, town, sms, clock):
    first = await sign_in(client, sms, PHONES[BOSS])
    clock.move(seconds=61)
    second = await sign_in(client, sms, PHONES[BOSS], {"name": "Browser", "channel": "h5"})
    told = (await first("GET", "/sessions")).json()
    assert [(one["name"], one["channel"], one["is_current"]) for one in told] == [
        ("Browser", "h5", False),
        ("Test phone", "miniprogram", True),
    ]
    assert (await first("DELETE", f"/sessions/{told[0]['session_id']}")).status_code == 204
    refused(await second("GET", "/me"), 401, "plumbing.sign_in_needed")
    assert [one["is_current"] for one in (await first("GET", "/sessions")).json()] == [True]
    assert (await first("DELETE", f"/sessions/{told[0]['session_id']}")).status_code == 204, "twice is no error"


async def test_another_persons_device_is_unknown_to_me(client, town, sms, database):
    boss, finance = await sign_in(client, sms, PHONES[BOSS]), await sign_in(client, sms, PHONES[FINANCE])
    (theirs,) = (await finance("GET", "/sessions")).json()
    before = await picture(database)
    refused(await boss("DELETE", f"/sessions/{theirs['session_id']}"), 404, "identity.session_unknown")
    assert await picture(database) == before
    assert (await finance("GET", "/me")).status_code == 200


async def test_signing_out_here_leaves_the_other_device(client, town, sms, clock, database):
    first = await sign_in(client, sms, PHONES[BOSS])
    clock.move(seconds=61)
    second = await sign_in(client, sms, PHONES[BOSS])
    assert (await first("DELETE", "/sessions/current")).status_code == 204
    refused(await first("GET", "/me"), 401, "plumbing.sign_in_needed")
    refused(await renew(client, first.session["refresh_token"]), 401, "identity.session_ended")
    assert (await second("GET", "/me")).status_code == 200
    assert (await acts(database))[-1] == "identity.signed_out"


async def test_signing_out_everywhere(client, town, sms, clock, database):
    first = await sign_in(client, sms, PHONES[BOSS])
    clock.move(seconds=61)
    second = await sign_in(client, sms, PHONES[BOSS])
    finance = await sign_in(client, sms, PHONES[FINANCE])
    assert (await first("DELETE", "/sessions")).status_code == 204
    for ended in (first, second):
        refused(await ended("GET", "/me"), 401, "plumbing.sign_in_needed")
    assert (await finance("GET", "/me")).status_code == 200
    assert (await acts(database))[-1] == "identity.signed_out_everywhere"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/me"),
        ("GET", "/sessions"),
        ("DELETE", "/sessions"),
        ("DELETE", "/sessions/current"),
        ("POST", "/hat"),
        ("POST", "/second-factor"),
        ("POST", "/real-name"),
        ("GET", "/authorisations"),
        ("POST", "/authorisations"),
    ],
)
async def test_nobody_gets_in_without_a_session(client, town, method, path):
    refused(await client.request(method, f"/api/identity{path}"), 401, "plumbing.sign_in_needed")


async def test_refusals_speak_english_too(client, town):
    answer = await client.post(
        "/api/identity/sessions/refresh", json={"refresh_token": "x" * 30}, headers={"accept-language": "en"}
    )
    assert answer.json()["text"] == "Your session has ended"
