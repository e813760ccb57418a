"""The tally: exact sums by decile, industry, city and band, the histogram of change, and the rows that change most."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from palmtax import rules

Column = npt.NDArray[Any]

DECILES = 10
MEASURES = ("rows", "before_fen", "after_fen", "winners", "losers")
EDGES_FEN = tuple(
    sign * yuan * 100
    for sign, yuans in ((-1, (100_000, 20_000, 5_000, 2_000, 1_000, 500, 100)), (1, (100, 500, 1_000, 2_000, 5_000, 20_000, 100_000)))
    for yuan in yuans
)  # fmt: skip
"""Ends of the bars of the histogram, fen; between the middle two lies "a little less", "unchanged" and "a little more"."""
MOST_EXTREME = 200
"""Rows kept at each end of the change."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How many industries, cities and bands there are; deciles are ten."""

    industries: int
    cities: int
    bands: int

    @property
    def cells(self) -> int:
        """Cells of the whole table."""
        return DECILES * self.industries * self.cities * self.bands

    @property
    def sizes(self) -> tuple[int, int, int, int]:
        """Deciles, industries, cities, bands."""
        return (DECILES, self.industries, self.cities, self.bands)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one group, computed: columns of one length."""

    row: Column
    income_fen: Column
    before_fen: Column
    after_fen: Column
    industry: Column
    city: Column
    band: Column
    bounds_fen: tuple[int, ...]
    """The nine incomes between tenths."""

    @property
    def decile(self) -> Column:
        """Which tenth each income falls into, `(n,)` from 0; a limit belongs to the tenth below it."""
        return tenths(self.income_fen, self.bounds_fen)

    @property
    def delta_fen(self) -> Column:
        """The change of burden; negative: pays less."""
        found: Column = self.after_fen - self.before_fen
        return found


@dataclass(slots=True)
class Tally:
    """Sums over the row groups that are done; two tallies of different groups add up to the tally of both."""

    shape: Shape
    cells: Column = field(default_factory=lambda: np.zeros((0, 0), np.int64))
    bars: Column = field(default_factory=lambda: np.zeros(len(EDGES_FEN) + 3, np.int64))
    gain_fen: int = 0
    loss_fen: int = 0
    extremes: list[list[int]] = field(default_factory=list)
    others: list[list[int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.cells.size:
            self.cells = np.zeros((self.shape.cells, len(MEASURES)), np.int64)

    def add(self, other: Tally) -> None:
        """Take another tally in."""
        self.cells += other.cells
        self.bars += other.bars
        self.gain_fen += other.gain_fen
        self.loss_fen += other.loss_fen
        self.extremes = _most_extreme(self.extremes + other.extremes)
        self.others = sorted(self.others + other.others)[:30]


def tenths(income_fen: Column, bounds_fen: tuple[int, ...]) -> Column:
    """Which tenth each income falls into, `(n,)` from 0; a limit belongs to the tenth below it."""
    return np.searchsorted(np.asarray(bounds_fen, np.int64), income_fen)


def tally_of(rows: Rows, shape: Shape) -> Tally:
    """The tally of one row group, in one compiled pass (or by numpy, where there is no compiler)."""
    if not len(rows.row):
        return Tally(shape)
    _, *sizes = shape.sizes
    found = rules.compared(
        rows.before_fen,
        rows.after_fen,
        amount=rows.income_fen,
        ends=rows.bounds_fen,
        codes=list(zip((rows.industry, rows.city, rows.band), sizes, strict=True)),
        edges=EDGES_FEN,
        most=MOST_EXTREME,
    )
    places = np.arange(0, len(rows.row), max(1, len(rows.row) // 2))[:2]
    return Tally(
        shape, found.cells, _bars(found), found.gain, found.loss,
        _most_extreme(listed(rows, found.places)), listed(rows, places),
    )  # fmt: skip


def _bars(found: Any) -> Column:
    """Rows by change: below the first edge, between edges (the middle in three: less, unchanged, more), above the last."""
    middle = len(EDGES_FEN) // 2
    rows, _, _, falls, rises = (int(total) for total in found.cells.sum(axis=0))
    above = [rows, *found.above[:middle].tolist(), rows - falls, rises, *found.above[middle:].tolist(), 0]
    return -np.diff(np.array(above, np.int64))


def bar_limits() -> list[tuple[int | None, int | None]]:
    """The limits of the bars: from < change ≤ to, fen; (0, 0) is "unchanged"."""
    middle = len(EDGES_FEN) // 2
    low, high = EDGES_FEN[:middle], EDGES_FEN[middle:]
    ends: list[tuple[int | None, int | None]] = list(zip((None, *low), low, strict=False))
    ends += [(low[-1], -1), (0, 0), (0, high[0])]
    return ends + list(zip(high, (*high[1:], None), strict=True))


def listed(rows: Rows, places: Column) -> list[list[int]]:
    """Rows as they are kept: change, row, income, before, after, then places of decile, industry, city, band."""
    income, before, after = rows.income_fen[places], rows.before_fen[places], rows.after_fen[places]
    codes = (rows.industry[places], rows.city[places], rows.band[places])
    columns = (after - before, rows.row[places], income, before, after, tenths(income, rows.bounds_fen), *codes)
    found: list[list[int]] = np.stack([column.astype(np.int64) for column in columns], axis=1).tolist()
    return found


def _most_extreme(found: Iterable[list[int]]) -> list[list[int]]:
    """At most so many of either end, in a fixed order: by change, then row."""
    ordered = sorted(found, key=lambda row: (row[0], row[1]))
    wins = [row for row in ordered if row[0] < 0][:MOST_EXTREME]
    loses = [row for row in ordered if row[0] > 0]
    loses.sort(key=lambda row: (-row[0], row[1]))
    return wins + loses[:MOST_EXTREME]


def packed(tallies: Mapping[str, Tally], done: Iterable[tuple[str, int]]) -> bytes:
    """What is tallied so far and which groups are in it, as bytes."""
    arrays, words = {}, {"done": sorted(done), "laws": {}}
    for law, tally in tallies.items():
        arrays[f"{law}.cells"], arrays[f"{law}.bars"] = tally.cells, tally.bars
        words["laws"][law] = {  # type: ignore[index]  # a mapping, made one line above
            "gain": tally.gain_fen, "loss": tally.loss_fen, "extremes": tally.extremes, "others": tally.others,
        }  # fmt: skip
    arrays["words"] = np.frombuffer(json.dumps(words).encode(), np.uint8)
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)  # type: ignore[arg-type]  # arrays by name
    return out.getvalue()


def unpacked(content: bytes, shapes: Mapping[str, Shape]) -> tuple[dict[str, Tally], set[tuple[str, int]]]:
    """The tallies by law and the groups that are in them; `ValueError` when the content is of another shape."""
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        words = json.loads(arrays["words"].tobytes())
        found = {}
        for law, shape in shapes.items():
            if arrays[f"{law}.cells"].shape != (shape.cells, len(MEASURES)):
                raise ValueError(law)
            kept = words["laws"][law]
            found[law] = Tally(
                shape, arrays[f"{law}.cells"], arrays[f"{law}.bars"],
                kept["gain"], kept["loss"], kept["extremes"], kept["others"],
            )  # fmt: skip
    return found, {(law, int(group)) for law, group in words["done"]}
