"""The one address of platforms: taken once, answered in time, refused without a word of why."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from channels.make import channels, platform_of, post
from filing.make import OWNER

from palmtax.channels.adapters.speaking import INVENTED
from palmtax.plumbing.worker import drain

ALL = channels()
pytestmark = pytest.mark.usefixtures("channels_process", "town")


@pytest.fixture
def oa():
    return platform_of(ALL["wechat_oa"])


@pytest.fixture
def now(clock):
    return int(clock.now().timestamp())


@pytest.mark.parametrize("name", ["wechat_oa", "wechat_mini", "wecom", "gov_wechat", "wechat_oa_linan", "alipay_life"])
async def test_the_check_of_the_address_is_echoed(name, client, now):
    call, echo = platform_of(ALL[name]).check(now)
    answer = await post(client, name, call)
    assert (answer.status_code, answer.text) == (200, echo)


@pytest.mark.parametrize(
    ("name", "answer"),
    [("wechat_mini", "success"), ("wecom", "success"), ("dingtalk", "{}"), ("sms", '{"result":0,"errmsg":"OK"}'),
     ("sms2", '{"code":0,"msg":"OK"}')],
)  # fmt: skip
async def test_a_message_is_kept_once_and_answered(name, answer, client, now, rows):
    call = platform_of(ALL[name]).say("42", "你好", now)
    first, again = await post(client, name, call), await post(client, name, call)
    assert [(one.status_code, one.text) for one in (first, again)] == [(200, answer)] * 2
    assert first.headers["content-type"].startswith("text/plain")
    kept = await rows("select channel, kind from channels_event")
    jobs = await rows("select 1 from pgqueuer where entrypoint = 'channels.take_event'")
    assert (len(kept), len(jobs), kept[0]["channel"]) == (1, 1, name)


async def test_the_same_message_in_a_new_call_is_kept_once(client, oa, now, rows):
    for _ in range(3):
        assert (await post(client, "wechat_oa", oa.say("42", "你好", now))).status_code == 200
    assert len(await rows("select 1 from channels_event")) == 1
    assert len(await rows("select 1 from channels_nonce")) == 3


async def test_many_at_once_are_kept_once(client, oa, now, rows):
    answers = await asyncio.gather(*(post(client, "wechat_oa", oa.say("42", "你好", now)) for _ in range(20)))
    assert {one.status_code for one in answers} == {200}
    assert len(await rows("select 1 from channels_event")) == 1


async def test_other_content_under_a_used_nonce_is_refused(client, oa, now, rows):
    assert (await post(client, "wechat_oa", oa.say("1", "a", now, "nonce1"))).status_code == 200
    refused = await post(client, "wechat_oa", oa.say("2", "b", now, "nonce1"))
    assert (refused.status_code, refused.json()["code"]) == (403, "channels.callback_not_taken")
    assert len(await rows("select 1 from channels_event")) == 1


async def test_refusals_say_nothing_of_why_and_keep_nothing(client, oa, now, rows):
    good = oa.say("1", "a", now)
    calls = [
        replace(good, query={**good.query, "msg_signature": "0" * 40}),
        replace(good, query={}),
        oa.say("1", "a", now - 3600),
        replace(oa, credentials={**INVENTED, "app_id": "wx1"}).say("1", "a", now),
        replace(good, body=b"<!DOCTYPE x><xml/>"),
    ]
    answers = [await post(client, "wechat_oa", call) for call in calls]
    assert {one.status_code for one in answers} == {403}
    assert len({one.json()["text"] for one in answers}) == 1
    assert await rows("select 1 from channels_event") == []
    assert await rows("select 1 from channels_nonce") == []


async def test_too_large_is_413(client, oa, now):
    call = replace(oa.say("1", "a", now), body=b"x" * 70_000)
    assert (await post(client, "wechat_oa", call)).status_code == 413


async def test_an_unknown_channel_is_404(client, oa, now):
    answer = await post(client, "wechat_moon", oa.say("1", "a", now))
    assert (answer.status_code, answer.json()["code"]) == (404, "channels.channel_unknown")


async def test_what_was_said_lies_sealed(client, oa, now, rows):
    await post(client, "wechat_oa", oa.say("1", "我的税号是什么", now))
    (row,) = await rows("select content_sealed, kind, theirs from channels_event")
    assert "我的税号".encode() not in bytes(row["content_sealed"])
    assert (row["kind"], row["theirs"]) == ("said", "text")


async def test_an_unknown_event_is_kept_and_worked_off(client, oa, now, rows, task_context):
    fields = {"FromUserName": "o1", "MsgType": "event", "Event": "brand_new_event"}
    assert (await post(client, "wechat_oa", oa.news(fields, now))).status_code == 200
    await drain(task_context)
    (row,) = await rows("select kind, theirs, taken_at from channels_event")
    assert (row["kind"], row["theirs"], row["taken_at"] is not None) == ("unknown", "brand_new_event", True)


async def test_a_message_opens_its_window_and_news_goes_up(client, oa, now, rows, task_context, bound):
    await bound("wechat_oa", INVENTED["app_id"], "kit_person")
    await post(client, "wechat_oa", oa.say("1", "hi", now))
    await drain(task_context, limit=1)
    (window,) = await rows("select what, remaining, until_at from channels_allowance")
    assert (window["what"], window["remaining"]) == ("text", 5)
    news = "entrypoint <> 'channels.sort_follower'"
    (told,) = await rows(f"select convert_from(payload, 'utf8')::jsonb as p from pgqueuer where {news}")
    assert told["p"]["event"] == "channels.event_received"
    assert (told["p"]["data"]["kind"], told["p"]["data"]["person_id"]) == ("said", OWNER)


async def test_choices_are_counted_and_refusals_kept(client, oa, now, rows, task_context):
    def popup(choice, at):
        listed = {"List": {"TemplateId": "T", "SubscribeStatusString": choice}}
        fields = {"FromUserName": "o1", "MsgType": "event", "Event": "subscribe_msg_popup_event"}
        return oa.news({**fields, "SubscribeMsgPopupEvent": listed}, at)

    for step in range(2):
        await post(client, "wechat_oa", popup("accept", now - step))
    await drain(task_context)
    assert [(r["remaining"], r["is_refused"]) for r in await rows("select * from channels_allowance")] == [(2, False)]
    await post(client, "wechat_oa", popup("reject", now - 9))
    await drain(task_context)
    assert [(r["remaining"], r["is_refused"]) for r in await rows("select * from channels_allowance")] == [(0, True)]


async def test_who_unfollows_is_not_written_to_until_they_follow_again(client, oa, now, task_context, bound, database):
    from palmtax import identity

    await bound("wechat_oa", INVENTED["app_id"], "o1")

    async def reachable():
        async with database.statement() as tx:
            return [one.is_reachable for one in await identity.addresses(tx, [OWNER], ["wechat_oa"])]

    fields = {"FromUserName": "o1", "MsgType": "event"}
    await post(client, "wechat_oa", oa.news({**fields, "Event": "unsubscribe"}, now))
    await drain(task_context)
    assert await reachable() == [False]
    await post(client, "wechat_oa", oa.news({**fields, "Event": "subscribe"}, now))
    await drain(task_context)
    assert await reachable() == [True]


async def test_platforms_sign_by_the_wall_whatever_day_the_house_lives_on(client, oa, channels_process, clock, rows):
    wall = clock.now().timestamp()
    channels_process.ports.now = lambda: wall
    clock.move(days=-40)
    assert (await post(client, "wechat_oa", oa.say("1", "a", int(wall)))).status_code == 200
    assert (await post(client, "wechat_oa", oa.say("2", "a", int(clock.now().timestamp())))).status_code == 403
    assert len(await rows("select 1 from channels_event")) == 1


async def test_two_people_may_speak_in_the_same_millisecond_and_a_forger_comes_too_late(
    client, channels_process, clock, now, rows
):
    robot = platform_of(ALL["dingtalk"])
    first = robot.say("1", "a", now)
    others = [replace(robot.say(number, "b", now), headers=first.headers) for number in ("2", "3")]
    assert (await post(client, "dingtalk", first)).status_code == 200
    assert (await post(client, "dingtalk", others[0])).status_code == 200
    clock.move(seconds=2)
    assert (await post(client, "dingtalk", others[1])).status_code == 403
    assert len(await rows("select 1 from channels_event")) == 2
