"""Histograms, percentiles, marks of what is unusual, budgets and how fast they burn. Pure, in whole numbers."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median_low

BOUNDS = (5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000)
"""Upper ends of the buckets, milliseconds; the last bucket has none. Objectives are measured at these bounds only."""
FEWEST_WEEKS = 3
SPREAD = 14_826
"""MAD × 1.4826 estimates a standard deviation (normal data), in ten-thousandths."""
UNUSUAL = 35
"""Deviations from the median, in tenths, from which an hour is marked (Iglewicz and Hoaglin: 3.5)."""


def bucket(milliseconds: int) -> int:
    """The number of the bucket that holds a span.

    >>> bucket(0), bucket(5), bucket(6), bucket(10_000), bucket(10_001), bucket(9_000_000)
    (0, 0, 1, 10, 11, 14)
    """
    return bisect_left(BOUNDS, milliseconds)


def percentile(counts: Mapping[int, int], of_thousand: int) -> int | None:
    """The span below which so many of a thousand lie, milliseconds, by straight lines within a bucket; none of nothing.

    >>> percentile({0: 10}, 500), percentile({0: 90, 5: 10}, 950), percentile({}, 500), percentile({14: 1}, 500)
    (3, 175, None, 300000)
    """
    total = sum(counts.values())
    if not total:
        return None
    rank, below = max(1, -(-total * of_thousand // 1000)), 0
    for place in sorted(counts):
        if below + counts[place] < rank:
            below += counts[place]
            continue
        if place >= len(BOUNDS):
            return BOUNDS[-1]
        low = BOUNDS[place - 1] if place else 0
        return low + -(-(BOUNDS[place] - low) * (rank - below) // counts[place])
    raise AssertionError("unreachable: the rank is at most the total")


@dataclass(frozen=True, slots=True)
class Usual:
    """What an hour usually brings: the middle of the same hours, and how far from it is still usual."""

    middle: int
    reach: int


def usual(weeks: Sequence[Sequence[int]], floor: int) -> Usual | None:
    """From the same hour of earlier weeks with its neighbours, week by week; none with too little history.

    `floor` keeps quiet hours from being marked for a handful.

    >>> usual([[10, 12, 11], [9, 10, 12], [11, 10, 10]], 5), usual([[1], [2]], 5)
    (Usual(middle=10, reach=17), None)
    """
    known = [one for week in weeks for one in week]
    if len([week for week in weeks if week]) < FEWEST_WEEKS:
        return None
    middle = median_low(known)
    spread = median_low([abs(one - middle) for one in known]) * SPREAD // 10_000
    return Usual(middle, max(spread, floor, middle // 10) * UNUSUAL // 10)


@dataclass(frozen=True, slots=True)
class Budget:
    """What may go wrong in the period and what did: `left_per_mille` of the budget is left, below 0 when overspent."""

    good: int
    total: int
    left_per_mille: int


def budget(good: int, total: int, target: int) -> Budget:
    """The error budget of an objective whose `target` is in ten-thousandths.

    >>> budget(9_995, 10_000, 9_990).left_per_mille, budget(9_980, 10_000, 9_990).left_per_mille, budget(0, 0, 9_990)
    (500, -1000, Budget(good=0, total=0, left_per_mille=1000))
    """
    allowed = total * (10_000 - target)
    spent = (total - good) * 10_000
    return Budget(good, total, 1000 - spent * 1000 // allowed if allowed else 1000)


def burn_tenths(good: int, total: int, target: int) -> int:
    """How many times faster than allowed the budget goes, in tenths: 10 spends it exactly in its period.

    >>> burn_tenths(90, 100, 9_900), burn_tenths(100, 100, 9_900), burn_tenths(0, 0, 9_900)
    (100, 0, 0)
    """
    allowed = total * (10_000 - target)
    return (total - good) * 100_000 // allowed if allowed else 0
