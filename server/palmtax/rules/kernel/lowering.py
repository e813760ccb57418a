"""Lowering: the steps of a rule's graph as the few steps of a program; one way for every form that runs on columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, reduce
from itertools import pairwise
from math import lcm
from typing import Any, cast

from palmtax.rules.graph import (
    MILLIONTHS,
    TEN_THOUSANDTHS,
    Bracket,
    Node,
    UsedOption,
    UsedParameter,
    UsedRate,
    UsedRates,
    UsedScale,
    UsedTable,
)
from palmtax.rules.kernel import days
from palmtax.rules.kernel.joining import joined
from palmtax.rules.kernel.program import Builder, Program, Range


@dataclass(frozen=True)
class Columns:
    """The facts by code: place among the columns and range; those that are the same for everybody by their value."""

    places: Mapping[str, int]
    ranges: Mapping[str, Range]
    fixed: Mapping[str, int]


@dataclass(frozen=True)
class Bands:
    """Sums are wanted by band of a step: up to each of the ends (which belong to the band below), then above them."""

    place: int
    ends: tuple[int, ...]


@dataclass(frozen=True)
class Asked:
    """A graph and the places wanted of it."""

    nodes: Sequence[Node]
    places: tuple[int, ...]
    bands: Bands | None = None
    less: tuple[int, ...] | None = None
    """If given, one output is wanted: the sum of the places, less the sum of these."""

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """Codes of the facts that it takes."""
        nodes = (self.nodes[place] for place in self.needed)
        return tuple(cast("str", node.detail) for node in nodes if node.op == "fact")

    @cached_property
    def needed(self) -> list[int]:
        """Places of the nodes that it takes, in computing order."""
        keep = {*self.places, *(self.less or ()), *([] if self.bands is None else [self.bands.place])}
        for place in range(len(self.nodes) - 1, -1, -1):
            if place in keep:
                keep.update(self.nodes[place].args)
        return sorted(keep)

    @property
    def outputs(self) -> int:
        """How many outputs it has: one a place, or with bands one for all, one above each end, and the rows there."""
        if self.less is not None:
            return 1
        ends = 0 if self.bands is None else len(self.bands.ends)
        return len(self.places) * (ends + 1) + ends


def program_of(graphs: Sequence[Asked], columns: Columns, *, reads_all: bool) -> Program:
    """One program for several graphs and the places wanted of each; what they have in common is computed once.

    With `reads_all` it reads even columns that turn out not to matter: their bounds were only assumed.
    """
    builder, outputs = Builder(), list[int]()
    for number, asked in enumerate(graphs):
        found = _lowered(builder, number, asked, columns)
        values = [found[place] for place in asked.places]
        if asked.less is not None:
            less = (found[place] for place in asked.less)
            values = [reduce(builder.subtract, less, reduce(builder.add, values))]
        outputs += values
        if asked.bands is not None:
            outputs += _above_ends(builder, found[asked.bands.place], asked.bands.ends, values)
    return builder.finish(joined(builder, outputs), reads_all=reads_all)


def _above_ends(builder: Builder, by: int, ends: Sequence[int], values: Sequence[int]) -> list[int]:
    """For each end whether it is passed, and each value where it is."""
    found = []
    for end in ends:
        is_above = builder.below(builder.number(end), by)
        found.append(is_above)
        for value in values:
            rest = builder.decided(holds=False) if builder.yes_no[value] else builder.number(0)
            found.append(builder.where(is_above, value, rest))
    return found


def _lowered(builder: Builder, number: int, asked: Asked, columns: Columns) -> dict[int, int]:
    found: dict[int, int] = {}
    for place in asked.needed:
        builder.source = (number, place)
        node = asked.nodes[place]
        if node.op == "fact":
            found[place] = _fact(builder, node, columns)
        else:
            found[place] = LOWERED[node.op](builder, node, *(found[arg] for arg in node.args))
    return found


def _fact(builder: Builder, node: Node, columns: Columns) -> int:
    code, is_yes_no = cast("str", node.detail), node.unit == "yes_no"
    if code in columns.fixed:
        value = columns.fixed[code]
        return builder.decided(bool(value)) if is_yes_no else builder.number(value)
    return builder.fact(columns.places[code], columns.ranges[code], is_yes_no=is_yes_no)


def _fixed(builder: Builder, node: Node) -> int:
    value = node.detail.value if isinstance(node.detail, UsedParameter) else cast("int", node.detail)
    return builder.decided(bool(value)) if node.unit == "yes_no" else builder.number(value)


def _rate(builder: Builder, node: Node) -> int:
    return builder.number(int(cast("UsedRate", node.detail).rate.fraction * MILLIONTHS))


def _option(builder: Builder, node: Node, choice: int) -> int:
    return builder.equal(choice, cast("UsedOption", node.detail).place)


def _of(fraction: Fraction) -> Fraction:
    return fraction


def _net(fraction: Fraction) -> Fraction:
    return 1 / (1 + fraction)


def _gross(fraction: Fraction) -> Fraction:
    return 1 / (1 - fraction)


def _times(builder: Builder, value: int, fraction: Fraction) -> int:
    return builder.round(value, fraction.numerator, fraction.denominator)


def _by_rate(turn: Callable[[Fraction], Fraction]) -> Callable[[Builder, Node, int], int]:
    def found(builder: Builder, node: Node, value: int) -> int:
        return _times(builder, value, turn(cast("UsedRate", node.detail).rate.fraction))

    return found


def _by_choice(turn: Callable[[Fraction], Fraction]) -> Callable[[Builder, Node, int, int], int]:
    def found(builder: Builder, node: Node, value: int, choice: int) -> int:
        fractions = [turn(rate.fraction) for rate in cast("UsedRates", node.detail).rates]
        return _picked(builder, value, _options(builder, choice, len(fractions)), fractions)

    return found


def _picked(builder: Builder, value: int, conditions: Sequence[int], fractions: Sequence[Fraction]) -> int:
    pairs = [(fraction.numerator, fraction.denominator) for fraction in fractions]
    if min(fractions) >= 0:
        return builder.round_by(value, conditions, pairs)
    found = builder.round(value, *pairs[0])  # a negative rate: none is known, but none is refused
    for condition, pair in zip(conditions, pairs[1:], strict=True):
        found = builder.where(condition, builder.round(value, *pair), found)
    return found


def _options(builder: Builder, choice: int, options: int) -> list[int]:
    return [builder.equal(choice, place) for place in range(1, options)]


def _table(builder: Builder, node: Node, choice: int) -> int:
    values = cast("UsedTable", node.detail).values
    return builder.pick(_options(builder, choice, len(values)), values)


def _per_unit(builder: Builder, node: Node, value: int) -> int:
    return _times(builder, value, cast("UsedRates", node.detail).rates[0].fraction)


def _scaled(builder: Builder, node: Node, value: int) -> int:
    return _times(builder, value, Fraction(cast("Fraction", node.detail)))


def _floored(builder: Builder, node: Node, value: int) -> int:
    return builder.floor(value, 1, 0, cast("int", node.detail))


def _portion_of(builder: Builder, _: Node, value: int, portion: int) -> int:
    return builder.round(builder.multiply(value, portion), 1, MILLIONTHS)


def _portion_net(builder: Builder, _: Node, value: int, portion: int) -> int:
    million = builder.number(MILLIONTHS)
    return builder.divide(builder.multiply(value, million), builder.add(million, portion))


def _portion_gross(builder: Builder, _: Node, value: int, portion: int) -> int:
    million = builder.number(MILLIONTHS)
    return builder.divide(builder.multiply(value, million), builder.subtract(million, portion))


def _for_quantity(builder: Builder, _: Node, value: int, quantity: int) -> int:
    return builder.round(builder.multiply(value, quantity), 1, TEN_THOUSANDTHS)


def _share(builder: Builder, _: Node, value: int, count: int) -> int:
    return builder.divide(value, count)


def _per_quantity(builder: Builder, _: Node, value: int, quantity: int) -> int:
    return builder.divide(builder.multiply(value, builder.number(TEN_THOUSANDTHS)), quantity)


def _part(builder: Builder, _: Node, value: int, a: int, b: int) -> int:
    return builder.divide(builder.multiply(value, a), b)


def _decimals(whole: int) -> Callable[[Builder, Node, int, int], int]:
    """The quotient rounded half up to the places, in steps of 1/whole."""

    def found(builder: Builder, node: Node, a: int, b: int) -> int:
        kept: int = 10 ** cast("int", node.detail)
        rounded = builder.divide(builder.multiply(a, builder.number(kept)), b)
        return rounded if kept == whole else builder.multiply(rounded, builder.number(whole // kept))

    return found


def _above(builder: Builder, brackets: Sequence[Bracket], value: int, count: int | None) -> list[int]:
    """For each bracket but the first, whether value ÷ count lies above the one before; never where count ≤ 0."""
    ends = [builder.number(int(cast("Fraction", bracket.up_to))) for bracket in brackets[:-1]]
    if count is None:
        return [builder.below(end, value) for end in ends]
    divides = builder.below(builder.number(0), count)
    return [builder.both(divides, builder.below(builder.multiply(count, end), value)) for end in ends]


def _above_ratio(builder: Builder, brackets: Sequence[Bracket], value: int, of: int) -> list[int]:
    """The same for value ÷ of, exactly; always where of ≤ 0 and value > 0."""
    zero, conditions = builder.number(0), []
    for bracket in brackets[:-1]:
        end = cast("Fraction", bracket.up_to)
        scaled = builder.multiply(value, builder.number(end.denominator)) if end.denominator != 1 else value
        above = builder.below(builder.multiply(of, builder.number(end.numerator)), scaled)
        conditions.append(builder.where(builder.below(zero, of), above, builder.below(zero, value)))
    return conditions


def _scale_tax(builder: Builder, node: Node, base: int, selector: int, count: int | None = None) -> int:
    brackets = cast("UsedScale", node.detail).brackets
    if selector == base and count is None and builder.ranges[base][0] >= 0 and _is_progressive(brackets):
        under = lcm(*(bracket.rate.denominator for bracket in brackets))
        lines = [(int(bracket.rate.fraction * under), under // 2 - int(bracket.less) * under) for bracket in brackets]
        return builder.highest(base, lines, under)
    conditions = _above(builder, brackets, selector, count)
    tax = _picked(builder, base, conditions, [bracket.rate.fraction for bracket in brackets])
    return builder.subtract(tax, _less(builder, brackets, conditions))


def _is_progressive(brackets: Sequence[Bracket]) -> bool:
    """Whether the tax is the highest of its straight lines: rates rise and no bracket begins with a jump."""
    return all(bracket.less.denominator == 1 for bracket in brackets) and all(
        low.rate.fraction <= high.rate.fraction
        and low.up_to is not None
        and low.up_to * (high.rate.fraction - low.rate.fraction) == high.less - low.less
        for low, high in pairwise(brackets)
    )


def _less(builder: Builder, brackets: Sequence[Bracket], conditions: Sequence[int]) -> int:
    return builder.pick(conditions, [int(bracket.less) for bracket in brackets])


def _scale_less(builder: Builder, node: Node, selector: int, count: int | None = None) -> int:
    brackets = cast("UsedScale", node.detail).brackets
    return _less(builder, brackets, _above(builder, brackets, selector, count))


def _scale_rate(builder: Builder, node: Node, selector: int, count: int | None = None) -> int:
    brackets = cast("UsedScale", node.detail).brackets
    return builder.pick(_above(builder, brackets, selector, count), _rates(brackets))


def _ratio_rate(builder: Builder, node: Node, value: int, of: int) -> int:
    brackets = cast("UsedScale", node.detail).brackets
    return builder.pick(_above_ratio(builder, brackets, value, of), _rates(brackets))


def _rates(brackets: Sequence[Bracket]) -> list[int]:
    return [int(bracket.rate.fraction * MILLIONTHS) for bracket in brackets]


def _ratio_tax(builder: Builder, node: Node, value: int, of: int) -> int:
    """Value × rate − of × coefficient over one denominator, rounded once."""
    brackets = cast("UsedScale", node.detail).brackets
    under = lcm(*(number.denominator for row in brackets for number in (row.rate.fraction, row.less)))
    conditions = _above_ratio(builder, brackets, value, of)
    rates = builder.pick(conditions, [int(row.rate.fraction * under) for row in brackets])
    parts = builder.pick(conditions, [int(row.less * under) for row in brackets])
    return builder.round(builder.subtract(builder.multiply(value, rates), builder.multiply(of, parts)), 1, under)


def _turned(method: Callable[[Builder, int, int], int]) -> Callable[[Builder, Node, int, int], int]:
    return lambda builder, _, a, b: method(builder, b, a)


def _plain(method: Callable[..., int]) -> Callable[..., int]:
    return lambda builder, _, *args: method(builder, *args)


LOWERED: dict[str, Callable[..., Any]] = {
    "number": _fixed,
    "parameter": _fixed,
    "rate": _rate,
    "line": lambda _builder, _node, value: value,
    "add": _plain(Builder.add),
    "subtract": _plain(Builder.subtract),
    "times": _plain(Builder.multiply),
    "larger": _plain(Builder.larger),
    "smaller": _plain(Builder.smaller),
    "below": _plain(Builder.below),
    "at_most": _plain(Builder.at_most),
    "reaches": _turned(Builder.at_most),
    "above": _turned(Builder.below),
    "both": _plain(Builder.both),
    "either": _plain(Builder.either),
    "not": _plain(Builder.opposite),
    "where": _plain(Builder.where),
    "is_option": _option,
    "rate_of": _by_rate(_of),
    "net_of": _by_rate(_net),
    "gross_up": _by_rate(_gross),
    "rate_by": _by_choice(_of),
    "net_by": _by_choice(_net),
    "gross_by": _by_choice(_gross),
    "table": _table,
    "per_unit": _per_unit,
    "per_unit_by": _by_choice(_of),
    "portion_of": _portion_of,
    "portion_net": _portion_net,
    "portion_gross": _portion_gross,
    "for_quantity": _for_quantity,
    "share": _share,
    "per_quantity": _per_quantity,
    "part": _part,
    "ratio": _decimals(MILLIONTHS),
    "quotient": _decimals(TEN_THOUSANDTHS),
    "scaled": _scaled,
    "floored": _floored,
    "scale_tax": _scale_tax,
    "scale_rate": _scale_rate,
    "scale_less": _scale_less,
    "ratio_tax": _ratio_tax,
    "ratio_rate": _ratio_rate,
    "days_between": _turned(Builder.subtract),
    "full_years": _plain(days.full_years),
    "full_months": _plain(days.full_months),
    "month_of": _plain(days.month_of),
    "year_of": _plain(days.year_of),
}
"""How each operation of the graph but `fact` is lowered."""
