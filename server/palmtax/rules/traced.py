"""A traced law: its graph for a stretch of days, its lines, and how the facts of one taxpayer are read into it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from palmtax.rules.errors import FactMissing, FactRefused
from palmtax.rules.explain import Tell, Teller
from palmtax.rules.facts import Fact
from palmtax.rules.graph import Node, Unit
from palmtax.rules.language import Formula
from palmtax.rules.laws import Law
from palmtax.rules.parameters import DatedValue, Parameter
from palmtax.rules.statutes import Citation
from palmtax.rules.steps import Program, Step, Unanswered, partly, program, steps


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


Head = tuple[str, str, str, int, Unit, bool]
"""Of a line: code, label, label in English, place, unit, whether it is a result."""


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
    citations: dict[tuple[date, str], tuple[tuple[Citation, ...], ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.run = program(self.nodes)
        self.lines_by_code = {line.code: line for line in self.lines}
        self.heads: tuple[Head, ...] = tuple(
            (line.code, line.label, line.label_en, line.place, self.nodes[line.place].unit, line.is_output)
            for line in self.lines
        )
        self._tellers: dict[str, Tell] = {}
        self._plain = [  # whole numbers, which are most facts, are read without a call
            (fact, code, -1 if fact.unit in ("choice", "yes_no", "day") else fact.hi, fact.lo, fact.default)
            for code, fact in self.facts.items()
        ]
        self._rows = {fact.code: (fact, [part.code for part in fact.parts]) for fact in self.law.asked if fact.each}

    def tell(self, language: str) -> Tell:
        """The words of every line; written when they are first asked for."""
        if language not in self._tellers:
            self._tellers[language] = Teller(self, language).function([line.place for line in self.lines])
        return self._tellers[language]

    def read(self, facts: Mapping[str, object]) -> dict[str, int]:
        """The facts, one by one, as numbers, with defaults; `FactRefused` and `FactMissing` when they do not do."""
        given: dict[str, int] = {}
        lost: list[Fact] = []
        for fact, code, hi, lo, default in self._plain:
            value = facts.get(code)
            if value is None:
                value = default
                if value is None:
                    lost.append(fact)
                    continue
            if type(value) is int and lo <= value <= hi:
                given[code] = value
            else:
                given[code] = fact.read(value)
        if lost:
            self._let_be(given, lost)
        return given

    @cached_property
    def steps(self) -> list[Step]:
        """Each step by itself; written when facts are first found missing."""
        return steps(self.nodes)

    def partly(self, given: Mapping[str, int], wanted: Iterable[int]) -> tuple[dict[int, Any], list[str]]:
        """What can be known from some of the facts, and codes of the facts that the wanted places still need."""
        return partly(self.nodes, self.steps, given, wanted)

    def _let_be(self, given: dict[str, int], lost: list[Fact]) -> None:
        """Facts not given are let be when they decide nothing; else `FactMissing` names them all."""
        _, needed = self.partly(given, self.outputs.values())
        if needed:
            raise missing_facts(lost)
        given |= {fact.code: Unanswered(max(fact.lo, 0)) for fact in lost}

    def undecided(self, given: Mapping[str, int]) -> frozenset[int]:
        """Places of the lines that hang on facts not given; they belong into no explanation."""
        answered = {code: value for code, value in given.items() if type(value) is not Unanswered}
        if len(answered) == len(given):
            return frozenset()
        places = [line.place for line in self.lines]
        values, _ = self.partly(answered, places)
        return frozenset(place for place in places if values[place] is None)

    def spread(self, facts: Mapping[str, object]) -> Mapping[str, object]:
        """The facts one by one: a list given for a row becomes `wage_01`, …; `FactRefused` for unknown names."""
        unknown = facts.keys() - self.facts.keys()
        if not unknown:
            return facts
        found = {code: value for code, value in facts.items() if code not in unknown}
        for code in sorted(unknown):
            if code not in self._rows:
                raise FactRefused.of(code, code, code, "unknown")
            found.update(_row(*self._rows[code], facts[code]))
        return found


def _row(fact: Fact, codes: list[str], values: object) -> Iterable[tuple[str, object]]:
    """The places of a row; a short list leaves the rest to the default."""
    if not isinstance(values, (list, tuple)) or len(values) > len(codes):
        raise fact.refused("row", str(len(codes)))
    if len(values) < len(codes) and fact.default is None:
        raise fact.refused("short_row", str(len(codes)))
    return zip(codes, values, strict=False)


def missing_facts(lost: list[Fact]) -> FactMissing:
    """The refusal that names all facts still needed."""
    return FactMissing(
        facts=[fact.code for fact in lost],
        labels="、".join(fact.label for fact in lost),
        labels_en=", ".join(fact.label_en for fact in lost),
    )
