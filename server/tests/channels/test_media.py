# ruff: noqa: F811 the fixtures of the neighbour are parameters here
"""Temporary media: handed up and fetched within kinds, sizes and three days, from the platform's own address and no other."""

from __future__ import annotations

import base64
import io

import httpx
import pytest
from channels.make import channels, platform_of, post
from channels.test_sandboxes import act, ports, sandboxes, server, until  # noqa: F401 fixtures
from PIL import Image

from palmtax.base.clock import SystemClock
from palmtax.channels.adapters import media
from palmtax.channels.adapters.speaking import INVENTED
from palmtax.channels.model.media import KEPT, KINDS
from palmtax.channels.store import pictures
from palmtax.channels.tasks import fetch_picture
from palmtax.matters import warm_up
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable
from palmtax.plumbing.worker import drain

ALL = channels()
OA = ALL["wechat_oa"]
INNER = "http://169.254.169.254/latest/meta-data/"


@pytest.fixture(scope="module", autouse=True)
def _warm():
    warm_up()


@pytest.fixture
def clock():
    return SystemClock()


@pytest.fixture
def channels_process():
    """The process comes from `ports` here."""


def picture(kind="JPEG", size=(8, 8)):
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("name", ["wechat_oa", "wechat_oa_linan", "wechat_mini", "wecom", "gov_wechat"])
async def test_what_is_handed_up_comes_back_for_three_days(name, ports, sandboxes):
    channel, content = ALL[name], picture()
    kept = await media.upload(ports, channel, "image", content)
    found = await media.fetch(ports, channel, kept.media_id, "image")
    assert (found.content, found.media_type) == (content, "image/jpeg")
    assert abs((kept.until_at - KEPT).timestamp() - ports.now()) < 5
    sandboxes.post("/sandbox/clock", json={"ahead_seconds": 3 * 86_400 + 1})
    try:
        with pytest.raises(OutsideRefused) as gone:
            await media.fetch(ports, channel, kept.media_id, "image")
    finally:
        sandboxes.post("/sandbox/clock", json={"ahead_seconds": 0})
    assert gone.value.code == "40007"
    assert channel.meaning("40007").means == "final"


@pytest.mark.parametrize(
    ("name", "kind", "content", "code"),
    [
        ("wechat_oa", "image", b"<svg onload='alert(1)'/>", "media_type"),
        ("wechat_oa", "image", b"MZ\x90\x00 program", "media_type"),
        ("wechat_oa", "voice", picture(), "media_type"),
        ("wechat_oa", "thumb", picture() + bytes(64 * 1024), "media_size"),
        ("wechat_oa", "image", picture() + bytes(KINDS["wechat_oa"]["image"][0]), "media_size"),
        ("wechat_oa", "image", b"", "media_size"),
        ("wechat_oa", "file", picture(), "media_kind"),
        ("wechat_mini", "voice", b"#!AMR\n12345", "media_kind"),
        ("wecom", "image", picture("GIF"), "media_type"),
        ("sms", "image", picture(), "media_kind"),
    ],
)
async def test_what_does_not_fit_is_not_handed_up(name, kind, content, code, ports):
    heard = []
    ports.transport = httpx.MockTransport(lambda request: heard.append(request) or httpx.Response(200, json={}))
    with pytest.raises(OutsideRefused) as refused:
        await media.upload(ports, ALL[name], kind, content)
    assert refused.value.code == code
    assert heard == []


class Token:
    """A token that lives for ever."""

    async def get(self):
        return "token"

    async def drop(self, token):
        pass


def stubbed(ports, answer):
    """A platform that answers so; gives the addresses that were called."""
    called = []

    def handle(request):
        called.append(str(request.url))
        return answer(request)

    ports.transport, ports.keeper = httpx.MockTransport(handle), lambda _name, _fetch: Token()
    return called


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "where", [INNER, "http://127.0.0.1:5432/", "http://[::1]/", "file:///etc/passwd", "//10.0.0.1/"]
)
async def test_a_redirect_is_not_followed(status, where, ports):
    called = stubbed(ports, lambda _request: httpx.Response(status, headers={"location": where}))
    with pytest.raises(OutsideRefused) as refused:
        await media.fetch(ports, OA, "m", "image")
    assert refused.value.code == "media_elsewhere"
    assert len(called) == 1


async def test_an_address_instead_of_a_film_is_not_called(ports):
    called = stubbed(ports, lambda _request: httpx.Response(200, json={"video_url": INNER}))
    with pytest.raises(OutsideRefused) as refused:
        await media.fetch(ports, OA, "m", "video")
    assert refused.value.code == "media_elsewhere"
    assert len(called) == 1


async def test_a_number_that_is_an_address_stays_a_number(ports, sandboxes):
    called = stubbed(ports, lambda _request: httpx.Response(200, content=picture()))
    for number in (INNER, "../../../sandbox/phone", "m&media_id=x", "http://127.0.0.1/#"):
        await media.fetch(ports, OA, number, "image")
    assert {httpx.URL(one).copy_with(query=None) for one in called} == {
        httpx.URL(f"{sandboxes.url}/wechat/cgi-bin/media/get")
    }
    assert httpx.URL(called[2]).params.get_list("media_id") == ["m&media_id=x"]


async def test_an_endless_answer_is_cut_off(ports):
    sent = []

    async def endless():
        for _ in range(1000):
            sent.append(1)
            yield picture() + bytes(1024 * 1024)

    stubbed(ports, lambda _request: httpx.Response(200, content=endless()))
    with pytest.raises(OutsideRefused) as refused:
        await media.fetch(ports, OA, "m", "image")
    assert refused.value.code == "media_size"
    assert len(sent) < 15


@pytest.mark.parametrize(("status", "content"), [(500, b""), (404, b"no"), (204, b"")])
async def test_no_usable_answer_is_tried_again(status, content, ports):
    stubbed(ports, lambda _request: httpx.Response(status, content=content))
    with pytest.raises(OutsideUnavailable):
        await media.fetch(ports, OA, "m", "image")


@pytest.mark.parametrize("content", [b"{not json at all", b"<html>login</html>", b"%PDF-1.7 x", b""])
async def test_what_is_no_picture_is_refused(content, ports):
    stubbed(ports, lambda _request: httpx.Response(200, content=content))
    with pytest.raises(OutsideRefused) as refused:
        await media.fetch(ports, OA, "m", "image")
    assert refused.value.code in ("media_type", "media_size")


async def sent(sandboxes, rows, person, content, account="wechat_oa", **more):
    """Somebody sends a picture; the event when it has come in."""
    if account == "wechat_oa":
        act(sandboxes, "/wechat/sandbox/follow", person=person)
    told = {"person": person, "app": account, "content": base64.b64encode(content).decode(), **more}
    act(sandboxes, "/wechat/sandbox/picture", **told)

    async def enough():
        found = await rows("select event_id from channels_event where theirs = 'image'")
        return found[0]["event_id"] if found else None

    return await until(enough)


@pytest.mark.parametrize("account", ["wechat_oa", "wechat_mini"])
async def test_a_picture_somebody_sends_is_kept_once_beside_what_they_were_answered(
    account, server, sandboxes, rows, task_context, database
):
    content = picture("PNG")
    event_id = await sent(sandboxes, rows, f"发图的人{account}", content, account, url=INNER)
    await drain(task_context)
    for _ in range(2):
        await fetch_picture(task_context, {"event_id": str(event_id)})
    (row,) = await rows(
        "select p.* from channels_picture p join channels_talk t on t.address_hash = p.address_hash and t.event_id = p.event_id"
    )
    assert (row["media_type"], row["byte_count"], row["code"]) == ("image/png", len(content), "")
    assert await task_context.files.get(row["file_name"]) == content


async def test_what_is_no_picture_is_noted_and_nothing_is_kept(server, sandboxes, rows, task_context):
    await sent(sandboxes, rows, "发木马的人", b"MZ\x90\x00 program of somebody")
    await drain(task_context)
    (row,) = await rows("select file_name, code from channels_picture")
    assert (row["file_name"], row["code"]) == ("", "media_type")


async def test_a_picture_three_days_late_is_noted_as_gone(server, sandboxes, rows, task_context):
    await sent(sandboxes, rows, "三天前的人", picture())
    sandboxes.post("/sandbox/clock", json={"ahead_seconds": 4 * 86_400})
    try:
        await drain(task_context)
    finally:
        sandboxes.post("/sandbox/clock", json={"ahead_seconds": 0})
    assert [one["code"] for one in await rows("select code from channels_picture")] == ["40007"]


async def test_a_worker_that_dies_after_fetching_fetches_again(
    server, sandboxes, rows, task_context, database, monkeypatch
):
    event_id = await sent(sandboxes, rows, "断电的人", picture())

    async def dies(*_args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(pictures, "keep", dies)
        with pytest.raises(KeyboardInterrupt):
            await fetch_picture(task_context, {"event_id": str(event_id)})
    assert await rows("select 1 from channels_picture") == []
    await fetch_picture(task_context, {"event_id": str(event_id)})
    assert len(await rows("select 1 from channels_picture")) == 1


async def test_a_forged_picture_asks_nobody(client, ports, clock, rows, task_context):
    called = stubbed(ports, lambda _request: httpx.Response(200, content=picture()))
    stranger = platform_of(OA, **INVENTED)
    told = {"FromUserName": "kit_person", "MsgType": "image", "MediaId": INNER, "PicUrl": INNER, "MsgId": "1"}
    assert (await post(client, "wechat_oa", stranger.news(told, int(clock.now().timestamp())))).status_code == 403
    await drain(task_context)
    assert called == []
    assert await rows("select 1 from channels_event") == []
