"""The second SMS provider, and the receipts and replies of both."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from sandboxes.running import Running
from sandboxes.sms2 import signature

Later = Callable[[float], None]
DAY = 86_400


class Provider:
    """Calls the second provider."""

    def __init__(self, outside: Running) -> None:
        self.outside = outside
        self.keys = outside.credentials["sms2"]

    def call(self, method: str = "GET", *, key: str = "", **change: str) -> Any:
        asked = {
            "AccessKeyId": self.keys["access_key_id"], "Action": "SendSms", "Format": "JSON", "Version": "2017-05-25",
            "SignatureMethod": "HMAC-SHA1", "SignatureVersion": "1.0", "SignatureNonce": str(uuid4()),
            "Timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "SignName": self.keys["sign_name"],
            "TemplateCode": self.keys["templates"]["sign_in_code"]["template_id"],
            "TemplateParam": json.dumps({"code": "135790", "minutes": "5"}), "PhoneNumbers": "13800000021",
        } | change  # fmt: skip
        asked = {name: value for name, value in asked.items() if value != "-"}
        asked.setdefault("Signature", signature(key or self.keys["access_key_secret"], method, asked))
        return self.outside.client.request(method, "/sms2/", **{"params" if method == "GET" else "data": asked})


@pytest.fixture
def provider(outside: Running) -> Provider:
    return Provider(outside)


def inbox(outside: Running, phone: str) -> list[dict[str, Any]]:
    return outside.get("/sms/sandbox/inbox", params={"phone": phone}).json()["messages"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_signed_message_arrives(outside: Running, provider: Provider, method: str):
    phone = f"1380000{'0031' if method == 'GET' else '0032'}"
    answer = provider.call(method, PhoneNumbers=phone, OutId="d-1 *~")
    assert (answer.status_code, answer.json()["Code"]) == (200, "OK")
    (message,) = inbox(outside, phone)
    assert message["text"] == "【掌税沙箱】您的登录验证码为135790，5分钟内有效。请勿告诉他人，工作人员不会索要验证码。"
    assert (message["context"], message["message_id"]) == ("d-1 *~", f"{answer.json()['BizId']}:{phone}")
    details = provider.call(Action="QuerySendDetails", PhoneNumber=phone, BizId=answer.json()["BizId"]).json()
    assert details["SmsSendDetailDTOs"]["SmsSendDetailDTO"][0]["Content"] == message["text"]


def stamp(minutes: int) -> str:
    return (datetime.now(UTC) + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"AccessKeyId": "LTAI0"}, 404, "InvalidAccessKeyId.NotFound"),
        ({"Signature": "x"}, 400, "SignatureDoesNotMatch"),
        ({"key": "other"}, 400, "SignatureDoesNotMatch"),
        ({"Timestamp": -20}, 400, "InvalidTimeStamp.Expired"),
        ({"Timestamp": 20}, 400, "InvalidTimeStamp.Expired"),
        ({"Timestamp": "now"}, 400, "InvalidTimeStamp.Format"),
        ({"SignatureMethod": "NONE"}, 400, "InvalidParameter"),
        ({"SignatureNonce": "-"}, 400, "MissingSignatureNonce"),
        ({"Version": "2016-01-01"}, 400, "InvalidVersion"),
        ({"Action": "SendGold"}, 404, "InvalidAction.NotFound"),
    ],
)
def test_a_wrong_call_sends_nothing(
    outside: Running, provider: Provider, change: dict[str, str | int], status: int, code: str
):
    if isinstance(change.get("Timestamp"), int):  # minutes from now, whenever the test runs
        change = {"Timestamp": stamp(change["Timestamp"])}
    answer = provider.call(**change)
    assert (answer.status_code, answer.json()["Code"]) == (status, code)
    assert inbox(outside, "13800000021") == []


def test_a_changed_parameter_breaks_the_signature(outside: Running, provider: Provider):
    good = provider.call(PhoneNumbers="13800000033")
    url = str(good.request.url)
    assert outside.get(url.replace("13800000033", "13800000034")).json()["Code"] == "SignatureDoesNotMatch"
    assert outside.get(url).json()["Code"] == "SignatureNonceUsed"
    assert outside.get(url + "&PhoneNumbers=13800000034").json()["Code"] == "InvalidParameter"
    assert inbox(outside, "13800000034") == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"PhoneNumbers": "12345"}, "isv.MOBILE_NUMBER_ILLEGAL"),
        ({"PhoneNumbers": ""}, "isv.MOBILE_NUMBER_ILLEGAL"),
        ({"SignName": "假税局"}, "isv.SMS_SIGNATURE_ILLEGAL"),
        ({"TemplateCode": "SMS_0"}, "isv.SMS_TEMPLATE_ILLEGAL"),
        ({"TemplateParam": "{"}, "isv.INVALID_JSON_PARAM"),
        ({"TemplateParam": "[]"}, "isv.TEMPLATE_MISSING_PARAMETERS"),
        ({"TemplateParam": '{"code": "1"}'}, "isv.TEMPLATE_MISSING_PARAMETERS"),
        ({"TemplateParam": json.dumps({"code": "1" * 36, "minutes": "5"})}, "isv.PARAM_LENGTH_LIMIT"),
    ],
)
def test_a_wrong_message_is_refused(provider: Provider, change: dict[str, str], code: str):
    answer = provider.call(**change)
    assert (answer.status_code, answer.json()["Code"], "BizId" in answer.json()) == (200, code, False)


def test_a_phone_gets_one_a_minute_five_an_hour_ten_a_day(provider: Provider, later: Later):
    def code() -> str:
        return provider.call(PhoneNumbers="13800000041").json()["Code"]

    sent = []
    for minute in (0, 0.5, 1.1, 2.2, 3.3, 4.4, 5.5):
        later(5 * DAY + minute * 60)
        sent.append(code())
    refused = "isv.BUSINESS_LIMIT_CONTROL"
    assert sent == ["OK", refused, "OK", "OK", "OK", "OK", refused]
    later(5 * DAY + 3700)
    assert code() == "OK"


def test_receipts_tell_what_became_of_it(
    outside: Running, provider: Provider, receiver: Any, fault: Callable[..., None], later: Later
):
    receiver.answer = lambda _: (200, b'{"code": 0, "msg": "ok"}')
    first = provider.call(PhoneNumbers="13800000051", OutId="one").json()["BizId"]
    fault("sms2", "undelivered", code="MOBILE_SEND_LIMIT")
    second = provider.call(PhoneNumbers="13800000052", OutId="two").json()["BizId"]
    fault("sms2", "lost")
    assert provider.call(PhoneNumbers="13800000053").json()["Code"] == "OK"
    told = {one["out_id"]: one for news in receiver.wait(2) for one in json.loads(news.body)}
    assert (told["one"]["success"], told["one"]["biz_id"], told["one"]["err_code"]) == (True, first, "DELIVERED")
    assert (told["two"]["success"], told["two"]["biz_id"]) == (False, second)
    assert told["two"]["err_code"] == "MOBILE_SEND_LIMIT"
    assert [len(inbox(outside, f"1380000005{n}")) for n in (1, 2, 3)] == [1, 0, 0]


def test_a_receipt_not_acknowledged_comes_again(provider: Provider, receiver: Any):
    receiver.answer = lambda _: (200, b'{"code": 0}') if len(receiver.got) == 3 else (200, b"success")
    provider.call(PhoneNumbers="13800000061")
    first, second, third = receiver.wait(3)
    assert first.body == second.body == third.body


def test_a_reply_is_handed_on_by_both(outside: Running, receiver: Any):
    receiver.answer = lambda _: (200, b'{"code": 0, "result": 0}')
    for server in ("sms", "sms2"):
        asked = {"phone": "13800000071", "text": "TD"}
        outside.post(f"/{server}/sandbox/reply", json=asked).raise_for_status()
    told = [json.loads(news.body)[0] for news in receiver.wait(2)]
    assert {(one.get("mobile") or one.get("phone_number"), one.get("text") or one.get("content")) for one in told} == {
        ("13800000071", "TD")
    }
