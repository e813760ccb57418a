"""Queries on cases and their moves; every change is one compare-and-set on the version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from palmtax.cases.model.case import Case
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Part

COLUMNS = tuple(one.name for one in fields(Case) if one.name != "stand_in")
ROW = ", ".join(COLUMNS)


@dataclass(frozen=True, slots=True)
class Move:
    """One step in the history of a case; `version` is the one it led to, `person_id` none when the clock did it."""

    version: int
    act: str
    at: datetime
    person_id: int | None
    for_person_id: int | None
    to_person_id: int | None
    state: str
    office_code: str
    note: str


def case_of(row: Mapping[str, Any]) -> Case:
    """The case of a row."""
    return Case(**{**dict(row.items()), "not_for": tuple(row["not_for"])})


_INSERT = f"insert into cases_case ({ROW}) values ({', '.join(f'${number}' for number in range(1, len(COLUMNS) + 1))})"


def _values(case: Case) -> list[Any]:
    values = [getattr(case, name) for name in COLUMNS]
    return [list(value) if isinstance(value, tuple) else value for value in values]


def insert_part(case: Case) -> Part:
    """A new case, as a part of one statement; UniqueViolationError when one about the subject is open."""
    return Part("case", _INSERT, tuple(_values(case)))


async def insert(tx: Tx, case: Case) -> bool:
    """Open a case; false when one about the subject is open. One round trip."""
    found = await tx.fetchval(
        f"{_INSERT} on conflict (taxpayer_id, kind, subject_id) where state <> 'closed' do nothing returning true",
        *_values(case),
    )
    return bool(found)


async def of_subject(tx: Tx, taxpayer_id: int, subject_id: UUID, kind: str | None = None) -> Case | None:
    """The case about a subject: the open one, else the newest. One round trip."""
    row = await tx.fetchrow(
        f"select {ROW} from cases_case where taxpayer_id = $1 and subject_id = $2 and ($3::text is null or kind = $3)"
        " order by state = 'closed', opened_at desc limit 1",
        taxpayer_id, subject_id, kind,
    )  # fmt: skip
    return case_of(row) if row else None


async def find_subject(tx: Tx, subject_id: UUID) -> Case | None:
    """The same when the taxpayer is not known: asks every shard. One round trip."""
    row = await tx.fetchrow(
        f"select {ROW} from cases_case where subject_id = $1 order by state = 'closed', opened_at desc limit 1",
        subject_id,
    )
    return case_of(row) if row else None


async def find(tx: Tx, case_ids: Sequence[UUID]) -> list[Case]:
    """Cases by id, in the order in which rows are changed, so that two officers never wait for each other in a ring."""
    rows = await tx.fetch(
        f"select {ROW} from cases_case where case_id = any($1) order by taxpayer_id, case_id", list(case_ids)
    )
    return [case_of(row) for row in rows]


async def claim(tx: Tx, case: Case, person_id: int, at: datetime) -> Case | None:
    """Take a case that nobody holds: one compare-and-set; none when another was quicker. One round trip."""
    row = await tx.fetchrow(
        "update cases_case set claimed_by = $3, claimed_at = $4, version = version + 1,"
        " state = case state when 'open' then 'claimed' else state end"
        " where taxpayer_id = $1 and case_id = $2 and claimed_by is null and state in ('open', 'second')"
        f" and ($3 <> all(not_for)) and first_by is distinct from $3 returning {ROW}",
        case.taxpayer_id, case.case_id, person_id, at,
    )  # fmt: skip
    return case_of(row) if row else None


async def change(tx: Tx, case: Case, values: Mapping[str, Any]) -> Case | None:
    """Change columns of a case that is still at this version; none when it is not. One round trip."""
    sets = ", ".join(f"{name} = ${number}" for number, name in enumerate(values, 4))
    row = await tx.fetchrow(
        f"update cases_case set {sets}, version = version + 1"
        f" where taxpayer_id = $1 and case_id = $2 and version = $3 returning {ROW}",
        case.taxpayer_id, case.case_id, case.version, *values.values(),
    )  # fmt: skip
    return case_of(row) if row else None


def move_part(case: Case, move: Move) -> Part:
    """A step of the history, as a part of one statement; steps are only added."""
    sql = (
        "insert into cases_move (taxpayer_id, case_id, version, act, at, person_id, for_person_id, to_person_id, state,"
        " office_code, note) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    )
    args = (
        case.taxpayer_id, case.case_id, move.version, move.act, move.at, move.person_id, move.for_person_id,
        move.to_person_id, move.state, move.office_code, move.note,
    )  # fmt: skip
    return Part("move", sql, args)


async def moves(tx: Tx, case: Case) -> list[Move]:
    """The history of a case, oldest first. One round trip."""
    rows = await tx.fetch(
        "select version, act, at, person_id, for_person_id, to_person_id, state, office_code, note from cases_move"
        " where taxpayer_id = $1 and case_id = $2 order by version",
        case.taxpayer_id, case.case_id,
    )  # fmt: skip
    return [Move(**dict(row.items())) for row in rows]


async def to_escalate(tx: Tx, today: date, limit: int) -> list[Case]:
    """Cases whose day of escalation has come, most overdue first. One round trip; the clock's work, so all shards."""
    rows = await tx.fetch(
        f"select {ROW} from cases_case where escalates_on is not null and escalates_on <= $1"
        " order by escalates_on, case_id limit $2",
        today, limit,
    )  # fmt: skip
    return [case_of(row) for row in rows]
