"""What followers do reaches the product as signed callbacks, within the rules, and wrong only when planned so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandboxes.control import PAGES
from sandboxes.envelope import BadEnvelope, Envelope, read_xml, signature, xml
from sandboxes.ground import Options
from sandboxes.running import Running, running

Fault = Callable[..., None]
Tries = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def envelope(account: Any) -> Envelope:
    keys = account.keys
    return Envelope(keys["token"], keys["encoding_aes_key"], keys["app_id"])


def opened(envelope: Envelope, news: Any) -> dict[str, str]:
    """What a strict receiver reads; AssertionError or BadEnvelope when anything is wrong."""
    query, sealed = news.query, read_xml(news.body.decode())["Encrypt"]
    assert query["encrypt_type"] == "aes"
    assert signature(envelope.token, query["timestamp"], query["nonce"]) == query["signature"]
    assert envelope.is_signed(query["msg_signature"], query["timestamp"], query["nonce"], sealed)
    return read_xml(envelope.open(sealed))


def test_following_is_told_sealed_and_signed(envelope: Envelope, account: Any, receiver: Any, person: Any):
    person.does("follow")
    (news,) = receiver.wait(1)
    found = opened(envelope, news)
    assert (found["Event"], found["EventKey"], found["FromUserName"]) == ("subscribe", "", person.openid)
    assert (found["ToUserName"], news.query["openid"]) == (account.keys["original_id"], person.openid)


def test_plain_mode_is_signed_but_open(outside: Running, envelope: Envelope, receiver: Any, person: Any):
    outside.post("/wechat/sandbox/mode", json={"is_sealed": False})
    try:
        person.does("follow")
        (news,) = receiver.wait(1)
    finally:
        outside.post("/wechat/sandbox/mode", json={"is_sealed": True})
    assert "encrypt_type" not in news.query
    assert news.query["signature"] == envelope.sign(news.query["timestamp"], news.query["nonce"])
    assert read_xml(news.body.decode())["Event"] == "subscribe"


def test_scan_follow_write_tap_place_and_leave_come_in_order(
    envelope: Envelope, account: Any, receiver: Any, person: Any
):
    scene = {"action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "hall-3"}}}
    code = account.post("/cgi-bin/qrcode/create", scene)
    buttons = [
        {"type": "click", "name": "待办", "key": "TODO"},
        {"type": "view", "name": "申报", "url": "http://127.0.0.1/#/f"},
    ]
    account.post("/cgi-bin/menu/create", {"button": buttons})
    person.does("scan", ticket=code["ticket"])
    person.does("scan", url=code["url"])
    person.does("write", text="怎么申报？]]><x>")
    person.does("tap-menu", key="TODO")
    person.does("tap-menu", url="http://127.0.0.1/#/f")
    person.does("place", latitude=22.5, longitude=113.9)
    person.does("unfollow")
    found = [opened(envelope, news) for news in receiver.wait(7)]
    assert [(one.get("Event", one["MsgType"]), one.get("EventKey")) for one in found] == [
        ("subscribe", "qrscene_hall-3"), ("SCAN", "hall-3"), ("text", None), ("CLICK", "TODO"),
        ("VIEW", "http://127.0.0.1/#/f"), ("LOCATION", None), ("unsubscribe", ""),
    ]  # fmt: skip
    assert found[0]["Ticket"] == code["ticket"]
    assert found[2]["Content"] == "怎么申报？]]><x>"
    assert found[2]["MsgId"].isdecimal()


def test_an_old_code_cannot_be_scanned(outside: Running, account: Any, person: Any, later: Callable[[float], None]):
    scene = {"action_name": "QR_SCENE", "expire_seconds": 60, "action_info": {"scene": {"scene_id": 7}}}
    code = account.post("/cgi-bin/qrcode/create", scene)
    later(61)
    asked = {"person": person.name, "ticket": code["ticket"]}
    assert outside.post("/wechat/sandbox/scan", json=asked).status_code == 404


def test_a_passive_reply_stands_in_the_chat(envelope: Envelope, receiver: Any, person: Any):
    person.does("follow")
    receiver.wait(1)

    def reply(_: Any) -> tuple[int, bytes]:
        text = xml({"ToUserName": person.openid, "FromUserName": "gh", "MsgType": "text", "Content": "您好"})
        sealed = envelope.seal(text)
        fields = {"Encrypt": sealed, "MsgSignature": envelope.sign("1", "n", sealed), "TimeStamp": 1, "Nonce": "n"}
        return 200, xml(fields).encode()

    receiver.answer = reply
    person.does("write", text="在吗")
    receiver.wait(2)
    assert texts(person, 2) == [("text", "在吗"), ("text", "您好")]


@pytest.mark.parametrize(
    "said", [b"{}", b"<xml><Encrypt>x</Encrypt></xml>", b"ok", b"<xml><MsgType>text</MsgType></xml>"]
)
def test_nonsense_makes_the_follower_read_that_the_account_is_unavailable(receiver: Any, person: Any, said: bytes):
    person.does("follow")
    receiver.wait(1)
    receiver.answer = lambda _: (200, said)
    person.does("write", text="在吗")
    assert texts(person, 2)[1] == ("failure", "该公众号暂时无法提供服务，请稍后再试")
    assert len(receiver.got) == 2


def texts(person: Any, count: int) -> list[tuple[str, str]]:
    """The chat once it has so many messages (a reply is put there after the callback's answer was read)."""
    for _ in range(500):
        chat = person.sees()["account"]
        if len(chat) >= count:
            return [(one["kind"], one["content"].get("content", "")) for one in chat]
    raise AssertionError(f"only {chat}")


def settled(tries: Tries, target: str, count: int) -> list[dict[str, Any]]:
    """The callbacks once nothing more is to come."""
    for _ in range(2000):
        found = tries(target)
        if len(found) == count and all(one["next_at"] is None and not one["is_held"] for one in found):
            return found
    raise AssertionError(found)


def test_who_does_not_answer_in_time_is_asked_three_times(envelope: Envelope, receiver: Any, person: Any, tries: Tries):
    def sleep(_: Any) -> tuple[int, bytes]:
        receiver.stop.wait(1.5)
        return 200, b"success"

    receiver.answer = sleep
    person.does("follow")
    found = [opened(envelope, news) for news in receiver.wait(3)]
    assert found[0] == found[1] == found[2]
    nonces = {news.query["nonce"] for news in receiver.got}
    assert len(nonces) == 3
    (one,) = settled(tries, "wechat_oa", 1)
    assert [(t["status"], t["said"]) for t in one["tries"]] == [(0, "")] * 3
    assert (one["taken_at"], len(receiver.got)) == (None, 3)
    assert all(0.5 <= t["seconds"] < 1.5 for t in one["tries"])


def test_a_refusal_is_repeated_until_taken(receiver: Any, person: Any, tries: Tries):
    receiver.answer = lambda _: (200, b"success") if len(receiver.got) == 2 else (500, b"")
    person.does("follow")
    receiver.wait(2)
    (one,) = settled(tries, "wechat_oa", 1)
    assert ([t["status"] for t in one["tries"]], one["taken_at"] is not None) == ([500, 200], True)


@pytest.mark.parametrize("kind", ["double", "replayed"])
def test_the_same_news_twice(envelope: Envelope, receiver: Any, person: Any, fault: Fault, kind: str):
    fault("wechat_oa_callback", kind)
    person.does("follow")
    first, second = receiver.wait(2)
    assert opened(envelope, first) == opened(envelope, second)
    assert (first.body == second.body, first.query == second.query) == ((kind == "replayed"),) * 2


def test_news_out_of_order(envelope: Envelope, receiver: Any, person: Any, fault: Fault):
    fault("wechat_oa_callback", "reorder")
    person.does("follow")
    person.does("write", text="先到")
    found = [opened(envelope, news) for news in receiver.wait(2)]
    assert [one["MsgType"] for one in found] == ["text", "event"]


def test_missing_news_never_come(receiver: Any, person: Any, fault: Fault, tries: Tries):
    fault("wechat_oa_callback", "missing")
    person.does("follow")
    person.does("write", text="x")
    receiver.wait(1)
    lost, sent = settled(tries, "wechat_oa", 2)
    assert (lost["tries"], len(sent["tries"]), len(receiver.got)) == ([], 1, 1)


@pytest.mark.parametrize("kind", ["forged", "tampered", "stale", "oversized", "bomb"])
def test_a_bad_callback_comes_first_and_the_true_one_after(
    envelope: Envelope, receiver: Any, person: Any, fault: Fault, kind: str
):
    fault("wechat_oa_callback", kind)
    person.does("follow")
    bad, good = receiver.wait(2)
    assert opened(envelope, good)["Event"] == "subscribe"
    if kind == "stale":
        assert opened(envelope, bad)["Event"] == "subscribe"
        assert int(good.query["timestamp"]) - int(bad.query["timestamp"]) >= 3600
    elif kind == "oversized":
        assert len(bad.body) > 2 * 1024 * 1024
    elif kind == "bomb":
        assert b"<!ENTITY" in bad.body
    else:
        with pytest.raises((AssertionError, BadEnvelope)):
            opened(envelope, bad)


def test_the_result_of_a_template_message_is_told(
    envelope: Envelope, account: Any, receiver: Any, person: Any, fault: Fault
):
    message = {
        "touser": person.openid,
        "template_id": account.template("refund_posted"),
        "data": {
            "thing1": {"value": "增值税留抵退税"},
            "time2": {"value": "2026-11-30 10:00"},
            "thing3": {"value": "请查收"},
        },
    }
    person.does("follow")
    ids = [account.post("/cgi-bin/message/template/send", message)["msgid"]]
    person.does("block")
    ids.append(account.post("/cgi-bin/message/template/send", message)["msgid"])
    person.does("block", is_blocked=False)
    fault("wechat", "undelivered")
    ids.append(account.post("/cgi-bin/message/template/send", message)["msgid"])
    found = [opened(envelope, news) for news in receiver.wait(4)][1:]
    assert [one["Status"] for one in found] == ["success", "failed:user block", "failed: system failed"]
    assert [int(one["MsgID"]) for one in found] == ids
    assert len(person.sees()["account"]) == 1


def test_decisions_on_subscriptions_are_told(envelope: Envelope, account: Any, receiver: Any, person: Any):
    yes, no = account.template("matter_progress_once"), account.template("filing_due_once")
    person.does("subscribe", choices={yes: "accept", no: "reject"})
    person.does("change-subscription", template_id=yes)
    first, second = receiver.wait(2)
    text = envelope.open(read_xml(first.body.decode())["Encrypt"])
    assert text.count("<List>") == 2
    assert f"<TemplateId><![CDATA[{yes}]]></TemplateId><SubscribeStatusString><![CDATA[accept]]>" in text
    assert opened(envelope, second)["Event"] == "subscribe_msg_change_event"


def test_the_mini_programs_news_are_sealed_with_its_own_key(mini: Any, receiver: Any, person: Any):
    person.does("enter")
    (news,) = receiver.wait(1)
    own = Envelope(mini.keys["token"], mini.keys["encoding_aes_key"], mini.keys["app_id"])
    found = opened(own, news)
    assert (found["Event"], found["FromUserName"]) == ("user_enter_tempsession", person.mini_openid)
    entered = [
        mini.post(
            "/cgi-bin/message/custom/send", {"touser": person.mini_openid, "msgtype": "text", "text": {"content": "x"}}
        )
        for _ in range(3)
    ]
    assert [one["errcode"] for one in entered] == [0, 0, 45047]


def test_an_address_is_verified_by_its_echo(outside: Running, envelope: Envelope, receiver: Any):
    receiver.answer = lambda news: (200, news.query["echostr"].encode())
    assert outside.post("/wechat/sandbox/verify-url", json={}).json()["is_good"] is True
    (news,) = receiver.got
    assert news.method == "GET"
    assert news.query["signature"] == envelope.sign(news.query["timestamp"], news.query["nonce"])
    receiver.answer = lambda _: (200, b"success")
    assert outside.post("/wechat/sandbox/verify-url", json={}).status_code == 422


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "file:///etc/passwd", "http://[::1", 7, "http://127.0.0.1@evil.example"]
)
def test_news_go_to_this_machine_only(outside: Running, url: Any):
    assert outside.post("/wechat/sandbox/callback", json={"url": url}).status_code == 422


def test_without_an_address_nothing_is_owed(outside: Running, person: Any):
    before = outside.get("/sandbox/callbacks").json()["callbacks"]
    assert person.does("follow")["callback_id"] == 0
    assert outside.get("/sandbox/callbacks").json()["callbacks"] == before


def test_any_event_can_be_made_up(envelope: Envelope, receiver: Any, person: Any):
    person.does("event", fields={"MsgType": "event", "Event": "from_the_future", "Nested": {"A": ["1", "2"]}})
    (news,) = receiver.wait(1)
    assert opened(envelope, news)["Event"] == "from_the_future"


def test_who_does_not_follow_cannot_write(outside: Running, person: Any):
    asked = {"person": person.name, "text": "x"}
    assert outside.post("/wechat/sandbox/write", json=asked).status_code == 409


def test_a_second_citys_account_is_its_own(outside: Running, account: Any, receiver: Any, person: Any):
    other = "wechat_oa_linan"
    keys = outside.credentials["official_account_linan"]
    outside.post("/wechat/sandbox/callback", json={"target": other, "url": receiver.url}).raise_for_status()
    openid = person.does("follow", app=other)["openid"]
    (news,) = receiver.wait(1)
    outside.post("/wechat/sandbox/callback", json={"target": other, "url": ""}).raise_for_status()
    own = Envelope(keys["token"], keys["encoding_aes_key"], keys["app_id"])
    assert opened(own, news)["FromUserName"] == openid != person.openid
    assert person.sees()["is_following"] is False
    found = account.get("/cgi-bin/user/info", openid=openid)
    assert found["errcode"] == 40003


def test_receipts_find_their_way_by_the_key_in_the_address(outside: Running, receiver: Any):
    url = f"{receiver.url}?key={outside.credentials['sms']['callback_key']}"
    outside.post("/sms/sandbox/callback", json={"url": url}).raise_for_status()
    outside.post("/sms/sandbox/reply", json={"phone": "13800000081", "text": "TD"}).raise_for_status()
    (news,) = receiver.wait(1)
    assert news.query == {"key": outside.credentials["sms"]["callback_key"]}


def test_the_pages_write_foreign_text_as_text_only():
    for page in PAGES.iterdir():
        source = page.read_text()
        assert not [word for word in ("innerHTML", "insertAdjacentHTML", "document.write", "eval(") if word in source]


def test_news_owed_survive_a_restart(tmp_path: Path, receiver: Any):
    options = Options(tmp_path / "state", callback_base=receiver.url.removesuffix("/in"))
    with running(options) as first:
        planned = {"server": "wechat_oa_callback", "kind": "late", "seconds": 1}
        first.post("/sandbox/faults", json=planned).raise_for_status()
        first.post("/wechat/sandbox/follow", json={"person": "p"}).raise_for_status()
    assert receiver.got == []
    with running(options):
        (news,) = receiver.wait(1)
    assert news.path == "/channels/wechat_oa/callback"
