"""The tally as one would write it down: row by row, with Python's own numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from palmtax.insight.model.tally import MOST_EXTREME, Rows, Shape, Tally, bar_limits


def tally_plainly(rows: Rows, shape: Shape) -> Tally:
    """Every row by itself."""
    cells: Any = [[0] * 5 for _ in range(shape.cells)]
    bars, changed = [0] * len(bar_limits()), list[list[int]]()
    columns = (rows.row, rows.income_fen, rows.before_fen, rows.after_fen, rows.industry, rows.city, rows.band)
    every = [[int(value) for value in row] for row in zip(*columns, strict=True)]
    listed = []
    for row, income, before, after, industry, city, band in every:
        decile, change = sum(income > bound for bound in rows.bounds_fen), after - before
        cell = cells[((decile * shape.industries + industry) * shape.cities + city) * shape.bands + band]
        for measure, value in enumerate((1, before, after, int(change < 0), int(change > 0))):
            cell[measure] += value
        bars[_bar(change)] += 1
        listed.append([change, row, income, before, after, decile, industry, city, band])
    changed = sorted(line for line in listed if line[0])
    falls = [line for line in changed if line[0] < 0]
    rises = sorted((line for line in changed if line[0] > 0), key=lambda line: (-line[0], line[1]))
    return Tally(
        shape, np.array(cells), np.array(bars), -sum(line[0] for line in falls), sum(line[0] for line in rises),
        falls[:MOST_EXTREME] + rises[:MOST_EXTREME], listed[:: max(1, len(listed) // 2)][:2],
    )  # fmt: skip


def _bar(change: int) -> int:
    for place, (low, high) in enumerate(bar_limits()):
        if (low, high) == (0, 0):
            if change == 0:
                return place
        elif change and (low is None or change > low) and (high is None or change <= high):
            return place
    raise AssertionError(change)
