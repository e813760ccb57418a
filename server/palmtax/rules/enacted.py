"""Versions of numbers that the law desk put in force beside those of the files; nothing in a file is overwritten.

The library itself keeps no database: whoever starts a process hands in the versions that two officers agreed on, and
hands them in again when there are new ones. A law's `version` covers them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from palmtax.base.errors import PalmtaxError
from palmtax.rules.assessment import ExplainedLine
from palmtax.rules.checking import FIRST, LAST, number_faults
from palmtax.rules.engine import forget_traced, traced
from palmtax.rules.errors import LawError, ParameterNotInForce
from palmtax.rules.examples import Case, cases
from palmtax.rules.laws import enacted_values, every_law, find_law, forget_laws
from palmtax.rules.parameters import DatedValue, Parameter, plain_number


def enacted() -> Mapping[str, tuple[DatedValue, ...]]:
    """The versions now in force beside the files, by full key."""
    return dict(enacted_values)


def enact(versions: Mapping[str, Sequence[DatedValue]]) -> bool:
    """Put exactly these versions beside the files; whether anything changed. Unknown keys raise `LawError`."""
    wanted = {key: tuple(values) for key, values in versions.items() if values}
    if wanted == enacted_values:
        return False
    for key in wanted:
        parameter(key)
    enacted_values.clear()
    enacted_values.update(wanted)
    forget_laws()
    forget_traced()
    return True


def parameter(key: str) -> Parameter:
    """The number of that full key, such as `iit_year.basic_deduction`; `LawError` when there is none."""
    code, _, name = key.partition(".")
    if code in every_law() and name in find_law(code).parameters:
        return find_law(code).parameters[name]
    raise LawError(f"no number of the law is called {key!r}")


def readers(key: str) -> tuple[str, ...]:
    """Codes of the laws whose results may depend on a number."""
    return tuple(code for code in every_law() if key in find_law(code).all_parameters)


class Difference(dict[str, Any]):
    """One line of an example that a proposed version changes: law, example, line, labels, before, after, unit."""


def trial(key: str, value: DatedValue) -> tuple[list[str], list[Difference], int]:
    """What a proposed version would do: faults of the writing, changed lines of examples, and examples run.

    Nothing is put in force: each example whose day the version would govern is assessed with it supposed, and each of
    an earlier day as if it were of the version's first day, as far as the law then asks the same.
    """
    found = parameter(key)
    with_it = replace(found, values=(*found.values, value))
    supposed = {key: plain_number(found.kind, value.value)}
    faults = [*number_faults(replace(found, values=(value,))), *_untraceable(key, value, supposed)]
    tried = [case for code in readers(key) for given in cases(code) for case in _governed(given, value)]
    changed: list[Difference] = []
    for case in tried if not faults else ():
        if with_it.on(case.on) is value:
            changed += _differences(case, supposed)
    return faults, changed, len(tried)


def _governed(case: Case, value: DatedValue) -> Iterator[Case]:
    """The example on a day that the version governs; none when there is no such day."""
    if value.covers(case.on):
        yield case
    elif case.on < value.first_day:
        later = replace(case, on=value.first_day)
        try:
            later.assess()
        except (LawError, PalmtaxError):
            return
        yield later


def _differences(case: Case, supposed: Mapping[str, object]) -> Iterator[Difference]:
    before, after = _lines(case, None), _lines(case, supposed)
    for code, line in after.items():
        old = before.get(code)
        if old is None or old.value != line.value:
            words = {"line": code, "label": line.label, "label_en": line.label_en, "unit": line.unit}
            was = None if old is None else old.value
            yield Difference(law=case.law, example=case.name, before=was, after=line.value, **words)


def _lines(case: Case, supposed: Mapping[str, object] | None) -> dict[str, ExplainedLine]:
    try:
        return {line.code: line for line in case.assess(supposed).lines}
    except ParameterNotInForce:
        return {}


def _untraceable(key: str, value: DatedValue, supposed: Mapping[str, object]) -> Iterator[str]:
    """Laws that could no longer be read with the version in force."""
    for code in readers(key):
        for day in sorted({max(value.first_day, FIRST), value.until or max(value.first_day, LAST)}):
            try:
                traced(code, day, what_if=supposed)
            except ParameterNotInForce:
                continue
            except (LawError, PalmtaxError) as problem:
                yield f"{code}: {problem}"
