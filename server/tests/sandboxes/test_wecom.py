"""WeCom and government WeChat: messages, cards answered and changed, members, customers, the gateway's headers."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sandboxes.envelope import Envelope, read_xml, xml
from sandboxes.running import Running
from sandboxes.wecom.family import gateway_signature

Later = Callable[[float], None]
SECTIONS = {"wecom": "wecom", "gov": "gov_wechat"}
CARD = {
    "card_type": "button_interaction",
    "main_title": {"title": "退税审批", "desc": "待您处理"},
    "button_list": [{"text": "同意", "key": "yes"}, {"text": "退回", "key": "no", "style": 2}],
}


class Caller:
    """Calls one enterprise's interfaces; the government's with the gateway's headers."""

    def __init__(self, outside: Running, server: str) -> None:
        self.outside = outside
        self.server = server
        self.keys = outside.credentials[SECTIONS[server]]
        self.envelope = Envelope(self.keys["token"], self.keys["encoding_aes_key"], self.keys["corp_id"])

    def headers(self, **change: str) -> dict[str, str]:
        if self.server != "gov":
            return {}
        stamp, nonce = str(int(time.time())), f"{int(time.time() * 1000):x}-{secrets.token_hex(6)}"
        signed = gateway_signature(stamp, nonce, self.keys["paas_token"])
        found = {"paasid": self.keys["paas_id"], "timestamp": stamp, "nonce": nonce, "signature": signed}
        return {f"x-tif-{name}": value for name, value in (found | change).items()}

    def gettoken(self, **change: str) -> dict[str, Any]:
        query = {"corpid": self.keys["corp_id"], "corpsecret": self.keys["secret"]} | change
        return self.outside.get(f"/{self.server}/cgi-bin/gettoken", params=query, headers=self.headers()).json()

    def get(self, path: str, **query: str) -> dict[str, Any]:
        query = query if "access_token" in query else {"access_token": self.gettoken()["access_token"], **query}
        return self.outside.get(f"/{self.server}/cgi-bin{path}", params=query, headers=self.headers()).json()

    def post(self, path: str, content: Any) -> dict[str, Any]:
        query = {"access_token": self.gettoken()["access_token"]}
        return self.outside.post(
            f"/{self.server}/cgi-bin{path}", params=query, json=content, headers=self.headers()
        ).json()

    def send(self, to: str, kind: str, content: Any, **more: Any) -> dict[str, Any]:
        message = {"touser": to, "msgtype": kind, "agentid": self.keys["agent_id"], kind: content}
        return self.post("/message/send", message | more)

    def does(self, act: str, **asked: Any) -> dict[str, Any]:
        answer = self.outside.post(f"/{self.server}/sandbox/{act}", json=asked)
        assert answer.is_success, answer.text
        return answer.json()

    def member(self, userid: str, **more: Any) -> str:
        self.does("members", userid=userid, name=userid.title(), mobile="13800000009", **more)
        return userid

    def sees(self, userid: str) -> list[dict[str, Any]]:
        return self.outside.get(f"/{self.server}/sandbox/phone", params={"userid": userid}).json()["chat"]

    def opened(self, news: Any) -> dict[str, str]:
        sealed = read_xml(news.body.decode())["Encrypt"]
        query = news.query
        assert self.envelope.is_signed(query["msg_signature"], query["timestamp"], query["nonce"], sealed)
        return read_xml(self.envelope.open(sealed))


@pytest.fixture(params=["wecom", "gov"])
def corp(outside: Running, request: pytest.FixtureRequest) -> Caller:
    return Caller(outside, request.param)


@pytest.fixture
def gov(outside: Running) -> Caller:
    return Caller(outside, "gov")


@pytest.fixture
def userid(corp: Caller) -> str:
    return corp.member("u" + secrets.token_hex(6))


def test_the_token_is_one_until_it_ends(corp: Caller, later: Later):
    token = corp.gettoken()
    assert corp.gettoken()["access_token"] == token["access_token"]
    assert 7100 < token["expires_in"] <= 7200
    later(7201)
    assert corp.get("/department/list", access_token=token["access_token"])["errcode"] == 42001
    assert corp.gettoken()["access_token"] != token["access_token"]


@pytest.mark.parametrize(
    ("change", "code"),
    [({"corpid": ""}, 41002), ({"corpid": "ww0"}, 40013), ({"corpsecret": ""}, 41004), ({"corpsecret": "x"}, 40001)],
)
def test_wrong_secrets_give_no_token(corp: Caller, change: dict[str, str], code: int):
    answer = corp.gettoken(**change)
    assert (answer["errcode"], "access_token" in answer) == (code, False)


def test_revoked_foreign_and_malformed_tokens_are_40014(corp: Caller, account: Any):
    token = corp.gettoken()["access_token"]
    corp.does("revoke-tokens")
    for wrong in (token, account.token, "x", "10_" + "y" * 128):
        assert corp.get("/department/list", access_token=wrong)["errcode"] == 40014
    assert corp.get("/department/list", access_token="")["errcode"] == 41001
    assert corp.get("/department/list")["errcode"] == 0


def test_the_corp_ids_begin_as_they_should(outside: Running):
    assert outside.credentials["wecom"]["corp_id"].startswith("ww")
    assert outside.credentials["gov_wechat"]["corp_id"].startswith("wl")


@pytest.mark.parametrize(
    "change",
    [
        {"paasid": "other"}, {"timestamp": "1"}, {"timestamp": "x"}, {"signature": "0" * 64}, {"nonce": "short"},
        {"nonce": ""}, {"signature": ""}, {"paasid": ""}, {"nonce": "18bcfe56800-abc124"},
    ],
)  # fmt: skip
def test_the_gateway_lets_nothing_wrong_through(outside: Running, gov: Caller, change: dict[str, str]):
    query = {"corpid": gov.keys["corp_id"], "corpsecret": gov.keys["secret"]}
    for path in ("/gov/cgi-bin/gettoken", "/gov/ebus/yzyapi/cgi-bin/gettoken"):
        answer = outside.get(path, params=query, headers=gov.headers(**change))
        assert (answer.status_code, "access_token" in answer.json()) == (403, False)


def test_the_gateway_takes_each_nonce_once(outside: Running, gov: Caller):
    query, headers = {"corpid": gov.keys["corp_id"], "corpsecret": gov.keys["secret"]}, gov.headers()
    path = "/gov/ebus/yzyapi/cgi-bin/gettoken"
    assert outside.get(path, params=query, headers=headers).json()["errcode"] == 0
    assert "nonce used" in outside.get(path, params=query, headers=headers).json()["errmsg"]
    assert outside.get(path, params=query).status_code == 403


def test_an_old_timestamp_is_refused_even_rightly_signed(outside: Running, gov: Caller):
    stamp, nonce = str(int(time.time()) - 301), "18bcfe56800-abc123"
    signed = gateway_signature(stamp, nonce, gov.keys["paas_token"])
    headers = gov.headers(timestamp=stamp, nonce=nonce, signature=signed)
    assert outside.get("/gov/cgi-bin/gettoken", headers=headers).status_code == 403


def test_wecom_needs_no_gateway(outside: Running):
    assert outside.get("/wecom/cgi-bin/gettoken").json()["errcode"] == 41002
    assert outside.get("/wecom/ebus/yzyapi/cgi-bin/gettoken").status_code == 404


MESSAGES: dict[str, dict[str, Any]] = {
    "text": {"content": "您好"},
    "markdown": {"content": "**待办**"},
    "textcard": {"title": "待办", "description": "1 件", "url": "http://127.0.0.1:8000/#/x", "btntxt": "查看"},
    "news": {"articles": [{"title": "新政", "url": "http://127.0.0.1:8000/"}]},
    "mpnews": {"articles": [{"title": "新政", "content": "…"}]},
    "miniprogram_notice": {"appid": "wx1", "title": "通知", "content_item": [{"key": "事项", "value": "申报"}]},
    "template_card": CARD | {"task_id": "t-1"},
}


@pytest.mark.parametrize("kind", sorted(MESSAGES))
def test_every_kind_arrives(corp: Caller, userid: str, kind: str):
    sent = corp.send(userid, kind, MESSAGES[kind])
    assert (sent["errcode"], sent["invaliduser"]) == (0, "")
    (shown,) = corp.sees(userid)
    assert (shown["kind"], shown["content"]) == (kind, MESSAGES[kind] | {"msgid": sent["msgid"]})
    assert ("response_code" in sent) == (kind == "template_card")


def test_files_arrive_by_media_id(outside: Running, corp: Caller, userid: str):
    query = {"access_token": corp.gettoken()["access_token"], "type": "file"}
    files = {"media": ("通知.pdf", b"%PDF-1.7 ...", "application/pdf")}
    kept = outside.post(
        f"/{corp.server}/cgi-bin/media/upload", params=query, files=files, headers=corp.headers()
    ).json()
    assert corp.send(userid, "file", {"media_id": kept["media_id"]})["errcode"] == 0
    assert corp.send(userid, "image", {"media_id": kept["media_id"]})["errcode"] == 40007


@pytest.mark.parametrize(
    ("kind", "content", "more", "code"),
    [
        ("text", {"content": ""}, {}, 44004),
        ("text", "x", {}, 44004),
        ("telegram", {}, {}, 40008),
        ("text", {"content": "x"}, {"agentid": 1}, 40056),
        ("text", {"content": "x"}, {"touser": "|".join("u" * 1001)}, 40032),
        ("text", {"content": "x"}, {"touser": "nobody"}, 81013),
        ("text", {"content": "x"}, {"touser": "", "totag": "1"}, 81013),
        ("text", {"content": "x"}, {"toparty": "|".join("1" * 101)}, 82002),
        ("textcard", {"title": "a", "description": "b", "url": "javascript:alert(1)"}, {}, 40058),
        ("textcard", {"description": "b", "url": "http://a"}, {}, 41016),
        ("textcard", {"title": "b", "url": "http://a"}, {}, 41033),
        ("news", {"articles": [{}] * 9}, {}, 45008),
        ("template_card", {"card_type": "hologram"}, {}, 40058),
        ("template_card", CARD, {}, 40058),
        ("template_card", CARD | {"task_id": "有空格 x"}, {}, 40058),
        ("template_card", CARD | {"task_id": "t", "button_list": CARD["button_list"] * 4}, {}, 40058),
        ("template_card", {"card_type": "text_notice", "main_title": {"title": "a"}}, {}, 40058),
    ],
)
def test_wrong_messages_reach_nobody(
    corp: Caller, userid: str, kind: str, content: Any, more: dict[str, Any], code: int
):
    assert corp.send(userid, kind, content, **more)["errcode"] == code
    assert corp.sees(userid) == []


def test_unknown_receivers_are_named_and_the_others_get_it(corp: Caller, userid: str):
    sent = corp.send(f"{userid.upper()}|ghost|{userid}", "text", {"content": "x"}, toparty="1|99", totag="7")
    assert (sent["errcode"], sent["invaliduser"], sent["invalidparty"], sent["invalidtag"]) == (0, "ghost", "99", "7")
    assert len(corp.sees(userid)) == 1


def test_long_texts_are_cut_at_2048_bytes(corp: Caller, userid: str):
    corp.send(userid, "text", {"content": "税" * 700})
    assert corp.sees(userid)[0]["content"]["content"] == "税" * 682


def test_a_duplicate_is_sent_once_in_its_interval(corp: Caller, userid: str, later: Later):
    more = {"enable_duplicate_check": 1, "duplicate_check_interval": 600}
    first = corp.send(userid, "text", {"content": "x"}, **more)
    assert corp.send(userid, "text", {"content": "x"}, **more)["msgid"] == first["msgid"]
    assert len(corp.sees(userid)) == 1
    later(601)
    assert corp.send(userid, "text", {"content": "x"}, **more)["msgid"] != first["msgid"]
    assert len(corp.sees(userid)) == 2


def test_more_than_a_member_may_get_is_dropped_without_a_word(corp: Caller, userid: str):
    assert [corp.send(userid, "text", {"content": str(n)})["errcode"] for n in range(5)] == [0] * 5
    assert len(corp.sees(userid)) == 3


def test_a_message_can_be_recalled_for_a_day(corp: Caller, userid: str, later: Later):
    msgid = corp.send(userid, "text", {"content": "错了"})["msgid"]
    assert corp.post("/message/recall", {"msgid": msgid})["errcode"] == 0
    assert (corp.sees(userid)[0]["state"], corp.sees(userid)[0]["content"]) == ("recalled", {})
    msgid = corp.send(userid, "text", {"content": "又错了"})["msgid"]
    later(86_401)
    assert corp.post("/message/recall", {"msgid": msgid})["errcode"] == 40058


def test_a_card_is_answered_once_and_changed_once(outside: Running, corp: Caller, userid: str, receiver: Any):
    corp.send(userid, "template_card", CARD | {"task_id": "case-7"})
    (card,) = corp.sees(userid)
    asked = {"userid": userid, "chat_id": card["chat_id"], "key": "yes"}
    path = f"/{corp.server}/sandbox/tap"
    assert outside.post(path, json=asked | {"key": "maybe"}).status_code == 409
    corp.does("tap", **asked)
    assert outside.post(path, json=asked).status_code == 409
    (news,) = receiver.wait(1)
    event = corp.opened(news)
    assert (event["Event"], event["EventKey"], event["TaskId"]) == ("template_card_event", "yes", "case-7")
    assert (event["FromUserName"], event["CardType"]) == (userid, "button_interaction")
    update = {
        "userids": [userid, "ghost"], "agentid": corp.keys["agent_id"], "response_code": event["ResponseCode"],
        "button": {"replace_name": "已同意"},
    }  # fmt: skip
    assert corp.post("/message/update_template_card", update) == {
        "errcode": 0,
        "errmsg": "ok",
        "invaliduser": ["ghost"],
    }
    (card,) = corp.sees(userid)
    assert (card["state"], card["content"]["replace_name"], card["content"]["chosen"]) == ("done", "已同意", "yes")
    assert corp.post("/message/update_template_card", update)["errcode"] == 40058


def test_a_response_code_lasts_72_hours_and_belongs_to_its_server(
    outside: Running, corp: Caller, userid: str, later: Later
):
    code = corp.send(userid, "template_card", CARD | {"task_id": "t"})["response_code"]
    update = {"userids": [userid], "response_code": code, "button": {"replace_name": "已办"}}
    other = Caller(outside, "gov" if corp.server == "wecom" else "wecom")
    wrong = other.post("/message/update_template_card", update | {"agentid": other.keys["agent_id"]})
    assert wrong["errcode"] == 40058
    later(72 * 3600 + 1)
    late = corp.post("/message/update_template_card", update | {"agentid": corp.keys["agent_id"]})
    assert late["errcode"] == 40058
    assert corp.sees(userid)[0]["state"] == "shown"


def test_votes_and_choices_come_with_what_was_selected(corp: Caller, userid: str, receiver: Any):
    vote = {
        "card_type": "vote_interaction",
        "main_title": {"title": "何时值班"},
        "task_id": "duty",
        "checkbox": {"question_key": "day", "option_list": [{"id": "1", "text": "周一"}, {"id": "2", "text": "周二"}]},
        "submit_button": {"text": "提交", "key": "send"},
    }
    corp.send(userid, "template_card", vote)
    (card,) = corp.sees(userid)
    corp.does("tap", userid=userid, chat_id=card["chat_id"], key="send", selected={"day": ["1", "2"]})
    (news,) = receiver.wait(1)
    text = corp.envelope.open(read_xml(news.body.decode())["Encrypt"])
    assert "<QuestionKey><![CDATA[day]]></QuestionKey><OptionIds><OptionId><![CDATA[1]]></OptionId>" in text


def test_a_card_can_be_changed_by_the_answer_itself(corp: Caller, userid: str, receiver: Any):
    def reply(_: Any) -> tuple[int, bytes]:
        text = xml({"MsgType": "update_button", "Button": {"ReplaceName": "已退回"}})
        sealed = corp.envelope.seal(text)
        signed = corp.envelope.sign("1", "n", sealed)
        return 200, xml({"Encrypt": sealed, "MsgSignature": signed, "TimeStamp": 1, "Nonce": "n"}).encode()

    receiver.answer = reply
    corp.send(userid, "template_card", CARD | {"task_id": "case-8"})
    corp.does("tap", userid=userid, chat_id=corp.sees(userid)[0]["chat_id"], key="no")
    receiver.wait(1)
    for _ in range(500):
        (card,) = corp.sees(userid)
        if card["state"] == "done":
            break
    assert card["content"]["replace_name"] == "已退回"


def test_another_members_card_cannot_be_tapped(outside: Running, corp: Caller, userid: str):
    other = corp.member("other")
    corp.send(userid, "template_card", CARD | {"task_id": "t"})
    asked = {"userid": other, "chat_id": corp.sees(userid)[0]["chat_id"], "key": "yes"}
    assert outside.post(f"/{corp.server}/sandbox/tap", json=asked).status_code == 404


def test_members_and_departments_are_found(corp: Caller):
    corp.does("departments", id=20, name="征管科")
    corp.does("departments", id=21, name="一所", parentid=20)
    corp.member("zhang", departments=[21], position="科员")
    found = corp.get("/user/get", userid="ZHANG")
    assert (found["userid"], found["department"], found["position"]) == ("zhang", [21], "科员")
    assert ("mobile" in found) == (corp.server == "gov")
    assert corp.get("/user/get", userid="ghost")["errcode"] == 60111
    assert corp.get("/user/get")["errcode"] == 41009
    assert [one["id"] for one in corp.get("/department/list", id="20")["department"]] == [20, 21]
    assert corp.get("/department/list", id="99")["errcode"] == 60003
    assert [one["userid"] for one in corp.get("/user/simplelist", department_id="21")["userlist"]] == ["zhang"]


def authorise(corp: Caller, userid: str, wanted: str, **change: str) -> Any:
    query = {
        "appid": corp.keys["corp_id"], "redirect_uri": "http://127.0.0.1:8000/back", "response_type": "code",
        "scope": wanted, "state": "s", "agentid": str(corp.keys["agent_id"]), "person": userid, "sandbox_person": userid,
    } | change  # fmt: skip
    path = "authorize" if wanted == "snsapi_base" else "allow"
    return corp.outside.get(f"/{corp.server}/connect/oauth2/{path}", params=query)


def test_a_member_signs_in_on_a_page_once(corp: Caller, userid: str, later: Later):
    def code(scope: str) -> str:
        return parse_qs(urlsplit(authorise(corp, userid, scope).headers["location"]).query)["code"][0]

    first = code("snsapi_base")
    assert corp.get("/auth/getuserinfo", code=first) == {"errcode": 0, "errmsg": "ok", "userid": userid}
    assert corp.get("/auth/getuserinfo", code=first)["errcode"] == 40029
    assert corp.get("/user/getuserinfo", code=code("snsapi_base"))["UserId"] == userid
    ticket = corp.get("/auth/getuserinfo", code=code("snsapi_privateinfo"))["user_ticket"]
    assert corp.post("/auth/getuserdetail", {"user_ticket": ticket})["mobile"] == "13800000009"
    assert corp.post("/auth/getuserdetail", {"user_ticket": "x"})["errcode"] == 84015
    late = code("snsapi_base")
    later(301)
    assert corp.get("/auth/getuserinfo", code=late)["errcode"] == 40029


@pytest.mark.parametrize(
    "change", [{"redirect_uri": "https://evil.example"}, {"appid": "ww0"}, {"scope": "all"}, {"redirect_uri": ""}]
)
def test_a_wrong_sign_in_page_sends_nobody_away(corp: Caller, userid: str, change: dict[str, str]):
    answer = authorise(corp, userid, "snsapi_base", **change)
    assert (answer.status_code, "location" in answer.headers) == (400, False)


def test_a_customer_is_welcomed_once_within_twenty_seconds(corp: Caller, userid: str, receiver: Any, later: Later):
    way = {"type": 1, "scene": 2, "user": [userid], "state": "hall"}
    config_id = corp.post("/externalcontact/add_contact_way", way)["config_id"]
    customer = corp.does("customer-adds", person="李四", config_id=config_id)["external_userid"]
    event = corp.opened(receiver.wait(1)[0])
    assert (event["Event"], event["ChangeType"], event["State"]) == (
        "change_external_contact",
        "add_external_contact",
        "hall",
    )
    assert (event["UserID"], event["ExternalUserID"]) == (userid, customer)
    welcome = {"welcome_code": event["WelcomeCode"], "text": {"content": "您好"}}
    assert corp.post("/externalcontact/send_welcome_msg", welcome)["errcode"] == 0
    assert corp.post("/externalcontact/send_welcome_msg", welcome)["errcode"] == 41051
    assert corp.get("/externalcontact/list", userid=userid)["external_userid"] == [customer]
    assert corp.get("/externalcontact/get", external_userid=customer)["follow_user"][0]["state"] == "hall"
    corp.does("customer-adds", person="王五", config_id=config_id)
    welcome["welcome_code"] = corp.opened(receiver.wait(2)[1])["WelcomeCode"]
    later(21)
    assert corp.post("/externalcontact/send_welcome_msg", welcome)["errcode"] == 41050


@pytest.mark.parametrize(
    ("change", "code"),
    [({"state": "x" * 31}, 40058), ({"user": []}, 40058), ({"user": ["ghost"]}, 60111), ({"type": 3}, 40058)],
)
def test_a_wrong_contact_way_is_not_made(corp: Caller, userid: str, change: dict[str, Any], code: int):
    way = {"type": 1, "scene": 2, "user": [userid], "state": ""} | change
    assert corp.post("/externalcontact/add_contact_way", way)["errcode"] == code


def test_customer_service_is_read_by_cursor_and_answered_within_limits(
    outside: Running, corp: Caller, receiver: Any, later: Later
):
    open_kfid = corp.post("/kf/account/add", {"name": "税务客服"})["open_kfid"]
    who = {"person": "赵六", "open_kfid": open_kfid}
    customer = corp.does("kf-enter", **who)["external_userid"]
    for number in range(3):
        corp.does("kf-write", **who, text=f"第{number}句")
    event = corp.opened(receiver.wait(1)[0])
    assert (event["Event"], event["OpenKfId"]) == ("kf_msg_or_event", open_kfid)
    first = corp.post("/kf/sync_msg", {"token": event["Token"], "open_kfid": open_kfid, "limit": 3})
    assert (first["has_more"], len(first["msg_list"])) == (1, 3)
    assert first["msg_list"][0]["event"]["event_type"] == "enter_session"
    assert (first["msg_list"][1]["text"]["content"], first["msg_list"][1]["origin"]) == ("第0句", 3)
    rest = corp.post("/kf/sync_msg", {"token": event["Token"], "open_kfid": open_kfid, "cursor": first["next_cursor"]})
    assert (rest["has_more"], [one["text"]["content"] for one in rest["msg_list"]]) == (0, ["第2句"])
    reply = {"touser": customer, "open_kfid": open_kfid, "msgtype": "text", "text": {"content": "您好"}}
    assert corp.post("/kf/send_msg", reply | {"msgid": "m1"})["msgid"] == "m1"
    assert corp.post("/kf/send_msg", reply | {"msgid": "m1"})["msgid"] == "m1"
    codes = [corp.post("/kf/send_msg", reply)["errcode"] for _ in range(5)]
    assert codes == [0, 0, 0, 0, 95001]
    chat = outside.get(f"/{corp.server}/sandbox/kf", params=who).json()["chat"]
    assert len([one for one in chat if one["is_ours"]]) == 5
    corp.does("kf-write", **who, text="谢谢")
    assert corp.post("/kf/send_msg", reply)["errcode"] == 0
    later(48 * 3600 + 1)
    assert corp.post("/kf/send_msg", reply)["errcode"] == 95002
    assert corp.post("/kf/sync_msg", {"token": event["Token"], "open_kfid": open_kfid})["errcode"] == 40058


def test_a_conversation_is_handed_over_and_ended(corp: Caller, userid: str):
    open_kfid = corp.post("/kf/account/add", {"name": "客服"})["open_kfid"]
    who = {"person": "孙七", "open_kfid": open_kfid}
    customer = corp.does("kf-write", **who, text="在吗")["external_userid"]
    state = {"open_kfid": open_kfid, "external_userid": customer}
    reply = {"touser": customer, "open_kfid": open_kfid, "msgtype": "text", "text": {"content": "您好"}}
    assert corp.post("/kf/service_state/get", state)["service_state"] == 0
    assert corp.post("/kf/service_state/trans", state | {"service_state": 3})["errcode"] == 60111
    to_staff = state | {"service_state": 3, "servicer_userid": userid}
    assert corp.post("/kf/service_state/trans", to_staff)["errcode"] == 0
    assert corp.post("/kf/service_state/get", state)["servicer_userid"] == userid
    assert corp.post("/kf/service_state/trans", state | {"service_state": 4})["errcode"] == 0
    assert corp.post("/kf/send_msg", reply)["errcode"] == 95018
    assert corp.post("/kf/service_state/trans", state | {"service_state": 1})["errcode"] == 40058
    corp.does("kf-write", **who, text="又来了")
    assert corp.post("/kf/send_msg", reply)["errcode"] == 0
    assert corp.post("/kf/account/list", {})["account_list"][-1]["open_kfid"] == open_kfid
    assert corp.post("/kf/sync_msg", {"open_kfid": "wk-none"})["errcode"] == 95000


def test_an_address_is_verified_by_a_sealed_echo_within_a_second(outside: Running, corp: Caller, receiver: Any):
    receiver.answer = lambda news: (200, corp.envelope.open(news.query["echostr"]).encode())
    assert corp.does("verify-url")["is_good"] is True
    receiver.answer = lambda news: (200, news.query["echostr"].encode())
    assert outside.post(f"/{corp.server}/sandbox/verify-url").status_code == 422


@pytest.mark.parametrize("kind", ["forged", "tampered", "stale"])
def test_bad_callbacks_come_before_the_true_one(
    corp: Caller, userid: str, receiver: Any, fault: Callable[..., None], kind: str
):
    fault(f"{'gov_wechat' if corp.server == 'gov' else 'wecom'}_callback", kind)
    corp.does("enter", userid=userid)
    bad, good = receiver.wait(2)
    assert corp.opened(good)["Event"] == "enter_agent"
    if kind == "stale":
        assert int(good.query["timestamp"]) - int(bad.query["timestamp"]) >= 3600
    else:
        with pytest.raises(AssertionError):
            corp.opened(bad)
