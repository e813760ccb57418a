"""What others reach on this machine: OpenFisca-core with our law in its idiom, Tax-Calculator with its own law and records."""

from __future__ import annotations

import importlib
import importlib.util
import time
import warnings
from typing import Any

import numpy as np

from bench.rules_persons import persons
from bench.table import Section
from palmtax import rules

YEAR = 2025
OPENFISCA_ROWS = 200_000
ROUNDS = 3


def _has(package: str, section: Section) -> bool:
    if importlib.util.find_spec(package) is not None:
        return True
    section.notes.append(f"{package} is not compared: not installed (requirements-bench.in)")
    return False


def add_openfisca(section: Section, law: str, day: Any) -> float:
    """OpenFisca computing the same year; persons a second, 0 where it is not installed."""
    if not _has("openfisca_core", section):
        return 0.0
    other = importlib.import_module("bench.rules_openfisca")
    facts = persons(OPENFISCA_ROWS, np.int64)
    system, calculating, with_inputs = other.system(), [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        simulation = other.simulation(system, facts, YEAR)
        ready = time.perf_counter()
        found = other.calculate(simulation, YEAR)
        calculating.append(time.perf_counter() - ready)
        with_inputs.append(time.perf_counter() - began)
    speed = OPENFISCA_ROWS / min(calculating)
    ours = rules.columns(law, on=day, facts=facts)
    wrong = np.zeros(OPENFISCA_ROWS, np.bool_)
    far = 0
    for name, column in ours.items():
        apart = np.abs(np.rint(found[name].astype(np.float64) * 100).astype(np.int64) - column)
        wrong |= apart > 0
        far = max(far, int(apart.max()))
    section.add(
        "OpenFisca-core, the same law in its idiom, calculate only",
        f"{speed / 1e6:.2f} M persons/s",
        f"with set_input {OPENFISCA_ROWS / min(with_inputs) / 1e6:.2f} M/s; "
        f"float32: a result wrong for {wrong.mean():.1%} of persons, by up to {far} fen",
    )
    return speed


def add_taxcalc(section: Section) -> None:
    """Tax-Calculator: the federal law of the United States on the survey records that come with it."""
    if not _has("taxcalc", section):
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        taxcalc = importlib.import_module("taxcalc")
        records = taxcalc.Records.cps_constructor()
        calculator = taxcalc.Calculator(policy=taxcalc.Policy(), records=records, verbose=False)
        calculator.advance_to_year(YEAR)
        taken = []
        for _ in range(ROUNDS + 1):
            began = time.perf_counter()
            calculator.calc_all()
            taken.append(time.perf_counter() - began)
    section.add(
        "Tax-Calculator, its own law (US federal) on its own CPS records",
        f"{records.array_length / min(taken) / 1e6:.2f} M records/s",
        f"{records.array_length:,} records; first call with its compilation {taken[0]:.0f} s; "
        "another, larger law: a scale, not a race",
    )
