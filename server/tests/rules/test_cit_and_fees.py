"""Corporate income tax, social insurance and fees: edges, the cliff, growth, and a second computation in decimals."""

from __future__ import annotations

import random
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palmtax import rules

D = Decimal
CENT = D("0.01")
YEAR_END = date(2026, 12, 31)
MAY = date(2026, 5, 31)
CLIFF = 300_000_000  # fen: the income limit of small low-profit enterprises
CALM = settings(max_examples=80, deadline=None, derandomize=True)
LAWS = (
    "cit_small", "cit_prepay", "cit_annual", "cit_deemed", "cit_withholding", "social_insurance_employees",
    "social_insurance_flexible", "social_insurance_residents", "social_insurance_late", "disabled_fund", "union_fee",
    "culture_fee", "hire_cost",
)  # fmt: skip
FIRM: dict[str, Any] = {"revenue": 0, "average_staff": 200_000, "average_assets": 100_000_000}


def found(law: str, on: date = YEAR_END, /, **facts: Any) -> dict[str, Any]:
    return dict(rules.assess(law, on=on, facts=facts).outputs)


def lines(law: str, on: date = YEAR_END, /, **facts: Any) -> dict[str, Any]:
    return {line.code: line.value for line in rules.assess(law, on=on, facts=facts).lines}


def cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def fen(value: Decimal) -> int:
    whole = value * 100
    assert whole == int(whole)
    return int(whole)


# --- the cliff and growth


@pytest.mark.parametrize(
    ("income", "small", "tax"),
    [
        (CLIFF - 1, True, 15_000_000),
        (CLIFF, True, 15_000_000),
        (CLIFF + 1, False, 75_000_000),
    ],
)
def test_one_fen_over_three_million_taxes_everything_at_the_full_rate(income: int, small: bool, tax: int) -> None:
    by_test = found("cit_small", taxable_income=income, average_staff=200_000, average_assets=1)
    assert (by_test["is_small"], by_test["tax"]) == (small, tax)
    by_year = found("cit_annual", profit=income, **FIRM)
    assert (by_year["is_small"], by_year["tax"]) == (small, tax)
    by_quarter = found("cit_prepay", date(2026, 9, 30), quarter="q3", cumulative_profit=income)
    assert (by_quarter["is_small"], by_quarter["tax"]) == (small, tax)


@pytest.mark.parametrize("step", [-1, 0, 1])
def test_staff_and_assets_count_up_to_and_with_their_limits(step: int) -> None:
    staff = found("cit_small", taxable_income=100, average_staff=3_000_000 + step, average_assets=5_000_000_000)
    assets = found("cit_small", taxable_income=100, average_staff=3_000_000, average_assets=5_000_000_000 + step)
    assert staff["is_small"] is assets["is_small"] is (step <= 0)


@pytest.mark.parametrize("year", [2019, 2021, 2022, 2023, 2027])
@CALM
@given(
    profit=st.integers(-(10**9), 2 * 10**9),
    more=st.integers(0, 10**8),
    high=st.booleans(),
    given_away=st.integers(0, 10**8),
)
def test_more_profit_never_means_less_tax(year: int, profit: int, more: int, high: bool, given_away: int) -> None:
    on = date(year, 12, 31)
    firm = {**FIRM, "is_high_tech": high, "donation_spent": given_away, "rd_spent": given_away}
    less_profit = found("cit_annual", on, profit=profit, **firm)
    more_profit = found("cit_annual", on, profit=profit + more, **firm)
    assert less_profit["tax"] <= more_profit["tax"]
    kept, kept_then = profit - less_profit["tax"], profit + more - more_profit["tax"]
    if less_profit["taxable_income"] > CLIFF or more_profit["taxable_income"] <= CLIFF:
        assert kept <= kept_then  # only the cliff takes more than what was earned


@CALM
@given(wage=st.integers(0, 10**7), more=st.integers(0, 10**6), region=st.sampled_from(["shenzhen", "shanghai"]))
def test_a_higher_wage_never_means_less_insurance_nor_less_to_take_home(wage: int, more: int, region: str) -> None:
    low, high = (found("hire_cost", MAY, wage=each, region=region) for each in (wage, wage + more))
    for line in ("employer_cost", "take_home", "employee_part"):
        assert low[line] <= high[line]
    assert low["wedge"] == low["employer_part"] + low["employee_part"] == low["employer_cost"] - low["take_home"]


# --- clamps at their edges, one fen below and above


@pytest.mark.parametrize("step", [-1, 0, 1])
@pytest.mark.parametrize(
    ("line", "region", "low", "high"),
    [
        ("pension_base", "shenzhen", 477_500, 2_754_900),
        ("medical_base", "shenzhen", 672_700, 3_363_300),
        ("unemployment_base", "shenzhen", 252_000, 4_426_500),
        ("pension_base", "shanghai", 746_000, 3_730_200),
        ("housing_base", "shanghai", 269_000, 3_730_200),
    ],
)
def test_bases_stay_within_the_limits_of_the_place(line: str, region: str, low: int, high: int, step: int) -> None:
    employee = "social_insurance_employees"
    assert found(employee, MAY, wage=low + step, region=region)[line] == max(low, low + step)
    assert found(employee, MAY, wage=high + step, region=region)[line] == min(high, high + step)
    if line == "pension_base":
        base = found("social_insurance_flexible", MAY, chosen_base=low + step, region=region)["base"]
        assert base == max(low, low + step)


@pytest.mark.parametrize("step", [-1, 0, 1])
def test_limits_of_costs_hold_to_the_fen(step: int) -> None:
    firm = {"profit": 10**8, **FIRM, "revenue": 10**9, "payroll": 10**8}
    advertising = found("cit_annual", advertising_spent=15 * 10**7 + step, **firm)
    assert advertising["advertising_carried"] == max(step, 0)
    donation = found("cit_annual", donation_spent=12 * 10**6 + step, **firm)
    assert donation["donation_carried"] == max(step, 0)
    entertainment = found("cit_annual", entertainment_spent=8_333_333 + step, **firm)
    assert entertainment["entertainment_allowed"] == {-1: 4_999_999, 0: 5_000_000, 1: 5_000_000}[step]
    for fact, limit in (("welfare_spent", 14 * 10**6), ("union_fee_spent", 2 * 10**6), ("education_spent", 8 * 10**6)):
        assert lines("cit_annual", **{fact: limit + step}, **firm)["staff_adjustment"] == max(step, 0)
    equipment = lines("cit_annual", equipment_cost=10**9, equipment_dearest_item=5 * 10**8 + step, **firm)
    assert equipment["equipment_deduction"] == (10**9 if step <= 0 else 0)


@pytest.mark.parametrize(
    ("staff", "disabled", "due"),
    [
        (300_000, 0, 0),
        (300_001, 0, 3_240_000),  # 30.0001 × 1.5% = 0.4500 to four decimals, 90%
        (1_000_000, 10_000, 2_000_000),
        (1_000_000, 9_999, 3_600_720),  # just under 1%: 90% of 0.5001 × 80,000
        (1_000_000, 15_000, 0),
        (1_000_000, 14_999, 400),  # 0.0001 × 80,000 × 50%
    ],
)
def test_the_fund_of_disabled_persons_at_its_steps(staff: int, disabled: int, due: int) -> None:
    fund = found("disabled_fund", average_staff=staff, disabled_staff=disabled, average_wage=8_000_000)
    assert fund["due"] == due
    assert fund["due"] + fund["relief"] == fund["fee"]


@pytest.mark.parametrize("step", [-1, 0, 1])
def test_the_wage_of_the_fund_is_capped_at_twice_the_local_average(step: int) -> None:
    facts = {"average_staff": 2_000_000, "disabled_staff": 0, "local_average_wage": 10_000_000}
    fund = found("disabled_fund", average_wage=20_000_000 + step, **facts)
    assert fund["counted_wage"] == min(20_000_000, 20_000_000 + step)


@pytest.mark.parametrize("step", [-1, 0, 1])
@pytest.mark.parametrize(("by_quarter", "limit"), [(False, 2_000_000), (True, 6_000_000)])
def test_the_culture_fee_is_waived_up_to_and_with_its_limit(step: int, by_quarter: bool, limit: int) -> None:
    facts = {"revenue_with_vat": limit + 10**5, "sales_without_vat": limit + step, "is_small_scale": True}
    fee = found("culture_fee", MAY, is_filed_by_quarter=by_quarter, **facts)
    assert fee["is_exempt"] is (step <= 0)
    assert (fee["due"] == 0) is (step <= 0)


# --- a second computation, in decimal yuan, from the domain notes


def small_by_hand(year: int, income: Decimal) -> Decimal:
    """The small tax by the brackets of the year."""
    first, rest = min(income, D(1_000_000)), max(income - 1_000_000, D(0))
    shares = {2020: ("0.05", "0.10"), 2021: ("0.025", "0.10"), 2022: ("0.025", "0.05"), 2026: ("0.05", "0.05")}[year]
    return cents(first * D(shares[0]) + rest * D(shares[1]))


def costs_by_hand(f: dict[str, Any]) -> tuple[Decimal, dict[str, Decimal]]:
    """Everything added to profit by limits, and what is carried on."""
    eaten = f["entertainment"] - min(cents(f["entertainment"] * D("0.6")), cents(f["revenue"] * D("0.005")))
    share = {"ordinary": "0.15", "raised": "0.30", "tobacco": "0"}[f["advertising_kind"]]
    shown = min(f["advertising"] + f["advertising_before"], cents(f["revenue"] * D(share)))
    welfare = max(f["welfare"] - cents(f["payroll"] * D("0.14")), D(0))
    union = max(f["union"] - cents(f["payroll"] * D("0.02")), D(0))
    taught = min(f["education"] + f["education_before"], cents(f["payroll"] * D("0.08")))
    limit = cents(max(f["profit"], D(0)) * D("0.12"))
    oldest = min(f["donation_third"], limit)
    older = min(f["donation_before"], limit - oldest)
    newest = min(f["donation"], limit - oldest - older)
    added = eaten + f["advertising"] - shown + welfare + union + f["education"] - taught
    added += f["donation"] - oldest - older - newest
    carried = {
        "advertising_carried": D(0)
        if f["advertising_kind"] == "tobacco"
        else f["advertising"] + f["advertising_before"] - shown,
        "education_carried": f["education"] + f["education_before"] - taught,
        "donation_carried": f["donation"] + f["donation_before"] - older - newest,
    }
    return added, carried


def annual_by_hand(year: int, f: dict[str, Any]) -> dict[str, Any]:
    """The year, from profit to balance."""
    added, result = costs_by_hand(f)
    percent = {2020: ("75", "75"), 2021: ("75", "100"), 2022: ("75", "100"), 2026: ("100", "120")}[year]
    research = {"ordinary": percent[0], "raised": percent[1], "not_entitled": "0"}[f["rd_kind"]]
    income = f["profit"] + added + f["fines"] - f["exempt"] - cents(f["rd"] * D(research) / 100)
    if f["dearest"] <= 5_000_000:
        income -= max(f["equipment"] - f["depreciation"], D(0))
    ten = f["high"] or f["sme"]
    losses = [f["loss_10"], f["loss_6"], f["loss_5"], f["loss_1"]] if ten else [f["loss_5"], f["loss_1"]]
    room, left = max(income, D(0)), []
    for loss in losses:  # oldest first
        used = min(loss, room)
        room -= used
        left.append(loss - used)
    small = room <= 3_000_000 and f["staff"] <= 300 and f["assets"] <= 50_000_000 and not f["restricted"]
    rate = D("0.15") if f["high"] or f["west"] else D("0.25")
    before = small_by_hand(year, room) if small else cents(room * rate)
    abroad = min(f["abroad"], room)
    limit = cents(abroad * rate) if not small else cents(before * abroad / room) if room else D(0)
    tax = before - min(limit, f["abroad_tax"])
    result |= {
        "adjusted_profit": income, "taxable_income": room, "tax_before_credit": before, "tax": tax,
        "losses_carried": sum(left[1:], D(0)) + max(-income, D(0)), "balance": tax - f["prepaid"],
    }  # fmt: skip
    return {name: fen(value) for name, value in result.items()} | {"is_small": small}


CODES = {
    "profit": "profit", "revenue": "revenue", "assets": "average_assets", "entertainment": "entertainment_spent",
    "advertising": "advertising_spent", "advertising_before": "advertising_brought_forward", "payroll": "payroll",
    "welfare": "welfare_spent", "union": "union_fee_spent", "education": "education_spent",
    "education_before": "education_brought_forward", "donation": "donation_spent",
    "donation_third": "donation_third_year", "donation_before": "donation_brought_forward",
    "fines": "fines_and_late_fees", "exempt": "exempt_income", "rd": "rd_spent", "equipment": "equipment_cost",
    "dearest": "equipment_dearest_item", "depreciation": "equipment_depreciation", "loss_1": "loss_1_year_ago",
    "loss_5": "loss_5_years_ago", "loss_6": "loss_6_to_9_years_ago", "loss_10": "loss_10_years_ago",
    "abroad": "foreign_income", "abroad_tax": "foreign_tax_paid", "prepaid": "prepaid",
}  # fmt: skip
FLAGS = {
    "high": "is_high_tech",
    "sme": "is_technology_sme",
    "west": "is_western",
    "restricted": "is_restricted_industry",
}


def a_firm(draw: random.Random) -> dict[str, Any]:
    """A firm in yuan: sums near the limits, zeros, and odd fen."""
    size = 10 ** draw.randint(5, 8)
    f: dict[str, Any] = {
        name: D(draw.choice([0, draw.randint(0, size * 3), draw.randint(0, size * 30)])) / 100 for name in CODES
    }
    f["profit"] = D(draw.choice([-1, 1, 1, 1]) * draw.randint(0, size * 60)) / 100
    f["revenue"], f["assets"] = D(draw.randint(0, size * 500)) / 100, D(draw.choice([10**6, 5 * 10**7, 6 * 10**7]))
    f["dearest"] = draw.choice([D(0), D(5_000_000), D("5000000.01")])
    f["staff"] = draw.choice([20, 20, 300, 301])
    f |= {name: draw.random() < 0.15 for name in FLAGS}
    f["advertising_kind"] = draw.choice(["ordinary", "ordinary", "raised", "tobacco"])
    f["rd_kind"] = draw.choice(["ordinary", "raised", "not_entitled"])
    return f


@pytest.mark.parametrize("year", [2020, 2021, 2022, 2026])
def test_random_years_of_firms_agree_with_decimals_to_the_fen(year: int) -> None:
    draw = random.Random(20261123 + year)
    small = taxed = losing = 0
    for _ in range(100):
        f = a_firm(draw)
        facts: dict[str, Any] = {code: fen(f[name]) for name, code in CODES.items()}
        facts |= {code: f[name] for name, code in FLAGS.items()}
        facts |= {
            "average_staff": f["staff"] * 10_000,
            "advertising_kind": f["advertising_kind"],
            "rd_kind": f["rd_kind"],
        }
        wanted = annual_by_hand(year, f)
        got = found("cit_annual", date(year, 12, 31), **facts)
        assert {name: got[name] for name in wanted} == wanted, f
        small, taxed, losing = (
            small + wanted["is_small"],
            taxed + (wanted["tax"] > 0),
            losing + (wanted["adjusted_profit"] < 0),
        )
    assert min(small, taxed, losing) > 10
    assert small < 100


RANGES = {  # 2026-05, yuan: pension, medical, unemployment and work injury, housing fund
    "shenzhen": ((4775, 27549), (6727, 33633), (2520, 44265), (2520, 44265)),
    "shanghai": ((7460, 37302), (7460, 37302), (7460, 37302), (2690, 37302)),
}
PERCENT = {
    "shenzhen": ("16", "8", "6", "2", "0.5", "0.8", "0.2"),
    "shanghai": ("16", "8", "9.5", "2", "0", "0.5", "0.5"),
}


def insurance_by_hand(wage: Decimal, region: str, injury: Decimal, housing: Decimal) -> tuple[Decimal, Decimal]:
    """What employer and employee pay."""
    pension, medical, jobless, home = (min(max(wage, D(low)), D(high)) for low, high in RANGES[region])
    p = [D(each) / 100 for each in PERCENT[region]]
    both = cents(home * housing)
    employer = [pension * p[0], medical * p[2], medical * p[4], jobless * p[5], jobless * injury]
    employee = [pension * p[1], medical * p[3], jobless * p[6]]
    return sum(map(cents, employer), both), sum(map(cents, employee), both)


def test_random_wages_agree_with_decimals_to_the_fen() -> None:
    draw = random.Random(20261123)
    for _ in range(300):
        wage = D(draw.choice([0, draw.randint(0, 10**6), draw.randint(0, 5 * 10**6), draw.randint(0, 10**9)])) / 100
        region = draw.choice(["shenzhen", "shanghai"])
        injury, housing = draw.choice(["0.0016", "0.002", "0.0133"]), draw.choice(["0", "0.05", "0.07", "0.12"])
        facts = {"wage": fen(wage), "region": region}
        facts |= {"injury_rate": int(D(injury) * 10**6), "housing_fund_rate": int(D(housing) * 10**6)}
        got = found("social_insurance_employees", MAY, **facts)
        employer, employee = insurance_by_hand(wage, region, D(injury), D(housing))
        assert (got["employer_total"], got["employee_total"]) == (fen(employer), fen(employee)), facts
        cost = found("hire_cost", MAY, **facts)
        assert cost["take_home"] == fen(wage - employee)
        assert cost["employer_cost"] == fen(wage + employer)


# --- columns, refusals, days


@pytest.mark.parametrize("law", LAWS)
def test_columns_equal_single_assessments(law: str) -> None:
    draw = random.Random(law)
    facts = rules.law(law).facts
    rows = [{fact.code: _any_value(draw, fact) for fact in facts} for _ in range(60)]
    read = {fact.code: np.array([fact.read(row[fact.code]) for row in rows]) for fact in facts}
    together = rules.columns(law, on=MAY, facts=read)
    one_by_one = [found(law, MAY, **row) for row in rows]
    assert {name: column.tolist() for name, column in together.items()} == {
        name: [outputs[name] for outputs in one_by_one] for name in together
    }


def _any_value(draw: random.Random, fact: rules.Fact) -> Any:
    if fact.unit == "choice":
        return draw.choice([option.code for option in fact.options])
    if fact.unit == "yes_no":
        return draw.random() < 0.5
    usual = draw.randint(0, 10 ** draw.randint(1, 13))
    return min(max(draw.choice([0, fact.lo, fact.hi, usual, usual]), fact.lo), fact.hi)


@pytest.mark.parametrize(
    ("law", "day"),
    [
        ("cit_small", date(2028, 1, 1)),
        ("cit_annual", date(2018, 12, 31)),
        ("cit_prepay", date(2028, 3, 31)),
        ("disabled_fund", date(2019, 12, 31)),
        ("disabled_fund", date(2028, 1, 1)),
        ("culture_fee", date(2028, 1, 1)),
        ("social_insurance_employees", date(2024, 6, 30)),
        ("social_insurance_employees", date(2027, 7, 1)),
        ("social_insurance_residents", date(2027, 1, 1)),
    ],
)
def test_days_without_a_known_number_are_refused(law: str, day: date) -> None:
    with pytest.raises(rules.ParameterNotInForce) as refusal:
        rules.assess(law, on=day, facts={})
    assert str(day) in refusal.value.words()[0]


@pytest.mark.parametrize("law", LAWS)
def test_hostile_amounts_are_refused_by_name(law: str) -> None:
    amounts = [fact for fact in rules.law(law).facts if fact.unit == "fen"]
    for fact in amounts:
        assert fact.hi <= 10**13
        for hostile in (fact.lo - 1, fact.hi + 1, 10**18, True, 1.5, "12"):
            with pytest.raises(rules.FactRefused) as refusal:
                rules.assess(law, on=MAY, facts={fact.code: hostile})
            assert refusal.value.values["fact"] == fact.code


@pytest.mark.parametrize("law", LAWS)
def test_every_law_here_has_a_calculator_that_can_be_asked(law: str) -> None:
    found_law = rules.law(law)
    calculator = found_law.calculator
    assert calculator is not None
    facts = {fact.code: fact for fact in found_law.facts}
    assert set(calculator.asks) <= facts.keys()
    assert calculator.headline in found_law.exports
    assert {*calculator.parts, *(line for _, line in calculator.compare)} <= set(found_law.exports)
    unasked = {code for code, fact in facts.items() if fact.default is None} - set(calculator.asks)
    assert not unasked


def test_quarters_still_to_come_do_not_count() -> None:
    facts: dict[str, Any] = {"quarter": "q2", "cumulative_profit": 10**7}
    facts |= {f"{name}_{place:02d}": 10 for name in ("staff_begin", "staff_end") for place in (1, 2)}
    later = {f"{name}_{place:02d}": 9_000 for name in ("staff_begin", "staff_end") for place in (3, 4)}
    day = date(2026, 6, 30)
    assert found("cit_prepay", day, **facts) == found("cit_prepay", day, **facts, **later)
    assert found("cit_prepay", day, **facts)["average_staff"] == 100_000


def test_the_late_fee_of_contributions_rounds_once() -> None:
    assert found("social_insurance_late", MAY, arrears=999, days_late=1)["late_fee"] == 0
    assert found("social_insurance_late", MAY, arrears=1000, days_late=1)["late_fee"] == 1
    assert found("social_insurance_late", MAY, arrears=999, days_late=1000)["late_fee"] == 500
