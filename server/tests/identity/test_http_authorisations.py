"""Authorisations: given, accepted, denied, revoked, expired."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from identity.make import (
    BOSS,
    CLERK,
    FINANCE,
    OFFICER,
    OTHER_BOSS,
    PHONES,
    SHOP,
    Somebody,
    acts,
    picture,
    prove,
    resident_id,
    sign_in,
)

from palmtax import identity

NEW = "13900000099"
CLERK_SCOPES = ["filing.read", "filing.write"]


def refused(answer, status, code):
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    return answer.json()["fields"]


def offer(**changed):
    return {
        "phone": PHONES[CLERK],
        "name": "赵小办",
        "role_code": "tax_clerk",
        "scopes": CLERK_SCOPES,
        "valid_until": "2027-11-23",
        **changed,
    }


async def give(who, **changed):
    return await who("POST", "/authorisations", offer(**changed))


async def do(who, act, told):
    return await who("POST", f"/authorisations/{told['authorisation_id']}/{act}")


@pytest.fixture
async def boss(client, town, sms):
    who = await sign_in(client, sms, PHONES[BOSS])
    await prove(who, sms, PHONES[BOSS])
    return who


@pytest.fixture
async def clerk(client, town, sms):
    return await sign_in(client, sms, PHONES[CLERK])


@pytest.fixture
async def offered(boss):
    answer = await give(boss)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def actor_of(database, who, clock):
    async with database.statement() as tx:
        return await identity.resolve_actor(
            tx, access_token=who.session["access_token"], channel="h5", request_id="r", now=clock.now()
        )


async def wear(who, role_code):
    answer = await who("POST", "/hat", {"hat_id": await who.hat(role_code)})
    assert answer.status_code == 200, answer.text


async def test_given_accepted_worn_revoked_and_gone_at_the_next_request(client, boss, clerk, offered, database, clock):
    assert offered["state"] == "waiting"
    assert offered["is_mine"] is False
    assert (offered["person_name_masked"], offered["phone_masked"]) == ("赵*办", "138****0013")
    mine = (await clerk("GET", "/authorisations")).json()
    assert [(one["authorisation_id"], one["state"], one["is_mine"]) for one in mine] == [
        (offered["authorisation_id"], "waiting", True)
    ]
    assert [hat["role_code"] for hat in (await clerk("GET", "/me")).json()["hats"]] == ["self"]

    assert (await do(clerk, "accept", offered)).json()["state"] == "active"
    await wear(clerk, "tax_clerk")
    actor = await actor_of(database, clerk, clock)
    assert (actor.taxpayer_id, actor.hat.scopes) == (SHOP, frozenset(CLERK_SCOPES))
    assert str(actor.hat.hat_id) == offered["authorisation_id"]

    assert (await do(boss, "revoke", offered)).json()["state"] == "revoked"
    assert (await actor_of(database, clerk, clock)).hat is None
    me = (await clerk("GET", "/me")).json()
    assert me["hat"] is None
    assert [hat["role_code"] for hat in me["hats"]] == ["self"]
    refused(await clerk("POST", "/hat", {"hat_id": offered["authorisation_id"]}), 404, "identity.hat_unknown")
    seen = [act for act in await acts(database) if "authorisation" in act]
    assert seen == [
        "identity.authorisation_given",
        "identity.authorisation_accepted",
        "identity.authorisation_revoked",
    ]
    async with database.statement() as tx:
        told = await tx.fetch(
            "select taxpayer_id, person_id from evidence_entry where act like '%authorisation%' order by entry_id"
        )
        assert [tuple(row) for row in told] == [(SHOP, BOSS), (SHOP, CLERK), (SHOP, BOSS)]
        news = await tx.fetch("select convert_from(payload, 'utf8') as news from pgqueuer order by id")
        assert [name for row in news for name in seen if name in row["news"]] == seen


async def test_giving_needs_a_fresh_second_factor(client, town, sms, clock, database):
    boss = await sign_in(client, sms, PHONES[BOSS])
    before = await picture(database)
    refused(await give(boss), 403, "plumbing.second_factor_needed")
    assert await picture(database) == before
    await prove(boss, sms, PHONES[BOSS])
    clock.move(minutes=10)
    before = await picture(database)
    refused(await give(boss), 403, "plumbing.second_factor_needed")
    assert await picture(database) == before


async def test_revoking_needs_a_fresh_second_factor(client, boss, clerk, offered, clock, database):
    await do(clerk, "accept", offered)
    clock.move(minutes=10)
    before = await picture(database)
    refused(await do(boss, "revoke", offered), 403, "plumbing.second_factor_needed")
    assert await picture(database) == before


@pytest.mark.parametrize("who", [CLERK, OFFICER])
async def test_a_person_without_the_scope_may_not_give(client, town, sms, database, who):
    person = await sign_in(client, sms, PHONES[who])
    await prove(person, sms, PHONES[who])
    before = await picture(database)
    refused(await give(person, phone=NEW), 403, "plumbing.not_allowed")
    assert await picture(database) == before


@pytest.mark.parametrize("day", ["2026-11-22", "2029-11-24", "9999-12-31"])
async def test_the_end_date_is_today_to_three_years(boss, database, day):
    before = await picture(database)
    told = refused(await give(boss, valid_until=day), 422, "identity.end_date_wrong")
    assert told == {"earliest_on": "2026-11-23", "latest_on": "2029-11-23"}
    assert await picture(database) == before


@pytest.mark.parametrize("day", ["2026-11-23", "2029-11-23"])
async def test_the_first_and_last_possible_end_dates(boss, day):
    assert (await give(boss, valid_until=day)).json()["valid_until"] == day


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"scopes": ["filing.read", "cases.read"]}, "cases.read"),
        ({"scopes": ["identity.authorise"]}, "identity.authorise"),
        ({"role_code": "invoice_clerk", "scopes": ["invoice.read", "filing.submit"]}, "filing.submit"),
        ({"scopes": ["no.such_scope"]}, "no.such_scope"),
    ],
)
async def test_scopes_beyond_the_role_or_the_giver_are_refused(boss, database, changed, fields):
    before = await picture(database)
    assert refused(await give(boss, **changed), 403, "identity.scopes_not_yours") == {"scopes": fields}
    assert await picture(database) == before


async def test_a_giver_with_fewer_scopes_cannot_give_more(client, database, sms, clock):
    async with database.transaction() as tx:
        few = frozenset({"identity.authorise", "filing.read"})
        await identity.load_people(
            tx,
            clock=clock,
            people=[identity.NewPerson(1, "张三", "13800000001")],
            hats=[identity.NewHat(1, "finance_lead", "店", taxpayer_id=5, scopes=few)],
        )
    lead = await sign_in(client, sms, "13800000001")
    await prove(lead, sms, "13800000001")
    assert refused(await give(lead), 403, "identity.scopes_not_yours") == {"scopes": "filing.write"}
    assert (await give(lead, scopes=["filing.read"])).status_code == 201


async def test_nobody_authorises_themselves(boss, database):
    before = await picture(database)
    refused(await give(boss, phone=PHONES[BOSS]), 409, "identity.self_grant")
    assert await picture(database) == before


async def test_the_same_role_twice_is_refused_while_open(boss, clerk, offered, database):
    before = await picture(database)
    refused(await give(boss), 409, "identity.authorisation_exists")
    assert await picture(database) == before
    await do(clerk, "accept", offered)
    refused(await give(boss), 409, "identity.authorisation_exists")
    assert (await give(boss, role_code="invoice_clerk", scopes=["invoice.read"])).status_code == 201
    await do(boss, "revoke", offered)
    assert (await give(boss)).status_code == 201, "after the end it may be given again"


async def test_two_gifts_at_once_make_one(boss):
    answers = await asyncio.gather(*(give(boss) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


async def test_a_finance_lead_appoints_clerks_but_no_finance_lead(client, town, sms, database):
    lead = await sign_in(client, sms, PHONES[FINANCE])
    await prove(lead, sms, PHONES[FINANCE])
    before = await picture(database)
    refused(await give(lead, role_code="finance_lead"), 403, "identity.role_not_yours")
    assert await picture(database) == before
    assert (await give(lead)).status_code == 201


async def test_a_finance_lead_cannot_end_the_legal_representative_nor_the_register(client, town, sms, boss, database):
    lead = await sign_in(client, sms, PHONES[FINANCE])
    await prove(lead, sms, PHONES[FINANCE])
    rows = (await lead("GET", "/authorisations")).json()
    legal = next(row for row in rows if row["role_code"] == "legal_rep")
    assert (legal["is_mine"], legal["valid_until"]) == (False, "9999-12-31")
    before = await picture(database)
    refused(await do(lead, "revoke", legal), 403, "identity.role_not_yours")
    refused(await do(boss, "revoke", legal), 403, "identity.role_not_yours")
    assert await picture(database) == before
    own = next(row for row in rows if row["role_code"] == "finance_lead")
    assert (await do(boss, "revoke", own)).json()["state"] == "revoked"
    assert (await lead("GET", "/me")).json()["hat"] is None


async def test_the_legal_representative_can_appoint_a_finance_lead_who_may_then_authorise(
    client, boss, clerk, sms, clock
):
    scopes = sorted(identity.ROLES["finance_lead"].scopes)
    told = (await give(boss, role_code="finance_lead", scopes=scopes)).json()
    await do(clerk, "accept", told)
    await wear(clerk, "finance_lead")
    await prove(clerk, sms, PHONES[CLERK])
    assert (await give(clerk, phone=NEW, name="新人", valid_until="2027-11-24")).status_code == 422, (
        "not beyond own end"
    )
    assert (await give(clerk, phone=NEW, name="新人")).status_code == 201


async def test_another_taxpayers_authorisation_is_unknown(client, town, sms, offered, database):
    other = await sign_in(client, sms, PHONES[OTHER_BOSS])
    await prove(other, sms, PHONES[OTHER_BOSS])
    before = await picture(database)
    refused(await do(other, "revoke", offered), 404, "identity.authorisation_unknown")
    for act in ("accept", "deny"):
        refused(await do(other, act, offered), 404, "identity.authorisation_unknown")
        refused(await do(other, act, {"authorisation_id": str(uuid4())}), 404, "identity.authorisation_unknown")
    assert await picture(database) == before
    ids = [one["authorisation_id"] for one in (await other("GET", "/authorisations")).json()]
    assert offered["authorisation_id"] not in ids


async def test_the_giver_cannot_accept_for_the_person_named(boss, offered, database):
    before = await picture(database)
    refused(await do(boss, "accept", offered), 404, "identity.authorisation_unknown")
    assert await picture(database) == before


async def test_denying_what_waits(clerk, offered, boss, database):
    assert (await do(clerk, "deny", offered)).json()["state"] == "denied"
    before = await picture(database)
    refused(await do(clerk, "accept", offered), 409, "identity.authorisation_settled")
    refused(await do(boss, "revoke", offered), 409, "identity.authorisation_settled")
    assert (await do(clerk, "deny", offered)).json()["state"] == "denied", "again is no error"
    assert await picture(database) == before
    assert [act for act in await acts(database) if "denied" in act] == ["identity.authorisation_denied"]


async def test_denying_after_accepting_ends_the_hat(clerk, offered, database, clock):
    await do(clerk, "accept", offered)
    await wear(clerk, "tax_clerk")
    assert (await do(clerk, "deny", offered)).json()["state"] == "denied"
    assert (await actor_of(database, clerk, clock)).hat is None


async def test_a_false_legal_representative_can_deny_the_registration(client, town, sms, database, clock):
    victim = await sign_in(client, sms, PHONES[OTHER_BOSS])
    (link,) = [one for one in (await victim("GET", "/authorisations")).json() if one["is_mine"]]
    assert link["role_code"] == "legal_rep"
    assert (await do(victim, "deny", link)).json()["state"] == "denied"
    assert (await actor_of(database, victim, clock)).hat is None
    async with database.statement() as tx:
        news = await tx.fetchval("select convert_from(payload, 'utf8') from pgqueuer")
    assert '"was_from_registration":true' in news


async def test_accepting_needs_a_real_name_and_the_right_one(client, boss, sms, register, database):
    told = (await give(boss, phone=NEW, name="钱真名")).json()
    somebody = await sign_in(client, sms, NEW)
    before = await picture(database)
    refused(await do(somebody, "accept", told), 409, "identity.real_name_needed")
    assert await picture(database) == before
    register.known = {resident_id(500): "吴别人"}
    checked = await somebody("POST", "/real-name", {"name": "吴别人", "resident_id": resident_id(500)})
    assert checked.status_code == 200
    before = await picture(database)
    refused(await do(somebody, "accept", told), 409, "identity.name_differs")
    assert await picture(database) == before
    assert (await do(somebody, "deny", told)).json()["state"] == "denied"


async def test_an_unknown_phone_finds_the_offer_after_its_first_sign_in(client, boss, sms, register):
    told = (await give(boss, phone=NEW, name="钱真名")).json()
    somebody = await sign_in(client, sms, NEW)
    register.known = {resident_id(500): "钱真名"}
    await somebody("POST", "/real-name", {"name": "钱真名", "resident_id": resident_id(500)})
    assert (await do(somebody, "accept", told)).json()["state"] == "active"
    assert (await somebody("GET", "/me")).json()["hats"][0]["scopes"] == CLERK_SCOPES


async def test_accepting_twice_gives_one_hat(clerk, offered, database):
    answers = await asyncio.gather(*(do(clerk, "accept", offered) for _ in range(3)))
    assert [answer.json()["state"] for answer in answers] == ["active"] * 3
    assert len((await clerk("GET", "/me")).json()["hats"]) == 2
    assert (await acts(database)).count("identity.authorisation_accepted") == 1


async def test_accept_and_revoke_at_once_never_leave_a_hat(boss, clerk, offered, database, clock):
    await asyncio.gather(do(boss, "revoke", offered), do(clerk, "accept", offered))
    assert [hat["role_code"] for hat in (await clerk("GET", "/me")).json()["hats"]] == ["self"]


async def test_an_offer_that_ran_out_cannot_be_accepted_and_makes_room(client, boss, clerk, sms, clock, database):
    told = (await give(boss, valid_until="2026-11-23")).json()
    clock.at = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)  # Tuesday 00:00 in China
    later = await sign_in(client, sms, PHONES[CLERK])
    before = await picture(database)
    assert refused(await do(later, "accept", told), 409, "identity.authorisation_settled") == {"state": "ended"}
    refused(await do(later, "deny", told), 409, "identity.authorisation_settled")
    assert [one["state"] for one in (await later("GET", "/authorisations")).json()] == ["ended"]
    assert await picture(database) == before
    again = await sign_in(client, sms, PHONES[BOSS])
    await prove(again, sms, PHONES[BOSS])
    assert (await give(again)).status_code == 201


async def test_a_giver_whose_own_hat_was_taken_can_give_nothing_more(client, town, sms, boss, database):
    lead = await sign_in(client, sms, PHONES[FINANCE])
    await prove(lead, sms, PHONES[FINANCE])
    own = next(row for row in (await lead("GET", "/authorisations")).json() if row["is_mine"])
    await do(boss, "revoke", own)
    before = await picture(database)
    refused(await give(lead), 403, "plumbing.hat_needed")
    assert await picture(database) == before


@pytest.mark.parametrize(
    "changed",
    [
        {"role_code": "legal_rep"},
        {"role_code": "hall_clerk"},
        {"scopes": []},
        {"scopes": "filing.read"},
        {"phone": "123"},
        {"name": "a"},
        {"valid_until": "tomorrow"},
        {"taxpayer_id": 1002},
    ],
)
async def test_malformed_offers_are_refused(boss, database, changed):
    before = await picture(database)
    refused(await give(boss, **changed), 422, "plumbing.malformed")
    assert await picture(database) == before


async def test_a_revoked_hat_stops_a_request_of_another_domain(client, boss, clerk, offered):
    await do(clerk, "accept", offered)
    await wear(clerk, "tax_clerk")
    assert isinstance(clerk, Somebody)
    bearer = {"authorization": f"Bearer {clerk.session['access_token']}"}
    refused(await client.get("/api/registry/taxpayer", headers=bearer), 403, "plumbing.not_allowed")
    await do(boss, "revoke", offered)
    refused(await client.get("/api/registry/taxpayer", headers=bearer), 403, "plumbing.hat_needed")
