"""What was told lies in the inbox once, for those it is for, and a reading is provable."""

from __future__ import annotations

import asyncio

import pytest
from filing.make import CLERK, GENERAL, NEIGHBOUR, OWNER, SHOP, STRANGER
from messaging.make import make_act

from palmtax import messaging
from palmtax.base.identifiers import uuid7
from palmtax.messaging.actions.preferences import set_preferences_effect
from palmtax.messaging.actions.signing import sign_for_effect
from palmtax.messaging.errors import ChoiceUnknown, DocumentNoMissing


async def told(database, clock, number=1, taxpayer_id=SHOP, **more):
    template = messaging.find_template("application_submitted")
    async with database.transaction() as tx:
        return await messaging.tell(
            tx, clock=clock, taxpayer_id=taxpayer_id, template=template.slug, key=f"submitted:{number}",
            values=template.samples() | {"application_no": f"BJ{number:04d}"}, subject_kind="application",
            subject_id=uuid7(), **more,
        )  # fmt: skip


async def acts(database):
    async with database.statement() as tx:
        return [row["act"] for row in await tx.fetch("select act from evidence_entry order by entry_id")]


async def test_told_twice_is_told_once(caller, database, clock):
    first = await told(database, clock)
    assert await told(database, clock) == first
    many = await asyncio.gather(*(told(database, clock, number=2) for _ in range(20)))
    assert len(set(many)) == 1
    page = await (await caller()).ok("GET", "/messaging/messages")
    assert ([m["message_id"] for m in page["messages"]], page["unread"]) == ([str(many[0]), str(first)], 2)
    assert page["messages"][1]["title"] == "已提交：增值税发票总额度调整"
    assert page["messages"][1]["title_en"] == "Submitted: Change of the invoice quota"


async def test_a_message_of_a_caller_that_fails_was_never_told(caller, database, clock):
    class Refused(Exception): ...

    template = messaging.find_template("application_submitted")

    async def work():
        async with database.transaction() as tx:
            await messaging.tell(
                tx, clock=clock, taxpayer_id=SHOP, template=template.slug, values=template.samples(), key="x"
            )
            raise Refused

    with pytest.raises(Refused):
        await work()
    assert (await (await caller()).ok("GET", "/messaging/messages"))["messages"] == []


async def test_the_inbox_turns_pages_and_counts_what_is_unread(caller, database, clock):
    ids = [str(await told(database, clock, number=n)) for n in range(7)][::-1]
    who, seen, cursor = await caller(), [], None
    while True:
        page = await who.ok("GET", "/messaging/messages", params={"limit": 3} | ({"cursor": cursor} if cursor else {}))
        seen += [m["message_id"] for m in page["messages"]]
        assert page["unread"] == 7
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == ids


async def test_a_reading_is_kept_once_for_each_person(caller, database, clock):
    message = str(await told(database, clock))
    owner, clerk = await caller(), await caller(CLERK)
    first = await owner.ok("POST", f"/messaging/messages/{message}/reading")
    clock.move(minutes=5)
    assert await owner.ok("POST", f"/messaging/messages/{message}/reading") == first
    assert first["read_at"].startswith("2026-11-23T04:00")
    assert (await owner.ok("GET", "/messaging/messages"))["unread"] == 0
    assert (await owner.ok("GET", "/messaging/messages", params={"unread": True}))["messages"] == []
    assert (await clerk.ok("GET", "/messaging/messages"))["unread"] == 1
    assert (await acts(database)).count("messaging.message_read") == 1


async def test_nobody_sees_a_neighbours_message(caller, database, clock):
    message = await told(database, clock)
    for who in (await caller(STRANGER, NEIGHBOUR), await caller(OWNER, GENERAL)):
        assert (await who.ok("GET", "/messaging/messages"))["messages"] == []
        for method, path in (("GET", ""), ("POST", "/reading")):
            await who.refused(404, "messaging.message_unknown", method, f"/messaging/messages/{message}{path}")
    assert "messaging.message_read" not in await acts(database)


async def test_a_message_for_one_person_is_seen_by_nobody_else(caller, database, clock):
    message = await told(database, clock, for_person_id=CLERK)
    owner, clerk = await caller(), await caller(CLERK)
    assert (await owner.ok("GET", "/messaging/messages"))["unread"] == 0
    await owner.refused(404, "messaging.message_unknown", "GET", f"/messaging/messages/{message}")
    assert (await clerk.ok("GET", f"/messaging/messages/{message}"))["message_id"] == str(message)


async def test_what_deadlines_hang_on_cannot_be_switched_off(caller, database, clock):
    who = await caller()
    before = await who.ok("GET", "/messaging/preferences")
    assert [one["code"] for one in before["topics"] if not one["is_chosen"]] == []
    after = await who.ok("PUT", "/messaging/preferences", {"topics": [], "ways": ["sms"]})
    assert [one["code"] for one in after["topics"] if not one["is_chosen"]] == ["policy", "survey"]
    assert [one["code"] for one in after["ways"] if one["is_chosen"]] == ["inbox", "sms"]
    await told(database, clock)
    assert (await who.ok("GET", "/messaging/messages"))["unread"] == 1
    refused = await who.refused(
        422, "messaging.choice_unknown", "PUT", "/messaging/preferences", {"topics": ["gossip"], "ways": []}
    )
    assert "progress" in refused["hint"]
    assert await who.ok("GET", "/messaging/preferences") == after


async def test_effects_do_once_what_one_application_asks(database, clock, town):
    act = make_act(clock)
    async with database.transaction() as tx:
        done = await set_preferences_effect(tx, act=act, topics=["政策和优惠"], channels=["微信"])
        assert await set_preferences_effect(tx, act=act, topics=["政策和优惠"], channels=["微信"]) == done
        signed = await sign_for_effect(tx, act=act, document_no=" TSTZ-1 ")
    clock.move(days=3)
    async with database.transaction() as tx:
        assert await sign_for_effect(tx, act=act, document_no="TSTZ-1") == signed
        with pytest.raises(DocumentNoMissing):
            await sign_for_effect(tx, act=act, document_no="  ")
        with pytest.raises(ChoiceUnknown):
            await set_preferences_effect(tx, act=act, topics=["x"], channels=[])
    assert done.values == {"topics": "progress,deadline,appointment,reply,policy", "channels": "inbox,wechat"}
    assert signed.values == {"document_no": "TSTZ-1", "signed_on": "2026-11-23"}
    assert sorted(await acts(database)) == ["messaging.document_signed_for", "messaging.preferences_set"]
