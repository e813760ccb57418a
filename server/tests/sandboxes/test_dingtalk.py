"""DingTalk's robot and events: signatures, the hour, the minute, and answers that end a repetition."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from sandboxes.dingtalk import signature
from sandboxes.envelope import BadEnvelope, Envelope
from sandboxes.running import Running

HELLO = {"msgtype": "text", "text": {"content": "申报提醒"}}


def send(outside: Running, content: Any, **change: str) -> dict[str, Any]:
    keys = outside.credentials["dingtalk"]
    stamp = change.pop("timestamp", str(int(time.time() * 1000)))
    query = {"access_token": keys["access_token"], "timestamp": stamp, "sign": signature(keys["secret"], stamp)}
    return outside.post("/dingtalk/robot/send", params=query | change, json=content).json()


def group(outside: Running) -> list[dict[str, Any]]:
    return outside.get("/dingtalk/sandbox/group").json()["chat"]


@pytest.fixture
def envelope(outside: Running) -> Envelope:
    keys = outside.credentials["dingtalk"]
    return Envelope(keys["token"], keys["encoding_aes_key"], keys["app_key"])


def test_a_signed_message_stands_in_the_group(outside: Running, later: Callable[[float], None]):
    later(100_000)
    before = len(group(outside))
    assert send(outside, HELLO | {"at": {"isAtAll": True}}) == {"errcode": 0, "errmsg": "ok"}
    assert group(outside)[before]["content"] == {"content": "申报提醒", "at": {"isAtAll": True}}


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"access_token": "x"}, 400101, "access_token"),
        ({"sign": "x"}, 310000, "sign not match"),
        ({"sign": ""}, 310000, "sign not match"),
        ({"timestamp": -3700}, 310000, "invalid timestamp"),
        ({"timestamp": 3700}, 310000, "invalid timestamp"),
        ({"timestamp": str(int(time.time()))}, 310000, "invalid timestamp"),
        ({"timestamp": "soon"}, 310000, "invalid timestamp"),
    ],
)
def test_a_wrong_caller_says_nothing(outside: Running, change: dict[str, str | int], code: int, words: str):
    before = group(outside)
    if isinstance(change.get("timestamp"), int):  # seconds from now, whenever the test runs
        change = {"timestamp": str(int((time.time() + change["timestamp"]) * 1000))}
    answer = send(outside, HELLO, **change)
    assert (answer["errcode"], words in answer["errmsg"]) == (code, True)
    assert group(outside) == before


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({"msgtype": "hologram"}, 400105),
        ({"msgtype": ["text"]}, 400105),
        ({"msgtype": "text"}, 40035),
        ({"msgtype": "text", "text": {"content": ""}}, 40035),
        ({"msgtype": "text", "text": {"content": "x" * 20_001}}, 40035),
        ({"msgtype": "actionCard", "actionCard": {"title": "a", "text": "b"}}, 40035),
        ({"msgtype": "link", "link": {"title": "a", "text": "b"}}, 40035),
    ],
)
def test_a_wrong_message_is_refused(outside: Running, content: Any, code: int):
    before = group(outside)
    assert send(outside, content)["errcode"] == code
    assert group(outside) == before


def test_a_body_that_is_not_json(outside: Running):
    keys, stamp = outside.credentials["dingtalk"], str(int(time.time() * 1000))
    query = {"access_token": keys["access_token"], "timestamp": stamp, "sign": signature(keys["secret"], stamp)}
    form = outside.post("/dingtalk/robot/send", params=query, data={"msgtype": "text"}).json()
    assert form["errcode"] == 43004
    headers = {"Content-Type": "application/json"}
    assert outside.post("/dingtalk/robot/send", params=query, content=b"{", headers=headers).json()["errcode"] == 40035


def test_a_robot_that_talks_too_much_is_slowed(outside: Running, later: Callable[[float], None]):
    later(200_000)
    assert [send(outside, HELLO)["errcode"] for _ in range(4)] == [0, 0, 0, 410100]
    later(200_061)
    assert send(outside, HELLO)["errcode"] == 0


def test_what_people_say_is_signed_in_the_headers(outside: Running, receiver: Any):
    receiver.answer = lambda _: (200, json.dumps({"msgtype": "text", "text": {"content": "收到"}}).encode())
    outside.post("/dingtalk/sandbox/say", json={"person": "小王", "text": "进度？"}).raise_for_status()
    (news,) = receiver.wait(1)
    secret = outside.credentials["dingtalk"]["app_secret"]
    assert news.headers["sign"] == signature(secret, news.headers["timestamp"])
    said = json.loads(news.body)
    assert (said["text"]["content"].strip(), said["senderStaffId"]) == ("进度？", "小王")
    for _ in range(500):
        if group(outside)[-1]["content"].get("content") == "收到":
            break
    assert group(outside)[-1]["content"] == {"content": "收到", "to": "小王"}


def event(outside: Running) -> None:
    asked = {"EventType": "user_leave_org", "UserId": ["w1"]}
    outside.post("/dingtalk/sandbox/event", json=asked).raise_for_status()


def opened(envelope: Envelope, news: Any) -> dict[str, Any]:
    sealed = json.loads(news.body)["encrypt"]
    query = news.query
    assert envelope.is_signed(query["msg_signature"], query["timestamp"], query["nonce"], sealed)
    found: dict[str, Any] = json.loads(envelope.open(sealed))
    return found


def agree(envelope: Envelope, word: str = "success") -> tuple[int, bytes]:
    nonce, sealed = secrets.token_hex(4), envelope.seal(word)
    signed = envelope.sign("1700000000000", nonce, sealed)
    content = {"msg_signature": signed, "timeStamp": "1700000000000", "nonce": nonce, "encrypt": sealed}
    return 200, json.dumps(content).encode()


def test_an_event_is_sealed_and_ends_with_a_sealed_success(
    outside: Running, envelope: Envelope, receiver: Any, tries: Any
):
    receiver.answer = lambda _: agree(envelope)
    event(outside)
    (news,) = receiver.wait(1)
    assert opened(envelope, news)["EventType"] == "user_leave_org"
    for _ in range(500):
        (one,) = tries("dingtalk")
        if one["taken_at"]:
            break
    assert (one["next_at"], len(receiver.got)) == (None, 1)


@pytest.mark.parametrize("said", ["plain", "other_word", "forged", "not_200"])
def test_any_other_answer_brings_it_three_times(outside: Running, envelope: Envelope, receiver: Any, said: str):
    answers: dict[str, tuple[int, bytes]] = {
        "plain": (200, b"success"),
        "other_word": agree(envelope, "failure"),
        "forged": agree(envelope.stranger()),
        "not_200": (500, agree(envelope)[1]),
    }
    receiver.answer = lambda _: answers[said]
    event(outside)
    found = [opened(envelope, news) for news in receiver.wait(3)]
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("kind", ["forged", "tampered"])
def test_a_bad_event_comes_first(
    outside: Running, envelope: Envelope, receiver: Any, fault: Callable[..., None], kind: str
):
    receiver.answer = lambda _: agree(envelope)
    fault("dingtalk_callback", kind)
    event(outside)
    bad, good = receiver.wait(2)
    assert opened(envelope, good)["EventType"] == "user_leave_org"
    with pytest.raises((AssertionError, BadEnvelope)):
        opened(envelope, bad)


def test_an_outage_drops_the_answer(outside: Running, fault: Callable[..., None]):
    fault("dingtalk", "drop_before")
    with pytest.raises(httpx.RemoteProtocolError):
        send(outside, HELLO)
