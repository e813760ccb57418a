"""Counts for process analytics: how matters go, question by question. For officers' pages, over all shards, bounded in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from palmtax.plumbing.database import Tx


async def matters(tx: Tx, *, since: datetime, until: datetime, offices: Sequence[str]) -> list[dict[str, Any]]:
    """By matter: begun, handed in, ended how, dropped, rated, supplements; times in seconds. One round trip.

    Dropped: a draft that nobody touched for a day, or that was discarded.
    """
    rows = await tx.fetch(
        """
        select a.matter_code,
               count(*) as started,
               count(*) filter (where a.submitted_at is not null) as submitted,
               count(*) filter (where a.state in ('approved', 'refused')) as finished,
               count(*) filter (where a.state = 'approved') as approved,
               count(*) filter (where a.state = 'discarded'
                                or (a.state = 'draft' and a.updated_at < $2::timestamptz - interval '1 day')) as dropped,
               count(*) filter (where s.asked) as supplemented,
               percentile_disc(0.5) within group (order by extract(epoch from a.submitted_at - a.started_at)::bigint)
                   filter (where a.submitted_at is not null) as median_fill_seconds,
               percentile_disc(0.5) within group (order by extract(epoch from a.ended_at - a.submitted_at)::bigint)
                   filter (where a.ended_at is not null and a.submitted_at is not null) as median_decide_seconds,
               count(a.stars) as rated,
               coalesce(sum(a.stars), 0)::bigint as stars
        from matters_application a
        left join lateral (
            select true as asked from matters_move m
            where m.taxpayer_id = a.taxpayer_id and m.application_id = a.application_id
              and m.act = 'matters.supplement_asked' limit 1
        ) s on true
        where a.started_at >= $1 and a.started_at < $2
          and starts_with(a.office_code, $3)
        group by a.matter_code
        """,
        since,
        until,
        offices[0] if offices else "",
    )
    return [dict(row.items()) for row in rows]


async def questions(
    tx: Tx, *, since: datetime, until: datetime, offices: Sequence[str], codes: Sequence[str] | None = None
) -> list[dict[str, Any]]:
    """By question: how often seen, median time, changes, how often asked though held, how many stopped there. One round trip."""
    rows = await tx.fetch(
        """
        with seen as (
            select s.matter_code, s.ask_code, s.spent_ms, s.changes, s.is_held, a.state, a.updated_at,
                   row_number() over (partition by s.taxpayer_id, s.application_id order by s.last_at desc) as place
            from matters_step s
            join matters_application a on a.taxpayer_id = s.taxpayer_id and a.application_id = s.application_id
            where s.last_at >= $1 and s.last_at < $2 and starts_with(a.office_code, $3)
              and ($4::text[] is null or s.matter_code = any($4))
        )
        select matter_code, ask_code, count(*) as seen,
               percentile_disc(0.5) within group (order by spent_ms) as median_ms,
               sum(changes)::bigint as changes,
               count(*) filter (where is_held) as held,
               count(*) filter (where place = 1 and (state = 'discarded'
                                or (state = 'draft' and updated_at < $2::timestamptz - interval '1 day'))) as stopped
        from seen group by matter_code, ask_code
        """,
        since,
        until,
        offices[0] if offices else "",
        list(codes) if codes is not None else None,
    )
    return [dict(row.items()) for row in rows]


async def entries(tx: Tx, *, since: datetime, until: datetime, office: str) -> list[dict[str, Any]]:
    """By the entry that applications were begun through: begun, handed in, decided, approved, rated. One round trip."""
    rows = await tx.fetch(
        """
        select m.channel as entry, count(*)::int as begun, count(a.submitted_at)::int as handed_in,
               count(*) filter (where a.state in ('approved', 'refused'))::int as decided,
               count(*) filter (where a.state = 'approved')::int as approved,
               count(a.stars)::int as rated, coalesce(sum(a.stars), 0)::int as stars
        from matters_application a
        join matters_move m on m.taxpayer_id = a.taxpayer_id and m.application_id = a.application_id
             and m.act = 'matters.application_started'
        where a.started_at >= $1 and a.started_at < $2 and starts_with(a.office_code, $3)
        group by m.channel order by count(*) desc, m.channel
        """,
        since,
        until,
        office,
    )
    return [dict(row.items()) for row in rows]
