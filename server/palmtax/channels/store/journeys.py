"""Queries of synthetic journeys and of the days they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from palmtax.plumbing.database import Tx


@dataclass(frozen=True, slots=True)
class Journey:
    """One journey; `steps` are those made, the last is the one that failed when it is not good."""

    subject: str
    began_at: datetime
    is_good: bool
    milliseconds: int
    steps: tuple[dict[str, Any], ...]

    @property
    def failed_step(self) -> dict[str, Any] | None:
        """The step that failed."""
        return next((one for one in self.steps if one["code"] and one["code"] != SKIPPED), None)


SKIPPED = "not_set_up"
"""A step that the credentials name no address for: neither good nor bad."""


async def keep(tx: Tx, one: Journey, day: date) -> bool:
    """Keep a journey and count it for its day; the same again changes nothing. Two round trips."""
    new = await tx.fetchval(
        "insert into channels_journey (subject, began_at, is_good, milliseconds, steps) values ($1, $2, $3, $4, $5)"
        " on conflict do nothing returning true",
        one.subject,
        one.began_at,
        one.is_good,
        one.milliseconds,
        list(one.steps),
    )
    if new:
        await tx.execute(
            "insert into channels_day as d (subject, day, tries, failed) values ($1, $2, 1, $3)"
            " on conflict (day, subject) do update set tries = d.tries + 1, failed = d.failed + excluded.failed",
            one.subject,
            day,
            0 if one.is_good else 1,
        )
    return bool(new)


async def since(tx: Tx, since: datetime, subject: str = "") -> list[Journey]:
    """Journeys since an instant, oldest first. One round trip."""
    rows = await tx.fetch(
        "select subject, began_at, is_good, milliseconds, steps from channels_journey"
        " where began_at >= $1 and ($2 = '' or subject = $2) order by began_at",
        since,
        subject,
    )
    return [Journey(**(dict(row.items()) | {"steps": tuple(row["steps"])})) for row in rows]


async def last_two(tx: Tx, since: datetime) -> dict[str, list[Journey]]:
    """The last two journeys of every subject, newest first. One round trip."""
    rows = await tx.fetch(
        "select subject, began_at, is_good, milliseconds, steps from (select *, row_number() over (partition by subject"
        " order by began_at desc) as place from channels_journey where began_at >= $1) newest where place <= 2"
        " order by subject, began_at desc",
        since,
    )
    found: dict[str, list[Journey]] = {}
    for row in rows:
        made = {name: row[name] for name in ("subject", "began_at", "is_good", "milliseconds")}
        found.setdefault(row["subject"], []).append(Journey(**made, steps=tuple(row["steps"])))
    return found


async def days(tx: Tx, first: date) -> list[tuple[str, date, int, int]]:
    """Subject, day, tries and failures since a day. One round trip."""
    rows = await tx.fetch("select subject, day, tries, failed from channels_day where day >= $1", first)
    return [(row["subject"], row["day"], row["tries"], row["failed"]) for row in rows]


async def windows(tx: Tx, now: datetime, spans: Sequence[datetime]) -> dict[str, list[tuple[int, int]]]:
    """By subject: good ones and all since each of these instants. One round trip."""
    rows = await tx.fetch(
        "select j.subject, s.place, count(*) filter (where j.is_good)::int as good, count(*)::int as total"
        " from unnest($2::timestamptz[]) with ordinality as s(since, place) join channels_journey j"
        " on j.began_at >= s.since and j.began_at <= $1 group by j.subject, s.place",
        now,
        list(spans),
    )
    found: dict[str, list[tuple[int, int]]] = {}
    for row in rows:
        found.setdefault(row["subject"], [(0, 0)] * len(spans))[row["place"] - 1] = (row["good"], row["total"])
    return found
