"""How long each question took, and whether it was asked though the bureau held the answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from palmtax.matters.model.answers import PERSON
from palmtax.matters.model.application import Application
from palmtax.plumbing.database import Tx

LONGEST_MS = 30 * 60 * 1000
"""A question left open over lunch does not count as half an hour of thinking more than once."""


async def add(tx: Tx, one: Application, *, spent_ms: Mapping[str, int], changes: Iterable[str], at: datetime) -> None:
    """Add what one save says. One round trip for each question, and at most 40 of them."""
    changed = set(changes)
    rows = [
        (
            one.taxpayer_id,
            one.application_id,
            one.matter_code,
            code,
            min(max(int(spent_ms.get(code, 0)), 0), LONGEST_MS),
            int(code in changed),
            code in one.answers and one.answers[code].source != PERSON,
            at,
        )
        for code in sorted({*spent_ms, *changed})[:40]
    ]
    if rows:
        await tx.executemany(
            "insert into matters_step as s (taxpayer_id, application_id, matter_code, ask_code, spent_ms, changes, is_held,"
            " last_at) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (taxpayer_id, application_id, ask_code)"
            " do update set spent_ms = s.spent_ms + excluded.spent_ms, changes = s.changes + excluded.changes,"
            " is_held = s.is_held or excluded.is_held, last_at = excluded.last_at",
            rows,
        )
