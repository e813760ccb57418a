"""Whether the law as it is written holds together: citations in force, every day evaluates or refuses, examples exact."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from palmtax.base.errors import PalmtaxError
from palmtax.rules.engine import traced
from palmtax.rules.errors import LawError, ParameterNotInForce
from palmtax.rules.examples import cases
from palmtax.rules.laws import Law, find_law
from palmtax.rules.parameters import Parameter
from palmtax.rules.statutes import find_article

FIRST, LAST = date(2019, 1, 1), date(2027, 12, 31)
"""The days that every law is tried on."""


def faults(code: str) -> list[str]:
    """What is wrong with a law; empty when nothing is. Never raises for a badly written law."""
    try:
        law = find_law(code)
        return [*_numbers(law), *_days(law), *_examples(code)]
    except LawError as problem:
        return [str(problem)]


def _numbers(law: Law) -> Iterator[str]:
    for parameter in law.parameters.values():
        yield from number_faults(parameter)


def number_faults(parameter: Parameter) -> Iterator[str]:
    """Dead, missing or not-yet-in-force citations of a number's values."""
    for value in parameter.values:
        statute, _name, _ = find_article(value.law)
        where = f"{parameter.key} from {value.first_day}"
        if statute.first_day > value.first_day:
            yield f"{where}: {value.law} is in force from {statute.first_day} only"
        if statute.until is not None and (value.until is None or value.until > statute.until):
            yield f"{where}: {value.law} ends {statute.until}, the number does not"


def trial_days(law: Law) -> list[date]:
    """The first and last day, and each day on which something may change; between two the rule is the same."""
    return sorted({FIRST, LAST, *(day for day in law.turning_days if FIRST <= day <= LAST)})


def _days(law: Law) -> Iterator[str]:
    for day in trial_days(law):
        try:
            rule = traced(law.code, day)
        except ParameterNotInForce:
            continue  # refused by name and day, as it should be
        for line in rule.lines:
            if not any(find_article(reference)[0].in_force(day) for reference in line.formula.articles):
                yield f"{line.code}: no article in force on {day}: {', '.join(line.formula.articles)}"


def _examples(code: str) -> Iterator[str]:
    found = list(cases(code))
    if not found:
        yield f"{code}: no example"
    for case in found:
        try:
            yield from case.faults(case.assess())
        except PalmtaxError as refusal:
            yield f"{code} {case.name}: {refusal}"
