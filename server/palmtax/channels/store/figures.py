"""Queries of figures: counted by the minute, rolled up by the hour; read from hours, and from minutes not yet rolled up."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from palmtax.plumbing.database import Tx

SLOTS = 8
LATE = timedelta(minutes=10)
"""Figures of an hour may come so long after its end: web processes write what they counted now and then."""
LONGEST_BY_MINUTES = 60
_KEY = "matter, office_code, outcome, code, took, waited"
_SUMS = "sum(count)::int, sum(milliseconds)::bigint, max(slowest), max(last_at)"


@dataclass(frozen=True, slots=True)
class Figure:
    """So many with the same end in one minute; spans are numbers of buckets."""

    channel: str
    outcome: str
    code: str = ""
    matter: str = ""
    office_code: str = ""
    took: int = 0
    waited: int = 0
    count: int = 1
    milliseconds: int = 0
    slowest: int = 0


@dataclass(frozen=True, slots=True)
class Cut:
    """Which figures are asked for; empty texts ask for all. `office` is the beginning of office codes."""

    since: datetime
    until: datetime
    channel: str = ""
    matter: str = ""
    office: str = ""


async def count(tx: Tx, figures: Sequence[tuple[Figure, datetime]]) -> None:
    """Count what happened. One round trip."""
    await tx.executemany(
        f"insert into channels_minute as m (channel, minute_at, {_KEY}, slot, count, milliseconds, slowest, last_at)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
        f" on conflict (channel, minute_at, {_KEY}, slot) do update set count = m.count + excluded.count,"
        " milliseconds = m.milliseconds + excluded.milliseconds, slowest = greatest(m.slowest, excluded.slowest),"
        " last_at = greatest(m.last_at, excluded.last_at)",
        [
            (
                one.channel, at.replace(second=0, microsecond=0), one.matter, one.office_code, one.outcome,
                one.code[:80], one.took, one.waited, random.randrange(SLOTS),  # noqa: S311 spreads rows, guards nothing
                one.count, one.milliseconds, one.slowest, at,
            )
            for one, at in figures
        ],
    )  # fmt: skip


async def roll_up(tx: Tx, now: datetime) -> int:
    """Roll up every hour that is over and not yet rolled up; gives how many rows. Twice does no harm. One round trip."""
    done = await tx.execute(
        f"insert into channels_hour (channel, hour_at, {_KEY}, count, milliseconds, slowest, last_at)"
        f" select channel, date_trunc('hour', minute_at, 'UTC'), {_KEY}, {_SUMS} from channels_minute"
        " where minute_at >= coalesce((select max(hour_at) + interval '1 hour' from channels_hour), '-infinity')"
        f" and minute_at < date_trunc('hour', $1::timestamptz, 'UTC') group by channel, 2, {_KEY}"
        f" on conflict (channel, hour_at, {_KEY}) do nothing",
        now - LATE,
    )
    return int(done.split()[-1])


_FIGURES = (
    "with mark as (select coalesce(max(hour_at) + interval '1 hour', '-infinity') as at from channels_hour),"
    f" figures as (select channel, hour_at as at, {_KEY}, count, milliseconds, slowest, last_at from channels_hour"
    " where hour_at >= date_trunc('hour', $1::timestamptz, 'UTC') and hour_at < $2"
    f" union all select channel, minute_at, {_KEY}, count, milliseconds, slowest, last_at from channels_minute, mark"
    " where minute_at >= greatest(date_trunc('hour', $1::timestamptz, 'UTC'), mark.at) and minute_at < $2)"
)
_MINUTES = (
    f"with figures as (select channel, minute_at as at, {_KEY}, count, milliseconds, slowest, last_at"
    " from channels_minute where minute_at >= date_trunc('minute', $1::timestamptz, 'UTC') and minute_at < $2)"
)
_WHERE = " where ($3 = '' or channel = $3) and ($4 = '' or matter = $4) and starts_with(office_code, $5)"


async def by(tx: Tx, cut: Cut, columns: Sequence[str], *, from_minutes: bool = False) -> list[dict[str, Any]]:
    """Sums of a cut by these columns (`at` is the minute or hour); to the hour, or to the minute. One round trip."""
    named = ", ".join(columns)
    rows = await tx.fetch(
        (_MINUTES if from_minutes else _FIGURES)
        + f" select {named}, sum(count)::bigint as count, sum(milliseconds)::bigint as milliseconds,"
        f" max(slowest) as slowest, max(last_at) as last_at from figures{_WHERE} group by {named} order by {named}",
        cut.since,
        cut.until,
        cut.channel,
        cut.matter,
        cut.office,
    )
    return [dict(row.items()) for row in rows]


async def by_span(
    tx: Tx, cut: Cut, span: timedelta, columns: Sequence[str], *, from_minutes: bool
) -> list[dict[str, Any]]:
    """The same by spans of time of equal length, counted from the midnight of China. One round trip."""
    named = ", ".join(columns)
    rows = await tx.fetch(
        (_MINUTES if from_minutes else _FIGURES)
        + f" select date_bin($6, at, '2026-01-01T00:00+08') as at, {named}, sum(count)::bigint as count"
        f" from figures{_WHERE} group by 1, {named} order by 1",
        cut.since,
        cut.until,
        cut.channel,
        cut.matter,
        cut.office,
        span,
    )
    return [dict(row.items()) for row in rows]


async def windows(tx: Tx, now: datetime, minutes: Sequence[int]) -> list[dict[str, Any]]:
    """By channel, outcome and spans: how many in each of these last minutes, under `within`. Two round trips.

    Windows of an hour and less are counted from minutes, longer ones to the hour.
    """
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for is_short in (True, False):
        places = [place for place, one in enumerate(minutes) if (one <= LONGEST_BY_MINUTES) == is_short]
        if not places:
            continue
        counts = ", ".join(
            f"coalesce(sum(count) filter (where at >= $2::timestamptz - interval '{minutes[place]:d} minutes'), 0)::bigint"
            for place in places
        )
        rows = await tx.fetch(
            (_MINUTES if is_short else _FIGURES)
            + f" select channel, outcome, took, waited, array[{counts}] as within from figures"
            " group by channel, outcome, took, waited",
            now - timedelta(minutes=max(minutes[place] for place in places)),
            now,
        )
        for row in rows:
            key = (row["channel"], row["outcome"], row["took"], row["waited"])
            one = found.setdefault(key, {**dict(row.items()), "within": [0] * len(minutes)})
            for place, count in zip(places, row["within"], strict=True):
                one["within"][place] = count
    return list(found.values())


async def hours(tx: Tx, channel: str, at: Sequence[datetime]) -> dict[datetime, tuple[int, int]]:
    """Of a channel's hours: how many calls and how many of them failed; hours without any are left out. One round trip."""
    rows = await tx.fetch(
        "select hour_at, sum(count)::int as calls, coalesce(sum(count) filter (where outcome <> 'handed'), 0)::int as failed"
        " from channels_hour where channel = $1 and hour_at = any($2)"
        " and outcome in ('handed', 'refused', 'dead', 'unanswered') group by hour_at",
        channel,
        list(at),
    )
    return {row["hour_at"]: (row["calls"], row["failed"]) for row in rows}


async def began_at(tx: Tx) -> dict[str, datetime]:
    """Since when each channel has figures. One round trip."""
    return {
        row["channel"]: row["at"]
        for row in await tx.fetch("select channel, min(hour_at) as at from channels_hour group by channel")
    }


async def put_funnel(tx: Tx, hour_at: datetime, rows: Sequence[Any]) -> None:
    """Keep how far the messages of an hour have come by now. One round trip."""
    await tx.executemany(
        "insert into channels_funnel (hour_at, channel, template, told, handed, delivered, read, acted, lost)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (channel, hour_at, template) do update"
        " set told = excluded.told, handed = excluded.handed, delivered = excluded.delivered, read = excluded.read,"
        " acted = excluded.acted, lost = excluded.lost",
        [
            (hour_at, one.channel, one.template, one.told, one.handed, one.delivered, one.read, one.acted, one.lost)
            for one in rows
        ],
    )


async def last_funnel(tx: Tx) -> datetime | None:
    """The newest hour whose messages were counted. One round trip."""
    found: datetime | None = await tx.fetchval("select max(hour_at) from channels_funnel")
    return found


async def funnel(tx: Tx, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """How far messages told between two instants came, by channel. One round trip."""
    rows = await tx.fetch(
        "select channel, sum(told)::bigint as told, sum(handed)::bigint as handed, sum(delivered)::bigint as delivered,"
        " sum(read)::bigint as read, sum(acted)::bigint as acted, sum(lost)::bigint as lost from channels_funnel"
        " where hour_at >= date_trunc('hour', $1::timestamptz, 'UTC') and hour_at < $2 group by channel order by channel",
        since,
        until,
    )
    return [dict(row.items()) for row in rows]


async def samples(tx: Tx, channel: str, code: str, since: datetime, limit: int) -> list[dict[str, Any]]:
    """The newest calls of a channel that ended with a code: when, how, which try; nobody's number. One round trip."""
    rows = await tx.fetch(
        "select began_at, ended_at, state, code, number, delivery_id, taxpayer_id from channels_call"
        " where channel = $1 and code = $2 and began_at >= $3 order by began_at desc limit $4",
        channel,
        code,
        since,
        limit,
    )
    return [dict(row.items()) for row in rows]
