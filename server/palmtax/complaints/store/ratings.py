"""Queries of ratings and suggestions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from palmtax.complaints.model.rating import Rating, Suggestion
from palmtax.plumbing.database import Tx

_RATING = tuple(field.name for field in fields(Rating))
_SUGGESTION = tuple(field.name for field in fields(Suggestion))
_SELECT = f"select {', '.join(_RATING)} from complaints_rating"


def _rating(row: Mapping[str, Any]) -> Rating:
    values = {name: row[name] for name in _RATING}
    return Rating(**(values | {"tags": tuple(values["tags"]), "not_for": tuple(values["not_for"])}))


def _places(count: int) -> str:
    return ", ".join(f"${number}" for number in range(1, count + 1))


async def insert(tx: Tx, rating: Rating) -> bool:
    """Keep a rating; false when this service act was rated before. One round trip."""
    values = [getattr(rating, name) for name in _RATING]
    added = await tx.fetchval(
        f"insert into complaints_rating ({', '.join(_RATING)}) values ({_places(len(_RATING))})"
        " on conflict (taxpayer_id, subject_kind, subject_id) do nothing returning true",
        *(list(value) if isinstance(value, tuple) else value for value in values),
    )
    return bool(added)


async def rating(tx: Tx, taxpayer_id: int, rating_id: UUID) -> Rating | None:
    """One rating. One round trip."""
    row = await tx.fetchrow(f"{_SELECT} where taxpayer_id = $1 and rating_id = $2", taxpayer_id, rating_id)
    return _rating(row) if row else None


async def of_subject(tx: Tx, taxpayer_id: int, subject_kind: str, subject_id: UUID) -> Rating | None:
    """The rating of a service act. One round trip."""
    row = await tx.fetchrow(
        f"{_SELECT} where taxpayer_id = $1 and subject_kind = $2 and subject_id = $3",
        taxpayer_id,
        subject_kind,
        subject_id,
    )
    return _rating(row) if row else None


async def contact(tx: Tx, taxpayer_id: int, rating_id: UUID, at: datetime) -> Rating | None:
    """Somebody called; none when it is not waiting for that. One round trip."""
    row = await tx.fetchrow(
        "update complaints_rating set state = 'contacted', contacted_at = $3"
        " where taxpayer_id = $1 and rating_id = $2 and state = 'follow_up' returning *",
        taxpayer_id,
        rating_id,
        at,
    )
    return _rating(row) if row else None


async def forward(tx: Tx, taxpayer_id: int, rating_id: UUID, office_code: str) -> None:
    """Another office follows it up. One round trip."""
    await tx.execute(
        "update complaints_rating set office_code = $3 where taxpayer_id = $1 and rating_id = $2",
        taxpayer_id,
        rating_id,
        office_code,
    )


async def answer(tx: Tx, taxpayer_id: int, rating_id: UUID, text: str, at: datetime) -> Rating | None:
    """What came of a rating; none when it was answered or needs no answer. One round trip."""
    row = await tx.fetchrow(
        "update complaints_rating set state = 'answered', answer = $3, answered_at = $4,"
        " contacted_at = coalesce(contacted_at, $4)"
        " where taxpayer_id = $1 and rating_id = $2 and state in ('follow_up', 'contacted') returning *",
        taxpayer_id,
        rating_id,
        text,
        at,
    )
    return _rating(row) if row else None


async def of_taxpayer(tx: Tx, taxpayer_id: int, limit: int) -> list[Rating]:
    """A taxpayer's ratings, newest first. One round trip."""
    rows = await tx.fetch(f"{_SELECT} where taxpayer_id = $1 order by rating_id desc limit $2", taxpayer_id, limit)
    return [_rating(row) for row in rows]


async def counts(tx: Tx, *, branch: str, first: datetime, last: datetime) -> list[Mapping[str, Any]]:
    """Ratings between two instants by stars: how many, called and answered, and in time. Reads all shards."""
    rows = await tx.fetch(
        "select stars, count(*) as n, count(*) filter (where contacted_at is not null) as contacted,"
        " count(*) filter (where (contacted_at at time zone 'Asia/Shanghai')::date <= contact_by_on) as in_time,"
        " count(*) filter (where answered_at is not null) as answered"
        " from complaints_rating where starts_with(office_code, $1) and rated_at >= $2 and rated_at < $3"
        " group by stars order by stars desc",
        branch,
        first,
        last,
    )
    return [dict(row.items()) for row in rows]


async def tag_counts(tx: Tx, *, branch: str, first: datetime, last: datetime) -> list[tuple[str, int]]:
    """Tags between two instants, the most frequent first. Reads all shards."""
    rows = await tx.fetch(
        "select tag, count(*) as n from complaints_rating, unnest(tags) as tag"
        " where starts_with(office_code, $1) and rated_at >= $2 and rated_at < $3"
        " group by tag order by n desc, tag limit 20",
        branch,
        first,
        last,
    )
    return [(row["tag"], row["n"]) for row in rows]


async def insert_suggestion(tx: Tx, suggestion: Suggestion) -> bool:
    """Keep a suggestion; false when its application gave one before. One round trip."""
    added = await tx.fetchval(
        f"insert into complaints_suggestion ({', '.join(_SUGGESTION)}) values ({_places(len(_SUGGESTION))})"
        " on conflict (taxpayer_id, application_id) do nothing returning true",
        *(getattr(suggestion, name) for name in _SUGGESTION),
    )
    return bool(added)


async def suggestion_of_application(tx: Tx, taxpayer_id: int, application_id: UUID) -> Suggestion | None:
    """The suggestion that an application gave. One round trip."""
    row = await tx.fetchrow(
        f"select {', '.join(_SUGGESTION)} from complaints_suggestion where taxpayer_id = $1 and application_id = $2",
        taxpayer_id,
        application_id,
    )
    return Suggestion(**dict(row.items())) if row else None


async def suggestions_of_offices(
    tx: Tx, *, branch: str, first: datetime, last: datetime, limit: int
) -> list[Suggestion]:
    """Suggestions to an office and those below it, newest first. Reads all shards: for officers. One round trip."""
    rows = await tx.fetch(
        f"select {', '.join(_SUGGESTION)} from complaints_suggestion where starts_with(office_code, $1)"
        " and given_at >= $2 and given_at < $3 order by given_at desc limit $4",
        branch,
        first,
        last,
        limit,
    )
    return [Suggestion(**dict(row.items())) for row in rows]
