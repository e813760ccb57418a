"""Identifiers: our UUIDs grow, official numbers keep their check characters, masks hide."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palmtax.base import identifiers
from palmtax.base.identifiers import (
    USCC_ALPHABET,
    BadIdentifier,
    check_invoice_no,
    check_resident_id,
    check_uscc,
    has_doubtful_organisation_code,
    make_resident_id,
    make_uscc,
    mask_name,
    mask_phone,
    mask_resident_id,
    uuid7,
)


def test_uuids_grow_also_within_a_millisecond_and_carry_version_and_variant() -> None:
    made = [uuid7() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert all(one.version == 7 and one.variant == "specified in RFC 4122" for one in made)


def test_uuids_grow_when_the_clock_steps_back(monkeypatch: pytest.MonkeyPatch) -> None:
    first = uuid7()
    monkeypatch.setattr(identifiers.time, "time_ns", lambda: 1_000_000_000)
    assert uuid7() > first


def test_uuids_of_threads_and_of_forked_workers_differ() -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: uuid7(), range(4000)))
    assert len(set(made)) == 4000
    here, there = multiprocessing.get_context("fork").Pipe()
    worker = multiprocessing.get_context("fork").Process(target=lambda: there.send([uuid7().int for _ in range(100)]))
    worker.start()
    theirs = {UUID(int=number) for number in here.recv()}
    worker.join()
    assert not theirs & {uuid7() for _ in range(100)}


@pytest.mark.parametrize("code", ["91350100M000100Y43", "9144030071526726XG"])
def test_published_credit_codes_pass(code: str) -> None:
    assert check_uscc(f" {code.lower()} ") == code
    assert not has_doubtful_organisation_code(code)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("91350100M000100Y4", "length"),
        ("91350100M000100Y44", "check"),
        ("91350100I000100Y43", "character"),
        ("9135010AM000100Y43", "character"),
        ("", "length"),
    ],
)
def test_wrong_credit_codes_are_refused_with_their_reason(code: str, reason: str) -> None:
    with pytest.raises(BadIdentifier) as refusal:
        check_uscc(code)
    assert refusal.value.reason == reason


@given(st.integers(0, 999_999), st.text(USCC_ALPHABET, min_size=8, max_size=8), st.integers(0, 17))
def test_made_credit_codes_pass_and_one_wrong_character_does_not(division: int, body: str, place: int) -> None:
    code = make_uscc("9", "1", f"{division:06d}", body)
    assert check_uscc(code) == code
    other = USCC_ALPHABET[(USCC_ALPHABET.index(code[place]) + 1) % 31]
    with pytest.raises(BadIdentifier):
        check_uscc(code[:place] + other + code[place + 1 :])


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"])
def test_published_resident_numbers_pass(number: str) -> None:
    assert check_resident_id(number.lower()) == number


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("110105194912310021", "check"),
        ("11010519491331002X", "birth_date"),
        ("1101051949123100", "length"),
        ("1101051949123A002X", "character"),
        ("11010519491231002Y", "character"),
    ],
)
def test_wrong_resident_numbers_are_refused_without_telling_them(number: str, reason: str) -> None:
    with pytest.raises(BadIdentifier) as refusal:
        check_resident_id(number)
    assert refusal.value.reason == reason
    assert number not in str(refusal.value)


@given(st.dates(date(1, 1, 1), date(2026, 11, 23)), st.integers(0, 999))
def test_made_resident_numbers_pass(born_on: date, sequence: int) -> None:
    number = make_resident_id("440305", born_on, sequence)
    assert check_resident_id(number) == number
    assert number[6:14] == born_on.isoformat().replace("-", "")


def test_invoice_numbers_are_twenty_digits_and_keep_leading_zeros() -> None:
    assert check_invoice_no(" 00442000000000000017 ") == "00442000000000000017"
    for number, reason in (
        ("123", "length"),
        ("２６442000000000000017", "character"),
        ("26-42000000000000017", "character"),
    ):
        with pytest.raises(BadIdentifier) as refusal:
            check_invoice_no(number)
        assert refusal.value.reason == reason


def test_masks_hide_what_the_rules_say() -> None:
    assert [mask_name(name) for name in ("张三", "张小三", "欧阳小明", "王", "Anna", "")] == [
        "张*", "张*三", "欧**明", "王*", "A***", "",
    ]  # fmt: skip
    assert [mask_phone(phone) for phone in ("13812345678", "8613812345678", "12345")] == [
        "138****5678",
        "138****5678",
        "*****",
    ]
    assert mask_resident_id("11010519491231002x") == "1101**********002X"
    assert mask_resident_id("1234") == "****"
