"""Assessments: a law applied to the facts of one taxpayer on a day, with every line explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from palmtax.rules.engine import traced
from palmtax.rules.graph import Unit
from palmtax.rules.parameters import CONFIDENCES
from palmtax.rules.statutes import Citation, cite, find_article
from palmtax.rules.traced import Traced, TracedLine, UsedNumber

_MOST_CITED = 1_000
NOTHING: frozenset[int] = frozenset()


class ExplainedLine(NamedTuple):
    """One line of the receipt: what it is, how it came about with the real numbers, and the law."""

    code: str
    label: str
    label_en: str
    formula: str
    formula_en: str
    value: int
    unit: Unit
    is_output: bool
    citations: tuple[Citation, ...]


@dataclass(frozen=True)
class Assessment:
    """The results of a law: `outputs` are in the rule's units, yes/no are bool, those of used laws under full names.

    The explanation is made when it is asked for; `version` says which law and numbers were used, and ends in
    `+what-if` when parameters were replaced, so that a supposition cannot pass for the law.
    """

    outputs: Mapping[str, int | bool]
    version: str
    law_on: date
    given: Mapping[str, object]
    traced: Traced
    values: Sequence[int]
    undecided: frozenset[int] = frozenset()

    @cached_property
    def facts(self) -> Mapping[str, object]:
        """Every fact that was used, one by one, those left out with their default."""
        known = self.traced.facts
        values = {code: self.given.get(code) for code in known}
        used = {code: known[code].default if value is None else value for code, value in values.items()}
        return MappingProxyType({code: value for code, value in used.items() if value is not None})

    @cached_property
    def lines(self) -> tuple[ExplainedLine, ...]:
        """Every line in computing order; citations in Chinese."""
        return self.lines_in("zh")

    def lines_in(self, language: str) -> tuple[ExplainedLine, ...]:
        """Every line, with the citations in `zh` or `en`."""
        rule, values = self.traced, self.values
        told = zip(rule.tell("zh")(values), rule.tell("en")(values), cited(rule, self.law_on, language), strict=True)
        return tuple(
            [
                ExplainedLine(code, label, label_en, zh, en, int(values[place]), unit, is_output, citations)
                for (code, label, label_en, place, unit, is_output), (zh, en, citations) in zip(
                    rule.heads, told, strict=True
                )
                if place not in self.undecided
            ]
        )

    def formulas(self, language: str = "zh") -> list[tuple[str, str, int]]:
        """The lines in short, in one language: label, formula with the real numbers, value."""
        rule, values = self.traced, self.values
        told = zip(rule.heads, rule.tell(language)(values), strict=True)
        if language == "en":
            return [(head[2], text, values[head[3]]) for head, text in told]
        return [(head[1], text, values[head[3]]) for head, text in told]

    @cached_property
    def telling_lines(self) -> tuple[ExplainedLine, ...]:
        """The lines worth reading: results, and lines that are not 0 or decide something that is not 0."""
        return tuple(line for line in self.lines if line.value or (line.is_output and "." not in line.code))


def cited(rule: Traced, day: date, language: str = "zh") -> tuple[tuple[Citation, ...], ...]:
    """The citations of every line on a day, in `zh` or `en`."""
    key = (day, language)
    if key not in rule.citations:
        if len(rule.citations) > _MOST_CITED:
            rule.citations.clear()
        rule.citations[key] = tuple(_cited(rule, line, day, language) for line in rule.lines)
    return rule.citations[key]


def _cited(rule: Traced, line: TracedLine, day: date, language: str) -> tuple[Citation, ...]:
    numbers: dict[str, list[UsedNumber]] = {
        reference: [] for reference in line.formula.articles if find_article(reference)[0].in_force(day)
    }
    for key in line.parameters:
        if not rule.numbers[key].is_supposed:
            numbers.setdefault(rule.numbers[key].dated.law, []).append(rule.numbers[key])
    return tuple(_as_sure_as(cite(reference, language), used, language) for reference, used in numbers.items())


def _as_sure_as(citation: Citation, numbers: Sequence[UsedNumber], language: str) -> Citation:
    """The citation, no surer than the numbers taken from it, with what is noted of them."""
    if not numbers:
        return citation
    confidence = max([citation.confidence, *(used.dated.confidence for used in numbers)], key=CONFIDENCES.index)
    notes = [f"{_title(used, language)}: {used.dated.note}" for used in numbers if used.dated.note]
    return replace(citation, confidence=confidence, note="; ".join(notes))


def _title(used: UsedNumber, language: str) -> str:
    return used.parameter.title_en if language == "en" else used.parameter.title


def assess(
    law: str,
    *,
    on: date,
    facts: Mapping[str, object],
    known_on: date | None = None,
    what_if: Mapping[str, object] | None = None,
) -> Assessment:
    """Apply a law as it counts on a day (for a return: the last day of its period) to facts.

    Facts are fen (int), counts (int), yes/no (bool) or an option's code (str); those left out take their default.
    `known_on` replays what was published by that day. `what_if` replaces parameters, by full key, with values
    written as the law writes them (`{"vat_small_scale.quarter_threshold": "450000"}`).

    Raises `UnknownLaw`, `FactMissing`, `FactRefused`, `ParameterNotInForce`.
    """
    rule = traced(law, on, known_on, what_if)
    spread = rule.spread(facts)
    given = rule.read(spread)
    values = rule.run(given)
    undecided = rule.undecided(given) if len(spread) < len(rule.facts) else NOTHING
    outputs = {name: values[place] for name, place in rule.outputs.items()}
    version = f"{rule.law.version}+what-if" if rule.is_supposed else rule.law.version
    return Assessment(outputs, version, on, spread, rule, values, undecided)


def missing(law: str, *, on: date, facts: Mapping[str, object], outputs: Sequence[str] = ()) -> tuple[str, ...]:
    """Codes of the facts still needed, in the order to ask; facts with a default and undecided branches are not.

    With `outputs`, only what those results need. Facts of a wrong type raise `FactRefused`.
    """
    rule = traced(law, on)
    given = {code: fact.read(fact.default) for code, fact in rule.facts.items() if fact.default is not None}
    given |= {code: rule.facts[code].read(value) for code, value in rule.spread(facts).items() if value is not None}
    wanted = [rule.outputs[name] for name in outputs or rule.outputs]
    _, lost = rule.partly(given, wanted)
    return tuple(code for code in rule.facts if code in lost)
