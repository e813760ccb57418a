"""Rates: exact fractions, rounded half up away from zero."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palmtax.base.rate import Rate, half_up


@pytest.mark.parametrize(
    ("text", "fraction"),
    [
        ("3%", Fraction(3, 100)),
        ("0.03", Fraction(3, 100)),
        ("5/10000", Fraction(1, 2000)),
        ("0.05‰", Fraction(1, 20000)),
        ("1.5 %", Fraction(3, 200)),
        ("-2%", Fraction(-2, 100)),
        ("1/3", Fraction(1, 3)),
    ],
)
def test_rates_are_read_as_the_law_writes_them(text: str, fraction: Fraction) -> None:
    assert Rate(text).fraction == fraction
    assert Rate(str(Rate(text))) == Rate(text)


@pytest.mark.parametrize("text", ["", "%", "3%%", "1e-2", "a", "1/0", "1/-2", "３%", "1/2/3"])
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a rate"):
        Rate(text)


@pytest.mark.parametrize("value", [0.03, True, None])
def test_a_rate_is_never_made_of_a_float(value: object) -> None:
    with pytest.raises(TypeError):
        Rate(value)  # type: ignore[arg-type]  # the point


@given(st.integers(-(10**17), 10**17), st.integers(0, 10_000))
def test_a_rate_agrees_with_decimal_half_up(fen: int, per_ten_thousand: int) -> None:
    expected = (Decimal(fen) * per_ten_thousand / 10_000).quantize(Decimal(1), ROUND_HALF_UP)
    assert Rate(Fraction(per_ten_thousand, 10_000)).of(fen) == int(expected)


@given(st.integers(0, 10**15))
def test_the_net_amount_agrees_with_decimal(fen: int) -> None:
    assert Rate("1%").net_of(fen) == int((Decimal(fen) / Decimal("1.01")).quantize(Decimal(1), ROUND_HALF_UP))


def test_halves_go_away_from_zero() -> None:
    assert [half_up(n, 2) for n in (-3, -1, 0, 1, 3)] == [-2, -1, 0, 1, 2]
    with pytest.raises(TypeError):
        Rate("1%").of(1.0)  # type: ignore[arg-type]  # the point
