"""Values of rules as people write them."""

from __future__ import annotations

from datetime import date

from palmtax.base.money import show_yuan

_PLACES = {"quantity": 4, "rate": 4}  # a rate in millionths is a percentage with four decimals


def written(unit: str, value: int) -> str:
    """A value of a line: yuan with grouping, decimals without trailing zeros, percent, ISO day; yes/no stays 1 or 0.

    >>> written("fen", 123450), written("quantity", 1400100), written("rate", 100000), written("day", 739711)
    ('1,234.50', '140.01', '10%', '2026-04-05')
    """
    if unit == "fen":
        return show_yuan(value)
    if unit == "day":
        return date.fromordinal(value).isoformat()
    if unit not in _PLACES:
        return str(int(value))
    whole, part = divmod(abs(value), 10 ** _PLACES[unit])
    tail = f"{part:0{_PLACES[unit]}d}".rstrip("0")
    return f"{'-' if value < 0 else ''}{whole}{'.' if tail else ''}{tail}{'%' if unit == 'rate' else ''}"
