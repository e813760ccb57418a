"""The SMS client and its signature against the SMS sandbox."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from palmtax.identity.adapters.sms import TOO_OFTEN_PREFIX, SmsGateway, SmsSettings, SmsTemplate
from palmtax.plumbing import cloud
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable
from sandboxes.ground import Options
from sandboxes.running import Running, running

CODE = {"code": "482913", "minutes": "5"}
PHONES = iter(f"138{n:08d}" for n in range(10_000))


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(Options(tmp_path_factory.mktemp("sms"))) as sandboxes:
        yield sandboxes


@pytest.fixture
async def http(outside: Running) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=3, trust_env=False) as client:
        yield client
        await client.delete(f"{outside.url}/sandbox/faults")
        await client.post(f"{outside.url}/sandbox/clock", json={"ahead_seconds": 0})


@pytest.fixture
def settings(outside: Running) -> SmsSettings:
    return SmsSettings.from_credentials(outside.credentials["sms"], f"{outside.url}/sms")


@pytest.fixture
def gateway(settings: SmsSettings, http: httpx.AsyncClient) -> SmsGateway:
    return SmsGateway(settings, http)


@pytest.fixture
def phone() -> str:
    return next(PHONES)


async def refusal(waiting: Any) -> str:
    with pytest.raises(OutsideRefused) as refused:
        await waiting
    return refused.value.code


async def absence(waiting: Any) -> str:
    with pytest.raises(OutsideUnavailable) as absent:
        await waiting
    return absent.value.code


async def inbox(http: httpx.AsyncClient, outside: Running, phone: str) -> list[dict[str, Any]]:
    answer = await http.get(f"{outside.url}/sms/sandbox/inbox", params={"phone": phone})
    messages: list[dict[str, Any]] = answer.json()["messages"]
    return messages


async def later(http: httpx.AsyncClient, outside: Running, seconds: float) -> None:
    await http.post(f"{outside.url}/sandbox/clock", json={"ahead_seconds": seconds})


@pytest.mark.parametrize(
    ("secret", "signature"),
    [
        ("Gu5t9xGARNpq86cd98joQYCN3EXAMPLE", "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"),
        ("Gu5t9xGARNpq86cd98joQYCN3*******", "2230eefd229f582d8b1b891af7107b91597240707d778ab3738f756258d7652c"),
    ],
)
def test_the_signature_is_the_one_in_the_providers_document(secret: str, signature: str):
    key = cloud.CloudKey("AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", secret, "https://cvm.tencentcloudapi.com")
    body = rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
    header = cloud.authorization(key, "cvm", "cvm.tencentcloudapi.com", body, 1551113065)
    assert header == (
        "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, "
        f"SignedHeaders=content-type;host, Signature={signature}"
    )


async def test_a_code_arrives_on_the_phone(gateway, http, outside, phone):
    serial = await gateway.send(phone, "sign_in_code", CODE, "request-1")
    (message,) = await inbox(http, outside, phone)
    assert message["message_id"] == serial
    assert message["text"].startswith("【掌税沙箱】您的登录验证码为482913，5分钟内有效。")
    assert message["context"] == "request-1"


async def test_messages_to_one_phone_are_limited(gateway, http, outside, phone):
    await gateway.send(phone, "sign_in_code", CODE, "r")
    soon = await refusal(gateway.send(phone, "sign_in_code", CODE, "r"))
    assert soon == "LimitExceeded.DeliveryFrequencyLimit"
    assert soon.startswith(TOO_OFTEN_PREFIX)
    for turn in range(1, 5):
        await later(http, outside, turn * 61)
        await gateway.send(phone, "sign_in_code", CODE, "r")
    await later(http, outside, 5 * 61)
    assert await refusal(gateway.send(phone, "sign_in_code", CODE, "r")) == "LimitExceeded.PhoneNumberOneHourLimit"
    assert len(await inbox(http, outside, phone)) == 5
    await later(http, outside, 3700)
    await gateway.send(phone, "sign_in_code", CODE, "r")


async def test_a_day_has_its_limit_too(gateway, http, outside, phone):
    for turn in range(30):
        await later(http, outside, turn * 721)
        await gateway.send(phone, "sign_in_code", CODE, "r")
    await later(http, outside, 30 * 721)
    assert await refusal(gateway.send(phone, "sign_in_code", CODE, "r")) == "LimitExceeded.PhoneNumberDailyLimit"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"secret_id": "AKIDnobody"}, "AuthFailure.SecretIdNotFound"),
        ({"secret_key": "wrong"}, "AuthFailure.SignatureFailure"),
    ],
)
async def test_a_wrong_key_is_refused_and_sends_nothing(settings, http, outside, phone, change, code):
    wrong = SmsGateway(replace(settings, key=replace(settings.key, **change)), http)
    assert await refusal(wrong.send(phone, "sign_in_code", CODE, "r")) == code
    assert await inbox(http, outside, phone) == []


async def test_an_old_signature_is_refused(gateway, phone, monkeypatch):
    true_time = time.time
    monkeypatch.setattr(cloud.time, "time", lambda: true_time() - 400)
    monkeypatch.setattr("sandboxes.cloud.time", type("wall", (), {"time": staticmethod(true_time)}))
    assert await refusal(gateway.send(phone, "sign_in_code", CODE, "r")) == "AuthFailure.SignatureExpire"


async def test_a_changed_body_is_refused(settings, http, outside, phone):
    async def change(request: httpx.Request) -> None:
        body = request.content.replace(b"482913", b"000000")
        request.stream = httpx.ByteStream(body)

    async with httpx.AsyncClient(trust_env=False, event_hooks={"request": [change]}) as meddler:
        answer = await refusal(SmsGateway(settings, meddler).send(phone, "sign_in_code", CODE, "r"))
    assert answer == "AuthFailure.SignatureFailure"
    assert await inbox(http, outside, phone) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"app_id": "1400000001"}, "InvalidParameterValue.SdkAppIdNotExist"),
        ({"sign_name": "别人"}, "FailedOperation.SignatureIncorrectOrUnapproved"),
        (
            {"templates": {"sign_in_code": SmsTemplate("9", ("code",))}},
            "FailedOperation.TemplateIncorrectOrUnapproved",
        ),
        (
            {"templates": {"sign_in_code": SmsTemplate("2601001", ("code",))}},
            "FailedOperation.TemplateParamSetNotMatchApprovedTemplate",
        ),
    ],
)
async def test_unapproved_texts_are_refused(settings, http, outside, phone, change, code):
    wrong = SmsGateway(replace(settings, **change), http)
    assert await refusal(wrong.send(phone, "sign_in_code", CODE, "r")) == code
    assert await inbox(http, outside, phone) == []


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("", "InvalidParameterValue.TemplateParameterFormatError"),
        ("1234567890123", "InvalidParameterValue.TemplateParameterLengthLimit"),
    ],
)
async def test_bad_variables_are_refused(gateway, phone, value, code):
    assert await refusal(gateway.send(phone, "sign_in_code", {**CODE, "code": value}, "r")) == code


async def test_an_impossible_number_is_refused(gateway):
    code = await refusal(gateway.send("12000000000", "sign_in_code", CODE, "r"))
    assert code == "InvalidParameterValue.IncorrectPhoneNumber"


async def test_a_template_we_do_not_have_is_our_mistake(gateway, phone):
    with pytest.raises(KeyError):
        await gateway.send(phone, "never_approved", CODE, "r")


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"kind": "refuse", "code": "InternalError.Timeout"}, "InternalError.Timeout"),
        ({"kind": "error"}, "http_500"),
        ({"kind": "garbage"}, "unreadable"),
        ({"kind": "drop_before"}, "transport"),
    ],
)
async def test_no_usable_answer_is_not_a_refusal(gateway, http, outside, phone, fault, code):
    await http.post(f"{outside.url}/sandbox/faults", json={"server": "sms", **fault})
    assert await absence(gateway.send(phone, "sign_in_code", CODE, "r")) == code
    assert await inbox(http, outside, phone) == []


async def test_a_lost_answer_may_still_have_sent(gateway, http, outside, phone):
    await http.post(f"{outside.url}/sandbox/faults", json={"server": "sms", "kind": "drop_after"})
    assert await absence(gateway.send(phone, "sign_in_code", CODE, "r")) == "transport"
    assert len(await inbox(http, outside, phone)) == 1


async def test_an_accepted_message_may_get_lost(gateway, http, outside, phone):
    await http.post(f"{outside.url}/sandbox/faults", json={"server": "sms", "kind": "lost"})
    assert await gateway.send(phone, "sign_in_code", CODE, "r")
    assert await inbox(http, outside, phone) == []


async def test_a_human_can_read_the_messages(http, outside):
    page = await http.get(f"{outside.url}/sms/sandbox/")
    assert page.headers["content-type"].startswith("text/html")
    assert "沙箱短信" in page.text
