"""Making the town ready when the house starts: load it once, and choose the day it lives on."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from demo.load import fill, is_empty
from demo.town import build
from palmtax import rules
from palmtax.base.clock import SystemClock
from palmtax.base.period import Period

DAYS_BEFORE_THE_DEADLINE = 5


def filing_day(real_today: date) -> date:
    """Five days before the newest quarterly deadline that is over, so that there is something to file in time."""
    period = Period.containing(real_today, "quarter").previous()
    while rules.due_on("vat_small_scale", period).on > real_today:
        period = period.previous()
    return rules.due_on("vat_small_scale", period).on - timedelta(days=DAYS_BEFORE_THE_DEADLINE)


def ready(
    dsn: str, var: Path, *, taxpayers: int, seed: int, tell: Callable[[str], None]
) -> tuple[date, list[tuple[str, str, str]]]:
    """Load the town when the database is empty; today's date there, and its first people (name, phone, identity number).

    The town keeps its distance to the real day in `var/town.json`, so that its days go on as ours do.
    """
    note = var / "town.json"
    real = SystemClock().today()
    if asyncio.run(is_empty(dsn)):
        shift = int(os.environ.get("PALMTAX_SERVER_SHIFT_DAYS") or (filing_day(real) - real).days)
        known = {"shift_days": shift, "loaded_for": (real + timedelta(days=shift)).isoformat(), "seed": seed}
        fill(dsn, taxpayers=taxpayers, seed=seed, today=date.fromisoformat(str(known["loaded_for"])), tell=tell)
        note.write_text(json.dumps(known))
    known = (
        json.loads(note.read_text())
        if note.exists()
        else {"shift_days": 0, "loaded_for": real.isoformat(), "seed": seed}
    )
    os.environ["PALMTAX_SERVER_SHIFT_DAYS"] = str(known["shift_days"])
    town = build(taxpayers=0, seed=int(known["seed"]), today=date.fromisoformat(str(known["loaded_for"])))
    people = [(p.name, p.phone, p.resident_id or "") for p in town.people]
    return real + timedelta(days=int(known["shift_days"])), people
