"""The door: quick to open, quick to use, and nothing heavy behind it until it is asked for."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import date

from palmtax import rules

FACTS = {"is_quarterly": True, "ordinary_sales": 32_000_000, "place_kind": "city", "is_half_relief": True}


LOADED = "import sys, palmtax.rules; print(*[name for name in sys.modules if {}])"


def loaded(condition: str) -> list[str]:
    """Names of modules that a fresh interpreter has loaded after opening the door."""
    command = [sys.executable, "-c", LOADED.format(condition)]
    surroundings = {"PYTHONPATH": ":".join(sys.path)}
    return subprocess.run(command, capture_output=True, text=True, check=True, env=surroundings).stdout.split()


def test_importing_loads_neither_numpy_nor_any_law() -> None:
    assert loaded("name == 'numpy' or name.startswith('palmtax_law')") == []


def test_rules_reach_nothing_but_base() -> None:
    assert loaded("name.startswith('palmtax.') and name.split('.')[1] not in ('rules', 'base')") == []


def test_a_warm_assessment_takes_less_than_a_millisecond() -> None:
    times = []
    for _ in range(200):
        start = time.perf_counter()
        rules.assess("vat_small_scale_return", on=date(2026, 9, 30), facts=FACTS)  # Wednesday
        times.append(time.perf_counter() - start)
    assert sorted(times)[100] < 0.001


def test_a_composition_asks_what_its_laws_ask_and_nothing_answers() -> None:
    facts = [fact.code for fact in rules.law("vat_small_scale_return").facts]
    assert facts[:2] == ["is_quarterly", "ordinary_sales"]
    assert "vat_paid" not in facts
    assert "sales" not in facts
    assert facts.count("is_quarterly") == 1
    assert all(
        fact.label and fact.label_en and fact.term and fact.term_en
        for fact in rules.law("vat_small_scale_return").facts
    )
    assert rules.missing("vat_small_scale_return", on=date(2026, 9, 30), facts={}) == (
        "is_quarterly",
        "ordinary_sales",
        "place_kind",
        "is_half_relief",
    )
