"""Queries of saved audiences; each stays on the shard of the office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from palmtax.insight.model.audience import Audience, read_audience
from palmtax.plumbing.database import Tx

_COLUMNS = "office_code, segment_id, version, name, audience, purpose, created_by, created_at"


@dataclass(frozen=True, slots=True)
class Segment:
    """One version of a saved audience."""

    office_code: str
    segment_id: UUID
    version: int
    name: str
    audience: Audience
    purpose: str
    created_by: int
    created_at: datetime


def _segment(row: Any) -> Segment:
    return Segment(**{**dict(row.items()), "audience": read_audience(row["audience"])})


async def insert(tx: Tx, segment: Segment) -> bool:
    """Keep a version; false when somebody has just written the same number. One round trip."""
    done = await tx.fetchval(
        f"insert into insight_segment ({_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8)"
        " on conflict (office_code, segment_id, version) do nothing returning true",
        segment.office_code,
        segment.segment_id,
        segment.version,
        segment.name,
        segment.audience.stored(),
        segment.purpose,
        segment.created_by,
        segment.created_at,
    )
    return bool(done)


async def versions(tx: Tx, office_code: str, segment_id: UUID) -> list[Segment]:
    """Every version of an audience, the last first. One round trip."""
    rows = await tx.fetch(
        f"select {_COLUMNS} from insight_segment where office_code = $1 and segment_id = $2 order by version desc",
        office_code,
        segment_id,
    )
    return [_segment(row) for row in rows]


async def newest(tx: Tx, office_code: str, limit: int) -> list[Segment]:
    """The last version of every audience of an office, the newest first. One round trip."""
    rows = await tx.fetch(
        f"select {_COLUMNS} from (select distinct on (segment_id) {_COLUMNS} from insight_segment where office_code = $1"
        " order by segment_id, version desc) s order by created_at desc, segment_id limit $2",
        office_code,
        limit,
    )
    return [_segment(row) for row in rows]
