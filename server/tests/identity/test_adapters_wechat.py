"""The WeChat client against the WeChat sandbox, over real HTTP."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest

from palmtax.identity.adapters.wechat import SPENT_CODES, WeChat, WeChatSettings
from palmtax.plumbing.database import Database
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable
from sandboxes.ground import Options
from sandboxes.running import Running, running


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(Options(tmp_path_factory.mktemp("wechat"))) as sandboxes:
        yield sandboxes


@pytest.fixture
def calls() -> Counter[str]:
    """How often each path was called."""
    return Counter()


@pytest.fixture
async def http(calls: Counter[str]) -> AsyncIterator[httpx.AsyncClient]:
    async def count(request: httpx.Request) -> None:
        calls[urlsplit(str(request.url)).path.removeprefix("/wechat")] += 1

    async with httpx.AsyncClient(timeout=3, trust_env=False, event_hooks={"request": [count]}) as client:
        yield client


@pytest.fixture
def settings(outside: Running) -> WeChatSettings:
    return WeChatSettings.from_credentials(outside.credentials["wechat"], f"{outside.url}/wechat")


@pytest.fixture
def wechat(settings: WeChatSettings, http: httpx.AsyncClient, database: Database) -> WeChat:
    return WeChat(settings, http, database)


@pytest.fixture
def phone(outside: Running) -> Iterator[Phone]:
    yield Phone(outside)
    outside.delete("/sandbox/faults")
    outside.post("/sandbox/clock", json={"ahead_seconds": 0})


class Phone:
    """Somebody's phone with WeChat, and the levers of the sandbox."""

    def __init__(self, outside: Running) -> None:
        self.outside = outside
        self.person = f"person-{uuid4()}"

    def do(self, path: str, **asked: Any) -> dict[str, Any]:
        answer = self.outside.post(path, json=asked)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def login(self) -> str:
        return str(self.do("/wechat/sandbox/wx-login", person=self.person)["code"])

    def phone_code(self, number: str = "13800138000") -> str:
        self.do("/wechat/sandbox/users", person=self.person)
        return str(self.do("/wechat/sandbox/phone-code", person=self.person, phone=number)["code"])

    def fault(self, kind: str, **more: Any) -> None:
        self.do("/sandbox/faults", server="wechat", kind=kind, **more)

    def later(self, seconds: float) -> None:
        self.do("/sandbox/clock", ahead_seconds=seconds)


async def refusal(waiting: Any) -> str:
    with pytest.raises(OutsideRefused) as refused:
        await waiting
    return refused.value.code


async def absence(waiting: Any) -> str:
    with pytest.raises(OutsideUnavailable) as absent:
        await waiting
    return absent.value.code


async def test_a_login_code_names_the_same_person_every_time(wechat: WeChat, phone: Phone):
    first, second = await wechat.sign_in(phone.login()), await wechat.sign_in(phone.login())
    assert first == second
    assert first.openid.startswith("o")
    assert len(first.openid) == 28
    assert first.unionid


async def test_the_session_key_never_leaves_the_client(wechat: WeChat, phone: Phone):
    identity = await wechat.sign_in(phone.login())
    assert set(identity.__slots__) == {"openid", "unionid"}


async def test_a_login_code_is_good_once(wechat: WeChat, phone: Phone):
    code = phone.login()
    await wechat.sign_in(code)
    spent = await refusal(wechat.sign_in(code))
    assert spent == "40163"
    assert spent in SPENT_CODES


async def test_a_login_code_lasts_five_minutes(wechat: WeChat, phone: Phone):
    in_time, too_late = phone.login(), phone.login()
    phone.later(290)
    await wechat.sign_in(in_time)
    phone.later(310)
    assert await refusal(wechat.sign_in(too_late)) == "40029"


async def test_an_invented_code_is_refused(wechat: WeChat):
    assert await refusal(wechat.sign_in("the-code-of-nobody")) == "40029"


async def test_a_phone_code_is_no_login_code(wechat: WeChat, phone: Phone):
    assert await refusal(wechat.sign_in(phone.phone_code())) == "40029"


@pytest.mark.parametrize(("change", "code"), [({"app_id": "wx0000000000000000"}, "40013"), ({"secret": "no"}, "40125")])
async def test_wrong_credentials_are_named(settings, http, database, phone, change, code):
    wrong = WeChat(replace(settings, **change), http, database)
    assert await refusal(wrong.sign_in(phone.login())) == code


async def test_more_than_a_hundred_sign_ins_a_minute_are_too_many(wechat: WeChat, phone: Phone):
    for _ in range(100):
        await wechat.sign_in(phone.login())
    assert await absence(wechat.sign_in(phone.login())) == "45011"


async def test_the_secret_is_not_shown(
    settings: WeChatSettings, http: httpx.AsyncClient, database: Database, phone: Phone
):
    assert settings.secret not in repr(settings)
    with pytest.raises(OutsideUnavailable) as absent:
        await WeChat(replace(settings, base_url="http://127.0.0.1:9"), http, database).sign_in(phone.login())
    assert settings.secret not in str(absent.value)
    assert absent.value.__cause__ is None


async def test_a_busy_platform_is_asked_once_more(wechat: WeChat, phone: Phone, calls: Counter[str]):
    phone.fault("errcode", code="-1")
    await wechat.sign_in(phone.login())
    assert calls["/sns/jscode2session"] == 2
    phone.fault("errcode", code="-1", count=2)
    assert await absence(wechat.sign_in(phone.login())) == "-1"


async def test_a_blocked_user_is_told_apart(wechat: WeChat, phone: Phone):
    phone.fault("errcode", code="40226")
    assert await refusal(wechat.sign_in(phone.login())) == "40226"


async def test_a_connection_lost_before_is_healed(wechat: WeChat, phone: Phone):
    phone.fault("drop_before")
    assert (await wechat.sign_in(phone.login())).openid


async def test_a_connection_lost_after_spends_the_code(wechat: WeChat, phone: Phone):
    phone.fault("drop_after")
    assert await refusal(wechat.sign_in(phone.login())) in SPENT_CODES


@pytest.mark.parametrize(("kind", "code"), [("error", "http_500"), ("garbage", "unreadable"), ("too_many", "http_429")])
async def test_unusable_answers_are_no_refusal(wechat: WeChat, phone: Phone, kind: str, code: str):
    phone.fault(kind, count=2)
    assert await absence(wechat.sign_in(phone.login())) == code


async def test_a_slow_platform_is_given_up(settings: WeChatSettings, database: Database, phone: Phone):
    phone.fault("slow", seconds=0.6, count=2)
    async with httpx.AsyncClient(timeout=0.2, trust_env=False) as hasty:
        assert await absence(WeChat(settings, hasty, database).sign_in(phone.login())) == "transport"


async def test_the_phone_button_gives_the_number_once(wechat: WeChat, phone: Phone):
    code = phone.phone_code("13900139001")
    assert await wechat.phone_number(code) == "13900139001"
    assert await refusal(wechat.phone_number(code)) == "40029"


async def test_a_phone_code_lasts_five_minutes(wechat: WeChat, phone: Phone):
    code = phone.phone_code()
    phone.later(310)
    assert await refusal(wechat.phone_number(code)) == "40029"


async def test_many_callers_fetch_one_token(wechat: WeChat, phone: Phone, calls: Counter[str]):
    codes = [phone.phone_code(f"1380013{n:04d}") for n in range(8)]
    numbers = await asyncio.gather(*(wechat.phone_number(code) for code in codes))
    assert numbers == [f"1380013{n:04d}" for n in range(8)]
    assert calls == {"/cgi-bin/stable_token": 1, "/wxa/business/getuserphonenumber": 8}


async def test_two_clients_share_one_token(settings, http, database, phone, calls):
    await WeChat(settings, http, database).phone_number(phone.phone_code())
    await WeChat(settings, http, database).phone_number(phone.phone_code())
    assert calls["/cgi-bin/stable_token"] == 1
    asked = {
        "grant_type": "client_credential",
        "appid": settings.app_id,
        "secret": settings.secret,
        "force_refresh": False,
    }
    tokens = [(await http.post(f"{settings.base_url}/cgi-bin/stable_token", json=asked)).json() for _ in range(2)]
    assert tokens[0]["access_token"] == tokens[1]["access_token"]
    assert calls["/cgi-bin/stable_token"] == 3


async def test_a_revoked_token_is_replaced_once(wechat: WeChat, phone: Phone, calls: Counter[str]):
    await wechat.phone_number(phone.phone_code())
    phone.do("/wechat/sandbox/revoke-tokens")
    assert await wechat.phone_number(phone.phone_code("13700137000")) == "13700137000"
    assert calls == {"/cgi-bin/stable_token": 2, "/wxa/business/getuserphonenumber": 3}


async def test_an_expired_token_is_replaced_once(wechat: WeChat, phone: Phone, calls: Counter[str]):
    await wechat.phone_number(phone.phone_code())
    phone.later(7300)
    assert await wechat.phone_number(phone.phone_code("13700137001")) == "13700137001"
    assert calls == {"/cgi-bin/stable_token": 2, "/wxa/business/getuserphonenumber": 3}


async def test_a_token_never_accepted_ends_after_two_tries(settings: WeChatSettings, database: Database):
    seen: Counter[str] = Counter()

    def platform(request: httpx.Request) -> httpx.Response:
        seen[request.url.path] += 1
        if request.url.path.endswith("stable_token"):
            return httpx.Response(200, json={"access_token": f"token-{seen.total()}", "expires_in": 7200})
        return httpx.Response(200, json={"errcode": 42001, "errmsg": "access_token expired"})

    async with httpx.AsyncClient(transport=httpx.MockTransport(platform)) as http:
        client = WeChat(replace(settings, base_url="http://wechat"), http, database)
        assert await refusal(client.phone_number("code")) == "42001"
    assert seen == {"/cgi-bin/stable_token": 2, "/wxa/business/getuserphonenumber": 2}


async def test_the_token_is_renewed_by_the_platform_in_its_last_five_minutes(settings, http, phone):
    asked = {"grant_type": "client_credential", "appid": settings.app_id, "secret": settings.secret}
    url = f"{settings.base_url}/cgi-bin/stable_token"
    first = (await http.post(url, json=asked)).json()
    phone.later(first["expires_in"] - 200)
    second = (await http.post(url, json=asked)).json()
    assert second["access_token"] != first["access_token"]
    assert second["expires_in"] == 7200
    for token in (first, second):
        query = {"access_token": token["access_token"]}
        answer = await http.post(
            f"{settings.base_url}/wxa/business/getuserphonenumber", params=query, json={"code": phone.phone_code()}
        )
        assert answer.json()["errcode"] == 0


async def test_a_forced_token_ends_the_former_and_has_its_limits(settings, http, phone):
    asked = {
        "grant_type": "client_credential",
        "appid": settings.app_id,
        "secret": settings.secret,
        "force_refresh": True,
    }
    url, phone_url = f"{settings.base_url}/cgi-bin/stable_token", f"{settings.base_url}/wxa/business/getuserphonenumber"
    former = (await http.post(url, json={**asked, "force_refresh": False})).json()["access_token"]
    start = 100_000.0
    phone.later(start)
    former = (await http.post(url, json={**asked, "force_refresh": False})).json()["access_token"]
    assert (await http.post(url, json=asked)).json()["access_token"] != former
    assert (await http.post(phone_url, params={"access_token": former}, json={"code": "x"})).json()["errcode"] == 40001
    assert (await http.post(url, json=asked)).json()["errcode"] == 45011
    for turn in range(1, 20):
        phone.later(start + turn * 31)
        assert "access_token" in (await http.post(url, json=asked)).json()
    phone.later(start + 20 * 31)
    assert (await http.post(url, json=asked)).json()["errcode"] == 45009


@pytest.mark.parametrize(("token", "code"), [("", 41001), ("nonsense", 40014), ("66_" + "a" * 128, 40001)])
async def test_bad_tokens_have_their_codes(settings, http, token, code):
    url = f"{settings.base_url}/wxa/business/getuserphonenumber"
    assert (await http.post(url, params={"access_token": token}, json={"code": "x"})).json()["errcode"] == code


async def test_a_foreign_number_is_refused_by_us(settings: WeChatSettings, database: Database):
    def platform(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("stable_token"):
            return httpx.Response(200, json={"access_token": "t", "expires_in": 7200})
        info = {"phoneNumber": "+4915112345678", "purePhoneNumber": "15112345678", "countryCode": "49"}
        return httpx.Response(200, json={"errcode": 0, "errmsg": "ok", "phone_info": info})

    async with httpx.AsyncClient(transport=httpx.MockTransport(platform)) as http:
        client = WeChat(replace(settings, base_url="http://wechat"), http, database)
        assert await refusal(client.phone_number("code")) == "foreign_number"
