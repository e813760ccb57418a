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
from palmtax.rules.graph import Node
from palmtax.rules.kernel import blocks, compiled
from palmtax.rules.kernel.given import Column, Given, check_range, read
from palmtax.rules.kernel.lowering import Columns, needed, program_of
from palmtax.rules.kernel.plan import Plan, Wanted, assumed, unchecked
from palmtax.rules.kernel.program import Program, Source
from palmtax.rules.kernel.run import Job, empty, may_stream, run
from palmtax.rules.traced import Traced

Form = Literal["kernel", "blocks"]
FEWEST_ROWS = 20_000
"""Below this a kernel that is not yet made is not worth its compilation."""
TOGETHER = 8
"""Scenarios that one kernel computes: more share more steps, but take longer to compile."""
_LLVM_TYPES = {"bool": "i8", "int32": "i32", "int64": "i64"}
_WIDEST_INT32 = 2**31 - 1
_MOST_PLANS = 256
_PLANS: dict[tuple[object, ...], tuple[tuple[Traced, ...], list[Plan]]] = {}


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
        plans = self._assumed()
        is_large = self.form == "kernel" or self.given.rows >= FEWEST_ROWS
        if not plans or not (is_large or all(compiled.is_kept(plan.form) for plan in plans)):
            return self._measured(with_kernel=is_large)
        gathered = self._run(plans)
        return gathered if gathered is not None else self._measured(with_kernel=True)

    def _run(self, plans: Sequence[Plan]) -> tuple[int, ...] | None:
        """The sums; none where the assumed bounds did not hold."""
        found = run(
            [Job(plan, outputs) for plan, outputs in zip(plans, self._grouped(self.outputs), strict=True)],
            self.stretches,
            self.threads,
        )
        if not all(gathered.holds for gathered in found):
            return None
        for group, gathered in enumerate(found):
            if gathered.too_wide is not None:
                raise self._too_wide(group * TOGETHER * len(self.names) + gathered.too_wide)
        return tuple(total for gathered in found for total in gathered.sums)

    def _grouped(self, outputs: Sequence[Column | None]) -> list[Sequence[Column | None]]:
        """The outputs of every few scenarios."""
        size = TOGETHER * len(self.names)
        return [outputs[first : first + size] for first in range(0, len(outputs), size)]

    def _wanted(self) -> list[Wanted]:
        """What each kernel is asked: a few scenarios at a time, which share their common steps."""
        streams = may_stream(self.outputs, self.stretches)
        lanes = tuple(self.given.llvm_type(code) for code in self.codes)
        found = []
        for group, outputs in enumerate(self._grouped(self.outputs)):
            types = tuple("" if output is None else _LLVM_TYPES[str(output.dtype)] for output in outputs)
            sums = any(output is None for output in outputs)
            rules = self._graphs()[group * TOGETHER : (group + 1) * TOGETHER]
            found.append(Wanted(rules, self.codes, lanes, types, sums=sums, streams=streams))
        return found

    def _graphs(self) -> list[tuple[Sequence[Node], Sequence[int]]]:
        return [(rule.nodes, places) for rule, places in zip(self.rules, self.places, strict=True)]

    def _assumed(self) -> list[Plan]:
        """The plans for assumed bounds, kept per rules and layout; none where only measured bounds can tell."""
        wanted = self._wanted()
        fixed = tuple(sorted(self.given.fixed.items()))
        layout = [(one.column_types, one.output_types, one.streams) for one in wanted]
        key = (*map(id, self.rules), self.names, self.codes, repr(layout), fixed)
        if key not in _PLANS:
            if len(_PLANS) >= _MOST_PLANS:
                _PLANS.clear()
            made = [assumed(one, self.rules[0].facts, self.given.fixed) for one in wanted]
            _PLANS[key] = (self.rules, [plan for plan in made if plan is not None])
        plans = _PLANS[key][1]
        return plans if len(plans) == len(wanted) else []

    def _measured(self, *, with_kernel: bool) -> tuple[int, ...]:
        """Prove the rules for the exact minima and maxima, and run them in the arithmetic that is proved."""
        ranges = {code: self.given.range_of(code) for code in self.codes}
        for code, found in ranges.items():
            check_range(self.rules[0].facts[code], found)
        columns = Columns({code: place for place, code in enumerate(self.codes)}, ranges, self.given.fixed)
        if not with_kernel:
            return self._in_blocks(self._proved(self._graphs(), columns, 0))
        wanted = self._wanted()
        programs = [self._proved(one.rules, columns, group * TOGETHER) for group, one in enumerate(wanted)]
        gathered = self._run([unchecked(one, program) for one, program in zip(wanted, programs, strict=True)])
        return gathered or ()

    def _proved(self, graphs: Sequence[tuple[Sequence[Node], Sequence[int]]], columns: Columns, first: int) -> Program:
        program = program_of(graphs, columns, reads_all=False)
        if program.unsafe is not None and not program.fits_doubles:
            raise self._too_large((program.unsafe[0] + first, program.unsafe[1]))
        return program

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
