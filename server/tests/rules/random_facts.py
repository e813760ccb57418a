"""Random taxpayers for any law: every number of the law ±1, the ends of each range, usual values, and anything between."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from palmtax import rules
from palmtax.rules.checking import FIRST, LAST
from palmtax.rules.engine import traced
from palmtax.rules.graph import Node, UsedParameter, UsedScale, UsedTable
from palmtax.rules.traced import Traced

Column = npt.NDArray[Any]
Columns = dict[str, Column]
TODAY = date(2026, 9, 30)
"""A quarter's last day on which every law is in force."""
MONTHS = 12
ORDINARY = 10**11
"""Amounts of ordinary taxpayers stay below 1 billion yuan, in fen."""


def day_of(code: str) -> date:
    """A day on which the law evaluates: today, or the last day before it that does."""
    found = [day for day in stretches(code) if day <= TODAY]
    return TODAY if evaluates(code, TODAY) else max(found)


def stretches(code: str) -> list[date]:
    """A day of each stretch of 2019–2027 in which the law evaluates, without those that trace to the same graph."""
    days = sorted({FIRST, *(day for day in rules.law(code).turning_days if FIRST <= day <= LAST)})
    seen: dict[tuple[Node, ...], date] = {}
    for day in days:
        if evaluates(code, day):
            seen[traced(code, day).nodes] = day
    return list(seen.values())


def evaluates(code: str, day: date) -> bool:
    """Whether the law can be read on that day."""
    try:
        traced(code, day)
    except rules.ParameterNotInForce:
        return False
    return True


def numbers_of(rule: Traced) -> dict[str, set[int]]:
    """The whole numbers of a law, by unit of what they are compared with; parts of them of other units too."""
    found: dict[str, set[int]] = {"fen": set(), "count": set(), "quantity": set(), "rate": set(), "day": set()}
    for node in rule.nodes:
        detail, unit = node.detail, node.unit
        if isinstance(detail, UsedParameter) and unit in found:
            found[unit].add(int(detail.value))
        elif isinstance(detail, UsedTable) and unit in found:
            found[unit].update(map(int, detail.values))
        elif isinstance(detail, UsedScale):
            ends = [row.up_to for row in detail.brackets if row.up_to is not None]
            kind = rule.nodes[node.args[0]].unit
            if node.op.startswith("ratio"):
                found["rate"].update(int(end * 10**6) for end in ends)
            elif kind in found:
                found[kind].update(int(end) for end in ends)
    return found


def edges(rule: Traced, fact: rules.Fact) -> list[int]:
    """Values worth trying: around each number of the law (and what it is in a month or a year), and the range."""
    unit = "count" if fact.unit == "days" else fact.unit
    near = {0, 1, fact.lo, fact.lo + 1, fact.typical or 0}
    near |= {fact.hi, fact.hi - 1} if fact.unit in ("rate", "count", "days", "day") else set()
    for number in numbers_of(rule).get(unit, ()):
        near |= {number - 1, number, number + 1}
        if unit == "fen":
            near |= {number * MONTHS, number * MONTHS + 1, number // MONTHS, number // MONTHS + 1, 2 * number}
    if unit == "day":
        near |= {day + step for day in near for step in (-1, 1)}
        near |= {date(year, month, 28).toordinal() + 1 for year in (2020, 2023, 2026) for month in (2, 6, 12)}
    return sorted(value for value in near if fact.lo <= value <= fact.hi)


def column(rule: Traced, fact: rules.Fact, rows: int, draw: np.random.Generator, most: int) -> Column:
    """One fact of many taxpayers; sizes are spread evenly over their number of digits."""
    if fact.unit == "yes_no":
        return draw.random(rows) < draw.choice([0.1, 0.5, 0.9])
    if fact.unit == "choice":
        return draw.integers(0, len(fact.options), rows)
    most = most if fact.unit == "fen" else 10**9
    lo, hi = (fact.lo, fact.hi) if fact.unit == "day" else (max(fact.lo, -most), min(fact.hi, most))
    low, high = min(lo, hi), max(lo, hi)
    sizes = np.exp(draw.random(rows) * np.log(float(max(high - max(low, 0), 1)) + 1)).astype(np.int64) + max(low, 0)
    negative = -np.exp(draw.random(rows) * np.log(float(max(-low, 1)))).astype(np.int64)
    flat = draw.integers(low, high, rows, endpoint=True)
    near = np.array([value for value in edges(rule, fact) if low <= value <= high] or [low], np.int64)
    kind = draw.random(rows)
    found = np.where(kind < 0.35, draw.choice(near, rows), np.where(kind < 0.75, sizes, flat))
    found = np.where((kind > 0.95) & (low < 0), negative, found)
    if fact.unit == "day":
        recent = draw.integers(date(2015, 1, 1).toordinal(), date(2027, 12, 31).toordinal(), rows)
        found = np.where((kind > 0.35) & (kind < 0.9), recent, found)
    elif fact.unit == "fen":
        found = np.where((kind > 0.6) & (kind < 0.7), found // 100 * 100, found)
    return np.clip(found, low, high)


def taxpayers(rule: Traced, rows: int, seed: int, most: int = ORDINARY) -> Columns:
    """Columns of every fact of a traced law, for so many random taxpayers; facts with a default are mostly left at it."""
    draw = np.random.default_rng([seed, *rule.law.code.encode()])
    found: Columns = {}
    for code, fact in rule.facts.items():
        made = column(rule, fact, rows, draw, most)
        if fact.default is not None and fact.unit != "choice":
            usual = fact.read(fact.default)
            made = np.where(draw.random(rows) < 0.4, made.dtype.type(usual), made)
        found[code] = made
    return found


def one(columns: Columns, row: int) -> dict[str, int]:
    """The facts of one taxpayer as numbers for the rule's own function."""
    return {code: values[row].item() for code, values in columns.items()}


def as_given(rule: Traced, numbers: dict[str, int]) -> dict[str, object]:
    """The facts of one taxpayer as `rules.assess` takes them."""
    found: dict[str, object] = {}
    for code, number in numbers.items():
        fact = rule.facts[code]
        if fact.unit == "choice":
            found[code] = fact.options[number].code
        else:
            found[code] = date.fromordinal(number) if fact.unit == "day" else number
    return found


def day_before(day: date) -> date:
    """The day before."""
    return day - timedelta(days=1)
