"""Worked examples of a law: facts in, exact results and intermediate lines out; there is no tolerance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from palmtax.rules.assessment import Assessment, assess
from palmtax.rules.errors import LawError
from palmtax.rules.facts import read_plain_number
from palmtax.rules.laws import LAWS, find_law
from palmtax.rules.parameters import read_yaml
from palmtax.rules.plain import read_plain

_HEAD = {"id", "source", "confidence", "origin", "cases"}
_CASE = {"on", "facts", "expect"}


@dataclass(frozen=True, slots=True)
class Case:
    """One case of an example, written as people write it."""

    law: str
    name: str
    on: date
    facts: Mapping[str, Any]
    lines: Mapping[str, Any]
    expect: Mapping[str, Any]

    def assess(self, what_if: Mapping[str, object] | None = None) -> Assessment:
        """The law applied to the case."""
        return assess(self.law, on=self.on, facts=read_plain(self.law, self.facts), what_if=what_if)

    def faults(self, found: Assessment) -> list[str]:
        """What differs from the published answer, line by line; empty when all is exact."""
        lines = {line.code: line for line in found.lines}
        told = []
        for code, wanted in one_by_one({**self.lines, **self.expect}).items():
            if code not in lines:
                told.append(f"{self.law} {self.name}: no line {code}")
            elif lines[code].value != expected(lines[code].unit, wanted):
                told.append(f"{self.law} {self.name}: {code} is {lines[code].value}, not {wanted}")
        lost = one_by_one(self.expect).keys() - found.outputs.keys()
        return told + [f"{self.law} {self.name}: {code} is not exported" for code in sorted(lost)]


def expected(unit: str, wanted: Any) -> Any:
    """An answer as people write it, in the rule's units.

    >>> expected("fen", "12.50"), expected("quantity", "1.5"), expected("yes_no", True)
    (1250, 15000, True)
    """
    if isinstance(wanted, bool) or unit in ("yes_no", "choice"):
        return wanted
    if unit == "day":
        return (wanted if isinstance(wanted, date) else date.fromisoformat(wanted)).toordinal()
    return read_plain_number("count" if unit == "days" else unit, wanted)


def one_by_one(values: Mapping[str, Any]) -> dict[str, Any]:
    """Rows as `name_01`, `name_02`, …

    >>> one_by_one({"wage": ["1", "2"], "tax": "3"})
    {'wage_01': '1', 'wage_02': '2', 'tax': '3'}
    """
    found: dict[str, Any] = {}
    for code, value in values.items():
        if isinstance(value, (list, tuple)):
            found |= {f"{code}_{place:02d}": one for place, one in enumerate(value, 1)}
        else:
            found[code] = value
    return found


def cases(code: str) -> Iterator[Case]:
    """Every case of a law's examples; badly written files raise `LawError`."""
    find_law(code)
    for path in sorted((LAWS / code / "examples").glob("*.yaml")):
        raw = read_yaml(path)
        if not _HEAD <= raw.keys() <= _HEAD | {"note"} or raw["id"] != path.stem or not raw["cases"]:
            raise LawError(f"{code}: example {path.stem}: keys {sorted(raw)}")
        for place, case in enumerate(raw["cases"], 1):
            if not _CASE <= case.keys() <= _CASE | {"lines", "days"}:
                raise LawError(f"{code}: example {path.stem}: keys {sorted(case)}")
            name = f"{path.stem}.{place}"
            yield Case(code, name, case["on"], case["facts"], case.get("lines", {}), case["expect"])
