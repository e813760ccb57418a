"""Pictures as numbers: shares of a whole, bars side by side, the range of a slider. Whole numbers only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

PERMILLE = 1000
_STEPS_TO_TYPICAL = 40
_SMALLEST_STEP = {"fen": 100, "count": 1, "days": 1, "quantity": 1_000, "rate": 1_000}
_LARGE_QUANTITY = 200_000  # from 20 measures on, whole ones


def shares(values: Sequence[int], whole: int) -> list[int] | None:
    """Each value in thousandths of the whole, rounded down; none when they do not fit into it.

    >>> shares([25, 50], 100), shares([120], 100), shares([-1], 100)
    ([250, 500], None, None)
    """
    if whole <= 0 or min(values, default=0) < 0 or sum(values) > whole:
        return None
    return [value * PERMILLE // whole for value in values]


def heights(values: Sequence[int]) -> list[int]:
    """Each value in thousandths of the largest, for bars side by side; what is below 0 has no height.

    >>> heights([50, 100]), heights([0, -5])
    ([500, 1000], [0, 0])
    """
    tallest = max(values, default=0)
    return [max(value, 0) * PERMILLE // tallest if tallest > 0 else 0 for value in values]


class SliderRange(NamedTuple):
    """A range in the fact's own steps."""

    lo: int
    hi: int
    step: int


def slider_range(unit: str, typical: int, lo: int, hi: int) -> SliderRange | None:
    """A range around a usual value that a thumb can hit; none where a slider would not help.

    >>> slider_range("fen", 20_000_000, 0, 10**13)
    SliderRange(lo=0, hi=50000000, step=500000)
    >>> slider_range("day", 739710, 0, 10**6)
    """
    if unit not in _SMALLEST_STEP or typical <= 0:
        return None
    smallest = _SMALLEST_STEP[unit]
    if unit == "quantity" and typical >= _LARGE_QUANTITY:
        smallest *= 10
    step = max(_round_number(typical // _STEPS_TO_TYPICAL), smallest)
    first = -(-max(lo, 0) // step) * step
    last = min(-(-typical * 5 // (2 * step)) * step, hi // step * step)
    return SliderRange(first, last, step) if first < typical <= last else None


def _round_number(size: int) -> int:
    """The largest 1, 2 or 5 with zeros that is not above the size."""
    ten = 10 ** (len(str(size)) - 1) if size > 0 else 0
    return max((ten * figure for figure in (1, 2, 5) if ten * figure <= size), default=0)
