# ruff: noqa: F811 the fixtures of the neighbour are parameters here
"""Attacks on the doors between us and the platforms, each tried and refused; `docs/security.md` lists them."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import httpx
import orjson
import pytest
from channels.make import changed, channels, credentials, platform_of, post, process
from channels.test_accounts import made, officer  # noqa: F401 fixtures
from channels.test_sandboxes import ports, sandboxes  # noqa: F401 fixtures
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from palmtax.base.clock import SystemClock
from palmtax.channels.adapters import Ports, media
from palmtax.channels.adapters.calling import call
from palmtax.channels.adapters.speaking import INVENTED
from palmtax.channels.model import answers
from palmtax.channels.model.outgoing import Outgoing

ALL = channels()
CALLED_BACK = [name for name in sorted(ALL) if ALL[name].manifest.callback.dialect != "none"]
JSON = [name for name in CALLED_BACK if ALL[name].manifest.callback.dialect in ("signed_json", "receipts")]
OVER_HTTP = [name for name in sorted(ALL) if ALL[name].manifest.transport not in ("smtp", "inbox", "kiosk")]
INNER = "http://169.254.169.254/latest/meta-data/"


@pytest.fixture
def now(clock):
    return int(clock.now().timestamp())


def out(**other: Any) -> Outgoing:
    """One message to somebody."""
    values = {
        "reference": "0" * 32, "address": "somebody", "language": "zh", "template": "application_approved",
        "title": "已办好", "body": "正文", "short": "短", "link": "https://palmtax.example/#/m",
    }  # fmt: skip
    return Outgoing(**(values | other))


@cache
def another_key() -> str:
    """An RSA key that nobody knows."""
    made = rsa.generate_private_key(65537, 2048)
    plain = serialization.NoEncryption()
    return made.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain).decode()


def refused(answer, status=403, code="channels.callback_not_taken"):
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


# ── callbacks ──


@pytest.mark.usefixtures("channels_process", "town")
@pytest.mark.parametrize("name", JSON)
@pytest.mark.parametrize(
    "body",
    [
        b"[" * 60_000,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        b"[" + b"{}," * 20_000 + b"{}]",
        b"1" * 60_000,
        b"\xff",
        b"null",
    ],
    ids=["deep list", "deep objects", "long list", "long number", "no text", "nothing"],
)
async def test_json_that_is_a_bomb_is_refused(name, body, client, now, rows):
    call = replace(platform_of(ALL[name]).say("1", "hi", now), body=body)
    refused(await post(client, name, call))
    assert await rows("select 1 from channels_event") == []


@pytest.mark.usefixtures("town")
async def test_a_call_to_one_channel_is_refused_at_every_other(client, outside, now, rows, clock):
    own = {
        name: {
            **INVENTED, "token": f"token{number}", "app_secret": f"app-{number}", "callback_key": f"key-{number}",
            "encoding_aes_key": f"{number:02d}{'abcdefghijklmnopqrstuvwxyz0123456789ABCDE'}", "app_id": f"wx{number:016d}",
            "corp_id": f"ww{number:016d}",
        }
        for number, name in enumerate(credentials())
    }  # fmt: skip
    outside["channels"] = made_process = process(**own)
    made_process.ports.now = lambda: clock.now().timestamp()
    calls = {
        name: platform_of(ALL[name], **own[ALL[name].manifest.credentials]).say("1", "hi", now) for name in CALLED_BACK
    }
    for name, told in calls.items():
        for other in set(CALLED_BACK) - {name}:
            answer = await post(client, other, told)
            assert answer.status_code == 403, (name, other, answer.text)
    assert await rows("select 1 from channels_event") == []
    taken = {name: (await post(client, name, told)).status_code for name, told in calls.items()}
    assert {name for name, status in taken.items() if status != 200} <= {"alipay_life"}, "the kit's key is one for all"


@pytest.mark.usefixtures("channels_process", "town")
@pytest.mark.parametrize("name", CALLED_BACK)
async def test_no_claimed_header_lets_a_forged_call_in(name, client, now, rows):
    stolen = {"token": "other", "app_secret": "other", "callback_key": "other", "alipay_private_key": another_key()}
    told = platform_of(ALL[name], **stolen).say("1", "hi", now)
    claims = {
        "x-forwarded-for": "127.0.0.1", "x-real-ip": "127.0.0.1", "x-forwarded-host": "api.weixin.qq.com",
        "x-tif-uid": "officer", "x-tif-signature": "0" * 64, "x-channel": "workbench", "authorization": "Bearer x",
        "x-http-method-override": "GET", "x-request-id": "abcdefgh\r\nset-cookie: a=1",
    }  # fmt: skip
    query = httpx.QueryParams(dict(told.query))
    doubled = [*query.multi_items(), *query.multi_items()]
    headers = [*dict(told.headers).items(), *dict(told.headers).items()]
    for extra in ([], [(key, one.replace("\r\n", " ")) for key, one in claims.items()]):
        answer = await client.post(
            f"/channels/{name}/callback", params=doubled, headers=[*headers, *extra], content=told.body
        )
        refused(answer)
        assert "set-cookie" not in answer.headers
    assert await rows("select 1 from channels_event") == []


@pytest.mark.usefixtures("channels_process", "town")
@pytest.mark.parametrize("name", ["wechat_oa", "wechat_mini", "wecom", "gov_wechat", "wechat_oa_linan"])
async def test_an_echo_is_never_a_page(name, client, now):
    call, echo = platform_of(ALL[name]).check(now, "<script>alert(1)</script>")
    answer = await post(client, name, call)
    assert (answer.text, answer.headers["content-type"]) == (echo, "text/plain; charset=utf-8")
    assert answer.headers["x-content-type-options"] == "nosniff"
    forged = replace(call, query=dict(call.query) | {"timestamp": str(now + 1)})
    assert "<script>" not in (await post(client, name, forged)).text


# ── calling out ──


@dataclass
class Elsewhere:
    """A server of ours that answers in one way, and what was asked of it."""

    answer: bytes
    port: int = 0
    heard: list[bytes] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        self.heard.append(head + await reader.readexactly(int(length[1]) if length else 0))
        writer.write(self.answer.replace(b"PORT", str(self.port).encode()))
        await writer.drain()
        writer.close()


@pytest.fixture
async def elsewhere() -> AsyncIterator[Any]:
    """Starts servers on loopback."""
    running = []

    async def begin(answer: bytes) -> Elsewhere:
        found = Elsewhere(answer)
        server = await asyncio.start_server(found.talk, "127.0.0.1", 0)
        found.port = server.sockets[0].getsockname()[1]
        running.append(server)
        return found

    yield begin
    for server in running:
        server.close()


class Token:
    """A token that lives for ever."""

    async def get(self):
        return "token"

    async def drop(self, token):
        pass


def ports_at(place: Elsewhere) -> Ports:
    """The process's real client, with every platform at this place."""
    made = Ports(credentials(), sandbox_url=f"http://127.0.0.1:{place.port}", keeper=lambda _name, _fetch: Token())
    made.timeout_seconds = 2.0
    return made


KEYS = {
    "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
}


def subscription(endpoint: str, **keys: str) -> str:
    return json.dumps({"endpoint": endpoint, "keys": KEYS | keys})


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("name", OVER_HTTP)
async def test_no_transport_follows_a_redirect(name, status, elsewhere):
    place = await elsewhere(
        b"HTTP/1.1 %d Moved\r\nLocation: http://127.0.0.1:PORT/inside\r\nContent-Length: 0\r\n\r\n" % status
    )
    address = subscription(f"http://127.0.0.1:{place.port}/push") if name == "web_push" else "somebody"
    answer = await call(ports_at(place), ALL[name], out(address=address))
    assert answer.sent is None
    assert place.heard, "it was asked at all"
    assert not [one for one in place.heard if b"/inside" in one.split(b"\r\n")[0]]


@pytest.mark.parametrize(
    "endpoint",
    [INNER, "http://127.0.0.1:5432/", "http://[::1]/", "http://localhost/", "http://0x7f000001/", "http://2130706433/",
     "https://push.palmtax.example@169.254.169.254/", "https://169.254.169.254/?push.palmtax.example",
     "https://push.palmtax.example.evil.example/", "https://evil.example/#push.palmtax.example",
     "https://169.254.169.254\\@push.palmtax.example/", "https://169.254.169.254:443\\.push.palmtax.example/",
     "https://evil.example\t.push.palmtax.example/", "file:///etc/passwd", "gopher://push.palmtax.example/", "http://push.palmtax.example/",
     "https://push.palmtax.example:22/", "//push", ""],
)  # fmt: skip
async def test_a_push_address_of_elsewhere_is_not_called(endpoint):
    called = []
    made = process(httpx.MockTransport(lambda request: called.append(request.url.host) or httpx.Response(201))).ports
    answer = await call(made, ALL["web_push"], out(address=subscription(endpoint)))
    assert answer.sent is None
    assert (answer.ending, called) == ("refused", [])


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        ("B" * 87, KEYS["auth"]),
        ("A" * 87, KEYS["auth"]),
        ("BA" + "A" * 85, KEYS["auth"]),
        (KEYS["p256dh"], "k" * 24),
        ("", ""),
    ],
)
async def test_keys_of_a_browser_that_are_none_are_its_own_fault(p256dh, auth):
    made = process(httpx.MockTransport(lambda _request: httpx.Response(201))).ports
    told = subscription("https://push.palmtax.example/x", p256dh=p256dh, auth=auth)
    answer = await call(made, ALL["web_push"], out(address=told))
    assert (answer.ending, answer.code) == ("refused", "subscription_unreadable")
    assert ALL["web_push"].meaning(answer.code).means == "address"


async def test_a_value_cannot_smuggle_a_header_into_a_described_call(elsewhere):
    place = await elsewhere(b'HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{"errcode":0}')
    rule = ALL["dingtalk"].manifest.call.model_copy(update={"headers": {"x-title": "{title}"}})
    channel = changed(ALL["dingtalk"], call=rule)
    smuggled = "a\r\nx-evil: 1\r\n\r\nPOST /robot/send?access_token=evil HTTP/1.1"
    answer = await call(ports_at(place), channel, out(title=smuggled))
    assert answer.sent is None
    assert not [one for one in place.heard if b"x-evil" in one]
    good = await call(ports_at(place), channel, out(title="plain"))
    assert good.sent is not None, good


async def test_addresses_inside_a_message_of_the_platform_are_never_called(elsewhere):
    trap = await elsewhere(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    there = f"http://127.0.0.1:{trap.port}/inside"
    place = await elsewhere(
        b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(told := orjson.dumps({"video_url": there})) + told
    )
    for kind in ("image", "voice", "video"):
        with pytest.raises(Exception, match=r"media_elsewhere|media"):
            await media.fetch(ports_at(place), ALL["wechat_oa"], there, kind)
    assert len(place.heard) == 3
    assert trap.heard == []


# ── what people read ──


@pytest.mark.parametrize("name", ["sms", "sms2"])
@pytest.mark.parametrize(
    "title",
    ['","code":"123456', "一行\r\n又一行", "{1}{2}${code}", "&PhoneNumbers=13900000000&x=", "x" * 500, "\x00\u202e"],
)
async def test_a_value_cannot_leave_its_place_in_a_text_message(name, title):
    asked = []

    def gateway(request):
        asked.append(request)
        told = {"SendStatusSet": [{"Code": "Ok", "SerialNo": "1"}]}
        return httpx.Response(200, json={"Response": told} if name == "sms" else {"Code": "OK", "BizId": "1"})

    answer = await call(process(httpx.MockTransport(gateway)).ports, ALL[name], out(address="13800000011", title=title))
    assert answer.sent is not None, answer
    (request,) = asked
    if name == "sms":
        body = orjson.loads(request.content)
        assert (body["PhoneNumberSet"], len(body["TemplateParamSet"])) == (["+8613800000011"], 1)
        (value,) = body["TemplateParamSet"]
    else:
        form = httpx.QueryParams(request.content.decode())
        assert form.get_list("PhoneNumbers") == ["13800000011"]
        (value,) = json.loads(form["TemplateParam"]).values()
    assert len(value) <= 35
    assert not re.search(r"[\x00-\x1f\u202a-\u202e]", value)


@pytest.mark.parametrize("is_plain", [True, False])
def test_a_title_cannot_bring_a_link_into_a_chat(is_plain):
    voice = answers.Voice("zh", "https://palmtax.example", "wechat_oa", is_plain)
    hostile = '</a><a href="https://evil.example">点我'
    line = answers.Line(hostile, hostile, hostile, hostile, "/matters/shelf/index")
    for text in (
        answers.scanned(voice, line),
        answers.found(voice, [line]),
        answers.progress(voice, [line], is_known=True),
    ):
        assert set(re.findall(r'<a href="([^"?]*)', text)) == (
            set() if is_plain else {"https://palmtax.example/#/pages/enter/index"}
        )
        assert text.count("<") == text.count("</a>") * 2


# ── codes with a scene ──

HOSTILE_PLACES = [
    "https://evil.example/", "//evil.example/a", "/\\evil.example/a", "javascript:alert(1)", "/a/b#https://evil.example",
    "/a/b?x=<script>", "/a/b\r\nset-cookie: a=1", "/../etc", "weixin://dl/business", "/a/b?next=//evil.example", "",
]  # fmt: skip


class TestScenes:
    """Against the sandbox of WeChat."""

    @pytest.fixture
    def clock(self):
        return SystemClock()

    @pytest.fixture
    def channels_process(self):
        """The process comes from `ports` here."""

    @pytest.mark.parametrize("place", HOSTILE_PLACES)
    async def test_a_code_leads_to_a_page_of_ours_or_nowhere(self, place, officer, rows):
        _, answer = await made(officer, "follow", place=place, days=1)
        assert (answer.status_code, answer.json()["code"]) == (422, "plumbing.malformed")
        assert await rows("select 1 from channels_scene") == []

    async def test_a_code_of_another_channel_or_one_that_ended_leads_nowhere(self, officer, client, rows):
        who, answer = await made(officer, "picture", "wechat_mini")
        scene = answer.json()["scene"]
        for other in ("wechat_oa", "wechat_oa_linan"):
            assert (await who("DELETE", f"/channels/{other}/scenes/{scene}")).status_code == 404
            assert (await who("GET", f"/channels/{other}/scenes/{scene}/picture")).status_code == 404
        assert (await client.get(f"/api/channels/scene/{scene}")).status_code == 200
        assert (await who("DELETE", f"/channels/wechat_mini/scenes/{scene}")).status_code == 204
        for guess in (scene, "f" * 20, "0" * 20):
            assert (await client.get(f"/api/channels/scene/{guess}")).status_code == 404
        assert [one["uses"] for one in await rows("select uses from channels_scene")] == [1]

    async def test_only_officers_who_may_switch_make_codes(self, client, rows):
        told = {"kind": "follow", "place": "/pages/home/index", "title": "x", "title_en": "x", "days": 1}
        assert (await client.post("/api/channels/wechat_oa/scenes", json=told)).status_code == 401
        assert await rows("select 1 from channels_scene") == []
