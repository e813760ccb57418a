"""VAT and surcharges: edges to the fen, growth, identities of the form, hostile facts, and second computations."""

from __future__ import annotations

import random
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


# --- second computations -------------------------------------------------------------------------------------------


def random_fen(draw: random.Random) -> int:
    return draw.choice([0, 0, 1, 49, 50, draw.randint(0, 10**6), draw.randint(0, 10**10), draw.randint(0, 10**13)])


def general_by_hand(f: dict[str, Any], rates: dict[str, Decimal]) -> dict[str, Decimal]:
    """Lines 11 to 34 of the main form, from yuan."""
    output = sum((cents(f[f"{kind}_sales"] * rates[kind]) for kind in rates), D(0))
    output += cents(f["deemed_sales"] * rates[f["deemed_rate_kind"]]) + cents(
        f["mixed_sales"] * rates[f["mixed_rate_kind"]]
    )
    without = f["simple_sales"] + f["simple_estate_sales"] + f["exempt_sales"]
    all_sales = without + sum(f[f"{kind}_sales"] for kind in (*rates, "deemed", "mixed", "zero"))
    out = f["input_transfer_out"]
    if all_sales > 0:
        share = cents(f["shared_input"] * min(without, all_sales) / all_sales)
        out += min(share, f["shared_input"])
    credit = sum(f[f"{kind}_input"] for kind in ("special_invoice", "customs", "withheld", "computed"))
    deductible = credit + f["carry_in"] - out - f["refunded_credit"]
    actual = min(output, deductible)
    simplified = cents(f["simple_sales"] * D("0.03")) + cents(f["simple_estate_sales"] * D("0.05"))
    total = output - actual + simplified
    total -= min(f["tax_reductions"], total)
    return {
        "output": output,
        "deductible": deductible,
        "actual_deduction": actual,
        "carry_out": deductible - actual,
        "simplified_tax": simplified,
        "total_tax": total,
        "vat_payable": total - min(f["prepaid"], total),
        "prepaid_left": f["prepaid"] - min(f["prepaid"], total),
    }


@pytest.mark.parametrize(
    ("on", "standard", "lower"), [(DAY, "0.13", "0.09"), (BEFORE, "0.13", "0.09"), (date(2019, 3, 31), "0.16", "0.10")]
)
def test_a_hundred_random_general_returns_agree_to_the_fen(on: date, standard: str, lower: str) -> None:
    draw = random.Random(on.toordinal())
    law = find_law("vat_general")
    rates = {"standard": D(standard), "lower": D(lower), "service": D("0.06")}
    payers = holders = 0
    for _ in range(100):
        facts: dict[str, Any] = {}
        for fact in law.facts:
            if fact.unit == "choice":
                facts[fact.code] = draw.choice(fact.options).code
            else:
                value = random_fen(draw) if draw.random() < 0.6 else 0
                facts[fact.code] = -value if fact.lo < 0 and draw.random() < 0.1 else value
        by_hand = general_by_hand({k: D(v) / 100 if isinstance(v, int) else v for k, v in facts.items()}, rates)
        found = outputs("vat_general", on, **facts)
        assert {name: found[name] for name in by_hand} == {n: in_fen(v) for n, v in by_hand.items()}, facts
        payers, holders = payers + (found["vat_payable"] > 0), holders + (found["carry_out"] > 0)
    assert min(payers, holders) > 10


def surcharges_by_hand(vat: Decimal, excise: Decimal, sales: Decimal, f: dict[str, Any]) -> dict[str, Decimal]:
    base = vat + excise
    waived = sales <= (300_000 if f["is_quarterly"] else 100_000)
    rates = {"urban": {"city": "0.07", "county": "0.05", "other": "0.01"}[f["place_kind"]]}
    rates |= {"education": "0.03", "local_education": "0.02"}
    found = {}
    for name, rate in rates.items():
        due = D(0) if waived and name != "urban" else cents(base * D(rate))
        found[f"{name}_payable"] = due - (cents(due / 2) if f["is_half_relief"] else 0)
    return found | {"surcharges_payable": sum(found.values(), D(0))}


def test_three_hundred_random_surcharges_agree_to_the_fen() -> None:
    draw = random.Random(20261123)
    waived = 0
    for _ in range(300):
        vat, excise = random_fen(draw), random_fen(draw)
        sales = draw.choice([9_999_999, 10_000_000, 10_000_001, 30_000_000, 30_000_001, random_fen(draw)])
        facts: dict[str, Any] = {"is_quarterly": draw.random() < 0.5, "is_half_relief": draw.random() < 0.5}
        facts["place_kind"] = draw.choice(["city", "county", "other"])
        by_hand = surcharges_by_hand(D(vat) / 100, D(excise) / 100, D(sales) / 100, facts)
        found = outputs("surcharges", vat_paid=vat, consumption_tax_paid=excise, sales=sales, **facts)
        assert {name: found[name] for name in by_hand} == {n: in_fen(v) for n, v in by_hand.items()}, facts
        waived += found["is_education_exempt"]
    assert 60 < waived < 240


def small_or_general_by_hand(sales: Decimal, credit: Decimal, rate: Decimal, half: bool) -> tuple[Decimal, Decimal]:
    quarter = cents(sales / 4)
    spared = quarter <= 300_000

    def with_surcharges(vat: Decimal, half: bool) -> Decimal:
        due = vat
        for part in ("0.07",) if spared else ("0.07", "0.03", "0.02"):
            more = cents(vat * D(part))
            due += more - (cents(more / 2) if half else 0)
        return due

    small = D(0) if quarter < 300_000 else cents(quarter * D("0.03")) - cents(quarter * D("0.02"))
    return 4 * with_surcharges(small, True), with_surcharges(max(cents(sales * rate) - credit, D(0)), half)


def test_staying_small_or_registering_agrees_with_a_second_computation() -> None:
    draw = random.Random(12)
    better = 0
    for _ in range(200):
        sales = draw.choice([119_999_996, 120_000_000, 120_000_002, draw.randint(0, 10**9)])
        credit, half = draw.randint(0, 5 * 10**7), draw.random() < 0.5
        kind, rate = draw.choice([("standard", "0.13"), ("lower", "0.09"), ("service", "0.06")])
        found = outputs(
            "vat_small_or_general", yearly_sales=sales, yearly_input=credit, rate_kind=kind, is_low_profit=half
        )
        small, general = small_or_general_by_hand(D(sales) / 100, D(credit) / 100, D(rate), half)
        assert (found["tax_small"], found["tax_general"]) == (in_fen(small), in_fen(general))
        assert found["must_be_general"] is (sales > 500_000_000)
        better += found["tax_general"] < found["tax_small"]
    assert 10 < better < 190


PRICE_RATES = {"standard": "0.13", "lower": "0.09", "service": "0.06", "levy": "0.03", "reduced": "0.01", "zero": "0"}


@given(price=FEN, kind=st.sampled_from(sorted(PRICE_RATES)), with_vat=st.booleans())
@CALM
def test_price_and_tax_always_add_up(price: int, kind: str, with_vat: bool) -> None:
    rate = D(PRICE_RATES[kind])
    found = outputs("vat_price", price=price, rate_kind=kind, is_price_with_vat=with_vat)
    ex = cents(D(price) / 100 / (1 + rate)) if with_vat else D(price) / 100
    assert found["ex_vat"] == in_fen(ex)
    assert found["with_vat"] == found["ex_vat"] + found["vat"]
    assert not with_vat or found["with_vat"] == price
    assert abs(found["vat"] - in_fen(cents(ex * rate))) <= 1


@given(
    face=FEN, tax=FEN, blocked=st.booleans(), kind=st.sampled_from(["special_invoice", "farm", "bridge", "air_rail"])
)
@CALM
def test_a_voucher_gives_its_credit_or_nothing(face: int, tax: int, blocked: bool, kind: str) -> None:
    found = outputs("vat_input", voucher=kind, face=face, tax_shown=tax, is_blocked=blocked)
    yuan_ = D(face) / 100
    wanted = {
        "special_invoice": D(tax) / 100,
        "farm": cents(yuan_ * D("0.09")),
        "bridge": cents(cents(yuan_ / D("1.05")) * D("0.05")),
        "air_rail": cents(cents(yuan_ / D("1.09")) * D("0.09")),
    }[kind]
    assert found["input_vat"] == (0 if blocked else in_fen(wanted))
    assert found["cost"] == max(face - found["input_vat"], 0)


@given(price=FEN, kind=st.sampled_from(["standard", "lower", "service"]), place=st.sampled_from(["city", "other"]))
@CALM
def test_foreign_sellers_are_withheld_from_without_threshold_and_surcharges(price: int, kind: str, place: str) -> None:
    found = outputs("vat_withholding", price=price, rate_kind=kind, is_price_with_vat=False, place_kind=place)
    assert found["vat_withheld"] == in_fen(cents(D(price) / 100 * D(PRICE_RATES[kind])))
    assert found["surcharges"] == 0
    person = outputs("vat_withholding", date(2026, 10, 31), seller="person", price=price)
    assert (person["vat_withheld"], person["is_person_rule_uncertain"]) == (0, False)


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
