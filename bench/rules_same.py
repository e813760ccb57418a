"""Whether one taxpayer at a time, the kernel and the numpy blocks give the same fen, for as many cases as asked."""

from __future__ import annotations

import multiprocessing
import os
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from typing import Any

import numpy as np

from bench.rules_persons import persons
from palmtax.rules import arrays
from palmtax.rules.engine import traced

PART = 50_000
EDGES = np.array(
    [0, 1, 3_600_000, 3_600_001, 14_400_000, 14_400_001, 30_000_000, 96_000_000, 96_000_001, 500_000, 2**31]
)


def _part(law: str, day: date, seed: int) -> int:
    """Half of them invented persons, half random amounts and edges of brackets; how many results differ."""
    draw = np.random.default_rng(seed)
    facts: dict[str, Any] = persons(PART, np.int64, seed)
    rule = traced(law, day)
    for code, fact in rule.facts.items():
        wild = np.where(draw.random(PART) < 0.5, draw.integers(0, 10**8, PART), draw.choice(EDGES, PART))
        facts[code][PART // 2 :] = np.clip(wild, fact.lo, fact.hi)[PART // 2 :]
    kernel, blocks = (arrays.apply(rule, facts, form=form, threads=1) for form in ("kernel", "blocks"))  # type: ignore[arg-type]
    wrong = 0
    names, places = list(rule.outputs), list(rule.outputs.values())
    both = (
        zip(*(kernel[name].tolist() for name in names), strict=True),
        zip(*(blocks[name].tolist() for name in names), strict=True),
    )
    rows = zip(*(facts[code].tolist() for code in rule.facts), strict=True)
    for row, compiled, computed in zip(rows, *both, strict=True):
        values = rule.run(dict(zip(rule.facts, row, strict=True)))
        for place, one, other in zip(places, compiled, computed, strict=True):
            wrong += not values[place] == one == other
    return wrong


def differing(law: str, day: date, cases: int) -> tuple[int, int, float]:
    """Cases compared, results that differ, seconds taken."""
    began, parts = time.perf_counter(), -(-cases // PART)
    with ProcessPoolExecutor(os.cpu_count(), mp_context=multiprocessing.get_context("spawn")) as pool:
        wrong = sum(pool.map(_part, [law] * parts, [day] * parts, range(parts)))
    return parts * PART, wrong, time.perf_counter() - began
