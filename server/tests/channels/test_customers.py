# ruff: noqa: F811 the fixtures of the neighbour are parameters here
"""Customers on WeChat who reach us by WeCom: customer service and customer contact, against the sandbox over HTTP."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from channels.conftest import SECOND_KEYS
from channels.make import channels, platform_of, post
from channels.test_sandboxes import act, ports, sandboxes, server, until  # noqa: F401 fixtures

from palmtax.base.clock import SystemClock
from palmtax.channels.adapters import answering, wecom_customers
from palmtax.channels.adapters.wecom import called
from palmtax.channels.model.customers import read_message
from palmtax.channels.store import customers, talks
from palmtax.channels.tasks import answer, pull_service, take_event
from palmtax.matters import warm_up
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable
from palmtax.plumbing.worker import drain

WECOM = channels()["wecom"]
TALKS = "select way, kind, answered_at is not null as is_done from channels_talk order by asked_at"


@pytest.fixture(scope="module", autouse=True)
def _warm():
    warm_up()


@pytest.fixture
def clock():
    return SystemClock()


@pytest.fixture
def channels_process():
    """The process comes from `ports` here."""


@pytest.fixture
async def account(ports, sandboxes):
    """A customer-service account of our corporation."""
    made = await called(ports, WECOM, "/cgi-bin/kf/account/add", {"name": "税费咨询"})
    yield made["open_kfid"]
    sandboxes.post("/sandbox/quiet")


@pytest.fixture
def customer(sandboxes, account):
    """Acts of a customer, and what the conversation shows."""

    def act_(name, person, **told):
        return act(sandboxes, f"/wecom/sandbox/{name}", person=person, open_kfid=account, **told)

    return act_


@pytest.fixture
def said(sandboxes, account):
    def look(person):
        asked = {"person": person, "open_kfid": account}
        chat = sandboxes.get("/wecom/sandbox/kf", params=asked).json()["chat"]
        return [one["content"]["content"] for one in chat if one["is_ours"]]

    return look


@pytest.fixture
def told(rows):
    """Waits until so many callbacks about something have come in."""

    async def wait(count=1, kind="service_session"):
        async def enough():
            found = await rows("select event_id from channels_event where kind = $1 order by received_at", kind)
            return found if len(found) >= count else None

        return await until(enough)

    return wait


async def test_who_opens_the_conversation_is_welcomed_and_who_asks_is_answered(
    server, customer, said, told, task_context, rows, database, account
):
    number = customer("kf-enter", "进来的人")["external_userid"]
    await told()
    await drain(task_context)
    (welcome,) = said("进来的人")
    assert welcome.startswith("您好，这里是掌税")
    assert "<a " not in welcome
    customer("kf-write", "进来的人", text="发票不够用")
    await told(2)
    await drain(task_context)
    answer = said("进来的人")[1]
    assert answer.startswith("您可能要找：")
    assert "to=%2Fmatters%2Fdetail%2Findex%3Fcode%3DFPBL-002&via=wechat_oa " in answer
    assert "<a " not in answer
    assert [(one["kind"], one["is_done"]) for one in await rows(TALKS)] == [("entered", True), ("asked", True)]
    async with database.statement() as tx:
        kept = await talks.of_address(tx, "wecom", f"{account}/{number}")
    assert [one.said for one in kept] == ["发票不够用", "enter_session"]
    (window,) = await rows("select remaining, until_at from channels_allowance where what = 'service'")
    assert window["remaining"] == 4


async def test_a_job_that_comes_again_and_callbacks_that_come_twice_answer_once(
    server, sandboxes, customer, said, told, task_context, rows
):
    sandboxes.post("/sandbox/faults", json={"server": "wecom_callback", "kind": "double", "count": 3})
    for text in ("缴税", "发票不够用"):
        customer("kf-write", "重复的人", text=text)
    news = await told(2)
    await asyncio.gather(*(pull_service(task_context, {"event_id": str(one["event_id"])}) for one in news * 2))
    await drain(task_context)
    for one in news:
        await pull_service(task_context, {"event_id": str(one["event_id"])})
    await drain(task_context)
    assert len(said("重复的人")) == 2
    assert len(await rows("select 1 from channels_event where kind = 'asked'")) == 2


async def test_news_in_the_wrong_order_lose_nothing(server, sandboxes, customer, said, told, task_context):
    sandboxes.post("/sandbox/faults", json={"server": "wecom_callback", "kind": "reorder"})
    for number in range(3):
        customer("kf-write", "乱序的人", text=f"怎么开票{number}")
    await told(3)
    await drain(task_context)
    assert len(said("乱序的人")) == 3


async def test_pages_are_fetched_until_there_are_no_more_and_a_killed_one_goes_on(
    server, customer, said, told, task_context, rows, account, database, monkeypatch
):
    monkeypatch.setattr(wecom_customers, "AT_ONCE", 2)
    for number in range(5):
        customer("kf-write", "话多的人", text=f"缴税{number}")
    (first, *_) = await told(5)
    real, pages = wecom_customers.pull, []

    async def dies(*args):
        if len(pages) == 1:
            raise KeyboardInterrupt
        pages.append(await real(*args))
        return pages[-1]

    monkeypatch.setattr(wecom_customers, "pull", dies)
    with pytest.raises(KeyboardInterrupt):
        await pull_service(task_context, {"event_id": str(first["event_id"])})
    assert len(await rows("select 1 from channels_event where kind = 'asked'")) == 2
    monkeypatch.setattr(wecom_customers, "pull", real)
    await pull_service(task_context, {"event_id": str(first["event_id"])})
    assert len(await rows("select 1 from channels_event where kind = 'asked'")) == 5
    async with database.statement() as tx:
        reached = await customers.cursor(tx, "wecom", account)
    async with database.transaction() as tx:
        await customers.move(tx, "wecom", account, "0", "1", task_context.clock.now())
    async with database.statement() as tx:
        assert await customers.cursor(tx, "wecom", account) == reached  # never back


async def test_an_answer_that_may_have_been_lost_is_said_again_and_shown_once(
    server, sandboxes, customer, said, told, task_context, rows, monkeypatch
):
    customer("kf-write", "断线的人", text="缴税")
    await told()
    real, times = answering.say, []

    async def lost(*args):
        times.append(1)
        await real(*args)
        if len(times) == 1:
            raise OutsideUnavailable("transport", "ReadTimeout")

    monkeypatch.setattr(answering, "say", lost)
    with pytest.raises(OutsideUnavailable):
        await drain(task_context)
    await drain(task_context)
    (again,) = await rows("select event_id from channels_event where kind = 'asked'")
    for _ in range(2):
        await answer(task_context, {"event_id": str(again["event_id"])})
    assert len(times) == 2
    assert len(said("断线的人")) == 1
    assert [one["is_done"] for one in await rows(TALKS)] == [True]


@pytest.mark.parametrize("state", [2, 3, 4])
async def test_with_staff_in_the_queue_and_after_the_end_we_are_silent(
    state, server, sandboxes, customer, said, told, task_context, rows, ports, account
):
    number = customer("kf-write", f"转人工{state}", text="转人工")["external_userid"]
    member = act(sandboxes, "/wecom/sandbox/members", userid="desk", name="坐席") and "desk"
    moved = {"open_kfid": account, "external_userid": number, "service_state": state, "servicer_userid": member}
    await called(ports, WECOM, "/cgi-bin/kf/service_state/trans", moved)
    await told()
    await drain(task_context)
    assert said(f"转人工{state}") == []
    assert await rows(TALKS) == []
    assert len(await rows("select 1 from channels_event where kind = 'asked'")) == 1


async def test_five_answers_and_no_more_until_the_customer_writes_again(
    server, customer, said, told, task_context, rows, ports, account
):
    number = customer("kf-write", "问很多", text="缴税")["external_userid"]
    await told()
    await drain(task_context)
    for _ in range(4):
        spent = {"touser": number, "open_kfid": account, "msgtype": "text", "text": {"content": "人工"}}
        await called(ports, WECOM, "/cgi-bin/kf/send_msg", spent)
    with pytest.raises(OutsideRefused) as refused:
        await called(ports, WECOM, "/cgi-bin/kf/send_msg", spent)
    assert refused.value.code == "95001"
    customer("kf-write", "问很多", text="怎么开票")
    await told(2)
    await drain(task_context)
    assert len(said("问很多")) == 6


async def test_a_token_that_is_over_is_left_out(server, sandboxes, customer, said, told, task_context):
    customer("kf-write", "晚到的人", text="缴税")
    await told()
    sandboxes.post("/sandbox/clock", json={"ahead_seconds": 700})
    try:
        await drain(task_context)
    finally:
        sandboxes.post("/sandbox/clock", json={"ahead_seconds": 0})
    assert len(said("晚到的人")) == 1


async def test_somebody_elses_account_and_forged_news_change_nothing(client, ports, clock, task_context, rows):
    wecom = platform_of(WECOM, **ports.credentials["wecom"])
    fields = {
        "FromUserName": "sys",
        "MsgType": "event",
        "Event": "kf_msg_or_event",
        "Token": "t",
        "OpenKfId": "wkNobody",
    }
    good = wecom.news(fields, int(clock.now().timestamp()))
    forged = replace(good, query={**good.query, "msg_signature": "0" * 40})
    assert (await post(client, "wecom", forged)).status_code == 403
    assert (await post(client, "wecom", good)).status_code == 200
    await drain(task_context)
    assert await rows("select 1 from channels_event where kind <> 'service_session'") == []
    assert await rows("select 1 from channels_service_cursor") == []


@pytest.mark.parametrize(
    "row",
    [None, [], {}, {"msgid": "1"}, {"msgid": "1", "origin": 5, "msgtype": "text"}, {"origin": 3, "msgtype": "text"}],
)
def test_what_is_no_customers_message_is_passed_over(row):
    assert read_message(row) is None


def test_a_message_of_nonsense_is_read_without_falling():
    event, at = read_message({"msgid": "1", "origin": 3, "msgtype": "text", "text": "x", "send_time": "later"})
    assert (event.kind, event.said, event.address, at.year) == ("asked", "", "/", 1970)


@pytest.fixture
def way(server, sandboxes, ports):
    """A code of the counter by which people add the member at it."""
    act(sandboxes, "/wecom/sandbox/members", userid="counter", name="窗口")

    async def make(scene="counter-3"):
        body = {"type": 2, "scene": 2, "user": ["counter"], "state": scene}
        made = await called(ports, WECOM, "/cgi-bin/externalcontact/add_contact_way", body)
        return made["config_id"]

    return make


def greeted(sandboxes, person):
    chat = sandboxes.get("/wecom/sandbox/kf", params={"person": person, "open_kfid": "customer"}).json()["chat"]
    return [one["content"]["content"] for one in chat]


async def test_who_adds_one_of_our_people_is_greeted_once_with_a_way_into_the_app(
    way, sandboxes, told, task_context, rows
):
    act(sandboxes, "/wecom/sandbox/customer-adds", person="新客户", config_id=await way())
    await told(kind="contact")
    await drain(task_context)
    (words,) = greeted(sandboxes, "新客户")
    assert words.startswith("您好，这里是掌税")
    assert "http://127.0.0.1:1/#/pages/enter/index?to=%2Fpages%2Fhome%2Findex&via=wechat_oa" in words
    assert [(one["kind"], one["is_done"]) for one in await rows(TALKS)] == [("contact", True)]


async def test_a_code_of_the_counter_carries_our_scene_and_its_use_is_counted(
    server, sandboxes, desk, ports, told, task_context, rows
):
    act(sandboxes, "/wecom/sandbox/members", userid="counter", name="窗口")
    officer = await desk(SECOND_KEYS)
    new = {"kind": "contact", "place": "/appointments/offices/index", "title": "预约办税", "title_en": "Book a visit"}
    for refused in (
        new,
        new | {"members": []},
        new | {"members": ["../x y"]},
        new | {"kind": "follow", "members": ["a"]},
    ):
        assert (await officer("POST", "/channels/wecom/scenes", refused)).status_code == 422
    assert (await officer("POST", "/channels/wechat_oa/scenes", new | {"members": ["a"]})).json()[
        "code"
    ] == "channels.scene_not_here"
    unknown = await officer("POST", "/channels/wecom/scenes", new | {"members": ["nobody"]})
    assert unknown.json()["code"] == "channels.scene_not_made"
    assert await rows("select 1 from channels_scene") == []
    made = (await officer("POST", "/channels/wecom/scenes", new | {"members": ["counter"]})).json()
    assert len(made["scene"]) <= 30
    config_id = made["address"].split("/")[-2]
    act(sandboxes, "/wecom/sandbox/customer-adds", person="扫窗口码", config_id=config_id)
    await told(kind="contact")
    await drain(task_context)
    (words,) = greeted(sandboxes, "扫窗口码")
    assert words.startswith("点这里继续：预约办税 http://127.0.0.1:1/#/pages/enter/index?to=%2Fappointments%2Foffices")
    assert [(one["uses"], one["follows"]) for one in await rows("select uses, follows from channels_scene")] == [(1, 1)]


async def test_two_who_add_in_the_same_second_are_two(client, ports, clock, rows):
    wecom, at = platform_of(WECOM, **ports.credentials["wecom"]), int(clock.now().timestamp())
    fields = {"FromUserName": "sys", "MsgType": "event", "Event": "change_external_contact", "UserID": "counter"}
    for number in ("wmA", "wmB", "wmA"):
        more = {"ChangeType": "add_external_contact", "ExternalUserID": number, "WelcomeCode": f"c{number}"}
        assert (await post(client, "wecom", wecom.news(fields | more, at))).status_code == 200
    assert len(await rows("select 1 from channels_event")) == 2


async def test_a_welcome_that_comes_too_late_is_refused_and_not_tried_again(way, sandboxes, told, task_context, rows):
    act(sandboxes, "/wecom/sandbox/customer-adds", person="慢客户", config_id=await way())
    await told(kind="contact")
    sandboxes.post("/sandbox/clock", json={"ahead_seconds": 30})
    try:
        await drain(task_context)
    finally:
        sandboxes.post("/sandbox/clock", json={"ahead_seconds": 0})
    assert greeted(sandboxes, "慢客户") == []
    assert [one["is_done"] for one in await rows(TALKS)] == [False]
    assert await rows("select 1 from pgqueuer where entrypoint = 'channels.answer'") == []


async def test_who_left_before_we_spoke_hears_nothing_and_is_marked(client, ports, clock, task_context, rows):
    wecom, at = platform_of(WECOM, **ports.credentials["wecom"]), int(clock.now().timestamp())
    fields = {
        "FromUserName": "sys", "MsgType": "event", "Event": "change_external_contact", "UserID": "counter",
        "ExternalUserID": "wmLeft",
    }  # fmt: skip
    for more in ({"ChangeType": "add_external_contact", "WelcomeCode": "c1"}, {"ChangeType": "del_follow_user"}):
        assert (await post(client, "wecom", wecom.news(fields | more, at))).status_code == 200
    news = await rows("select event_id, kind from channels_event order by kind")
    assert [one["kind"] for one in news] == ["contact", "unfollowed"]
    for one in news:
        await take_event(task_context, {"event_id": str(one["event_id"])})
    await answer(task_context, {"event_id": str(news[0]["event_id"])})
    assert await rows(TALKS) == []
    assert [one["is_refused"] for one in await rows("select is_refused from channels_allowance")] == [True]
