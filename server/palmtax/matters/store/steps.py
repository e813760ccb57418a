"""How long each question took, and whether it was asked though the bureau held the answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from palmtax.matters.model.answers import PERSON
from palmtax.matters.model.application import Application
from palmtax.plumbing.together import Part

LONGEST_MS = 30 * 60 * 1000
"""A question left open over lunch does not count as half an hour of thinking more than once."""


def parts(one: Application, *, spent_ms: Mapping[str, int], changes: Iterable[str], at: datetime) -> list[Part]:
    """What one save says, as a part of its statement; none when it says nothing, and at most 40 questions."""
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
    if not rows:
        return []
    given = ", ".join(f"({', '.join(f'${row * 8 + column}' for column in range(1, 9))})" for row in range(len(rows)))
    sql = (
        "insert into matters_step as s (taxpayer_id, application_id, matter_code, ask_code, spent_ms, changes, is_held,"
        f" last_at) values {given} on conflict (taxpayer_id, application_id, ask_code)"
        " do update set spent_ms = s.spent_ms + excluded.spent_ms, changes = s.changes + excluded.changes,"
        " is_held = s.is_held or excluded.is_held, last_at = excluded.last_at"
    )
    return [Part("step", sql, tuple(value for row in rows for value in row))]
