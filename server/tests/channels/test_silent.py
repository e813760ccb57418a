"""A message of which nobody hears again is not left hanging: its receipt is found by our number, or it counts as not arrived."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest
from channels.make import Platforms, channels, process
from filing.make import OWNER, SHOP
from messaging.make import bind, set_wish, tell

from palmtax import identity
from palmtax.channels import tasks
from palmtax.channels.actions import settling
from palmtax.channels.adapters.speaking import INVENTED
from palmtax.plumbing.worker import drain

MUST = "application_refused"
pytestmark = pytest.mark.usefixtures("town")


class Deaf(Platforms):
    """Text messages are taken, and every answer is lost on the way back."""

    async def handle_async_request(self, request):
        answer = await super().handle_async_request(request)
        if request.url.host in ("sms.tencentcloudapi.com", "dysmsapi.aliyuncs.com"):
            raise httpx.ReadError("lost", request=request)
        return answer


@pytest.fixture
def deaf(outside, database, clock):
    platforms = Deaf()
    made = process(transport=platforms)
    made.ports.database = database
    made.ports.now = lambda: clock.now().timestamp()
    outside["channels"] = made
    return platforms


@pytest.fixture
def ways(rows):
    async def read() -> dict[str, dict]:
        found = await rows(
            "select way, state, channel, code, reason, reason_en, delivery_id from messaging_delivery"
            " where person_id = $1 and way <> 'inbox' order by created_at",
            OWNER,
        )
        return {row["way"]: row for row in found}

    return read


async def to_sms(database, clock, task_context, template="application_approved"):
    await set_wish(database, clock, ways=("sms",))
    await tell(database, clock, template=template, for_person_id=OWNER)
    await drain(task_context)


async def test_a_receipt_is_known_by_our_number_when_the_answer_was_lost(
    deaf, database, clock, client, task_context, ways
):
    await to_sms(database, clock, task_context)
    found = (await ways())["sms"]
    assert found["state"] == "handed"
    name = found["channel"]
    rule = channels()[name].manifest.callback.receipts
    row = {rule.reference: "a-number-we-never-heard", rule.ours: found["delivery_id"].hex, rule.good[0]: rule.good[1]}
    answer = await client.post(f"/channels/{name}/callback", params={"key": INVENTED["callback_key"]}, json=[row])
    assert answer.status_code == 200
    await drain(task_context)
    assert (await ways())["sms"]["state"] == "delivered"
    clock.move(days=1)
    await tasks.give_up_silent(task_context, {})
    assert (await ways())["sms"]["state"] == "delivered", "what arrived is not given up"


async def test_without_a_receipt_it_is_a_dead_letter_that_says_why(deaf, database, clock, task_context, ways):
    await to_sms(database, clock, task_context)
    await tasks.give_up_silent(task_context, {})
    assert (await ways())["sms"]["state"] == "handed", "its time is not over"
    clock.move(seconds=channels()["sms"].manifest.receipt_seconds + 1)
    for _ in range(2):
        await tasks.give_up_silent(task_context, {})
        await drain(task_context)
    found = (await ways())["sms"]
    assert (found["state"], found["code"], found["reason"]) == ("dead", "silent", "平台没有回执，不知是否送达")
    assert found["reason_en"] == "No receipt came: nobody knows whether it arrived"
    assert len(deaf.heard("sms")) + len(deaf.heard("sms2")) == 1, "a text message is never sent twice on a guess"


async def test_what_must_arrive_goes_the_next_way_and_a_late_receipt_is_still_believed(
    deaf, database, clock, client, task_context, ways
):
    await bind(database, clock, OWNER, "wechat_oa", "o1")
    async with database.transaction() as tx:
        await tx.execute("update identity_person_address set app_id = $1", INVENTED["app_id"])
    await to_sms(database, clock, task_context, MUST)
    clock.move(seconds=channels()["sms"].manifest.receipt_seconds + 1)
    await tasks.give_up_silent(task_context, {})
    await drain(task_context)
    found = await ways()
    assert (found["sms"]["state"], found["sms"]["code"]) == ("failed", "silent")
    assert (found["wechat"]["state"], found["wechat"]["channel"]) == ("handed", "wechat_oa")
    body = json.loads(deaf.heard("wechat_oa")[0].content)
    assert body["touser"] == "o1"
    name, rule = found["sms"]["channel"], channels()[found["sms"]["channel"]].manifest.callback.receipts
    row = {rule.reference: "late", rule.ours: found["sms"]["delivery_id"].hex, rule.good[0]: rule.good[1]}
    await client.post(f"/channels/{name}/callback", params={"key": INVENTED["callback_key"]}, json=[row])
    await drain(task_context)
    assert (await ways())["sms"]["state"] == "delivered"


async def test_two_workers_that_look_for_silence_find_each_message_once(deaf, database, clock, task_context, rows):
    await to_sms(database, clock, task_context, MUST)
    clock.move(seconds=channels()["sms"].manifest.receipt_seconds + 1)
    known = await task_context.outside["channels"].memory.known(database, clock)

    async def look() -> int:
        async with database.transaction() as tx:
            return sum(
                [
                    await settling.give_up_silent(tx, clock=clock, channel=channel, limit=10)
                    for channel in known.channels.values()
                    if channel.manifest.receipt_seconds
                ]
            )

    counts = await asyncio.gather(*(look() for _ in range(4)))
    assert sum(counts) == 1
    assert len(await rows("select 1 from messaging_delivery where taxpayer_id = $1 and way <> 'inbox'", SHOP)) == 1


async def test_channels_forgotten_while_they_are_read_are_known_all_the_same(deaf, database, clock, task_context):
    memory = task_context.outside["channels"].memory
    memory.forget()
    asked = [asyncio.create_task(memory.known(database, clock)) for _ in range(8)]
    for _ in range(400):
        memory.forget()
        await asyncio.sleep(0)
    assert all(known.channels for known in await asyncio.gather(*asked))


async def test_what_waits_for_its_turn_uses_up_no_tries(outside, database, clock, task_context, ways, rows):
    """A crowd beyond the rate of a channel waits, however often it is put off; nobody dies of another's crowd."""
    platforms = Platforms()
    made = process(transport=platforms)
    made.ports.database = database
    made.ports.now = lambda: clock.now().timestamp()
    outside["channels"] = made
    await set_wish(database, clock, ways=("sms",))
    await tell(database, clock, template="application_approved", for_person_id=OWNER)
    for name in ("sms", "sms2"):
        while made.limiter.wait_seconds("5/hour", f"{name}:{await phone(database)}") == 0:
            pass
    for _ in range(12):
        await drain(task_context)
        found = (await ways())["sms"]
        assert (found["state"], found["code"]) == ("wanted", "limit")
        (row,) = await rows("select next_at, tries from messaging_delivery where way = 'sms' and person_id = $1", OWNER)
        assert row["tries"] == 0
        clock.move(seconds=(row["next_at"] - clock.now()).total_seconds() + 1)
        async with database.transaction() as tx:
            await tx.execute("update pgqueuer set execute_after = now() where entrypoint = 'messaging.announce'")
    made.limiter._buckets.clear()
    await drain(task_context)
    assert (await ways())["sms"]["state"] == "handed"
    assert len(platforms.heard("sms")) + len(platforms.heard("sms2")) == 1


async def phone(database) -> str:
    async with database.statement() as tx:
        return next(one.value for one in await identity.addresses(tx, [OWNER]) if one.family == "phone")
