# ruff: noqa: F811 the fixtures of the neighbour are parameters here
"""People in Alipay: who writes to the life channel is answered, who opens our page from there is signed in."""

from __future__ import annotations

import httpx
import pytest
from channels.make import changed, channels
from channels.test_sandboxes import act, ports, sandboxes, server, until  # noqa: F401 fixtures
from filing.make import OWNER

from palmtax import identity
from palmtax.base.clock import SystemClock
from palmtax.channels.actions.knowing import Known, Memory
from palmtax.channels.adapters import alipay
from palmtax.channels.adapters.accounts import accounts_of
from palmtax.channels.store import talks
from palmtax.channels.tasks import answer
from palmtax.identity.model.tokens import Device
from palmtax.matters import warm_up
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable
from palmtax.plumbing.worker import drain

LIFE = channels()["alipay_life"]


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
def life(server, sandboxes):
    """Acts of a user of Alipay, once the channel knows where we are."""
    act(sandboxes, "/alipay/sandbox/callback", url=f"{server}/channels/alipay_life/callback", target="alipay_life")

    def do(name, person, **told):
        return act(sandboxes, f"/alipay/sandbox/{name}", person=person, **told)["user_id"]

    return do


@pytest.fixture
def said(sandboxes):
    def look(person):
        chat = sandboxes.get("/alipay/sandbox/phone", params={"person": person}).json()["chat"]
        return [one["content"]["content"] for one in chat if one["is_ours"]]

    return look


@pytest.fixture
def told(rows):
    async def wait(count):
        async def enough():
            found = await rows("select event_id, kind from channels_event order by received_at")
            return found if len(found) >= count else None

        return await until(enough)

    return wait


@pytest.fixture
def is_on(monkeypatch):
    """The life channel is on, as a city would put it in its manifest."""
    real = Memory.known

    async def known(self, database, clock):
        found = await real(self, database, clock)
        on = {"alipay_life": changed(found.channels["alipay_life"], is_on=True)}
        return Known({**found.channels, **on}, found.standings)

    monkeypatch.setattr(Memory, "known", known)


async def test_who_follows_is_welcomed_and_who_writes_is_answered_without_tags(
    life, said, told, task_context, database, rows
):
    user = life("follow", "支付宝人")
    await told(1)
    await drain(task_context)
    assert said("支付宝人")[0].startswith("欢迎关注掌税")
    life("write", "支付宝人", text="发票不够用")
    await told(2)
    await drain(task_context)
    words = said("支付宝人")[1]
    assert words.startswith("您可能要找：")
    assert "code%3DFPBL-002&via=alipay_life " in words
    assert "<a " not in words
    async with database.statement() as tx:
        kept = await talks.of_address(tx, "alipay_life", user)
    assert [(one.said, one.answered_at is not None) for one in kept] == [("发票不够用", True), ("follow", True)]
    (window,) = await rows("select remaining from channels_allowance where what = 'text'")
    assert window["remaining"] in (4, 5)


async def test_a_job_that_comes_again_says_nothing_again(life, said, told, task_context):
    life("follow", "重来的人")
    (event,) = await told(1)
    await drain(task_context)
    for _ in range(3):
        await answer(task_context, {"event_id": str(event["event_id"])})
    assert len(said("重来的人")) == 1


async def test_what_may_have_arrived_is_not_said_twice(life, said, told, task_context, rows, sandboxes):
    life("follow", "断线的人")
    (event,) = await told(1)
    sandboxes.post("/sandbox/faults", json={"server": "alipay", "kind": "drop_after"})
    await drain(task_context)
    await answer(task_context, {"event_id": str(event["event_id"])})
    assert len(said("断线的人")) == 1
    assert [one["answered_at"] for one in await rows("select answered_at from channels_talk")] == [None]


async def test_a_forged_answer_of_the_gateway_is_no_answer(ports, life, sandboxes):
    user = life("follow", "伪造的人")
    sandboxes.post("/sandbox/faults", json={"server": "alipay", "kind": "unsigned"})
    with pytest.raises(OutsideUnavailable) as forged:
        await alipay.say(ports, LIFE, user, "您好")
    assert forged.value.code == "unsigned"


async def test_after_48_hours_and_after_leaving_nothing_is_said(ports, life, said, sandboxes):
    user, gone = life("follow", "沉默的人"), life("unfollow", "走了的人")
    with pytest.raises(OutsideRefused) as left:
        await alipay.say(ports, LIFE, gone, "您好")
    assert LIFE.meaning(left.value.code).means == "address"
    sandboxes.post("/sandbox/clock", json={"ahead_seconds": 48 * 3600 + 5})
    try:
        with pytest.raises(OutsideRefused) as late:
            await alipay.say(ports, LIFE, user, "您好")
    finally:
        sandboxes.post("/sandbox/clock", json={"ahead_seconds": 0})
    assert LIFE.meaning(late.value.code).means == "final"
    assert said("沉默的人") == said("走了的人") == []


DEVICE = {"name": "支付宝", "channel": "h5"}


async def begun(client, sandboxes, person):
    """Our page sends the browser to Alipay, which sends it back; what it comes back with."""
    asked = {"account": "alipay_life", "place": "/pages/home/index", "whose": ""}
    address = (await client.post("/api/identity/oauth", json=asked)).json()["address"]
    assert address.startswith(f"{sandboxes.url}/alipay/oauth2/publicAppAuthorize.htm?")
    async with httpx.AsyncClient(trust_env=False) as browser:
        sent = await browser.get(f"{address}&sandbox_person={person}")
    back = httpx.URL(sent.headers["location"])
    assert str(back).startswith("http://127.0.0.1:8000/?")
    return {"state": back.params["state"], "code": back.params["auth_code"], "device": DEVICE}


async def test_somebody_bound_is_signed_in_inside_alipay(ports, house, client, sandboxes, bound, clock, is_on, rows):
    house.outside["wechat_accounts"] = accounts_of(house, clock)
    user = act(sandboxes, "/alipay/sandbox/auth-code", person="老用户")["user_id"]
    await bound("alipay", ports.account(LIFE), user)
    told = await begun(client, sandboxes, "老用户")
    signed = await client.post("/api/identity/sessions/oauth", json=told)
    assert signed.json()["session"]["me"]["person"]["person_id"] == OWNER, signed.text
    assert [one["way"] for one in await rows("select way from identity_session")] == ["alipay"]
    again = await client.post("/api/identity/sessions/oauth", json=told)
    assert again.json()["code"] == "identity.oauth_stale"


async def test_somebody_new_is_bound_by_the_sign_in_that_follows(
    ports, house, client, sandboxes, clock, is_on, database
):
    house.outside["wechat_accounts"] = accounts_of(house, clock)
    told = await begun(client, sandboxes, "新用户")
    assert (await client.post("/api/identity/sessions/oauth", json=told)).json()["session"] is None
    async with database.transaction() as tx:
        signed = await identity.open_session(
            tx, clock=clock, person_id=OWNER, device=Device("支付宝", "h5"), way="sms", request_id="test"
        )
    headers = {"authorization": f"Bearer {signed.access_token}"}
    for status in (204, 409):
        bound = await client.post("/api/identity/oauth/binding", json={"state": told["state"]}, headers=headers)
        assert bound.status_code == status, bound.text
    async with database.statement() as tx:
        (address,) = await identity.addresses(tx, [OWNER], ["alipay"])
    assert address.app_id == ports.account(LIFE)


async def test_a_code_of_wechat_is_none_of_alipay_and_the_other_way_round(
    ports, house, client, sandboxes, clock, is_on
):
    house.outside["wechat_accounts"] = accounts_of(house, clock)
    told = await begun(client, sandboxes, "混淆的人")
    asked = {"account": "wechat_oa", "place": "/pages/home/index", "whose": ""}
    address = (await client.post("/api/identity/oauth", json=asked)).json()["address"]
    state = httpx.URL(address.partition("#")[0]).params["state"]
    mixed = await client.post("/api/identity/sessions/oauth", json=told | {"state": state})
    assert mixed.json()["code"] == "identity.wechat_code_refused"
    wrong = await client.post("/api/identity/sessions/oauth", json=told | {"code": "0" * 32})
    assert wrong.json()["code"] == "identity.alipay_code_refused"


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [("refuse", 409, "identity.alipay_code_refused"), ("unsigned", 503, "identity.alipay_unavailable")],
)
async def test_what_alipay_refuses_is_said_in_its_name(
    fault, status, code, ports, house, client, sandboxes, clock, is_on, rows
):
    house.outside["wechat_accounts"] = accounts_of(house, clock)
    told = await begun(client, sandboxes, "被拒的人")
    sandboxes.post("/sandbox/faults", json={"server": "alipay", "kind": fault})
    refused = await client.post("/api/identity/sessions/oauth", json=told)
    sandboxes.delete("/sandbox/faults")
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert "支付宝" in refused.json()["text"]
    again = await client.post("/api/identity/sessions/oauth", json=told)
    assert again.json()["code"] == "identity.oauth_stale"  # the state was spent by the try
    assert await rows("select 1 from identity_session") == []


async def test_a_life_channel_that_is_off_signs_nobody_in(ports, house, client, clock):
    house.outside["wechat_accounts"] = accounts_of(house, clock)
    asked = {"account": "alipay_life", "place": "/pages/home/index", "whose": ""}
    assert (await client.post("/api/identity/oauth", json=asked)).json()["code"] == "identity.account_unknown"
