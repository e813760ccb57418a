"""Ranges: proves, from the least and largest facts, that no step of a rule can leave 64-bit whole numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import cast

from palmtax.base.rate import half_up
from palmtax.rules.graph import MILLIONTHS, TEN_THOUSANDTHS, Node, UsedParameter, UsedRate, UsedScale, UsedTable
from palmtax.rules.steps import fractions_of

Range = tuple[int, int]
LARGEST = 2**63 - 1
_MOST_DAYS = 4_000_000
"""More days than the calendar has: years 1 to 9999."""


def first_unsafe(nodes: Sequence[Node], facts: Mapping[str, Range], largest: int = LARGEST) -> int | None:
    """The place of the first step that could exceed `largest` for facts in these ranges; none when all are safe."""
    ranges: list[Range] = []
    for place, node in enumerate(nodes):
        parts = [ranges[arg] for arg in node.args]
        found, met = reach(node, parts, facts)
        if max(met, abs(found[0]), abs(found[1])) > largest:
            return place
        ranges.append(found)
    return None


def reach(node: Node, parts: Sequence[Range], facts: Mapping[str, Range]) -> tuple[Range, int]:
    """The range of the step and the largest number met on the way (before a division)."""
    if node.op == "fact":
        return facts[cast("str", node.detail)], 0
    if node.op in ("number", "parameter", "rate"):
        return (_fixed(node),) * 2, 0
    if node.op == "where":
        return _hull(parts[1], parts[2]), 0
    if node.unit == "yes_no" and node.op != "line":
        return (0, 1), 0
    if node.op in ("rate_of", "net_of", "gross_up", "rate_by", "net_by", "gross_by", "per_unit", "per_unit_by"):
        return _scaled(parts[0], fractions_of(node))
    if node.op in _PLAIN:
        return _PLAIN[node.op](*parts), 0
    if node.op in ("scale_tax", "scale_rate", "scale_less", "ratio_tax", "ratio_rate"):
        return _by_scale(node, parts)
    return _divided(node, parts)


def _fixed(node: Node) -> int:
    if isinstance(node.detail, UsedParameter):
        return node.detail.value
    if isinstance(node.detail, UsedRate):
        return int(node.detail.rate.fraction * MILLIONTHS)
    return cast("int", node.detail)


def _hull(*ranges: Range) -> Range:
    return min(low for low, _ in ranges), max(high for _, high in ranges)


def product(first: Range, second: Range) -> Range:
    """The range of a product."""
    corners = [a * b for a in first for b in second]
    return min(corners), max(corners)


_PLAIN: dict[str, Callable[..., Range]] = {
    "line": lambda a: a,
    "add": lambda a, b: (a[0] + b[0], a[1] + b[1]),
    "subtract": lambda a, b: (a[0] - b[1], a[1] - b[0]),
    "times": product,
    "larger": lambda a, b: (max(a[0], b[0]), max(a[1], b[1])),
    "smaller": lambda a, b: (min(a[0], b[0]), min(a[1], b[1])),
    "days_between": lambda a, b: (b[0] - a[1], b[1] - a[0]),
    "full_years": lambda _a, _b: (0, 9999),
    "full_months": lambda _a, _b: (0, 9999 * 12),
    "month_of": lambda _a: (1, 12),
    "year_of": lambda _a: (1, 9999),
}


def _size(part: Range) -> int:
    return max(abs(part[0]), abs(part[1]))


def _scaled(part: Range, fractions: Sequence[Fraction]) -> tuple[Range, int]:
    """A value times one of several fractions, over one denominator (so that columns pick a numerator)."""
    under = lcm(*(fraction.denominator for fraction in fractions))
    overs = [fraction.numerator * under // fraction.denominator for fraction in fractions]
    ends = [half_up(end * over, under) for end in part for over in overs]
    return (min(ends), max(ends)), max(abs(end * over) for end in part for over in overs) + under


def _by_scale(node: Node, parts: Sequence[Range]) -> tuple[Range, int]:
    rows = cast("UsedScale", node.detail).brackets
    if node.op in ("scale_rate", "ratio_rate"):
        rates = [int(row.rate.fraction * MILLIONTHS) for row in rows]
        return (min(rates), max(rates)), _ends(node, parts)
    less = [row.less for row in rows]
    if node.op == "scale_less":
        return (int(min(less)), int(max(less))), 0
    if node.op == "scale_tax":
        found, most = _scaled(parts[0], [row.rate.fraction for row in rows])
        return (found[0] - int(max(less)), found[1] - int(min(less))), most
    under = lcm(*(value.denominator for row in rows for value in (row.rate.fraction, row.less)))
    spans = [
        (product(parts[0], (int(row.rate.fraction * under),) * 2), product(parts[1], (int(row.less * under),) * 2))
        for row in rows
    ]
    whole = _hull(*((first[0] - second[1], first[1] - second[0]) for first, second in spans))
    most = max(_size(span) for pair in spans for span in pair)
    return (half_up(whole[0], under), half_up(whole[1], under)), max(2 * most + under, _ends(node, parts))


def _ends(node: Node, parts: Sequence[Range]) -> int:
    """The largest product when a ratio is compared with the ends of the rows."""
    if node.op not in {"ratio_rate", "ratio_tax"}:
        return 0
    ends = [cast("Fraction", row.up_to) for row in cast("UsedScale", node.detail).brackets[:-1]]
    over, under = (max(_size(part) * size for size in sizes) for part, sizes in (
        (parts[0], [end.denominator for end in ends] or [1]), (parts[1], [end.numerator for end in ends] or [1])
    ))  # fmt: skip
    return max(over, under)


def _quotient(over: Range, under: Range, factor: int = 1) -> tuple[Range, int]:
    """A quotient by something above 0 (else it is 0), after the upper number was multiplied."""
    high, low = half_up(over[1] * factor, max(under[0], 1)), half_up(over[0] * factor, max(under[0], 1))
    return (min(low, 0), max(high, 0)), _size(over) * factor + _size(under)


def _divided(node: Node, parts: Sequence[Range]) -> tuple[Range, int]:
    match node.op:
        case "share":
            return _quotient(parts[0], parts[1])
        case "per_quantity":
            return _quotient(parts[0], parts[1], TEN_THOUSANDTHS)
        case "part":
            return _quotient(product(parts[0], parts[1]), parts[2])
        case "ratio" | "quotient":
            step = 10 ** cast("int", node.detail)
            (low, high), most = _quotient(parts[0], parts[1], step)
            factor = (MILLIONTHS if node.op == "ratio" else TEN_THOUSANDTHS) // step
            return (low * factor, high * factor), most
        case "portion_of" | "for_quantity":
            under = MILLIONTHS if node.op == "portion_of" else TEN_THOUSANDTHS
            whole = product(parts[0], parts[1])
            return (half_up(whole[0], under), half_up(whole[1], under)), _size(whole) + under
        case "portion_net" | "portion_gross":
            sign = 1 if node.op == "portion_net" else -1
            ends = sorted(MILLIONTHS + sign * end for end in parts[1])
            return _quotient(parts[0], (ends[0], ends[1]), MILLIONTHS)
        case "scaled":
            return _scaled(parts[0], [cast("Fraction", node.detail)])
        case "floored":
            under = cast("int", node.detail)
            return (parts[0][0] // under, parts[0][1] // under), 0
        case _:
            values = cast("UsedTable", node.detail).values
            return (min(values), max(values)), 0
