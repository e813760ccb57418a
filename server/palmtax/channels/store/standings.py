"""Queries of lights and outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from palmtax.channels.model.health import Health, Lately
from palmtax.plumbing.database import Tx

CALLS = ("handed", "refused", "dead", "unanswered")
"""Outcomes of calls of ours; the others are of callbacks."""
MINUTES_KEPT, HOURS_KEPT = timedelta(days=5), timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Standing:
    """A channel's light as it is stored."""

    channel: str
    light: str
    say: str
    say_en: str
    weight: int
    dead_at: datetime | None
    checked_at: datetime
    changed_at: datetime
    probed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a call ended with this code."""

    channel: str
    outcome: str
    code: str
    count: int
    milliseconds: int
    slowest: int
    last_at: datetime


async def standings(tx: Tx) -> dict[str, Standing]:
    """The light of every channel that was looked at. One round trip."""
    rows = await tx.fetch(
        "select channel, light, say, say_en, weight, dead_at, checked_at, changed_at, probed_at from channels_standing"
    )
    return {row["channel"]: Standing(**row) for row in rows}


async def put_light(
    tx: Tx, channel: str, health: Health, *, weight: int | None, at: datetime, is_probed: bool = False
) -> str | None:
    """Keep a light, and that the platform was asked; gives the light before when it changed. Two round trips."""
    before = await tx.fetchrow("select light, weight from channels_standing where channel = $1", channel)
    kept = weight if weight is not None else before["weight"] if before else 100
    await tx.execute(
        "insert into channels_standing as s (channel, light, say, say_en, weight, checked_at, changed_at, probed_at)"
        " values ($1, $2, $3, $4, $5, $6, $6, $7) on conflict (channel) do update set light = excluded.light,"
        " say = excluded.say, say_en = excluded.say_en, weight = excluded.weight, checked_at = excluded.checked_at,"
        " probed_at = coalesce(excluded.probed_at, s.probed_at),"
        " changed_at = case when s.light = excluded.light then s.changed_at else excluded.changed_at end",
        channel,
        health.light,
        health.say,
        health.say_en,
        kept,
        at,
        at if is_probed else None,
    )
    was = before["light"] if before else "green"
    return was if was != health.light else None


async def kill(tx: Tx, channel: str, *, say: str, say_en: str, at: datetime) -> bool:
    """Red at once: the platform refuses us altogether; true when it was not red before. One round trip."""
    before = await tx.fetchval("select light from channels_standing where channel = $1", channel)
    await tx.execute(
        "insert into channels_standing as s (channel, light, say, say_en, weight, dead_at, checked_at, changed_at)"
        " values ($1, 'red', $2, $3, 100, $4, $4, $4) on conflict (channel) do update set light = 'red',"
        " say = excluded.say, say_en = excluded.say_en, dead_at = excluded.dead_at, checked_at = excluded.checked_at,"
        " changed_at = case when s.light = 'red' then s.changed_at else excluded.changed_at end",
        channel,
        say,
        say_en,
        at,
    )
    return bool(before != "red")


async def tallies(tx: Tx, since: datetime, channel: str | None = None) -> list[Tally]:
    """Outcomes since an instant, by channel and code. One round trip."""
    rows = await tx.fetch(
        "select channel, outcome, code, sum(count)::int as count, sum(milliseconds)::bigint as milliseconds,"
        " max(slowest) as slowest, max(last_at) as last_at from channels_minute"
        " where minute_at >= $1 and outcome = any($3) and ($2::text is null or channel = $2) group by channel, outcome, code"
        " order by channel, count desc",
        since.replace(second=0, microsecond=0),
        channel,
        list(CALLS),
    )
    return [Tally(**row) for row in rows]


def lately(found: list[Tally], standing: Standing | None) -> Lately:
    """What the tallies of one channel say about its health."""
    by = {
        outcome: sum(one.count for one in found if one.outcome == outcome)
        for outcome in ("handed", "refused", "unanswered")
    }
    good = [one.last_at for one in found if one.outcome == "handed"]
    return Lately(
        handed=by["handed"],
        refused=by["refused"],
        unanswered=by["unanswered"],
        last_handed_at=max(good, default=None),
        last_dead_at=standing.dead_at if standing else None,
        dead_say=standing.say if standing else "",
        dead_say_en=standing.say_en if standing else "",
    )


async def receipts(tx: Tx, channel: str, since: datetime, over: timedelta) -> tuple[int, int]:
    """How many messages handed over since then were delivered, and how many of them late. One round trip."""
    row = await tx.fetchrow(
        "select count(*) filter (where stage_at is not null) as delivered,"
        " count(*) filter (where stage_at - handed_at > $3) as slow"
        " from channels_handed where channel = $1 and handed_at >= $2",
        channel,
        since,
        over,
    )
    return row["delivered"], row["slow"]


async def forget(tx: Tx, before: datetime) -> None:
    """Drop figures, nonces, taken events and notes of calls whose time is over. Ten round trips."""
    await tx.execute("delete from channels_minute where minute_at < $1", before - MINUTES_KEPT)
    await tx.execute("delete from channels_hour where hour_at < $1", before - HOURS_KEPT)
    await tx.execute("delete from channels_funnel where hour_at < $1", before - HOURS_KEPT)
    await tx.execute("delete from channels_journey where began_at < $1", before - timedelta(days=31))
    await tx.execute("delete from channels_day where day < $1", (before - HOURS_KEPT).date())
    await tx.execute("delete from channels_alert where closed_at < $1", before - HOURS_KEPT)
    await tx.execute("delete from channels_nonce where seen_at < $1", before - timedelta(days=3))
    await tx.execute("delete from channels_call where began_at < $1", before - timedelta(days=90))
    await tx.execute("delete from channels_handed where handed_at < $1", before - timedelta(days=90))
    await tx.execute(
        "delete from channels_event where received_at < $1 and taken_at is not null", before - timedelta(days=30)
    )
