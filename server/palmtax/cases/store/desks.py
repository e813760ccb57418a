"""Queries on officers' fields of work and absences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from palmtax.plumbing.database import Tx

_TODAY = "ended_at is null and from_on <= $2 and until_on >= $2"


@dataclass(frozen=True, slots=True)
class Absence:
    """An officer is away from one day to another, both included; another stands in."""

    person_id: int
    absence_id: UUID
    from_on: date
    until_on: date
    substitute_id: int
    made_by: int


async def skills(tx: Tx, person_ids: Sequence[int]) -> dict[int, frozenset[str]]:
    """The fields of work of these officers; who is not among them does everything. One round trip."""
    rows = await tx.fetch("select person_id, skill from cases_skill where person_id = any($1)", list(person_ids))
    found: dict[int, set[str]] = {}
    for row in rows:
        found.setdefault(row["person_id"], set()).add(row["skill"])
    return {person_id: frozenset(of_one) for person_id, of_one in found.items()}


async def set_skills(tx: Tx, person_id: int, of_one: Sequence[str]) -> None:
    """Replace an officer's fields of work. Two round trips."""
    await tx.execute("delete from cases_skill where person_id = $1", person_id)
    await tx.executemany(
        "insert into cases_skill (person_id, skill) values ($1, $2) on conflict (person_id, skill) do nothing",
        [(person_id, skill) for skill in of_one],
    )


async def stood_for(tx: Tx, person_ids: Sequence[int], today: date) -> set[int]:
    """For whom these officers stand in today. One round trip."""
    rows = await tx.fetch(
        f"select person_id from cases_absence where substitute_id = any($1) and {_TODAY}", list(person_ids), today
    )
    return {row["person_id"] for row in rows}


async def substitutes(tx: Tx, person_ids: Sequence[int], today: date) -> dict[int, int]:
    """Who stands in today for those of these officers who are absent. One round trip."""
    rows = await tx.fetch(
        f"select person_id, substitute_id from cases_absence where person_id = any($1) and {_TODAY}"
        " order by from_on, absence_id",
        list(person_ids), today,
    )  # fmt: skip
    return {row["person_id"]: row["substitute_id"] for row in rows}


async def absences(tx: Tx, person_ids: Sequence[int], today: date) -> list[Absence]:
    """Absences of these officers that are not over, by first day. One round trip."""
    rows = await tx.fetch(
        "select person_id, absence_id, from_on, until_on, substitute_id, made_by from cases_absence"
        " where person_id = any($1) and ended_at is null and until_on >= $2 order by from_on, absence_id",
        list(person_ids), today,
    )  # fmt: skip
    return [Absence(**dict(row.items())) for row in rows]


async def overlaps(tx: Tx, person_id: int, from_on: date, until_on: date) -> bool:
    """Whether an absence of this officer touches these days. One round trip."""
    found = await tx.fetchval(
        "select true from cases_absence where person_id = $1 and ended_at is null and from_on <= $3 and until_on >= $2"
        " limit 1",
        person_id, from_on, until_on,
    )  # fmt: skip
    return bool(found)


async def insert_absence(tx: Tx, absence: Absence, at: datetime) -> None:
    """Enter an absence. One round trip."""
    await tx.execute(
        "insert into cases_absence (person_id, absence_id, from_on, until_on, substitute_id, made_by, made_at)"
        " values ($1, $2, $3, $4, $5, $6, $7)",
        absence.person_id, absence.absence_id, absence.from_on, absence.until_on, absence.substitute_id,
        absence.made_by, at,
    )  # fmt: skip


async def end_absence(tx: Tx, person_id: int, absence_id: UUID, at: datetime) -> bool:
    """End an absence; false when there is none. One round trip."""
    done = await tx.execute(
        "update cases_absence set ended_at = $3 where person_id = $1 and absence_id = $2 and ended_at is null",
        person_id, absence_id, at,
    )  # fmt: skip
    return bool(done == "UPDATE 1")
