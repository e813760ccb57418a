"""A traced law: its graph for a stretch of days, its lines, and how the facts of one taxpayer are read into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from palmtax.rules.errors import FactMissing, FactRefused
from palmtax.rules.facts import Fact
from palmtax.rules.graph import Node
from palmtax.rules.language import Formula
from palmtax.rules.laws import Law
from palmtax.rules.parameters import DatedValue, Parameter
from palmtax.rules.statutes import Citation
from palmtax.rules.steps import Program, program


@dataclass(frozen=True)
class TracedLine:
    """One line of the rule: where its value stands in the graph and which parameters it reads."""

    code: str
    formula: Formula
    place: int
    is_output: bool
    parameters: tuple[str, ...]
    label: str
    label_en: str


@dataclass(frozen=True)
class UsedNumber:
    """A parameter with the value that was in force, or that a what-if put in its place."""

    parameter: Parameter
    dated: DatedValue
    is_supposed: bool


@dataclass
class Traced:
    """A law traced for a stretch of days on which nothing changes."""

    law: Law
    nodes: tuple[Node, ...]
    facts: dict[str, Fact]
    lines: tuple[TracedLine, ...]
    outputs: dict[str, int]
    numbers: dict[str, UsedNumber]
    is_supposed: bool
    run: Program = field(init=False)
    citations: dict[tuple[str, date, str], tuple[Citation, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.run = program(self.nodes)
        self.lines_by_code = {line.code: line for line in self.lines}

    def read(self, facts: Mapping[str, object]) -> dict[str, int]:
        """The facts as numbers, with defaults; `FactRefused` and `FactMissing` when they do not do."""
        facts = self.spread(facts)
        given, lost = {}, []
        for code, fact in self.facts.items():
            value = facts.get(code)
            value = fact.default if value is None else value
            if value is None:
                lost.append(fact)
            else:
                given[code] = fact.read(value)
        if lost:
            raise missing_facts(lost)
        return given

    def spread(self, facts: Mapping[str, object]) -> Mapping[str, object]:
        """The facts one by one: a list given for a row becomes `wage_01`, …; `FactRefused` for unknown names."""
        unknown = facts.keys() - self.facts.keys()
        if not unknown:
            return facts
        rows = {fact.code: fact for fact in self.law.asked if fact.each is not None}
        found = {code: value for code, value in facts.items() if code not in unknown}
        for code in sorted(unknown):
            if code not in rows:
                raise FactRefused.of(code, code, code, "unknown")
            found |= _row(rows[code], facts[code])
        return found


def _row(fact: Fact, values: object) -> dict[str, object]:
    """The places of a row; a short list leaves the rest to the default."""
    if not isinstance(values, (list, tuple)) or len(values) > len(fact.parts):
        raise fact.refused("row", str(len(fact.parts)))
    if len(values) < len(fact.parts) and fact.default is None:
        raise fact.refused("short_row", str(len(fact.parts)))
    return {part.code: value for part, value in zip(fact.parts, values, strict=False)}


def missing_facts(lost: list[Fact]) -> FactMissing:
    """The refusal that names all facts still needed."""
    return FactMissing(
        facts=[fact.code for fact in lost],
        labels="、".join(fact.label for fact in lost),
        labels_en=", ".join(fact.label_en for fact in lost),
    )
