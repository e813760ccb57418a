# ruff: noqa: F811 the fixtures of the neighbour are parameters here
"""What an older mini program hands over encrypted: opened by WeChat's published values, against the sandbox, once."""

from __future__ import annotations

import asyncio
import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from identity.test_adapters_wechat import Phone, calls, http, refusal, wechat  # noqa: F401 fixtures

from palmtax.identity.adapters.wechat import WeChatSettings
from palmtax.identity.model.encrypted import BadEncrypted, opened
from sandboxes.ground import Options
from sandboxes.running import running

APP, KEY, IV = "wx4f4bc4dec97d474b", "tiihtNczf5v6AKRyjwEUhQ==", "r7BXXKkLb8qrSNn05n0qiA=="
DATA = (
    "CiyLU1Aw2KjvrjMdj8YKliAjtP4gsMZMQmRzooG2xrDcvSnxIMXFufNstNGTyaGS9uT5geRa0W4oTOb1WT7fJlAC+oNPdbB+3hVbJSRgv+4lGOETKUQz"
    "6OYStslQ142dNCuabNPGBzlooOmB231qMM85d2/fV6ChevvXvQP8Hkue1poOFtnEtpyxVLW1zAo6/1Xx1COxFvrc2d7UL/lmHInNlxuacJXwu0fjpXfz"
    "/YqYzBIBzD6WUfTIF9GRHpOn/Hz7saL8xz+W//FRAUid1OksQaQx4CMs8LOddcQhULW4ucetDf96JcR3g0gfRK4PC7E/r7Z6xNrXd2UIeorGj5Ef7b1p"
    "JAYB6Y5anaHqZ9J6nKEBvB4DnNLIVWSgARns/8wR2SiRS7MNACwTyrGvt9ts8p12PKFdlqYTopNHR1Vf7XjfhQlVsAJdNiKdYmYVoKlaRv85IfVunYzO"
    "0IKXsyl7JCUjCpoG20f0a04COwfneQAGGwd5oa+T8yO5hzuyDb/XcxxmK01EpqOyuxINew=="
)
"""Published by WeChat with its samples of decrypting."""
THEN = datetime.fromtimestamp(1477314187, UTC)


def sealed(told, key=KEY, iv=IV, pad=True):
    plain = json.dumps(told).encode() if not isinstance(told, bytes) else told
    padder = PKCS7(128).padder()
    padded = padder.update(plain) + padder.finalize() if pad else plain
    cipher = Cipher(algorithms.AES128(base64.b64decode(key)), modes.CBC(base64.b64decode(iv))).encryptor()
    return base64.b64encode(cipher.update(padded) + cipher.finalize()).decode()


def test_the_published_values_are_opened():
    found = opened(KEY, DATA, IV, app_id=APP, now=THEN)
    assert (found["openId"], found["nickName"]) == ("oGZUI0egBJY1zhBYw2KhdUfwVJJE", "Band")


def test_what_we_seal_ourselves_is_opened():
    told = {"purePhoneNumber": "13800138000", "watermark": {"appid": APP, "timestamp": 1477314187}}
    assert opened(KEY, sealed(told), IV, app_id=APP, now=THEN) == told


MARK = {"appid": APP, "timestamp": 1477314187}


@pytest.mark.parametrize(
    "change",
    [
        {"app_id": "wx0000000000000000"},
        {"now": THEN + timedelta(minutes=6)},
        {"now": THEN - timedelta(minutes=6)},
        {"session_key": "AAAAAAAAAAAAAAAAAAAAAA=="},
        {"session_key": "short"},
        {"session_key": ""},
        {"vector": "AAAAAAAAAAAAAAAAAAAAAA=="},
        {"vector": "AAAA"},
        {"data": DATA[:-24]},
        {"data": "B" + DATA[1:]},
        {"data": ""},
        {"data": "###"},
        {"data": sealed({"watermark": MARK | {"appid": None}})},
        {"data": sealed({"watermark": MARK | {"timestamp": "1477314187"}})},
        {"data": sealed({"purePhoneNumber": "13800138000"})},
        {"data": sealed([MARK])},
        {"data": sealed(b"{" * 64, pad=False)},
    ],
)
def test_what_is_not_for_us_now_under_this_key_is_not_opened(change):
    asked = {"session_key": KEY, "data": DATA, "vector": IV, "app_id": APP, "now": THEN} | change
    with pytest.raises(BadEncrypted):
        opened(asked.pop("session_key"), asked.pop("data"), asked.pop("vector"), **asked)


@pytest.fixture(scope="module")
def platform(tmp_path_factory):
    with running(Options(tmp_path_factory.mktemp("wechat"))) as sandboxes:
        yield sandboxes


@pytest.fixture
def settings(platform):
    return WeChatSettings.from_credentials(platform.credentials["wechat"], f"{platform.url}/wechat")


@pytest.fixture
def phone(platform):
    yield Phone(platform)
    platform.delete("/sandbox/faults")
    platform.post("/sandbox/clock", json={"ahead_seconds": 0})


async def pressed(wechat, phone, number="13800138000"):
    """Somebody signs in and presses the button of an older WeChat: openid and what the button gave."""
    who = await wechat.sign_in(phone.login())
    told = phone.do("/wechat/sandbox/phone-encrypted", person=phone.person, phone=number)
    return who.openid, told["encryptedData"], told["iv"]


async def test_an_older_button_gives_the_number_once(wechat, phone, calls):
    told = await pressed(wechat, phone, "13900139001")
    assert await wechat.phone_in(*told) == "13900139001"
    assert calls["/wxa/resetusersessionkey"] == 1
    assert await refusal(wechat.phone_in(*told)) == "not_for_us"


async def test_a_session_that_went_on_is_told_apart(wechat, phone, calls):
    told = await pressed(wechat, phone)
    phone.login()  # makes another key, which we have not seen
    stale = phone.do("/wechat/sandbox/phone-encrypted", person=phone.person, phone="13800138000")
    assert await refusal(wechat.phone_in(told[0], stale["encryptedData"], stale["iv"])) == "session_over"
    assert calls["/wxa/checksession"] == 1


async def test_somebody_elses_data_and_nobody_s_session_are_refused(wechat, phone, platform):
    told = await pressed(wechat, phone)
    other = await wechat.sign_in(platform.post("/wechat/sandbox/wx-login", json={"person": "other"}).json()["code"])
    assert await refusal(wechat.phone_in(other.openid, *told[1:])) == "not_for_us"
    assert await refusal(wechat.phone_in("o" * 28, *told[1:])) == "session_unknown"


async def test_what_was_made_at_another_time_is_refused(wechat, phone):
    who = await wechat.sign_in(phone.login())
    phone.later(400)
    told = phone.do("/wechat/sandbox/phone-encrypted", person=phone.person, phone="13800138000")
    phone.later(0)
    assert await refusal(wechat.phone_in(who.openid, told["encryptedData"], told["iv"])) == "not_for_us"


async def test_a_key_that_cannot_be_ended_is_not_used_again(wechat, phone, database):
    told = await pressed(wechat, phone)
    phone.fault("error", count=9)
    assert await wechat.phone_in(*told) == "13800138000"
    phone.outside.delete("/sandbox/faults")
    assert await refusal(wechat.phone_in(*told)) == "session_unknown"


async def test_the_key_lies_sealed(wechat, phone, database, platform):
    await pressed(wechat, phone)
    async with database.statement() as tx:
        (row,) = await tx.fetch("select * from identity_wechat_key")
    assert len(row["secret_sealed"]) > 24
    assert b"==" not in bytes(row["secret_sealed"])


async def test_a_wrong_signature_ends_no_session(wechat, phone, http, settings):
    openid, *_ = await pressed(wechat, phone)
    await wechat.phone_number(phone.phone_code())
    asked = {"grant_type": "client_credential", "appid": settings.app_id, "secret": settings.secret}
    token = (await http.post(f"{settings.base_url}/cgi-bin/stable_token", json=asked)).json()["access_token"]
    query = {"access_token": token, "openid": openid, "signature": "0" * 64, "sig_method": "hmac_sha256"}
    for path in ("checksession", "resetusersessionkey"):
        answer = await http.get(f"{settings.base_url}/wxa/{path}", params=query)
        assert answer.json()["errcode"] == 87009


@pytest.fixture
def product(house, wechat):
    """The product with the real client of the sandbox."""
    house.outside["wechat"] = wechat


async def signed_in(client, phone, told):
    device = {"name": "old phone", "channel": "miniprogram"}
    sealed_phone = {"data": told["encryptedData"], "iv": told["iv"]}
    body = {"login_code": told["code"], "encrypted_phone": sealed_phone, "device": device}
    return await client.post("/api/identity/sessions/wechat", json=body)


def button(phone, number):
    """`wx.login` before the button, as the platform wants it."""
    code = phone.login()
    told = phone.do("/wechat/sandbox/phone-encrypted", person=phone.person, phone=number)
    return {"code": code, **told}


async def test_somebody_with_an_older_wechat_is_bound_by_the_number(product, client, phone):
    answer = await signed_in(client, phone, button(phone, "13900139777"))
    assert answer.status_code == 200, answer.text
    assert answer.json()["me"]["person"]["phone_masked"].endswith("9777")


async def test_forged_and_copied_numbers_bind_nobody(product, client, phone, platform, database):
    told = button(phone, "13900139778")
    thief = platform.post("/wechat/sandbox/wx-login", json={"person": "thief"}).json()["code"]
    answer = await signed_in(client, phone, told | {"code": thief})
    assert (answer.status_code, answer.json()["code"]) == (409, "identity.wechat_code_refused")
    broken = await signed_in(client, phone, told | {"iv": "A" * 24})
    assert (broken.status_code, broken.json()["code"]) == (409, "identity.wechat_code_refused")
    huge = await signed_in(client, phone, told | {"encryptedData": "A" * 4000})
    assert huge.status_code == 422
    async with database.statement() as tx:
        assert await tx.fetchval("select count(*) from identity_session") == 0


async def test_the_same_at_once_is_good_once(wechat, phone):
    told = await pressed(wechat, phone)
    answers = await asyncio.gather(*(wechat.phone_in(*told) for _ in range(4)), return_exceptions=True)
    assert "13800138000" in answers
