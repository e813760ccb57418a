"""Columns: the same graph on numpy arrays, `(n,) int64 fen` and `(n,) bool`, bit for bit what one taxpayer gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from palmtax.rules.engine import Traced, missing_facts, traced
from palmtax.rules.errors import AmountTooLarge, FactRefused
from palmtax.rules.facts import Fact
from palmtax.rules.graph import Node, UsedOption, UsedParameter, UsedRates
from palmtax.rules.ranges import common_fractions, first_unsafe
from palmtax.rules.steps import fraction_of

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
    places = {name: rule.outputs[name] for name in outputs or rule.law.outputs}
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
        raise FactRefused(fact=min(unknown), label=min(unknown), reason=f"not a fact of {rule.law.code}")
    lost = [fact for code, fact in rule.facts.items() if code not in facts and fact.default is None]
    if lost:
        raise missing_facts(lost)
    sizes = {column.shape for column in facts.values()}
    if len(sizes) > 1 or any(len(size) != 1 for size in sizes):
        raise FactRefused(fact=rule.law.code, label=rule.law.title, reason=f"columns of shapes {sorted(sizes)}")
    rows = sizes.pop()[0] if sizes else 0
    return {code: _column(fact, facts.get(code), rows) for code, fact in rule.facts.items()}, rows


def _column(fact: Fact, column: Column | None, rows: int) -> Column:
    if column is None:
        return np.full(rows, fact.read(fact.default), np.bool_ if fact.unit == "yes_no" else np.int64)
    wanted = "b" if fact.unit == "yes_no" else "i"
    if column.dtype.kind != wanted:
        raise fact.refused(f"a column of {'bool' if wanted == 'b' else 'int64'}, not {column.dtype}")
    if fact.unit == "yes_no":
        return column
    if len(column) and not (fact.lo <= int(column.min()) and int(column.max()) <= fact.hi):
        raise fact.refused(f"from {fact.lo} to {fact.hi}")
    return column.astype(np.int64, copy=False)


def _too_large(rule: Traced, place: int) -> AmountTooLarge:
    line = next((line for line in rule.lines if line.place >= place), rule.lines[-1])
    return AmountTooLarge(line=line.formula.label_en, label=line.formula.label)


def _half_up(over: Column, under: Any) -> Column:
    """Halves away from zero; `under` > 0; proved to stay within int64 before it is called."""
    size = (np.abs(over) + under // 2) // under
    return cast("Column", np.where(over < 0, -size, size))


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
    "share": _half_up,
}


def _step(node: Node, values: Mapping[int, Any], given: Mapping[str, Column], part: slice) -> Any:
    if node.op == "fact":
        return given[cast("str", node.detail)][part]
    if node.op in ("number", "parameter"):
        number = node.detail.value if isinstance(node.detail, UsedParameter) else node.detail
        return _kind(node)(cast("Any", number))
    parts = [values[arg] for arg in node.args]
    if node.op in ("rate_of", "net_of"):
        over, under = fraction_of(node)
        return _half_up(parts[0] * np.int64(over), np.int64(under))
    if node.op == "rate_by":
        fractions = common_fractions(cast("UsedRates", node.detail).rates)
        overs = np.array([over for over, _ in fractions], np.int64)
        return _half_up(parts[0] * overs[parts[1]], np.int64(fractions[0][1]))
    if node.op == "is_option":
        return parts[0] == cast("UsedOption", node.detail).place
    return _PLAIN[node.op](*parts)
