"""Columns: one graph, or several scenarios of it, for many taxpayers at once; bit for bit what one taxpayer gets.

Compiled where it pays and llvmlite has a target; numpy blocks otherwise, with the same results.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, cast

import numpy as np

from palmtax.rules.engine import traced
from palmtax.rules.errors import FactRefused
from palmtax.rules.kernel.given import Column, read
from palmtax.rules.kernel.lowering import Asked, Bands
from palmtax.rules.kernel.run import empty
from palmtax.rules.kernel.work import Form, Work
from palmtax.rules.traced import Traced


def columns(
    law: str,
    *,
    on: date,
    facts: Any,
    outputs: Sequence[str] = (),
    known_on: date | None = None,
    what_if: Mapping[str, object] | None = None,
    threads: int | None = None,
    out: Mapping[str, Column] | None = None,
) -> dict[str, Column]:
    """Apply a law to many taxpayers: a column per fact in, a column per output, `(n,) int64 fen` or `(n,) bool`.

    Facts are numpy or Arrow columns by name, or an Arrow record batch or table: integers of 8 to 64 bits, bool, choices
    as places in the fact's options (or Arrow dictionaries of their codes); Arrow memory is read in place. Floats,
    unsigned columns and nulls are refused, and so are columns for which the arithmetic is not proved to stay within
    int64 (`AmountTooLarge`). `out` takes the results (int64, int32 or bool; undefined after a refusal); `threads` is
    the number of processors if left out.
    """
    return apply(traced(law, on, known_on, what_if), facts, outputs, threads=threads, out=out)


def apply(
    rule: Traced,
    facts: Any,
    outputs: Sequence[str] = (),
    *,
    threads: int | None = None,
    out: Mapping[str, Column] | None = None,
    form: Form | None = None,
) -> dict[str, Column]:
    """A traced rule on columns; `form` insists on one way of computing."""
    names = tuple(outputs or rule.outputs)
    given = read(rule, facts)
    filled = _buffers((rule,), names, given.rows, out)
    Work((rule,), (_asked(rule, names),), given, filled, threads, form).fill()
    return dict(zip(names, cast("list[Column]", filled), strict=True))


def scenarios(
    law: str,
    *,
    on: date,
    facts: Any,
    scenarios: Mapping[str, Mapping[str, object]],
    outputs: Sequence[str] = (),
    known_on: date | None = None,
    threads: int | None = None,
) -> dict[str, dict[str, Column]]:
    """Several what-ifs (parameters by full key; `{}` is the law) in one pass: facts are read, common steps done, once.

    Gives the columns of each scenario; refusals as `columns`.
    """
    rules = _supposed(law, on, known_on, scenarios)
    names = tuple(outputs or rules[0].outputs)
    given = read(rules[0], facts)
    filled = _buffers(rules, names, given.rows, None)
    Work(rules, tuple(_asked(rule, names) for rule in rules), given, filled, threads, None).fill()
    found = iter(cast("list[Column]", filled))
    return {scenario: {name: next(found) for name in names} for scenario in scenarios}


def totals(
    law: str,
    *,
    on: date,
    facts: Any,
    scenarios: Mapping[str, Mapping[str, object]],
    outputs: Sequence[str] = (),
    known_on: date | None = None,
    threads: int | None = None,
) -> dict[str, dict[str, int]]:
    """The sums of several what-ifs, exact, in one pass that writes no columns; of yes/no, how many hold."""
    rules = _supposed(law, on, known_on, scenarios)
    names = tuple(outputs or rules[0].outputs)
    given = read(rules[0], facts)
    asked = tuple(_asked(rule, names) for rule in rules)
    sums = iter(Work(rules, asked, given, [None] * (len(names) * len(rules)), threads, None).fill())
    return {scenario: {name: next(sums) for name in names} for scenario in scenarios}


def by_band(
    law: str,
    *,
    on: date,
    facts: Any,
    scenarios: Mapping[str, Mapping[str, object]],
    outputs: Sequence[str],
    line: str,
    ends: Sequence[int],
    known_on: date | None = None,
    threads: int | None = None,
) -> dict[str, dict[str, list[int]]]:
    """Exact sums by band of a line of the rule, in one pass that writes no columns.

    Bands go up to each of the rising `ends` (which belong to the band below), the last one beyond them. Under `rows`
    stands how many taxpayers are in each.
    """
    rules = _supposed(law, on, known_on, scenarios)
    given = read(rules[0], facts)
    asked = tuple(
        Asked(rule.nodes, _asked(rule, outputs).places, Bands(_place(rule, line), tuple(ends))) for rule in rules
    )
    sums = iter(Work(rules, asked, given, [None] * sum(one.outputs for one in asked), threads, None).fill())
    found = {}
    for scenario in scenarios:
        above = [[given.rows, *(next(sums) for _ in outputs)]]
        above += [[next(sums) for _ in range(len(outputs) + 1)] for _ in ends]
        above.append([0] * (len(outputs) + 1))
        bands = [[low - high for low, high in zip(*pair, strict=True)] for pair in pairwise(above)]
        found[scenario] = {name: [band[place] for band in bands] for place, name in enumerate(("rows", *outputs))}
    return found


def burdens(
    law: str,
    *,
    on: date,
    facts: Any,
    scenarios: Mapping[str, Mapping[str, object]],
    plus: Sequence[str],
    less: Sequence[str] = (),
    known_on: date | None = None,
    threads: int | None = None,
    out: Mapping[str, Column] | None = None,
) -> dict[str, Column]:
    """One column for each what-if, in one pass: some results or lines added up, less others; `(n,) int64` fen.

    Only what the sums need is computed. `out` takes them by the name of the what-if.
    """
    rules = _supposed(law, on, known_on, scenarios)
    for name in (*plus, *less):
        if rules[0].nodes[_place(rules[0], name)].unit == "yes_no":
            raise ValueError(f"{name}: a yes or no cannot be added up")
    given = read(rules[0], facts)
    graphs = tuple(
        Asked(rule.nodes, _asked(rule, plus).places, less=tuple(_place(rule, name) for name in less)) for rule in rules
    )
    filled: list[Column | None] = [
        _buffer(name, out[name], given.rows, is_yes_no=False) if out and name in out else empty(given.rows, np.int64, n)
        for n, name in enumerate(scenarios)
    ]
    Work(rules, graphs, given, filled, threads, None).fill()
    return dict(zip(scenarios, cast("list[Column]", filled), strict=True))


def _asked(rule: Traced, names: Sequence[str]) -> Asked:
    return Asked(rule.nodes, tuple(_place(rule, name) for name in names))


def _place(rule: Traced, name: str) -> int:
    """Where a result, or any line by its code, stands."""
    if name in rule.outputs:
        return rule.outputs[name]
    if name not in rule.lines_by_code:
        raise FactRefused.of(name, name, name, "unknown")
    return rule.lines_by_code[name].place


def _supposed(
    law: str, on: date, known_on: date | None, scenarios: Mapping[str, Mapping[str, object]]
) -> tuple[Traced, ...]:
    if not scenarios:
        raise ValueError("no scenarios")
    return tuple(traced(law, on, known_on, what_if) for what_if in scenarios.values())


def _buffers(
    rules: Sequence[Traced], names: Sequence[str], rows: int, out: Mapping[str, Column] | None
) -> list[Column | None]:
    found: list[Column | None] = []
    for rule in rules:
        for name in names:
            is_yes_no = rule.nodes[_place(rule, name)].unit == "yes_no"
            if out is None or name not in out:
                found.append(empty(rows, np.bool_ if is_yes_no else np.int64, len(found)))
            else:
                found.append(_buffer(name, out[name], rows, is_yes_no=is_yes_no))
    return found


def _buffer(name: str, column: Column, rows: int, *, is_yes_no: bool) -> Column:
    kinds = ("bool",) if is_yes_no else ("int64", "int32")
    if column.shape != (rows,) or str(column.dtype) not in kinds or not column.flags.c_contiguous:
        raise ValueError(f"out[{name!r}]: needs ({rows},) {' or '.join(kinds)} in one piece")
    return column
