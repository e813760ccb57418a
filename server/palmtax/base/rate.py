"""Exact rates: a fraction read from how the law writes it, applied with the law's rounding."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

_DECIMAL = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_MARKS = {"%": 100, "‰": 1000}


def half_up(numerator: int, denominator: int) -> int:
    """The quotient rounded to the nearest whole number, halves away from zero; `denominator` > 0.

    >>> half_up(5, 2), half_up(-5, 2), half_up(4, 3)
    (3, -3, 1)
    """
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return size if numerator >= 0 else -size


def _fraction(text: str) -> Fraction:
    bare = text.strip()
    divisor = _MARKS.get(bare[-1:], 1)
    if divisor != 1:
        bare = bare[:-1].strip()
    over, slash, under = bare.partition("/")
    over, under = over.strip(), under.strip()
    if not _DECIMAL.fullmatch(over) or (slash and not _DECIMAL.fullmatch(under)):
        raise ValueError(f"not a rate: {text!r}")
    below = Fraction(under) if slash else Fraction(1)
    if below <= 0:
        raise ValueError(f"not a rate: {text!r}")
    return Fraction(over) / below / divisor


@dataclass(frozen=True, slots=True, order=True)
class Rate:
    """An exact rate; never a float.

    >>> Rate("3%") == Rate("0.03") == Rate("3/100")
    True
    >>> Rate("5/10000").of(320000), Rate("1%").of(50), Rate("1%").of(-50)
    (160, 1, -1)
    """

    fraction: Fraction

    def __init__(self, value: str | Fraction | int) -> None:
        if isinstance(value, bool) or not isinstance(value, (str, Fraction, int)):
            raise TypeError(f"a rate is read from text, never from {type(value).__name__}")
        object.__setattr__(self, "fraction", _fraction(value) if isinstance(value, str) else Fraction(value))

    @property
    def numerator(self) -> int:
        """The upper number in lowest terms."""
        return self.fraction.numerator

    @property
    def denominator(self) -> int:
        """The lower number in lowest terms, above zero."""
        return self.fraction.denominator

    def of(self, fen: int) -> int:
        """The rate of an amount, fen, rounded half up (away from zero) to the fen."""
        if isinstance(fen, bool) or not isinstance(fen, int):
            raise TypeError(f"a rate is taken of whole fen, not of {type(fen).__name__}")
        return half_up(fen * self.numerator, self.denominator)

    def net_of(self, gross_fen: int) -> int:
        """The amount without tax of an amount with tax at this rate: gross ÷ (1 + rate), rounded half up to the fen.

        >>> Rate("1%").net_of(30299900)
        29999901
        """
        if isinstance(gross_fen, bool) or not isinstance(gross_fen, int):
            raise TypeError(f"a rate is taken of whole fen, not of {type(gross_fen).__name__}")
        return half_up(gross_fen * self.denominator, self.denominator + self.numerator)

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.fraction + other.fraction)

    def __sub__(self, other: Rate) -> Rate:
        return Rate(self.fraction - other.fraction)

    def __str__(self) -> str:
        """As a percentage when that is short and exact, else as a fraction.

        >>> str(Rate("0.015")), str(Rate("5/10000")), str(Rate("1/3"))
        ('1.5%', '0.05%', '1/3')
        """
        scaled = self.fraction * 100 * 10_000
        if scaled.denominator != 1:
            return str(self.fraction)
        whole, part = divmod(abs(scaled.numerator), 10_000)
        tail = f"{part:04d}".rstrip("0")
        return f"{'-' if scaled < 0 else ''}{whole}{'.' + tail if tail else ''}%"
