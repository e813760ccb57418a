"""Columns: bit for bit what one taxpayer gets, monotone where the law is, and never silently wrapped."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
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


def businesses(rows: int) -> dict[str, Any]:
    draw = np.random.default_rng(rows)
    return {"is_quarterly": draw.random(rows) < 0.5, "ordinary_sales": draw.integers(-(10**7), 10**8, rows)}


THRESHOLD = "vat_small_scale.quarter_threshold"
OUTPUTS = ("vat_payable", "is_exempt")


@pytest.mark.parametrize("rows", [300, 30_001])
def test_scenarios_in_one_pass_equal_each_by_itself(rows: int) -> None:
    facts = businesses(rows)
    asked: dict[str, dict[str, object]] = {"now": {}} | {
        f"{yuan}": {THRESHOLD: str(yuan)} for yuan in range(100_000, 1_000_000, 90_000)
    }
    found = rules.scenarios("vat_small_scale", on=DAYS[1], facts=facts, scenarios=asked, outputs=OUTPUTS)
    sums = rules.totals("vat_small_scale", on=DAYS[1], facts=facts, scenarios=asked, outputs=OUTPUTS, threads=1)
    assert list(found) == list(sums) == list(asked)
    for name, what_if in asked.items():
        alone = rules.columns("vat_small_scale", on=DAYS[1], facts=facts, outputs=OUTPUTS, what_if=what_if)
        for output, column in alone.items():
            assert (found[name][output] == column).all()
            assert sums[name][output] == sum(column.tolist())
    assert len({tuple(values.values()) for values in sums.values()}) == len(asked)


@pytest.mark.parametrize("rows", [300, 30_001])
def test_burdens_are_the_sums_of_their_columns(rows: int) -> None:
    facts = businesses(rows)
    asked: dict[str, dict[str, object]] = {"now": {}, "then": {THRESHOLD: "450000"}}
    plus, less = ("vat_payable", "reduction"), ("exempt_tax",)
    out = {"then": np.zeros(rows, np.int64)}
    found = rules.burdens(
        "vat_small_scale", on=DAYS[1], facts=facts, scenarios=asked, plus=plus, less=less, out=out, threads=1
    )
    columns = rules.scenarios("vat_small_scale", on=DAYS[1], facts=facts, scenarios=asked, outputs=(*plus, *less))
    for name, column in found.items():
        sides = [sum(columns[name][output] for output in outputs) for outputs in (plus, less)]
        assert (column == sides[0] - sides[1]).all()
    assert found["then"] is out["then"]
    assert (found["now"] != found["then"]).any()
    with pytest.raises(ValueError, match="is_exempt"):
        rules.burdens("vat_small_scale", on=DAYS[1], facts=facts, scenarios=asked, plus=("is_exempt",))


def test_sums_beyond_64_bits_are_exact() -> None:
    rows = 40_000
    most = {"unpaid_tax": 10**15, "days_late": 1000}
    facts = {code: np.full(rows, value) for code, value in most.items()}
    one = rules.assess("late_fee", on=DAYS[1], facts=most).outputs["fee"]
    found = rules.totals("late_fee", on=DAYS[1], facts=facts, scenarios={"now": {}}, outputs=("fee",))
    assert found["now"]["fee"] == one * rows > 2**63


def test_no_scenario_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="no scenarios"):
        rules.totals("late_fee", on=DAYS[1], facts={}, scenarios={})


@pytest.mark.parametrize("rows", [500, 60_000])
def test_arrow_columns_batches_and_tables_of_many_pieces_equal_numpy(rows: int) -> None:
    facts = businesses(rows)
    expected = rules.columns("vat_small_scale", on=DAYS[1], facts=facts, outputs=OUTPUTS)
    batch = pa.record_batch({code: pa.array(column) for code, column in facts.items()})
    pieces = [batch.slice(start, 7001) for start in range(0, rows, 7001)]
    uneven = pa.table(
        {
            "is_quarterly": pa.chunked_array([batch.column(0).slice(0, 13), batch.column(0).slice(13)]),
            "ordinary_sales": pa.chunked_array([batch.column(1).slice(0, 401), batch.column(1).slice(401)]),
        }
    )
    for given_facts in (
        dict(zip(batch.schema.names, batch.columns, strict=True)),
        batch,
        pa.Table.from_batches(pieces),
        uneven,
    ):
        found = rules.columns("vat_small_scale", on=DAYS[1], facts=given_facts, outputs=OUTPUTS)
        for output, column in expected.items():
            assert (found[output] == column).all()


def test_arrow_choices_are_read_by_name_and_wrong_columns_refused_by_fact() -> None:
    places = ["city", "county", "city", "other"]
    facts = {
        "is_quarterly": pa.array([True] * 4),
        "ordinary_sales": pa.array([40_000_000] * 4),
        "place_kind": pa.array(places).dictionary_encode(),
        "is_half_relief": pa.array([False] * 4),
    }
    found = rules.columns("vat_small_scale_return", on=DAYS[1], facts=facts, outputs=("urban_maintenance_tax",))
    for row, place in enumerate(places):
        one = {"is_quarterly": True, "ordinary_sales": 40_000_000, "place_kind": place, "is_half_relief": False}
        outputs = rules.assess("vat_small_scale_return", on=DAYS[1], facts=one).outputs
        assert found["urban_maintenance_tax"][row] == outputs["urban_maintenance_tax"]
    for wrong in (
        pa.array([1, None, 3, 4]), pa.array([1.0] * 4), pa.array(["1"] * 4), pa.array([1, 2, 3, 4], pa.uint64()), [1, 2, 3, 4],
    ):  # fmt: skip
        with pytest.raises(rules.FactRefused) as refusal:
            rules.columns("vat_small_scale_return", on=DAYS[1], facts={**facts, "ordinary_sales": wrong})
        assert refusal.value.values["fact"] == "ordinary_sales"


def test_an_unread_column_is_checked_too() -> None:
    facts = {**businesses(10), "special_sales_reduced": np.full(10, 2**60)}
    with pytest.raises(rules.FactRefused) as refusal:
        rules.columns("vat_small_scale", on=DAYS[1], facts=facts, outputs=("is_zero",))
    assert refusal.value.values["fact"] == "special_sales_reduced"


def test_rows_of_months_are_lists_of_columns() -> None:
    law, day = "iit_year", date(2025, 12, 31)
    draw = np.random.default_rng(3)
    wage = [draw.integers(0, 5_000_000, 50) for _ in range(12)]
    by_month = {f"wage_{month:02d}": column for month, column in enumerate(wage, 1)}
    whole = rules.columns(law, on=day, facts={"wage": wage})
    single = rules.columns(law, on=day, facts=by_month)
    assert all((whole[name] == column).all() for name, column in single.items())
    assert whole["annual_tax"].sum() > 0


@pytest.mark.parametrize("rows", [900, 30_011])
def test_sums_by_band_equal_sums_of_the_columns(rows: int) -> None:
    law, day, ends = "iit_year", date(2025, 12, 31), [0, 9_600_000, 20_000_000, 36_000_000]
    draw = np.random.default_rng(rows)
    facts = {f"wage_{month:02d}": draw.integers(0, 4_000_000, rows) for month in range(1, 13)}
    asked: dict[str, dict[str, object]] = {"now": {}, "then": {"iit_year.basic_deduction_month": "6000"}}
    found = rules.by_band(
        law, on=day, facts=facts, scenarios=asked, outputs=("annual_tax",), line="comprehensive_income", ends=ends
    )
    band = np.searchsorted(ends, sum(facts.values()))
    for name, what_if in asked.items():
        tax = rules.columns(law, on=day, facts=facts, outputs=("annual_tax",), what_if=what_if)["annual_tax"]
        assert found[name]["rows"] == np.bincount(band, minlength=5).tolist()
        assert found[name]["annual_tax"] == [int(tax[band == place].sum()) for place in range(5)]
    with pytest.raises(rules.FactRefused):
        rules.by_band(law, on=day, facts=facts, scenarios=asked, outputs=("annual_tax",), line="nothing", ends=ends)
