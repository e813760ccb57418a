"""Plans: how a program is run on columns, and what must hold of the columns for its proof to hold.

The proof needs bounds of the facts. A pass over the columns only to find them would cost as much as the rule itself,
so generous bounds are assumed (the declared range, cut to a power of two), and the kernel gathers the bits of what it
reads: when they stay within the bounds, the result is proved after the fact. Otherwise the columns are measured, and
the rule is proved again for their exact minima and maxima.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from palmtax.rules.facts import Fact
from palmtax.rules.kernel import compiled
from palmtax.rules.kernel.form import Check, Form, Lane, numbers_of
from palmtax.rules.kernel.lanes import MOVES_BY_BITS
from palmtax.rules.kernel.lowering import Asked, Columns, program_of
from palmtax.rules.kernel.program import Program, Range

_CUTS = (None, 43, 39, 36, 33, 31)
"""Powers of two that assumed bounds are cut to, in turn, until doubles are proved to do; few, so that rules of one
shape with other numbers are likely to share a kernel."""
_SMALL = 2**24
"""Ranges below this are checked exactly, by the most; others by their bits."""
_AHEAD = 512


@dataclass(frozen=True)
class Wanted:
    """What is asked: graphs with the places wanted of each, and how columns and outputs lie in memory."""

    graphs: Sequence[Asked]
    codes: tuple[str, ...]
    column_types: tuple[str, ...]
    output_types: tuple[str, ...]
    sums: bool
    streams: bool


@dataclass(frozen=True)
class Plan:
    """A program with its form and numbers, and the most that each check may gather."""

    program: Program
    form: Form
    numbers: npt.NDArray[Any]
    limits: tuple[int, ...]


@dataclass(frozen=True)
class _Bound:
    low: int
    limit: int
    check: Check

    @property
    def range(self) -> Range:
        return self.low, self.low + self.limit


def assumed(wanted: Wanted, facts: Mapping[str, Fact], fixed: Mapping[str, int]) -> Plan | None:
    """The plan for the widest bounds for which doubles do; none when only exact bounds can tell."""
    places = {code: place for place, code in enumerate(wanted.codes)}
    for cut in _CUTS:
        bounds: dict[str, _Bound | None] = {}
        for code, kind in zip(wanted.codes, wanted.column_types, strict=True):
            bounds[code] = None if facts[code].unit == "yes_no" else _bound(facts[code], kind, cut)
        ranges = {code: bound.range if bound else (0, 1) for code, bound in bounds.items()}
        program = program_of(wanted.graphs, Columns(places, ranges, fixed), reads_all=True)
        if program.fits_doubles:
            return _plan(wanted, program, list(bounds.values()))
    return None


def unchecked(wanted: Wanted, program: Program) -> Plan:
    """The plan of a program that is proved for what the columns hold."""
    return _plan(wanted, program, [None] * len(wanted.codes))


def _bound(fact: Fact, kind: str, cut: int | None) -> _Bound:
    most = 2 ** (int(kind[1:]) - 1)
    low, high = max(fact.lo, -most), min(fact.hi, most - 1)
    if cut is not None and fact.unit not in ("day", "choice"):
        low, high = max(low, -(2**cut)), min(high, 2**cut - 1)
    high = max(low, high)
    if high - low < _SMALL:
        return _Bound(low, high - low, Check(kind, low, "most"))
    if low < 0 <= high:
        half = min((-low).bit_length(), (high + 1).bit_length()) - 1
        return _Bound(-(2**half), 2 ** (half + 1) - 1, Check(kind, -(2**half), "bits"))
    return _Bound(low, 2 ** ((high - low + 1).bit_length() - 1) - 1, Check(kind, low, "bits"))


def _plan(wanted: Wanted, program: Program, bounds: Sequence[_Bound | None]) -> Plan:
    limits: dict[tuple[Check, int], int] = {}
    checked_by = [
        -1 if bound is None else limits.setdefault((bound.check, bound.limit), len(limits)) for bound in bounds
    ]
    lane: Lane = "double" if program.fits_doubles else "i64"
    here = compiled.machine()
    width = 1 if here is None or lane == "i64" else here.doubles
    form = Form(
        shape=program.shape,
        outputs=program.outputs,
        is_yes_no=program.is_yes_no,
        column_types=wanted.column_types,
        checks=tuple(check for check, _ in limits),
        checked_by=tuple(checked_by),
        output_types=wanted.output_types,
        sums=wanted.sums,
        narrow=_narrow(wanted, program),
        lane=lane,
        width=width,
        converts=(here is not None and here.converts) or not _moves_by_bits(wanted, program),
        streams=wanted.streams and width == 8,
        ahead=_AHEAD if width > 1 else 0,
    )
    numbers = [number for step in program.steps for number in numbers_of(lane, step)]
    dtype: type[np.generic] = np.float64 if lane == "double" else np.int64
    return Plan(program, form, np.array([*numbers, 0], dtype), tuple(limit for _, limit in limits))


def _moves_by_bits(wanted: Wanted, program: Program) -> bool:
    """Whether every 64-bit fact and output is small enough to go into a double and back by its bits alone."""
    facts = (
        program.ranges[place]
        for place, step in enumerate(program.steps)
        if step.kind == "fact" and wanted.column_types[step.flags[0]] == "i64"
    )
    outputs = (program.ranges[place] for place in program.outputs)
    return all(low >= -MOVES_BY_BITS and high < MOVES_BY_BITS for low, high in (*facts, *outputs))


def _narrow(wanted: Wanted, program: Program) -> tuple[int, ...]:
    """32-bit outputs that are not proved to hold every result."""
    return tuple(
        output
        for output, (kind, place) in enumerate(zip(wanted.output_types, program.outputs, strict=True))
        if kind == "i32" and not -(2**31) <= program.ranges[place][0] <= program.ranges[place][1] < 2**31
    )
