"""Hats, the second factor, the real name."""

from __future__ import annotations

from datetime import date

import pytest
from identity.make import (
    BOSS,
    FINANCE,
    OTHER_BOSS,
    PHONES,
    SHOP,
    acts,
    picture,
    prove,
    resident_id,
    sign_in,
)

from palmtax import identity

NEW = "13900000099"


def refused(answer, status, code):
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    return answer.json()["fields"]


async def actor_of(database, who, clock):
    async with database.statement() as tx:
        return await identity.resolve_actor(
            tx, access_token=who.session["access_token"], channel="h5", request_id="r-1", now=clock.now()
        )


async def test_the_actor_is_person_hat_scopes_and_the_sessions_own_channel(client, town, sms, database, clock):
    boss = await sign_in(client, sms, PHONES[BOSS])
    actor = await actor_of(database, boss, clock)
    assert (actor.person_id, actor.taxpayer_id, actor.channel, actor.request_id) == (BOSS, SHOP, "miniprogram", "r-1")
    assert actor.hat.scopes == identity.ROLES["legal_rep"].scopes
    assert actor.second_factor is False


async def test_resolving_an_actor_is_one_statement(client, town, sms, database, clock):
    boss = await sign_in(client, sms, PHONES[BOSS])
    sent = []

    class Counting:
        def __init__(self, tx):
            self.tx = tx

        async def fetchrow(self, *query):
            sent.append(query[0])
            return await self.tx.fetchrow(*query)

    async with database.statement() as tx:
        actor = await identity.resolve_actor(
            Counting(tx), access_token=boss.session["access_token"], channel="h5", request_id="r", now=clock.now()
        )
    assert actor.person_id == BOSS
    assert len(sent) == 1


async def test_switching_hats_needs_no_new_login_and_is_remembered(client, town, sms, clock, database):
    boss = await sign_in(client, sms, PHONES[BOSS])
    own = await boss.hat("self")
    told = await boss("POST", "/hat", {"hat_id": own})
    assert told.status_code == 200
    assert told.json()["hat"]["role_code"] == "self"
    assert (await actor_of(database, boss, clock)).hat.kind == "self"
    assert (await acts(database))[-1] == "identity.hat_chosen"
    await boss("POST", "/hat", {"hat_id": await boss.hat("legal_rep")})
    async with database.statement() as tx:
        rows = await tx.fetch(
            "select taxpayer_id, role_code from evidence_entry where act = 'identity.hat_chosen' order by entry_id"
        )
    assert [tuple(row) for row in rows] == [(0, "self"), (SHOP, "legal_rep")]
    await boss("POST", "/hat", {"hat_id": own})
    clock.move(seconds=61)
    assert (await sign_in(client, sms, PHONES[BOSS])).session["me"]["hat"]["hat_id"] == own


async def test_a_hat_belongs_to_one_session(client, town, sms, clock):
    first = await sign_in(client, sms, PHONES[BOSS])
    clock.move(seconds=61)
    second = await sign_in(client, sms, PHONES[BOSS])
    await first("POST", "/hat", {"hat_id": await first.hat("self")})
    assert (await second("GET", "/me")).json()["hat"]["role_code"] == "legal_rep"


async def test_somebody_elses_hat_does_not_fit(client, town, sms, database):
    boss, finance = await sign_in(client, sms, PHONES[BOSS]), await sign_in(client, sms, PHONES[FINANCE])
    theirs = await finance.hat("finance_lead")
    before = await picture(database)
    refused(await boss("POST", "/hat", {"hat_id": theirs}), 404, "identity.hat_unknown")
    refused(
        await boss("POST", "/hat", {"hat_id": str(identity.NewHat(1, "self", "").hat_id)}), 404, "identity.hat_unknown"
    )
    refused(await boss("POST", "/hat", {"hat_id": "mine"}), 422, "plumbing.malformed")
    assert await picture(database) == before


async def test_a_hat_ends_with_its_last_day_in_china(client, database, sms, clock):
    async with database.transaction() as tx:
        await identity.load_people(
            tx,
            clock=clock,
            people=[identity.NewPerson(1, "张三", "13800000001")],
            hats=[
                identity.NewHat(1, "tax_clerk", "店", taxpayer_id=5, valid_until=date(2026, 11, 23)),
                identity.NewHat(1, "agent", "未来", taxpayer_id=6, valid_from=date(2026, 11, 24)),
            ],
        )
    clerk = await sign_in(client, sms, "13800000001")
    assert [hat["role_code"] for hat in clerk.session["me"]["hats"]] == ["tax_clerk"]
    clock.move(hours=11, minutes=59)  # 23:59 in China
    clerk.session = (
        await client.post("/api/identity/sessions/refresh", json={"refresh_token": clerk.session["refresh_token"]})
    ).json()
    assert (await actor_of(database, clerk, clock)).taxpayer_id == 5
    clock.move(minutes=1)
    assert (await actor_of(database, clerk, clock)).hat is None
    me = (await clerk("GET", "/me")).json()
    assert me["hat"] is None
    assert [hat["role_code"] for hat in me["hats"]] == ["agent"]


# Second factor


async def test_the_second_factor_holds_ten_minutes_in_this_session_only(client, town, sms, clock, database):
    boss = await sign_in(client, sms, PHONES[BOSS])
    clock.move(seconds=61)
    other = await sign_in(client, sms, PHONES[BOSS])
    await prove(boss, sms, PHONES[BOSS])
    assert sms.sent[-1][1] == "second_factor_code"
    assert (await actor_of(database, boss, clock)).second_factor is True
    assert (await actor_of(database, other, clock)).second_factor is False
    assert (await boss("GET", "/me")).json()["second_factor_until"] == "2026-11-23T04:11:01Z"
    clock.move(seconds=599)
    assert (await actor_of(database, boss, clock)).second_factor is True
    clock.move(seconds=1)
    assert (await actor_of(database, boss, clock)).second_factor is False
    assert (await boss("GET", "/me")).json()["second_factor_until"] is None
    assert (await acts(database)).count("identity.second_factor_proved") == 1


async def test_a_second_proof_goes_to_ones_own_phone_only(client, town, sms, database):
    boss = await sign_in(client, sms, PHONES[BOSS])
    before, sent = await picture(database), len(sms.sent)
    body = {"phone": PHONES[FINANCE], "purpose": "second_factor"}
    refused(await boss("POST", "/sms-codes", body), 403, "identity.phone_not_yours")
    refused(await client.post("/api/identity/sms-codes", json=body), 401, "plumbing.sign_in_needed")
    assert await picture(database) == before
    assert len(sms.sent) == sent


async def test_ones_own_phone_need_not_be_typed_again(client, town, sms, database):
    boss = await sign_in(client, sms, PHONES[BOSS])
    asked = await boss("POST", "/sms-codes", {"purpose": "second_factor"})
    assert asked.status_code == 200
    assert sms.sent[-1][:2] == (PHONES[BOSS], "second_factor_code")
    before, sent = await picture(database), len(sms.sent)
    refused(await client.post("/api/identity/sms-codes", json={"purpose": "sign_in"}), 422, "identity.phone_missing")
    assert await picture(database) == before
    assert len(sms.sent) == sent


async def test_a_sign_in_code_is_no_second_proof_and_the_other_way_round(client, town, sms, clock):
    boss = await sign_in(client, sms, PHONES[BOSS])
    clock.move(seconds=61)
    await client.post("/api/identity/sms-codes", json={"phone": PHONES[BOSS]})
    refused(await boss("POST", "/second-factor", {"code": sms.code}), 409, "identity.code_stale")
    sign_in_code = sms.code
    await boss("POST", "/sms-codes", {"phone": PHONES[BOSS], "purpose": "second_factor"})
    if sms.code != sign_in_code:
        body = {"phone": PHONES[BOSS], "code": sms.code, "device": {"name": "x", "channel": "h5"}}
        refused(await client.post("/api/identity/sessions/sms", json=body), 409, "identity.code_wrong")


async def test_wrong_second_codes_lock_too(client, town, sms, database, clock):
    boss = await sign_in(client, sms, PHONES[BOSS])
    await boss("POST", "/sms-codes", {"phone": PHONES[BOSS], "purpose": "second_factor"})
    wrong = f"{(int(sms.code) + 1) % 1_000_000:06d}"
    before = await picture(database, without="sms_code")
    for left in (4, 3, 2, 1):
        assert refused(await boss("POST", "/second-factor", {"code": wrong}), 409, "identity.code_wrong") == {
            "tries_left": left
        }
    refused(await boss("POST", "/second-factor", {"code": wrong}), 429, "identity.code_locked")
    refused(await boss("POST", "/second-factor", {"code": sms.code}), 429, "identity.code_locked")
    assert await picture(database, without="sms_code") == before
    assert (await actor_of(database, boss, clock)).second_factor is False


# Real name


async def check(who, name="钱真名", number=500):
    return await who("POST", "/real-name", {"name": name, "resident_id": resident_id(number)})


async def test_a_new_person_is_checked_once(client, town, sms, register, database):
    somebody = await sign_in(client, sms, NEW)
    register.known = {resident_id(500): "钱真名"}
    told = await check(somebody)
    assert told.json()["person"]["name"] == "钱真名"
    assert told.json()["person"]["is_real_name_checked"] is True
    assert (await acts(database))[-1] == "identity.real_name_checked"
    before = await picture(database)
    assert (await check(somebody)).status_code == 200, "the same again is no error"
    assert register.asked == 1
    refused(await check(somebody, "别人"), 409, "identity.real_name_done")
    refused(await check(somebody, number=501), 409, "identity.real_name_done")
    assert await picture(database) == before


@pytest.mark.parametrize(
    ("known", "status", "code"),
    [({}, 409, "identity.real_name_differs"), ({resident_id(500): "别的名"}, 409, "identity.real_name_differs")],
)
async def test_a_name_the_register_does_not_hold_changes_nothing(
    client, town, sms, register, database, known, status, code
):
    somebody = await sign_in(client, sms, NEW)
    register.known = known
    before = await picture(database)
    refused(await check(somebody), status, code)
    assert await picture(database) == before


async def test_a_register_that_is_away_changes_nothing(client, town, sms, register, database):
    somebody = await sign_in(client, sms, NEW)
    register.is_away = True
    before = await picture(database)
    refused(await check(somebody), 503, "identity.real_name_unavailable")
    assert await picture(database) == before


async def test_a_number_of_somebody_else_is_refused(client, town, sms, register, database):
    somebody = await sign_in(client, sms, NEW)
    register.known = {resident_id(BOSS): "王大福"}
    before = await picture(database)
    refused(await check(somebody, "王大福", BOSS), 409, "identity.resident_id_taken")
    assert await picture(database) == before


@pytest.mark.parametrize("number", ["990000199001015001", "990000199013015006", "99000019900101500A"])
async def test_a_malformed_number_is_not_sent_to_the_register(client, town, sms, register, database, number):
    somebody = await sign_in(client, sms, NEW)
    before = await picture(database)
    body = {"name": "钱真名", "resident_id": number}
    refused(await somebody("POST", "/real-name", body), 422, "identity.resident_id_malformed")
    assert register.asked == 0
    assert await picture(database) == before


# What other domains may ask


async def test_contacts_and_people_are_masked(database, town, clock):
    async with database.statement() as tx:
        found = await identity.contacts(tx, SHOP, clock=clock)
        assert [(c.role_code, c.name_masked, c.phone_masked) for c in found] == [
            ("legal_rep", "王*福", "138****0011"),
            ("finance_lead", "李*计", "138****0012"),
        ]
        assert (found[0].role_name, found[0].role_name_en) == ("法定代表人", "Legal representative")
        first = await identity.first_contacts(tx, [SHOP, 1002, 9999], clock=clock)
        assert {key: value.person_id for key, value in first.items()} == {SHOP: BOSS, 1002: OTHER_BOSS}
        people = await identity.people(tx, [BOSS, 99999])
        assert {key: value.name_masked for key, value in people.items()} == {BOSS: "王*福"}


async def test_taxpayers_are_found_by_a_masked_phone(database, town, clock):
    async with database.statement() as tx:
        assert await identity.taxpayers_of_phone(tx, "138****0011", clock=clock) == [SHOP]
        assert await identity.taxpayers_of_phone(tx, "138****9999", clock=clock) == []
        assert await identity.taxpayers_of_phone(tx, "%", clock=clock) == []


async def test_old_things_are_forgotten_and_living_ones_stay(client, town, sms, clock, task_context, database):
    from palmtax.identity.tasks import forget_ended

    boss = await sign_in(client, sms, PHONES[BOSS])
    finance = await sign_in(client, sms, PHONES[FINANCE])
    await finance("DELETE", "/sessions/current")
    await client.post("/api/identity/sign-in-tickets")
    clock.move(days=29)
    renewed = await client.post("/api/identity/sessions/refresh", json={"refresh_token": boss.session["refresh_token"]})
    assert renewed.status_code == 200
    await forget_ended(task_context, {})
    async with database.statement() as tx:
        assert await tx.fetchval("select count(*) from identity_session") == 2
        assert await tx.fetchval("select count(*) from identity_sms_code") == 0
        assert await tx.fetchval("select count(*) from identity_sign_in_ticket") == 0
    clock.move(days=62)
    await forget_ended(task_context, {})
    await forget_ended(task_context, {})
    async with database.statement() as tx:
        assert await tx.fetchval("select array_agg(person_id) from identity_session") == [BOSS]
