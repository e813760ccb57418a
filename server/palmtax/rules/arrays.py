"""Columns: one graph, or several scenarios of it, for many taxpayers at once; bit for bit what one taxpayer gets.

Compiled where it pays and llvmlite has a target; numpy blocks otherwise, with the same results.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal, cast

import numpy as np

from palmtax.rules.engine import traced
from palmtax.rules.errors import AmountTooLarge
from palmtax.rules.kernel import blocks, compiled
from palmtax.rules.kernel.given import Column, Given, check_range, read
from palmtax.rules.kernel.lowering import Columns, needed, program_of
from palmtax.rules.kernel.plan import Plan, Wanted, assumed, unchecked
from palmtax.rules.kernel.program import Program, Source
from palmtax.rules.kernel.run import Gathered, empty, may_stream, run
from palmtax.rules.traced import Traced

Form = Literal["kernel", "blocks"]
FEWEST_ROWS = 20_000
"""Below this a kernel that is not yet made is not worth its compilation."""
_LLVM_TYPES = {"bool": "i8", "int32": "i32", "int64": "i64"}
_WIDEST_INT32 = 2**31 - 1
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
    work = _Work((rule,), names, given, _buffers((rule,), names, given.rows, out), threads, form)
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
    work = _Work(rules, names, given, _buffers(rules, names, given.rows, None), threads, None)
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
    work = _Work(rules, names, given, [None] * (len(names) * len(rules)), threads, None)
    sums = iter(work.fill())
    return {scenario: {name: next(sums) for name in names} for scenario in scenarios}


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


class _Work:
    """Rules, columns and outputs of one call (an output that is none is only summed)."""

    def __init__(
        self,
        rules: tuple[Traced, ...],
        names: tuple[str, ...],
        given: Given,
        outputs: list[Column | None],
        threads: int | None,
        form: Form | None,
    ) -> None:
        self.rules, self.names, self.given, self.outputs, self.form = rules, names, given, outputs, form
        self.threads = threads or os.cpu_count() or 1
        self.places = [[rule.outputs[name] for name in names] for rule in rules]
        read_codes = {
            cast("str", rule.nodes[place].detail)
            for rule, places in zip(rules, self.places, strict=True)
            for place in needed(rule.nodes, places)
            if rule.nodes[place].op == "fact"
        }
        self.codes = tuple(code for code in given.pieces if code in read_codes) or tuple(given.pieces)[:1]

    def fill(self) -> tuple[int, ...]:
        """Fill the outputs; the sums of those that are none."""
        if not self.given.rows:
            return (0,) * len(self.outputs)
        for code in self.given.pieces.keys() - set(self.codes):
            check_range(self.rules[0].facts[code], self.given.range_of(code))
        if self.form == "blocks" or compiled.machine() is None:
            return self._measured(with_kernel=False)
        self.stretches = self.given.stretches(self.codes)
        plan = self._assumed()
        is_large = self.form == "kernel" or self.given.rows >= FEWEST_ROWS
        if plan is None or not (is_large or compiled.is_kept(plan.form)):
            return self._measured(with_kernel=is_large)
        gathered = run(plan, self.stretches, self.outputs, self.threads)
        if not gathered.holds:
            return self._measured(with_kernel=True)
        self._refuse_wide(gathered)
        return gathered.sums

    def _wanted(self) -> Wanted:
        rules = [(rule.nodes, places) for rule, places in zip(self.rules, self.places, strict=True)]
        types = tuple("" if output is None else _LLVM_TYPES[str(output.dtype)] for output in self.outputs)
        streams = self.form != "blocks" and may_stream(self.outputs, self.stretches)
        lanes = tuple(self.given.llvm_type(code) for code in self.codes)
        sums = any(output is None for output in self.outputs)
        return Wanted(rules, self.codes, lanes, types, sums=sums, streams=streams)

    def _assumed(self) -> Plan | None:
        """The plan for assumed bounds, kept per rules and layout."""
        wanted = self._wanted()
        fixed = tuple(sorted(self.given.fixed.items()))
        key = (
            *map(id, self.rules),
            self.names,
            wanted.codes,
            wanted.column_types,
            wanted.output_types,
            wanted.streams,
            fixed,
        )
        if key not in _PLANS:
            if len(_PLANS) >= _MOST_PLANS:
                _PLANS.clear()
            _PLANS[key] = (self.rules, assumed(wanted, self.rules[0].facts, self.given.fixed))
        return _PLANS[key][1]

    def _measured(self, *, with_kernel: bool) -> tuple[int, ...]:
        """Prove the rules for the exact minima and maxima, and run them in the arithmetic that is proved."""
        ranges = {code: self.given.range_of(code) for code in self.codes}
        for code, found in ranges.items():
            check_range(self.rules[0].facts[code], found)
        places = {code: place for place, code in enumerate(self.codes)}
        rules = [(rule.nodes, wanted) for rule, wanted in zip(self.rules, self.places, strict=True)]
        program = program_of(rules, Columns(places, ranges, self.given.fixed), reads_all=False)
        if program.unsafe is not None and not program.fits_doubles:
            raise self._too_large(program.unsafe)
        if not with_kernel:
            return self._in_blocks(program)
        gathered = run(unchecked(self._wanted(), program), self.stretches, self.outputs, self.threads)
        self._refuse_wide(gathered)
        return gathered.sums

    def _in_blocks(self, program: Program) -> tuple[int, ...]:
        made = [
            empty(self.given.rows, np.bool_ if program.is_yes_no[place] else np.int64, 0)
            if output is None or output.dtype == np.int32
            else output
            for output, place in zip(self.outputs, program.outputs, strict=True)
        ]
        blocks.run(program, [self.given.whole(code) for code in self.codes], made, self.threads)
        for place, (output, column) in enumerate(zip(self.outputs, made, strict=True)):
            if output is not None and output is not column:
                if max(-int(column.min()) - 1, int(column.max())) > _WIDEST_INT32:
                    raise self._too_wide(place)
                output[:] = column
        return tuple(
            _exact_sum(column) if output is None else 0 for output, column in zip(self.outputs, made, strict=True)
        )

    def _refuse_wide(self, gathered: Gathered) -> None:
        if gathered.too_wide is not None:
            raise self._too_wide(gathered.too_wide)

    def _too_wide(self, output: int) -> AmountTooLarge:
        rule, number = divmod(output, len(self.names))
        return self._too_large((rule, self.places[rule][number]))

    def _too_large(self, source: Source) -> AmountTooLarge:
        rule, place = self.rules[source[0]], source[1]
        line = next((line for line in rule.lines if line.place >= place), rule.lines[-1])
        return AmountTooLarge(line=line.label_en, label=line.label)


def _exact_sum(column: Column) -> int:
    """The sum as a Python number: halves of 32 bits cannot leave 64."""
    if column.dtype == np.bool_:
        return int(np.count_nonzero(column))
    return (int((column >> 32).sum()) << 32) + int((column & 0xFFFFFFFF).sum())
