"""The official account's and mini program's interfaces: limits, windows, consents, errors by their documented numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from sandboxes.running import Running
from sandboxes.templates import PLACES
from sandboxes.wechat.tickets import js_signature

PROGRESS = {
    "thing1": {"value": "增值税发票总额度调整"},
    "phrase2": {"value": "已办结"},
    "time3": {"value": "2026年11月30日 09:30"},
    "character_string4": {"value": "BJ20261123000017"},
}
Later = Callable[[float], None]


def test_each_app_has_its_own_token(account: Any, mini: Any):
    assert account.token != mini.token
    assert account.token == account.token


def test_a_forced_token_ends_the_former_of_this_app_only(account: Any, mini: Any, later: Later):
    old, others = account.token, mini.token
    later(100_000)
    fresh = account.stable(force_refresh=True)["access_token"]
    assert fresh != old
    assert account.get("/cgi-bin/user/get", access_token=old)["errcode"] == 40001
    assert account.get("/cgi-bin/user/get", access_token=fresh).get("errcode", 0) == 0
    assert mini.get("/cgi-bin/user/get", access_token=others)["errcode"] == 42001
    assert account.stable(force_refresh=True)["errcode"] == 45011


def test_a_token_ends_after_two_hours(account: Any, later: Later):
    token = account.token
    later(7201)
    assert account.get("/cgi-bin/user/get", access_token=token)["errcode"] == 42001


@pytest.mark.parametrize(
    ("token", "code"), [("", 41001), ("abc", 40014), ("10_" + "x" * 128, 40001), ("10_'; drop table x --", 40014)]
)
def test_a_token_that_is_none(account: Any, token: str, code: int):
    assert account.get("/cgi-bin/user/get", access_token=token)["errcode"] == code


def test_the_mini_programs_token_does_not_open_the_account(account: Any, mini: Any):
    assert account.get("/cgi-bin/menu/get", access_token=mini.token)["errcode"] == 48001
    assert mini.post("/wxa/generate_urllink", {}, access_token=account.token)["errcode"] == 48001


def test_menus_are_kept_and_checked(account: Any):
    menu = {
        "button": [
            {"type": "click", "name": "待办", "key": "TODO"},
            {"name": "办税", "sub_button": [{"type": "view", "name": "申报", "url": "http://127.0.0.1/#/file"}]},
        ]
    }
    assert account.post("/cgi-bin/menu/create", menu)["errcode"] == 0
    assert account.get("/cgi-bin/menu/get")["menu"] == menu
    account.get("/cgi-bin/menu/delete")
    assert account.get("/cgi-bin/menu/get")["errcode"] == 46003


@pytest.mark.parametrize(
    ("buttons", "code"),
    [
        ([], 40016),
        ([{"type": "click", "name": "a", "key": "k"}] * 4, 40016),
        ("x", 40016),
        ([{"type": "jump", "name": "a"}], 40017),
        ([{"type": "click", "name": "一二三四五六", "key": "k"}], 40018),
        ([{"type": "click", "name": "", "key": "k"}], 40018),
        ([7], 40018),
        ([{"type": "click", "name": "a", "key": "k" * 129}], 40019),
        ([{"type": "click", "name": "a"}], 40019),
        ([{"type": "view", "name": "a", "url": "javascript:alert(1)"}], 40020),
        ([{"name": "a", "sub_button": [{"type": "click", "name": "b", "key": "k"}] * 6}], 40023),
        ([{"name": "a", "sub_button": [{"type": "click", "name": "b" * 61, "key": "k"}]}], 40025),
    ],
)
def test_a_wrong_menu_is_refused_and_changes_nothing(account: Any, buttons: Any, code: int):
    good = {"button": [{"type": "click", "name": "待办", "key": "TODO"}]}
    account.post("/cgi-bin/menu/create", good)
    assert account.post("/cgi-bin/menu/create", {"button": buttons})["errcode"] == code
    assert account.get("/cgi-bin/menu/get")["menu"] == good


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"action_name": "QR"}, 40052),
        ({"action_name": "QR_SCENE"}, 40053),
        ({"action_name": "QR_SCENE", "action_info": {"scene": {"scene_id": 0}}}, 40053),
        ({"action_name": "QR_LIMIT_SCENE", "action_info": {"scene": {"scene_id": 100_001}}}, 40053),
        ({"action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "x" * 65}}}, 40053),
        (
            {"action_name": "QR_STR_SCENE", "expire_seconds": 2_592_001, "action_info": {"scene": {"scene_str": "x"}}},
            40097,
        ),
    ],
)
def test_a_wrong_code_is_not_made(account: Any, asked: dict[str, Any], code: int):
    assert account.post("/cgi-bin/qrcode/create", asked)["errcode"] == code


def test_a_template_message_reaches_followers_only(account: Any, person: Any):
    message = {"touser": person.openid, "template_id": account.template("matter_progress"), "data": PROGRESS}
    assert account.post("/cgi-bin/message/template/send", message)["errcode"] == 43004
    assert person.sees()["account"] == []
    person.does("follow")
    sent = account.post("/cgi-bin/message/template/send", message)
    assert (sent["errcode"], sent["msgid"] > 0) == (0, True)
    (card,) = person.sees()["account"]
    assert (card["kind"], card["content"]["title"]) == ("template", "业务办理进度通知")
    assert card["content"]["lines"][0] == ["办理事项", "增值税发票总额度调整"]


def test_the_days_template_messages_are_counted_and_can_be_cleared(account: Any, person: Any, later: Later):
    later(200_000)
    person.does("follow")
    message = {"touser": person.openid, "template_id": account.template("matter_progress"), "data": PROGRESS}
    codes = [account.post("/cgi-bin/message/template/send", message)["errcode"] for _ in range(4)]
    assert codes == [0, 0, 0, 45009]
    assert len(person.sees()["account"]) == 3
    assert account.post("/cgi-bin/clear_quota", {"appid": account.keys["app_id"]})["errcode"] == 0
    assert account.post("/cgi-bin/message/template/send", message)["errcode"] == 0


def test_one_client_msg_id_is_one_message(account: Any, person: Any, later: Later):
    later(400_000)
    person.does("follow")
    message = {"touser": person.openid, "template_id": account.template("matter_progress"), "data": PROGRESS}
    first = account.post("/cgi-bin/message/template/send", message | {"client_msg_id": "once"})
    assert account.post("/cgi-bin/message/template/send", message | {"client_msg_id": "once"}) == first
    assert len(person.sees()["account"]) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"touser": "oNobody"}, 40003),
        ({"touser": 7}, 40003),
        ({"template_id": "none"}, 40037),
        ({"data": {}}, 47003),
        ({"data": None}, 47003),
        ({"data": PROGRESS | {"thing1": {"value": ""}}}, 47003),
        ({"data": PROGRESS | {"thing1": {"value": "字" * 21}}}, 47003),
        ({"data": PROGRESS | {"phrase2": {"value": "done"}}}, 47003),
        ({"data": PROGRESS | {"phrase2": {"value": "办理完成啦啦"}}}, 47003),
        ({"data": PROGRESS | {"time3": {"value": "yesterday"}}}, 47003),
        ({"data": PROGRESS | {"character_string4": {"value": "中文"}}}, 47003),
        ({"data": PROGRESS | {"character_string4": {"value": "x" * 33}}}, 47003),
        ({"data": PROGRESS | {"thing1": "增值税"}}, 47003),
    ],
)
def test_a_wrong_template_message_is_refused(account: Any, person: Any, change: dict[str, Any], code: int):
    person.does("follow")
    message = {"touser": person.openid, "template_id": account.template("matter_progress"), "data": PROGRESS}
    assert account.post("/cgi-bin/message/template/send", message | change)["errcode"] == code
    assert person.sees()["account"] == []


def test_every_template_place_has_a_kind_that_is_checked(account: Any):
    known = {one["title"] for one in account.get("/cgi-bin/template/get_all_private_template")["template_list"]}
    assert known == {title for title, _ in PLACES.values()}


def test_one_acceptance_is_one_message(mini: Any, person: Any):
    template_id = mini.template("matter_progress")
    message = {"touser": person.mini_openid, "template_id": template_id, "page": "pages/cases", "data": PROGRESS}
    path = "/cgi-bin/message/subscribe/send"
    assert mini.post(path, message)["errcode"] == 43101
    for _ in range(2):
        person.does("subscribe", app="wechat_mini", choices={template_id: "accept"})
    assert [mini.post(path, message)["errcode"] for _ in range(3)] == [0, 0, 43101]
    assert [one["content"]["page"] for one in person.sees()["mini"]] == ["pages/cases"] * 2


def test_a_lasting_subscription_is_not_used_up_until_refused(mini: Any, person: Any):
    template_id = mini.template("matter_progress_lasting")
    message = {"touser": person.mini_openid, "template_id": template_id, "data": PROGRESS}
    person.does("subscribe", app="wechat_mini", choices={template_id: "accept"})
    assert [mini.post("/cgi-bin/message/subscribe/send", message)["errcode"] for _ in range(3)] == [0, 0, 0]
    person.does("change-subscription", app="wechat_mini", template_id=template_id)
    assert mini.post("/cgi-bin/message/subscribe/send", message)["errcode"] == 43101


def test_a_wrong_message_does_not_use_up_the_acceptance(mini: Any, person: Any):
    template_id = mini.template("matter_progress")
    message = {"touser": person.mini_openid, "template_id": template_id, "data": PROGRESS}
    person.does("subscribe", app="wechat_mini", choices={template_id: "accept"})
    path = "/cgi-bin/message/subscribe/send"
    assert mini.post(path, message | {"data": {}})["errcode"] == 47003
    assert mini.post(path, message | {"page": "/pages/x"})["errcode"] == 41030
    assert mini.post(path, message)["errcode"] == 0


def test_the_accounts_subscription_is_not_the_mini_programs(account: Any, mini: Any, person: Any):
    template_id = account.template("matter_progress_once")
    person.does("subscribe", choices={template_id: "accept"})
    message = {"touser": person.openid, "template_id": template_id, "data": PROGRESS}
    wrong = {**message, "touser": person.mini_openid}
    assert mini.post("/cgi-bin/message/subscribe/send", wrong)["errcode"] == 40037
    assert account.post("/cgi-bin/message/subscribe/bizsend", message)["errcode"] == 0
    assert account.post("/cgi-bin/message/subscribe/bizsend", message)["errcode"] == 43101


def test_once_and_lasting_are_not_asked_together(outside: Running, mini: Any, person: Any):
    ids = [mini.template("matter_progress"), mini.template("filing_due_lasting")]
    asked = {"person": person.name, "app": "wechat_mini", "template_ids": ids}
    answer = outside.post("/wechat/sandbox/dialog", json=asked)
    assert (answer.status_code, answer.json()["errCode"]) == (422, 20012)


def test_a_dialog_waits_for_the_person(outside: Running, mini: Any, person: Any):
    ids = [mini.template("matter_progress"), mini.template("filing_due")]
    dialog_id = person.does("dialog", app="wechat_mini", template_ids=ids)["dialog_id"]
    (shown,) = person.sees()["dialogs"]
    assert [one["title"] for one in shown["templates"]] == ["业务办理进度通知", "申报到期提醒"]
    query = {"dialog_id": dialog_id}
    assert outside.get("/wechat/sandbox/dialog", params=query).json()["answer"] is None
    choices = {ids[0]: "accept", ids[1]: "reject"}
    person.does("subscribe", app="wechat_mini", dialog_id=dialog_id, choices=choices)
    assert outside.get("/wechat/sandbox/dialog", params=query).json()["answer"] == choices
    assert person.sees()["dialogs"] == []


def text_to(openid: str) -> dict[str, Any]:
    return {"touser": openid, "msgtype": "text", "text": {"content": "您好"}}


def test_customer_messages_have_a_window_and_a_count(account: Any, person: Any, later: Later):
    path = "/cgi-bin/message/custom/send"
    assert account.post(path, text_to(person.openid))["errcode"] == 45015
    person.does("follow")
    assert [account.post(path, text_to(person.openid))["errcode"] for _ in range(4)] == [0, 0, 0, 45047]
    person.does("write", text="在吗")
    assert [account.post(path, text_to(person.openid))["errcode"] for _ in range(6)] == [0, 0, 0, 0, 0, 45047]
    person.does("write", text="还在吗")
    later(48 * 3600 + 1)
    assert account.post(path, text_to(person.openid))["errcode"] == 45015


def test_a_tap_opens_a_minute(account: Any, person: Any, later: Later):
    account.post("/cgi-bin/menu/create", {"button": [{"type": "click", "name": "待办", "key": "TODO"}]})
    person.does("follow")
    later(61)
    assert account.post("/cgi-bin/message/custom/send", text_to(person.openid))["errcode"] == 45015
    person.does("tap-menu", key="TODO")
    assert account.post("/cgi-bin/message/custom/send", text_to(person.openid))["errcode"] == 0
    person.does("unfollow")
    assert account.post("/cgi-bin/message/custom/send", text_to(person.openid))["errcode"] == 45015


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"msgtype": "telepathy"}, 40008),
        ({"msgtype": ["text"]}, 40008),
        ({"msgtype": "text", "text": {"content": ""}}, 44004),
        ({"msgtype": "text", "text": {"content": "税" * 683}}, 45002),
        ({"msgtype": "image", "image": {"media_id": "none"}}, 40007),
        ({"msgtype": "news", "news": {"articles": [{}, {}]}}, 45008),
    ],
)
def test_a_wrong_customer_message_uses_up_nothing(account: Any, person: Any, message: dict[str, Any], code: int):
    person.does("follow")
    path = "/cgi-bin/message/custom/send"
    assert account.post(path, {"touser": person.openid, **message})["errcode"] == code
    assert [account.post(path, text_to(person.openid))["errcode"] for _ in range(4)] == [0, 0, 0, 45047]


def test_media_come_back_byte_for_byte_for_three_days(outside: Running, account: Any, person: Any, later: Later):
    content = bytes(range(256)) * 40
    query = {"access_token": account.token, "type": "image"}
    kept = outside.post(
        "/wechat/cgi-bin/media/upload", params=query, files={"media": ("印章.png", content, "image/png")}
    ).json()
    fetched = outside.get(
        "/wechat/cgi-bin/media/get", params={"access_token": account.token, "media_id": kept["media_id"]}
    )
    assert (fetched.content, fetched.headers["content-type"]) == (content, "image/png")
    person.does("follow")
    image = {"touser": person.openid, "msgtype": "image", "image": {"media_id": kept["media_id"]}}
    assert account.post("/cgi-bin/message/custom/send", image)["errcode"] == 0
    later(3 * 86_400 + 1)
    assert account.get("/cgi-bin/media/get", media_id=kept["media_id"])["errcode"] == 40007


@pytest.mark.parametrize(
    ("kind", "name", "size", "code"),
    [
        ("gif", "a.gif", 99, 40004),
        ("image", "a.exe", 99, 40005),
        ("thumb", "a.jpg", 70_000, 40006),
        ("image", "a.png", 1, 40006),
    ],
)
def test_wrong_media_are_refused(outside: Running, account: Any, kind: str, name: str, size: int, code: int):
    query = {"access_token": account.token, "type": kind}
    files = {"media": (name, b"x" * size, "image/png")}
    assert outside.post("/wechat/cgi-bin/media/upload", params=query, files=files).json()["errcode"] == code


def test_media_without_a_file(outside: Running, account: Any):
    query = {"access_token": account.token, "type": "image"}
    assert outside.post("/wechat/cgi-bin/media/upload", params=query, data={"media": "x"}).json()["errcode"] == 41005


def authorise(outside: Running, account: Any, **change: str) -> httpx.Response:
    query = {
        "appid": account.keys["app_id"], "redirect_uri": "http://127.0.0.1:8000/back?a=1#/me", "response_type": "code",
        "scope": "snsapi_base", "state": "s t&", "sandbox_person": "oauth",
    }  # fmt: skip
    return outside.get("/wechat/connect/oauth2/authorize", params=query | change)


def code_of(answer: httpx.Response) -> str:
    return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]


def exchange(outside: Running, keys: dict[str, Any], code: str, **change: str) -> dict[str, Any]:
    query = {
        "appid": keys["app_id"], "secret": keys["app_secret"], "code": code, "grant_type": "authorization_code",
    }  # fmt: skip
    return outside.get("/wechat/sns/oauth2/access_token", params=query | change).json()


def test_a_web_page_learns_who_it_is_once(outside: Running, account: Any, mini: Any, later: Later):
    back = authorise(outside, account)
    parts = urlsplit(back.headers["location"])
    assert (back.status_code, parts.fragment, parse_qs(parts.query)["state"]) == (302, "/me", ["s t&"])
    assert parse_qs(parts.query)["a"] == ["1"]
    code = code_of(back)
    assert exchange(outside, mini.keys, code)["errcode"] == 40029
    assert exchange(outside, account.keys, code, secret="x" * 32)["errcode"] == 40125
    found = exchange(outside, account.keys, code)
    assert (found["scope"], "unionid" in found) == ("snsapi_base", False)
    assert exchange(outside, account.keys, code)["errcode"] == 40163
    late = code_of(authorise(outside, account))
    later(301)
    assert exchange(outside, account.keys, late)["errcode"] == 40029


def test_who_said_yes_is_shown_with_a_name(outside: Running, account: Any):
    query = {
        "appid": account.keys["app_id"], "redirect_uri": "http://127.0.0.1:8000/back", "scope": "snsapi_userinfo",
        "state": "", "person": "oauth",
    }  # fmt: skip
    allowed = outside.get("/wechat/connect/oauth2/allow", params=query)
    found = exchange(outside, account.keys, code_of(allowed))
    asked = {"access_token": found["access_token"], "openid": found["openid"]}
    shown = outside.get("/wechat/sns/userinfo", params=asked).json()
    assert (shown["nickname"], shown["unionid"]) == ("oauth", found["unionid"])
    assert outside.get("/wechat/sns/userinfo", params=asked | {"openid": "oOther"}).json()["errcode"] == 40003
    silent = exchange(outside, account.keys, code_of(authorise(outside, account)))
    asked = {"access_token": silent["access_token"], "openid": silent["openid"]}
    assert outside.get("/wechat/sns/userinfo", params=asked).json()["errcode"] == 48001


@pytest.mark.parametrize(
    "change",
    [
        {"redirect_uri": "https://evil.example/"}, {"redirect_uri": "javascript:alert(1)"}, {"redirect_uri": ""},
        {"redirect_uri": "http://127.0.0.1@evil.example/"}, {"redirect_uri": "//evil.example"}, {"scope": "all"},
        {"appid": "wx0"}, {"response_type": "token"},
    ],
)  # fmt: skip
def test_a_wrong_authorise_page_sends_nobody_away(outside: Running, account: Any, change: dict[str, str]):
    answer = authorise(outside, account, **change)
    assert (answer.status_code, "location" in answer.headers) == (400, False)


def test_the_authorise_page_shows_foreign_text_as_text(outside: Running, account: Any):
    page = authorise(outside, account, scope="snsapi_userinfo", state="</script><script>alert(1)</script>").text
    assert "</script><script>alert(1)" not in page


def test_a_page_configures_the_js_sdk_with_a_living_ticket(outside: Running, account: Any, later: Later):
    ticket = account.get("/cgi-bin/ticket/getticket", type="jsapi")["ticket"]
    assert ticket == account.get("/cgi-bin/ticket/getticket", type="jsapi")["ticket"]
    assert account.get("/cgi-bin/ticket/getticket", type="x")["errcode"] == 40097
    asked = {"appId": account.keys["app_id"], "timestamp": 1, "nonceStr": "n", "url": "http://127.0.0.1:8000/#/x"}
    signed = asked | {"signature": js_signature(ticket, "n", "1", "http://127.0.0.1:8000/")}
    assert outside.post("/wechat/sandbox/js-sdk", json=signed).json()["errMsg"] == "config:ok"
    for wrong in ({"timestamp": 2}, {"url": "http://127.0.0.1:8001/"}, {"signature": ""}):
        assert outside.post("/wechat/sandbox/js-sdk", json=signed | wrong).json()["errMsg"].startswith("config:fail")
    later(7201)
    assert outside.post("/wechat/sandbox/js-sdk", json=signed).json()["errMsg"].startswith("config:fail")


def test_links_open_their_page_until_they_end(outside: Running, mini: Any, later: Later):
    made = mini.post(
        "/wxa/generate_urllink", {"path": "pages/file", "query": "a=1", "expire_type": 1, "expire_interval": 1}
    )
    scheme = mini.post("/wxa/generatescheme", {"jump_wxa": {"path": "pages/file", "query": "a=1"}})
    for link in (made["url_link"], scheme["openlink"]):
        found = outside.post("/wechat/sandbox/open", json={"link": link}).json()
        assert (found["path"], found["query"]) == ("pages/file", "a=1")
    later(86_401)
    assert outside.post("/wechat/sandbox/open", json={"link": made["url_link"]}).status_code == 404


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"expire_type": 1, "expire_interval": 31}, 85401),
        ({"expire_type": 1}, 85401),
        ({"expire_type": 0, "expire_time": 1}, 85401),
        ({"path": "a?b"}, 40165),
        ({"env_version": "moon"}, 85402),
        ({"query": 7}, 40097),
    ],
)
def test_a_wrong_link_is_not_made(mini: Any, asked: dict[str, Any], code: int):
    assert mini.post("/wxa/generate_urllink", asked)["errcode"] == code


def test_the_days_links_are_counted(mini: Any, later: Later):
    later(600_000)
    codes = [mini.post("/wxa/generate_urllink", {"path": "a"})["errcode"] for _ in range(5)]
    assert codes == [0, 0, 0, 0, 45009]


@pytest.mark.parametrize(
    ("asked", "code"),
    [({"scene": "x" * 33}, 40129), ({"scene": "中"}, 40129), ({}, 40129), ({"scene": "a", "page": "/p"}, 41030)],
)
def test_a_wrong_mini_code_is_refused(mini: Any, asked: dict[str, Any], code: int):
    assert mini.post("/wxa/getwxacodeunlimit", asked)["errcode"] == code


def test_a_mini_code_is_a_picture_that_names_its_page(mini: Any):
    answer = mini.raw("/wxa/getwxacodeunlimit", {"scene": "hall=3", "page": "pages/queue"})
    assert answer.headers["content-type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG\r\n\x1a\n")
    assert b"pages/queue hall=3" in answer.content


def test_texts_are_checked_for_recent_visitors(outside: Running, mini: Any, person: Any, later: Later):
    asked = {"version": 2, "scene": 2, "openid": person.mini_openid, "content": "请问如何申报？"}
    assert mini.post("/wxa/msg_sec_check", asked)["errcode"] == 61010
    code = person.does("wx-login")["code"]
    keys = mini.keys
    query = {
        "appid": keys["app_id"], "secret": keys["app_secret"], "js_code": code, "grant_type": "authorization_code",
    }  # fmt: skip
    assert outside.get("/wechat/sns/jscode2session", params=query).json()["openid"] == person.mini_openid
    assert mini.post("/wxa/msg_sec_check", asked)["result"] == {"suggest": "pass", "label": 100}
    risky = asked | {"content": "特3456书yuuo莞6543李zxcz蒜7782法fgnv级完2347全dfji试3726测asad感3847知qwez到"}
    assert mini.post("/wxa/msg_sec_check", risky)["result"]["suggest"] == "risky"
    assert mini.post("/wxa/msg_sec_check", asked | {"content": "x" * 2501})["errcode"] == 45002
    assert mini.post("/wxa/msg_sec_check", asked | {"openid": person.openid})["errcode"] == 40003
    later(7201)
    assert mini.post("/wxa/msg_sec_check", asked)["errcode"] == 61010


def test_a_planned_errcode_is_answered(account: Any, fault: Callable[..., None]):
    token = account.token
    fault("wechat", "errcode", code="45009")
    assert account.get("/cgi-bin/user/get", access_token=token)["errcode"] == 45009
