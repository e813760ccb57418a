"""Numbers of the law: dated files in the law's own words, read into fen and exact rates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal, cast

import yaml

from palmtax.base.money import yuan
from palmtax.base.rate import Rate
from palmtax.rules.errors import LawError, ParameterNotInForce
from palmtax.rules.facts import read_plain_number, write_plain_number
from palmtax.rules.graph import Bracket
from palmtax.rules.sayings import show_fraction

Kind = Literal[
    "money", "rate", "count", "quantity", "day", "yes_no", "comparison", "per_unit", "scale", "ratio_scale",
    "rates", "amounts", "quantities", "counts", "per_units",
]  # fmt: skip
Confidence = Literal["law", "secondary", "own", "uncertain"]
Number = int | bool | str | Rate | tuple[tuple[str, Rate | int], ...] | tuple[Bracket, ...]

CONFIDENCES = ("law", "secondary", "own", "uncertain")
_HEAD = {"title", "title_en", "kind", "unit", "values", "checked"}
_VALUE = {"from", "until", "value", "law", "published", "source", "confidence", "note"}


class _Yaml(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the C form where it is built
    """Safe YAML in which only `true` and `false` are yes and no: the key `on` stays a word."""


_Yaml.yaml_implicit_resolvers = {
    first: [entry for entry in entries if entry[0] != "tag:yaml.org,2002:bool"]
    for first, entries in _Yaml.yaml_implicit_resolvers.items()
}
_Yaml.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("(?:true|false)$"), list("tf"))


def read_yaml(path: Path) -> Any:
    """The content of one data file."""
    try:
        return yaml.load(path.read_text("utf-8"), Loader=_Yaml)  # noqa: S506 - made from the safe loader
    except yaml.YAMLError as problem:
        raise LawError(f"{'/'.join(path.parts[-3:])}: {problem}") from problem


@dataclass(frozen=True, slots=True)
class DatedValue:
    """One value with the days it counts, its article, and when it was published."""

    first_day: date
    until: date | None
    value: Number
    law: str
    published: date
    source: str
    confidence: Confidence
    note: str
    ended_on: date | None = None

    def covers(self, day: date, known_on: date | None = None) -> bool:
        """Whether it counts on that day; that its text ended is known from the day of its end."""
        last = self.until
        if self.ended_on is not None and (known_on is None or known_on >= self.ended_on):
            last = self.ended_on
        return self.first_day <= day and (last is None or day <= last)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of the law through time; `key` is law and file name, such as `late_fee.daily_rate`."""

    key: str
    title: str
    title_en: str
    kind: Kind
    unit: str
    values: tuple[DatedValue, ...]
    checked_on: date
    checked_by: str

    def on(self, day: date, known_on: date | None = None) -> DatedValue:
        """The value in force that day, as known on `known_on`; of several, the one published last, then begun last.

        Raises `ParameterNotInForce` before the first value and after `until`; never a silent default.
        """
        known = [value for value in self.values if known_on is None or value.published <= known_on]
        found = [value for value in known if value.covers(day, known_on)]
        if not found:
            zh, en = self._why_not(day, known)
            names = {"parameter": self.key, "title": self.title, "title_en": self.title_en}
            raise ParameterNotInForce(on=day, reason=zh, reason_en=en, **names)
        return max(found, key=lambda value: (value.published, value.first_day))

    def _why_not(self, day: date, known: list[DatedValue]) -> tuple[str, str]:
        if not known:
            published = min(value.published for value in self.values)
            return f"{published}才公布", f"first published {published}"
        first = min(value.first_day for value in known)
        if day < first:
            return f"自{first}起才有规定", f"first value from {first}"
        ends = [value.ended_on or value.until for value in known]
        ended = [end for end in ends if end is not None and end < day]
        if ended:
            return f"规定到{max(ended)}为止", f"last value until {max(ended)}"
        return "在两段规定之间", "between two values"

    def turning_days(self) -> set[date]:
        """Days on which the value in force may change."""
        ends = {end for value in self.values for end in (value.until, value.ended_on) if end is not None}
        after = {end + timedelta(days=1) for end in ends}
        return after | {value.first_day for value in self.values}


_SINGLE: dict[str, str] = {"money": "fen", "count": "count", "quantity": "quantity", "day": "day"}
_TABLES: dict[str, str] = {"amounts": "fen", "quantities": "quantity", "counts": "count"}


def read_number(kind: str, raw: Any) -> Number:
    """A value as the law writes it, in our units: yuan become fen, percentages become exact rates.

    Raises `ValueError` or `TypeError` when it is not a value of that kind.
    """
    if kind in _SINGLE:
        return _day(raw).toordinal() if kind == "day" else read_plain_number(_SINGLE[kind], raw)
    if kind == "rate":
        return _rate(raw)
    if kind == "per_unit":
        return _price(raw)
    if kind in ("scale", "ratio_scale"):
        return _scale(kind, raw)
    if kind == "comparison" and raw in ("below", "at_most"):
        return str(raw)
    if kind == "yes_no" and isinstance(raw, bool):
        return raw
    if isinstance(raw, dict) and raw:
        return _table(kind, raw)
    raise ValueError(f"{raw!r} is not a value of kind {kind}")


def _table(kind: str, raw: dict[Any, Any]) -> tuple[tuple[str, Rate | int], ...]:
    if kind == "rates":
        return tuple((str(option), _rate(rate)) for option, rate in raw.items())
    if kind == "per_units":
        return tuple((str(option), _price(price)) for option, price in raw.items())
    if kind in _TABLES:
        return tuple((str(option), read_plain_number(_TABLES[kind], value)) for option, value in raw.items())
    raise ValueError(f"{raw!r} is not a value of kind {kind}")


def _price(raw: Any) -> Rate:
    price = Rate(raw) if isinstance(raw, str) else None
    if price is None or price.fraction < 0:
        raise ValueError(f"{raw!r} is not a price per unit in yuan, written as text")
    return price


def _scale(kind: str, raw: Any) -> tuple[Bracket, ...]:
    """Rows of a scale in rising order; the last, and only the last, has no end."""
    if not isinstance(raw, list) or not raw:
        raise ValueError(f"{raw!r} is not a list of brackets")
    rows = []
    for place, row in enumerate(raw, 1):
        _demand(row, {"rate"}, {"up_to", "rate", "less"})
        if ("up_to" in row) == (place == len(raw)):
            raise ValueError("every bracket but the last has an end (up_to)")
        rows.append(Bracket(_end(kind, row.get("up_to")), _rate(row["rate"]), _end(kind, row.get("less", "0"))))  # type: ignore[arg-type]  # less is never empty
    ends = [row.up_to for row in rows if row.up_to is not None]
    if ends != sorted(set(ends)):
        raise ValueError("the ends of the brackets do not rise")
    return tuple(rows)


def _end(kind: str, raw: Any) -> Fraction | None:
    if raw is None:
        return None
    return Fraction(yuan(raw)) if kind == "scale" else Rate(raw).fraction


def _rate(raw: Any) -> Rate:
    rate = Rate(raw) if isinstance(raw, str) else None
    if rate is None or not 0 <= rate.fraction <= 1:
        raise ValueError(f"{raw!r} is not a rate from 0 to 100%, written as text")
    return rate


def read_parameter(path: Path, law: str) -> Parameter:
    """One parameter file; a missing or unknown key, a wrong value or a wrong date raises `LawError`."""
    raw = read_yaml(path)
    key = f"{law}.{path.stem}"
    try:
        _demand(raw, _HEAD, _HEAD)
        _demand(raw["checked"], {"on", "by"}, {"on", "by"})
        values = _values(raw["values"], raw["kind"])
        checked = raw["checked"]
        words = {name: str(raw[name]) for name in ("title", "title_en", "unit")}
        return Parameter(
            key=key, kind=raw["kind"], values=values, checked_on=_day(checked["on"]), checked_by=checked["by"], **words
        )
    except (TypeError, ValueError, KeyError, AttributeError) as problem:
        raise LawError(f"parameter {key}: {problem}") from problem


def read_dated(raw: Mapping[str, Any], kind: str) -> DatedValue:
    """One value of a number with its days, article and source; `ValueError`, `TypeError` or `KeyError` when badly written."""
    _demand(raw, _VALUE - {"until", "note"}, _VALUE)
    until = _day(raw["until"]) if raw.get("until") else None
    first_day = _day(raw["from"])
    if until is not None and until < first_day:
        raise ValueError(f"ends {until}, before it begins {first_day}")
    if raw["confidence"] not in CONFIDENCES:
        raise ValueError(f"confidence {raw['confidence']!r}")
    number = read_number(kind, raw["value"])
    return DatedValue(
        first_day=first_day,
        until=until,
        value=number,
        law=str(raw["law"]),
        published=_day(raw["published"]),
        source=str(raw["source"]),
        confidence=raw["confidence"],
        note=str(raw.get("note", "")),
    )


def _values(raw: Any, kind: str) -> tuple[DatedValue, ...]:
    if not raw:
        raise ValueError("no values")
    return tuple(read_dated(entry, kind) for entry in raw)


def _demand(raw: Any, needed: set[str], allowed: set[str]) -> None:
    if not isinstance(raw, dict) or not needed <= raw.keys() <= allowed:
        keys = sorted(map(str, raw)) if isinstance(raw, dict) else raw
        raise ValueError(f"needs {sorted(needed)}, has {keys}")


def _day(raw: Any) -> date:
    if isinstance(raw, str):
        return date.fromisoformat(raw)
    if type(raw) is not date:
        raise ValueError(f"{raw!r} is not a day")
    return raw


def plain_number(kind: str, value: Number) -> Any:
    """A value as the law writes it: `read_number` reads it back."""
    if kind in _SINGLE:
        return write_plain_number(_SINGLE[kind], int(cast("int", value)))
    if kind in ("scale", "ratio_scale"):
        return [_bracket(kind, row) for row in cast("tuple[Bracket, ...]", value)]
    if isinstance(value, tuple):
        table = cast("tuple[tuple[str, Rate | int], ...]", value)
        return {option: _plain_part(kind, number) for option, number in table}
    return show_fraction(value.fraction) if isinstance(value, Rate) and kind == "per_unit" else _shown(value)


def _plain_part(kind: str, number: Rate | int) -> str:
    if isinstance(number, Rate):
        return show_fraction(number.fraction) if kind == "per_units" else str(number)
    return write_plain_number(_TABLES[kind], number)


def _shown(value: Any) -> Any:
    return str(value) if isinstance(value, Rate) else value


def _bracket(kind: str, row: Bracket) -> dict[str, str]:
    def end(value: Fraction) -> str:
        return write_plain_number("fen", int(value)) if kind == "scale" else str(Rate(value))

    found = {} if row.up_to is None else {"up_to": end(row.up_to)}
    return found | {"rate": str(row.rate), "less": end(row.less)}
