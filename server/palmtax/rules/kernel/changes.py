"""Two burdens of the same taxpayers compared: exact sums by cell, rows by size of change, and who changes most."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
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
    last = slice(whole, None)
    rest = _in_numpy(before[last], after[last], asked, last)
    if here is None or not whole:
        return rest
    return _Run(before, after, asked, here.doubles).until(whole, rest)


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

    def until(self, end: int, rest: Changes) -> Changes:
        """All rows before `end`, and what is found of the rest already."""
        cells = rest.cells
        for first in range(0, end, _ROWS):
            self.table[:, 0] = 0
            self._call(first, min(first + _ROWS, end))
            packed, most = self.table[:, 0], (1 << PACKED_BITS) - 1
            cells[:, 0] += packed & most
            cells[:, 3] += (packed >> PACKED_BITS) & most
            cells[:, 4] += packed >> 2 * PACKED_BITS
        cells[:, 1:3] += self.table[:, 1:3]
        self._cut(np.append(self.places, rest.places))
        kept = self.kept.sum(axis=1)
        gain, loss = rest.gain - int(kept[-2]), rest.loss + int(kept[-1])
        return Changes(cells, rest.above + kept[: self.sizes.edges], gain, loss, self.places)

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
    ordered = np.argsort(change, kind="stable")
    falls = ordered[: min(most, int((change < 0).sum()))]
    rises = np.argsort(-change, kind="stable")[: min(most, int((change > 0).sum()))]
    return np.sort(np.concatenate([falls, rises]))


def _in_numpy(before: Column, after: Column, asked: Asked, rows: slice) -> Changes:
    """The rows of a slice, by numpy alone; places count from the first row of all."""
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
