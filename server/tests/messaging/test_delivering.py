"""A message goes to each person once: planned once, taken by one, tried again, by the next way, or dead with a reason."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from filing.make import CLERK, GENERAL, NEIGHBOUR, OWNER, SHOP, VIEWER
from messaging.make import bind, deliveries, do, make_actor, news, run_plans, set_wish, take, tell

from palmtax import identity, messaging
from palmtax.base.identifiers import uuid7
from palmtax.messaging.actions import planning, sweeping
from palmtax.messaging.model.deliveries import LEASE
from palmtax.plumbing.together import together

pytestmark = pytest.mark.usefixtures("town")
MUST = "supplement_asked"


@pytest.fixture
async def sent(database, clock, task_context):
    """A message that goes to the owner by WeChat; its delivery."""
    await bind(database, clock, OWNER)
    await tell(database, clock)
    await run_plans(task_context)
    (row,) = await deliveries(database, way="wechat")
    return row["delivery_id"]


@pytest.fixture
async def must(database, clock, task_context):
    """A message that has to reach the owner: WeChat first, then e-mail, then a text message."""
    await bind(database, clock, OWNER)
    await bind(database, clock, OWNER, "email", "owner@example.com")
    await tell(database, clock, template=MUST, for_person_id=OWNER)
    await run_plans(task_context)
    (row,) = await deliveries(database, way="wechat")
    await news(database)
    return row["delivery_id"]


async def state(database, delivery_id):
    (row,) = await deliveries(database, delivery_id=delivery_id)
    return row["state"]


async def refuse(database, clock, delivery_id, *, code="45009", is_final=False, next_in=None):
    await do(
        database, messaging.not_handed_over, clock, SHOP, delivery_id, "oa", code, "今天的额度用完了", "quota spent",
        is_final, next_in,
    )  # fmt: skip


async def hand(database, clock, delivery_id, ref="msg-1"):
    await do(database, messaging.handed_over, clock, [(SHOP, delivery_id, "oa", ref)])


async def told(database, clock, delivery_id, said, at=None, **more):
    await do(database, messaging.receipt, clock, SHOP, delivery_id, said, at or clock.now(), **more)


async def sweep(database, clock):
    return await do(database, sweeping.sweep, clock=clock)


async def test_everybody_with_a_hat_has_it_in_the_inbox_and_outside_by_their_own_ways(database, clock, task_context):
    await bind(database, clock, OWNER)
    await bind(database, clock, VIEWER, "web_push")
    await set_wish(database, clock, CLERK, ["sms"])
    message = await tell(database, clock)
    assert await run_plans(task_context) == 1
    rows = await deliveries(database)
    assert {(row["person_id"], row["way"], row["state"]) for row in rows} == {
        (OWNER, "inbox", "delivered"), (CLERK, "inbox", "delivered"), (VIEWER, "inbox", "delivered"),
        (OWNER, "wechat", "wanted"), (CLERK, "sms", "wanted"), (VIEWER, "push", "wanted"),
    }  # fmt: skip
    assert {row["message_id"] for row in rows} == {message}
    assert {(one["person_id"], one["way"], one["taxpayer_id"]) for one in await news(database)} == {
        (OWNER, "wechat", SHOP), (CLERK, "sms", SHOP), (VIEWER, "push", SHOP),
    }  # fmt: skip


async def test_planned_again_and_at_the_same_time_nothing_is_new(database, clock, task_context, sent):
    before = await deliveries(database)
    assert len(await news(database)) == 1
    message = before[0]["message_id"]

    async def again():
        return await do(database, planning.plan_message, clock=clock, taxpayer_id=SHOP, message_id=message)

    assert [len(one) for one in await asyncio.gather(*(again() for _ in range(8)))] == [0] * 8
    assert await deliveries(database) == before
    assert await news(database) == []


async def test_told_twice_under_one_key_goes_out_once(database, clock, task_context):
    await bind(database, clock, OWNER)
    for _ in range(3):
        await tell(database, clock)
    await run_plans(task_context)
    assert len(await deliveries(database, way="wechat")) == 1


async def test_a_message_that_goes_along_in_one_statement_is_planned_too(database, clock, task_context):
    template = messaging.find_template("application_submitted")
    row = messaging.message_part(
        clock=clock, taxpayer_id=SHOP, template=template.slug, values=template.samples(), key="k", for_person_id=OWNER
    )
    for _ in range(2):
        async with database.transaction() as tx:
            assert await together(tx, row) == [[]]
    assert await run_plans(task_context) == 1, "the second goes along, and has nothing to plan"
    assert [(one["person_id"], one["way"]) for one in await deliveries(database)] == [(OWNER, "inbox")]


async def test_a_planner_that_is_killed_leaves_nothing_and_the_next_does_it_whole(database, clock, task_context):
    await bind(database, clock, OWNER)
    message = await tell(database, clock)

    class Killed(Exception): ...

    async def killed():
        async with database.transaction() as tx:
            await planning.plan_message(tx, clock=clock, taxpayer_id=SHOP, message_id=message)
            raise Killed

    with pytest.raises(Killed):
        await killed()
    assert await deliveries(database) == []
    assert await news(database) == []
    await run_plans(task_context)
    assert len(await deliveries(database, way="wechat")) == 1
    assert len(await news(database)) == 1


async def test_of_many_channels_one_takes_it(database, clock, sent):
    found = await asyncio.gather(*(take(database, clock, sent) for _ in range(12)))
    (one,) = [each for each in found if each is not None]
    assert (one.delivery_id, one.person_id, one.way, one.tries, one.is_repeat) == (sent, OWNER, "wechat", 1, False)


async def test_what_is_taken_is_whole(database, clock, sent):
    one = await take(database, clock, sent)
    assert one.title == "已提交：增值税发票总额度调整"
    assert one.body.startswith("我们收到了您的申请")
    assert one.short == "已收到您的增值税发票总额度调整申请，编号BJ20261123000017。预计2026年11月24日前办结。"
    assert one.variables["due_on"] == "2026-11-24"
    assert one.shown["due_on"] == "2026年11月24日"
    assert one.fields == {
        "thing1": "增值税发票总额度调整", "character_string2": "BJ20261123000017", "phrase3": "已提交",
        "thing4": "进度有变化会通知您",
    }  # fmt: skip
    assert one.link.startswith("/matters/application/index?id=")
    assert (one.template, one.purpose, one.language) == ("application_submitted", "service", "zh")


async def test_a_person_reads_in_their_language_and_in_plain_words(database, clock, task_context):
    await bind(database, clock, OWNER)
    await bind(database, clock, CLERK)
    await set_wish(database, clock, OWNER, ["wechat"], language="en")
    await set_wish(database, clock, CLERK, ["wechat"], is_elder=True)
    await tell(database, clock, template="appointment_reminder", subject_kind="appointment")
    await run_plans(task_context)
    found = {
        row["person_id"]: await take(database, clock, row["delivery_id"])
        for row in await deliveries(database, way="wechat")
    }
    assert found[OWNER].title.startswith("See you tomorrow")
    assert found[OWNER].short.startswith("Reminder: 24 November 2026")
    assert found[CLERK].title.startswith("明天去办税")
    assert found[CLERK].link == "/appointments/mine/index"


async def test_handed_over_then_receipts_move_it_on(database, clock, sent):
    await take(database, clock, sent)
    await hand(database, clock, sent)
    for said in ("delivered", "read"):
        clock.move(minutes=1)
        await told(database, clock, sent, said)
    (row,) = await deliveries(database, delivery_id=sent)
    assert (row["state"], row["channel"], row["provider_ref"], row["next_at"]) == ("read", "oa", "msg-1", None)
    assert row["handed_at"] < row["arrived_at"] < row["read_at"]


async def test_a_receipt_that_is_quicker_than_our_own_word_counts(database, clock, sent):
    await take(database, clock, sent)
    await told(database, clock, sent, "delivered")
    await hand(database, clock, sent)
    (row,) = await deliveries(database, delivery_id=sent)
    assert (row["state"], row["provider_ref"]) == ("delivered", "msg-1")
    await told(database, clock, sent, "handed")
    await told(database, clock, sent, "failed", code="x")
    await refuse(database, clock, sent, is_final=True)
    assert (await deliveries(database, delivery_id=sent)) == [row]


async def test_of_something_unknown_nothing_comes(database, clock):
    await told(database, clock, uuid7(), "read")
    await hand(database, clock, uuid7())
    await refuse(database, clock, uuid7())
    assert await take(database, clock, uuid7()) is None
    assert await deliveries(database) == []


async def test_it_is_tried_again_with_growing_pauses_until_patience_ends(database, clock, sent):
    pauses = []
    for _ in range(5):
        assert await take(database, clock, sent) is not None
        await refuse(database, clock, sent)
        (row,) = await deliveries(database, delivery_id=sent)
        pauses.append(int((row["next_at"] - clock.now()).total_seconds()))
        assert await take(database, clock, sent) is None, "not before the pause is over"
        clock.at = row["next_at"]
    assert pauses == [30, 120, 600, 1800, 7200]
    await take(database, clock, sent)
    await refuse(database, clock, sent)
    (row,) = await deliveries(database, delivery_id=sent)
    assert (row["state"], row["code"], row["reason"], row["tries"]) == ("dead", "45009", "今天的额度用完了", 6)
    (died,) = await news(database, "messaging.delivery_died")
    assert (died["delivery_id"], died["code"], died["is_must"]) == (str(sent), "45009", False)


async def test_a_channel_may_say_when_to_come_again(database, clock, sent):
    await take(database, clock, sent)
    await refuse(database, clock, sent, next_in=5)
    (row,) = await deliveries(database, delivery_id=sent)
    assert row["next_at"] == clock.now() + timedelta(seconds=5)
    clock.move(seconds=5)
    await news(database)
    await do(database, sweeping.announce_one, clock=clock, taxpayer_id=SHOP, delivery_id=sent)
    assert [one["delivery_id"] for one in await news(database)] == [str(sent)]


async def test_a_retry_does_not_wake_anybody_at_night(database, clock, sent):
    clock.move(hours=8, minutes=50)  # 20:50 in China
    await take(database, clock, sent)
    await refuse(database, clock, sent, next_in=1200)
    (row,) = await deliveries(database, delivery_id=sent)
    assert row["next_at"].isoformat() == "2026-11-24T00:00:00+00:00"


async def test_a_way_that_fails_for_good_gives_way_to_the_next_until_none_is_left(database, clock, must):
    seen, current = [], must
    for _ in range(3):
        one = await take(database, clock, current)
        seen.append(one.way)
        await refuse(database, clock, current, code="43101", is_final=True)
        wanted = await deliveries(database, state="wanted")
        current = wanted[0]["delivery_id"] if wanted else None
    assert seen == ["wechat", "email", "sms"]
    assert current is None
    rows = {row["way"]: row["state"] for row in await deliveries(database)}
    assert rows == {"inbox": "delivered", "wechat": "failed", "email": "failed", "sms": "dead"}
    assert [one["way"] for one in await news(database)] == ["email", "sms"]


async def test_a_late_word_that_it_did_arrive_spares_the_next_way(database, clock, must):
    await take(database, clock, must)
    await hand(database, clock, must)
    await told(database, clock, must, "failed", code="user block", reason="用户拒收")
    (mail,) = await deliveries(database, way="email")
    assert mail["state"] == "wanted"
    await told(database, clock, must, "delivered")
    assert await state(database, must) == "delivered"
    (mail,) = await deliveries(database, way="email")
    assert (mail["state"], mail["code"]) == ("suppressed", "arrived")
    assert await take(database, clock, mail["delivery_id"]) is None


async def test_two_final_refusals_make_one_next_way(database, clock, must):
    await take(database, clock, must)
    await asyncio.gather(*(refuse(database, clock, must, is_final=True) for _ in range(6)))
    assert len(await deliveries(database, way="email")) == 1
    assert len(await news(database)) == 1


async def test_who_takes_it_and_is_killed_loses_it_and_it_is_tried_again_as_a_repeat(database, clock, sent):
    assert (await take(database, clock, sent)).is_repeat is False
    clock.move(seconds=LEASE.total_seconds() - 1)
    await sweep(database, clock)
    assert await state(database, sent) == "handing", "within the lease it is theirs"
    clock.move(seconds=1)
    await sweep(database, clock)
    (row,) = await deliveries(database, delivery_id=sent)
    assert (row["state"], row["code"]) == ("wanted", "outcome_unknown")
    clock.at = row["next_at"]
    again = await take(database, clock, sent)
    assert (again.is_repeat, again.tries) == (True, 2)
    await hand(database, clock, sent)
    assert await state(database, sent) == "handed"


async def test_the_word_of_one_who_lost_the_lease_still_counts(database, clock, sent):
    await take(database, clock, sent)
    clock.move(seconds=LEASE.total_seconds())
    await sweep(database, clock)
    await hand(database, clock, sent)
    assert await state(database, sent) == "handed"
    clock.move(hours=1)
    assert await take(database, clock, sent) is None, "it is not said twice"


@pytest.mark.parametrize("step", ["take", "hand", "refuse", "refuse_final", "receipt", "sweep"])
async def test_killed_half_way_at_any_step_it_is_as_if_it_had_not_begun(database, clock, must, step):
    if step != "take":
        await take(database, clock, must)
    if step == "sweep":
        clock.move(seconds=LEASE.total_seconds())
    before = await deliveries(database), await news(database, "none")

    class Killed(Exception): ...

    async def killed():
        async with database.transaction() as tx:
            if step == "take":
                await messaging.take_deliveries(tx, clock, [(SHOP, must)])
            elif step == "hand":
                await messaging.handed_over(tx, clock, [(SHOP, must, "oa", "r")])
            elif step == "receipt":
                await messaging.receipt(tx, clock, SHOP, must, "delivered", clock.now())
            elif step == "sweep":
                await sweeping.sweep(tx, clock=clock)
            else:
                await messaging.not_handed_over(tx, clock, SHOP, must, "oa", "c", "r", "r", step == "refuse_final")
            raise Killed

    with pytest.raises(Killed):
        await killed()
    assert (await deliveries(database), await news(database, "none")) == before
    assert await news(database) == []


async def test_news_that_was_lost_is_told_again_after_five_minutes(database, clock, sent):
    assert len(await news(database)) == 1
    clock.move(minutes=4)
    await sweep(database, clock)
    assert await news(database) == []
    clock.move(minutes=2)
    await sweep(database, clock)
    await sweep(database, clock)
    assert [one["delivery_id"] for one in await news(database)] == [str(sent)]


async def test_sweepers_side_by_side_tell_each_delivery_once(database, clock, task_context):
    await bind(database, clock, OWNER)
    for number in range(8):
        await tell(database, clock, number)
    await run_plans(task_context)
    waiting = len(await deliveries(database, state="wanted"))
    await news(database)
    clock.move(minutes=6)
    await asyncio.gather(*(sweep(database, clock) for _ in range(5)))
    told_again = [one["delivery_id"] for one in await news(database)]
    assert len(told_again) == len(set(told_again)) == waiting == 8


@pytest.mark.parametrize(("slug", "ends", "died"), [("application_submitted", "expired", 0), (MUST, "dead", 1)])
async def test_what_nobody_carries_ends_at_its_deadline(database, clock, task_context, slug, ends, died):
    await bind(database, clock, OWNER)
    await tell(database, clock, template=slug, for_person_id=OWNER)
    await run_plans(task_context)
    clock.move(hours=73)
    await sweep(database, clock)
    (row,) = await deliveries(database, way="wechat")
    assert (row["state"], row["code"]) == (ends, "expired")
    assert len(await news(database, "messaging.delivery_died")) == died
    assert await take(database, clock, row["delivery_id"]) is None


async def test_night_messages_wait_and_go_as_one_in_the_morning(database, clock, task_context):
    await bind(database, clock, OWNER)
    clock.move(hours=10)  # 22:00
    for number in range(3):
        await tell(database, clock, number, for_person_id=OWNER)
        await run_plans(task_context)
        clock.move(minutes=1)
    rows = await deliveries(database, way="wechat")
    assert [(row["state"], row["code"], row["merged"]) for row in rows] == [
        ("suppressed", "merged", 0), ("suppressed", "merged", 1), ("wanted", "", 2),
    ]  # fmt: skip
    assert await news(database) == []
    clock.at = rows[2]["next_at"]
    await sweep(database, clock)
    assert len(await news(database)) == 1
    one = await take(database, clock, rows[2]["delivery_id"])
    assert one.short.endswith("另有2条同类消息，请看收件箱。")


async def test_read_in_the_inbox_nothing_more_is_sent(database, clock, task_context, caller):
    await bind(database, clock, OWNER)
    await bind(database, clock, CLERK)
    clock.move(hours=10)  # 22:00: it waits for the morning
    message = await tell(database, clock)
    await run_plans(task_context)
    await (await caller()).ok("POST", f"/messaging/messages/{message}/reading")
    rows = {(row["person_id"], row["way"]): (row["state"], row["code"]) for row in await deliveries(database)}
    assert rows[OWNER, "inbox"] == ("read", "")
    assert rows[OWNER, "wechat"] == ("suppressed", "arrived")
    assert rows[CLERK, "wechat"] == ("wanted", ""), "the other person has not read it"


async def test_who_no_longer_acts_for_the_taxpayer_is_not_told(database, clock, task_context):
    await bind(database, clock, CLERK)
    clock.move(hours=10)
    await tell(database, clock)
    await run_plans(task_context)
    (row,) = await deliveries(database, way="wechat")
    async with database.transaction() as tx:
        await tx.execute("update identity_hat set revoked_at = now() where person_id = $1", CLERK)
    clock.at = row["next_at"]
    assert await take(database, clock, row["delivery_id"]) is None
    (row,) = await deliveries(database, way="wechat")
    assert (row["state"], row["code"]) == ("dead", "unbound")


async def test_an_address_that_is_refused_for_good_is_not_planned_for(database, clock, task_context):
    await bind(database, clock, OWNER)
    async with database.transaction() as tx:
        await identity.unreachable(
            tx, clock=clock, person_id=OWNER, family="wechat_oa", app_id="app", value=f"wechat_oa-{OWNER}", code="43004"
        )
    await tell(database, clock, for_person_id=OWNER)
    await run_plans(task_context)
    assert [row["way"] for row in await deliveries(database)] == ["inbox"]


async def test_what_one_taxpayer_is_told_goes_to_nobody_elses_people(database, clock, task_context):
    for person in (OWNER, CLERK):
        await bind(database, clock, person)
    await tell(database, clock, taxpayer_id=GENERAL)
    await tell(database, clock, taxpayer_id=NEIGHBOUR)
    await run_plans(task_context)
    rows = await deliveries(database, way="wechat")
    assert [(row["taxpayer_id"], row["person_id"]) for row in rows] == [(GENERAL, OWNER)]
    assert await take(database, clock, rows[0]["delivery_id"]) is None, "asked for under another taxpayer"


async def test_consent_opens_and_closes_a_purpose(database, clock, task_context, monkeypatch):
    from dataclasses import replace

    from palmtax.messaging.actions import preferences
    from palmtax.messaging.model import reading

    every = dict(messaging.every_template())
    every["application_submitted"] = replace(every["application_submitted"], purpose="promotion")
    for module in (planning, reading):
        monkeypatch.setattr(module, "every_template", lambda: every)
    await bind(database, clock, OWNER)
    actor, seen = make_actor(OWNER), []
    for number, is_given in enumerate((None, True, False)):
        clock.move(days=1)
        if is_given is not None:
            await do(
                database, preferences.decide_consent, actor=actor, clock=clock, taxpayer_id=SHOP, purpose="promotion",
                is_given=is_given, notice="2026-11",
            )  # fmt: skip
        await tell(database, clock, number, for_person_id=OWNER)
        await run_plans(task_context)
        seen.append([(r["state"], r["code"]) for r in await deliveries(database, way="wechat")][-1])
    assert seen == [("suppressed", "no_consent"), ("wanted", ""), ("suppressed", "no_consent")]


@pytest.mark.parametrize("way", ["wechat", "email"])
async def test_plainer_words_and_what_was_merged_go_along_by_every_way(database, clock, task_context, way):
    await bind(database, clock, CLERK, "email" if way == "email" else "wechat_oa")
    await set_wish(database, clock, CLERK, [way], is_elder=True)
    await tell(database, clock, template="supplement_asked", for_person_id=CLERK)
    await run_plans(task_context)
    (row,) = await deliveries(database, way=way)
    async with database.transaction() as tx:
        await tx.execute("update messaging_delivery set merged = 2")
    taken = await take(database, clock, row["delivery_id"])
    plain = messaging.find_template("supplement_asked").render(
        messaging.find_template("supplement_asked").samples(), "zh", is_elder=True
    )
    assert (taken.title, taken.body) == (plain.title, f"{plain.body}\n\n另有2条同类消息，请看收件箱。")
    assert taken.short.endswith("另有2条同类消息，请看收件箱。")
