"""One call on columns: choosing the arithmetic, the bounds and the way of computing, and naming what is too large."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Literal

from palmtax.rules.errors import AmountTooLarge
from palmtax.rules.kernel import blocks, compiled
from palmtax.rules.kernel.given import Column, Given, check_range
from palmtax.rules.kernel.lowering import Asked, Columns, program_of
from palmtax.rules.kernel.plan import Plan, Wanted, assumed, unchecked
from palmtax.rules.kernel.program import Program, Source
from palmtax.rules.kernel.run import Job, may_stream, run
from palmtax.rules.traced import Traced

Form = Literal["kernel", "blocks"]
FEWEST_ROWS = 20_000
"""Below this a kernel that is not yet made is not worth its compilation."""
TOGETHER = 20
"""Scenarios that one kernel computes: more share more steps, but take longer to compile."""
_LLVM_TYPES = {"bool": "i8", "int32": "i32", "int64": "i64"}
_WIDEST_INT32 = 2**31 - 1
_MOST_PLANS = 256
_PLANS: dict[tuple[object, ...], tuple[tuple[Traced, ...], list[Plan]]] = {}


class Work:
    """Rules, columns and outputs of one call (an output that is none is only summed)."""

    def __init__(
        self,
        rules: tuple[Traced, ...],
        graphs: tuple[Asked, ...],
        given: Given,
        outputs: Sequence[Column | None],
        threads: int | None,
        form: Form | None,
    ) -> None:
        self.rules, self.graphs, self.given, self.outputs, self.form = rules, graphs, given, outputs, form
        self.threads = threads or os.cpu_count() or 1
        read_codes = {code for graph in graphs for code in graph.facts}
        self.codes = tuple(code for code in given.pieces if code in read_codes) or tuple(given.pieces)[:1]

    def fill(self) -> tuple[int, ...]:
        """Fill the outputs; the sums of those that are none."""
        if not self.given.rows:
            return (0,) * len(self.outputs)
        for code in self.given.pieces.keys() - set(self.codes):
            fact = self.rules[0].facts[code]
            check_range(fact, self.given.range_of(code, fact.lo))
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
                raise self._too_wide(group * TOGETHER * self.graphs[0].outputs + gathered.too_wide)
        return tuple(total for gathered in found for total in gathered.sums)

    def _grouped(self, outputs: Sequence[Column | None]) -> list[Sequence[Column | None]]:
        """The outputs of every few scenarios."""
        size = TOGETHER * self.graphs[0].outputs
        return [outputs[first : first + size] for first in range(0, len(outputs), size)]

    def _wanted(self) -> list[Wanted]:
        """What each kernel is asked: a few scenarios at a time, which share their common steps."""
        streams = may_stream(self.outputs, self.stretches)
        lanes = tuple(self.given.llvm_type(code) for code in self.codes)
        found = []
        for group, outputs in enumerate(self._grouped(self.outputs)):
            types = tuple("" if output is None else _LLVM_TYPES[str(output.dtype)] for output in outputs)
            sums = any(output is None for output in outputs)
            graphs = self.graphs[group * TOGETHER : (group + 1) * TOGETHER]
            found.append(Wanted(graphs, self.codes, lanes, types, sums=sums, streams=streams))
        return found

    def _assumed(self) -> list[Plan]:
        """The plans for assumed bounds, kept per rules and layout; none where only measured bounds can tell."""
        wanted = self._wanted()
        fixed = tuple(sorted(self.given.fixed.items()))
        layout = [(one.column_types, one.output_types, one.streams) for one in wanted]
        asked = tuple((graph.places, graph.bands, graph.less) for graph in self.graphs)
        key = (*map(id, self.rules), asked, self.codes, repr(layout), fixed)
        if key not in _PLANS:
            if len(_PLANS) >= _MOST_PLANS:
                _PLANS.clear()
            made = [assumed(one, self.rules[0].facts, self.given.fixed) for one in wanted]
            _PLANS[key] = (self.rules, [plan for plan in made if plan is not None])
        plans = _PLANS[key][1]
        return plans if len(plans) == len(wanted) else []

    def _measured(self, *, with_kernel: bool) -> tuple[int, ...]:
        """Prove the rules for the exact minima and maxima, and run them in the arithmetic that is proved."""
        ranges = {code: self.given.range_of(code, self.rules[0].facts[code].lo) for code in self.codes}
        for code, found in ranges.items():
            check_range(self.rules[0].facts[code], found)
        columns = Columns({code: place for place, code in enumerate(self.codes)}, ranges, self.given.fixed)
        if not with_kernel:
            return self._in_blocks(self._proved(self.graphs, columns, 0))
        wanted = self._wanted()
        programs = [self._proved(one.graphs, columns, group * TOGETHER) for group, one in enumerate(wanted)]
        gathered = self._run([unchecked(one, program) for one, program in zip(wanted, programs, strict=True)])
        return gathered or ()

    def _proved(self, graphs: Sequence[Asked], columns: Columns, first: int) -> Program:
        program = program_of(graphs, columns, reads_all=False)
        if program.unsafe is not None and not program.fits_doubles:
            raise self._too_large((program.unsafe[0] + first, program.unsafe[1]))
        return program

    def _in_blocks(self, program: Program) -> tuple[int, ...]:
        columns = [self.given.whole(code) for code in self.codes]
        sums, sizes = blocks.run(program, columns, self.outputs, self.threads)
        for place, size in enumerate(sizes):
            if size > _WIDEST_INT32:
                raise self._too_wide(place)
        return tuple(sums)

    def _too_wide(self, output: int) -> AmountTooLarge:
        rule, number = divmod(output, self.graphs[0].outputs)
        return self._too_large((rule, self.graphs[rule].places[number]))

    def _too_large(self, source: Source) -> AmountTooLarge:
        rule, place = self.rules[source[0]], source[1]
        line = next((line for line in rule.lines if line.place >= place), rule.lines[-1])
        return AmountTooLarge(line=line.label_en, label=line.label)
