"""Recorded messages of every platform are read as they were, and refused when a byte or the time is another."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from channels.make import channels, credentials

from palmtax.channels.adapters import Ports
from palmtax.channels.adapters.calling import call
from palmtax.channels.adapters.sending_rules import _Tokens
from palmtax.channels.model.incoming import Callback, receive
from palmtax.channels.model.outgoing import Outgoing
from palmtax.channels.model.reading import FOLDER
from palmtax.channels.model.wechat_codec import CallbackRefused

ALL = channels()
FILES = sorted(FOLDER.glob("*/captures/*.json"))
CALLBACKS = [one for one in FILES if not one.name.startswith("answer_")]
ANSWERS = [one for one in FILES if one.name.startswith("answer_")]


def name_of(path):
    return f"{path.parents[1].name}/{path.stem}"


def read(path):
    found = json.loads(path.read_text(encoding="utf-8"))
    channel = ALL[path.parents[1].name]
    at = datetime.fromtimestamp(found.get("at", 0), UTC)
    return channel, found, at


def called(found):
    asked = found["request"]
    return Callback(asked["method"], asked["query"], asked["headers"], asked["body"].encode())


def test_there_are_recordings_of_every_channel_that_is_called_back():
    heard = {one.parents[1].name for one in CALLBACKS}
    assert heard == {name for name, one in ALL.items() if one.manifest.callback.dialect != "none"} - {"wechat_oa_linan"}
    assert len(ANSWERS) >= 12


@pytest.mark.parametrize("path", CALLBACKS, ids=name_of)
def test_a_recorded_callback_is_read_as_it_was(path):
    channel, found, at = read(path)
    (event,) = receive(channel.manifest, found["credentials"], called(found), at).events
    wanted = {key: tuple(map(tuple, value)) if key == "choices" else value for key, value in found["event"].items()}
    assert {key: getattr(event, key) for key in wanted} == wanted
    assert "/" in found["what"]


@pytest.mark.parametrize("path", CALLBACKS, ids=name_of)
def test_a_recorded_callback_is_refused_when_it_is_changed_late_or_for_another(path):
    channel, found, at = read(path)
    good = called(found)
    signed = {"sign", "msg_signature", "key"}
    query = {name: value[:-1] + "~" if name in signed else value for name, value in good.query.items()}
    headers = {name: value[:-1] + "~" if name in signed else value for name, value in good.headers.items()}
    body = good.body.replace(b"sign=", b"sign=A")  # Alipay's stands in the form
    ours = ("app_id", "corp_id", "app_secret", "callback_key")
    other = {name: f"{value}~" if name in ours else value for name, value in found["credentials"].items()}
    wrong = [(replace(good, query=query, headers=headers, body=body), found["credentials"], at), (good, other, at)]
    if channel.manifest.callback.dialect != "receipts":  # their address is the secret, and nothing carries a time
        wrong.append((good, found["credentials"], at + timedelta(minutes=10)))
    for asked, secrets, when in wrong:
        with pytest.raises(CallbackRefused):
            receive(channel.manifest, secrets, asked, when)


@pytest.mark.parametrize("path", ANSWERS, ids=name_of)
async def test_a_recorded_answer_means_what_it_meant(path):
    channel, found, _ = read(path)

    def platform(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith(("stable_token", "gettoken")):
            return httpx.Response(200, json={"access_token": "t", "expires_in": 7200})
        return httpx.Response(found["answer"]["status"], json=found["answer"]["body"])

    ports = Ports(credentials(), transport=httpx.MockTransport(platform), keeper=lambda _name, fetch: _Tokens(fetch))
    out = Outgoing(
        f"{9:032x}", found["address"], "zh", found["template"], "标题", "正文", "短", "https://palmtax.example/"
    )
    answer = await call(ports, channel, out)
    told = {"ending": answer.ending, "provider_ref": answer.sent.provider_ref} if answer.sent else {
        "ending": answer.ending, "code": answer.code, "means": channel.meaning(answer.code).means,
    }  # fmt: skip
    assert told == found["outcome"]
