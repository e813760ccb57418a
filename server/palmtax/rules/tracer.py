"""The tracer: calls the formulas of a law once, with symbols for facts and numbers, and keeps the graph they make."""

from __future__ import annotations

import inspect
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from palmtax.rules.errors import FactRefused, LawError
from palmtax.rules.facts import EACH, Fact
from palmtax.rules.graph import Graph, Unit, UsedParameter, UsedRate, UsedScale, used_parameters
from palmtax.rules.language import (
    Amount,
    Choice,
    Comparison,
    Count,
    Day,
    Formula,
    LawRate,
    LawRates,
    LawTable,
    PerUnit,
    PerUnits,
    Portion,
    Quantity,
    RatioScale,
    Row,
    Scale,
    Symbol,
    Value,
    YesNo,
)
from palmtax.rules.laws import Law, find_law
from palmtax.rules.parameters import DatedValue, Parameter, read_number
from palmtax.rules.traced import Traced, TracedLine, UsedNumber

Places = tuple[tuple[str, str], ...]
_UNITS: dict[Unit, Unit] = {"days": "count"}
_KINDS: dict[str, type[Value]] = {
    "fen": Amount, "count": Count, "days": Count, "quantity": Quantity, "rate": Portion, "day": Day, "yes_no": YesNo,
}  # fmt: skip
_SINGLES: dict[str, type[Value]] = {
    "money": Amount, "count": Count, "quantity": Quantity, "day": Day, "yes_no": YesNo,
}  # fmt: skip
_TABLES: dict[str, type[Amount | Quantity | Count]] = {
    "amounts": Amount, "quantities": Quantity, "counts": Count,
}  # fmt: skip


@dataclass
class _Scope:
    """One law while it is traced, with what the composing law binds its facts to."""

    law: Law
    prefix: str
    outer: _Scope | None
    bound: Mapping[str, str | int]
    values: dict[str, Symbol] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)


class Tracer:
    """Traces one law, and the laws it uses, for one day."""

    def __init__(self, law: Law, on: date, known_on: date | None, what_if: dict[str, object]) -> None:
        self.on, self.known_on, self.what_if = on, known_on, what_if
        self.graph = Graph()
        self.facts: dict[str, Fact] = {}
        self.rows: dict[str, tuple[Fact, ...]] = {}
        self.lines: list[TracedLine] = []
        self.numbers: dict[str, UsedNumber] = {}
        self.top = _Scope(law, "", None, {})
        self.scopes: dict[str, _Scope] = {}
        unknown = what_if.keys() - law.all_parameters.keys()
        if unknown:
            code = min(unknown)
            raise FactRefused.of(code, code, code, "parameter")

    def trace(self) -> Traced:
        """All lines of the law and of the laws it uses, those first."""
        self._enter(self.top)
        law = self.top.law
        outputs = {line.code: line.place for line in self.lines if line.is_output}
        ordered = {code: self.facts[code] for code in (fact.code for fact in law.facts) if code in self.facts}
        names = [name for wanted in law.outputs for name in self._names(wanted)]
        return Traced(
            law,
            tuple(self.graph.nodes),
            ordered,
            tuple(self.lines),
            {name: outputs[name] for name in names},
            self.numbers,
            bool(self.what_if),
        )

    def _names(self, wanted: str) -> list[str]:
        """The lines of an output: itself, or those of its row."""
        head, _, name = wanted.rpartition(".")
        scope = self.scopes[head] if head else self.top
        value = scope.values.get(name)
        if value is None:
            return []  # a line that does not count on that day
        if not isinstance(value, Row):
            return [wanted]
        return [f"{wanted}_{place:02d}" for place in range(1, len(value) + 1)]

    def _enter(self, scope: _Scope) -> None:
        for code, bound in scope.law.uses.items():
            if code in self.scopes:
                raise LawError(f"{scope.law.code}: {code} is used twice")
            self.scopes[code] = _Scope(find_law(code), f"{code}.", scope, bound)
            lost = bound.keys() - {fact.code for fact in find_law(code).asked}
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

    def _line(self, scope: _Scope, formula: Formula) -> Symbol:
        arguments = [self._value(scope, name) for name in inspect.signature(formula.function).parameters]
        result: Any = formula.function(*arguments)
        if not inspect.isgenerator(result) and not isinstance(result, (list, tuple, Row)):
            return self._named(scope, formula, result)
        sizes = [len(value) for value in arguments if isinstance(value, Row)]
        words = EACH["quarter" if sizes and sizes[0] == len(EACH["quarter"]) else "month"]
        if inspect.isgenerator(result):
            return Row(self._yielded(scope, formula, cast("Generator[Any, Any, None]", result), words))
        return Row([self._named(scope, formula, value, at, words) for at, value in enumerate(result, 1)])

    def _yielded(self, scope: _Scope, formula: Formula, steps: Generator[Any, Any, None], words: Places) -> list[Value]:
        """The lines of a formula that yields one value after the other and is handed back each as a named line."""
        found: list[Value] = []
        try:
            value = next(steps)
            while True:
                found.append(self._named(scope, formula, value, len(found) + 1, words))
                value = steps.send(found[-1])
        except StopIteration:
            return found

    def _named(self, scope: _Scope, formula: Formula, result: Any, place: int = 0, words: Places = ()) -> Value:
        """One line of the rule; `place` counts the months or quarters of a row."""
        if not isinstance(result, Value):
            raise LawError(f"{scope.law.code}.{formula.name}: gives {type(result).__name__}, not a value of the rule")
        code = f"{scope.prefix}{formula.name}{f'_{place:02d}' if place else ''}"
        node = self.graph.add("line", (result.place,), result.unit, code)
        is_output = formula.name in scope.law.exports
        label, label_en = formula.label, formula.label_en
        if place:
            label, label_en = f"{label}（{words[place - 1][0]}）", f"{label_en} ({words[place - 1][1]})"
        self.lines.append(TracedLine(code, formula, node, is_output, self._read_by(result.place), label, label_en))
        if isinstance(result, Choice):
            return Choice(self.graph, node, result.fact, result.options)
        return type(result)(self.graph, node)

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
        if isinstance(source, int):
            return self._settled(fact, source)
        if source is not None and scope.outer is not None:
            return self._value(scope.outer, source)
        if scope.outer is not None and fact.code in scope.outer.bound:
            return self._bound(scope.outer, fact)
        if fact.each is not None:
            return Row([self._asked(scope, part) for part in self._parts(fact)])
        return self._asked(scope, fact)

    def _settled(self, fact: Fact, value: int) -> Value:
        """A fact that the composing law answers itself: yes, no, or 0; other numbers belong into parameters."""
        if isinstance(value, bool) != (fact.unit == "yes_no") or (value and fact.unit != "yes_no") or fact.each:
            raise LawError(f"{fact.code}: may be bound to true or false, or a number to 0, not to {value!r}")
        kind = _KINDS[fact.unit]
        return kind(self.graph, self.graph.add("number", (), kind.unit, int(value)))

    def _parts(self, fact: Fact) -> tuple[Fact, ...]:
        """The parts of a row, the same objects each time."""
        return self.rows.setdefault(fact.code, fact.parts)

    def _asked(self, scope: _Scope, fact: Fact) -> Value:
        if self.facts.setdefault(fact.code, fact) is not fact:
            raise LawError(f"{scope.law.code}: two facts are called {fact.code}")
        place = self.graph.add("fact", (), _UNITS.get(fact.unit, fact.unit), fact.code)
        if fact.unit == "choice":
            return Choice(self.graph, place, fact.code, tuple(option.code for option in fact.options))
        return _KINDS[fact.unit](self.graph, place)

    def _number(self, parameter: Parameter) -> Symbol:
        key = parameter.key
        if key not in self.numbers:
            self.numbers[key] = self._in_force(parameter)
        value: Any = self.numbers[key].dated.value
        match parameter.kind:
            case "rate":
                return LawRate(UsedRate(value, ((1, key, value),)), self.graph)
            case "rates":
                return LawRates(key, value)
            case "comparison":
                return Comparison(key, value)
            case "per_unit":
                return PerUnit(key, value)
            case "per_units":
                return PerUnits(key, value)
            case "scale":
                return Scale(UsedScale(key, value))
            case "ratio_scale":
                return RatioScale(UsedScale(key, value))
            case "amounts" | "quantities" | "counts":
                return LawTable(key, _TABLES[parameter.kind], value)
            case _:
                kind = _SINGLES[parameter.kind]
                return kind(self.graph, self.graph.add("parameter", (), kind.unit, UsedParameter(key, int(value))))

    def _in_force(self, parameter: Parameter) -> UsedNumber:
        if parameter.key not in self.what_if:
            return UsedNumber(parameter, parameter.on(self.on, self.known_on), is_supposed=False)
        raw = self.what_if[parameter.key]
        try:
            number = read_number(parameter.kind, raw)
        except (TypeError, ValueError) as problem:
            refused = FactRefused.of(parameter.key, parameter.title, parameter.title_en, "number", str(problem))
            raise refused from problem
        note = "假设 what-if"
        dated = DatedValue(self.on, None, number, "", self.on, note, "uncertain", note)
        return UsedNumber(parameter, dated, is_supposed=True)
