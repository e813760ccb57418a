"""Documents served electronically: by agreement only, on the day they enter, read by each person, seen to while unread."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime

import pytest
from filing.make import CLERK, NEIGHBOUR, OWNER, SHOP, STRANGER, VIEWER
from messaging.make import bind, deliveries, do, make_actor, news, run_plans, take

from palmtax import messaging
from palmtax.base.actor import Actor, Hat
from palmtax.base.identifiers import uuid7
from palmtax.messaging.actions import serving
from palmtax.messaging.actions.signing import sign_for
from palmtax.messaging.errors import NoAgreement, NotElectronic, NotTheLead
from palmtax.messaging.model.service import document_kinds, rule_on

pytestmark = pytest.mark.usefixtures("town")
DIGEST = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
NO = "TSTZ2026112300000007"


def officer():
    return make_actor(301, office_code="14403050000")


async def agree(database, clock, is_given=True, actor=None):
    return await do(
        database,
        serving.decide_agreement,
        actor=actor or make_actor(OWNER),
        clock=clock,
        taxpayer_id=SHOP,
        is_given=is_given,
    )


async def serve(database, clock, no=NO, kind="notice", **more):
    return await do(
        database, messaging.serve_document, actor=officer(), clock=clock, taxpayer_id=SHOP, document_no=no, kind=kind,
        title="税务事项通知书（核定印花税）", title_en="Notice (stamp tax)", digest=DIGEST, **more,
    )  # fmt: skip


async def acts(database):
    async with database.statement() as tx:
        return [r["act"] for r in await tx.fetch("select act from evidence_entry where act like 'messaging.%'")]


async def count(database, table):
    async with database.statement() as tx:
        return await tx.fetchval(f"select count(*) from {table}")


async def test_without_an_agreement_nothing_is_served(database, clock):
    for step in (None, True, False):
        if step is not None:
            clock.move(minutes=1)
            await agree(database, clock, step)
        if step:
            continue
        with pytest.raises(NoAgreement):
            await serve(database, clock)
    assert [await count(database, name) for name in ("messaging_service", "messaging_message", "pgqueuer")] == [0, 0, 0]
    assert await acts(database) == ["messaging.service_agreement_decided"] * 2


@pytest.mark.parametrize("kind", [code for code, one in document_kinds().items() if not one.is_electronic])
async def test_what_the_rule_leaves_out_is_not_served(database, clock, kind):
    await agree(database, clock)
    with pytest.raises(NotElectronic):
        await serve(database, clock, kind=kind)
    assert await count(database, "messaging_service") == 0


async def test_only_who_answers_for_the_taxpayer_signs(database, clock):
    clerk = Actor(VIEWER, uuid7(), Hat(uuid7(), "enterprise", "invoice_clerk", SHOP, None, frozenset()), "h5", "r")
    with pytest.raises(NotTheLead):
        await agree(database, clock, actor=clerk)
    assert await count(database, "messaging_agreement") == 0


async def test_it_counts_as_served_on_the_china_day_it_enters_whenever_it_is_read(
    database, clock, caller, task_context
):
    await agree(database, clock)
    clock.at = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)  # 00:30 on Tuesday in China
    served = await serve(database, clock)
    assert (served.served_on, served.entered_at) == (date(2026, 11, 24), clock.now())
    assert "2019年第39号" in served.law
    assert served.digest == DIGEST
    await run_plans(task_context)
    (told,) = await news(database, "messaging.document_served")
    assert (told["document_no"], told["served_on"], told["digest"]) == (NO, "2026-11-24", DIGEST)
    clock.move(hours=9)
    who = await caller()
    shown = await who.ok("GET", f"/messaging/services/{NO}")
    assert (shown["served_on"], shown["digest"], [one["read_at"] for one in shown["readers"]]) == (
        "2026-11-24", DIGEST, [None] * 3,
    )  # fmt: skip
    (message,) = (await who.ok("GET", "/messaging/messages"))["messages"]
    assert message["title"] == f"税务文书已送达：{NO}"
    assert "2026年11月24日" in message["body"]


async def test_served_twice_and_at_the_same_time_is_served_once(database, clock):
    await agree(database, clock)
    found = await asyncio.gather(*(serve(database, clock) for _ in range(8)))
    clock.move(days=1)
    assert {one.message_id for one in (*found, await serve(database, clock))} == {found[0].message_id}
    assert [await count(database, name) for name in ("messaging_service", "messaging_message")] == [1, 1]
    assert (await acts(database)).count("messaging.document_served") == 1


async def test_each_person_reads_for_themselves_and_the_first_is_news(database, clock, caller, task_context):
    await agree(database, clock)
    served = await serve(database, clock)
    await run_plans(task_context)
    for person in (CLERK, OWNER, CLERK):
        clock.move(minutes=3)
        await (await caller(person)).ok("POST", f"/messaging/messages/{served.message_id}/reading")
    shown = await (await caller()).ok("GET", f"/messaging/services/{NO}")
    assert [(one["name"], bool(one["read_at"])) for one in shown["readers"]] == [
        ("林*计", True), ("陈*满", True), ("吴*纳", False),
    ]  # fmt: skip
    assert [one["person_id"] for one in await news(database, "messaging.document_read")] == [CLERK]
    await do(database, sign_for, actor=make_actor(OWNER), clock=clock, taxpayer_id=SHOP, document_no=NO)
    assert (await (await caller()).ok("GET", f"/messaging/services/{NO}"))["signed_at"] is not None


async def test_nobody_else_sees_what_was_served(database, clock, caller):
    await agree(database, clock)
    await serve(database, clock)
    stranger = await caller(STRANGER, NEIGHBOUR)
    await stranger.refused(404, "messaging.service_unknown", "GET", f"/messaging/services/{NO}")


async def test_while_nobody_reads_it_goes_another_way_then_to_the_telephone_then_to_paper(
    database, clock, task_context
):
    await bind(database, clock, OWNER)
    await agree(database, clock)
    await serve(database, clock)
    await run_plans(task_context)
    (row,) = await deliveries(database, way="wechat")
    await take(database, clock, row["delivery_id"])
    await do(database, messaging.handed_over, clock, [(SHOP, row["delivery_id"], "oa", "m1")])
    seen = []
    for day in range(1, 17):
        clock.move(days=1)
        await do(database, serving.escalate, clock=clock)
        await do(database, serving.escalate, clock=clock)
        seen += [(day, one["step"]) for one in await news(database, "messaging.document_unread")]
        if len(await deliveries(database, person_id=OWNER, way="sms")) == 1 and not any(
            s[1] == "other_way" for s in seen
        ):
            seen.append((day, "other_way"))
    assert seen == [(3, "other_way"), (7, "phone"), (15, "paper")]


async def test_once_somebody_has_read_it_nothing_follows(database, clock, caller, task_context):
    await bind(database, clock, OWNER)
    await agree(database, clock)
    served = await serve(database, clock)
    await run_plans(task_context)
    await (await caller(CLERK)).ok("POST", f"/messaging/messages/{served.message_id}/reading")
    clock.move(days=40)
    assert await do(database, serving.escalate, clock=clock) == 0
    assert await news(database, "messaging.document_unread") == []


async def test_signing_asks_for_a_second_proof(caller, database):
    who = await caller()
    assert (await who.ok("GET", "/messaging/service-agreement"))["is_given"] is False
    await who.refused(403, "plumbing.second_factor_needed", "PUT", "/messaging/service-agreement", {"is_given": True})
    assert await count(database, "messaging_agreement") == 0


def test_before_the_rule_there_was_no_electronic_service():
    assert rule_on(date(2020, 4, 1)).needs_agreement
    with pytest.raises(ValueError, match="2020-03-31"):
        rule_on(date(2020, 3, 31))
