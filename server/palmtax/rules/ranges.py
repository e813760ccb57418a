"""Ranges: proves, from the least and largest facts, that no step of a rule can leave 64-bit whole numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import lcm
from typing import cast

from palmtax.base.rate import Rate, half_up
from palmtax.rules.graph import Node, UsedParameter, UsedRates
from palmtax.rules.steps import fraction_of

Range = tuple[int, int]
LARGEST = 2**63 - 1


def first_unsafe(nodes: Sequence[Node], facts: Mapping[str, Range]) -> int | None:
    """The place of the first step that could leave int64 for facts in these ranges; none when all are safe."""
    ranges: list[Range] = []
    for place, node in enumerate(nodes):
        parts = [ranges[arg] for arg in node.args]
        found, largest = _range(node, parts, facts)
        if max(largest, abs(found[0]), abs(found[1])) > LARGEST:
            return place
        ranges.append(found)
    return None


def _range(node: Node, parts: list[Range], facts: Mapping[str, Range]) -> tuple[Range, int]:
    """The range of the step and the largest number met on the way (before a division)."""
    match node.op:
        case "fact":
            return facts[cast("str", node.detail)], 0
        case "number":
            return (cast("int", node.detail),) * 2, 0
        case "parameter":
            return (cast("UsedParameter", node.detail).value,) * 2, 0
        case "rate_of" | "net_of":
            return _scaled(parts[0], [fraction_of(node)])
        case "rate_by":
            rates = cast("UsedRates", node.detail).rates
            return _scaled(parts[0], common_fractions(rates))
        case "where":
            return (min(parts[1][0], parts[2][0]), max(parts[1][1], parts[2][1])), 0
        case _ if node.unit == "yes_no" and node.op != "line":
            return (0, 1), 0
        case _:
            return _plain(node, parts)


def _plain(node: Node, parts: list[Range]) -> tuple[Range, int]:
    first, second = parts[0], parts[-1]
    match node.op:
        case "line":
            return first, 0
        case "add":
            return (first[0] + second[0], first[1] + second[1]), 0
        case "subtract":
            return (first[0] - second[1], first[1] - second[0]), 0
        case "larger":
            return (max(first[0], second[0]), max(first[1], second[1])), 0
        case "smaller":
            return (min(first[0], second[0]), min(first[1], second[1])), 0
        case "share":
            most = max(abs(first[0]), abs(first[1]))
            return (-most, most), most + second[1]
        case _:
            corners = [a * b for a in first for b in second]
            return (min(corners), max(corners)), 0


def common_fractions(rates: Sequence[Rate]) -> list[tuple[int, int]]:
    """Rates over one denominator, so that columns can pick a numerator and divide once."""
    under = lcm(*(rate.denominator for rate in rates))
    return [(rate.numerator * under // rate.denominator, under) for rate in rates]


def _scaled(part: Range, fractions: list[tuple[int, int]]) -> tuple[Range, int]:
    ends = [half_up(end * over, under) for end in part for over, under in fractions]
    most = max(abs(end * over) + under for end in part for over, under in fractions)
    return (min(ends), max(ends)), most
