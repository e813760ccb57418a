"""Queries over applications. Every hot one is led by the taxpayer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from palmtax.matters.model.application import Application, Move
from palmtax.matters.store.rows import (
    COLUMNS,
    FILE_COLUMNS,
    MOVE_COLUMNS,
    application_of,
    file_of_json,
    places,
    sealed_answers,
    values_of,
)
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Part

_SELECT = f"select {', '.join(COLUMNS)} from matters_application"
_SELECT_WITH_FILES = (
    f"select {', '.join(COLUMNS)}, (select coalesce(jsonb_agg(to_jsonb(f) order by f.added_at, f.paper_id), '[]')"
    f" from (select {', '.join(FILE_COLUMNS)} from matters_file where taxpayer_id = $1 and application_id = $2"
    " and removed_at is null) f) as files from matters_application where taxpayer_id = $1 and application_id = $2"
)
_CHANGING = tuple(name for name in COLUMNS if name not in ("taxpayer_id", "application_id", "started_by", "started_at"))
_OPEN = "('submitted', 'in_review', 'supplement')"
_GROUPS = {
    "drafts": "state = 'draft'",
    "open": f"state in {_OPEN}",
    "done": "state in ('approved', 'refused', 'withdrawn', 'lapsed')",
    "discarded": "state = 'discarded'",
}
GROUPS = tuple(_GROUPS)


def insert_part(one: Application) -> Part:
    """A new application, as a part of one statement; UniqueViolationError when its key was used."""
    sql = f"insert into matters_application ({', '.join(COLUMNS)}) values ({places(len(COLUMNS))})"
    return Part("application", sql, values_of(one))


async def readable_application(tx: Tx, *, taxpayer_id: int, application_id: UUID) -> Application | None:
    """An application of this taxpayer with its files. One round trip."""
    row = await tx.fetchrow(_SELECT_WITH_FILES, taxpayer_id, application_id)
    return application_of(row, [file_of_json(one) for one in row["files"]]) if row else None


async def open_draft(tx: Tx, *, taxpayer_id: int, matter_code: str, person_id: int) -> UUID | None:
    """The newest open draft of a matter that this person began. One round trip."""
    found: UUID | None = await tx.fetchval(
        "select application_id from matters_application where taxpayer_id = $1 and matter_code = $2 and state = 'draft'"
        " and started_by = $3 and journey_id is null order by updated_at desc limit 1",
        taxpayer_id,
        matter_code,
        person_id,
    )
    return found


def update_part(one: Application, from_version: int) -> Part:
    """The application as it is now, if nobody changed it since; a fetched row says that it was written."""
    given = dict(zip(COLUMNS, values_of(one), strict=True))
    setting = ", ".join(f"{name} = ${place}" for place, name in enumerate(_CHANGING, 4))
    sql = (
        f"update matters_application set {setting}"
        " where taxpayer_id = $1 and application_id = $2 and version = $3 returning version"
    )
    args = (one.taxpayer_id, one.application_id, from_version, *(given[name] for name in _CHANGING))
    return Part("application", sql, args, fetch=True)


async def update(tx: Tx, one: Application, from_version: int) -> bool:
    """The same alone; whether it was written. One round trip."""
    part = update_part(one, from_version)
    return await tx.fetchval(part.sql, *part.args) is not None


def answers_part(one: Application, from_version: int) -> Part:
    """Only what a draft changes: answers, office, channel, time; a fetched row says that it was written."""
    sql = (
        "update matters_application set version = version + 1, answers_sealed = $4, last_channel = $5, updated_at = $6,"
        " office_code = $7 where taxpayer_id = $1 and application_id = $2 and version = $3"
        " and state in ('draft', 'supplement') returning version"
    )
    sealed = sealed_answers(one.answers)
    args = (
        one.taxpayer_id,
        one.application_id,
        from_version,
        sealed,
        one.last_channel,
        one.updated_at,
        one.office_code,
    )
    return Part("answers", sql, args, fetch=True)


def move_part(taxpayer_id: int, application_id: UUID, move: Move) -> Part:
    """Something that happened, as a part of one statement."""
    values = (
        taxpayer_id, move.move_id, application_id, move.at, move.act, move.channel, move.person_id, move.is_officer,
        move.note,
    )  # fmt: skip
    sql = f"insert into matters_move ({', '.join(MOVE_COLUMNS)}) values ({places(len(MOVE_COLUMNS))})"
    return Part("move", sql, values)


_MOVES = (
    f"select {', '.join(MOVE_COLUMNS)} from matters_move where taxpayer_id = $1 and application_id = $2"
    " order by move_id limit 200"
)


def moves_part(taxpayer_id: int, application_id: UUID) -> Part:
    """What happened to an application, oldest first, as a reading part of one statement."""
    return Part("moves", _MOVES, (taxpayer_id, application_id), fetch=True)


async def of_taxpayer(
    tx: Tx, *, taxpayer_id: int, group: str, codes: Sequence[str] | None, text: str, before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Application]:  # fmt: skip
    """A page of a taxpayer's applications of one group, newest first. One round trip."""
    rows = await tx.fetch(
        f"{_SELECT} where taxpayer_id = $1 and {_GROUPS[group]}"
        " and ($2::text[] is null or matter_code = any($2) or application_no = $3)"
        " and ($4::timestamptz is null or (updated_at, application_id) < ($4, $5))"
        " order by updated_at desc, application_id desc limit $6",
        taxpayer_id,
        list(codes) if codes is not None else None,
        text.upper(),
        before[0] if before else None,
        before[1] if before else None,
        limit,
    )
    return [application_of(row) for row in rows]


async def counts(tx: Tx, taxpayer_id: int) -> dict[str, int]:
    """How many applications each group has. One round trip."""
    cases = ", ".join(f"count(*) filter (where {condition}) as {name}" for name, condition in _GROUPS.items())
    row = await tx.fetchrow(f"select {cases} from matters_application where taxpayer_id = $1", taxpayer_id)
    return dict(row.items())


async def state_counts(tx: Tx, taxpayer_id: int) -> dict[str, int]:
    """How many applications are in each state there is. One round trip."""
    rows = await tx.fetch(
        "select state, count(*)::int as count from matters_application where taxpayer_id = $1 group by state",
        taxpayer_id,
    )
    return {row["state"]: row["count"] for row in rows}


async def changed_since(
    tx: Tx, *, taxpayer_id: int, since: datetime, limit: int = 50
) -> list[tuple[UUID, str, datetime]]:
    """Applications that changed after an instant: identifier, state, when. One round trip."""
    rows = await tx.fetch(
        "select application_id, state, updated_at from matters_application where taxpayer_id = $1 and updated_at > $2"
        " order by updated_at limit $3",
        taxpayer_id,
        since,
        limit,
    )
    return [(row["application_id"], row["state"], row["updated_at"]) for row in rows]


async def last_answers(tx: Tx, taxpayer_id: int, limit: int = 20) -> list[Application]:
    """The newest applications that were submitted, whose answers may be offered again. One round trip."""
    rows = await tx.fetch(
        f"{_SELECT} where taxpayer_id = $1 and submitted_at is not null order by updated_at desc limit $2",
        taxpayer_id,
        limit,
    )
    return [application_of(row) for row in rows]


async def of_journey(tx: Tx, *, taxpayer_id: int, journey_id: UUID) -> list[Application]:
    """The applications of one journey. One round trip."""
    rows = await tx.fetch(f"{_SELECT} where taxpayer_id = $1 and journey_id = $2", taxpayer_id, journey_id)
    return [application_of(row) for row in rows]


async def aged(tx: Tx, *, state: str, before: datetime, limit: int = 200) -> list[tuple[int, UUID]]:
    """Applications that have been in a state since before an instant; for the sweep, over all shards."""
    rows = await tx.fetch(
        "select taxpayer_id, application_id from matters_application where state = $1 and updated_at < $2"
        " order by updated_at limit $3",
        state,
        before,
        limit,
    )
    return [(row["taxpayer_id"], row["application_id"]) for row in rows]


async def lapsing(tx: Tx, *, today: Any, limit: int = 200) -> list[tuple[int, UUID]]:
    """Supplements whose last day is over; for the sweep, over all shards."""
    rows = await tx.fetch(
        "select taxpayer_id, application_id from matters_application where state = 'supplement' and until_on < $1 limit $2",
        today,
        limit,
    )
    return [(row["taxpayer_id"], row["application_id"]) for row in rows]


async def leave_journey(tx: Tx, *, taxpayer_id: int, application_id: UUID) -> None:
    """An ended application makes room for a new one of the same step. One round trip."""
    await tx.execute(
        "update matters_application set journey_id = null where taxpayer_id = $1 and application_id = $2",
        taxpayer_id,
        application_id,
    )
