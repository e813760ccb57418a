"""A small invented population, officers with the right scopes, and questions."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from demo.population.make import make
from palmtax import identity, registry
from palmtax.base.clock import Clock
from palmtax.base.identifiers import make_resident_id
from palmtax.insight.model.study import Question
from palmtax.plumbing.database import Tx

PERSONS, ENTERPRISES, GROUP_ROWS = 20_000, 12_000, 8_192
DAY = date(2026, 9, 30)
OFFICE, OTHER = "19900000000", "19903000000"
LEADER, READER, CLERK, STRANGER = 701, 702, 703, 704
SCOPES = {
    LEADER: {"insight.read", "insight.study"},
    READER: {"insight.read"},
    CLERK: set(),
    STRANGER: {"insight.read", "insight.study"},
}
THRESHOLD = {"vat_small_scale.quarter_threshold": "450000"}
DEDUCTION = {"iit_year.basic_deduction_month": "6000"}


def make_population(folder: Path) -> Path:
    """Three row groups of persons, two of enterprises."""
    make(folder, persons_count=PERSONS, enterprises_count=ENTERPRISES, seed=7, group_rows=GROUP_ROWS)
    return folder


def question(*laws: str, **changes: Any) -> Question:
    """The laws on one day with parameters replaced."""
    return Question(laws, DAY, DAY, changes)


def asked(**other: Any) -> dict[str, Any]:
    """A question on the wire."""
    body = {
        "name": "起征点提高到四十五万",
        "laws": ["vat_small_scale_return"],
        "on": DAY.isoformat(),
        "changes": THRESHOLD,
    }
    return {**body, **other}


async def make_officers(tx: Tx, clock: Clock) -> None:
    """A decision maker, one who may only read, one without scopes, and one of another office."""
    await registry.load_offices(
        tx, [registry.Office(OFFICE, "云省税务局", "Yun"), registry.Office(OTHER, "云汀市税务局", "Yunting")]
    )
    people = [
        identity.NewPerson(n, f"沈{n}", f"15400000{n:03d}", make_resident_id("990100", date(1980, 1, 1), n))
        for n in SCOPES
    ]
    hats = [
        identity.NewHat(
            n, "decision_maker", "云省税务局", office_code=OTHER if n == STRANGER else OFFICE, scopes=frozenset(scopes)
        )
        for n, scopes in SCOPES.items()
    ]
    await identity.load_people(tx, clock=clock, people=people, hats=hats)
