"""The graph of a traced rule: every step of the arithmetic once, in an order in which it can be computed."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, NamedTuple

from palmtax.base.rate import Rate

Unit = Literal["fen", "days", "count", "quantity", "rate", "day", "yes_no", "choice"]
"""`quantity` counts ten-thousandths of its measure, `rate` millionths of the whole, `day` is the ordinal of a date."""

TEN_THOUSANDTHS = 10_000
MILLIONTHS = 1_000_000

Op = Literal[
    "fact",  # detail: code of the fact
    "number",  # detail: the whole number
    "parameter",  # detail: UsedParameter
    "rate",  # detail: UsedRate; the rate itself in millionths
    "line",  # detail: full code of the line; the value of its argument under a name
    "add",
    "subtract",
    "times",  # two whole numbers
    "larger",
    "smaller",
    "below",  # detail: key of the parameter that sets the comparison, or ""
    "at_most",  # likewise
    "reaches",  # likewise
    "above",  # likewise
    "both",
    "either",
    "not",
    "where",
    "is_option",  # detail: UsedOption
    "rate_of",  # detail: UsedRate; value × rate, half up
    "net_of",  # detail: UsedRate; amount ÷ (1 + rate), half up
    "gross_up",  # detail: UsedRate; amount ÷ (1 − rate), half up
    "rate_by",  # detail: UsedRates; args: value, choice
    "net_by",  # likewise
    "gross_by",  # likewise
    "table",  # detail: UsedTable; arg: choice
    "per_unit",  # detail: UsedRates of one rate: fen for one step of the quantity or count; half up
    "per_unit_by",  # detail: UsedRates; args: quantity or count, choice
    "portion_of",  # args: value, portion; value × portion ÷ 10^6, half up
    "portion_net",  # args: value, portion; value ÷ (1 + portion), half up
    "portion_gross",  # args: value, portion; value ÷ (1 − portion), half up; 0 where nothing is left to divide by
    "for_quantity",  # args: amount or quantity, quantity; product ÷ 10^4, half up
    "share",  # args: amount, count; amount ÷ count, half up; 0 for a count of 0 or less
    "per_quantity",  # args: amount, quantity; amount × 10^4 ÷ quantity, half up; 0 likewise
    "part",  # args: amount, a, b; amount × a ÷ b, half up; 0 likewise
    "ratio",  # detail: places; args: a, b; a ÷ b as millionths, rounded half up to the places; 0 likewise
    "quotient",  # detail: places; args: two quantities; a ÷ b as a quantity, rounded likewise; 0 likewise
    "scaled",  # detail: Fraction; value × fraction, half up
    "floored",  # detail: whole number above 0; value ÷ number, rounded down
    "scale_tax",  # detail: UsedScale; args: base, selector[, count]; base × rate − quick deduction
    "scale_rate",  # detail: UsedScale; args: selector[, count]; the rate in millionths
    "scale_less",  # detail: UsedScale; args: selector[, count]; the quick deduction
    "ratio_tax",  # detail: UsedScale; args: amount, of; amount × rate − of × coefficient, half up once
    "ratio_rate",  # detail: UsedScale; args: amount, of; the rate in millionths
    "days_between",  # args: from, to; to − from
    "full_years",  # args: from, to; 0 where to lies before from
    "full_months",  # likewise
    "month_of",  # 1 to 12
    "year_of",
]


class UsedParameter(NamedTuple):
    """A number or yes/no of the law as it stood when the rule was traced."""

    key: str
    value: int


class UsedOption(NamedTuple):
    """One option of a fact that is a choice."""

    fact: str
    place: int


class UsedRate(NamedTuple):
    """An exact rate and how it came about: its parameters, with their signs."""

    rate: Rate
    terms: tuple[tuple[int, str, Rate], ...]


class UsedRates(NamedTuple):
    """A rate for each option of a choice, in the order of the options."""

    key: str
    rates: tuple[Rate, ...]


class UsedTable(NamedTuple):
    """A whole number for each option of a choice, in the order of the options."""

    key: str
    values: tuple[int, ...]


class Bracket(NamedTuple):
    """One row of a scale: up to and including `up_to` (fen, or a ratio), at `rate`, less `less` (fen, or a ratio)."""

    up_to: Fraction | None
    rate: Rate
    less: Fraction


class UsedScale(NamedTuple):
    """A progressive scale of the law; the last row has no end."""

    key: str
    brackets: tuple[Bracket, ...]


class Node(NamedTuple):
    """One step; `args` are places of earlier nodes."""

    op: Op
    args: tuple[int, ...]
    detail: Hashable
    unit: Unit


@dataclass
class Graph:
    """Nodes in computing order; equal steps are kept once."""

    nodes: list[Node] = field(default_factory=list)
    _places: dict[Node, int] = field(default_factory=dict)

    def add(self, op: Op, args: tuple[int, ...], unit: Unit, detail: Hashable = None) -> int:
        """The place of this step, new or found."""
        node = Node(op, args, detail, unit)
        place = self._places.get(node)
        if place is None:
            place = self._places[node] = len(self.nodes)
            self.nodes.append(node)
        return place


def used_parameters(node: Node) -> tuple[str, ...]:
    """Keys of the parameters that this one step reads."""
    detail = node.detail
    if isinstance(detail, (UsedParameter, UsedRates, UsedTable, UsedScale)):
        return (detail.key,)
    if isinstance(detail, UsedRate):
        return tuple(key for _, key, _ in detail.terms)
    if node.op in ("below", "at_most", "reaches", "above") and isinstance(detail, str) and detail:
        return (detail,)
    return ()
