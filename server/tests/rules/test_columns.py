"""Columns: bit for bit what one taxpayer gets, monotone where the law is, and never silently wrapped."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palmtax import rules

DAYS = [date(2025, 12, 31), date(2026, 9, 30)]
FACTS = rules.law("vat_small_scale_return").facts


def values(fact: rules.Fact) -> st.SearchStrategy[Any]:
    if fact.unit == "yes_no":
        return st.booleans()
    if fact.unit == "choice":
        return st.sampled_from([option.code for option in fact.options])
    near = [value for value in (0, 1, 49, 50, 99, 10_000_000, 29_999_999, 30_000_000, 30_000_001) if value >= fact.lo]
    wide = st.integers(max(fact.lo, -(10**11)), 10**11)
    return st.one_of(st.sampled_from(near), wide, st.integers(fact.lo, fact.hi))


PERSONS = st.lists(st.fixed_dictionaries({fact.code: values(fact) for fact in FACTS}), min_size=1, max_size=8)


def as_columns(persons: list[dict[str, Any]]) -> dict[str, Any]:
    return {fact.code: np.array([fact.read(person[fact.code]) for person in persons]) for fact in FACTS}


@settings(max_examples=150, deadline=None)
@given(PERSONS, st.sampled_from(DAYS))
def test_columns_equal_one_by_one_bit_for_bit(persons: list[dict[str, Any]], day: date) -> None:
    found = rules.columns("vat_small_scale_return", on=day, facts=as_columns(persons))
    for row, person in enumerate(persons):
        outputs = rules.assess("vat_small_scale_return", on=day, facts=person).outputs
        assert {code: column[row].item() for code, column in found.items()} == dict(outputs)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 10**7), st.sampled_from(DAYS), st.booleans())
def test_more_sales_never_mean_less_tax(sales_yuan: int, more_yuan: int, day: date, is_quarterly: bool) -> None:
    facts = {"is_quarterly": is_quarterly, "place_kind": "city", "is_half_relief": True}
    less, more = (
        rules.assess("vat_small_scale_return", on=day, facts={**facts, "ordinary_sales": yuan * 100}).outputs
        for yuan in (sales_yuan, sales_yuan + more_yuan)
    )
    assert less["payable"] <= more["payable"]
    assert less["vat_payable"] >= 0


@settings(max_examples=150, deadline=None)
@given(PERSONS, st.sampled_from(DAYS))
def test_no_tax_and_no_saving_is_ever_negative(persons: list[dict[str, Any]], day: date) -> None:
    found = rules.columns("vat_small_scale_return", on=day, facts=as_columns(persons))
    for code, column in found.items():
        if column.dtype != np.bool_ and not code.endswith("total_sales"):
            assert column.min() >= 0, code


def test_many_blocks_equal_one_by_one() -> None:
    rows = 20_001
    draw = np.random.default_rng(7)
    sales = draw.integers(-(10**9), 10**9, rows)
    facts = {"is_quarterly": draw.random(rows) < 0.5, "ordinary_sales": sales}
    found = rules.columns("vat_small_scale", on=DAYS[1], facts=facts, outputs=("vat_payable", "is_exempt"))
    assert list(found) == ["vat_payable", "is_exempt"]
    for row in range(0, rows, 997):
        one = {"is_quarterly": bool(facts["is_quarterly"][row]), "ordinary_sales": int(sales[row])}
        outputs = rules.assess("vat_small_scale", on=DAYS[1], facts=one).outputs
        assert (found["vat_payable"][row], found["is_exempt"][row]) == (outputs["vat_payable"], outputs["is_exempt"])


def test_what_could_wrap_is_refused_and_one_fen_less_is_exact() -> None:
    days = 40_000
    edge = (2**63 - 1) // days
    facts = {"unpaid_tax": np.array([edge + 1, 1]), "days_late": np.array([days, 1])}
    with pytest.raises(rules.AmountTooLarge) as refusal:
        rules.columns("late_fee", on=DAYS[1], facts=facts)
    assert refusal.value.values["line"] == "Late fee before limits"
    one = {"unpaid_tax": edge - 1, "days_late": days}
    facts = {code: np.array([value]) for code, value in one.items()}
    exact = rules.assess("late_fee", on=DAYS[1], facts=one).outputs["fee"]
    assert exact == ((edge - 1) * days * 5 + 5_000) // 10_000
    assert rules.columns("late_fee", on=DAYS[1], facts=facts)["fee"].tolist() == [exact]


@pytest.mark.parametrize(
    "column",
    [
        np.array([1.0]), np.array([1], np.uint64), np.array([1], object), np.array([True]), np.array([[1]]),
        np.array([2**53]), np.array(["1"]),
    ],
)  # fmt: skip
def test_columns_that_are_not_whole_fen_are_refused(column: Any) -> None:
    with pytest.raises(rules.FactRefused):
        rules.columns("vat_small_scale", on=DAYS[1], facts={"is_quarterly": np.array([True]), "ordinary_sales": column})


def test_columns_need_what_one_taxpayer_needs() -> None:
    with pytest.raises(rules.FactMissing):
        rules.columns("vat_small_scale", on=DAYS[1], facts={"ordinary_sales": np.array([1])})
    with pytest.raises(rules.FactRefused):
        rules.columns("vat_small_scale", on=DAYS[1], facts={"nothing": np.array([1])})
    empty = {"is_quarterly": np.array([], np.bool_), "ordinary_sales": np.array([], np.int64)}
    assert rules.columns("vat_small_scale", on=DAYS[1], facts=empty)["vat_payable"].shape == (0,)
