"""Queries of troubles that officers are told of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from palmtax.plumbing.database import Tx


@dataclass(frozen=True, slots=True)
class Alert:
    """A trouble: of what kind, of whom, since when, who has taken it on."""

    alert_id: UUID
    kind: str
    subject: str
    level: str
    say: str
    say_en: str
    opened_at: datetime
    seen_at: datetime
    closed_at: datetime | None
    acknowledged_by: int | None
    acknowledged_at: datetime | None


_ALERT = "alert_id, kind, subject, level, say, say_en, opened_at, seen_at, closed_at, acknowledged_by, acknowledged_at"


async def open_alerts(tx: Tx) -> list[Alert]:
    """Troubles that are not over, the newest first. One round trip."""
    rows = await tx.fetch(f"select {_ALERT} from channels_alert where closed_at is null order by opened_at desc")
    return [Alert(**row) for row in rows]


async def since(tx: Tx, since: datetime, limit: int = 200) -> list[Alert]:
    """Troubles that were there since an instant: open ones first, then the newest. One round trip."""
    rows = await tx.fetch(
        f"select {_ALERT} from channels_alert where closed_at is null or closed_at >= $1"
        " order by closed_at is null desc, opened_at desc limit $2",
        since,
        limit,
    )
    return [Alert(**row) for row in rows]


async def open_one(tx: Tx, one: Alert) -> bool:
    """Open a trouble; false when the same is open already. One round trip."""
    return bool(
        await tx.fetchval(
            f"insert into channels_alert ({_ALERT}) values ($1, $2, $3, $4, $5, $6, $7, $7, null, null, null)"
            " on conflict do nothing returning true",
            one.alert_id,
            one.kind,
            one.subject,
            one.level,
            one.say,
            one.say_en,
            one.opened_at,
        )
    )


async def seen(tx: Tx, alert_id: UUID, *, say: str, say_en: str, at: datetime) -> None:
    """The trouble is still there, with its words of now. One round trip."""
    await tx.execute(
        "update channels_alert set seen_at = $2, say = $3, say_en = $4 where alert_id = $1", alert_id, at, say, say_en
    )


async def close(tx: Tx, alert_id: UUID, at: datetime) -> bool:
    """The trouble is over; false when it was closed already. One round trip."""
    return bool(
        await tx.fetchval(
            "update channels_alert set closed_at = $2 where alert_id = $1 and closed_at is null returning true",
            alert_id,
            at,
        )
    )


async def acknowledge(tx: Tx, alert_id: UUID, person_id: int, at: datetime) -> Alert | None:
    """Somebody takes it on, the first one counts; none when there is no such trouble. Two round trips."""
    await tx.execute(
        "update channels_alert set acknowledged_by = $2, acknowledged_at = $3"
        " where alert_id = $1 and acknowledged_by is null",
        alert_id,
        person_id,
        at,
    )
    row = await tx.fetchrow(f"select {_ALERT} from channels_alert where alert_id = $1", alert_id)
    return Alert(**row) if row else None
