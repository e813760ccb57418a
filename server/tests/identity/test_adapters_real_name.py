"""The real-name client against the register's sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from palmtax.identity.adapters.real_name import RealNameRegister, RealNameSettings
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable
from sandboxes.ground import Options
from sandboxes.real_name import WEIGHTS, is_resident_id
from sandboxes.running import Running, running


def resident_id(sequence: int) -> str:
    """A valid check character over an invented person of a division that does not exist."""
    body = f"99010119900101{sequence:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(Options(tmp_path_factory.mktemp("real_name"))) as sandboxes:
        people = [{"name": "林小满", "resident_id": resident_id(n)} for n in range(1, 6)]
        answer = sandboxes.post("/real-name/sandbox/people", json={"people": people})
        assert answer.json() == {"registered": 5}
        yield sandboxes


@pytest.fixture
async def http(outside: Running) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=3, trust_env=False) as client:
        yield client
        await client.delete(f"{outside.url}/sandbox/faults")


@pytest.fixture
def settings(outside: Running) -> RealNameSettings:
    return RealNameSettings.from_credentials(outside.credentials["real_name"], f"{outside.url}/real-name")


@pytest.fixture
def register(settings: RealNameSettings, http: httpx.AsyncClient) -> RealNameRegister:
    return RealNameRegister(settings, http)


async def refusal(waiting: Any) -> str:
    with pytest.raises(OutsideRefused) as refused:
        await waiting
    return refused.value.code


async def absence(waiting: Any) -> str:
    with pytest.raises(OutsideUnavailable) as absent:
        await waiting
    return absent.value.code


@pytest.mark.parametrize("known", ["11010519491231002X", "440524188001010014"])
def test_published_numbers_pass_the_check_digit(known: str):
    assert is_resident_id(known)
    assert not is_resident_id("1" + known[1:17] + ("0" if known[17] == "X" else "X"))


async def test_the_three_answers(register: RealNameRegister):
    assert await register.check("林小满", resident_id(1)) == "match"
    assert await register.check("林大满", resident_id(1)) == "no_match"
    assert await register.check("林小满", resident_id(900)) == "not_found"


async def test_impossible_numbers_and_names_are_refused(register: RealNameRegister):
    assert await refusal(register.check("林小满", resident_id(2)[:17] + "?")) == "-2"
    assert await refusal(register.check("林小满1", resident_id(2))) == "-3"


async def test_one_number_is_checked_ten_times_a_day(register: RealNameRegister):
    for _ in range(10):
        await register.check("林小满", resident_id(3))
    assert await refusal(register.check("林小满", resident_id(3))) == "-7"


async def test_a_register_out_of_order_is_asked_once_more(register, http, outside):
    fault = {"server": "real_name", "kind": "result", "code": "-4"}
    await http.post(f"{outside.url}/sandbox/faults", json=fault)
    assert await register.check("林小满", resident_id(4)) == "match"
    await http.post(f"{outside.url}/sandbox/faults", json={**fault, "count": 2})
    assert await absence(register.check("林小满", resident_id(4))) == "-4"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"kind": "refuse", "code": "InternalError"}, "InternalError"),
        ({"kind": "error"}, "http_500"),
        ({"kind": "garbage"}, "unreadable"),
        ({"kind": "result", "code": "77"}, "unreadable"),
        ({"kind": "drop_after"}, "transport"),
    ],
)
async def test_no_usable_answer_is_not_an_answer(register, http, outside, fault, code):
    await http.post(f"{outside.url}/sandbox/faults", json={"server": "real_name", "count": 2, **fault})
    assert await absence(register.check("林小满", resident_id(5))) == code


async def test_a_wrong_key_is_refused(settings, http):
    wrong = RealNameRegister(replace(settings, key=replace(settings.key, secret_key="wrong")), http)
    assert await refusal(wrong.check("林小满", resident_id(1))) == "AuthFailure.SignatureFailure"


async def test_a_message_signature_does_not_open_the_register(outside, http):
    settings = RealNameSettings.from_credentials(outside.credentials["sms"], f"{outside.url}/sms")
    assert await refusal(RealNameRegister(settings, http).check("林小满", resident_id(1))) == (
        "AuthFailure.SignatureFailure"
    )
