"""Drawing by blocks: a block of rows is drawn from the seed and its number alone, so any cut of the rows gives the same rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

BLOCK = 8192
"""Rows that are drawn together; part of what a seed means."""
YUAN = 100

Column = npt.NDArray[Any]


def drawer(seed: int, stream: int, block: int) -> np.random.Generator:
    """The source of chance of one block."""
    return np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, stream, block])))


def pick(draw: np.random.Generator, shares: Sequence[int]) -> Column:
    """`(BLOCK,) int8` places, drawn by shares."""
    ends = np.cumsum(np.asarray(shares, np.int64))
    found = np.searchsorted(ends, draw.integers(0, int(ends[-1]), BLOCK), side="right")
    return found.astype(np.int8)


def chance(draw: np.random.Generator, per_thousand: Any) -> Column:
    """`(BLOCK,) bool`, true for so many of a thousand."""
    return draw.integers(0, 1000, BLOCK) < per_thousand


def spread(draw: np.random.Generator, middle: Any, sigma: float) -> Column:
    """`(BLOCK,) float64` log-normal around `middle`."""
    return np.asarray(middle, np.float64) * np.exp(draw.standard_normal(BLOCK) * sigma)


def whole(values: Column, step: int = 1) -> Column:
    """Yuan as fen, rounded to `step` yuan, `(n,) int64`."""
    return np.rint(values / step).astype(np.int64) * (step * YUAN)
