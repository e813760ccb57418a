"""Two burdens of the same taxpayers compared: exact sums by cell, rows by size of change, and who changes most."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from palmtax.rules.kernel import compiled
from palmtax.rules.kernel.changes_text import LINE, NAME, PACKED_BITS, Sizes, text

Column = npt.NDArray[Any]
MEASURES = ("rows", "before", "after", "pays_less", "pays_more")
_ROOM = 2048
"""Rows that may be listed before the list is cut to the most extreme ones."""
_ROWS = 1 << (PACKED_BITS - 1)
"""Rows compared in one call, so that packed counts cannot run over."""


@dataclass(frozen=True)
class Asked:
    """Cells: the band of an amount (rising ends belong to the band below), then codes from 0, each below its size."""

    amount: Column
    ends: tuple[int, ...]
    codes: tuple[Column, ...]
    sizes: tuple[int, ...]
    edges: tuple[int, ...]
    most: int

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return (len(self.ends) + 1) * int(np.prod(self.sizes, dtype=np.int64))


@dataclass(frozen=True)
class Changes:
    """What came of it. `cells`: `(cells, MEASURES)`; `above`: rows whose change lies above each edge.

    `places`: the rows of the largest falls and of the largest rises, at most so many of each, earlier rows first.
    """

    cells: Column
    above: Column
    gain: int
    loss: int
    places: Column


def compared(before: Column, after: Column, asked: Asked) -> Changes:
    """Compare `(n,) int64` fen; compiled where llvmlite has a target, numpy otherwise, with the same results."""
    for codes, size in zip(asked.codes, asked.sizes, strict=True):
        if codes.dtype != np.int8 or (len(codes) and int(codes.view(np.uint8).max()) >= size):
            raise ValueError(f"codes: int8 from 0, below {size}")
    here = compiled.machine()
    whole = 0 if here is None else len(before) - len(before) % here.doubles
    found = [] if here is None or not whole else [_Run(before, after, asked, here.doubles).until(whole)]
    ends = [*range(whole, len(before), _ROWS), len(before)]
    found += [_in_numpy(before, after, asked, slice(*pair)) for pair in pairwise(ends)]
    if len(found) == 1:
        return found[0]
    places = np.concatenate([np.zeros(0, np.int64), *(part.places for part in found)])
    return Changes(
        sum((part.cells for part in found), np.zeros((asked.cells, len(MEASURES)), np.int64)),
        sum((part.above for part in found), np.zeros(len(asked.edges), np.int64)),
        sum(part.gain for part in found),
        sum(part.loss for part in found),
        places[_most(after[places] - before[places], asked.most)],
    )


@cache
def _kernel(sizes: Sizes) -> compiled.Compiled:
    return compiled.made(text(sizes), NAME, ctypes.c_int64, [ctypes.c_void_p] * 6 + [ctypes.c_int64] * 2)


class _Run:
    """One comparison by the kernel: what it reads, what it carries along, and its list of extreme rows."""

    def __init__(self, before: Column, after: Column, asked: Asked, width: int) -> None:
        self.asked, self.change = asked, (before, after)
        self.sizes = Sizes(width, len(asked.ends), len(asked.codes), len(asked.edges))
        self.columns = [np.ascontiguousarray(column, np.int64) for column in (before, after, asked.amount)]
        self.codes = [np.ascontiguousarray(column) for column in asked.codes]
        self.numbers = np.array([*asked.ends, *asked.sizes, *asked.edges, 0, 0], np.int64)
        self.table = np.zeros((asked.cells, LINE), np.int64)
        self.kept = np.zeros((self.sizes.kept, width), np.int64)
        self.found = np.zeros(_ROOM + 2 * width + 2, np.int64)
        self.found[1] = _ROOM
        self.places = np.zeros(0, np.int64)

    def until(self, end: int) -> Changes:
        """All rows before `end`."""
        cells, most = np.zeros((self.asked.cells, len(MEASURES)), np.int64), (1 << PACKED_BITS) - 1
        for first in range(0, end, _ROWS):
            self.table[:, 0] = 0
            self._call(first, min(first + _ROWS, end))
            packed = self.table[:, 0].copy()
            for measure, counted in ((0, packed), (3, packed >> PACKED_BITS), (4, packed >> 2 * PACKED_BITS)):
                cells[:, measure] += counted & most
        cells[:, 1:3] = self.table[:, 1:3]
        kept = self.kept.sum(axis=1)
        return Changes(cells, kept[: self.sizes.edges], -int(kept[-2]), int(kept[-1]), self.places)

    def _call(self, first: int, end: int) -> None:
        call, columns, codes = _kernel(self.sizes).call, _pointers(self.columns), _pointers(self.codes)
        memory = [self.numbers, self.table, self.kept, self.found]
        while first < end:
            self.found[0] = 0
            first = call(columns, codes, *(array.ctypes.data for array in memory), first, end)
            self._cut(np.append(self.places, self.found[2 : 2 + self.found[0]]))

    def _cut(self, places: Column) -> None:
        """Keep the most extreme rows. Rows come in rising order, so an equal change later on cannot displace one."""
        before, after = self.change
        change = after[places] - before[places]
        self.places = places[_most(change, self.asked.most)]
        kept = after[self.places] - before[self.places]
        falls, rises = kept[kept < 0], kept[kept > 0]
        self.numbers[-2] = falls.max() if len(falls) == self.asked.most else 0
        self.numbers[-1] = rises.min() if len(rises) == self.asked.most else 0


def _pointers(columns: Sequence[Column]) -> Any:
    return (ctypes.c_void_p * len(columns))(*[column.ctypes.data for column in columns])


def _most(change: Column, most: int) -> Column:
    """Places of the most falls and rises, the earlier first among equals, in rising order."""
    return np.sort(np.concatenate([_least(change, most), _least(-change, most)]))


def _least(change: Column, most: int) -> Column:
    """Places of the lowest changes below 0, in rising order; all of them where there are no more than so many."""
    if len(change) <= most:
        return np.flatnonzero(change < 0)
    limit = min(int(np.partition(change, most - 1)[most - 1]), 0)
    surely = np.flatnonzero(change < limit)
    equal = np.flatnonzero(change == limit)[: most - len(surely)] if limit else surely[:0]
    return np.concatenate([surely, equal])


def _in_numpy(every_before: Column, every_after: Column, asked: Asked, rows: slice) -> Changes:
    """The rows of a slice, by numpy alone; places count from the first row of all."""
    before, after = every_before[rows], every_after[rows]
    change, cells = after - before, np.zeros((asked.cells, len(MEASURES)), np.int64)
    cell = np.searchsorted(np.array(asked.ends, np.int64), asked.amount[rows])
    for codes, size in zip(asked.codes, asked.sizes, strict=True):
        cell = cell * size + codes[rows]
    less, more = change < 0, change > 0
    for measure, chosen in ((0, cell), (3, cell[less]), (4, cell[more])):
        cells[:, measure] = np.bincount(chosen, minlength=asked.cells)
    for measure, fen in ((1, before), (2, after)):
        cells[:, measure] = _sums(cell, fen, asked.cells)
    above = len(change) - np.searchsorted(np.sort(change), np.array(asked.edges, np.int64), side="right")
    places = rows.start + _most(change, asked.most)
    return Changes(cells, above, -int(change[less].sum()), int(change[more].sum()), places)


def _sums(cell: Column, fen: Column, cells: int) -> Column:
    """Exact sums of whole fen by cell: halves of 32 bits cannot leave the doubles that bincount adds in."""
    high, low = fen >> 32, fen & 0xFFFFFFFF
    sums = [np.bincount(cell, weights=half, minlength=cells).astype(np.int64) for half in (high, low)]
    found: Column = (sums[0] << 32) + sums[1]
    return found
