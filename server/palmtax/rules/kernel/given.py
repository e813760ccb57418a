"""Columns as they are handed in: numpy arrays, or Arrow columns whose memory is read in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from palmtax.rules.errors import FactRefused
from palmtax.rules.facts import Fact
from palmtax.rules.refusals import RANGE
from palmtax.rules.traced import Traced, missing_facts

Column = npt.NDArray[Any]
_UNIX_EPOCH = date(1970, 1, 1).toordinal()
_LANES = {"b": "i8", "i1": "i8", "i2": "i16", "i4": "i32", "i8": "i64"}


@dataclass(frozen=True)
class Given:
    """The facts of many taxpayers: each column in one or more pieces of memory, and what is the same for all."""

    rows: int
    pieces: Mapping[str, Sequence[Column]]
    fixed: Mapping[str, int]

    def llvm_type(self, code: str) -> str:
        """i8, i16, i32 or i64."""
        dtype = self.pieces[code][0].dtype
        return _LANES["b" if dtype.kind == "b" else f"i{dtype.itemsize}"]

    def stretches(self, codes: Sequence[str]) -> list[tuple[int, list[Column]]]:
        """Stretches of rows in which every column lies in one piece: first row, and the columns from there on."""
        if all(len(self.pieces[code]) == 1 for code in codes):
            return [(0, [self.pieces[code][0] for code in codes])]
        ends: set[int] = set()
        for code in codes:
            ends.update(np.cumsum([len(piece) for piece in self.pieces[code]]).tolist())
        found, first = [], 0
        cursors = {code: _Cursor(self.pieces[code]) for code in codes}
        for end in sorted(ends - {0}):
            found.append((first, [cursors[code].take(end - first) for code in codes]))
            first = end
        return found

    def whole(self, code: str) -> Column:
        """A column in one piece; copied where it was in several."""
        pieces = self.pieces[code]
        return pieces[0] if len(pieces) == 1 else np.concatenate(pieces)

    def range_of(self, code: str, floor: int) -> tuple[int, int]:
        """The least and the most; for a fact that begins at 0, 0 stands for the least where nothing lies below it."""
        pieces = [piece for piece in self.pieces[code] if len(piece)]
        if floor == 0 and pieces[0].dtype.kind == "i":
            unsigned = f"u{pieces[0].dtype.itemsize}"
            most = max(int(piece.view(unsigned).max()) for piece in pieces)  # a negative number is a huge one
            if most < 2 ** (8 * pieces[0].dtype.itemsize - 1):
                return 0, most
        return min(int(piece.min()) for piece in pieces), max(int(piece.max()) for piece in pieces)


@dataclass
class _Cursor:
    """Walks through the pieces of a column."""

    pieces: Sequence[Column]
    piece: int = 0
    row: int = 0

    def take(self, rows: int) -> Column:
        """The next rows, which all lie in one piece."""
        while self.row == len(self.pieces[self.piece]):
            self.piece, self.row = self.piece + 1, 0
        self.row += rows
        return self.pieces[self.piece][self.row - rows : self.row]


def read(rule: Traced, facts: Any) -> Given:
    """Columns by fact: a mapping of numpy arrays or Arrow columns, or an Arrow record batch or table itself.

    Rows of months are lists of columns or `wage_01` … Raises `FactRefused` (by name) and `FactMissing`.
    """
    named = {name: facts.column(name) for name in facts.column_names} if hasattr(facts, "column_names") else facts
    columns = rule.spread(named)
    lost = [fact for code, fact in rule.facts.items() if columns.get(code) is None and fact.default is None]
    if lost:
        raise missing_facts(lost)
    pieces, fixed = {}, {}
    for code, fact in rule.facts.items():
        if columns.get(code) is None:
            fixed[code] = fact.read(fact.default)
        else:
            pieces[code] = _pieces(fact, columns[code])
    sizes = {sum(len(piece) for piece in found) for found in pieces.values()}
    if len(sizes) > 1:
        law = rule.law
        raise FactRefused.of(law.code, law.title, law.title_en, "shapes", str(sorted(sizes)))
    return Given(sizes.pop() if sizes else 0, pieces, fixed)


def check_range(fact: Fact, found: tuple[int, int]) -> None:
    """Refuse a column that leaves the range of its fact."""
    if fact.unit != "yes_no" and not (fact.lo <= found[0] and found[1] <= fact.hi):
        raise fact.refused(RANGE.get(fact.unit, "range"), fact.plain(fact.lo), fact.plain(fact.hi))


def _pieces(fact: Fact, column: Any) -> list[Column]:
    chunks = column.chunks if hasattr(column, "chunks") else [column]
    found = [_piece(fact, chunk) for chunk in chunks]
    wide = max((piece.dtype for piece in found), key=lambda dtype: dtype.itemsize, default=np.dtype(np.int64))
    return [piece.astype(wide, copy=False) for piece in found] or [np.empty(0, _wanted(fact))]


def _wanted(fact: Fact) -> type[np.generic]:
    return np.bool_ if fact.unit == "yes_no" else np.int64


def _piece(fact: Fact, column: Any) -> Column:
    found = column if isinstance(column, np.ndarray) else _arrow(fact, column)
    if fact.unit == "day" and found.dtype == np.dtype("datetime64[D]"):
        if np.isnat(found).any():
            raise fact.refused("nulls")
        found = found.view(np.int64) + _UNIX_EPOCH
    is_yes_no = fact.unit == "yes_no"
    if found.dtype.kind != ("b" if is_yes_no else "i") or not found.dtype.isnative or found.ndim != 1:
        kind = str(found.dtype) if found.ndim == 1 else f"{found.ndim} × {found.dtype}"
        raise fact.refused("column", "bool" if is_yes_no else "int64", kind)
    return np.ascontiguousarray(found)


def _arrow(fact: Fact, column: Any) -> Column:
    """The memory of an Arrow array; yes/no (single bits), days and choices by name are spread out first."""
    if not hasattr(column, "buffers"):
        raise fact.refused("column", "bool" if fact.unit == "yes_no" else "int64", type(column).__name__)
    if column.null_count:
        raise fact.refused("nulls")
    kind, rows = str(column.type), len(column)
    if kind.startswith("dictionary"):
        return _chosen(fact, column)
    memory = column.buffers()[1]
    if memory is None or not rows:
        return np.empty(0, _wanted(fact))
    if kind == "bool":
        bits = np.unpackbits(np.frombuffer(memory, np.uint8), bitorder="little", count=column.offset + rows)
        return bits[column.offset :].view(np.bool_)
    if kind in ("int8", "int16", "int32", "int64"):
        whole: Column = np.frombuffer(memory, kind)
        return whole[column.offset : column.offset + rows]
    if kind == "date32[day]" and fact.unit == "day":
        days: Column = np.frombuffer(memory, np.int32)[column.offset : column.offset + rows]
        return days.astype(np.int64) + _UNIX_EPOCH
    raise fact.refused("column", "bool" if fact.unit == "yes_no" else "int64", kind)


def _chosen(fact: Fact, column: Any) -> Column:
    """Options by name: the places of the dictionary's words, once, then taken by index."""
    places = np.array([fact.read(word) for word in column.dictionary.to_pylist()], np.int64)
    return cast("Column", places[column.indices.to_numpy(zero_copy_only=False)])
