"""Individual income tax: scales at their edges, growth, the cliffs of the bonus, replays, and a second computation."""

from __future__ import annotations

import random
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palmtax import rules
from palmtax.rules.assessment import cited
from palmtax.rules.engine import traced
from palmtax.rules.laws import LAWS, find_law

DAY = date(2026, 12, 31)  # Thursday
CODES = tuple(code for code in rules.every_law() if code.startswith("iit_"))
CALM = settings(max_examples=50, deadline=None, derandomize=True)
FEN = st.integers(0, 10**10)
MORE = st.integers(0, 10**9)
D = Decimal

YEAR = [(36_000, 3), (144_000, 10), (300_000, 20), (420_000, 25), (660_000, 30), (960_000, 35), (None, 45)]
MONTH = [(3_000, 3), (12_000, 10), (25_000, 20), (35_000, 25), (55_000, 30), (80_000, 35), (None, 45)]
BUSINESS = [(30_000, 5), (90_000, 10), (300_000, 20), (500_000, 30), (None, 35)]
LABOUR = [(20_000, 20), (50_000, 30), (None, 40)]
Table = list[tuple[int | None, int]]

ANNUAL: dict[str, Any] = {"special_deductions": 0, "additional_deductions": 0, "prepaid": 0}
OWNER: dict[str, Any] = {"costs": 0, "has_comprehensive_income": True}
BASIC = 6_000_000
"""The basic deduction of a year, fen."""


def outputs(law: str, facts: dict[str, Any], on: date = DAY) -> dict[str, Any]:
    return dict(rules.assess(law, on=on, facts=facts).outputs)


def line(law: str, code: str, facts: dict[str, Any], on: date = DAY) -> int:
    return next(found.value for found in rules.assess(law, on=on, facts=facts).lines if found.code == code)


def fen(value: Decimal) -> int:
    return int(value.quantize(D(1), ROUND_HALF_UP))


def by_slices(base: int, table: Table) -> int:
    """Tax slice by slice, without quick deductions, fen."""
    tax, below = D(0), 0
    for up_to, percent in table:
        top = base if up_to is None else min(base, up_to * 100)
        tax += D(max(top - below, 0)) * percent / 100
        below = base if up_to is None else up_to * 100
    return fen(tax)


def edges(table: Table) -> list[int]:
    found = [up_to * 100 + near for up_to, _ in table if up_to is not None for near in (-1, 0, 1)]
    return [0, 1, 49, 50, *found, 10**10 + 1]


# ---- scales


@pytest.mark.parametrize("base", edges(YEAR))
def test_the_scale_of_comprehensive_income_is_its_slices_at_every_edge(base: int) -> None:
    assert outputs("iit_annual", {**ANNUAL, "wage": base + BASIC})["annual_tax"] == by_slices(base, YEAR)
    year = {"wage": [base, *[0] * 11], "social_insurance": [0] * 12}
    assert line("iit_year", "cumulative_tax_01", year) == by_slices(max(base - 500_000, 0), YEAR)


@pytest.mark.parametrize("base", edges(MONTH))
def test_the_monthly_scale_is_its_slices_at_every_edge(base: int) -> None:
    assert outputs("iit_non_resident", {"kind": "wage", "gross": base + 500_000})["withheld"] == by_slices(base, MONTH)


@pytest.mark.parametrize("base", edges(BUSINESS))
def test_the_scale_of_business_income_is_its_slices_at_every_edge(base: int) -> None:
    assert outputs("iit_business", {**OWNER, "revenue": base})["tax"] == by_slices(base, BUSINESS)


@pytest.mark.parametrize("base", edges(LABOUR))
def test_the_scale_of_labour_income_is_its_slices_at_every_edge(base: int) -> None:
    # above 4,000 yuan four fifths are taxed; the largest gross whose taxed part is just the base
    gross = base + 80_000 if base <= 320_000 else -(-base * 5 // 4)
    found = outputs("iit_labour", {"kind": "labour", "gross": gross})
    assert abs(found["income_amount"] - base) <= (0 if base <= 320_000 else 1)
    assert found["withheld"] == by_slices(found["income_amount"], LABOUR)


@pytest.mark.parametrize("near", [-1, 0, 1])
@pytest.mark.parametrize("place", range(6))
def test_the_bonus_takes_rate_and_quick_deduction_of_its_exact_twelfth(place: int, near: int) -> None:
    edge = (MONTH[place][0] or 0) * 12 * 100
    bonus = edge + near
    percent = MONTH[place + (near > 0)][1]
    quick = [0, 21_000, 141_000, 266_000, 441_000, 716_000, 1_516_000][place + (near > 0)]
    found = outputs("iit_bonus", {"bonus": bonus, "annual_income": 0})
    assert found["tax_separate"] == fen(D(bonus) * percent / 100) - quick


@pytest.mark.parametrize(
    ("edge", "further"),
    [(36_000, "2310.10"), (144_000, "13200.20"), (300_000, "13750.25"), (420_000, "19250.30"), (660_000, "30250.35"),
     (960_000, "88000.45")],
)  # fmt: skip
def test_one_yuan_of_bonus_above_an_edge_costs_more_than_it_brings(edge: int, further: str) -> None:
    at, above = (
        outputs("iit_bonus", {"bonus": bonus * 100, "annual_income": 10**8})["tax_separate"]
        for bonus in (edge, edge + 1)
    )
    assert above - at == int(D(further) * 100)


# ---- growth

GROWING: list[tuple[str, dict[str, Any], str, str]] = [
    ("iit_annual", ANNUAL, "wage", "annual_tax"),
    ("iit_annual", {**ANNUAL, "wage": 10**7}, "labour", "annual_tax"),
    ("iit_annual", {**ANNUAL, "wage": 10**7}, "author", "annual_tax"),
    ("iit_labour", {"kind": "labour"}, "gross", "withheld"),
    ("iit_labour", {"kind": "author"}, "gross", "withheld"),
    ("iit_labour", {"kind": "royalty"}, "gross", "withheld"),
    ("iit_business", OWNER, "revenue", "due"),
    ("iit_business", {**OWNER, "is_individual_business": False}, "revenue", "due"),
    ("iit_classified", {"kind": "lottery"}, "income", "tax"),
    ("iit_classified", {"kind": "lease_housing"}, "income", "tax"),
    ("iit_classified", {"kind": "property_transfer", "cost": 10**6}, "income", "tax"),
    ("iit_non_resident", {"kind": "wage"}, "gross", "withheld"),
    ("iit_non_resident", {"kind": "author"}, "gross", "withheld"),
    ("iit_bonus", {"annual_income": 10**7}, "bonus", "tax_merged"),
    ("iit_home_sale", {"can_prove_cost": True, "is_only_home_over_five_years": False, "cost": 10**8}, "price", "tax"),
    ("iit_employee_or_contractor", {}, "gross", "employee_tax"),
]


@pytest.mark.parametrize(
    ("law", "facts", "fact", "tax"), GROWING, ids=[f"{g[0]}-{g[2]}-{i}" for i, g in enumerate(GROWING)]
)
@CALM
@given(value=FEN, more=MORE)
def test_more_income_never_means_less_tax(
    law: str, facts: dict[str, Any], fact: str, tax: str, value: int, more: int
) -> None:
    less, larger = (outputs(law, {**facts, fact: amount})[tax] for amount in (value, value + more))
    assert 0 <= less <= larger


@CALM
@given(bonus=FEN, income=FEN, deductions=st.integers(0, 10**8))
def test_the_cheaper_way_of_the_bonus_is_the_cheaper_one(bonus: int, income: int, deductions: int) -> None:
    found = outputs("iit_bonus", {"bonus": bonus, "annual_income": income, "deductions": deductions})
    assert found["tax"] == min(found["tax_separate"], found["tax_merged"])
    assert found["saved"] == abs(found["tax_separate"] - found["tax_merged"])
    assert found["is_separate_better"] == (found["tax_separate"] < found["tax_merged"])
    together = by_slices(max(income + bonus - deductions - BASIC, 0), YEAR)
    assert found["tax_merged"] == together - by_slices(max(income - deductions - BASIC, 0), YEAR)


# ---- a year of wages


def year_by_hand(f: dict[str, Any]) -> tuple[list[int], int, int]:
    """Withheld by month, tax of the year, balance: written from the law's words alone, in decimals."""
    income, deducted = D(0), D(0)
    paid: list[int] = []
    for wage, insured, claimed in zip(f["wage"], f["social_insurance"], f["additional_deductions"], strict=True):
        income += wage
        deducted += insured + claimed + 500_000
        paid.append(max(by_slices(int(max(income - deducted, D(0))), YEAR) - sum(paid), 0))
    medical = min(max(f["medical_self_paid"] - 1_500_000, 0), 8_000_000)
    whole = income + f["labour_income"] - fen(D(f["labour_income"]) * D("0.2"))
    tax = by_slices(int(max(whole - deducted - medical, D(0))), YEAR)
    rest = tax - sum(paid) - f["labour_withheld"]
    if rest > 0 and (income + f["labour_income"] <= 12_000_000 or rest <= 40_000):
        rest = 0
    return paid, tax, rest


def year_case(draw: random.Random) -> dict[str, Any]:
    top = draw.choice([600_000, 1_200_000, 3_000_000, 20_000_000, 10**9])
    facts: dict[str, Any] = {
        "wage": [draw.choice([0, draw.randint(0, top), top]) for _ in range(12)],
        "social_insurance": [draw.choice([0, draw.randint(0, top // 4)]) for _ in range(12)],
        "additional_deductions": [draw.choice([0, 150_000, 650_000]) for _ in range(12)],
    }
    facts["medical_self_paid"] = draw.choice([0, 1_500_000, draw.randint(0, 20_000_000)])
    facts["labour_income"] = draw.choice([0, draw.randint(0, top), draw.randint(0, 12 * top)])
    facts["labour_withheld"] = draw.choice([0, facts["labour_income"] * 16 // 100])
    return facts


def withheld(found: dict[str, Any]) -> list[int]:
    return [found[f"withheld_{month:02d}"] for month in range(1, 13)]


def test_a_year_is_exact_against_a_second_computation() -> None:
    draw = random.Random(20261123)
    signs = set()
    for _ in range(300):
        facts = year_case(draw)
        found = outputs("iit_year", facts)
        assert (withheld(found), found["annual_tax"], found["balance"]) == year_by_hand(facts), facts
        signs.add((found["balance"] > 0) - (found["balance"] < 0))
    assert signs == {-1, 0, 1}


def test_what_is_withheld_is_the_highest_cumulative_tax_so_far() -> None:
    draw = random.Random(1)
    for _ in range(60):
        facts = year_case(draw)
        lines = {found.code: found.value for found in rules.assess("iit_year", on=DAY, facts=facts).lines}
        tax = [lines[f"cumulative_tax_{month:02d}"] for month in range(1, 13)]
        paid = [lines[f"withheld_{month:02d}"] for month in range(1, 13)]
        assert list(accumulate(paid)) == list(accumulate(tax, max))


@CALM
@given(wage=st.integers(0, 10**9), insured=st.integers(0, 10**8), claimed=st.integers(0, 10**8))
def test_a_steady_wage_withheld_lawfully_leaves_no_balance(wage: int, insured: int, claimed: int) -> None:
    facts = {"wage": [wage] * 12, "social_insurance": [insured] * 12, "additional_deductions": [claimed] * 12}
    found = outputs("iit_year", facts)
    assert (sum(withheld(found)), found["balance"]) == (found["annual_tax"], 0)


def test_an_employee_of_the_whole_year_has_the_same_withheld_by_both_laws() -> None:
    draw = random.Random(2)
    for _ in range(40):
        facts = year_case(draw)
        months = {code: facts[code] for code in ("wage", "social_insurance", "additional_deductions")}
        assert withheld(outputs("iit_wage", months)) == withheld(outputs("iit_year", facts))


@CALM
@given(wage=st.integers(0, 10**9), start=st.integers(1, 12))
def test_a_first_job_is_never_withheld_more_than_another_one(wage: int, start: int) -> None:
    facts = {"wage": [0] * (start - 1) + [wage] * (13 - start), "start_month": start}
    first, other = (outputs("iit_wage", {**facts, "is_first_job": is_first}) for is_first in (True, False))
    assert first["withheld_total"] <= other["withheld_total"]
    counted = [line("iit_wage", f"cumulative_basic_deduction_{m:02d}", facts) for m in (start, 12)]
    assert counted == [500_000, 500_000 * (13 - start)]


@pytest.mark.parametrize(
    ("income", "rest", "outcome"),
    [(12_000_000, 348_000, "is_exempt"), (12_000_001, 348_000, "is_to_pay"), (20_000_000, 40_000, "is_exempt"),
     (20_000_000, 40_001, "is_to_pay"), (20_000_000, -1, "is_refund"), (20_000_000, 0, "")],
)  # fmt: skip
def test_the_settlement_has_at_most_one_outcome(income: int, rest: int, outcome: str) -> None:
    tax = by_slices(income - BASIC, YEAR)
    found = outputs("iit_annual", {**ANNUAL, "wage": income, "prepaid": tax - rest})
    assert found["difference"] == rest
    assert "".join(name for name in ("is_refund", "is_exempt", "is_to_pay") if found[name]) == outcome
    assert found["to_pay"] - found["refund"] == found["balance"] == (0 if outcome == "is_exempt" else rest)


# ---- deductions and reliefs


def test_the_retroactive_deductions_are_replayed_as_they_were_known() -> None:
    facts = {"children": 1, "infants": 1, "elderly": "only_child"}

    def known(on: date, known_on: date) -> list[int]:
        found = rules.assess("iit_special_deductions", on=on, facts=facts, known_on=known_on).outputs
        return [int(found[name]) for name in ("child_education", "infant_care", "elderly_care")]

    assert known(date(2023, 6, 30), date(2023, 8, 30)) == [1_200_000, 1_200_000, 2_400_000]
    assert known(date(2023, 6, 30), date(2023, 8, 31)) == [2_400_000, 2_400_000, 3_600_000]
    assert known(date(2022, 12, 31), date(2026, 11, 23)) == [1_200_000, 1_200_000, 2_400_000]
    with pytest.raises(rules.ParameterNotInForce):
        known(date(2022, 1, 31), date(2022, 3, 27))


def test_the_half_relief_is_replayed_as_it_was_known() -> None:
    facts = {**OWNER, "revenue": 230_000_000}
    spring, summer, autumn = (
        rules.assess("iit_business", on=date(2023, 6, 30), facts=facts, known_on=known).outputs["half_relief"]
        for known in (date(2023, 3, 26), date(2023, 8, 1), date(2023, 8, 2))
    )
    assert (spring, summer, autumn) == (14_225_000, 14_225_000, 31_725_000)


@CALM
@given(children=st.integers(0, 20), months=st.integers(0, 12), infants=st.integers(0, 20))
def test_both_halves_of_a_couple_are_the_whole(children: int, months: int, infants: int) -> None:
    facts = {"children": children, "child_months": months, "infants": infants, "infant_months": months}
    half = outputs("iit_special_deductions", {**facts, "child_share": "half", "infant_share": "half"})["deduction"]
    assert half * 2 == outputs("iit_special_deductions", facts)["deduction"]


@CALM
@given(own=st.integers(0, 400_000), others=st.integers(0, 800_000), siblings=st.integers(0, 4))
def test_shares_of_parents_keep_their_caps(own: int, others: int, siblings: int) -> None:
    facts = {"elderly": "shared", "elderly_agreed": own, "elderly_others": others, "siblings": siblings}
    found = outputs("iit_special_deductions", facts)
    is_valid = own <= 150_000 and others <= 150_000 * siblings and own + others <= 300_000
    assert (found["is_elderly_valid"], found["elderly_monthly"]) == (is_valid, own if is_valid else 0)


@CALM
@given(taxable=FEN, donation=FEN, full=FEN, kind=st.sampled_from(["comprehensive", "business", "classified"]))
def test_a_donation_saves_at_most_the_tax_there_was(taxable: int, donation: int, full: int, kind: str) -> None:
    facts = {"taxable_before": taxable, "donation": donation, "donation_in_full": full, "kind": kind}
    lines = {found.code: found.value for found in rules.assess("iit_donation", on=DAY, facts=facts).lines}
    assert lines["deductible"] == min(min(donation, fen(D(taxable) * 30 / 100)) + full, taxable)
    assert lines["deductible"] + lines["not_deductible"] == donation + full
    assert 0 <= lines["saving"] <= lines["tax_before"]


@pytest.mark.parametrize("facts", [{"taxable": 8_000_000, "other": 200_000}, {"taxable": 300_000_007, "other": 12_345}])
def test_half_of_the_tax_after_other_reliefs_in_proportion(facts: dict[str, int]) -> None:
    taxable, other = facts["taxable"], facts["other"]
    part = min(taxable, 200_000_000)
    relieved = by_slices(part, BUSINESS) - fen(D(other) * part / taxable)
    found = outputs("iit_business", {**OWNER, "revenue": taxable, "other_relief": other})
    assert found["half_relief"] == fen(D(relieved) / 2)
    assert found["due"] == by_slices(taxable, BUSINESS) - other - found["half_relief"]


# ---- days, refusals, columns, files


@pytest.mark.parametrize(
    ("law", "day"),
    [("iit_year", date(2018, 12, 31)), ("iit_year", date(2028, 1, 1)), ("iit_bonus", date(2028, 1, 1)),
     ("iit_annual", date(2028, 1, 1)), ("iit_business", date(2028, 1, 1)), ("iit_pension", date(2021, 12, 31))],
)  # fmt: skip
def test_a_day_without_a_number_is_refused(law: str, day: date) -> None:
    with pytest.raises(rules.ParameterNotInForce):
        traced(law, day)


@pytest.mark.parametrize("code", CODES)
def test_every_day_of_2019_to_2027_has_its_law_with_an_article_for_every_line(code: str) -> None:
    first = date(2022, 1, 1) if code == "iit_pension" else date(2019, 1, 1)
    days = {first, date(2027, 12, 31)} | {
        day for day in find_law(code).turning_days if first <= day <= date(2027, 12, 31)
    }
    for day in sorted(days):
        assert all(cited(traced(code, day), day))


@pytest.mark.parametrize(
    ("law", "facts", "name"),
    [
        ("iit_year", {"wage": [-1] + [0] * 11}, "wage_01"),
        ("iit_year", {"wage": [10**18] + [0] * 11}, "wage_01"),
        ("iit_year", {"wage": [0] * 11 + [1.5]}, "wage_12"),
        ("iit_year", {"wage": [0] * 12, "wages": 1}, "wages"),
        ("iit_labour", {"kind": "gift", "gross": 1}, "kind"),
        ("iit_wage", {"start_month": 13}, "start_month"),
        ("iit_business", {**OWNER, "revenue": 1, "months": 0}, "months"),
        ("iit_pension", {"contribution": 1, "marginal_rate": 450_001}, "marginal_rate"),
        ("iit_home_sale", {"price": 1, "can_prove_cost": 1, "is_only_home_over_five_years": False}, "can_prove_cost"),
    ],
)
def test_a_hostile_fact_is_refused_by_name(law: str, facts: dict[str, Any], name: str) -> None:
    with pytest.raises(rules.FactRefused) as refusal:
        rules.assess(law, on=DAY, facts=facts)
    assert name in str(refusal.value.values)


def any_value(fact: rules.Fact, draw: random.Random) -> object:
    if fact.unit == "choice":
        return draw.choice([option.code for option in fact.options])
    if fact.unit == "yes_no":
        return draw.random() < 0.5
    top = min(fact.hi, draw.choice([10**5, 10**7, 10**9, fact.hi]))
    return draw.choice([fact.lo, top, draw.randint(fact.lo, max(top, fact.lo))])


@pytest.mark.parametrize("code", CODES)
def test_columns_are_the_single_cases(code: str) -> None:
    draw = random.Random(7)
    facts = find_law(code).facts
    people = [{fact.code: any_value(fact, draw) for fact in facts} for _ in range(40)]
    read = {fact.code: np.array([fact.read(person[fact.code]) for person in people]) for fact in facts}
    found = rules.columns(code, on=DAY, facts=read)
    for place, person in enumerate(people):
        assert {name: column[place] for name, column in found.items()} == outputs(code, person)


@pytest.mark.parametrize("code", CODES)
def test_a_calculator_names_facts_and_results_of_its_law(code: str) -> None:
    law = find_law(code)
    shown = law.calculator
    assert shown is not None
    asked = {fact.code for fact in law.asked}
    assert set(shown.asks) <= asked
    results = set(law.exports)
    assert {shown.headline, *shown.parts, *(name for _, name in shown.compare)} <= results
    assert not shown.of or shown.of in results | asked
    assert {fact.code for fact in law.asked if fact.default is None} <= set(shown.asks)


def test_the_benchmark_rule_has_39_facts_and_14_results() -> None:
    rule = traced("iit_year", DAY)
    assert (len(rule.facts), len(rule.outputs)) == (39, 14)


def test_every_shared_example_of_income_tax_is_there() -> None:
    wanted = (
        "W-02 W-03 W-04 W-05 W-06 L-02 L-04 L-05 L-06 L-07 A-01 A-02 R-01 N-01 N-03 Y-01 Y-02 Y-04 Y-05 Y-06 Y-07 "
        "B-01 B-02 B-03 B-04 O-01 O-03 O-04 O-05 C-02 C-04 C-05 C-06 D-02 D-03 D-04 D-05 D-06 P-01"
    )
    found = {path.stem for path in LAWS.glob("iit_*/examples/*.yaml")}
    assert {f"IIT-{name}" for name in wanted.split()} <= found
