"""Queries of shares of a channel's daily limit."""

from __future__ import annotations

from datetime import date, timedelta

from palmtax.plumbing.database import Tx

KEPT = timedelta(days=90)


async def take(tx: Tx, channel: str, day: date, *, share: int, limit: int) -> int:
    """Take a share, or what is left of the day; 0 when nothing is. The last share may be written down whole. One round trip."""
    granted = await tx.fetchval(
        "insert into channels_share as s (channel, day, granted) values ($1, $2, $3) on conflict (channel, day)"
        " do update set granted = s.granted + $3 where s.granted < $4 returning granted",
        channel,
        day,
        share,
        limit,
    )
    return 0 if granted is None else share - max(0, granted - limit)


async def forget(tx: Tx, before: date) -> None:
    """Drop days that are long over. One round trip."""
    await tx.execute("delete from channels_share where day < $1", before - KEPT)
