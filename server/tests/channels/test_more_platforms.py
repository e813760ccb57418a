"""Alipay's life channel and the push services of phone vendors, against their sandboxes over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from channels.make import channels

from palmtax.channels.adapters import Ports
from palmtax.channels.adapters.calling import call
from palmtax.channels.adapters.sending_rules import _Tokens
from palmtax.channels.adapters.speaking import KEY
from palmtax.channels.model.manifest import Channel
from palmtax.channels.model.outgoing import Outgoing
from sandboxes.ground import Options
from sandboxes.running import Running, running

ALL = channels()


@pytest.fixture(scope="module")
def sandboxes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(Options(tmp_path_factory.mktemp("sandboxes"))) as made:
        yield made


@pytest.fixture
def ports(sandboxes: Running) -> Ports:
    return Ports(sandboxes.credentials, sandbox_url=sandboxes.url, keeper=lambda _name, fetch: _Tokens(fetch))


def act(sandboxes: Running, path: str, **asked: Any) -> dict[str, Any]:
    answer = sandboxes.post(path, json=asked)
    assert answer.is_success, answer.text
    return dict(answer.json())


def message(address: str, number: int = 1) -> Outgoing:
    return Outgoing(
        reference=f"{number:032x}", address=address, language="zh", template="application_approved",
        title="已办好：增值税发票总额度调整", body="您的申请已经通过。", short="已办好，请查看",
        link="https://palmtax.example/#/m/1", now="2026-11-30 12:00",
    )  # fmt: skip


def fault(sandboxes: Running, kind: str, server: str = "alipay", **more: Any) -> None:
    sandboxes.post("/sandbox/faults", json={"server": server, "kind": kind, **more}).raise_for_status()


def on_alipay(sandboxes: Running, person: str) -> list[dict[str, Any]]:
    return list(sandboxes.get("/alipay/sandbox/phone", params={"person": person}).json()["chat"])


async def test_a_follower_sees_the_message_and_the_answer_is_verified(sandboxes, ports):
    user = act(sandboxes, "/alipay/sandbox/follow", person="陈小满")["user_id"]
    answer = await call(ports, ALL["alipay_life"], message(user))
    assert answer.ending == "sent"
    (shown,) = on_alipay(sandboxes, "陈小满")
    assert shown["content"]["lines"][0] == ["消息", "已办好：增值税发票总额度调整"]
    assert shown["content"]["url"] == "https://palmtax.example/#/m/1"


async def test_who_left_and_who_never_was_are_marked_and_nothing_is_shown(sandboxes, ports):
    user = act(sandboxes, "/alipay/sandbox/unfollow", person="走了的人")["user_id"]
    for address in (user, "2088000000000000"):
        answer = await call(ports, ALL["alipay_life"], message(address))
        assert ALL["alipay_life"].meaning(answer.code).means == "address"
    assert on_alipay(sandboxes, "走了的人") == []


async def test_an_answer_that_alipay_did_not_sign_is_not_believed(sandboxes, ports):
    user = act(sandboxes, "/alipay/sandbox/follow", person="将信将疑")["user_id"]
    fault(sandboxes, "unsigned")
    answer = await call(ports, ALL["alipay_life"], message(user))
    assert (answer.sent, answer.code) == (None, "unsigned")
    assert ALL["alipay_life"].meaning("unsigned").means == "retry"


@pytest.mark.parametrize(
    ("secrets", "code"), [({"app_id": "2021000000000000"}, "isv.invalid-app-id"), ({}, "isv.invalid-signature")]
)
async def test_a_stranger_is_refused_and_the_channel_is_down(sandboxes, secrets, code):
    section = sandboxes.credentials["alipay"]
    other = {**section, **(secrets or {"app_private_key": KEY})}
    ports = Ports({"alipay": other}, sandbox_url=sandboxes.url)
    answer = await call(ports, ALL["alipay_life"], message("2088000000000000"))
    assert (answer.sent, answer.code) == (None, code)
    assert ALL["alipay_life"].meaning(code).means == "channel"


VENDORS = ("huawei", "xiaomi")


@pytest.mark.parametrize("vendor", VENDORS)
async def test_a_push_is_seen_once_on_the_phone_and_a_phone_that_is_gone_is_marked(sandboxes, ports, vendor):
    channel: Channel = ALL[f"push_{vendor}"]
    token = act(sandboxes, "/vendor-push/sandbox/devices", person="林小满", vendor=vendor)["token"]
    for _ in range(2 if vendor == "huawei" else 1):  # Huawei knows a repetition by its tag
        assert (await call(ports, channel, message(token))).ending == "sent"
    shown = sandboxes.get("/vendor-push/sandbox/inbox", params={"vendor": vendor, "person": "林小满"}).json()[
        "messages"
    ]
    assert [(one["content"]["title"], one["content"]["url"]) for one in shown] == [
        ("已办好：增值税发票总额度调整", "https://palmtax.example/#/m/1")
    ]
    act(sandboxes, "/vendor-push/sandbox/devices", token=token, is_gone=True)
    answer = await call(ports, channel, message(token, 2))
    assert (answer.sent, channel.meaning(answer.code).means) == (None, "address")


async def test_a_revoked_token_is_fetched_anew_and_a_wrong_secret_closes_the_channel(sandboxes, ports):
    channel = ALL["push_huawei"]
    token = act(sandboxes, "/vendor-push/sandbox/devices", person="高远", vendor="huawei")["token"]
    assert (await call(ports, channel, message(token, 1))).ending == "sent"
    act(sandboxes, "/vendor-push/sandbox/revoke-tokens")
    assert (await call(ports, channel, message(token, 2))).ending == "sent"
    wrong = {**sandboxes.credentials["push_huawei"], "client_secret": "no"}
    stranger = Ports({"push_huawei": wrong}, sandbox_url=sandboxes.url, keeper=lambda _name, fetch: _Tokens(fetch))
    answer = await call(stranger, channel, message(token, 3))
    assert channel.meaning(answer.code).means == "channel"
