"""Columns: the same graph on numpy arrays, `(n,) int64 fen` and `(n,) bool`, bit for bit what one taxpayer gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from palmtax.rules.engine import traced
from palmtax.rules.traced import Traced, missing_facts
from palmtax.rules.brackets import common
from palmtax.rules.errors import AmountTooLarge, FactRefused
from palmtax.rules.facts import Fact
from palmtax.rules.graph import MILLIONTHS, TEN_THOUSANDTHS, Node, UsedOption, UsedParameter, UsedRate, UsedScale, UsedTable
from palmtax.rules.ranges import first_unsafe
from palmtax.rules.refusals import RANGE
from palmtax.rules.steps import fractions_of

Column = npt.NDArray[Any]
BLOCK = 8192
"""Rows computed at a time, so that the steps stay in the cache."""


def columns(
    law: str,
    *,
    on: date,
    facts: Mapping[str, Column],
    outputs: Sequence[str] = (),
    known_on: date | None = None,
    what_if: Mapping[str, object] | None = None,
) -> dict[str, Column]:
    """Apply a law to many taxpayers: a column per fact in, a column per output, `(n,) int64 fen` or `(n,) bool`.

    Choices are columns of places in the fact's options, int64. Floats, unsigned and object columns are refused, and
    so are columns for which the whole-number arithmetic is not proved to stay within int64 (`AmountTooLarge`).
    """
    rule = traced(law, on, known_on, what_if)
    given, rows = _read(rule, facts)
    ranges = {code: (int(column.min()), int(column.max())) for code, column in given.items()} if rows else {}
    unsafe = first_unsafe(rule.nodes, ranges) if rows else None
    if unsafe is not None:
        raise _too_large(rule, unsafe)
    places = {name: rule.outputs[name] for name in outputs or rule.outputs}
    nodes = _needed(rule.nodes, places.values())
    found = {name: np.empty(rows, _kind(rule.nodes[place])) for name, place in places.items()}
    for start in range(0, rows, BLOCK):
        part = slice(start, min(start + BLOCK, rows))
        values: dict[int, Any] = {}
        for place, node in nodes:
            values[place] = _step(node, values, given, part)
        for name, place in places.items():
            found[name][part] = values[place]
    return found


def _needed(nodes: Sequence[Node], wanted: Any) -> list[tuple[int, Node]]:
    keep = set(wanted)
    for place in range(len(nodes) - 1, -1, -1):
        if place in keep:
            keep.update(nodes[place].args)
    return [(place, node) for place, node in enumerate(nodes) if place in keep]


def _kind(node: Node) -> type[np.generic]:
    return np.bool_ if node.unit == "yes_no" else np.int64


def _read(rule: Traced, facts: Mapping[str, Column]) -> tuple[dict[str, Column], int]:
    unknown = facts.keys() - rule.facts.keys()
    if unknown:
        raise FactRefused.of(min(unknown), min(unknown), min(unknown), "unknown")
    lost = [fact for code, fact in rule.facts.items() if code not in facts and fact.default is None]
    if lost:
        raise missing_facts(lost)
    sizes = {column.shape for column in facts.values()}
    if len(sizes) > 1 or any(len(size) != 1 for size in sizes):
        raise FactRefused.of(rule.law.code, rule.law.title, rule.law.title_en, "shapes", str(sorted(sizes)))
    rows = sizes.pop()[0] if sizes else 0
    return {code: _column(fact, facts.get(code), rows) for code, fact in rule.facts.items()}, rows


def _column(fact: Fact, column: Column | None, rows: int) -> Column:
    if column is None:
        return np.full(rows, fact.read(fact.default), np.bool_ if fact.unit == "yes_no" else np.int64)
    wanted = "b" if fact.unit == "yes_no" else "i"
    if column.dtype.kind != wanted:
        raise fact.refused("column", "bool" if wanted == "b" else "int64", str(column.dtype))
    if fact.unit == "yes_no":
        return column
    if len(column) and not (fact.lo <= int(column.min()) and int(column.max()) <= fact.hi):
        raise fact.refused(RANGE.get(fact.unit, "range"), fact.plain(fact.lo), fact.plain(fact.hi))
    return column.astype(np.int64, copy=False)


def _too_large(rule: Traced, place: int) -> AmountTooLarge:
    line = next((line for line in rule.lines if line.place >= place), rule.lines[-1])
    return AmountTooLarge(line=line.label_en, label=line.label)


def _half_up(over: Column, under: Any) -> Column:
    """Halves away from zero; `under` > 0; proved to stay within int64 before it is called."""
    size = (np.abs(over) + under // 2) // under
    return cast("Column", np.where(over < 0, -size, size))


def _or_0(over: Column, under: Column) -> Column:
    """The quotient half up; 0 where there is nothing to divide by."""
    return np.where(under > 0, _half_up(over, np.maximum(under, 1)), 0)


def _months(first: Column, second: Column) -> Column:
    """Whole months between two ordinals; 0 where the second comes first."""
    (begin, from_day), (end, to_day) = _month_and_day(first), _month_and_day(second)
    return np.where(second < first, 0, end - begin - (to_day < from_day))


_EPOCH = date(1970, 1, 1).toordinal()


def _month_and_day(day: Column) -> tuple[Column, Column]:
    """Months since 1970 and the day of the month, of ordinals."""
    days = (np.asarray(day, np.int64) - _EPOCH).astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    return months.astype(np.int64), (days - months.astype("datetime64[D]")).astype(np.int64)


_PLAIN: dict[str, Any] = {
    "add": np.add,
    "subtract": np.subtract,
    "times": np.multiply,
    "larger": np.maximum,
    "smaller": np.minimum,
    "below": np.less,
    "at_most": np.less_equal,
    "reaches": np.greater_equal,
    "above": np.greater,
    "both": np.logical_and,
    "either": np.logical_or,
    "not": np.logical_not,
    "where": np.where,
    "line": lambda value: value,
    "share": _or_0,
    "part": lambda value, over, under: _or_0(value * over, under),
    "per_quantity": lambda value, quantity: _or_0(value * TEN_THOUSANDTHS, quantity),
    "portion_of": lambda value, portion: _half_up(value * portion, MILLIONTHS),
    "portion_net": lambda value, portion: _or_0(value * MILLIONTHS, MILLIONTHS + portion),
    "portion_gross": lambda value, portion: _or_0(value * MILLIONTHS, MILLIONTHS - portion),
    "for_quantity": lambda value, quantity: _half_up(value * quantity, TEN_THOUSANDTHS),
    "days_between": lambda first, second: second - first,
    "full_months": _months,
    "full_years": lambda first, second: _months(first, second) // 12,
    "month_of": lambda day: _month_and_day(day)[0] % 12 + 1,
    "year_of": lambda day: _month_and_day(day)[0] // 12 + 1970,
}
_BY_RATE = ("rate_of", "net_of", "gross_up", "per_unit")
_BY_CHOICE = ("rate_by", "net_by", "gross_by", "per_unit_by")


def _step(node: Node, values: Mapping[int, Any], given: Mapping[str, Column], part: slice) -> Any:
    if node.op == "fact":
        return given[cast("str", node.detail)][part]
    if node.op in ("number", "parameter"):
        number = node.detail.value if isinstance(node.detail, UsedParameter) else node.detail
        return _kind(node)(cast("Any", number))
    if node.op == "rate":
        return np.int64(int(cast("UsedRate", node.detail).rate.fraction * MILLIONTHS))
    parts = [values[arg] for arg in node.args]
    if node.op in _BY_RATE:
        fraction = fractions_of(node)[0]
        return _half_up(parts[0] * np.int64(fraction.numerator), np.int64(fraction.denominator))
    if node.op in _BY_CHOICE:
        overs, under = common(fractions_of(node))
        return _half_up(parts[0] * np.array(overs, np.int64)[parts[1]], np.int64(under))
    if node.op in _PLAIN:
        return _PLAIN[node.op](*parts)
    return _DETAILED[node.op](node.detail, *parts)


def _row(used: UsedScale, selector: Column, over: Column | None = None) -> Column:
    ends = np.array([int(row.up_to) for row in used.brackets if row.up_to is not None], np.int64)
    if over is not None:
        selector = np.where(over > 0, -(-selector // np.maximum(over, 1)), 0)
    return np.searchsorted(ends, selector)


def _scale_tax(used: UsedScale, base: Column, *selector: Column) -> Column:
    row = _row(used, *selector)
    overs, under = common([bracket.rate.fraction for bracket in used.brackets])
    less = np.array([int(bracket.less) for bracket in used.brackets], np.int64)
    return cast("Column", _half_up(base * np.array(overs, np.int64)[row], np.int64(under)) - less[row])


def _picked(values: Sequence[Any], row: Column) -> Column:
    return np.array([int(value) for value in values], np.int64)[row]


def _ratio_row(used: UsedScale, value: Column, of: Column) -> Column:
    row: Any = 0
    for bracket in used.brackets[:-1]:
        end = cast("Fraction", bracket.up_to)
        row = row + (value * np.int64(end.denominator) > of * np.int64(end.numerator))
    return np.where(of > 0, row, np.where(value > 0, len(used.brackets) - 1, 0))


def _ratio_tax(used: UsedScale, value: Column, of: Column) -> Column:
    row, size = _ratio_row(used, value, of), len(used.brackets)
    overs, under = common([b.rate.fraction for b in used.brackets] + [b.less for b in used.brackets])
    return _half_up(value * _picked(overs[:size], row) - of * _picked(overs[size:], row), np.int64(under))


_DETAILED: dict[str, Any] = {
    "is_option": lambda used, choice: choice == cast("UsedOption", used).place,
    "table": lambda used, choice: np.array(cast("UsedTable", used).values, np.int64)[choice],
    "scaled": lambda by, value: _half_up(value * np.int64(by.numerator), np.int64(by.denominator)),
    "floored": lambda under, value: value // np.int64(under),
    "ratio": lambda places, a, b: _or_0(a * np.int64(10**places), b) * np.int64(MILLIONTHS // 10**places),
    "quotient": lambda places, a, b: _or_0(a * np.int64(10**places), b) * np.int64(TEN_THOUSANDTHS // 10**places),
    "scale_tax": _scale_tax,
    "scale_rate": lambda used, *by: _picked([b.rate.fraction * MILLIONTHS for b in used.brackets], _row(used, *by)),
    "scale_less": lambda used, *by: _picked([b.less for b in used.brackets], _row(used, *by)),
    "ratio_tax": _ratio_tax,
    "ratio_rate": lambda used, a, b: _picked(
        [row.rate.fraction * MILLIONTHS for row in used.brackets], _ratio_row(used, a, b)
    ),
}
