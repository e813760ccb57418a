"""Columns: one graph, or several scenarios of it, for many taxpayers at once; bit for bit what one taxpayer gets.

Compiled where it pays and llvmlite has a target; numpy blocks otherwise, with the same results.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, cast

import numpy as np

from palmtax.rules.engine import traced
from palmtax.rules.errors import AmountTooLarge, FactRefused
from palmtax.rules.kernel import blocks, compiled
from palmtax.rules.kernel.given import Column, Given, check_range, read
from palmtax.rules.kernel.lowering import needed
from palmtax.rules.kernel.plan import Plan, Wanted, assumed, exact, unchecked
from palmtax.rules.kernel.program import Program, Source
from palmtax.rules.kernel.run import Stretch, empty, may_stream, run
from palmtax.rules.traced import Traced

Form = Literal["kernel", "blocks"]
FEWEST_ROWS = 20_000
"""Below this a kernel that is not yet made is not worth its compilation."""
_LLVM_TYPES = {"bool": "i8", "int32": "i32", "int64": "i64"}
_MOST_PLANS = 256
_PLANS: dict[tuple[object, ...], tuple[tuple[Traced, ...], Plan | None]] = {}


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
    form: Form | None = None,
) -> dict[str, Column]:
    """Apply a law to many taxpayers: a column per fact in, a column per output, `(n,) int64 fen` or `(n,) bool`.

    Facts are numpy or Arrow columns by name, or an Arrow record batch or table: integers of 8 to 64 bits, bool, choices
    as places in the fact's options (or Arrow dictionaries of their codes); Arrow memory is read in place. Floats,
    unsigned columns and nulls are refused, and so are columns for which the arithmetic is not proved to stay within
    int64 (`AmountTooLarge`). `out` takes the results (int64, int32 or bool; undefined after a refusal); `threads` is
    the processors' number if left out; `form` insists on one way of computing.
    """
    rule = traced(law, on, known_on, what_if)
    names = tuple(outputs or rule.outputs)
    given = read(rule, facts)
    work = _Work((rule,), (names,), given, _buffers((rule,), (names,), given.rows, out), threads, form)
    work.fill()
    return dict(zip(names, cast("list[Column]", work.outputs), strict=True))


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
    asked = (names,) * len(rules)
    work = _Work(rules, asked, given, _buffers(rules, asked, given.rows, None), threads, None)
    work.fill()
    found = iter(cast("list[Column]", work.outputs))
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
    asked = (names,) * len(rules)
    work = _Work(rules, asked, given, [None] * (len(names) * len(rules)), threads, None)
    sums = iter(work.fill())
    return {scenario: {name: next(sums) for name in names} for scenario in scenarios}


def _supposed(
    law: str, on: date, known_on: date | None, scenarios: Mapping[str, Mapping[str, object]]
) -> tuple[Traced, ...]:
    if not scenarios:
        raise ValueError("no scenarios")
    return tuple(traced(law, on, known_on, what_if) for what_if in scenarios.values())


def _buffers(
    rules: Sequence[Traced], names: Sequence[Sequence[str]], rows: int, out: Mapping[str, Column] | None
) -> list[Column | None]:
    found: list[Column | None] = []
    for rule, wanted in zip(rules, names, strict=True):
        for name in wanted:
            is_yes_no = rule.nodes[rule.outputs[name]].unit == "yes_no"
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


@dataclass
class _Work:
    """Rules, columns and outputs of one call (an output that is none is only summed)."""

    rules: tuple[Traced, ...]
    names: tuple[tuple[str, ...], ...]
    given: Given
    outputs: list[Column | None]
    threads: int | None
    form: Form | None

    def fill(self) -> tuple[int, ...]:
        """Fill the outputs; the sums of those that are none."""
        if not self.given.rows:
            return (0,) * len(self.outputs)
        self._check_unused()
        plan = None if self.form == "blocks" or compiled.machine() is None else self._assumed()
        if plan is not None and not self._pays(plan):
            plan = None
        elif plan is None and self.form is None and self.given.rows < FEWEST_ROWS:
            return self._measured(with_kernel=False)
        if plan is not None:
            gathered = run(plan, self._stretches, self._targets(), self._threads)
            if gathered.holds and self._fits_outputs(plan.program):
                return gathered.sums
        return self._measured(with_kernel=self.form != "blocks" and compiled.machine() is not None)
