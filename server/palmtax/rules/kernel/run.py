"""Running a kernel: stretches of columns cut into parts, parts spread over threads, what was gathered put together."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from palmtax.rules.kernel.compiled import Compiled, compiled
from palmtax.rules.kernel.form import Form
from palmtax.rules.kernel.plan import Plan

Column = npt.NDArray[Any]
Stretch = tuple[int, Sequence[Column]]
PART_ROWS = 131_072
FEWEST_ROWS, PARTS_EACH = 16_384, 16
"""Where several threads share the work: the least rows of a part, and how many parts each thread takes of a stretch."""
TILE_ROWS = 2048
"""Rows that several kernels compute one after the other, while the columns are in the cache."""
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
    return (
        bool(wide)
        and all(output.ctypes.data % _LINE_BYTES == 0 for output in wide)
        and all(first % 8 == 0 for first, _ in stretches)
    )


@dataclass(frozen=True)
class Job:
    """A plan and the outputs it fills (those that are wanted as columns)."""

    plan: Plan
    outputs: Sequence[Column | None]


def run(jobs: Sequence[Job], stretches: Sequence[Stretch], threads: int) -> list[Gathered]:
    """Fill the outputs of all jobs and gather checks and sums, for each job; columns come from memory once."""
    kernels = [compiled(job.plan.form) for job in jobs]
    size = min(_exact_rows(job.plan) for job in jobs)
    if threads > 1:  # short parts, so that no thread has long to wait for the last one
        rows = sum(len(columns[0]) for _, columns in stretches if columns)
        size = min(size, max(FEWEST_ROWS, rows // (threads * PARTS_EACH) // _LINE_BYTES * _LINE_BYTES))
    parts = [part for stretch in stretches for part in _parts(jobs, kernels, stretch, size)]
    if threads == 1 or len(parts) == 1:
        found = [part() for part in parts]
    elif threads >= (os.cpu_count() or 1):
        found = list(pool().map(lambda part: part(), parts))
    else:
        with ThreadPoolExecutor(threads) as own:
            found = list(own.map(lambda part: part(), parts))
    return [_together(job.plan, [part[place] for part in found]) for place, job in enumerate(jobs)]


@dataclass
class _Memory:
    """Where a kernel finds columns and outputs, and where it leaves what it gathers."""

    job: Job
    kernel: Compiled
    inputs: Any
    outputs: Any
    checks: Column
    sums: Column

    @classmethod
    def of(cls, job: Job, kernel: Compiled, columns: Sequence[Column], outputs: Sequence[Column | None]) -> _Memory:
        """Memory for one kernel; nothing gathered yet."""
        inputs = (ctypes.c_void_p * max(1, len(columns)))(*[column.ctypes.data for column in columns])
        places = [None if output is None else output.ctypes.data for output in outputs]
        return cls(job, kernel, inputs, (ctypes.c_void_p * len(places))(*places), *_nothing(job.plan.form))

    def again(self) -> _Memory:
        """The same columns and outputs for another part; nothing gathered yet."""
        checks, sums = _nothing(self.job.plan.form)
        return replace(self, checks=checks, sums=sums)

    def call(self, first: int, end: int) -> None:
        """Run the kernel on these rows, and add to what was gathered."""
        checks, sums = np.zeros_like(self.checks), np.zeros_like(self.sums)
        self.kernel.call(
            ctypes.addressof(self.inputs), ctypes.addressof(self.outputs), self.job.plan.numbers.ctypes.data,
            checks.ctypes.data, sums.ctypes.data, first, end,
        )  # fmt: skip
        self.add(checks, sums)

    def add(self, checks: Column, sums: Column) -> None:
        """Add to what was gathered."""
        for place, join in enumerate(_joins(self.job.plan)):
            self.checks[place] = join(self.checks[place], checks[place])
        self.sums += sums


def _nothing(form: Form) -> tuple[Column, Column]:
    checks = np.zeros((max(1, len(form.checks) + len(form.narrow)), form.width), np.uint64)
    return checks, np.zeros((len(form.outputs), form.width), np.int64)


@dataclass
class _Part:
    shared: Sequence[_Memory]
    columns: Sequence[Column]
    offset: int
    first: int
    end: int

    def __call__(self) -> list[tuple[Column, Column]]:
        """Run; for each job the bits or the most gathered by each check, and each sum, per lane."""
        memories = [memory.again() for memory in self.shared]
        size = self.end - self.first if len(memories) == 1 else TILE_ROWS
        for start in range(self.first, self.end, size):
            end = min(start + size, self.end)
            for memory in memories:
                whole = end - (end - start) % memory.job.plan.form.width
                if start < whole:
                    memory.call(start, whole)
                if whole < end:
                    self._rest(memory, whole, end)
        return [(memory.checks, memory.sums) for memory in memories]

    def _rest(self, memory: _Memory, first: int, end: int) -> None:
        """The last rows, fewer than a vector: filled up with the last of them, in memory of their own."""
        job, rows = memory.job, end - first
        lost = job.plan.form.width - rows
        columns = [np.pad(column[first:end], (0, lost), mode="edge") for column in self.columns]
        scratch = [None if output is None else empty(rows + lost, output.dtype, 0) for output in job.outputs]
        small = _Memory.of(job, memory.kernel, columns, scratch)
        small.call(0, rows + lost)
        targets = _outputs(job, slice(self.offset + first, self.offset + end))
        for output, made in zip(targets, scratch, strict=True):
            if output is not None and made is not None:
                output[:] = made[:rows]
        small.sums[:, rows:] = 0
        memory.add(small.checks, small.sums)


def _outputs(job: Job, rows: slice) -> list[Column | None]:
    return [None if output is None else output[rows] for output in job.outputs]


def _parts(jobs: Sequence[Job], kernels: Sequence[Compiled], stretch: Stretch, size: int) -> list[_Part]:
    offset, columns = stretch
    rows = min(len(column) for column in columns)
    shared = [
        _Memory.of(job, kernel, columns, _outputs(job, slice(offset, None)))
        for job, kernel in zip(jobs, kernels, strict=True)
    ]
    return [_Part(shared, columns, offset, start, min(start + size, rows)) for start in range(0, rows, size)]


def _exact_rows(plan: Plan) -> int:
    """How many rows a part may have; its sums must not leave 64-bit integers."""
    width = plan.form.width
    if not plan.form.sums:
        return PART_ROWS
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
