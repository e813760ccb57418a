"""A rule seen as a calculator: what it asks, which lines it shows, and how it is found by everyday words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from palmtax import rules
from palmtax.knowledge import errors

GROUPS = {
    "个人": "For people",
    "经营": "For businesses",
    "房产车辆": "Homes and cars",
    "社保费用": "Social insurance and fees",
    "其他": "Other",
}
"""In the order in which they are shown, with their English names."""
_EVERYDAY = Path(__file__).parents[1] / "kinds" / "everyday.yaml"


@dataclass(frozen=True)
class CalculatorView:
    """A law with its `calculator:`, and the names that go with it."""

    law: rules.Law
    about: Any

    @property
    def code(self) -> str:
        """The code of the law."""
        return self.law.code

    @cached_property
    def facts(self) -> dict[str, rules.Fact]:
        """What it asks, rows as one; the first questions first."""
        found = {fact.code: fact for fact in self.law.asked}
        first = [code for code in self.about.asks if code in found]
        return {code: found[code] for code in dict.fromkeys([*first, *found])}

    @cached_property
    def parts(self) -> tuple[rules.Fact, ...]:
        """The facts one by one: a row of twelve months is twelve."""
        return tuple(part for fact in self.facts.values() for part in fact.parts)

    @cached_property
    def owners(self) -> dict[str, str]:
        """The fact that a part of a row belongs to: `wage_03` → `wage`."""
        return {part.code: fact.code for fact in self.facts.values() for part in fact.parts}

    def read_on(self, day: date) -> dict[str, rules.Fact]:
        """The facts that a formula reads on that day; the others would be asked in vain."""
        read = {self.owners[code] for code in sample(self, day).traced.facts}
        return {code: fact for code, fact in self.facts.items() if code in read}

    @cached_property
    def wanted(self) -> tuple[str, ...]:
        """The outputs that are shown: headline, whole, parts, choices; a whole that is a fact is none of them."""
        named = [self.about.headline, *self.about.parts, *(line for _, line in self.about.compare)]
        if self.about.of and self.about.of not in self.facts:
            named.append(self.about.of)
        return tuple(dict.fromkeys(named))

    def asked_in_order(self, codes: Iterable[str]) -> list[str]:
        """Facts in the order to ask; parts of a row count as the row."""
        owned = {self.owners.get(code, code) for code in codes}
        return [code for code in self.facts if code in owned]

    @cached_property
    def searched(self) -> str:
        """Everything about it that a person may think of, in small letters."""
        about, law = self.about, self.law
        words = [about.name, about.name_en, about.question, about.question_en, law.title, law.title_en, law.code]
        for fact in self.facts.values():
            words += [fact.label, fact.label_en, fact.term, fact.term_en]
            words += [word for option in fact.options for word in (option.label, option.label_en)]
        return "\n".join(words).lower()

    @cached_property
    def everyday(self) -> list[str]:
        """Everyday words for it: those whose official words stand in its name, question or title."""
        about = self.about
        named = f"{about.name}\n{about.question}\n{self.law.title}\n{self.law.title_en}\n{about.name_en}".lower()
        return [word for word, official in everyday_words().items() if any(term.lower() in named for term in official)]

    def is_found_by(self, query: str) -> bool:
        """Whether every word of the query is in it, or is an everyday word for it."""
        words = query.lower().split()
        return all(word in self.searched or any(word in known.lower() for known in self.everyday) for word in words)


@cache
def everyday_words() -> Mapping[str, list[str]]:
    """What people say → the words that the rules use."""
    found: dict[str, list[str]] = yaml.safe_load(_EVERYDAY.read_text(encoding="utf-8"))
    return found


_SEEN: dict[str, CalculatorView] = {}
"""The calculator of each law as it was last read; a version put in force makes a new `Law`, and then a new view."""


def every_calculator() -> tuple[CalculatorView, ...]:
    """All calculators of the law as it is now, by group and then as the folders come."""
    found = [view for view in map(_view, rules.every_law()) if view is not None]
    places = list(GROUPS)
    return tuple(sorted(found, key=lambda view: places.index(view.about.group)))


def find_calculator(code: str) -> CalculatorView:
    """The calculator of a law; CalculatorUnknown when the law is not one that people compute."""
    view = _view(code) if code in rules.every_law() else None
    if view is None:
        raise errors.CalculatorUnknown(law=code)
    return view


def _view(code: str) -> CalculatorView | None:
    law = rules.law(code)
    if law.calculator is None:
        return None
    view = _SEEN.get(code)
    if view is None or view.law is not law:
        view = _SEEN[code] = CalculatorView(law, law.calculator)
    return view


def sample(view: CalculatorView, day: date) -> rules.Assessment:
    """The rule applied to anything that is allowed: shows which facts and lines it has on that day."""
    try:
        return rules.assess(view.code, on=day, facts={})
    except rules.FactMissing as lost:
        parts = {part.code: part for part in view.parts}
        return rules.assess(
            view.code, on=day, facts={code: _anything(parts[code], day) for code in lost.values["facts"]}
        )


def completed(view: CalculatorView, day: date, given: Mapping[str, Any]) -> dict[str, Any]:
    """Every fact that the rule reads on that day: as given, by default, or with anything that is allowed.

    For when nothing that is open can change the result any more.
    """
    read = sample(view, day).traced.facts
    single = {code: value for code, value in given.items() if not isinstance(value, list)}
    for code, values in given.items():
        if isinstance(values, list):
            single |= {part.code: value for part, value in zip(view.facts[code].parts, values, strict=False)}
    return {code: _open(single.get(code), fact, day) for code, fact in read.items()}


def _open(value: object, fact: rules.Fact, day: date) -> object:
    value = fact.default if value is None else value
    return _anything(fact, day) if value is None else value


def _anything(fact: rules.Fact, day: date) -> object:
    if fact.options:
        return fact.options[0].code
    if fact.unit == "yes_no":
        return False
    usual = fact.typical if fact.typical is not None else (day.toordinal() if fact.unit == "day" else 0)
    bounded = min(max(usual, fact.lo), fact.hi)
    return date.fromordinal(bounded) if fact.unit == "day" else bounded
