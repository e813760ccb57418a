"""Messages go when their time is over, batch after batch, with what hangs on them; what was served stays for good."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from filing.make import OWNER, SHOP
from messaging.make import bind, do, make_actor, run_plans, set_wish, take, tell
from messaging.test_serving import agree, count, serve
from prometheus_client import REGISTRY

from palmtax import messaging
from palmtax.messaging.actions import retaining
from palmtax.messaging.actions.inbox import read
from palmtax.messaging.tasks import retain

pytestmark = pytest.mark.usefixtures("town")
TEMPLATE = "application_submitted"
KEPT = messaging.find_template(TEMPLATE).keep
TABLES = ("messaging_message", "messaging_delivery", "messaging_reading")


async def counts(database):
    return [await count(database, table) for table in TABLES]


async def test_old_messages_go_with_their_deliveries_and_readings(database, clock, task_context):
    number = await tell(database, clock, 1, template=TEMPLATE)
    await run_plans(task_context)
    await do(database, read, actor=make_actor(OWNER), clock=clock, taxpayer_id=SHOP, message_id=number)
    before = await counts(database)
    assert all(before)
    clock.move(days=KEPT.days)
    await retain(task_context, {})
    assert await counts(database) == before, "not a day too early"
    young = await tell(database, clock, 2, template=TEMPLATE)
    clock.move(seconds=1)
    removed = REGISTRY.get_sample_value("palmtax_messages_removed_total", {"template": TEMPLATE}) or 0
    await retain(task_context, {})
    assert await counts(database) == [1, 0, 0]
    async with database.statement() as tx:
        assert await tx.fetchval("select message_id from messaging_message") == young
        assert await tx.fetchval("select count(*) from evidence_entry where act = 'messaging.message_read'") == 1
    assert REGISTRY.get_sample_value("palmtax_messages_removed_total", {"template": TEMPLATE}) == removed + 1


async def test_a_served_document_stays_with_its_readings(database, clock, task_context):
    await agree(database, clock)
    served = await serve(database, clock)
    await run_plans(task_context)
    await do(database, read, actor=make_actor(OWNER), clock=clock, taxpayer_id=SHOP, message_id=served.message_id)
    clock.move(days=messaging.find_template("document_served").keep.days + 400)
    before = await counts(database)
    await retain(task_context, {})
    assert await counts(database) == before
    record = await do(database, messaging.service_record, taxpayer_id=SHOP, document_no=served.document_no)
    assert [one.read_at is not None for one in record.people].count(True) == 1


async def test_more_than_a_batch_goes_in_batches_and_two_workers_do_no_harm(database, clock, task_context, monkeypatch):
    monkeypatch.setattr(retaining, "BATCH", 3)
    for number in range(8):
        await tell(database, clock, number, template=TEMPLATE)
    clock.move(days=KEPT.days + 1)
    assert await do(database, retaining.remove_old, clock=clock, template=TEMPLATE) == 3
    assert await count(database, "messaging_message") == 5
    await asyncio.gather(retain(task_context, {}), retain(task_context, {}))
    assert await count(database, "messaging_message") == 0


async def test_what_still_waits_outside_is_not_sent_for_a_message_that_is_gone(database, clock, task_context):
    await bind(database, clock, OWNER)
    await set_wish(database, clock, OWNER, ("wechat",))
    await tell(database, clock, 1, template=TEMPLATE)
    await run_plans(task_context)
    async with database.statement() as tx:
        waiting = await tx.fetchval("select delivery_id from messaging_delivery where way = 'wechat'")
    clock.at += KEPT + timedelta(days=1)
    await retain(task_context, {})
    assert await take(database, clock, waiting) is None
