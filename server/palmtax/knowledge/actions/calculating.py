"""Calculating: facts in, a result with its picture and its reasons out; or what to ask next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from palmtax import rules
from palmtax.knowledge import errors
from palmtax.knowledge.actions.calculators import plain, uncertain_numbers
from palmtax.knowledge.actions.pictures import comparison_of, months_of, picture_of
from palmtax.knowledge.model.calculators import CalculatorView, completed, find_calculator
from palmtax.knowledge.model.receipts import codes_behind
from palmtax.knowledge.model.writing import written
from palmtax.knowledge.schemas.calculations import (
    CalculationLine,
    CalculationOut,
    CalculationResult,
    LineValue,
    UsedFact,
)
from palmtax.knowledge.schemas.calculators import RuleCitation
from palmtax.plumbing.wire import LARGEST_FEN


def calculate(code: str, *, on: date, facts: Mapping[str, Any], language: str = "zh") -> CalculationOut:
    """The result of a calculator on a day, or the facts that can still change it, in the order to ask.

    Errors: knowledge.calculator_unknown, knowledge.fact_unknown, rules.fact_refused, rules.parameter_not_in_force,
    knowledge.result_too_large.
    """
    view = find_calculator(code)
    asked = view.read_on(on)
    read = _read(view, facts)
    read = {name: value for name, value in read.items() if view.owners.get(name, name) in asked}
    lost = view.asked_in_order(rules.missing(code, on=on, facts=read, outputs=view.wanted))
    result, version = None, rules.version(code)
    if not lost:
        assessment = rules.assess(code, on=on, facts=completed(view, on, read))
        result, version = _result(view, assessment, language), assessment.version
    used = [fact for fact in asked.values() if fact.code in facts or fact.default is not None]
    return CalculationOut(
        law=code,
        on=on,
        version=version,
        missing=lost,
        facts=[_used(fact, read.get(fact.code)) for fact in used],
        result=result,
    )


def _read(view: CalculatorView, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Plain values as the rule takes them; a whole JSON number for money is fen already."""
    given = {code: value for code, value in facts.items() if value is not None}
    strange = given.keys() - view.facts.keys() - view.owners.keys()
    if strange:
        raise errors.FactUnknown(facts="、".join(sorted(strange)), known=", ".join(view.facts))
    money = {code for code, fact in view.facts.items() if fact.unit == "fen"}
    fen = {
        code: _as_yuan(view, value) if view.owners.get(code, code) in money else value for code, value in given.items()
    }
    return dict(rules.read_plain(view.code, fen))


def _as_yuan(view: CalculatorView, value: Any) -> Any:
    if isinstance(value, list):
        return [_as_yuan(view, one) for one in value]
    return written("fen", value) if isinstance(value, int) and not isinstance(value, bool) else value


def _used(fact: rules.Fact, value: Any) -> UsedFact:
    shown = [plain(fact, one) for one in value] if isinstance(value, (list, tuple)) else plain(fact, value)
    return UsedFact(
        code=fact.code,
        label=fact.label,
        label_en=fact.label_en,
        unit=fact.unit,
        value=plain(fact, fact.default) if value is None else shown,
        is_default=value is None,
    )


def _result(view: CalculatorView, assessment: rules.Assessment, language: str) -> CalculationResult:
    codes = codes_behind(assessment, view.wanted)
    lines = [line for line in assessment.lines_in(language) if line.code in codes]
    by_code = {line.code: line for line in lines}
    for line in lines:
        if abs(line.value) > LARGEST_FEN:
            raise errors.ResultTooLarge(label=line.label, label_en=line.label_en)
    parts = [_value(by_code[code]) for code in view.about.parts]
    headline = _value(by_code[view.about.headline])
    return CalculationResult(
        headline=headline,
        parts=parts,
        picture=picture_of(view, assessment, by_code, parts or [headline]),
        compare=comparison_of(view, by_code),
        months=months_of(view, by_code),
        lines=[_line(line) for line in lines if line.value or line.is_output],
        uncertain=uncertain_numbers(assessment, codes),
    )


def _value(line: rules.ExplainedLine) -> LineValue:
    return LineValue(
        code=line.code,
        label=line.label,
        label_en=line.label_en,
        unit=line.unit,
        value=line.value,
        text=written(line.unit, line.value),
    )


def _line(line: rules.ExplainedLine) -> CalculationLine:
    return CalculationLine(
        code=line.code,
        label=line.label,
        label_en=line.label_en,
        formula=line.formula,
        formula_en=line.formula_en,
        unit=line.unit,
        value=line.value,
        text=written(line.unit, line.value),
        is_output=line.is_output,
        citations=[RuleCitation.model_validate(citation, from_attributes=True) for citation in line.citations],
    )
