"""What people write, tap and scan is answered within the callback, once, by what the house knows; all of it is kept."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from channels.make import Platforms, channels, platform_of, post

from palmtax.channels.actions import talking
from palmtax.channels.adapters.speaking import INVENTED
from palmtax.channels.model.incoming import envelope_of
from palmtax.channels.model.wechat_codec import read_xml
from palmtax.channels.store import talks
from palmtax.matters import warm_up
from palmtax.plumbing.worker import drain

ALL = channels()
pytestmark = pytest.mark.usefixtures("channels_process", "town")


@pytest.fixture(scope="module", autouse=True)
def _warm():
    """A web process reads the catalogue and its index before its first request."""
    warm_up()


@pytest.fixture
def oa():
    return platform_of(ALL["wechat_oa"])


@pytest.fixture
def now(clock):
    return int(clock.now().timestamp())


def words(answer, name="wechat_oa"):
    """What the person reads: the answer is sealed for this account, and addressed to who asked."""
    assert answer.status_code == 200, answer.text
    envelope, fields = envelope_of(ALL[name].manifest, INVENTED), read_xml(answer.content)
    assert fields["MsgSignature"] == envelope.sign(fields["TimeStamp"], fields["Nonce"], fields["Encrypt"])
    told = read_xml(envelope.open(fields["Encrypt"]))
    assert (told["ToUserName"], told["FromUserName"], told["MsgType"]) == ("kit_person", "gh_kit", "text")
    return told["Content"]


def event(oa, at, **fields):
    return oa.news({"FromUserName": "kit_person", "MsgType": "event", **fields}, at)


@pytest.fixture
def ask(client, oa, now):
    count = iter(range(1, 10_000))

    async def say(text):
        return words(await post(client, "wechat_oa", oa.say(str(next(count)), text, now)))

    return say


async def test_words_are_answered_with_matters_that_open_signed_in(ask):
    said = await ask("发票不够用")
    assert said.startswith("您可能要找：")
    assert (
        '<a href="https://palmtax.example/#/pages/enter/index?to=%2Fmatters%2Fdetail%2Findex%3Fcode%3DFPBL-002' in said
    )
    assert "&via=wechat_oa" in said
    assert len(said.encode()) <= 2048


async def test_english_is_answered_in_english(ask):
    assert (await ask("raise my invoice quota")).startswith("This may be it:")
    assert "Simply write" in await ask("hello")


@pytest.mark.parametrize(
    "text", ["卡布奇诺加两份糖浆谢谢您", "zzqqxx", "<script>alert(1)</script>", "]]></Content><x>", "ﷺ" * 300]
)
async def test_what_nobody_knows_is_said_with_a_way_on_and_never_echoed(text, ask):
    said = await ask(text)
    assert said.startswith(("没有找到", "Nothing fits", "您可能要找", "This may be it"))
    assert said.endswith(("12366。", "12366.", "换个说法再发一次。", "Say it in other words."))
    assert text not in said


async def test_progress_of_somebody_unknown_asks_them_to_sign_in(ask):
    assert "还不知道您是谁" in await ask("进度")


async def test_progress_of_somebody_bound_is_their_own(ask, bound, database, clock, monkeypatch):
    await bound("wechat_oa", INVENTED["app_id"], "kit_person")
    assert "您没有正在办的事" in await ask("我的进度？")


async def test_a_menu_key_is_answered_as_if_written(client, oa, now):
    said = words(await post(client, "wechat_oa", event(oa, now, Event="CLICK", EventKey="进度")))
    assert "还不知道您是谁" in said


async def test_who_begins_to_follow_is_welcomed_in_both_languages(client, oa, now):
    said = words(await post(client, "wechat_oa", event(oa, now, Event="subscribe", EventKey="")))
    assert "欢迎关注掌税（微信公众号）" in said
    assert "Welcome" in said


async def test_pictures_are_told_to_be_written_down(client, oa, now):
    fields = {
        "FromUserName": "kit_person",
        "MsgType": "image",
        "MediaId": "m",
        "MsgId": "9",
        "PicUrl": "http://10.0.0.1/",
    }
    assert "只看得懂文字" in words(await post(client, "wechat_oa", oa.news(fields, now)))


@pytest.mark.parametrize("name", ["unsubscribe", "LOCATION", "VIEW", "TEMPLATESENDJOBFINISH", "brand_new"])
async def test_other_events_are_not_answered(name, client, oa, now, rows):
    answer = await post(client, "wechat_oa", event(oa, now, Event=name, MsgID="1", Status="success"))
    assert (answer.status_code, answer.text) == (200, "success")
    assert await rows("select 1 from channels_talk") == []


async def test_what_was_said_and_answered_lies_sealed_and_is_found(client, oa, now, rows, database):
    await post(client, "wechat_oa", oa.say("1", "我的税号是什么", now))
    (row,) = await rows("select * from channels_talk")
    assert "税号".encode() not in b"".join(bytes(v) for v in row.values() if isinstance(v, bytes))
    async with database.statement() as tx:
        (talk,) = await talks.of_address(tx, "wechat_oa", "kit_person")
    assert (talk.said, talk.kind, talk.way, talk.person_id) == ("我的税号是什么", "said", "reply", None)
    assert talk.answered_at is not None


async def test_a_platform_that_asks_again_hears_the_same_and_a_late_copy_nothing(
    client, oa, now, clock, rows, channels_process
):
    first = await post(client, "wechat_oa", oa.say("1", "发票不够用", now))
    again = await post(client, "wechat_oa", oa.say("1", "发票不够用", now))
    assert words(first) == words(again)
    clock.move(seconds=61)
    late = await post(client, "wechat_oa", oa.say("1", "发票不够用", now + 61))
    assert late.text == "success"
    assert len(await rows("select 1 from channels_talk")) == 1


async def test_many_at_once_are_answered_alike_and_kept_once(client, oa, now, rows):
    answers = await asyncio.gather(*(post(client, "wechat_oa", oa.say("42", "缴税", now)) for _ in range(12)))
    spoken = {words(one) for one in answers if one.text != "success"}
    assert len(spoken) == 1
    assert len(await rows("select 1 from channels_talk")) == 1


async def test_a_forged_message_is_not_answered(client, oa, now, rows):
    good = oa.say("1", "进度", now)
    assert (
        await post(client, "wechat_oa", replace(good, query={**good.query, "msg_signature": "0" * 40}))
    ).status_code == 403
    assert await rows("select 1 from channels_talk") == []


async def test_what_takes_too_long_is_said_afterwards_in_the_window(
    client, oa, now, rows, task_context, channels_process, monkeypatch
):
    platforms = Platforms()
    channels_process.ports.transport = platforms
    channels_process.ports.keeper = lambda _name, _fetch: Token()
    real, slow = talking.answer, asyncio.Event()

    async def dawdle(*args, **named):
        await slow.wait()
        return await real(*args, **named)

    monkeypatch.setattr(talking, "answer", dawdle)
    monkeypatch.setattr("palmtax.channels.http.callbacks.REPLY_SECONDS", 0.05)
    answer = await post(client, "wechat_oa", oa.say("1", "发票不够用", now))
    assert (answer.status_code, answer.text) == (200, "success")
    slow.set()
    await drain(task_context)
    (request,) = platforms.heard("wechat_oa")
    assert request.url.path == "/cgi-bin/message/custom/send"
    (row,) = await rows("select way, answered_at is not null as is_done from channels_talk")
    assert (row["way"], row["is_done"]) == ("service", True)
    (window,) = await rows("select remaining from channels_allowance where what = 'text'")
    assert window["remaining"] == 4


class Token:
    """A token that lives for ever."""

    async def get(self):
        return "token"

    async def drop(self, token):
        pass


async def test_the_mini_program_is_answered_by_a_message_and_its_refusal_is_not_repeated(
    client, now, rows, task_context, channels_process
):
    platforms = Platforms(wechat_oa=["45047"])
    channels_process.ports.transport = platforms
    channels_process.ports.keeper = lambda _name, _fetch: Token()
    mini = platform_of(ALL["wechat_mini"])
    answer = await post(client, "wechat_mini", mini.say("1", "发票不够用", now))
    assert answer.text == "success"
    await drain(task_context)
    assert len(platforms.heard("wechat_oa")) == 1
    (row,) = await rows("select way, answered_at from channels_talk")
    assert (row["way"], row["answered_at"]) == ("service", None)


async def test_an_account_that_does_not_talk_stays_silent(client, oa, now, channels_process, rows, monkeypatch):
    monkeypatch.setattr(talking, "wants_answer", lambda _channel, _event: False)
    assert (await post(client, "wechat_oa", oa.say("1", "进度", now))).text == "success"
    assert await rows("select 1 from channels_talk") == []
