"""Queries of who was drawn for a campaign: the draw, the next batch, what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from palmtax import messaging
from palmtax.insight.model.audience import Audience
from palmtax.insight.store.tags import Where
from palmtax.plumbing.database import Tx

DRAW = (
    "insert into insight_member (taxpayer_id, campaign_id, stage, is_held, state, goal)"
    " select d.taxpayer_id, $1, width_bucket(((get_byte(d.digest, 3) * 65536 + get_byte(d.digest, 4) * 256"
    " + get_byte(d.digest, 5))::bigint * 10000 >> 24)::int, $3::int[]), (((get_byte(d.digest, 0) * 65536"
    " + get_byte(d.digest, 1) * 256 + get_byte(d.digest, 2))::bigint * 10000 >> 24) < $4), 'drawn', $5"
    " from (select t.taxpayer_id, sha256($2::bytea || int8send(t.taxpayer_id)) as digest from insight_tag t"
    " where t.taxpayer_id > $6 and {where} order by t.taxpayer_id limit $7) d"
    " on conflict (taxpayer_id, campaign_id) do nothing returning taxpayer_id"
)
"""The draw of `model/draw.py` in PostgreSQL; `{where}` is the audience."""


@dataclass(frozen=True, slots=True)
class Next:
    """Somebody whose turn it is; `is_still`: the audience still holds them."""

    taxpayer_id: int
    is_held: bool
    reader_id: int | None
    is_capped: bool
    is_still: bool


@dataclass(frozen=True, slots=True)
class Draw:
    """What the draw of a campaign needs."""

    campaign_id: UUID
    key: bytes
    shares_bp: tuple[int, ...]
    holdout_bp: int
    goal: str


async def draw(
    tx: Tx, asked: Draw, audience: Audience, *, office_code: str, today: date, after: int, limit: int
) -> tuple[int, int]:
    """Draw the next taxpayers of an audience; how many are new, and up to whom. Twice is once. One or two round trips.

    The cursor is the greatest of them; none left gives the cursor that was handed in.
    """
    where = Where(audience, office_code=office_code, today=today, first=8)
    rows = await tx.fetch(
        DRAW.replace("{where}", where.sql),
        asked.campaign_id,
        asked.key,
        list(asked.shares_bp[:-1]),
        asked.holdout_bp,
        asked.goal,
        after,
        limit,
        *where.args,
    )
    if len(rows) == limit:
        return limit, max(row["taxpayer_id"] for row in rows)
    last = await _last(tx, audience, office_code=office_code, today=today, after=after, limit=limit)
    return len(rows), last


async def _last(tx: Tx, audience: Audience, *, office_code: str, today: date, after: int, limit: int) -> int:
    where = Where(audience, office_code=office_code, today=today, first=3)
    found = await tx.fetchval(
        "select max(p.taxpayer_id) from (select t.taxpayer_id from insight_tag t where t.taxpayer_id > $1"
        f" and {where.sql} order by t.taxpayer_id limit $2) p",
        after,
        limit,
        *where.args,
    )
    return after if found is None else int(found)


async def following(
    tx: Tx, campaign_id: UUID, stage: int, audience: Audience, *, office_code: str, today: date, after: int, limit: int
) -> list[Next]:
    """The next of a stage that have not had their turn. One round trip."""
    where = Where(audience, office_code=office_code, today=today, first=6)
    rows = await tx.fetch(
        "select m.taxpayer_id, m.is_held, t.reader_id, coalesce(t.told_on = $4, false) as is_capped,"
        f" coalesce(({where.sql}), false) as is_still from insight_member m left join insight_tag t"
        " on t.taxpayer_id = m.taxpayer_id where m.campaign_id = $1 and m.stage = $2 and m.state = 'drawn'"
        " and m.taxpayer_id > $5"
        " order by m.taxpayer_id limit $3",
        campaign_id,
        stage,
        limit,
        today,
        after,
        *where.args,
    )
    return [Next(**dict(row.items())) for row in rows]


async def note_turns(
    tx: Tx, campaign_id: UUID, turns: Sequence[Mapping[str, Any]], *, now: datetime, goal_days: int
) -> None:
    """Everybody has had their turn: told, held or left out with a reason. One round trip."""
    await tx.execute(
        "update insight_member m set state = k.state, reason = k.reason, message_id = k.message_id,"
        " told_at = case when k.state = 'left_out' then null else $6::timestamptz end,"
        " goal_until_at = case when k.state = 'left_out' then null else $7::timestamptz end,"
        " is_waiting = k.state = 'told', look_at = case when k.state = 'told' then $6::timestamptz end"
        " from unnest($2::bigint[], $3::text[], $4::text[], $5::uuid[]) as k(taxpayer_id, state, reason, message_id)"
        " where m.taxpayer_id = k.taxpayer_id and m.campaign_id = $1 and m.state = 'drawn'",
        campaign_id,
        *([one[name] for one in turns] for name in ("taxpayer_id", "state", "reason", "message_id")),
        now,
        now + timedelta(days=goal_days),
    )


async def to_look_at(tx: Tx, campaign_id: UUID, *, now: datetime, limit: int) -> list[tuple[int, UUID, datetime]]:
    """Members whose messages are to be asked after: taxpayer, message, when told (reads all shards). One round trip."""
    rows = await tx.fetch(
        "select taxpayer_id, message_id, told_at from insight_member where campaign_id = $1 and look_at <= $2"
        " order by look_at limit $3",
        campaign_id,
        now,
        limit,
    )
    return [(row["taxpayer_id"], row["message_id"], row["told_at"]) for row in rows]


async def note_outcomes(
    tx: Tx,
    campaign_id: UUID,
    found: Sequence[messaging.Outcome],
    *,
    costs: Sequence[int],
    look_at: Sequence[datetime],
    is_opening: bool,
) -> None:
    """What became of their messages, and when to ask again; opening is the deed where that is the goal. One round trip."""
    await tx.execute(
        "update insight_member m set way = k.way, cost_fen = k.cost_fen, is_arrived = k.is_arrived,"
        " is_trouble = k.is_trouble, is_waiting = k.is_waiting, is_withdrawn = k.is_withdrawn, read_at = k.read_at,"
        " unsubscribed_at = coalesce(m.unsubscribed_at, k.unsubscribed_at), complained_at = k.complained_at,"
        " look_at = k.look_at, acted_at = case when $13 and k.read_at < m.goal_until_at then k.read_at"
        " else m.acted_at end from unnest($2::bigint[], $3::text[], $4::bigint[], $5::boolean[], $6::boolean[],"
        " $7::boolean[], $8::boolean[], $9::timestamptz[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[])"
        " as k(taxpayer_id, way, cost_fen, is_arrived, is_trouble, is_waiting, is_withdrawn, read_at, unsubscribed_at,"
        " complained_at, look_at) where m.taxpayer_id = k.taxpayer_id and m.campaign_id = $1",
        campaign_id,
        [one.taxpayer_id for one in found],
        [one.ways[-1] if one.ways else "" for one in found],
        list(costs),
        [one.is_arrived for one in found],
        [one.is_trouble for one in found],
        [one.is_waiting for one in found],
        [one.is_withdrawn for one in found],
        [one.read_at for one in found],
        [one.unsubscribed_at for one in found],
        [one.complained_at for one in found],
        list(look_at),
        is_opening,
    )


async def end_looking(tx: Tx, campaign_id: UUID) -> None:
    """The time of watching is over (writes all shards: once). One round trip."""
    await tx.execute(
        "update insight_member set look_at = null where campaign_id = $1 and look_at is not null", campaign_id
    )


async def note_deed(tx: Tx, taxpayer_id: int, goal: str, at: datetime) -> None:
    """A taxpayer did the thing, told or held back: the first time within the days counts. One round trip."""
    await tx.execute(
        "update insight_member set acted_at = $3 where taxpayer_id = $1 and goal = $2 and acted_at is null"
        " and told_at <= $3 and goal_until_at > $3",
        taxpayer_id,
        goal,
        at,
    )


async def tally(tx: Tx, campaign_id: UUID) -> list[Mapping[str, Any]]:
    """Members by stage, state, reason and way, with their counts (reads all shards). One round trip."""
    rows = await tx.fetch(
        "select stage, state, reason, way, count(*) as members, count(*) filter (where is_arrived) as arrived,"
        " count(*) filter (where is_trouble) as trouble, count(*) filter (where is_waiting) as waiting,"
        " count(*) filter (where is_withdrawn) as withdrawn, count(read_at) as read, count(acted_at) as acted,"
        " count(unsubscribed_at) as unsubscribed, count(complained_at) as complained,"
        " coalesce(sum(cost_fen), 0)::bigint as cost_fen from insight_member where campaign_id = $1 group by 1, 2, 3, 4",
        campaign_id,
    )
    return [dict(row.items()) for row in rows]


async def complained(tx: Tx, campaign_id: UUID, limit: int) -> list[tuple[int, UUID]]:
    """Messages that somebody complained of, the last first (reads all shards). One round trip."""
    rows = await tx.fetch(
        "select taxpayer_id, message_id from insight_member where campaign_id = $1 and complained_at is not null"
        " order by complained_at desc limit $2",
        campaign_id,
        limit,
    )
    return [(row["taxpayer_id"], row["message_id"]) for row in rows]
