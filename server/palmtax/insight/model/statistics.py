"""The two judgements a campaign rests on: is a rate above its limit, and did telling change anything. Pure.

Counts are whole; only probabilities are floating point, and none of them is money.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

_Z95 = 1.959963984540054
"""The 97.5 % point of the normal distribution."""


def tail(cases: int, of: int, rate: float) -> float:
    """The chance of so many cases or more when each has this rate: the exact binomial tail.

    >>> round(tail(3, 10, 0.1), 6), tail(0, 10, 0.1), tail(11, 10, 0.1), tail(1, 10, 0.0)
    (0.070191, 1.0, 0.0, 0.0)
    """
    if cases <= 0:
        return 1.0
    if cases > of or rate <= 0:
        return 0.0
    if rate >= 1:
        return 1.0
    if cases <= of * rate:  # the shorter side is the other one
        return 1.0 - _sum(0, cases, of, rate)
    return _sum(cases, of + 1, of, rate)


def _sum(start: int, end: int, of: int, rate: float) -> float:
    total, odds = 0.0, math.log(rate)
    rest, whole = math.log1p(-rate), math.lgamma(of + 1)
    steps = range(start, end) if start else range(end - 1, -1, -1)
    for n in steps:
        part = math.exp(whole - math.lgamma(n + 1) - math.lgamma(of - n + 1) + n * odds + (of - n) * rest)
        total += part
        if part < total * 1e-15:
            break
    return min(1.0, total)


def lower_bound(cases: int, of: int, confidence: float) -> float:
    """The one-sided lower bound of the rate (Clopper and Pearson): with lower rates so many cases are too unlikely.

    >>> round(lower_bound(5, 100, 0.99), 4), lower_bound(0, 100, 0.99)
    (0.013, 0.0)
    """
    if cases <= 0 or of <= 0:
        return 0.0
    low, high = 0.0, cases / of
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if tail(cases, of, middle) < 1 - confidence else (low, middle)
    return low


def wilson(cases: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a rate (Wilson).

    >>> tuple(round(one, 4) for one in wilson(10, 100))
    (0.0552, 0.1744)
    """
    rate, square = cases / of, _Z95 * _Z95
    middle, half = rate + square / (2 * of), _Z95 * math.sqrt(rate * (1 - rate) / of + square / (4 * of * of))
    return (middle - half) / (1 + square / of), (middle + half) / (1 + square / of)


@dataclass(frozen=True, slots=True)
class Effect:
    """How much more often the told did the thing than the held, with the 95 % interval of the difference (Newcombe)."""

    told: int
    told_acted: int
    held: int
    held_acted: int
    difference: float
    low: float
    high: float

    @property
    def is_shown(self) -> bool:
        """Whether the interval leaves nothing out."""
        return self.low > 0 or self.high < 0


def effect(told: int, told_acted: int, held: int, held_acted: int, *, least: int) -> Effect | None:
    """The difference of the shares who acted; none while either side has fewer than `least`.

    >>> found = effect(1000, 300, 1000, 250, least=100)
    >>> round(found.difference, 3), round(found.low, 4), round(found.high, 4), found.is_shown
    (0.05, 0.0109, 0.0889, True)
    >>> effect(1000, 300, 50, 10, least=100)
    """
    if min(told, held) < max(1, least):
        return None
    first, second = told_acted / told, held_acted / held
    (low1, high1), (low2, high2) = wilson(told_acted, told), wilson(held_acted, held)
    low = first - second - math.hypot(first - low1, high2 - second)
    high = first - second + math.hypot(high1 - first, second - low2)
    return Effect(told, told_acted, held, held_acted, first - second, low, high)
