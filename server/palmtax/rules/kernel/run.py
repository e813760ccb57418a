"""Running a kernel: stretches of columns cut into parts, parts spread over threads, what was gathered put together."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from palmtax.rules.kernel.compiled import Compiled, compiled
from palmtax.rules.kernel.plan import Plan

Column = npt.NDArray[Any]
Stretch = tuple[int, Sequence[Column]]
PART_ROWS = 131_072
_LINE_BYTES = 64
_PAGE_BYTES = 4096


@dataclass(frozen=True)
class Gathered:
    """What a run found beside its outputs: whether the assumed bounds held, and exact sums."""

    holds: bool
    too_wide: int | None
    """The first 32-bit output that cannot hold its results."""
    sums: tuple[int, ...]


@cache
def pool() -> ThreadPoolExecutor:
    """One thread per processor; kernels run outside the interpreter's lock."""
    return ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="rules-kernel")


def empty(rows: int, dtype: Any, place: int) -> Column:
    """A new output on whole cache lines; outputs begin on different lines of a page, so that they do not collide."""
    size = rows * np.dtype(dtype).itemsize
    memory = np.empty(size + 2 * _PAGE_BYTES, np.uint8)
    first = -memory.ctypes.data % _PAGE_BYTES + place * 7 % 61 * _LINE_BYTES
    return memory[first : first + size].view(dtype)


def may_stream(outputs: Sequence[Column | None], stretches: Sequence[Stretch]) -> bool:
    """Whether every store of eight rows of 64-bit outputs falls on a whole cache line."""
    wide = [output for output in outputs if output is not None and output.dtype.itemsize == 8]
    return bool(wide) and all(output.ctypes.data % _LINE_BYTES == 0 for output in wide) and all(
        first % 8 == 0 for first, _ in stretches
    )


def run(plan: Plan, stretches: Sequence[Stretch], outputs: Sequence[Column | None], threads: int) -> Gathered:
    """Fill the outputs (those that are wanted as columns) and gather checks and sums."""
    kernel = compiled(plan.form)
    parts = [part for stretch in stretches for part in _parts(plan, kernel, stretch, outputs)]
    if threads == 1 or len(parts) == 1:
        found = [part() for part in parts]
    elif threads >= (os.cpu_count() or 1):
        found = list(pool().map(lambda part: part(), parts))
    else:
        with ThreadPoolExecutor(threads) as own:
            found = list(own.map(lambda part: part(), parts))
    return _together(plan, found)


@dataclass
class _Memory:
    """Where a kernel finds columns and outputs, and where it leaves what it gathers."""

    inputs: Any
    outputs: Any
    checks: Column
    sums: Column


@dataclass
class _Part:
    plan: Plan
    kernel: Compiled
    columns: Sequence[Column]
    outputs: Sequence[Column | None]
    first: int
    end: int

    def __call__(self) -> tuple[Column, Column]:
        """Run; the bits or the most gathered by each check, and each sum, per lane."""
        width = self.plan.form.width
        whole = self.end - (self.end - self.first) % width
        memory = self._memory(self.columns, self.outputs)
        self._call(memory, self.first, whole)
        if whole < self.end:
            self._rest(memory, whole)
        return memory.checks, memory.sums

    def _memory(self, columns: Sequence[Column], outputs: Sequence[Column | None]) -> _Memory:
        form = self.plan.form
        inputs = (ctypes.c_void_p * max(1, len(columns)))(*[column.ctypes.data for column in columns])
        found = [None if output is None else output.ctypes.data for output in outputs]
        checks = np.zeros((max(1, len(form.checks) + len(form.narrow)), form.width), np.uint64)
        sums = np.zeros((len(outputs), form.width), np.int64)
        return _Memory(inputs, (ctypes.c_void_p * len(found))(*found), checks, sums)

    def _call(self, memory: _Memory, first: int, end: int) -> None:
        self.kernel.call(
            ctypes.addressof(memory.inputs), ctypes.addressof(memory.outputs), self.plan.numbers.ctypes.data,
            memory.checks.ctypes.data, memory.sums.ctypes.data, first, end,
        )  # fmt: skip

    def _rest(self, memory: _Memory, first: int) -> None:
        """The last rows, fewer than a vector: filled up with the last of them, in memory of their own."""
        width, rows = self.plan.form.width, self.end - first
        rest = slice(first, self.end)
        columns = [np.pad(column[rest], (0, width - rows), mode="edge") for column in self.columns]
        scratch = [None if output is None else empty(width, output.dtype, 0) for output in self.outputs]
        found = self._memory(columns, scratch)
        self._call(found, 0, width)
        for output, made in zip(self.outputs, scratch, strict=True):
            if output is not None and made is not None:
                output[rest] = made[:rows]
        for place, join in enumerate(_joins(self.plan)):
            memory.checks[place] = join(memory.checks[place], found.checks[place])
        memory.sums[:, :rows] += found.sums[:, :rows]


def _parts(plan: Plan, kernel: Compiled, stretch: Stretch, outputs: Sequence[Column | None]) -> list[_Part]:
    first, columns = stretch
    rows = min((len(column) for column in columns), default=0)
    here = [None if output is None else output[first : first + rows] for output in outputs]
    size = PART_ROWS
    if plan.form.sums:
        size = _exact_rows(plan)
    return [_Part(plan, kernel, columns, here, start, min(start + size, rows)) for start in range(0, rows, size)]


def _exact_rows(plan: Plan) -> int:
    """How many rows may be summed without leaving 64-bit integers."""
    width = plan.form.width
    largest = max(1, *(max(map(abs, plan.program.ranges[place])) for place in plan.program.outputs))
    return min(PART_ROWS, max(1, (2**62 // largest)) * width)


def _joins(plan: Plan) -> list[np.ufunc]:
    """How the findings of two parts go together."""
    checks = [np.bitwise_or if check.gathers == "bits" else np.maximum for check in plan.form.checks]
    return [*checks, *[np.maximum] * len(plan.form.narrow)]


def _together(plan: Plan, found: Sequence[tuple[Column, Column]]) -> Gathered:
    joined = [
        int(join.reduce([join.reduce(checks[place]) for checks, _ in found])) for place, join in enumerate(_joins(plan))
    ]
    holds = all(value <= limit for value, limit in zip(joined, plan.limits, strict=False))
    wide = joined[len(plan.limits) :]
    too_wide = [output for output, size in zip(plan.form.narrow, wide, strict=True) if size >= 2**31]
    sums = [sum(int(part[place].sum(dtype=object)) for _, part in found) for place in range(len(plan.form.outputs))]
    return Gathered(holds, min(too_wide, default=None), tuple(sums))
