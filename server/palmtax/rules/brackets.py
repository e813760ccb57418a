"""Rows of progressive scales: one denominator for all rates, and the row that an amount falls into."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm


def common(fractions: Sequence[Fraction]) -> tuple[list[int], int]:
    """Fractions over one denominator, so that a row can be picked and divided once."""
    under = lcm(*(fraction.denominator for fraction in fractions))
    return [fraction.numerator * under // fraction.denominator for fraction in fractions], under


def row_of_ratio(amount: int, of: int, ends: Sequence[Fraction]) -> int:
    """The row of `amount` ÷ `of`, exactly; the end of a row belongs to it; nothing to divide by: the last row.

    >>> row_of_ratio(1, 2, [Fraction(1, 2), Fraction(1)]), row_of_ratio(51, 100, [Fraction(1, 2)])
    (0, 1)
    """
    if of <= 0:
        return len(ends) if amount > 0 else 0
    for row, end in enumerate(ends):
        if amount * end.denominator <= of * end.numerator:
            return row
    return len(ends)
