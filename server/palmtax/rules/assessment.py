"""Assessments: a law applied to the facts of one taxpayer on a day, with every line explained."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType

from palmtax.rules.engine import traced
from palmtax.rules.traced import Traced, TracedLine
from palmtax.rules.explain import Teller
from palmtax.rules.graph import Unit
from palmtax.rules.statutes import Citation, cite, find_article
from palmtax.rules.steps import lost_facts

_MOST_CITED = 20_000


@dataclass(frozen=True, slots=True)
class ExplainedLine:
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
    """The results of a law: `outputs` are fen (int) or yes/no (bool), those of used laws under their full names.

    The explanation is made when it is asked for; `version` says which law and numbers were used, and ends in
    `+what-if` when parameters were replaced, so that a supposition cannot pass for the law.
    """

    outputs: Mapping[str, int | bool]
    version: str
    law_on: date
    facts: Mapping[str, int | bool | str]
    traced: Traced
    values: Sequence[int]

    @cached_property
    def lines(self) -> tuple[ExplainedLine, ...]:
        """Every line in computing order; citations in Chinese."""
        return self.lines_in("zh")

    def lines_in(self, language: str) -> tuple[ExplainedLine, ...]:
        """Every line, with the citations in `zh` or `en`."""
        return self._told(self.traced.lines, language)

    def _told(self, lines: Iterable[TracedLine], language: str) -> tuple[ExplainedLine, ...]:
        tellers = Teller(self.traced, self.values, "zh"), Teller(self.traced, self.values, "en")
        return tuple(self._line(line, tellers, language) for line in lines)

    @cached_property
    def telling_lines(self) -> tuple[ExplainedLine, ...]:
        """The lines worth reading: results, and lines that are not 0 or decide something that is not 0."""
        worth = [
            line for line in self.traced.lines if self.values[line.place] or (line.is_output and "." not in line.code)
        ]
        return self._told(worth, "zh")

    def _line(self, line: TracedLine, tellers: tuple[Teller, Teller], language: str) -> ExplainedLine:
        return ExplainedLine(
            code=line.code,
            label=line.label,
            label_en=line.label_en,
            formula=tellers[0].formula(line.place),
            formula_en=tellers[1].formula(line.place),
            value=int(self.values[line.place]),
            unit=self.traced.nodes[line.place].unit,
            is_output=line.is_output,
            citations=citations_of(self.traced, line, self.law_on, language),
        )


def citations_of(rule: Traced, line: TracedLine, day: date, language: str = "zh") -> tuple[Citation, ...]:
    """The articles of a line in force that day, then those of the numbers it reads; a supposed number has none."""
    key = (line.code, day, language)
    if key not in rule.citations:
        if len(rule.citations) > _MOST_CITED:
            rule.citations.clear()
        rule.citations[key] = _cited(rule, line, day, language)
    return rule.citations[key]


def _cited(rule: Traced, line: TracedLine, day: date, language: str) -> tuple[Citation, ...]:
    references = dict.fromkeys(
        reference for reference in line.formula.articles if find_article(reference)[0].in_force(day)
    )
    for key in line.parameters:
        if not rule.numbers[key].is_supposed:
            references[rule.numbers[key].dated.law] = None
    return tuple(cite(reference, language) for reference in references)


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
    given = rule.read(facts)
    values = rule.run(given)
    outputs = {name: values[place] for name, place in rule.outputs.items()}
    facts = rule.spread(facts)  # type: ignore[assignment]  # the same values, rows one by one
    used = {code: value for code in given if (value := facts.get(code, rule.facts[code].default)) is not None}
    version = f"{rule.law.version}+what-if" if rule.is_supposed else rule.law.version
    return Assessment(MappingProxyType(outputs), version, on, MappingProxyType(used), rule, values)


def missing(
    law: str, *, on: date, facts: Mapping[str, object], outputs: Sequence[str] = ()
) -> tuple[str, ...]:
    """Codes of the facts still needed, in the order to ask; facts with a default and undecided branches are not.

    With `outputs`, only what those results need. Facts of a wrong type raise `FactRefused`.
    """
    rule = traced(law, on)
    given = {code: fact.read(fact.default) for code, fact in rule.facts.items() if fact.default is not None}
    given |= {code: rule.facts[code].read(value) for code, value in rule.spread(facts).items() if value is not None}
    wanted = [rule.outputs[name] for name in outputs or rule.outputs]
    lost = lost_facts(rule.nodes, given, wanted)
    return tuple(code for code in rule.facts if code in lost)
