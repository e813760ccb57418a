"""The graph of a traced rule: every step of the arithmetic once, in an order in which it can be computed."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from palmtax.base.rate import Rate

Unit = Literal["fen", "days", "count", "yes_no", "choice"]
Op = Literal[
    "fact",  # detail: code of the fact
    "number",  # detail: the whole number
    "parameter",  # detail: UsedParameter
    "line",  # detail: full code of the line; the value of its argument under a name
    "add",
    "subtract",
    "times",
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
    "rate_of",  # detail: UsedRate; half up to the fen
    "net_of",  # detail: UsedRate; amount ÷ (1 + rate), half up to the fen
    "rate_by",  # detail: UsedRates; args: amount, choice
    "share",  # args: amount, count; amount ÷ count, half up to the fen
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
    if isinstance(detail, (UsedParameter, UsedRates)):
        return (detail.key,)
    if isinstance(detail, UsedRate):
        return tuple(key for _, key, _ in detail.terms)
    if node.op in ("below", "at_most", "reaches", "above") and isinstance(detail, str) and detail:
        return (detail,)
    return ()
