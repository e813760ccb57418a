"""A message that messaging wants outside reaches its person once, or messaging is told why not."""

from __future__ import annotations

import json
from urllib.parse import parse_qs

import httpx
import pytest
from channels.make import Platforms, channels, platform_of, post, process
from filing.make import CLERK, OWNER, SHOP
from messaging.make import tell

from palmtax import identity, messaging
from palmtax.channels import listeners, tasks
from palmtax.channels.adapters.speaking import INVENTED
from palmtax.channels.store import traffic
from palmtax.plumbing.worker import drain

APP = INVENTED["app_id"]


@pytest.fixture
def outer(outside, database, clock):
    """Puts platforms around the house, which answer as the test says."""

    def around(**moods: list[str]) -> Platforms:
        platforms = Platforms(**moods)
        made = process(transport=platforms)
        made.ports.database = database
        made.ports.now = lambda: clock.now().timestamp()
        outside["channels"] = made
        return platforms

    return around


@pytest.fixture
def deliveries(rows):
    """Deliveries outside the inbox: state, channel, code, reason, reference by way."""

    async def read(person_id: int = OWNER) -> dict[str, dict]:
        found = await rows(
            "select way, state, channel, code, reason, reason_en, provider_ref, delivery_id, tries from messaging_delivery"
            " where person_id = $1 and way <> 'inbox'",
            person_id,
        )
        return {row["way"]: row for row in found}

    return read


async def wish(database, clock, *ways, person_id=OWNER):
    from messaging.make import make_actor

    async with database.transaction() as tx:
        await messaging.set_preferences(
            tx, actor=make_actor(person_id), clock=clock, taxpayer_id=SHOP, topics=[], ways=list(ways)
        )


async def test_a_message_reaches_the_follower(outer, bound, database, clock, task_context, deliveries, rows):
    platforms = outer()
    await bound("wechat_oa", APP, "o1")
    await tell(database, clock)
    await drain(task_context)
    (asked,) = platforms.heard("wechat_oa")
    body = json.loads(asked.content)
    found = (await deliveries())["wechat"]
    assert (found["state"], found["channel"], found["provider_ref"]) == ("handed", "wechat_oa", "4815162342")
    assert (body["touser"], body["client_msg_id"]) == ("o1", found["delivery_id"].hex)
    assert asked.url.params["access_token"] == "kit-token-1"
    assert body["url"].startswith(
        "https://palmtax.example/#/pages/enter/index?to=%2Fmatters%2Fapplication%2Findex%3Fid%3D"
    )
    assert body["url"].endswith("&via=wechat_oa")
    assert len(body["data"]["thing1"]["value"]) <= 20
    assert [(r["outcome"], r["count"]) for r in await rows("select outcome, count from channels_minute")] == [
        ("handed", 1)
    ]


async def test_the_same_news_twice_hands_over_once(outer, bound, database, clock, task_context):
    platforms = outer()
    await bound("wechat_oa", APP, "o1")
    await tell(database, clock)
    await drain(task_context, limit=3)
    async with database.statement() as tx:
        row = await tx.fetchrow("select taxpayer_id, delivery_id from messaging_delivery where way = 'wechat'")
    for _ in range(3):
        await listeners.carry(task_context, {"taxpayer_id": row["taxpayer_id"], "delivery_id": str(row["delivery_id"])})
    await drain(task_context)
    assert len(platforms.heard("wechat_oa")) == 1


async def test_a_receipt_closes_the_circle_and_does_no_harm_twice(
    outer, bound, client, database, clock, task_context, deliveries
):
    outer()
    await bound("wechat_oa", APP, "o1")
    await tell(database, clock)
    await drain(task_context)
    fields = {"FromUserName": "o1", "MsgType": "event", "Event": "TEMPLATESENDJOBFINISH", "MsgID": "4815162342"}
    now = int(clock.now().timestamp())
    for _ in range(2):
        call = platform_of(channels()["wechat_oa"]).news({**fields, "Status": "success"}, now)
        assert (await post(client, "wechat_oa", call)).status_code == 200
        await drain(task_context)
    assert (await deliveries())["wechat"]["state"] == "delivered"


async def test_a_token_that_died_is_renewed_once(outer, bound, database, clock, task_context, deliveries, rows):
    platforms = outer(wechat_oa=["42001"])
    await bound("wechat_oa", APP, "o1")
    await tell(database, clock)
    await drain(task_context)
    asked = [one.url.params["access_token"] for one in platforms.heard("wechat_oa")]
    assert asked == ["kit-token-1", "kit-token-2"]
    assert (await deliveries())["wechat"]["state"] == "handed"


@pytest.mark.parametrize("code", ["43101", "43004", "40003"])
async def test_a_refusal_for_good_marks_the_address_and_goes_another_way(
    outer, bound, database, clock, task_context, deliveries, code
):
    platforms = outer(wechat_oa=[code])
    await bound("wechat_oa", APP, "o1")
    await wish(database, clock, "wechat", "sms")
    await tell(database, clock)
    await drain(task_context)
    found = await deliveries()
    assert (found["wechat"]["state"], found["wechat"]["code"]) == ("failed", code)
    assert found["wechat"]["reason"] == channels()["wechat_oa"].meaning(code).say
    assert found["sms"]["state"] == "handed"
    async with database.statement() as tx:
        (kept,) = await identity.addresses(tx, [OWNER], ["wechat_oa"])
    assert (kept.is_reachable, kept.refused_code) == (False, code)
    assert len(platforms.heard("wechat_oa")) == 1


async def test_a_second_address_of_the_same_way_is_tried_first(outer, bound, database, clock, task_context, deliveries):
    platforms = outer(wechat_oa=["43004"])
    await bound("wechat_oa", APP, "o1")
    await bound("wechat_mini", APP, "m1", proof="wechat_login")
    await tell(database, clock)
    await drain(task_context)
    found = (await deliveries())["wechat"]
    assert (found["state"], found["channel"], len(platforms.heard("wechat_mini"))) == ("handed", "wechat_mini", 1)


async def test_a_channel_that_refuses_us_is_red_at_once_and_traffic_moves(
    outer, bound, database, clock, task_context, deliveries, rows
):
    platforms = outer(wechat_oa=["48001"])
    await bound("wechat_oa", APP, "o1")
    await bound("wechat_mini", APP, "m1", proof="wechat_login")
    await tell(database, clock)
    await drain(task_context)
    assert (await deliveries())["wechat"]["channel"] == "wechat_mini"
    (standing,) = await rows("select light, say from channels_standing where channel = 'wechat_oa'")
    assert standing == {"light": "red", "say": "公众号没有这个接口的权限"}
    await tell(database, clock, 2)
    await drain(task_context)
    assert (len(platforms.heard("wechat_oa")), len(platforms.heard("wechat_mini"))) == (1, 2)
    clock.move(seconds=30)
    await tasks.look_again(task_context, {})  # a living token says nothing about a right that was taken from us
    assert (await rows("select light from channels_standing where channel = 'wechat_oa'"))[0]["light"] == "red"
    clock.move(seconds=120)
    await tasks.look_again(task_context, {})
    assert (await rows("select light from channels_standing where channel = 'wechat_oa'"))[0]["light"] == "green"


async def test_a_token_that_stays_dead_is_red_until_a_probe_is_let_in(
    outer, bound, database, clock, task_context, rows
):
    outer(wechat_oa=["42001"] * 2)
    await bound("wechat_oa", APP, "o1")
    await tell(database, clock)
    await drain(task_context)
    (standing,) = await rows("select light from channels_standing where channel = 'wechat_oa'")
    assert standing["light"] == "red"
    clock.move(seconds=30)
    await tasks.look_again(task_context, {})
    (standing,) = await rows("select light from channels_standing where channel = 'wechat_oa'")
    assert standing["light"] == "green"


@pytest.mark.parametrize("secrets", [None, {"app_id": APP}])
async def test_a_channel_without_its_secrets_is_red_and_traffic_moves(
    outer, bound, database, clock, task_context, deliveries, rows, outside, secrets
):
    platforms = outer()
    kept = outside["channels"].ports.credentials
    if secrets is None:
        del kept["official_account"]
    else:
        kept["official_account"] = secrets
    await bound("wechat_oa", APP, "o1")
    await bound("wechat_mini", APP, "m1", proof="wechat_login")
    await tell(database, clock)
    await drain(task_context)
    assert (await deliveries())["wechat"]["channel"] == "wechat_mini"
    assert len(platforms.heard("wechat_mini")) == 1
    lights = {row["channel"]: row["say"] for row in await rows("select channel, say from channels_standing")}
    assert lights.get("wechat_oa") in (
        None,
        "没有这个渠道的凭据",
    )  # none: without an account there was no address for it


async def test_a_spent_quota_waits_as_long_as_the_code_says(
    outer, bound, database, clock, task_context, deliveries, rows
):
    outer(wechat_oa=["45009"])
    await bound("wechat_oa", APP, "o1")
    await tell(database, clock)
    await drain(task_context)
    found = (await deliveries())["wechat"]
    assert (found["state"], found["code"]) == ("wanted", "45009")
    (row,) = await rows("select next_at from messaging_delivery where way = 'wechat'")
    assert (row["next_at"] - clock.now()).total_seconds() == 3600


@pytest.mark.parametrize("mood", ["500", "garbage", "down", "timeout"])
async def test_an_outage_is_waited_out(outer, bound, database, clock, task_context, deliveries, mood):
    platforms = outer(wechat_oa=[mood])
    await bound("wechat_oa", APP, "o1")
    await tell(database, clock)
    await drain(task_context)
    found = (await deliveries())["wechat"]
    assert found["state"] == "wanted"
    clock.move(seconds=60)
    await _again(task_context, found)
    assert (await deliveries())["wechat"]["state"] == "handed"
    references = {json.loads(one.content)["client_msg_id"] for one in platforms.heard("wechat_oa")}
    assert references == {found["delivery_id"].hex}


async def _again(task_context, found):
    await listeners.carry(task_context, {"taxpayer_id": SHOP, "delivery_id": str(found["delivery_id"])})


async def test_a_text_message_that_may_have_arrived_is_not_sent_twice(
    outer, database, clock, task_context, deliveries, town
):
    platforms = outer(sms=["timeout"], sms2=["timeout"])
    await wish(database, clock, "sms")
    await tell(database, clock)
    await drain(task_context)
    found = (await deliveries())["sms"]
    assert (found["state"], found["provider_ref"]) == ("handed", found["delivery_id"].hex)
    await _again(task_context, found)
    assert len(platforms.heard("sms")) + len(platforms.heard("sms2")) == 1


async def test_its_report_finds_it_by_our_number(outer, client, database, clock, task_context, deliveries, town):
    platforms = outer()
    await wish(database, clock, "sms")
    await tell(database, clock)
    await drain(task_context)
    found = (await deliveries())["sms"]
    name = found["channel"]
    rule = channels()[name].manifest.callback.receipts
    row = {rule.reference: found["provider_ref"], rule.good[0]: rule.good[1]}
    answer = await client.post(f"/channels/{name}/callback", params={"key": INVENTED["callback_key"]}, json=[row])
    assert answer.status_code == 200
    await drain(task_context)
    assert (await deliveries())["sms"]["state"] == "delivered"
    body = platforms.heard(name)[0].content.decode()
    assert found["delivery_id"].hex in body if name == "sms" else parse_qs(body)["OutId"] == [found["delivery_id"].hex]


async def test_a_process_that_died_in_the_call_is_known_to_have_called(
    outer, database, clock, task_context, deliveries, town
):
    platforms = outer()
    await wish(database, clock, "sms")
    await tell(database, clock)
    await drain(task_context, limit=2)
    found = (await deliveries())["sms"]
    async with database.transaction() as tx:  # the call was written down, and nothing was heard of it again
        await traffic.begin_calls(tx, [(SHOP, found["delivery_id"], 1, "sms")], clock.now())
        await tx.execute("update messaging_delivery set tries = 1 where delivery_id = $1", found["delivery_id"])
    await drain(task_context)
    after = (await deliveries())["sms"]
    assert (after["state"], after["channel"], after["provider_ref"]) == ("handed", "sms", found["delivery_id"].hex)
    assert platforms.heard("sms") == []


async def test_a_switched_off_channel_carries_nothing(outer, bound, database, clock, task_context, deliveries):
    from complaints.make import KEYS
    from messaging.make import make_actor

    from palmtax import channels as door

    platforms = outer()
    await bound("wechat_oa", APP, "o1")
    keeper = make_actor(KEYS, office_code="14403000000")
    async with database.transaction() as tx:
        await door.switch(tx, actor=keeper, clock=clock, channel="wechat_oa", part="", is_on=False, reason="平台维护")
    await tell(database, clock)
    await drain(task_context)
    found = (await deliveries())["wechat"]
    assert (platforms.heard("wechat_oa"), found["state"], found["code"]) == ([], "dead", "off")


async def test_a_matter_can_be_switched_off_alone(outer, bound, database, clock, task_context):
    from complaints.make import KEYS
    from messaging.make import make_actor

    from palmtax import channels as door

    platforms = outer()
    await bound("wechat_oa", APP, "o1")
    keeper = make_actor(KEYS, office_code="14403000000")
    async with database.transaction() as tx:
        await door.switch(
            tx,
            actor=keeper,
            clock=clock,
            channel="wechat_oa",
            part="application_submitted",
            is_on=False,
            reason="先不推送",
        )
    await tell(database, clock, 1)
    await tell(database, clock, 2, template="application_approved")
    await drain(task_context)
    assert len(platforms.heard("wechat_oa")) == 1


async def test_nobody_without_an_address_is_written_to(outer, database, clock, task_context, deliveries, town):
    platforms = outer()
    await tell(database, clock)
    await drain(task_context)
    assert (await deliveries(), await deliveries(CLERK)) == ({}, {})
    assert platforms.heard("wechat_oa") == []


async def test_the_limit_of_one_address_makes_the_next_wait(outer, bound, database, clock, task_context, rows, outside):
    platforms = outer()
    await bound("wechat_oa", APP, "o1")
    limited = outside["channels"]
    for _ in range(30):
        assert limited.limiter.wait_seconds("30/hour", "wechat_oa:o1") == 0
    await tell(database, clock)
    await drain(task_context)
    (row,) = await rows("select state, code, next_at from messaging_delivery where way = 'wechat'")
    assert (row["state"], row["code"], platforms.heard("wechat_oa")) == ("wanted", "limit", [])


async def test_a_dead_token_is_red_within_a_minute_and_green_when_it_lives(
    outer, database, clock, task_context, rows, town
):
    platforms = outer()

    async def light(name="wechat_oa"):
        (row,) = await rows("select light from channels_standing where channel = $1", name)
        return row["light"]

    await tasks.watch(task_context, {})
    assert await light() == "green"
    looks = await rows(
        "select execute_after - created as later from pgqueuer where entrypoint = 'channels.look_again' order by 1"
    )
    assert [round(one["later"].total_seconds()) for one in looks] == [15, 30, 45]

    class Dead(Platforms):
        async def handle_async_request(self, request):
            if request.url.path.endswith("stable_token"):
                return httpx.Response(200, json={"errcode": 40125, "errmsg": "invalid appsecret"})
            return await super().handle_async_request(request)

    async with database.transaction() as tx:
        await tx.execute("delete from plumbing_token")
    dead = process(transport=Dead())
    dead.ports.database = database
    task_context.outside["channels"] = dead
    clock.move(seconds=15)
    await tasks.look_again(task_context, {})
    assert await light() == "red"
    assert await light("inbox") == "green"
    async with database.transaction() as tx:
        await tx.execute("delete from plumbing_token")
    living = process(transport=platforms)
    living.ports.database = database
    task_context.outside["channels"] = living
    clock.move(seconds=30)
    await tasks.look_again(task_context, {})
    assert await light() == "green"


async def test_a_card_that_is_clicked_is_closed_and_its_message_acted_on(
    outer, bound, client, database, clock, task_context, rows
):
    from uuid import uuid4

    platforms = outer()
    number = uuid4()
    async with database.transaction() as tx:
        kept = traffic.Handed(number.hex, "wecom", SHOP, number, clock.now(), "handed", "rc")
        await traffic.keep_handed(tx, [kept])
    fields = {
        "FromUserName": "LiSi", "MsgType": "event", "Event": "template_card_event", "EventKey": "seen",
        "TaskId": number.hex, "ResponseCode": "rc-1", "CardType": "button_interaction",
    }  # fmt: skip
    call = platform_of(channels()["wecom"]).news(fields, int(clock.now().timestamp()))
    assert (await post(client, "wecom", call)).status_code == 200
    await drain(task_context)
    (closed,) = [one for one in platforms.heard("wecom") if one.url.path.endswith("update_template_card")]
    body = json.loads(closed.content)
    assert (body["userids"], body["response_code"], body["button"]) == (["LiSi"], "rc-1", {"replace_name": "已收到"})
    (row,) = await rows("select stage from channels_handed")
    assert row["stage"] == "acted"


async def test_a_receipt_quicker_than_our_own_note_is_looked_at_again(
    outer, bound, client, database, clock, task_context, deliveries, rows
):
    outer()
    await bound("wechat_oa", APP, "o1")
    fields = {"FromUserName": "o1", "MsgType": "event", "Event": "TEMPLATESENDJOBFINISH", "MsgID": "4815162342"}
    call = platform_of(channels()["wechat_oa"]).news({**fields, "Status": "success"}, int(clock.now().timestamp()))
    await post(client, "wechat_oa", call)
    await drain(task_context)
    (early,) = await rows("select event_id, taken_at from channels_event")
    assert early["taken_at"] is None
    await tell(database, clock)
    await drain(task_context)
    assert (await deliveries())["wechat"]["state"] == "handed"
    await tasks.take_event(task_context, {"event_id": str(early["event_id"]), "looks": 1})
    assert (await deliveries())["wechat"]["state"] == "delivered"


async def test_a_receipt_of_nobodys_message_is_given_up_in_the_end(outer, client, clock, task_context, rows, town):
    outer()
    fields = {
        "FromUserName": "o1",
        "MsgType": "event",
        "Event": "TEMPLATESENDJOBFINISH",
        "MsgID": "1",
        "Status": "success",
    }
    await post(client, "wechat_oa", platform_of(channels()["wechat_oa"]).news(fields, int(clock.now().timestamp())))
    (row,) = await rows("select event_id from channels_event")
    for looks in range(7):
        await tasks.take_event(task_context, {"event_id": str(row["event_id"]), "looks": looks})
    (row,) = await rows("select taken_at from channels_event")
    assert row["taken_at"] is not None


@pytest.fixture
def service_only(monkeypatch, outside):
    """The official account speaks by customer-service messages alone."""
    from channels.make import changed

    from palmtax.channels.actions import knowing
    from palmtax.channels.model.manifest import Template

    one = channels()["wechat_oa"]
    said = changed(one, templates={"any": Template(kind="service")})
    monkeypatch.setattr(knowing, "channels_of", lambda _in_force, _folder: {"wechat_oa": said})


async def test_customer_service_messages_go_out_within_their_window_only(
    outer, service_only, bound, client, database, clock, task_context, rows
):
    platforms = outer()
    await bound("wechat_oa", APP, "o1")
    await tell(database, clock, 1)
    await drain(task_context)
    (row,) = await rows("select state, code from messaging_delivery where way = 'wechat'")
    assert (row["state"], row["code"], platforms.heard("wechat_oa")) == ("dead", "no_window", [])
    oa = platform_of(channels()["wechat_oa"])
    fields = {"FromUserName": "o1", "MsgType": "event", "Event": "CLICK", "EventKey": "due"}
    await post(client, "wechat_oa", oa.news(fields, int(clock.now().timestamp())))
    await drain(task_context)
    for number in range(2, 7):
        await tell(database, clock, number)
        await drain(task_context)
    sent = [
        json.loads(one.content)["msgtype"] for one in platforms.heard("wechat_oa") if one.url.path.endswith("/send")
    ]
    assert sent == ["text"] * 3
    (window,) = await rows("select remaining from channels_allowance where what = 'menu'")
    assert window["remaining"] == 0


async def test_off_for_one_matter_whatever_the_template_the_message_goes_the_next_way(
    outer, bound, database, clock, task_context, rows
):
    platforms = outer()
    await bound("wechat_oa", APP, "o1")
    await wish(database, clock, "wechat", "sms")
    async with database.transaction() as tx:
        await tx.execute(
            "insert into channels_switch (channel, part, is_enabled, reason, switched_by, switched_at)"
            " values ('wechat_oa', 'FPBL-002', false, 'complaints', 1, $1)",
            clock.now(),
        )
    await tell(database, clock, 1, matter_code="FPBL-002", for_person_id=OWNER)
    await drain(task_context)
    assert platforms.heard("wechat_oa") == []
    sent = await rows("select way, state, code from messaging_delivery where way <> 'inbox' order by way")
    assert [tuple(one.values()) for one in sent] == [("sms", "handed", ""), ("wechat", "failed", "off_for_matter")]
    await tell(database, clock, 2, matter_code="FPBL-001", for_person_id=OWNER)
    await drain(task_context)
    assert len(platforms.heard("wechat_oa")) == 1
