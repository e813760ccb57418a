"""Facts: what a rule asks for, described for people and for programs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from palmtax.base.money import BadAmount, yuan
from palmtax.base.rate import Rate
from palmtax.rules.errors import FactRefused, LawError
from palmtax.rules.graph import MILLIONTHS, TEN_THOUSANDTHS, Unit
from palmtax.rules.refusals import RANGE, REASONS, WHOLE, Given, choices

FactGroup = Literal[
    "period", "sales", "income", "deductions", "cost", "assets", "people", "place", "thing",
    "relief", "tax", "surcharges", "taxpayer",
]  # fmt: skip
FactValue = int | bool | str | date
Each = Literal["month", "quarter"]

LARGEST_FEN = 2**53 - 1
"""Largest amount that any of our wires carries exactly, fen."""
LARGEST_MONEY = 10**15
"""Largest amount of any tax matter, fen: 10 trillion yuan."""
LARGEST_QUANTITY = 10**12 * TEN_THOUSANDTHS
FIRST_DAY, LAST_DAY = date(1949, 10, 1).toordinal(), date(2099, 12, 31).toordinal()

_KEYS = {
    "label", "label_en", "term", "term_en", "group", "unit", "lo", "hi", "default", "options", "help", "help_en",
    "each", "measure", "measure_en", "typical",
}  # fmt: skip
_WIDEST: dict[str, tuple[int, int]] = {
    "fen": (-LARGEST_MONEY, LARGEST_MONEY),
    "count": (-LARGEST_FEN, LARGEST_FEN),
    "days": (-LARGEST_FEN, LARGEST_FEN),
    "quantity": (0, LARGEST_QUANTITY),
    "rate": (0, MILLIONTHS),
    "day": (FIRST_DAY, LAST_DAY),
}
EACH: dict[str, tuple[tuple[str, str], ...]] = {
    "month": tuple(
        (f"{place}月", name)
        for place, name in enumerate(
            ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
        )
    ),
    "quarter": tuple((f"第{place}季度", f"Q{place}") for place in range(1, 5)),
}
"""The places of a row, in Chinese and English."""
_DECIMAL = re.compile(r"(-?)(\d{1,13})(?:\.(\d+))?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a choice."""

    code: str
    label: str
    label_en: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a rule asks for: everyday label and official term, unit, range, default, help, in both languages.

    `lo`, `hi` and `typical` are in the rule's units (fen, ten-thousandths, millionths, ordinal of a day); `default`
    is a value as `read` takes it. A fact with `each` stands for a row of facts (`parts`).
    """

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
    each: Each | None = None
    measure: str = ""
    measure_en: str = ""
    typical: int | None = None

    def read(self, value: object) -> int:
        """The value as a number for the computation; `FactRefused` when its type or range is wrong.

        Fen, counts, ten-thousandths and millionths are `int`, days `date`, yes/no `bool`, choices the option's code.
        """
        if self.unit == "choice":
            codes = [option.code for option in self.options]
            if value not in codes:
                raise self.refused("option", choices([(one.code, one.label, one.label_en) for one in self.options]))
            return codes.index(str(value))
        if self.unit == "yes_no":
            if not isinstance(value, bool):
                raise self.refused("yes_no")
            return value
        if self.unit == "day":
            if type(value) is not date:
                raise self.refused("day")
            value = value.toordinal()
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.refused(WHOLE.get(self.unit, "whole"))
        if not self.lo <= value <= self.hi:
            raise self.refused(RANGE.get(self.unit, "range"), self.plain(self.lo), self.plain(self.hi))
        return value

    def plain_value(self, raw: object) -> FactValue:
        """A value as people write it (yuan, decimals, percent, ISO days), as `read` takes it."""
        if self.unit in ("choice", "yes_no"):
            return raw  # type: ignore[return-value]  # `read` checks it
        if self.unit == "day":
            return self._plain_day(raw)
        if isinstance(raw, float):
            raise self.refused("float")
        try:
            found = read_plain_number(self.unit, raw)
        except (ValueError, TypeError) as problem:
            raise self.refused(REASONS.get(self.unit, "whole")) from problem
        return found

    def _plain_day(self, raw: object) -> date:
        if type(raw) is date:
            return raw
        if isinstance(raw, str) and _DAY.fullmatch(raw):
            try:
                return date.fromisoformat(raw)
            except ValueError:
                pass
        raise self.refused("day")

    def plain(self, number: int) -> str:
        """A number of the computation as people write it: `plain_value` reads it back."""
        return write_plain_number(self.unit, number)

    def refused(self, reason: str, *given: Given) -> FactRefused:
        """The refusal of this fact, with a reason of `refusals.WORDS`."""
        return FactRefused.of(self.code, self.label, self.label_en, reason, *given)

    @property
    def parts(self) -> tuple[Fact, ...]:
        """The facts of a row (`wage_01` …), or this fact alone."""
        if self.each is None:
            return (self,)
        return tuple(
            replace(
                self,
                code=f"{self.code}_{place:02d}",
                label=f"{self.label}（{zh}）",
                label_en=f"{self.label_en} ({en})",
                each=None,
            )
            for place, (zh, en) in enumerate(EACH[self.each], 1)
        )


def read_plain_number(unit: str, raw: object) -> int:
    """A number as people and the law write it, in the rule's units; `ValueError` or `TypeError` when it is not one.

    >>> read_plain_number("fen", "12.5"), read_plain_number("quantity", "140.01"), read_plain_number("rate", "10%")
    (1250, 1400100, 100000)
    """
    if isinstance(raw, bool) or not isinstance(raw, (int, str)):
        raise TypeError(f"{raw!r} is not a number written as text or a whole number")
    if unit == "fen":
        return yuan(raw)
    if unit == "rate":
        return _exact(Rate(raw).fraction * MILLIONTHS, raw)
    found = _DECIMAL.fullmatch(str(raw).strip().replace(",", ""))
    if found is None:
        raise ValueError(f"not a number: {raw!r}")
    places = 4 if unit == "quantity" else 0
    part = (found[3] or "").rstrip("0")
    if len(part) > places:
        raise ValueError(f"more than {places} decimals: {raw!r}")
    size = int(found[2] + part.ljust(places, "0"))
    return -size if found[1] else size


def _exact(value: Any, raw: object) -> int:
    if value.denominator != 1:
        raise ValueError(f"more decimals than can be kept: {raw!r}")
    return int(value)


def write_plain_number(unit: str, number: int) -> str:
    """The number as people write it, without grouping: yuan, measure, percent, ISO day."""
    if unit == "day":
        return date.fromordinal(number).isoformat()
    if unit == "rate":
        return str(Rate(f"{number}/{MILLIONTHS}"))
    places = {"fen": 2, "quantity": 4}.get(unit, 0)
    size, part = divmod(abs(number), 10**places)
    tail = f"{part:0{places}d}".rstrip("0") if places else ""
    return f"{'-' if number < 0 else ''}{size}{'.' + tail if tail else ''}"


def read_fact(code: str, raw: Mapping[str, Any]) -> Fact:
    """One entry of `facts.yaml`; unknown keys and impossible defaults raise `LawError`."""
    unit = raw.get("unit", "")
    if not {"label", "label_en", "unit", "group"} <= raw.keys() <= _KEYS or unit not in {*_WIDEST, "yes_no", "choice"}:
        raise LawError(f"fact {code}: keys {sorted(raw)} or unit {unit!r}")
    options = tuple(Option(str(name), *words) for name, words in raw.get("options", {}).items())
    if (unit == "choice") != bool(options) or raw.get("each") not in (None, *EACH):
        raise LawError(f"fact {code}: a choice, and only a choice, has options; each is month or quarter")
    widest = _WIDEST.get(unit, (0, max(len(options) - 1, 1)))
    try:
        lo, hi, typical = (_bound(unit, raw.get(key)) for key in ("lo", "hi", "typical"))
        default = _default(unit, raw.get("default"))
    except (BadAmount, ValueError, TypeError) as problem:
        raise LawError(f"fact {code}: {problem}") from problem
    words = {name: str(raw.get(name, "")) for name in ("help", "help_en", "measure", "measure_en")}
    fact = Fact(
        code=code,
        label=raw["label"],
        label_en=raw["label_en"],
        term=raw.get("term", raw["label"]),
        term_en=raw.get("term_en", raw["label_en"]),
        group=raw["group"],
        unit=unit,
        lo=widest[0] if lo is None else lo,
        hi=widest[1] if hi is None else hi,
        default=default,
        options=options,
        each=raw.get("each"),
        typical=typical,
        **words,
    )
    if fact.default is not None:
        fact.read(fact.default)
    return fact


def _bound(unit: str, raw: Any) -> int | None:
    """An end of a range: as people write it; a bare 0 is 0 in any unit."""
    if raw is None or raw == 0:
        return raw  # type: ignore[no-any-return]  # nothing, or 0
    if unit == "day":
        return raw.toordinal() if type(raw) is date else date.fromisoformat(raw).toordinal()
    return read_plain_number(unit, raw)


def _default(unit: str, raw: Any) -> FactValue | None:
    if raw is None or unit in ("yes_no", "choice") or isinstance(raw, date):
        return raw if unit != "choice" or raw is None else str(raw)
    if unit == "day":
        return date.fromisoformat(raw)
    return _bound(unit, raw)
