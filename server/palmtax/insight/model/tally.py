"""The tally: exact sums by decile, industry, city and band, the histogram of change, and the rows that change most."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

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
EXACT = 2**53
"""bincount sums in doubles: exact as long as no sum reaches this; beyond it the slow exact way is taken."""


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
    decile: Column
    industry: Column
    city: Column
    band: Column

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


def tally_of(rows: Rows, shape: Shape) -> Tally:
    """The tally of one row group."""
    found = Tally(shape)
    if not len(rows.row):
        return found
    _, industries, cities, bands = shape.sizes
    code = ((rows.decile.astype(np.int32) * industries + rows.industry) * cities + rows.city) * bands + rows.band
    delta = rows.delta_fen
    wins, loses = delta < 0, delta > 0
    found.cells[:, 0] = np.bincount(code, minlength=shape.cells)
    found.cells[:, 1] = _sums(code, rows.before_fen, shape.cells)
    found.cells[:, 2] = _sums(code, rows.after_fen, shape.cells)
    found.cells[:, 3] = np.bincount(code[wins], minlength=shape.cells)
    found.cells[:, 4] = np.bincount(code[loses], minlength=shape.cells)
    found.gain_fen, found.loss_fen = -int(delta[wins].sum()), int(delta[loses].sum())
    found.bars = _bars(delta)
    found.extremes = _most_extreme(listed(rows, _candidates(delta)))
    found.others = listed(rows, np.arange(0, len(delta), max(1, len(delta) // 2))[:2])
    return found


def _sums(code: Column, fen: Column, cells: int) -> Column:
    """Exact sums of whole fen by cell."""
    if int(np.abs(fen).max()) * len(fen) < EXACT:
        return np.bincount(code, weights=fen, minlength=cells).astype(np.int64)
    found = np.zeros(cells, np.int64)
    np.add.at(found, code, fen)
    return found


def _bars(delta: Column) -> Column:
    """Rows by change: below the first edge, between edges (the middle in three: less, unchanged, more), above the last."""
    middle = len(EDGES_FEN) // 2
    changed = delta[delta != 0]
    place = np.searchsorted(np.asarray(EDGES_FEN, np.int64), changed, side="left")
    place = place + 2 * (place > middle) + 2 * ((place == middle) & (changed > 0))
    found = np.bincount(place, minlength=len(EDGES_FEN) + 3).astype(np.int64)
    found[middle + 1] = len(delta) - len(changed)
    return found


def bar_limits() -> list[tuple[int | None, int | None]]:
    """The limits of the bars: from < change ≤ to, fen; (0, 0) is "unchanged"."""
    middle = len(EDGES_FEN) // 2
    low, high = EDGES_FEN[:middle], EDGES_FEN[middle:]
    ends: list[tuple[int | None, int | None]] = list(zip((None, *low), low, strict=False))
    ends += [(low[-1], -1), (0, 0), (0, high[0])]
    return ends + list(zip(high, (*high[1:], None), strict=True))


def _candidates(delta: Column) -> Column:
    """Places of the most negative and the most positive changes."""
    changed = np.flatnonzero(delta)
    if len(changed) <= 2 * MOST_EXTREME:
        return changed
    ends = np.argpartition(delta[changed], (MOST_EXTREME, len(changed) - MOST_EXTREME))
    found: Column = changed[np.concatenate([ends[:MOST_EXTREME], ends[-MOST_EXTREME:]])]
    return found


def listed(rows: Rows, places: Column) -> list[list[int]]:
    """Rows as they are kept: change, row, income, before, after, then places of decile, industry, city, band."""
    columns = (
        rows.delta_fen,
        rows.row,
        rows.income_fen,
        rows.before_fen,
        rows.after_fen,
        rows.decile,
        rows.industry,
        rows.city,
        rows.band,
    )
    found: list[list[int]] = np.stack([column[places].astype(np.int64) for column in columns], axis=1).tolist()
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
