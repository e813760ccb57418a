"""Queries of pictures that people sent in a chat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from palmtax import privacy
from palmtax.plumbing.database import Tx

_ADDRESS = "channels_allowance.address"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture beside the talk of the same event; `code` says why there is no file."""

    event_id: UUID
    file_name: str
    media_type: str
    byte_count: int
    code: str
    fetched_at: datetime


async def keep(tx: Tx, address: str, made: Picture) -> None:
    """Keep one; the same again changes nothing. One round trip."""
    await tx.execute(
        "insert into channels_picture (address_hash, event_id, file_name, media_type, byte_count, code, fetched_at)"
        " values ($1, $2, $3, $4, $5, $6, $7) on conflict (address_hash, event_id) do nothing",
        privacy.fingerprint(address, _ADDRESS), made.event_id, made.file_name, made.media_type, made.byte_count, made.code,
        made.fetched_at,
    )  # fmt: skip


async def one(tx: Tx, address: str, event_id: UUID) -> Picture | None:
    """The picture of one event. One round trip."""
    row = await tx.fetchrow(
        "select event_id, file_name, media_type, byte_count, code, fetched_at from channels_picture"
        " where address_hash = $1 and event_id = $2",
        privacy.fingerprint(address, _ADDRESS), event_id,
    )  # fmt: skip
    return Picture(**row) if row else None


async def forget(tx: Tx, before: datetime) -> None:
    """Drop what is too old to be asked about. One round trip."""
    await tx.execute("delete from channels_picture where fetched_at < $1", before)
