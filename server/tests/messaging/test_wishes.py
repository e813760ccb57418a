"""What a person wishes and agrees to is theirs, provable, and followed; how a message reached them can be read."""

from __future__ import annotations

import pytest
from filing.make import CLERK, GENERAL, NEIGHBOUR, OWNER, SHOP, STRANGER
from messaging.make import bind, deliveries, do, run_plans, take, tell

from palmtax import messaging
from palmtax.messaging.listeners import follow_the_person

pytestmark = pytest.mark.usefixtures("town")
ALL = {"topics": ["policy", "survey"], "ways": ["wechat", "push"]}


async def acts(database, name):
    async with database.statement() as tx:
        return await tx.fetchval("select count(*) from evidence_entry where act = $1", name)


async def test_language_plain_words_and_quiet_hours_stay_until_they_are_changed(caller, database):
    who = await caller()
    first = await who.ok("GET", "/messaging/preferences")
    assert (first["language"], first["is_elder"], first["quiet"], first["changed_at"]) == ("zh", False, None, None)
    quiet = {"start": "20:00", "end": "09:30"}
    await who.ok("PUT", "/messaging/preferences", ALL | {"language": "en", "is_elder": True, "quiet": quiet})
    kept = await who.ok("PUT", "/messaging/preferences", ALL)
    assert (kept["language"], kept["is_elder"], kept["quiet"]) == ("en", True, quiet)
    ended = await who.ok("PUT", "/messaging/preferences", ALL | {"no_quiet": True})
    assert (ended["language"], ended["quiet"]) == ("en", None)
    assert await acts(database, "messaging.preferences_set") == 2, "what changes nothing leaves no trace"


@pytest.mark.parametrize("wrong", [
    {"quiet": {"start": "24:00", "end": "08:00"}}, {"quiet": {"start": "8:00", "end": "9"}}, {"language": "fr"},
])  # fmt: skip
async def test_hours_and_languages_that_do_not_exist_are_refused(caller, wrong):
    await (await caller()).refused(422, "plumbing.malformed", "PUT", "/messaging/preferences", ALL | wrong)


async def test_wishes_belong_to_one_person_and_one_taxpayer(caller):
    await (await caller()).ok("PUT", "/messaging/preferences", ALL | {"language": "en"})
    for who in (await caller(CLERK), await caller(OWNER, GENERAL)):
        assert (await who.ok("GET", "/messaging/preferences"))["language"] == "zh"


async def test_consent_is_asked_for_and_not_assumed(caller, database, clock):
    who = await caller()
    before = await who.ok("GET", "/messaging/consents")
    assert [(one["purpose"], one["is_given"], one["decided_at"]) for one in before] == [
        ("promotion", False, None), ("survey", False, None),
    ]  # fmt: skip
    notice = before[0]["notice"]
    given = await who.ok("PUT", "/messaging/consents/promotion", {"is_given": True, "notice": notice})
    assert [one["is_given"] for one in given] == [True, False]
    clock.move(minutes=5)
    assert await who.ok("PUT", "/messaging/consents/promotion", {"is_given": True, "notice": notice}) == given
    clock.move(minutes=5)
    taken = await who.ok("PUT", "/messaging/consents/promotion", {"is_given": False, "notice": "whatever"})
    assert [one["is_given"] for one in taken] == [False, False]
    assert taken[0]["decided_at"].startswith("2026-11-23T04:10")
    assert await acts(database, "messaging.consent_decided") == 2
    assert [one["is_given"] for one in await (await caller(CLERK)).ok("GET", "/messaging/consents")] == [False, False]


async def test_consent_to_an_old_notice_is_no_consent(caller, database):
    who = await caller()
    refused = {"is_given": True, "notice": "2020-01"}
    await who.refused(409, "messaging.notice_changed", "PUT", "/messaging/consents/promotion", refused)
    await who.refused(422, "messaging.choice_unknown", "PUT", "/messaging/consents/gossip", refused)
    assert [one["decided_at"] for one in await who.ok("GET", "/messaging/consents")] == [None, None]
    assert await acts(database, "messaging.consent_decided") == 0


async def test_unsubscribing_in_a_channel_takes_consent_back_with_its_proof(caller, database, clock):
    who = await caller()
    await who.ok("PUT", "/messaging/consents/survey", {"is_given": True, "notice": "2026-11"})
    clock.move(minutes=1)
    for purpose in ("survey", "survey", "service", "gossip"):
        await do(database, messaging.unsubscribe, clock, SHOP, OWNER, purpose)
    assert [one["is_given"] for one in await who.ok("GET", "/messaging/consents")] == [False, False]
    async with database.statement() as tx:
        proofs = [r["proof"] for r in await tx.fetch("select proof from messaging_consent order by decided_at")]
    assert proofs == ["screen", "channel"]
    assert await acts(database, "messaging.consent_decided") == 2


async def test_how_a_message_reached_me_can_be_read_by_me(caller, database, clock, task_context):
    await bind(database, clock, OWNER)
    await bind(database, clock, OWNER, "email", "owner@example.com")
    message = await tell(database, clock, template="supplement_asked")
    await run_plans(task_context)
    (row,) = await deliveries(database, way="wechat")
    await take(database, clock, row["delivery_id"])
    await do(
        database,
        messaging.not_handed_over,
        clock,
        SHOP,
        row["delivery_id"],
        "oa",
        "43101",
        "您没有订阅",
        "not subscribed",
        True,
    )
    who = await caller()
    path = f"/messaging/messages/{message}/deliveries"
    assert [(one["way"], one["way_title"], one["state"], one["reason"]) for one in await who.ok("GET", path)] == [
        ("inbox", "收件箱", "delivered", ""), ("wechat", "微信", "failed", "您没有订阅"), ("email", "电子邮件", "wanted", ""),
    ]  # fmt: skip
    await who.ok("POST", f"/messaging/messages/{message}/reading")
    assert [(one["state"], one["reason_en"]) for one in await who.ok("GET", path)] == [
        ("read", ""), ("failed", "not subscribed"), ("suppressed", "It arrived another way"),
    ]  # fmt: skip
    clerks = await (await caller(CLERK)).ok("GET", path)
    assert {one["way"] for one in clerks} == {"inbox", "sms"}, "each person has their own"
    await (await caller(STRANGER, NEIGHBOUR)).refused(404, "messaging.message_unknown", "GET", path)


async def test_what_waits_goes_on_to_the_account_that_goes_on(database, clock, task_context):
    await bind(database, clock, CLERK)
    clock.move(hours=10)
    await tell(database, clock, for_person_id=CLERK)
    await run_plans(task_context)
    for _ in range(2):
        await follow_the_person(task_context, {"person_id": OWNER, "merged_person_id": CLERK})
    assert [(row["person_id"], row["way"]) for row in await deliveries(database)] == [
        (CLERK, "inbox"),
        (OWNER, "wechat"),
    ]
