"""Queries of what the public is told: incidents and planned maintenance, with their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from palmtax.plumbing.database import Tx


@dataclass(frozen=True, slots=True)
class Note:
    """Words about an incident."""

    number: int
    state: str
    text: str
    text_en: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident or planned maintenance; `version` is the number of its last note."""

    incident_id: UUID
    kind: str
    services: tuple[str, ...]
    title: str
    title_en: str
    starts_at: datetime
    ends_at: datetime | None
    state: str
    version: int
    notes: tuple[Note, ...] = ()


_INCIDENT = "incident_id, kind, services, title, title_en, starts_at, ends_at, state, version"


async def add(tx: Tx, one: Incident, person_id: int) -> None:
    """Keep a new one. One round trip."""
    await tx.execute(
        f"insert into channels_incident ({_INCIDENT}, made_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        one.incident_id,
        one.kind,
        list(one.services),
        one.title,
        one.title_en,
        one.starts_at,
        one.ends_at,
        one.state,
        one.version,
        person_id,
    )


async def move(tx: Tx, incident_id: UUID, *, state: str, version: int, ends_at: datetime | None) -> bool:
    """Give it a new state; false when its version is another by now. One round trip."""
    return bool(
        await tx.fetchval(
            "update channels_incident set state = $2, version = version + 1, ends_at = coalesce($4, ends_at)"
            " where incident_id = $1 and version = $3 and state in ('open', 'watching') returning true",
            incident_id,
            state,
            version,
            ends_at,
        )
    )


async def say(tx: Tx, incident_id: UUID, note: Note, person_id: int) -> None:
    """Keep words about it. One round trip."""
    await tx.execute(
        "insert into channels_incident_note (incident_id, number, state, text, text_en, said_by, said_at)"
        " values ($1, $2, $3, $4, $5, $6, $7)",
        incident_id,
        note.number,
        note.state,
        note.text,
        note.text_en,
        person_id,
        note.said_at,
    )


async def one(tx: Tx, incident_id: UUID) -> Incident | None:
    """One with its notes. Two round trips."""
    row = await tx.fetchrow(f"select {_INCIDENT} from channels_incident where incident_id = $1", incident_id)
    if row is None:
        return None
    made = Incident(**(dict(row.items()) | {"services": tuple(row["services"])}))
    return (await _noted(tx, [made]))[0]


async def since(tx: Tx, since: datetime, limit: int = 100) -> list[Incident]:
    """Those that are not over, and those that were since an instant; the newest first. Two round trips."""
    rows = await tx.fetch(
        f"select {_INCIDENT} from channels_incident where state in ('open', 'watching') or ends_at >= $1"
        " order by state in ('closed', 'cancelled'), starts_at desc limit $2",
        since,
        limit,
    )
    return await _noted(tx, [Incident(**(dict(row.items()) | {"services": tuple(row["services"])})) for row in rows])


async def _noted(tx: Tx, found: Sequence[Incident]) -> list[Incident]:
    rows = await tx.fetch(
        "select incident_id, number, state, text, text_en, said_at from channels_incident_note"
        " where incident_id = any($1) order by number desc",
        [one.incident_id for one in found],
    )
    by: dict[UUID, list[Note]] = {}
    for row in rows:
        by.setdefault(row["incident_id"], []).append(
            Note(row["number"], row["state"], row["text"], row["text_en"], row["said_at"])
        )
    return [
        Incident(
            one.incident_id, one.kind, one.services, one.title, one.title_en, one.starts_at, one.ends_at, one.state,
            one.version, tuple(by.get(one.incident_id, ())),
        )
        for one in found
    ]  # fmt: skip
