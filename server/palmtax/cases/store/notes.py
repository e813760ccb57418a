"""Queries on notes and who is mentioned in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from palmtax.cases.model.case import Case
from palmtax.plumbing.database import Tx

LARGEST_COUNT = 1_000


@dataclass(frozen=True, slots=True)
class Note:
    """What an officer wrote for colleagues."""

    note_id: UUID
    person_id: int
    at: datetime
    text: str
    mentions: tuple[int, ...]


async def insert(tx: Tx, case: Case, note: Note) -> None:
    """Add a note and tell who is mentioned; notes are only added. Two round trips."""
    await tx.execute(
        "insert into cases_note (taxpayer_id, case_id, note_id, person_id, at, text, mentions)"
        " values ($1, $2, $3, $4, $5, $6, $7)",
        case.taxpayer_id, case.case_id, note.note_id, note.person_id, note.at, note.text, list(note.mentions),
    )  # fmt: skip
    if note.mentions:
        await tx.executemany(
            "insert into cases_mention (person_id, note_id, taxpayer_id, case_id, at) values ($1, $2, $3, $4, $5)",
            [(one, note.note_id, case.taxpayer_id, case.case_id, note.at) for one in note.mentions],
        )


async def notes(tx: Tx, case: Case) -> list[Note]:
    """The notes of a case, oldest first. One round trip."""
    rows = await tx.fetch(
        "select note_id, person_id, at, text, mentions from cases_note where taxpayer_id = $1 and case_id = $2"
        " order by at, note_id",
        case.taxpayer_id, case.case_id,
    )  # fmt: skip
    return [Note(**{**dict(row.items()), "mentions": tuple(row["mentions"])}) for row in rows]


async def unread(tx: Tx, person_id: int) -> int:
    """How many mentions an officer has not seen, up to 1,000. One round trip."""
    found = await tx.fetchval(
        f"select count(*) from (select 1 from cases_mention where person_id = $1 and read_at is null"
        f" limit {LARGEST_COUNT}) unread",
        person_id,
    )
    return int(found)


async def unread_of(tx: Tx, person_id: int, case_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these cases mention an officer who has not seen it. One round trip."""
    rows = await tx.fetch(
        "select distinct case_id from cases_mention where person_id = $1 and read_at is null and case_id = any($2)",
        person_id, list(case_ids),
    )  # fmt: skip
    return {row["case_id"] for row in rows}


async def read(tx: Tx, person_id: int, case_id: UUID, at: datetime) -> None:
    """An officer has seen the notes of a case. One round trip."""
    await tx.execute(
        "update cases_mention set read_at = $3 where person_id = $1 and case_id = $2 and read_at is null",
        person_id, case_id, at,
    )  # fmt: skip
