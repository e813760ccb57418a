"""Where the law says so, more is never less: each law climbed fen by fen at its own edges, for many taxpayers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pytest
from rules import random_facts as random

from palmtax import rules
from palmtax.rules.engine import traced

PEOPLE, STEPS = 60, 200
ROUNDED_TWICE = {
    ("hire_cost", "take_home"): 2,  # each contribution is rounded by itself
    ("home_sale", "left_after_taxes"): 4,
    ("iit_bonus", "tax"): 1,  # the tax of two incomes, each rounded
    ("iit_bonus", "tax_merged"): 1,
    ("iit_business", "due"): 1,  # tax and relief
    ("vat_monthly_or_quarterly", "quarterly_vat"): 1,  # the return rounds tax and reduction
    ("vat_monthly_or_quarterly", "monthly_vat"): 3,
    ("vat_small_or_general", "tax_small"): 8,  # four quarters of tax, reduction and three surcharges
    ("vat_small_scale", "vat_payable"): 2,
    ("vat_small_scale_return", "payable"): 4,
}
"""Fen by which a result may move the wrong way where the law, or its form, rounds parts and then takes their difference."""
NOT_TOLD = {
    ("consumption_tax", "unit_price"), ("culture_fee", "sales_without_vat"), ("environment_tax", "unit_tax"),
    ("late_fee", "days_late"), ("vehicle_vessel_tax", "local_amount"), ("water_resource_tax", "local_amount"),
}  # fmt: skip
"""Facts whose 0 says that they are not known, so that another value is taken."""
RED_LETTERS = {"vat_small_scale", "vat_small_scale_return"}
"""Laws whose sales may be negative (returned goods), which helps only where tax is due; climbed without such."""


@dataclass(frozen=True)
class Climb:
    """A fact of a law that is raised, and a result that must never fall (or, `down`, never rise)."""

    law: str
    fact: str
    output: str
    down: bool = False
    held: dict[str, Any] = field(default_factory=dict)
    """Facts that are the same for all, because random ones would contradict each other (shared input above all input)."""

    @property
    def slack(self) -> int:
        """Fen by which a result may move the wrong way, because the law rounds more than once."""
        return ROUNDED_TWICE.get((self.law, self.output), 0)

    @property
    def least(self) -> int:
        """Where the climb begins: 1 where 0 says that the fact is not known."""
        return int((self.law, self.fact) in NOT_TOLD)

    def people(self, seed: int) -> random.Columns:
        """Random taxpayers of the law, alike in what is held."""
        rule = traced(self.law, random.day_of(self.law))
        found = random.taxpayers(rule, PEOPLE, seed, 10**9)
        for code, value in self.held.items():
            found[code] = np.full(PEOPLE, rule.facts[code].read(value))
        if self.law in RED_LETTERS:
            found = {code: column if column.dtype == bool else np.maximum(column, 0) for code, column in found.items()}
        return found

    def __str__(self) -> str:
        return f"{self.law}-{self.fact}-{self.output}"


def up(law: str, output: str, *facts: str, **held: Any) -> list[Climb]:
    """More of any of these facts is never less of the result."""
    return [Climb(law, fact, output, held=held) for fact in facts]


def down(law: str, output: str, *facts: str, **held: Any) -> list[Climb]:
    """More of any of these facts is never more of the result."""
    return [Climb(law, fact, output, down=True, held=held) for fact in facts]


CLIMBS = [
    *up("cit_annual", "tax", "profit", "average_staff", "average_assets", "fines_and_late_fees", "sponsorship"),
    *down("cit_annual", "tax", "exempt_income", "untaxed_income", "loss_1_year_ago", "rd_spent"),
    *up("cit_deemed", "due", "revenue", "cost", "deemed_rate", "average_staff", "average_assets"),
    *down("cit_deemed", "due", "prepaid", "untaxed_and_exempt_income"),
    *up("cit_prepay", "tax", "cumulative_profit", "estimated_sales_profit", "staff_end_01", "assets_end_01"),
    *down("cit_prepay", "due", "prepaid", "super_deduction", "losses_brought_forward"),
    *up("cit_small", "tax", "taxable_income", "average_staff", "average_assets"),
    *up("cit_withholding", "tax", "payment"),
    *up("cit_withholding", "paid_out", "payment"),
    *up("consumption_tax", "tax", "sales", "unit_price"),
    *down("consumption_tax", "tax", "tax_on_inputs"),
    *up("culture_fee", "due", "revenue_with_vat", "sales_without_vat"),
    *down("culture_fee", "due", "media_cost_with_vat"),
    *up("deed_tax", "due", "price", "area"),
    *up("disabled_fund", "due", "average_staff", "average_wage"),
    *down("disabled_fund", "due", "disabled_staff"),
    *up("environment_tax", "tax", "emitted", "months", "unit_tax"),
    *down("environment_tax", "tax", "below_limit"),
    *up("farmland_tax", "due", "area", "unit_tax"),
    *up("fines", "most_fine", "tax", "invoice_amount"),
    *up("fines", "least_fine", "tax"),
    *up("hire_cost", "employer_cost", "wage", "injury_rate", "housing_fund_rate"),
    *up("hire_cost", "take_home", "wage"),
    *down("hire_cost", "take_home", "housing_fund_rate", "income_tax"),
    *up("home_purchase", "taxes", "price", "area"),
    *up("home_sale", "taxes", "price"),
    *down("home_sale", "taxes", "cost", "decoration", "loan_interest"),
    *up("iit_agent_fee", "fee", "withheld"),
    *up("iit_other_deductions", "deduction", "health_paid", "annuity_paid", "annuity_base", "health_months"),
    *down("vat_election_lock", "is_locked", "changed_on"),
    *up("iit_annual", "annual_tax", "wage", "labour", "author", "royalty", "bonus_merged"),
    *up("iit_annual", "to_pay", "wage", "labour"),
    *down("iit_annual", "refund", "wage", "author"),
    *down("iit_annual", "annual_tax", "special_deductions", "additional_deductions", "medical_self_paid", "donations"),
    *up("iit_bonus", "tax", "bonus", "annual_income"),
    *up("iit_bonus", "tax_separate", "bonus"),
    *down("iit_bonus", "tax_merged", "deductions"),
    *up("iit_business", "tax", "revenue"),
    *up("iit_business", "due", "revenue"),
    *down("iit_business", "due", "costs", "losses_before", "deductions", "donations"),
    *up("iit_classified", "tax", "income"),
    *down("iit_classified", "tax", "cost", "fees", "repairs"),
    *up("iit_donation", "deductible", "donation", "donation_in_full"),
    *up("iit_donation", "saving", "donation"),
    *down("iit_donation", "taxable_after", "donation"),
    *up("iit_employee_or_contractor", "employee_tax", "gross"),
    *up("iit_employee_or_contractor", "employee_net", "gross"),
    *up("iit_employee_or_contractor", "contractor_tax", "gross"),
    *up("iit_home_sale", "tax", "price"),
    *down("iit_home_sale", "tax", "cost", "decoration", "loan_interest", "taxes"),
    *up("iit_labour", "withheld", "gross"),
    *up("iit_labour", "net_income", "gross"),
    *up("iit_non_resident", "withheld", "gross"),
    *up("iit_non_resident", "net_income", "gross"),
    *up("iit_pension", "saving", "contribution", "marginal_rate"),
    *up("iit_special_deductions", "deduction", "children", "child_months", "infants", "degree_months", "rent_months"),
    *up("iit_special_deductions", "medical", "medical_self_paid", "medical_spouse", "medical_child"),
    *down("iit_special_deductions", "elderly_care", "elderly_others"),
    *up("iit_wage", "withheld_total", "wage_01", "wage_06", "wage_12", "prior_year_wage"),
    *down("iit_wage", "withheld_total", "social_insurance_01", "additional_deductions_01"),
    *up("iit_wage", "net_total", "wage_01", "wage_12"),
    *up("iit_year", "annual_tax", "wage_01", "labour_income"),
    *up("land_use_tax", "due", "area", "unit_tax", "months"),
    *up("land_vat", "tax", "revenue"),
    *up("land_vat", "due", "revenue"),
    *down("land_vat", "due", "given_deductions", "land_cost", "development_cost", "assessed_price"),
    *up("late_fee", "fee", "unpaid_tax", "days_late", "paid_on"),
    *down("late_fee", "fee", "due_on"),
    *up("overpayment_refund", "refundable", "overpaid"),
    *up("overpayment_refund", "interest", "overpaid", "deposit_rate"),
    *down("overpayment_refund", "paid_out", "arrears"),
    *up("property_tax", "due", "original_value", "rent", "months"),
    *up("recovery_period", "recoverable", "short_tax"),
    *down("recovery_period", "recoverable", "found_on"),
    *up("resource_tax", "tax", "sales", "volume"),
    *up("social_insurance_employees", "employee_total", "wage", "housing_fund_rate"),
    *up("social_insurance_employees", "employer_total", "wage", "injury_rate"),
    *up("social_insurance_flexible", "due", "chosen_base", "months"),
    *up("social_insurance_late", "late_fee", "arrears", "days_late"),
    *up("social_insurance_residents", "due", "persons"),
    *down("social_insurance_residents", "due", "subsidy"),
    *up("stamp_duty", "due", "amount", "second_amount", "third_amount"),
    *down("stamp_duty", "due", "vat_amount", "capital_taxed_before"),
    *up("surcharges", "surcharges_payable", "vat_paid", "consumption_tax_paid", "sales"),
    *up("tobacco_leaf_tax", "due", "purchase_price"),
    *up("union_fee", "due", "payroll"),
    *up("vat_credit_refund", "refund", "month_end_credit", "input_ratio"),
    *up("vat_general", "vat_payable", "standard_sales", "lower_sales", "service_sales", shared_input=0),
    *up("vat_general", "vat_payable", "simple_sales", "input_transfer_out"),
    *down("vat_general", "vat_payable", "special_invoice_input", "customs_input", "carry_in", "prepaid"),
    *up("vat_housing_sale", "vat_payable", "price"),
    *up("vat_import", "taxes", "customs_value", "duty_rate", "consumption_tax_fixed"),
    *up("vat_input", "input_vat", "face", "tax_shown"),
    *up("vat_monthly_or_quarterly", "quarterly_vat", "month_1_sales", "month_3_sales"),
    *up("vat_monthly_or_quarterly", "monthly_vat", "month_2_sales"),
    *up("vat_natural_person", "vat_payable", "sales_of_the_day", "housing_rent_with_vat", "estate_rent_with_vat"),
    *down("vat_natural_person", "rent_vat", "rent_months"),
    *up("vat_prepayment", "prepaid", "received", "other_place_sales"),
    *down("vat_prepayment", "prepaid", "subcontracts"),
    *up("vat_price", "vat", "price"),
    *up("vat_price", "ex_vat", "price"),
    *down("vat_registration", "sales_left", "rolling_sales"),
    *up("vat_small_or_general", "tax_small", "yearly_sales"),
    *up("vat_small_or_general", "tax_general", "yearly_sales"),
    *down("vat_small_or_general", "tax_general", "yearly_input"),
    *up(
        "vat_small_scale",
        "vat_payable",
        "ordinary_sales",
        "special_sales_reduced",
        "real_estate_sales",
        net_basis_deduction=0,
    ),
    *down("vat_small_scale", "vat_payable", "net_basis_deduction", ordinary_sales=10**10),
    *up(
        "vat_small_scale_return",
        "payable",
        "ordinary_sales",
        "special_sales_full",
        "consumption_tax_paid",
        net_basis_deduction=0,
    ),
    *up("vat_used_assets", "vat_payable", "price"),
    *up("vat_withholding", "vat_withheld", "price"),
    *up("vehicle_purchase_refund", "refund", "tax_paid", "paid_on"),
    *down("vehicle_purchase_refund", "refund", "applied_on"),
    *up("vehicle_purchase_tax", "tax", "price"),
    *up("vehicle_vessel_tax", "tax", "local_amount"),
    *down("vehicle_vessel_tax", "tax", "acquired_month"),
    *up("water_resource_tax", "tax", "volume", "local_amount", "multiple"),
    *down("water_resource_tax", "tax", "leakage"),
]


def ladder(code: str, day: date, fact: rules.Fact, seed: int) -> random.Column:
    """Values of a fact in rising order: the law's own edges, and others."""
    rule = traced(code, day)
    draw = np.random.default_rng(seed)
    near = [edge for edge in random.edges(rule, fact) if fact.unit == "day" or abs(edge) <= random.ORDINARY]
    flat = random.column(rule, fact, STEPS, draw, 10**9)
    return np.unique(np.concatenate([np.array(near, np.int64), flat, flat + 1]).clip(fact.lo, fact.hi))


def falls(climb: Climb, seed: int) -> list[tuple[dict[str, int], int, int, int, int]]:
    """Steps at which the result moves the wrong way: taxpayer, value before and after, result before and after."""
    day = random.day_of(climb.law)
    rule = traced(climb.law, day)
    steps = ladder(climb.law, day, rule.facts[climb.fact], seed)
    steps = steps[steps >= climb.least] if climb.least or climb.law in RED_LETTERS else steps
    people = climb.people(seed)
    facts = {code: np.repeat(column, len(steps)) for code, column in people.items()}
    facts[climb.fact] = np.tile(steps, PEOPLE)
    found = rules.columns(climb.law, on=day, facts=facts, outputs=(climb.output,))[climb.output]
    table = found.astype(np.int64).reshape(PEOPLE, len(steps))
    moves = np.diff(table, axis=1) * (-1 if climb.down else 1)
    return [
        (random.one(people, who), int(steps[at]), int(steps[at + 1]), int(table[who, at]), int(table[who, at + 1]))
        for who, at in zip(*np.nonzero(moves < -climb.slack), strict=True)
    ]


@pytest.mark.parametrize("climb", CLIMBS, ids=str)
def test_more_is_never_less(climb: Climb) -> None:
    for seed in range(3):
        assert falls(climb, seed)[:1] == []


def test_every_law_is_climbed() -> None:
    assert {climb.law for climb in CLIMBS} == set(rules.every_law())


def results(code: str, output: str, facts: dict[str, Any], fact: str, *values: Any) -> list[int]:
    """A result for each value of a fact, as people write them."""
    written = [rules.read_plain(code, {**facts, fact: value}) for value in values]
    return [int(rules.assess(code, on=random.TODAY, facts=one).outputs[output]) for one in written]


EARNER = {"annual_income": "1000000"}
SALE = {
    "bought_on": "2025-06-01", "sold_on": "2026-06-01", "place_kind": "city", "can_prove_cost": False,
    "is_only_home_over_five_years": True,
}  # fmt: skip
FIRM = {"average_staff": "100", "average_assets": "10000000", "taxable_income": "3000000"}
HOMES = {"deduction_method": "given", "exemption": "ordinary_housing", "given_deductions": "1000000"}
WAGES = {"special_deductions": "0", "additional_deductions": "0", "prepaid": "0"}
CIGARETTES = {"item": "cigarettes", "sales": "1000000"}
SMALL = {"is_quarterly": True}

CLIFFS: list[tuple[str, str, dict[str, Any], str, Any, Any, int]] = [
    # law, result, other facts, fact, last value before the cliff, first beyond it, fen by which the result falls (rises: −)
    ("iit_bonus", "net_bonus", EARNER, "bonus", "36000", "36000.01", 230999),  # 3% → 10% of the whole, less 210
    ("iit_bonus", "net_bonus", EARNER, "bonus", "144000", "144000.01", 1319999),
    ("iit_bonus", "net_bonus", EARNER, "bonus", "300000", "300000.01", 1374999),
    ("iit_employee_or_contractor", "contractor_net", {"payments": 366}, "gross", "120000", "120000.01", 107999),
    ("iit_annual", "to_pay", WAGES, "wage", "120000", "120000.01", -348000),  # the waiver of small settlements ends
    ("home_sale", "left_after_taxes", SALE, "price", "103000", "103000.02", 7498),  # education surcharges set in
    ("cit_small", "tax", FIRM, "taxable_income", "3000000", "3000000.01", -60000000),  # no longer small: 5% → 25%
    ("cit_small", "tax", FIRM, "average_staff", "300", "300.0001", -60000000),
    ("vat_small_scale", "vat_payable", SMALL, "ordinary_sales", "299999.99", "300000", -300000),
    ("land_vat", "due", HOMES, "revenue", "1200000", "1200000.01", -6000000),  # 30% of the whole increment
    ("consumption_tax", "tax", CIGARETTES, "volume", "2857142", "2857143", 20000000),  # under 70 a carton: 56% → 36%
]


@pytest.mark.parametrize(("law", "result", "facts", "fact", "before", "after", "fall"), CLIFFS)
def test_cliffs_are_where_the_law_has_them(
    law: str, result: str, facts: dict[str, Any], fact: str, before: str, after: str, fall: int
) -> None:
    here, beyond = results(law, result, facts, fact, before, after)
    assert here - beyond == fall
