"""The law itself: one explained assessment in process, and a year of income tax for millions of persons.

References of the same run: OpenFisca-core with the same law, Tax-Calculator, a kernel that only moves the same bytes.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from bench import rules_files, rules_others
from bench.rules_kernel import Bench
from bench.rules_same import differing
from bench.table import Section, median, quantile, reached
from palmtax import rules
from palmtax.rules.engine import traced

RETURN, RETURN_DAY = "vat_small_scale_return", date(2026, 9, 30)
RETURN_FACTS: dict[str, int | bool | str] = {
    "is_quarterly": True, "ordinary_sales": 31_246_600, "special_sales_reduced": 4_000_000, "place_kind": "city",
    "is_half_relief": True,
}  # fmt: skip
LAW, DAY = "iit_year", date(2025, 12, 31)
PERSON: dict[str, Any] = {
    "wage": [2_000_000 + 10_000 * month for month in range(12)], "social_insurance": [210_000] * 12,
    "additional_deductions": [200_000] * 12, "labour_income": 1_000_000, "labour_withheld": 160_000,
}  # fmt: skip
CASES = 2000
SAME_CASES = 1_000_000
ONLINE_AIM_SECONDS = 0.001
EXAMINED_ROWS = 10_000_000


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


def _single_cases(section: Section) -> None:
    for law, day, facts in ((RETURN, RETURN_DAY, RETURN_FACTS), (LAW, DAY, PERSON)):
        lines = len(rules.assess(law, on=day, facts=facts).lines)
        _add_case(
            section, f"{law}: one assessment, {lines} explained lines",
            lambda law=law, day=day, facts=facts: rules.assess(law, on=day, facts=facts).lines,
            aim_seconds=ONLINE_AIM_SECONDS,
        )  # fmt: skip
        _add_case(
            section, f"{law}: results only",
            lambda law=law, day=day, facts=facts: rules.assess(law, on=day, facts=facts).outputs,
        )  # fmt: skip


def measure() -> Section:
    """All forms."""
    rule = traced(LAW, DAY)
    facts, results = len(rule.facts), len(rule.outputs)
    section = Section(
        f"rules: a year of income tax ({LAW}: {facts} facts, {results} results, 12 months and settlement)"
    )
    _single_cases(section)
    openfisca = rules_others.add_openfisca(section, LAW, DAY)
    rules_others.add_taxcalc(section)
    Bench(LAW, DAY, openfisca).add(section)
    with tempfile.TemporaryDirectory(prefix="palmtax-persons-") as folder:
        rules_files.add(section, LAW, DAY, Path(folder), EXAMINED_ROWS)
    cases, wrong, seconds = differing(LAW, DAY, SAME_CASES)
    section.add(
        "one at a time = kernel = numpy, every result of every case", f"{wrong} differing of {cases:,} cases",
        f"{cases * results:,} results compared in {seconds:.0f} s", "0", reached(wrong == 0),
    )  # fmt: skip
    return section
