"""Where a person can be reached: bound with proof, one person's at a time, sealed, refused, given up, merged."""

from __future__ import annotations

import asyncio
import json

import pytest
from identity.make import (
    BOSS,
    CLERK,
    FINANCE,
    OFFICER,
    OTHER_BOSS,
    PHONES,
    SHOP,
    acts,
    picture,
    prove,
    sign_in,
)

from palmtax import identity
from palmtax.base.actor import NATURAL_BASE
from palmtax.identity import errors
from palmtax.identity.adapters import WeChatIdentity

OA = {"family": "wechat_oa", "app_id": "wxoa1"}
OPENID = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"
NEW_PHONE = "13900000099"
pytestmark = pytest.mark.usefixtures("town")


async def bind(database, clock, person_id=BOSS, value=OPENID, **more):
    async with database.transaction() as tx:
        await identity.bind(
            tx, clock=clock, person_id=person_id, value=value, **({"proof": "oauth", "request_id": "r"} | OA | more)
        )


async def of(database, *people, families=None):
    async with database.statement() as tx:
        return await identity.addresses(tx, people, families)


async def owner(database, value=OPENID, unionid=None, **where):
    async with database.statement() as tx:
        return await identity.person_of_address(tx, value=value, unionid=unionid, **(OA | where))


async def test_an_address_is_bound_once_and_found_both_ways(database, clock):
    for _ in range(3):
        await bind(database, clock)
    (found,) = await of(database, BOSS, families=["wechat_oa"])
    assert (found.value, found.app_id, found.proof, found.is_reachable) == (OPENID, "wxoa1", "oauth", True)
    assert await owner(database) == BOSS
    assert await owner(database, app_id="wxoa2") is None, "another account has other numbers"
    assert await owner(database, family="wechat_mini") is None
    assert await acts(database) == ["identity.address_bound"]


async def test_an_address_lies_sealed(database, clock):
    await bind(database, clock, unionid="union-of-boss")
    rows = str(await picture(database))
    assert OPENID not in rows
    assert "union-of-boss" not in rows


async def test_the_accounts_phone_is_an_address(database, clock):
    found = await of(database, BOSS, CLERK, families=["phone"])
    assert {one.person_id: one.value for one in found} == {BOSS: PHONES[BOSS], CLERK: PHONES[CLERK]}
    assert await owner(database, family="phone", app_id="", value=PHONES[CLERK]) == CLERK
    with pytest.raises(ValueError, match="signing in"):
        await bind(database, clock, family="phone", value=PHONES[CLERK])


async def test_what_is_anothers_is_refused_and_nothing_changes(database, clock):
    await bind(database, clock)
    before = await picture(database)
    with pytest.raises(errors.AddressTaken):
        await bind(database, clock, CLERK)
    assert await picture(database) == before


async def test_of_many_who_claim_an_address_at_once_one_gets_it(database, clock):
    people = [BOSS, CLERK, FINANCE, OTHER_BOSS] * 3
    done = await asyncio.gather(*(bind(database, clock, one) for one in people), return_exceptions=True)
    lucky = {one for one, outcome in zip(people, done, strict=True) if outcome is None}
    assert len(lucky) == 1
    assert {type(one) for one in done} == {type(None), errors.AddressTaken}
    assert await owner(database) in lucky
    assert len(await of(database, *people, families=["wechat_oa"])) == 1


async def test_a_device_that_changes_hands_goes_with_its_user(database, clock):
    subscription = '{"endpoint":"https://push.example/abc","keys":{"p256dh":"x","auth":"y"}}'
    browser = {"family": "web_push", "app_id": "h5", "value": subscription, "proof": "device"}
    await bind(database, clock, **browser)
    await bind(database, clock, CLERK, is_handed_on=True, **browser)
    assert await of(database, BOSS, families=["web_push"]) == []
    assert [one.value for one in await of(database, CLERK, families=["web_push"])] == [subscription]
    assert await owner(database, family="web_push", app_id="h5", value=subscription) == CLERK


async def test_one_wechat_user_in_two_accounts_is_one_person(database, clock):
    await bind(database, clock, family="wechat_mini", app_id="wxmini", value="mini-openid-boss", unionid="union-b")
    assert await owner(database, "never-seen-in-the-account", unionid="union-b") == BOSS
    with pytest.raises(errors.AddressTaken):
        await bind(database, clock, CLERK, unionid="union-b")
    assert await owner(database) is None, "a refusal binds nothing"
    await bind(database, clock, unionid="union-b")
    assert {one.unionid_hash for one in await of(database, BOSS, families=["wechat_oa", "wechat_mini"])} != {None}


async def test_a_wechat_user_known_from_the_account_signs_in_without_a_phone(database, clock, client, wechat):
    await bind(database, clock, unionid="union-b")
    wechat.logins["code"] = WeChatIdentity("mini-openid-of-boss", "union-b")
    body = {"login_code": "code", "device": {"name": "phone", "channel": "miniprogram"}}
    answer = await client.post("/api/identity/sessions/wechat", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["me"]["person"]["person_id"] == BOSS
    async with database.statement() as tx:
        assert await identity.openid(tx, BOSS, wechat.app_id) == "mini-openid-of-boss"


async def test_a_mail_address_has_one_spelling(database, clock):
    mail = {"family": "email", "app_id": "", "proof": "email_code"}
    await bind(database, clock, value=" Boss@Example.com", **mail)
    assert await owner(database, "boss@example.COM", family="email", app_id="") == BOSS
    with pytest.raises(errors.AddressTaken):
        await bind(database, clock, CLERK, value="BOSS@example.com", **mail)


@pytest.mark.parametrize(("family", "app_id", "value"), [("wechat_oa", "wxoa1", OPENID), ("phone", "", PHONES[BOSS])])
async def test_a_permanent_refusal_stays_until_the_address_is_proved_again(database, clock, family, app_id, value):
    if family != "phone":
        await bind(database, clock)
    known = {"person_id": BOSS, "family": family, "app_id": app_id, "value": value}
    for code in ("43101", "43004"):
        async with database.transaction() as tx:
            await identity.unreachable(tx, clock=clock, code=code, **known)
    (found,) = await of(database, BOSS, families=[family])
    assert (found.is_reachable, found.refused_code, found.value) == (False, "43101", value)
    async with database.transaction() as tx:
        await identity.reachable(tx, **known)
    assert [one.is_reachable for one in await of(database, BOSS, families=[family])] == [True]


async def test_following_again_makes_reachable(database, clock):
    await bind(database, clock)
    async with database.transaction() as tx:
        await identity.unreachable(tx, clock=clock, person_id=BOSS, value=OPENID, code="43004", **OA)
    clock.move(days=1)
    await bind(database, clock, proof="scene_qr")
    (found,) = await of(database, BOSS, families=["wechat_oa"])
    assert (found.is_reachable, found.proof, found.bound_at) == (True, "scene_qr", clock.now())


async def test_unbinding_frees_the_address_once(database, clock):
    await bind(database, clock, unionid="union-b")
    for expected in (True, False):
        async with database.transaction() as tx:
            gone = await identity.unbind(tx, clock=clock, person_id=BOSS, value=OPENID, **OA)
        assert gone is expected
    assert await acts(database) == ["identity.address_bound", "identity.address_unbound"]
    assert await owner(database, unionid="union-b") is None
    await bind(database, clock, CLERK, unionid="union-b")
    assert await owner(database) == CLERK


async def test_my_bindings_are_masked_and_mine(database, clock, client, sms):
    await bind(database, clock)
    me, other = await sign_in(client, sms, PHONES[BOSS]), await sign_in(client, sms, PHONES[CLERK])
    shown = (await me("GET", "/addresses")).json()
    assert [(one["family"], one["masked"], one["is_reachable"]) for one in shown] == [
        ("wechat_oa", "***eS6o", True), ("phone", "138****0011", True),
    ]  # fmt: skip
    number = shown[0]["address_id"]
    assert (await other("DELETE", f"/addresses/{number}")).json()["code"] == "identity.address_unknown"
    assert (await me("DELETE", f"/addresses/{number}")).status_code == 204
    assert (await me("DELETE", f"/addresses/{number}")).status_code == 404
    assert [one["family"] for one in (await me("GET", "/addresses")).json()] == ["phone"]


PUSH = {"endpoint": "https://push.example/send/abc", "p256dh": "B" + "a" * 86, "auth": "k" * 22}


async def test_a_browser_is_bound_to_whoever_uses_it_now(database, client, sms):
    boss, clerk = await sign_in(client, sms, PHONES[BOSS]), await sign_in(client, sms, PHONES[CLERK])
    for who in (boss, boss, clerk):
        assert (await who("POST", "/push-subscriptions", PUSH)).status_code == 204
    assert await of(database, BOSS, families=["web_push"]) == []
    (found,) = await of(database, CLERK, families=["web_push"])
    assert json.loads(found.value) == {
        "endpoint": PUSH["endpoint"],
        "keys": {"p256dh": PUSH["p256dh"], "auth": PUSH["auth"]},
    }
    assert (await acts(database)).count("identity.address_bound") == 2


@pytest.mark.parametrize("wrong", [
    {"endpoint": "file:///etc/passwd"}, {"endpoint": "https://push.example/a b"}, {"p256dh": "short"}, {"auth": "k" * 40},
])  # fmt: skip
async def test_a_subscription_that_is_none_is_refused(database, client, sms, wrong):
    me = await sign_in(client, sms, PHONES[BOSS])
    before = await picture(database)
    assert (await me("POST", "/push-subscriptions", PUSH | wrong)).json()["code"] == "plumbing.malformed"
    assert await picture(database) == before


async def code_for(client, sms, phone):
    asked = await client.post("/api/identity/sms-codes", json={"phone": phone})
    assert asked.status_code == 200, asked.text
    return sms.code


async def test_two_accounts_of_one_person_become_one(database, clock, client, sms):
    old = await sign_in(client, sms, NEW_PHONE)
    other = (await old("GET", "/me")).json()["person"]["person_id"]
    await bind(database, clock, other, unionid="union-b")
    me = await sign_in(client, sms, PHONES[BOSS])
    clock.move(minutes=2)
    told = {"phone": NEW_PHONE, "code": await code_for(client, sms, NEW_PHONE)}
    assert (await me("POST", "/merges", told)).json()["code"] == "plumbing.second_factor_needed"
    await prove(me, sms, PHONES[BOSS])
    before = await picture(database, without="sms_code")
    wrong = await me("POST", "/merges", told | {"code": "000000" if told["code"] != "000000" else "111111"})
    assert wrong.json()["code"] == "identity.code_wrong"
    assert await picture(database, without="sms_code") == before
    done = await me("POST", "/merges", told)
    assert done.json()["person"]["person_id"] == BOSS
    assert (await old("GET", "/me")).status_code == 401, "the sessions of the other account end"
    assert await owner(database) == BOSS
    assert {one.value for one in await of(database, BOSS)} == {OPENID, NEW_PHONE, PHONES[BOSS]}
    assert await of(database, other) == []
    clock.move(minutes=2)
    again = await sign_in(client, sms, NEW_PHONE)
    assert (await again("GET", "/me")).json()["person"]["person_id"] == BOSS
    assert (await acts(database)).count("identity.people_merged") == 1


@pytest.mark.parametrize(("phone", "why"), [
    (PHONES[CLERK], "已实名"), (PHONES[BOSS], "没有可合并"), ("13900000077", "没有可合并"), (PHONES[OFFICER], "已实名"),
])  # fmt: skip
async def test_accounts_of_others_are_not_merged(database, clock, client, sms, phone, why):
    me = await sign_in(client, sms, PHONES[BOSS])
    clock.move(minutes=2)
    await prove(me, sms, PHONES[BOSS])
    code = await code_for(client, sms, phone)
    before = await picture(database, without="sms_code")
    refused = (await me("POST", "/merges", {"phone": phone, "code": code})).json()
    assert refused["code"] == "identity.merge_refused"
    assert why in refused["text"]
    assert await picture(database, without="sms_code") == before


async def test_those_who_read_for_a_taxpayer_hold_a_hat_today(database, clock):
    async with database.statement() as tx:
        assert [(one.person_id, one.role_code) for one in await identity.readers(tx, taxpayer_id=SHOP, clock=clock)] == [
            (BOSS, "legal_rep"), (FINANCE, "finance_lead"),
        ]  # fmt: skip
        mine = await identity.readers(tx, taxpayer_id=NATURAL_BASE + CLERK, clock=clock)
        assert [(one.person_id, one.role_code) for one in mine] == [(CLERK, "self")]
