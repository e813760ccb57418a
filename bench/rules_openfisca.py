"""The law `iit_year` as an OpenFisca country package would have it: entities, dated parameters, variables by period.

Amounts are yuan in float32, as OpenFisca keeps them; nothing of ours is used.
"""

# ruff: noqa: N801, ANN201, ANN001, ARG002, N805 - OpenFisca names its variables and formulas so
# mypy: ignore-errors

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from openfisca_core.entities import build_entity
from openfisca_core.model_api import MONTH, YEAR, Variable, max_, min_, where
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import period as period_of
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

PERSON = build_entity("person", "persons", "A person", roles=[], is_person=True)
_FIRST_DAY = "2019-01-01"
_BRACKETS = (
    (0, 0.03),
    (36_000, 0.10),
    (144_000, 0.20),
    (300_000, 0.25),
    (420_000, 0.30),
    (660_000, 0.35),
    (960_000, 0.45),
)


def _fixed(value: float) -> dict[str, Any]:
    return {"values": {_FIRST_DAY: value}}


PARAMETERS = {
    "basic_deduction_month": _fixed(5000),
    "expense_rate": _fixed(0.2),
    "medical_floor": _fixed(15_000),
    "medical_cap": _fixed(80_000),
    "waiver_income": _fixed(120_000),
    "waiver_balance": _fixed(400),
    "comprehensive_scale": {
        "brackets": [
            {"threshold": {_FIRST_DAY: threshold}, "rate": {_FIRST_DAY: rate}} for threshold, rate in _BRACKETS
        ]
    },
}


class wage(Variable):
    """Wages of the month, yuan."""

    value_type, entity, definition_period = float, PERSON, MONTH


class social_insurance(Variable):
    """Own social insurance of the month, yuan."""

    value_type, entity, definition_period = float, PERSON, MONTH


class additional_deductions(Variable):
    """Special additional deductions of the month, yuan."""

    value_type, entity, definition_period = float, PERSON, MONTH


class medical_self_paid(Variable):
    """Medical bills paid by oneself, yuan."""

    value_type, entity, definition_period = float, PERSON, YEAR


class labour_income(Variable):
    """Labour, author's and royalty income, yuan."""

    value_type, entity, definition_period = float, PERSON, YEAR


class labour_withheld(Variable):
    """What was withheld from it, yuan."""

    value_type, entity, definition_period = float, PERSON, YEAR


class cumulative_income(Variable):
    """Wages from January to the month."""

    value_type, entity, definition_period = float, PERSON, MONTH

    def formula(person, period, parameters):
        """The month before and this one."""
        this = person("wage", period)
        return this if period.start.month == 1 else person("cumulative_income", period.last_month) + this


class cumulative_deductions(Variable):
    """Deductions from January to the month."""

    value_type, entity, definition_period = float, PERSON, MONTH

    def formula(person, period, parameters):
        """The month before and this one."""
        this = (
            person("social_insurance", period)
            + person("additional_deductions", period)
            + parameters(period).basic_deduction_month
        )
        return this if period.start.month == 1 else person("cumulative_deductions", period.last_month) + this


class cumulative_tax(Variable):
    """Tax on the taxable income so far."""

    value_type, entity, definition_period = float, PERSON, MONTH

    def formula(person, period, parameters):
        """The yearly scale, to the fen."""
        base = max_(person("cumulative_income", period) - person("cumulative_deductions", period), 0)
        return np.round(parameters(period).comprehensive_scale.calc(base), 2)


class cumulative_withheld(Variable):
    """Withheld from January to the month."""

    value_type, entity, definition_period = float, PERSON, MONTH

    def formula(person, period, parameters):
        """The month before and this one."""
        this = person("withheld", period)
        return this if period.start.month == 1 else person("cumulative_withheld", period.last_month) + this


class withheld(Variable):
    """Withheld in the month."""

    value_type, entity, definition_period = float, PERSON, MONTH

    def formula(person, period, parameters):
        """Tax so far less what was withheld before."""
        due = person("cumulative_tax", period)
        before = 0 if period.start.month == 1 else person("cumulative_withheld", period.last_month)
        return max_(due - before, 0)


class annual_tax(Variable):
    """Tax of the year."""

    value_type, entity, definition_period = float, PERSON, YEAR

    def formula(person, period, parameters):
        """The scale on comprehensive income less deductions, to the fen."""
        law, december = parameters(period), _december(period)
        labour = person("labour_income", period)
        income = person("cumulative_income", december) + labour - np.round(labour * law.expense_rate, 2)
        medical = min_(max_(person("medical_self_paid", period) - law.medical_floor, 0), law.medical_cap)
        base = max_(income - person("cumulative_deductions", december) - medical, 0)
        return np.round(law.comprehensive_scale.calc(base), 2)


class balance(Variable):
    """Balance due, or a refund below 0."""

    value_type, entity, definition_period = float, PERSON, YEAR

    def formula(person, period, parameters):
        """Tax of the year less tax withheld, waived where income or balance are small."""
        law, december = parameters(period), _december(period)
        paid = person("cumulative_withheld", december) + person("labour_withheld", period)
        rest = person("annual_tax", period) - paid
        income = person("cumulative_income", december) + person("labour_income", period)
        is_waived = (rest > 0) * ((income <= law.waiver_income) + (rest <= law.waiver_balance))
        return where(is_waived, 0, rest)


def _december(period: Any) -> Any:
    return period_of(f"{period.start.year}-12")


_VARIABLES = (
    wage, social_insurance, additional_deductions, medical_self_paid, labour_income, labour_withheld, cumulative_income,
    cumulative_deductions, cumulative_tax, cumulative_withheld, withheld, annual_tax, balance,
)  # fmt: skip


def system() -> TaxBenefitSystem:
    """The tax system with its parameters."""
    found = TaxBenefitSystem([PERSON])
    found.parameters = ParameterNode("", data=PARAMETERS)
    found.add_variables(*_VARIABLES)
    return found


def simulation(rules: TaxBenefitSystem, facts: dict[str, npt.NDArray[Any]], year: int) -> Any:
    """A simulation with the columns (fen) set as inputs (yuan)."""
    rows = len(next(iter(facts.values())))
    found = SimulationBuilder().build_default_simulation(rules, rows)
    for code, column in facts.items():
        name, _, month = code.rpartition("_")
        yuan = (column / 100).astype(np.float32)
        if month.isdigit():
            found.set_input(name, f"{year}-{month}", yuan)
        else:
            found.set_input(code, str(year), yuan)
    return found


def calculate(found: Any, year: int) -> dict[str, npt.NDArray[Any]]:
    """The same fourteen results as our law, yuan."""
    results = {f"withheld_{month:02d}": found.calculate("withheld", f"{year}-{month:02d}") for month in range(1, 13)}
    return results | {name: found.calculate(name, str(year)) for name in ("annual_tax", "balance")}
