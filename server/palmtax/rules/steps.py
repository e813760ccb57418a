"""One taxpayer: each step of a graph as a small exact function on whole numbers, and what is still missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, cast

from palmtax.base.rate import half_up
from palmtax.rules.graph import Node, UsedOption, UsedParameter, UsedRate, UsedRates


class Values(Protocol):
    """The values found so far, by place."""

    def __getitem__(self, place: int, /) -> Any:
        """The value of that step."""
        ...


Step = Callable[[Values, Mapping[str, int]], int]


def program(nodes: Sequence[Node]) -> list[Step]:
    """The steps in computing order."""
    return [_step(node) for node in nodes]


def run(steps: Sequence[Step], given: Mapping[str, int]) -> list[int]:
    """The value of every step for these facts; yes/no are `bool`."""
    values: list[int] = []
    for step in steps:
        values.append(step(values, given))
    return values


def _step(node: Node) -> Step:
    args = node.args
    maker = _LEAVES.get(node.op)
    if maker is not None:
        return maker(node)
    if len(args) == 1:
        return _one(node, args[0])
    if node.op == "where":
        condition, then, otherwise = args
        return lambda values, _: values[then] if values[condition] else values[otherwise]
    return _two(node, args[0], args[1])


def _fact(node: Node) -> Step:
    code = cast("str", node.detail)
    return lambda _, given: given[code]


def _fixed(node: Node) -> Step:
    number = node.detail.value if isinstance(node.detail, UsedParameter) else cast("int", node.detail)
    value = bool(number) if node.unit == "yes_no" else number
    return lambda _values, _given: value


_LEAVES: dict[str, Callable[[Node], Step]] = {"fact": _fact, "number": _fixed, "parameter": _fixed}


def _one(node: Node, a: int) -> Step:
    if node.op == "line":
        return lambda values, _: values[a]
    if node.op == "not":
        return lambda values, _: not values[a]
    if node.op == "is_option":
        place = cast("UsedOption", node.detail).place
        return lambda values, _: values[a] == place
    over, under = fraction_of(node)
    return lambda values, _: half_up(values[a] * over, under)


def fraction_of(node: Node) -> tuple[int, int]:
    """The exact fraction by which `rate_of` or `net_of` multiplies, in lowest terms."""
    rate = cast("UsedRate", node.detail).rate
    if node.op == "rate_of":
        return rate.numerator, rate.denominator
    whole = 1 / (1 + rate.fraction)
    return whole.numerator, whole.denominator


def _two(node: Node, a: int, b: int) -> Step:
    match node.op:
        case "add":
            return lambda values, _: values[a] + values[b]
        case "subtract":
            return lambda values, _: values[a] - values[b]
        case "times":
            return lambda values, _: values[a] * values[b]
        case "larger":
            return lambda values, _: max(values[a], values[b])
        case "smaller":
            return lambda values, _: min(values[a], values[b])
        case "below":
            return lambda values, _: values[a] < values[b]
        case "at_most":
            return lambda values, _: values[a] <= values[b]
        case "reaches":
            return lambda values, _: values[a] >= values[b]
        case "above":
            return lambda values, _: values[a] > values[b]
        case "both":
            return lambda values, _: values[a] and values[b]
        case "either":
            return lambda values, _: values[a] or values[b]
        case "share":
            return lambda values, _: half_up(values[a], values[b])
        case _:
            rates = [(rate.numerator, rate.denominator) for rate in cast("UsedRates", node.detail).rates]
            return lambda values, _: half_up(values[a] * rates[values[b]][0], rates[values[b]][1])


def lost_facts(nodes: Sequence[Node], given: Mapping[str, int], wanted: Sequence[int]) -> list[str]:
    """Codes of the facts still needed for the wanted places; branches already decided ask for nothing."""
    steps, values, lost = program(nodes), dict[int, Any](), dict[str, None]()

    def need(place: int) -> int | None:
        if place not in values:
            values[place] = find(nodes[place], place)
        return cast("int | None", values[place])

    def find(node: Node, place: int) -> int | None:
        if node.op == "fact" and node.detail not in given:
            lost[cast("str", node.detail)] = None
            return None
        if node.op == "where":
            condition = need(node.args[0])  # unknown: ask for the branches once it is known which one counts
            return None if condition is None else need(node.args[1] if condition else node.args[2])
        if node.op in ("both", "either"):
            first = need(node.args[0])
            if first is not None and bool(first) == (node.op == "either"):
                return first  # decided, whatever the other part is
        parts = [need(arg) for arg in node.args]
        return None if None in parts else steps[place](values, given)

    for place in wanted:
        need(place)
    return list(lost)
