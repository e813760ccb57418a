"""Queries of complaints and their steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from palmtax.base.identifiers import uuid7
from palmtax.complaints.model.complaint import OPEN, Complaint, Extension, Step
from palmtax.plumbing.database import Tx

_COLUMNS = tuple(field.name for field in fields(Complaint))
_SELECT = f"select {', '.join(_COLUMNS)} from complaints_complaint"
_LISTS = ("not_for", "investigators")


def _complaint(row: Mapping[str, Any]) -> Complaint:
    values = {name: row[name] for name in _COLUMNS}
    for name in _LISTS:
        values[name] = tuple(values[name])
    if values["extension"] is not None:
        values["extension"] = Extension(*values["extension"])
    return Complaint(**values)


def _plain(name: str, value: Any) -> Any:
    if name in _LISTS:
        return list(value)
    return list(astuple(value)) if isinstance(value, Extension) else value


async def insert(tx: Tx, complaint: Complaint) -> bool:
    """Keep a new complaint; false when its application filed one before. One round trip."""
    places = ", ".join(f"${number}" for number in range(1, len(_COLUMNS) + 1))
    added = await tx.fetchval(
        f"insert into complaints_complaint ({', '.join(_COLUMNS)}) values ({places})"
        " on conflict (taxpayer_id, application_id) do nothing returning true",
        *(_plain(name, getattr(complaint, name)) for name in _COLUMNS),
    )
    return bool(added)


async def keep_place(tx: Tx, complaint: Complaint) -> None:
    """Remember whose complaint it is. One round trip."""
    await tx.execute(
        "insert into complaints_place (complaint_id, taxpayer_id) values ($1, $2)",
        complaint.complaint_id,
        complaint.taxpayer_id,
    )


async def whose(tx: Tx, complaint_id: UUID) -> int:
    """Whose complaint it is; 0 when there is none. One round trip."""
    found = await tx.fetchval("select taxpayer_id from complaints_place where complaint_id = $1", complaint_id)
    return int(found or 0)


async def complaint(tx: Tx, taxpayer_id: int, complaint_id: UUID) -> Complaint | None:
    """One complaint. One round trip."""
    row = await tx.fetchrow(f"{_SELECT} where taxpayer_id = $1 and complaint_id = $2", taxpayer_id, complaint_id)
    return _complaint(row) if row else None


async def of_application(tx: Tx, taxpayer_id: int, application_id: UUID) -> Complaint | None:
    """The complaint that an application filed. One round trip."""
    row = await tx.fetchrow(f"{_SELECT} where taxpayer_id = $1 and application_id = $2", taxpayer_id, application_id)
    return _complaint(row) if row else None


async def of_taxpayer(tx: Tx, taxpayer_id: int, *, complaint_no: str | None, limit: int) -> list[Complaint]:
    """A taxpayer's complaints, newest first, or the one with a number. One round trip."""
    rows = await tx.fetch(
        f"{_SELECT} where taxpayer_id = $1 and ($2::text is null or complaint_no = $2)"
        " order by complaint_id desc limit $3",
        taxpayer_id,
        complaint_no,
        limit,
    )
    return [_complaint(row) for row in rows]


async def change(tx: Tx, before: Complaint, **changed: Any) -> Complaint | None:
    """Change a complaint as it was read; none when it changed meanwhile. One round trip."""
    names = sorted(changed)
    sets = ", ".join(f"{name} = ${number}" for number, name in enumerate(names, 4))
    row = await tx.fetchrow(
        f"update complaints_complaint set {sets}, version = version + 1"
        " where taxpayer_id = $1 and complaint_id = $2 and version = $3 returning *",
        before.taxpayer_id,
        before.complaint_id,
        before.version,
        *(_plain(name, changed[name]) for name in names),
    )
    return _complaint(row) if row else None


async def add_step(
    tx: Tx, complaint: Complaint, *, at: datetime, act: str, person_id: int, note: str, is_public: bool
) -> None:
    """Keep what happened. One round trip."""
    await tx.execute(
        "insert into complaints_step (taxpayer_id, step_id, complaint_id, at, act, person_id, note, is_public)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8)",
        complaint.taxpayer_id,
        uuid7(),
        complaint.complaint_id,
        at,
        act,
        person_id,
        note,
        is_public,
    )


async def steps(tx: Tx, complaint: Complaint, *, is_public: bool) -> list[Step]:
    """What happened to a complaint, oldest first; for the public only what it may see. One round trip."""
    rows = await tx.fetch(
        "select at, act, person_id, note, is_public from complaints_step where taxpayer_id = $1 and complaint_id = $2"
        " and (is_public or not $3) order by step_id",
        complaint.taxpayer_id,
        complaint.complaint_id,
        is_public,
    )
    return [Step(**dict(row.items())) for row in rows]


async def late(tx: Tx, *, today: date, answered_before: datetime, limit: int) -> list[Complaint]:
    """Complaints that the clock moves on today: not decided, not answered, or answered long ago. Reads all shards."""
    rows = await tx.fetch(
        f"{_SELECT} where (state = 'filed' and accept_by_on < $1 and (is_real_name or escalated_at is null))"
        " or (state in ('accepted', 'investigating') and due_on < $1 and escalated_at is null)"
        " or (state = 'answered' and answered_at < $2) order by filed_at limit $3",
        today,
        answered_before,
        limit,
    )
    return [_complaint(row) for row in rows]


async def of_offices(tx: Tx, *, branch: str, states: Sequence[str], before: UUID | None, limit: int) -> list[Complaint]:
    """Complaints of an office and those below it, newest first. Reads all shards: for officers. One round trip."""
    rows = await tx.fetch(
        f"{_SELECT} where starts_with(office_code, $1) and state = any($2)"
        " and ($3::uuid is null or complaint_id < $3) order by complaint_id desc limit $4",
        branch,
        list(states) or list(OPEN),
        before,
        limit,
    )
    return [_complaint(row) for row in rows]


async def counts(tx: Tx, *, branch: str, first: datetime, last: datetime) -> list[Mapping[str, Any]]:
    """Complaints filed between two instants by category and state: how many, and how many answered in time."""
    rows = await tx.fetch(
        "select category, state, count(*) as n, count(*) filter (where answered_at is not null) as answered,"
        " count(*) filter (where answered_at is not null"
        " and (answered_at at time zone 'Asia/Shanghai')::date <= due_on) as in_time,"
        " count(*) filter (where escalated_at is not null) as escalated,"
        " count(*) filter (where is_satisfied) as satisfied, count(*) filter (where not is_satisfied) as unsatisfied"
        " from complaints_complaint where starts_with(office_code, $1) and filed_at >= $2 and filed_at < $3"
        " group by category, state order by category, state",
        branch,
        first,
        last,
    )
    return [dict(row.items()) for row in rows]
