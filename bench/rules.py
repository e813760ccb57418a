"""The law itself: one explained assessment in process, results only, and columns against a kernel that only moves the bytes."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np

from bench.table import Section, median, quantile, reached
from palmtax import rules

LAW = "vat_small_scale_return"
DAY = date(2026, 9, 30)
FACTS: dict[str, int | bool | str] = {
    "is_quarterly": True, "ordinary_sales": 31_246_600, "special_sales_reduced": 4_000_000, "place_kind": "city",
    "is_half_relief": True,
}  # fmt: skip
OUTPUTS = (
    "vat_payable", "urban_maintenance_tax", "education_surcharge", "local_education_surcharge", "payable", "saved", "is_exempt",
)  # fmt: skip
ROWS = 1_000_000
CASES = 2000
ONLINE_AIM_SECONDS = 0.001
SHARE_AIM = 0.80


def _each(call: Callable[[], object], times: int, clock: Callable[[], float] = time.perf_counter) -> list[float]:
    for _ in range(times // 10):
        call()
    found = []
    for _ in range(times):
        began = clock()
        call()
        found.append(clock() - began)
    return found


def _add_case(section: Section, what: str, call: Callable[[], object], *, aim_seconds: float = 0.0) -> None:
    """Processor time of one case (others on the machine do not count), wall time beside it."""
    own, wall = _each(call, CASES, time.thread_time), _each(call, CASES)
    p99 = quantile(own, 0.99)
    section.add(
        what, f"p50 {median(own) * 1e6:,.0f} µs, p99 {p99 * 1e6:,.0f} µs processor",
        f"wall p50 {median(wall) * 1e6:,.0f} µs, p99 {quantile(wall, 0.99) * 1e6:,.0f} µs",
        f"p99 < {aim_seconds * 1000:.0f} ms" if aim_seconds else "", reached(p99 < aim_seconds) if aim_seconds else "",
    )  # fmt: skip


def _columns() -> dict[str, Any]:
    """A million invented businesses, int64 fen and bool; choices as places in the list of options."""
    draw = np.random.default_rng(2026)
    found: dict[str, Any] = {}
    for fact in rules.law(LAW).facts:
        if fact.unit == "yes_no":
            found[fact.code] = draw.random(ROWS) < 0.8
        elif fact.unit == "choice":
            found[fact.code] = draw.integers(0, len(fact.options), ROWS)
        else:
            found[fact.code] = np.where(draw.random(ROWS) < 0.5, draw.integers(0, 10**8, ROWS), 0)
    return found


def _only_moves(given: dict[str, Any], made: dict[str, Any], block: int) -> None:
    """Read every column in once and write every column out once, block by block, and compute nothing."""
    columns = list(given.values())
    for start in range(0, ROWS, block):
        part = slice(start, start + block)
        for column in columns[len(made) :]:
            column[part].max()
        for place, out in enumerate(made.values()):
            out[part] = columns[place % len(columns)][part]


def _best(call: Callable[[], object], times: int = 5) -> float:
    return min(_each(call, times))


def measure() -> Section:
    """All forms."""
    section = Section(f"rules: {LAW}, {len(rules.law(LAW).facts)} facts, {len(OUTPUTS)} results, one core")
    lines = len(rules.assess(LAW, on=DAY, facts=FACTS).lines)
    what = f"one assessment with {lines} explained lines, zh and en"
    _add_case(section, what, lambda: rules.assess(LAW, on=DAY, facts=FACTS).lines, aim_seconds=ONLINE_AIM_SECONDS)
    _add_case(section, "the lines a person sees", lambda: rules.assess(LAW, on=DAY, facts=FACTS).telling_lines)
    _add_case(section, "results only", lambda: rules.assess(LAW, on=DAY, facts=FACTS).outputs)
    given = _columns()
    made = rules.columns(LAW, on=DAY, facts=given, outputs=OUTPUTS)
    seconds = _best(lambda: rules.columns(LAW, on=DAY, facts=given, outputs=OUTPUTS))
    moving = _best(lambda: _only_moves(given, made, 8192))
    size = sum(column.nbytes for column in (*given.values(), *made.values()))
    share = moving / seconds
    section.add(
        "columns (numpy int64)", f"{ROWS / seconds / 1e6:.2f} M businesses/s",
        f"a kernel that moves the same {size / ROWS:.0f} bytes each: {ROWS / moving / 1e6:.1f} M/s ({size / moving / 1e9:.1f} GB/s)",
    )  # fmt: skip
    section.add(
        "share of the bytes-only kernel", f"{share:.2f}", f"goal of the generated kernels to come: {SHARE_AIM:.2f}"
    )
    section.notes.append(
        "OpenFisca is not compared: this law would first have to be written as an OpenFisca country package"
    )
    return section
