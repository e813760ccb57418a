"""Facts: what a rule asks for, described for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from palmtax.rules.errors import FactRefused, LawError
from palmtax.rules.graph import Unit

FactGroup = Literal["period", "sales", "relief", "tax", "surcharges", "taxpayer"]
FactValue = int | bool | str

LARGEST_FEN = 2**53 - 1
"""Largest amount that any of our wires carries exactly, fen."""

_KEYS = {
    "label", "label_en", "term", "term_en", "group", "unit", "lo", "hi", "default", "options", "help", "help_en"
}  # fmt: skip
_UNITS = ("fen", "days", "count", "yes_no", "choice")


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a choice."""

    code: str
    label: str
    label_en: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a rule asks for: everyday label and official term, unit, range, default, help, in both languages."""

    code: str
    label: str
    label_en: str
    term: str
    term_en: str
    group: str
    unit: Unit
    lo: int
    hi: int
    default: FactValue | None
    options: tuple[Option, ...]
    help: str
    help_en: str

    def read(self, value: object) -> int:
        """The value as a number for the computation; `FactRefused` when its type or range is wrong."""
        if self.unit == "choice":
            codes = [option.code for option in self.options]
            if value not in codes:
                raise self.refused(f"one of {', '.join(codes)}")
            return codes.index(str(value))
        if self.unit == "yes_no":
            if not isinstance(value, bool):
                raise self.refused("yes or no")
            return value
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.refused("a whole number")
        if not self.lo <= value <= self.hi:
            raise self.refused(f"from {self.lo} to {self.hi}")
        return value

    def refused(self, reason: str) -> FactRefused:
        """The refusal of this fact."""
        return FactRefused(fact=self.code, label=self.label, reason=reason)


def read_fact(code: str, raw: Mapping[str, Any]) -> Fact:
    """One entry of `facts.yaml`; unknown keys and impossible defaults raise `LawError`."""
    if not {"label", "label_en", "unit", "group"} <= raw.keys() <= _KEYS or raw["unit"] not in _UNITS:
        raise LawError(f"fact {code}: keys {sorted(raw)} or unit {raw.get('unit')!r}")
    options = tuple(Option(name, *words) for name, words in raw.get("options", {}).items())
    if (raw["unit"] == "choice") != bool(options):
        raise LawError(f"fact {code}: a choice, and only a choice, has options")
    hi = {"yes_no": 1, "choice": len(options) - 1}.get(raw["unit"], raw.get("hi", LARGEST_FEN))
    lo = 0 if raw["unit"] in ("yes_no", "choice") else raw.get("lo", -LARGEST_FEN)
    fact = Fact(
        code=code,
        label=raw["label"],
        label_en=raw["label_en"],
        term=raw.get("term", raw["label"]),
        term_en=raw.get("term_en", raw["label_en"]),
        group=raw["group"],
        unit=raw["unit"],
        lo=lo,
        hi=hi,
        default=raw.get("default"),
        options=options,
        help=raw.get("help", ""),
        help_en=raw.get("help_en", ""),
    )
    if fact.default is not None:
        fact.read(fact.default)
    return fact
