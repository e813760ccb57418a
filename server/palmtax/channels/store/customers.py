"""Queries of how far the messages of customer-service accounts were fetched."""

from __future__ import annotations

from datetime import datetime

from palmtax.plumbing.database import Tx


async def cursor(tx: Tx, channel: str, open_kfid: str) -> str:
    """From where to go on; empty at the first time. One round trip."""
    found: str | None = await tx.fetchval(
        "select cursor from channels_service_cursor where channel = $1 and open_kfid = $2", channel, open_kfid
    )
    return found or ""


async def move(tx: Tx, channel: str, open_kfid: str, before: str, after: str, at: datetime) -> None:
    """Go on from there, unless another has gone on already. One round trip."""
    await tx.execute(
        "insert into channels_service_cursor as c (channel, open_kfid, cursor, moved_at) values ($1, $2, $4, $5)"
        " on conflict (channel, open_kfid) do update set cursor = excluded.cursor, moved_at = excluded.moved_at"
        " where c.cursor = $3",
        channel, open_kfid, before, after, at,
    )  # fmt: skip
