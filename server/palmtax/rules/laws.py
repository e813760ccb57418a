"""A law is a folder: what it asks, its dated numbers, its formulas, and which other laws it puts together."""

from __future__ import annotations

import hashlib
import importlib.util
import inspect
import threading
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from palmtax.rules.calculators import Calculator, read_calculator
from palmtax.rules.errors import LawError, UnknownLaw
from palmtax.rules.facts import Fact, read_fact
from palmtax.rules.language import Formula, take_written
from palmtax.rules.parameters import DatedValue, Parameter, read_parameter, read_yaml
from palmtax.rules.statutes import every_statute

FOLDER = Path(__file__).parent
LAWS = FOLDER / "law"
_ENGINE = (
    "graph.py", "language/symbols.py", "language/numbers.py", "language/words.py", "language/lines.py",
    "engine.py", "steps.py", "parameters.py", "facts.py", "facts.yaml", "law/statutes.yaml",
)  # fmt: skip
_LOADING = threading.Lock()
_KEYS = {"title", "title_en", "shared", "asks", "uses", "exports", "calculator"}


@dataclass(frozen=True)
class Law:
    """One tax or fee, or a composition of several (`uses` binds facts of the used laws to names of this one)."""

    code: str
    title: str
    title_en: str
    asks: dict[str, Fact]
    uses: dict[str, dict[str, str | int]]
    exports: tuple[str, ...]
    parameters: dict[str, Parameter]
    formulas: dict[str, tuple[Formula, ...]]
    calculator: Calculator | None = None

    @cached_property
    def asked(self) -> tuple[Fact, ...]:
        """What has to be asked, in order: own facts, then those of the used laws that nothing else answers; rows whole."""
        found = dict(self.asks)
        for code, bound in self.uses.items():
            for fact in find_law(code).asked:
                if fact.code in bound:
                    continue
                if found.setdefault(fact.code, fact) is not fact:
                    raise LawError(f"{self.code}: two facts are called {fact.code}; bind one or share it")
        return tuple(found.values())

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """What has to be asked, one by one: a row of twelve months is twelve facts."""
        return tuple(part for fact in self.asked for part in fact.parts)

    @cached_property
    def outputs(self) -> tuple[str, ...]:
        """Names of the results: own ones bare, those of used laws in full (`late_fee.fee`)."""
        inner = [name if "." in name else f"{code}.{name}" for code in self.uses for name in find_law(code).outputs]
        return (*self.exports, *inner)

    @cached_property
    def version(self) -> str:
        """A short hash over everything that decides a result: formulas, numbers, facts, statutes, engine."""
        digest = hashlib.sha256()
        for path in sorted({*(FOLDER / name for name in _ENGINE), *self._files()}):
            digest.update("/".join(path.parts[-3:]).encode() + b"\0" + path.read_bytes() + b"\0")
        for key in sorted(enacted_values.keys() & self.all_parameters.keys()):
            digest.update(repr((key, enacted_values[key])).encode())
        return f"{self.code}-{digest.hexdigest()[:16]}"

    def _files(self) -> set[Path]:
        folder = LAWS / self.code
        own = {folder / "formulas.py", folder / "facts.yaml", *folder.glob("parameters/*.yaml")}
        return own.union(*(find_law(code)._files() for code in self.neighbours))

    @cached_property
    def neighbours(self) -> tuple[str, ...]:
        """Laws whose results or numbers this one reads."""
        named = {argument.partition("__")[0] for argument in self._arguments() if "__" in argument}
        return tuple(sorted(named | self.uses.keys()))

    def _arguments(self) -> set[str]:
        functions = [version.function for versions in self.formulas.values() for version in versions]
        return {argument for function in functions for argument in inspect.signature(function).parameters}

    @cached_property
    def all_parameters(self) -> dict[str, Parameter]:
        """Parameters by full key, of this law and its neighbours."""
        found = {parameter.key: parameter for parameter in self.parameters.values()}
        for code in self.neighbours:
            found.update(find_law(code).all_parameters)
        return found

    @cached_property
    def turning_days(self) -> list[date]:
        """Days on which a number or a formula may change; between two of them the rule is the same."""
        days = {version.since for versions in self.formulas.values() for version in versions}
        for parameter in self.all_parameters.values():
            days |= parameter.turning_days()
        return sorted(days.union(*(find_law(code).turning_days for code in self.neighbours)))

    @cached_property
    def published_days(self) -> list[date]:
        """Days on which something about its numbers became known."""
        values = [value for parameter in self.all_parameters.values() for value in parameter.values]
        return sorted({value.published for value in values} | {value.ended_on for value in values if value.ended_on})

    def formula(self, name: str, day: date) -> Formula | None:
        """The version of a line that counts on that day."""
        versions = [version for version in self.formulas.get(name, ()) if version.since <= day]
        return max(versions, key=lambda version: version.since) if versions else None


@cache
def shared_facts() -> dict[str, Fact]:
    """Facts that several laws ask for, from `rules/facts.yaml`."""
    return {code: read_fact(code, raw) for code, raw in read_yaml(FOLDER / "facts.yaml").items()}


@cache
def every_law() -> tuple[str, ...]:
    """Codes of all laws: the folders that have formulas. Nothing registers; folders are found."""
    return tuple(sorted(path.parent.name for path in LAWS.glob("*/formulas.py")))


@cache
def find_law(code: str) -> Law:
    """The law of that folder; `UnknownLaw` when there is none, `LawError` when it is badly written."""
    if code not in every_law():
        raise UnknownLaw(law=code)
    raw: dict[str, Any] = read_yaml(LAWS / code / "facts.yaml")
    if not {"title", "title_en", "exports"} <= raw.keys() <= _KEYS:
        raise LawError(f"{code}/facts.yaml: keys {sorted(raw)}")
    asks = {name: shared_facts()[name] for name in raw.get("shared", [])}
    asks |= {name: read_fact(name, words) for name, words in raw.get("asks", {}).items()}
    written = [read_parameter(path, code) for path in sorted((LAWS / code / "parameters").glob("*.yaml"))]
    parameters = {number.key.partition(".")[2]: _with_enacted(number) for number in written}
    law = Law(
        code=code,
        title=raw["title"],
        title_en=raw["title_en"],
        asks=asks,
        uses=raw.get("uses", {}),
        exports=tuple(raw["exports"]),
        parameters=parameters,
        formulas=_formulas(code),
        calculator=read_calculator(code, raw["calculator"]) if "calculator" in raw else None,
    )
    _check_names(law)
    return law


enacted_values: dict[str, tuple[DatedValue, ...]] = {}
"""Versions of numbers beside the files, by full key; `enacted.enact` sets them."""


def _with_enacted(number: Parameter) -> Parameter:
    values = tuple(_ended_with_its_law(value) for value in number.values)
    return replace(number, values=values + enacted_values.get(number.key, ()))


def _ended_with_its_law(value: DatedValue) -> DatedValue:
    """A value without an end stops with the text that sets it, so that it does not outlive what replaced it."""
    title = value.law.rpartition(" ")[0]
    ended_on = every_statute()[title].ended_on if title in every_statute() else None
    if value.until is not None or ended_on is None or ended_on < value.first_day:
        return value
    return replace(value, ended_on=ended_on)


def forget_laws() -> None:
    """Read the laws anew when they are next asked for."""
    find_law.cache_clear()


def _formulas(code: str) -> dict[str, tuple[Formula, ...]]:
    module = f"palmtax_law_{code}"  # found by folder, so that adding a tax edits no list
    spec = importlib.util.spec_from_file_location(module, LAWS / code / "formulas.py")
    if spec is None or spec.loader is None:
        raise LawError(f"{code}: formulas.py cannot be loaded")
    with _LOADING:  # two threads that open a law at once must not mix what they read
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
        written = take_written(module)
    found: dict[str, tuple[Formula, ...]] = {}
    for formula in written:
        versions = found.get(formula.name, ())
        if formula.since in {version.since for version in versions}:
            raise LawError(f"{code}.{formula.name}: written twice for {formula.since}")
        found[formula.name] = (*versions, formula)
    return found


def _check_names(law: Law) -> None:
    kinds = (law.asks.keys(), law.parameters.keys(), law.formulas.keys())
    names = [name for kind in kinds for name in kind]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise LawError(f"{law.code}: names used twice: {sorted(twice)}")
    lost = set(law.exports) - law.formulas.keys()
    if lost:
        raise LawError(f"{law.code}: exports without a formula: {sorted(lost)}")
