"""Numbers of the law in plain form: as the law's own files write them, so that an officer reads and changes them there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

from palmtax.base.rate import Rate

Plain = Any
"""Text, whole number, yes/no, a mapping of those, or a list of brackets."""


def _decimal(number: Fraction, places: int) -> str:
    """An exact number with at most so many decimals, without needless zeros; else as a fraction."""
    scaled = number * 10**places
    if scaled.denominator != 1:
        return str(number)
    size, part = divmod(abs(scaled.numerator), 10**places)
    tail = f"{part:0{places}d}".rstrip("0") if places else ""
    return f"{'-' if number < 0 else ''}{size}{'.' + tail if tail else ''}"


def _fen(value: Any) -> str:
    return _decimal(Fraction(value) / 100, 2)


def _rate(value: Any) -> str:
    return str(value if isinstance(value, Rate) else Rate(value))


def _price(value: Any) -> str:
    return _decimal(value.fraction, 8)


_SINGLE: dict[str, Callable[[Any], Plain]] = {
    "money": _fen,
    "quantity": lambda value: _decimal(Fraction(value, 10_000), 4),
    "count": int,
    "day": lambda value: date.fromordinal(value).isoformat(),
    "yes_no": bool,
    "comparison": str,
    "rate": _rate,
    "per_unit": _price,
}
_TABLES: dict[str, str] = {
    "rates": "rate", "amounts": "money", "quantities": "quantity", "counts": "count", "per_units": "per_unit",
}  # fmt: skip


def plain(kind: str, value: Any) -> Plain:
    """A parsed value of a parameter as its file writes it; reading it back gives the same value.

    >>> plain("money", 6_000_000), plain("rate", Rate("5/10000")), plain("quantity", 1_400_100)
    ('60000', '0.05%', '140.01')
    """
    if kind in _SINGLE:
        return _SINGLE[kind](value)
    if kind in _TABLES:
        return {option: _SINGLE[_TABLES[kind]](number) for option, number in value}
    end = _fen if kind == "scale" else _rate
    brackets = []
    for row in value:
        bracket = {"rate": _rate(row.rate), "less": end(row.less)}
        brackets.append(bracket if row.up_to is None else {"up_to": end(row.up_to), **bracket})
    return brackets


def example_of(kind: str, value: Any) -> str:
    """A short sample of how such a value is written."""
    shown = plain(kind, value)
    if isinstance(shown, list):
        return "、".join(f"{key}: {part}" for key, part in shown[0].items())
    if isinstance(shown, dict):
        return "、".join(f"{key}: {part}" for key, part in list(shown.items())[:2])
    return str(shown)
