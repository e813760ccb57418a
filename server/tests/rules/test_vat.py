"""VAT and surcharges: edges to the fen, growth, identities of the form, hostile facts, and second computations."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palmtax import rules
from palmtax.base.money import yuan
from palmtax.base.period import Period
from palmtax.rules.laws import LAWS, find_law
from palmtax.rules.parameters import read_yaml
from palmtax.rules.registration import registration

DAY = date(2026, 12, 31)  # Thursday
BEFORE = date(2025, 12, 31)  # Wednesday
CODES = tuple(code for code in rules.every_law() if code.startswith("vat_") or code == "surcharges")
CALM = settings(max_examples=40, deadline=None, derandomize=True)
FEN = st.integers(0, 10**11)
MORE = st.integers(0, 10**9)
D = Decimal
CENT = D("0.01")


def outputs(law: str, on: date = DAY, **facts: Any) -> dict[str, Any]:
    return dict(rules.assess(law, on=on, facts=facts).outputs)


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def in_fen(amount: Decimal) -> int:
    whole = amount * 100
    assert whole == int(whole)
    return int(whole)


# --- the shared examples -------------------------------------------------------------------------------------------

WANTED = {
    "vat_small_scale": "S-01 S-03 S-04 S-06 S-07 S-09 S-10 S-12 S-15",
    "vat_monthly_or_quarterly": "S-13A S-13B",
    "vat_natural_person": "S-16 S-17 S-19",
    "vat_general": "G-01 G-02 G-21 G-22",
    "vat_price": "G-03 G-04",
    "vat_withholding": "G-07",
    "vat_used_assets": "G-08",
    "vat_import": "G-09 G-10",
    "vat_input": "G-11 G-12 G-13",
    "vat_housing_sale": "G-15 G-16",
    "vat_registration": "G-17 G-18",
    "vat_credit_refund": "G-19 G-20",
}


@pytest.mark.parametrize("law", WANTED)
def test_every_shared_example_lies_in_its_folder(law: str) -> None:
    found = {path.stem for path in (LAWS / law / "examples").glob("*.yaml")}
    assert {f"VAT-{number}" for number in WANTED[law].split()} <= found


def test_every_shared_surcharge_example_is_there() -> None:
    found = {path.stem for path in (LAWS / "surcharges" / "examples").glob("*.yaml")}
    assert {"SUR-01", "SUR-02", "SUR-04", "SUR-05"} <= found


@pytest.mark.parametrize("name", ["VAT-G-17", "VAT-G-18"])
def test_registering_is_due_by_the_calendar(name: str) -> None:
    case = read_yaml(LAWS / "vat_registration" / "examples" / f"{name}.yaml")["cases"][0]
    found = registration(yuan(case["facts"]["rolling_sales"]), Period.parse(case["days"]["exceeded_in"]))
    assert found.must_register
    assert found.register_by is not None
    assert found.register_by.on == case["days"]["register_by"]
    assert found.effective_from == case["expect"]["effective_from"]


def test_at_the_limit_nobody_registers() -> None:
    found = registration(500_000_000, Period.parse("2026-05"))
    assert (found.must_register, found.register_by, found.effective_from) == (False, None, None)
    assert registration(500_000_001, Period.parse("2026-05")).must_register
    old = registration(500_000_001, Period.parse("2025-11"))
    assert old.register_by is not None
    assert (old.register_by.on, old.effective_from) == (date(2025, 12, 15), date(2025, 12, 1))


# --- edges ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "sales", "exempt"),
    [
        (DAY, 99_999, True), (DAY, 100_000, False), (DAY, 100_001, False),
        (BEFORE, 49_999, True), (BEFORE, 50_000, False), (BEFORE, 50_001, False),
    ],
)  # fmt: skip
def test_the_day_of_a_natural_person_is_taxed_once_the_threshold_is_reached(on: date, sales: int, exempt: bool) -> None:
    found = outputs("vat_natural_person", on, sales_of_the_day=sales)
    assert found["day_exempt"] is exempt
    assert (found["vat_payable"] == 0) is exempt


@pytest.mark.parametrize(
    ("on", "sales", "exempt"),
    [
        (DAY, 9_999_999, True), (DAY, 10_000_000, False), (DAY, 10_000_001, False),
        (BEFORE, 10_000_000, True), (BEFORE, 10_000_001, False),
    ],
)  # fmt: skip
def test_a_month_at_the_limit_is_taxed_since_2026_and_was_not_before(on: date, sales: int, exempt: bool) -> None:
    found = outputs("vat_monthly_or_quarterly", on, month_1_sales=sales, month_2_sales=0, month_3_sales=0)
    assert (found["month_1_vat"] == 0) is exempt
    assert found["quarterly_vat"] == 0
    assert outputs("vat_natural_person", on, platform_sales=sales)["rent_exempt"] is exempt
    place = {"is_quarterly": False, "payer": "small_scale", "received": 0, "other_place_sales": sales}
    assert outputs("vat_prepayment", on, **place)["is_below_threshold"] is exempt


@pytest.mark.parametrize(
    ("on", "sales", "exempt"),
    [
        (DAY, 29_999_999, True), (DAY, 30_000_000, False), (DAY, 30_000_001, False),
        (BEFORE, 30_000_000, True), (BEFORE, 30_000_001, False),
    ],
)  # fmt: skip
def test_a_quarter_at_the_limit_likewise(on: date, sales: int, exempt: bool) -> None:
    found = outputs("vat_monthly_or_quarterly", on, month_1_sales=0, month_2_sales=0, month_3_sales=sales)
    assert (found["quarterly_vat"] == 0) is exempt
    assert outputs("vat_small_or_general", on, yearly_sales=4 * sales, yearly_input=0)["is_quarter_exempt"] is exempt


@pytest.mark.parametrize(("quarterly", "limit"), [(True, 30_000_000), (False, 10_000_000)])
def test_education_surcharges_begin_one_fen_above_the_limit(quarterly: bool, limit: int) -> None:
    facts = {"is_quarterly": quarterly, "vat_paid": 100_000, "place_kind": "city", "is_half_relief": False}
    assert outputs("surcharges", sales=limit, **facts)["is_education_exempt"]
    assert outputs("surcharges", sales=limit, **facts)["surcharges_payable"] == 7_000
    assert outputs("surcharges", sales=limit + 1, **facts)["surcharges_payable"] == 12_000


@pytest.mark.parametrize(("added", "refund"), [(49_999_999, 0), (50_000_000, 30_000_000), (50_000_001, 30_000_001)])
def test_added_credit_is_refunded_from_the_least_sum(added: int, refund: int) -> None:
    found = outputs("vat_credit_refund", industry="other", month_end_credit=added + 77, base_credit=77)
    assert (found["refund"], found["credit_left"]) == (refund, added + 77 - refund)


def test_the_second_share_of_a_refund_begins_above_the_limit() -> None:
    limit = 10_000_000_000
    at, above = (outputs("vat_credit_refund", industry="other", month_end_credit=limit + n)["refund"] for n in (0, 100))
    assert (at, above - at) == (6_000_000_000, 30)


@pytest.mark.parametrize(("months", "met"), [(5, False), (6, True), (7, True)])
def test_added_credit_has_to_last_six_months(months: int, met: bool) -> None:
    facts = {"month_end_credit": 10**9, "periods_with_added_credit": months}
    assert outputs("vat_credit_refund", industry="real_estate", **facts)["meets_added_conditions"] is met
    assert outputs("vat_credit_refund", industry="supported", **facts)["meets_added_conditions"]


@pytest.mark.parametrize(("on", "rate"), [(DAY, D("0.03")), (BEFORE, D("0.05"))])
def test_a_home_is_exempt_on_its_second_anniversary_and_not_the_day_before(on: date, rate: Decimal) -> None:
    bought = date(2024, 2, 29)  # Thursday; the anniversary of a leap day is the last of February or the day after
    facts = {"price": 100_000_000, "bought_on": bought}
    early = outputs("vat_housing_sale", on, sold_on=date(2026, 2, 27), **facts)
    late = outputs("vat_housing_sale", on, sold_on=date(2026, 3, 1), **facts)
    assert early["vat_payable"] == in_fen(cents(cents(D(1_000_000) / (1 + rate)) * rate))
    assert late["is_exempt"]
    assert late["vat_payable"] == 0


@given(bought=st.dates(date(2010, 1, 1), date(2028, 1, 1)), days=st.integers(-1, 1))
@CALM
def test_homes_turn_exempt_after_two_full_years(bought: date, days: int) -> None:
    if (bought.month, bought.day) == (2, 29):
        return
    sold = bought.replace(year=bought.year + 2) + timedelta(days)
    found = outputs("vat_housing_sale", price=10**8, bought_on=bought, sold_on=sold)
    assert found["is_exempt"] is (days >= 0)


def test_more_price_is_more_tax_until_the_exemption_ends_it() -> None:
    days = {"bought_on": date(2025, 6, 1), "sold_on": date(2026, 6, 1)}
    dues = [outputs("vat_housing_sale", price=price, **days)["vat_payable"] for price in range(0, 10**8, 999_983)]
    assert dues == sorted(dues)
    assert dues[-1] > 2_000_000


# --- growth: more sales never less tax -----------------------------------------------------------------------------

SALES = ("standard_sales", "lower_sales", "service_sales", "deemed_sales", "mixed_sales", "simple_sales")


@given(base=FEN, credit=FEN, carry=FEN, prepaid=MORE, more=MORE, which=st.sampled_from(SALES))
@CALM
def test_more_sales_never_cost_a_general_taxpayer_less(
    base: int, credit: int, carry: int, prepaid: int, more: int, which: str
) -> None:
    facts: dict[str, int] = {"standard_sales": base, "special_invoice_input": credit, "carry_in": carry}
    facts |= {"prepaid": prepaid, "tax_reductions": prepaid // 3}
    less = outputs("vat_general", **facts)
    grown = outputs("vat_general", **(facts | {which: facts.get(which, 0) + more}))
    assert grown["vat_payable"] >= less["vat_payable"]
    assert grown["carry_out"] <= less["carry_out"]


@given(base=FEN, credit=FEN, more=MORE)
@CALM
def test_more_input_never_costs_more_and_is_never_lost(base: int, credit: int, more: int) -> None:
    less = outputs("vat_general", standard_sales=base, special_invoice_input=credit)
    grown = outputs("vat_general", standard_sales=base, special_invoice_input=credit + more)
    assert grown["vat_payable"] <= less["vat_payable"]
    saved = less["vat_payable"] - grown["vat_payable"]
    assert saved + grown["carry_out"] - less["carry_out"] == more


def test_more_taxed_sales_free_shared_input_and_the_form_still_adds_up() -> None:
    facts = {"special_invoice_input": 10**8, "shared_input": 10**8, "exempt_sales": 10**8}
    small, large = (
        outputs("vat_general", standard_sales=sales, **facts) for sales in (6 * 10**8, 6 * 10**8 + 10_000_000)
    )
    assert small["transfer_out"] > large["transfer_out"]
    for found in (small, large):
        assert found["vat_payable"] + found["deductible"] - found["carry_out"] == found["output"]


@given(sales=st.integers(0, 10**9), more=st.integers(1, 10**8), quarterly=st.booleans(), since_2026=st.booleans())
@CALM
def test_more_sales_never_cost_a_small_scale_taxpayer_less_but_for_rounding(
    sales: int, more: int, quarterly: bool, since_2026: bool
) -> None:
    on = DAY if since_2026 else BEFORE
    less, grown = (
        outputs("vat_small_scale", on, is_quarterly=quarterly, ordinary_sales=total) for total in (sales, sales + more)
    )
    assert grown["vat_payable"] >= less["vat_payable"] - 1  # 3% and 2% are rounded by themselves: a fen either way
    assert less["is_exempt"] or not grown["is_exempt"]


@given(sales=FEN, more=MORE, kind=st.sampled_from(["standard", "lower", "service"]), credit=FEN)
@CALM
def test_either_status_costs_more_with_more_sales(sales: int, more: int, kind: str, credit: int) -> None:
    less, grown = (
        outputs("vat_small_or_general", yearly_sales=total, yearly_input=credit, rate_kind=kind)
        for total in (sales, sales + more)
    )
    assert grown["tax_general"] >= less["tax_general"] - 3  # the halving of three surcharges is rounded by itself
    assert grown["tax_small"] >= less["tax_small"] - 16
    assert grown["general_less_small"] == grown["tax_general"] - grown["tax_small"]


@given(value=FEN, more=MORE, duty=st.integers(0, 10**6), excise=st.integers(0, 900_000))
@CALM
def test_a_dearer_import_is_never_taxed_less(value: int, more: int, duty: int, excise: int) -> None:
    rates = {"duty_rate": duty, "consumption_tax_rate": excise}
    less, grown = (outputs("vat_import", customs_value=total, **rates) for total in (value, value + more))
    assert all(grown[line] >= less[line] for line in ("duty", "composite", "consumption_tax", "vat", "landed_cost"))


@given(price=FEN, more=MORE, seller=st.sampled_from(["general", "small_scale", "person"]), waived=st.booleans())
@CALM
def test_a_dearer_used_thing_is_never_taxed_less(price: int, more: int, seller: str, waived: bool) -> None:
    facts: dict[str, Any] = {"seller": seller, "is_reduction_waived": waived}
    less, grown = (outputs("vat_used_assets", price=total, **facts) for total in (price, price + more))
    assert grown["vat_payable"] >= less["vat_payable"]


@given(
    credit=FEN, more=MORE, ratio=st.integers(0, 10**6), industry=st.sampled_from(["supported", "real_estate", "other"])
)
@CALM
def test_a_refund_grows_with_the_credit_and_never_exceeds_it(credit: int, more: int, ratio: int, industry: str) -> None:
    facts: dict[str, Any] = {"industry": industry, "input_ratio": ratio}
    less, grown = (outputs("vat_credit_refund", month_end_credit=total, **facts) for total in (credit, credit + more))
    assert grown["refund"] >= less["refund"]
    assert 0 <= less["refund"] <= credit
    assert outputs("vat_credit_refund", month_end_credit=credit, is_rated_a_or_b=False, **facts)["refund"] == 0


# --- every law of this file ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_hostile_values_are_refused_by_name(code: str) -> None:
    law = find_law(code)
    for fact in law.facts:
        worst: list[Any] = [10**18, -(10**18), 1.5, float("nan"), "x", None if fact.default is None else "1e9"]
        if fact.unit not in ("yes_no", "choice", "day"):
            worst += [fact.lo - 1, fact.hi + 1, True]
        for value in worst:
            if value is None:
                continue
            with pytest.raises(rules.FactRefused) as refusal:
                rules.assess(code, on=DAY, facts={fact.code: value})
            assert refusal.value.values["fact"] == fact.code


@pytest.mark.parametrize("code", CODES)
def test_amounts_of_the_new_laws_end_at_a_hundred_thousand_million(code: str) -> None:
    if code in ("vat_small_scale", "vat_small_scale_return", "surcharges"):
        return  # sums of invoices come from the books; the wire alone bounds them
    for fact in find_law(code).facts:
        if fact.unit == "fen":
            assert -(10**13) <= fact.lo <= 0 < fact.hi <= 10**13, fact.code


FIRST_DAYS = {"vat_credit_refund": date(2022, 4, 1), "vat_withholding": date(2021, 9, 1)}
"""The first day that a rule is written down for, where it is not the first of 2019."""


@pytest.mark.parametrize("code", CODES)
def test_every_month_of_2019_to_2027_is_computed_or_refused_by_the_number_that_lacks(code: str) -> None:
    from_day = FIRST_DAYS.get(code, date(2019, 1, 1))
    for year in range(2019, 2028):
        for month in range(1, 13):
            day = date(year, month, 1)
            if day >= from_day:
                assert rules.missing(code, on=day, facts={}) is not None
                continue
            with pytest.raises(rules.ParameterNotInForce) as refusal:
                rules.missing(code, on=day, facts={})
            assert refusal.value.values["parameter"] in find_law(code).all_parameters


@pytest.mark.parametrize("code", CODES)
def test_after_2027_a_time_limited_rule_is_refused(code: str) -> None:
    unlimited = {"vat_housing_sale", "vat_import", "vat_credit_refund", "vat_registration"}
    if code in unlimited:
        assert rules.missing(code, on=date(2028, 1, 1), facts={}) is not None
        return
    with pytest.raises(rules.ParameterNotInForce) as refusal:
        rules.missing(code, on=date(2028, 1, 1), facts={})
    assert "2027-12-31" in refusal.value.values["reason"]


@pytest.mark.parametrize("code", CODES)
def test_a_calculator_asks_and_shows_what_its_law_has(code: str) -> None:
    law = find_law(code)
    calculator = law.calculator
    assert calculator is not None
    facts = {fact.code for fact in law.facts}
    assert set(calculator.asks) <= facts
    assert len(calculator.asks) <= 5
    assert {calculator.headline, *calculator.parts, *(line for _, line in calculator.compare)} <= set(law.outputs)
    assert not calculator.of or calculator.of in facts | set(law.outputs)
    asked_first = {fact.code for fact in law.facts if fact.default is None}
    assert asked_first <= set(calculator.asks)
