"""Money: read and shown exactly, or refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palmtax.base.money import BadAmount, show_yuan, yuan


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0", 0),
        ("-0.00", 0),
        ("000012.30", 1230),
        ("1,234,567.89", 123456789),
        ("+5", 500),
        ("-0.01", -1),
        (" 12.5 ", 1250),
        ("1234567890123456.78", 123456789012345678),
        (3, 300),
    ],
)
def test_amounts_in_yuan_are_read_exactly(text: str | int, fen: int) -> None:
    assert yuan(text) == fen


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "blank"),
        ("  ", "blank"),
        ("1.005", "decimals"),
        ("1e3", "number"),
        ("1.", "number"),
        (".5", "number"),
        ("12,34", "number"),
        ("１２", "number"),
        ("NaN", "number"),
        ("--1", "number"),
        ("1 000", "number"),
        ("1" * 41, "length"),
        (1.5, "type"),
        (True, "type"),
        (None, "type"),
    ],
)
def test_anything_not_exact_is_refused_with_its_reason(text: object, reason: str) -> None:
    with pytest.raises(BadAmount) as refusal:
        yuan(text)  # type: ignore[arg-type]  # refusals of wrong types are the point
    assert refusal.value.reason == reason


@given(st.integers(-(10**25), 10**25))
def test_what_is_shown_is_read_back(fen: int) -> None:
    assert yuan(show_yuan(fen)) == fen


def test_a_float_is_never_shown_as_money() -> None:
    with pytest.raises(BadAmount):
        show_yuan(1.0)  # type: ignore[arg-type]  # the point
