"""Against the sandbox platforms over real HTTP: what is handed over is seen on their phones, what people do comes back."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
import uvicorn
from channels.make import channels
from conftest import application
from filing.make import OWNER, SHOP
from messaging.make import tell

from palmtax import identity
from palmtax.base.clock import FixedClock, SystemClock
from palmtax.channels.adapters import Ports
from palmtax.channels.adapters.calling import call
from palmtax.channels.adapters.conformance import check_url
from palmtax.channels.adapters.process import process_of
from palmtax.channels.model.outgoing import Outgoing
from palmtax.channels.store import traffic
from palmtax.plumbing.outbox import TaskContext
from palmtax.plumbing.worker import drain
from sandboxes.ground import Options
from sandboxes.running import Running, running

ALL = channels()
PATIENCE_SECONDS = 20


@pytest.fixture(scope="module")
def sandboxes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Sandboxes that repeat callbacks quickly."""
    options = Options(tmp_path_factory.mktemp("sandboxes"), callback_pace=0.05, sms_gap_seconds=0)
    with running(options) as made:
        yield made


@pytest.fixture
def clock() -> SystemClock:
    """Platforms sign by the clock on the wall."""
    return SystemClock()


@pytest.fixture
def ports(house, outside, sandboxes, database, town) -> Ports:
    """The process's ports, on the sandboxes."""
    mail = sandboxes.get("/email/sandbox/server").json()
    outside["channels"] = Ports(
        sandboxes.credentials, sandbox_url=sandboxes.url, sandbox_smtp_url=f"smtp://127.0.0.1:{mail['port']}",
        link="http://127.0.0.1:1",
    )  # fmt: skip
    return process_of(house).ports


@pytest.fixture
def noon(house) -> TaskContext:
    """A worker at noon in China, whenever the test runs: nobody's quiet hours."""
    at = datetime.now(UTC).replace(hour=4, minute=0)
    return TaskContext(house.database, FixedClock(at), house.settings, house.files, house.outside, "test-request")


@pytest.fixture
async def server(house, ports, sandboxes) -> AsyncIterator[str]:
    """The product on a port of its own, which the sandboxes call back."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        made = uvicorn.Server(uvicorn.Config(application(house), log_level="critical", lifespan="off"))
        serving = asyncio.create_task(made.serve(sockets=[listener]))
        places = {
            "/wechat": ("wechat_oa", "wechat_mini"), "/wecom": ("wecom",), "/gov": ("gov_wechat",),
            "/dingtalk": ("dingtalk_robot",), "/sms": ("sms",), "/sms2": ("sms2",),
        }  # fmt: skip
        for path, targets in places.items():
            for target in targets:
                name = {"dingtalk_robot": "dingtalk"}.get(target, target)
                key = sandboxes.credentials.get(name, {}).get("callback_key", "")
                there = f"{url}/channels/{name}/callback" + (f"?key={key}" if key else "")
                assert sandboxes.post(f"{path}/sandbox/callback", json={"url": there, "target": target}).is_success
        yield url
        made.should_exit = True
        await serving


async def until(wanted: Any) -> Any:
    """What `wanted()` gives once it gives anything."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (found := await wanted()):  # noqa: ASYNC110 what is waited for happens in another process
            await asyncio.sleep(0.02)
    return found


@pytest.fixture
def events(rows):
    """Waits for so many events of a channel and gives their kinds, oldest first."""

    async def wait(channel: str, count: int) -> list[str]:
        async def enough() -> list[str]:
            found = await rows("select kind from channels_event where channel = $1 order by received_at", channel)
            return [row["kind"] for row in found] if len(found) >= count else []

        return await until(enough)

    return wait


def message(address: str, number: int = 1, **more: Any) -> Outgoing:
    """A message as planning makes it."""
    return Outgoing(
        reference=f"{number:032x}", address=address, language="zh", template=more.get("template", "application_approved"),
        title="已办好：增值税发票总额度调整", body="您的申请已经通过。", short="已办好，请查看",
        link="https://palmtax.example/#/m/1", now="2026-11-30 12:00", page="matters/application/index?id=1",
        values={"application_no": "BJ20261130000001"},
    )  # fmt: skip


def act(sandboxes: Running, path: str, **asked: Any) -> dict[str, Any]:
    """Somebody outside does something."""
    answer = sandboxes.post(path, json=asked)
    assert answer.is_success, answer.text
    return dict(answer.json())


async def test_a_message_is_seen_on_the_followers_phone_and_its_receipt_comes_back(
    server, sandboxes, bound, ports, database, noon, events, rows
):
    openid = act(sandboxes, "/wechat/sandbox/follow", person="陈小满")["openid"]
    assert await events("wechat_oa", 1) == ["followed"]
    await bound("wechat_oa", sandboxes.credentials["official_account"]["app_id"], openid)
    await tell(database, noon.clock)
    await drain(noon)
    shown = sandboxes.get("/wechat/sandbox/phone", params={"person": "陈小满"}).json()["account"]
    assert [one["kind"] for one in shown] == ["text", "template"]  # the welcome, and the message
    assert await events("wechat_oa", 2) == ["followed", "receipt"]
    await drain(noon)
    (row,) = await rows("select state from messaging_delivery where person_id = $1 and way = 'wechat'", OWNER)
    assert row["state"] == "delivered"


async def test_a_revoked_token_is_renewed_and_a_blocking_person_is_left_alone(
    server, sandboxes, bound, ports, database, noon, events, rows
):
    openid = act(sandboxes, "/wechat/sandbox/follow", person="blocker")["openid"]
    await events("wechat_oa", 1)
    await bound("wechat_oa", sandboxes.credentials["official_account"]["app_id"], openid)
    first = await call(ports, ALL["wechat_oa"], message(openid, 11))
    act(sandboxes, "/wechat/sandbox/revoke-tokens")
    second = await call(ports, ALL["wechat_oa"], message(openid, 12))
    assert (first.ending, second.ending) == ("sent", "sent")
    again = await call(ports, ALL["wechat_oa"], message(openid, 12))
    assert again.sent == second.sent  # the platform recognises our number
    act(sandboxes, "/wechat/sandbox/block", person="blocker", is_blocked=True)
    await tell(database, noon.clock)
    await drain(noon)

    async def failed() -> list[dict[str, Any]]:
        await drain(noon)
        return await rows(
            "select code, reason from messaging_delivery where person_id = $1 and way = 'wechat' and code <> ''", OWNER
        )

    (row,) = await until(failed)
    assert (row["code"], row["reason"]) == ("failed_user_block", "用户拒收")
    async with database.statement() as tx:
        (address,) = await identity.addresses(tx, [OWNER], ["wechat_oa"])
    assert (address.is_reachable, address.refused_code) == (False, "failed_user_block")


@pytest.mark.parametrize("kind", ["double", "replayed", "forged", "tampered", "stale", "oversized", "bomb"])
async def test_bad_callbacks_are_refused_and_the_true_one_is_kept_once(server, sandboxes, events, rows, kind):
    act(sandboxes, "/wechat/sandbox/follow", person="writer")
    await events("wechat_oa", 1)
    act(sandboxes, "/sandbox/faults", server="wechat_oa_callback", kind=kind)
    number = act(sandboxes, "/wechat/sandbox/write", person="writer", text="还有几天申报")["callback_id"]

    async def tries() -> list[dict[str, Any]]:
        listed = sandboxes.get("/wechat/sandbox/callbacks").json()["callbacks"]
        mine = next(one for one in listed if one["callback_id"] == number)
        return mine["tries"] if mine["taken_at"] else []

    made = await until(tries)
    bad = [one["status"] for one in made if one["spoil"] not in ("", "double", "replayed")]
    assert all(status in (403, 413) for status in bad)
    assert {one["status"] for one in made if one["spoil"] in ("", "double", "replayed")} == {200}
    assert len(made) == 2
    assert [row["kind"] for row in await rows("select kind from channels_event order by received_at")] == [
        "followed",
        "said",
    ]


async def test_a_subscription_is_counted_on_both_sides(server, sandboxes, ports, database, noon, events, rows):
    template = sandboxes.credentials["wechat"]["templates"]["matter_progress_lasting"]["template_id"]
    told = act(sandboxes, "/wechat/sandbox/subscribe", person="m", app="wechat_mini", choices={template: "accept"})
    assert await events("wechat_mini", 1) == ["choices"]
    answer = await call(ports, ALL["wechat_mini"], message(told["openid"]))
    assert answer.ending == "sent", answer
    assert "receipt" in await events("wechat_mini", 2)
    await drain(noon)
    (allowed,) = await rows("select remaining, is_refused from channels_allowance where what = $1", template)
    assert allowed == {"remaining": 1, "is_refused": False}
    refused = await call(ports, ALL["wechat_mini"], message("nobody"))
    assert ALL["wechat_mini"].meaning(refused.code).means == "address"


@pytest.mark.parametrize(("name", "path"), [("wecom", "/wecom"), ("gov_wechat", "/gov")])
async def test_a_card_is_tapped_comes_back_and_changes(server, sandboxes, ports, database, noon, events, name, path):
    act(sandboxes, f"{path}/sandbox/members", userid="LiSi", name="李四")
    template = "supplement_asked"
    answer = await call(ports, ALL[name], message("LiSi", template=template))
    assert answer.ending == "sent", answer
    async with database.transaction() as tx:
        kept = traffic.Handed(f"{1:032x}", name, SHOP, UUID(int=1), noon.clock.now(), "handed", answer.sent.follow_up)
        await traffic.keep_handed(tx, [kept])
    (card,) = sandboxes.get(f"{path}/sandbox/phone", params={"userid": "LiSi"}).json()["chat"]
    act(sandboxes, f"{path}/sandbox/tap", userid="LiSi", chat_id=card["chat_id"], key="seen")
    assert await events(name, 1) == ["card_clicked"]
    await drain(noon)
    (after,) = sandboxes.get(f"{path}/sandbox/phone", params={"userid": "LiSi"}).json()["chat"]
    assert "已收到" in json.dumps(after, ensure_ascii=False)
    stranger = await call(ports, ALL[name], message("Nobody"))
    assert (stranger.ending, ALL[name].meaning(stranger.code).means) == ("refused", "address")


async def test_the_console_checks_our_addresses(server, sandboxes):
    for path, asked in (("/wechat", {}), ("/wechat", {"app": "wechat_mini"}), ("/wecom", {}), ("/gov", {})):
        checked = await asyncio.to_thread(act, sandboxes, f"{path}/sandbox/verify-url", **asked)  # it waits for us
        assert checked["is_good"] is True


@pytest.mark.parametrize("name", ["sms", "sms2"])
async def test_a_text_message_arrives_and_is_reported(server, sandboxes, ports, events, name):
    answer = await call(ports, ALL[name], message("13800138000"))
    assert answer.ending == "sent", answer
    assert await events(name, 1) == ["receipt"]
    act(sandboxes, f"/{name}/sandbox/reply", phone="13800138000", text="TD")
    assert await events(name, 2) == ["receipt", "said"]


async def test_a_letter_arrives(sandboxes, ports):
    answer = await call(ports, ALL["email"], message("owner@palmtax.example", 5))
    assert answer.ending == "sent", answer
    (mail,) = sandboxes.get("/email/sandbox/inbox", params={"address": "owner@palmtax.example"}).json()["messages"]
    assert mail["subject"] == "已办好：增值税发票总额度调整"
    assert mail["headers"]["Message-ID"].startswith(f"<{5:032x}@")


async def test_a_browser_opens_its_push(sandboxes, ports):
    subscription = act(sandboxes, "/web-push/sandbox/subscribe", person="p")
    answer = await call(ports, ALL["web_push"], message(json.dumps(subscription)))
    assert answer.ending == "sent", answer
    (push,) = sandboxes.get("/web-push/sandbox/inbox", params={"person": "p"}).json()["messages"]
    assert json.loads(push["text"])["title"] == "已办好：增值税发票总额度调整"
    act(sandboxes, "/web-push/sandbox/unsubscribe", person="p")
    gone = await call(ports, ALL["web_push"], message(json.dumps(subscription), 2))
    assert (gone.code, ALL["web_push"].meaning(gone.code).means) == ("http_410", "address")
    elsewhere = {**subscription, "endpoint": "http://169.254.169.254/latest"}
    assert (await call(ports, ALL["web_push"], message(json.dumps(elsewhere)))).code == "endpoint_unknown"


async def test_a_robot_speaks_and_listens_by_configuration_alone(server, sandboxes, ports, events):
    answer = await call(ports, ALL["dingtalk"], message("LiSi"))
    assert answer.ending == "sent", answer
    (said,) = sandboxes.get("/dingtalk/sandbox/group").json()["chat"]
    assert said["kind"] == "link"
    act(sandboxes, "/dingtalk/sandbox/say", person="LiSi", text="还有几天申报")
    assert await events("dingtalk", 1) == ["said"]


@pytest.mark.parametrize("name", ["wechat_oa", "wechat_mini", "wecom", "gov_wechat", "sms", "sms2", "dingtalk"])
async def test_a_running_server_passes_the_kit(server, ports, name):
    section = ports.credentials[ALL[name].manifest.credentials]
    async with httpx.AsyncClient(trust_env=False, timeout=10) as http:
        found = await check_url(ALL[name], section, http, f"{server}/channels/{name}/callback")
    assert [str(one) for one in found if one.outcome == "fail"] == []
    assert sum(one.outcome == "pass" for one in found) >= 7
