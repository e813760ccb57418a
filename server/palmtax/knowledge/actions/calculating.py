"""Calculating: facts in, a result with its picture and its reasons out; or what to ask next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from palmtax import rules
from palmtax.knowledge import errors
from palmtax.knowledge.actions.calculators import plain, uncertain_numbers
from palmtax.knowledge.model.calculators import CalculatorView, completed, find_calculator
from palmtax.knowledge.model.pictures import PERMILLE, heights, shares
from palmtax.knowledge.model.receipts import codes_behind
from palmtax.knowledge.model.writing import written
from palmtax.knowledge.schemas.calculations import (
    CalculationLine,
    CalculationOut,
    CalculationResult,
    ComparedChoice,
    Comparison,
    LineValue,
    Picture,
    Slice,
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
        result = _result(view, assessment, language)
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
        picture=_picture(view, assessment, by_code, parts or [headline]),
        compare=_compare(view, by_code),
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


def _picture(
    view: CalculatorView,
    assessment: rules.Assessment,
    lines: Mapping[str, rules.ExplainedLine],
    parts: list[LineValue],
) -> Picture | None:
    """The headline, or its parts, in the whole; none where they are not shares of it."""
    if any(part.unit != "fen" for part in parts) or not (view.about.of or view.about.parts):
        return None
    label, label_en, whole = _whole(view, assessment, lines, parts)
    found = shares([part.value for part in parts], whole)
    if found is None or whole > LARGEST_FEN:
        return None
    slices = [
        Slice(code=part.code, label=part.label, label_en=part.label_en, value_fen=part.value, permille=share)
        for part, share in zip(parts, found, strict=True)
    ]
    rest = whole - sum(part.value for part in parts)
    return Picture(
        label=label,
        label_en=label_en,
        whole_fen=whole,
        slices=slices,
        rest_fen=rest,
        rest_permille=PERMILLE - sum(found) if rest else 0,
    )


def _whole(
    view: CalculatorView,
    assessment: rules.Assessment,
    lines: Mapping[str, rules.ExplainedLine],
    parts: list[LineValue],
) -> tuple[str, str, int]:
    """What the picture is a picture of, fen: a fact, a line, or the parts together."""
    name = view.about.of
    if name in view.facts:
        fact = view.facts[name]
        return fact.label, fact.label_en, sum(int(str(assessment.facts[part.code])) for part in fact.parts)
    if name:
        return lines[name].label, lines[name].label_en, lines[name].value
    headline = lines[view.about.headline]
    return headline.label, headline.label_en, sum(part.value for part in parts)


def _compare(view: CalculatorView, lines: Mapping[str, rules.ExplainedLine]) -> Comparison | None:
    names = zip(view.about.compare, view.about.compare_en, strict=True)
    chosen = [(lines[code], name, name_en) for (name, code), (name_en, _) in names]
    if not chosen:
        return None
    values = [line.value for line, _, _ in chosen]
    least, is_even = min(values), min(values) == max(values)
    choices = [
        ComparedChoice(
            code=line.code,
            name=name,
            name_en=name_en,
            value_fen=line.value,
            permille=height,
            is_best=line.value == least and not is_even,
        )
        for (line, name, name_en), height in zip(chosen, heights(values), strict=True)
    ]
    best = next((choice.code for choice in choices if choice.is_best), None)
    return Comparison(choices=choices, best=best, saved_fen=max(values) - least)
