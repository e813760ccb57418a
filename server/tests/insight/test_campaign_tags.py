"""Tags: read from the doors of their owners, kept up by news, walked every night without losing a page."""

from __future__ import annotations

import orjson
import pytest
from insight.campaigning import FIRST, make_shops, rows, tag_all

from palmtax.insight.actions import tagging
from palmtax.plumbing.outbox import LISTENERS, TASKS

SHOPS = 5


@pytest.fixture
async def shops(database, clock):
    async with database.transaction() as tx:
        await make_shops(tx, clock, SHOPS, agreed=2)


async def hear(context, event, **payload):
    for job in LISTENERS[event]:
        if job.split(">")[1].startswith("insight."):
            await TASKS[job].handler(context, payload)


async def test_tags_say_what_their_owners_say(shops, database, clock):
    await tag_all(database, clock, SHOPS)
    first, *_, last = await rows(database, "insight_tag")
    assert (first["reader_id"], first["reach"], first["consents"]) == (FIRST - 50_000, ["sms"], ["promotion"])
    assert (last["consents"], last["reach"], last["declared"], last["owes"]) == ([], [], "none", "no")
    assert first["invoices"] == "none"
    assert first["filed"] in {"due", "overdue"}


async def test_twice_is_once_and_what_a_campaign_told_stays(shops, database, clock):
    await tag_all(database, clock, SHOPS)
    async with database.transaction() as tx:
        await tx.execute("update insight_tag set told_on = $1", clock.today())
    before = await rows(database, "insight_tag")
    await tag_all(database, clock, SHOPS)
    assert await rows(database, "insight_tag") == before


async def test_the_night_walks_page_by_page(shops, database, clock, task_context, monkeypatch):
    monkeypatch.setattr(tagging, "NIGHT_BATCH", 2)
    async with database.transaction() as tx:
        await tagging.refresh_all(tx)
        await tagging.refresh_all(tx)
    pages = 0
    while True:
        async with database.transaction() as tx:
            row = await tx.fetchrow(
                "delete from pgqueuer where id = (select id from pgqueuer where entrypoint = 'insight.refresh_page'"
                " order by id limit 1) returning payload"
            )
        if row is None:
            break
        await TASKS["insight.refresh_page"].handler(task_context, orjson.loads(row["payload"]))
        pages += 1
    assert pages == 3, "one walk, although it was asked for twice"
    assert len(await rows(database, "insight_tag")) == SHOPS


async def test_news_change_the_tags_of_one(shops, database, clock, task_context):
    await tag_all(database, clock, SHOPS)
    async with database.transaction() as tx:
        await tx.execute("update insight_tag set filed = 'due', owes = 'yes'")
    for _ in range(2):
        await hear(task_context, "filing.return_submitted", taxpayer_id=FIRST, payable_fen=250_000)
    first, second, *_ = await rows(database, "insight_tag")
    assert (first["filed"], first["declared"], first["owes"]) == ("filed", "to_10k", "no")
    assert (second["filed"], second["owes"]) == ("due", "yes")
    await hear(task_context, "filing.return_voided", taxpayer_id=FIRST)
    assert (await rows(database, "insight_tag"))[0]["declared"] == "none", "read anew from the returns there are"


async def test_news_of_somebody_without_tags_do_no_harm(shops, database, task_context):
    await hear(task_context, "filing.return_submitted", taxpayer_id=FIRST, payable_fen=1)
    await hear(task_context, "payment.settled", taxpayer_id=999_999)
    await hear(task_context, "identity.authorisation_revoked", taxpayer_id=999_999)
    assert await rows(database, "insight_tag") == []
