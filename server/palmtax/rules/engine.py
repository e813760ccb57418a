"""The engine: traces a law on a day into a graph, once, and runs the graph on the facts of one taxpayer."""

from __future__ import annotations

import inspect
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from palmtax.base.rate import Rate
from palmtax.rules.errors import FactMissing, FactRefused, LawError
from palmtax.rules.facts import Fact
from palmtax.rules.graph import Graph, Node, UsedParameter, UsedRate, used_parameters
from palmtax.rules.language import Amount, Choice, Comparison, Count, Formula, LawRate, LawRates, Symbol, Value, YesNo
from palmtax.rules.laws import Law, find_law
from palmtax.rules.parameters import DatedValue, Parameter, read_number
from palmtax.rules.statutes import Citation
from palmtax.rules.steps import Step, program, run

WhatIf = tuple[tuple[str, object], ...]


@dataclass(frozen=True)
class TracedLine:
    """One line of the rule: where its value stands in the graph and which parameters it reads."""

    code: str
    formula: Formula
    place: int
    is_output: bool
    parameters: tuple[str, ...]


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
    steps: list[Step] = field(init=False)
    citations: dict[tuple[str, date, str], tuple[Citation, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.steps = program(self.nodes)
        self.lines_by_code = {line.code: line for line in self.lines}

    def read(self, facts: Mapping[str, object]) -> dict[str, int]:
        """The facts as numbers, with defaults; `FactRefused` and `FactMissing` when they do not do."""
        unknown = facts.keys() - self.facts.keys()
        if unknown:
            code = min(unknown)
            raise FactRefused(fact=code, label=code, reason=f"not a fact of {self.law.code}")
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

    def run(self, given: Mapping[str, int]) -> list[int]:
        """The value of every step, exact."""
        return run(self.steps, given)


def missing_facts(lost: list[Fact]) -> FactMissing:
    """The refusal that names all facts still needed."""
    return FactMissing(
        facts=[fact.code for fact in lost],
        labels="、".join(fact.label for fact in lost),
        labels_en=", ".join(fact.label_en for fact in lost),
    )


_TRACED: dict[tuple[object, ...], Traced] = {}
_MOST_TRACED = 512


def traced(code: str, on: date, known_on: date | None = None, what_if: Mapping[str, object] | None = None) -> Traced:
    """The law as it counts on a day, as known on `known_on`, with parameters replaced by `what_if`.

    Kept per stretch of days between two turning days, and per replaced value: a changed number is a new graph.
    """
    law = find_law(code)
    supposed: WhatIf = tuple(sorted((what_if or {}).items()))
    known = -1 if known_on is None else bisect_right(law.published_days, known_on)
    key = (code, bisect_right(law.turning_days, on), known, repr(supposed))
    found = _TRACED.get(key)
    if found is None:
        found = _Tracer(law, on, known_on, dict(supposed)).trace()
        if len(_TRACED) >= _MOST_TRACED:
            _TRACED.clear()
        _TRACED[key] = found
    return found


@dataclass
class _Scope:
    """One law while it is traced, with what the composing law binds its facts to."""

    law: Law
    prefix: str
    outer: _Scope | None
    bound: Mapping[str, str | bool]
    values: dict[str, Symbol] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)


class _Tracer:
    def __init__(self, law: Law, on: date, known_on: date | None, what_if: dict[str, object]) -> None:
        self.on, self.known_on, self.what_if = on, known_on, what_if
        self.graph = Graph()
        self.facts: dict[str, Fact] = {}
        self.lines: list[TracedLine] = []
        self.numbers: dict[str, UsedNumber] = {}
        self.top = _Scope(law, "", None, {})
        self.scopes: dict[str, _Scope] = {}
        unknown = what_if.keys() - law.all_parameters.keys()
        if unknown:
            code = min(unknown)
            raise FactRefused(fact=code, label=code, reason=f"not a parameter of {law.code}")

    def trace(self) -> Traced:
        """All lines of the law and of the laws it uses, those first."""
        self._enter(self.top)
        law = self.top.law
        outputs = {line.code: line.place for line in self.lines if line.is_output}
        ordered = {fact.code: fact for fact in law.facts if fact.code in self.facts}
        return Traced(
            law,
            tuple(self.graph.nodes),
            ordered,
            tuple(self.lines),
            {name: outputs[name] for name in law.outputs},
            self.numbers,
            bool(self.what_if),
        )

    def _enter(self, scope: _Scope) -> None:
        for code, bound in scope.law.uses.items():
            if code in self.scopes:
                raise LawError(f"{scope.law.code}: {code} is used twice")
            self.scopes[code] = _Scope(find_law(code), f"{code}.", scope, bound)
            lost = bound.keys() - {fact.code for fact in find_law(code).facts}
            if lost:
                raise LawError(f"{scope.law.code}: binds unknown facts of {code}: {sorted(lost)}")
        for code in scope.law.uses:
            self._enter(self.scopes[code])
        for name in scope.law.formulas:
            if scope.law.formula(name, self.on) is not None:
                self._value(scope, name)

    def _value(self, scope: _Scope, name: str) -> Symbol:
        if name in scope.values:
            return scope.values[name]
        if name in scope.open:
            raise LawError(f"{scope.law.code}: {name} needs itself: {sorted(scope.open)}")
        scope.open.add(name)
        scope.values[name] = value = self._found(scope, name)
        scope.open.discard(name)
        return value

    def _found(self, scope: _Scope, name: str) -> Symbol:
        law = scope.law
        other, full, inner = name.replace(".", "__").partition("__")
        if full:
            return self._foreign(scope, other, inner)
        formula = law.formula(name, self.on)
        if formula is not None:
            return self._line(scope, formula)
        if name in law.asks:
            return self._bound(scope, law.asks[name])
        if name in law.parameters:
            return self._number(law.parameters[name])
        raise LawError(f"{law.code}: nothing is called {name!r} on {self.on}")

    def _foreign(self, scope: _Scope, other: str, name: str) -> Symbol:
        law = find_law(other)
        if other in scope.law.uses and name in law.exports:
            return self._value(self.scopes[other], name)
        if name in law.parameters:
            return self._number(law.parameters[name])
        raise LawError(f"{scope.law.code}: {other}.{name} is neither exported by a used law nor a parameter")

    def _line(self, scope: _Scope, formula: Formula) -> Value:
        arguments = [self._value(scope, name) for name in inspect.signature(formula.function).parameters]
        result: Any = formula.function(*arguments)
        if not isinstance(result, Value):
            raise LawError(f"{scope.law.code}.{formula.name}: gives {type(result).__name__}, not a value of the rule")
        code = scope.prefix + formula.name
        place = self.graph.add("line", (result.place,), result.unit, code)
        is_output = formula.name in scope.law.exports
        self.lines.append(TracedLine(code, formula, place, is_output, self._read_by(result.place)))
        return type(result)(self.graph, place)

    def _read_by(self, place: int) -> tuple[str, ...]:
        """Parameters read by a line itself, not by the lines below it."""
        waiting, seen, keys = [place], set(), dict[str, None]()
        while waiting:
            place = waiting.pop()
            node = self.graph.nodes[place]
            if place in seen or node.op == "line":
                continue
            seen.add(place)
            keys.update(dict.fromkeys(used_parameters(node)))
            waiting.extend(node.args)
        return tuple(keys)

    def _bound(self, scope: _Scope, fact: Fact) -> Symbol:
        source = scope.bound.get(fact.code)
        if isinstance(source, bool):
            return YesNo(self.graph, self.graph.add("number", (), "yes_no", int(source)))
        if source is not None and scope.outer is not None:
            return self._value(scope.outer, source)
        if scope.outer is not None and fact.code in scope.outer.bound:
            return self._bound(scope.outer, fact)
        if self.facts.setdefault(fact.code, fact) is not fact:
            raise LawError(f"{scope.law.code}: two facts are called {fact.code}")
        kind = {"fen": Amount, "yes_no": YesNo}.get(fact.unit, Count)
        if fact.unit == "choice":
            codes = tuple(option.code for option in fact.options)
            return Choice(self.graph, self.graph.add("fact", (), "choice", fact.code), fact.code, codes)
        return kind(self.graph, self.graph.add("fact", (), kind.unit, fact.code))

    def _number(self, parameter: Parameter) -> Symbol:
        key = parameter.key
        if key not in self.numbers:
            self.numbers[key] = self._in_force(parameter)
        value = self.numbers[key].dated.value
        if isinstance(value, Rate):
            return LawRate(UsedRate(value, ((1, key, value),)))
        if isinstance(value, tuple):
            return LawRates(key, value)
        if isinstance(value, str):
            return Comparison(key, value)
        kind = YesNo if isinstance(value, bool) else Amount
        return kind(self.graph, self.graph.add("parameter", (), kind.unit, UsedParameter(key, int(value))))

    def _in_force(self, parameter: Parameter) -> UsedNumber:
        if parameter.key not in self.what_if:
            return UsedNumber(parameter, parameter.on(self.on, self.known_on), is_supposed=False)
        raw = self.what_if[parameter.key]
        try:
            number = read_number(parameter.kind, raw)
        except (TypeError, ValueError) as problem:
            raise FactRefused(fact=parameter.key, label=parameter.title, reason=str(problem)) from problem
        note = "假设 what-if"
        dated = DatedValue(self.on, None, number, "", self.on, note, "uncertain", note)
        return UsedNumber(parameter, dated, is_supposed=True)
