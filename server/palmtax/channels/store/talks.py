"""Queries of what people wrote to an account and were answered, and of codes with a scene."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from palmtax import privacy
from palmtax.plumbing.database import Tx

Way = Literal["reply", "service"]
_ADDRESS, _SAID, _ANSWER = "channels_allowance.address", "channels_talk.said", "channels_talk.answer"


@dataclass(frozen=True, slots=True)
class Talk:
    """What somebody wrote, tapped or scanned, and what was answered. `person_id` none: nobody we know yet."""

    event_id: UUID
    channel: str
    person_id: int | None
    kind: str
    said: str
    answer: str
    way: Way
    asked_at: datetime
    answered_at: datetime | None = None


async def keep(tx: Tx, address: str, talk: Talk) -> bool:
    """Keep an answer; false when another was quicker. One round trip."""
    kept = await tx.fetchval(
        "insert into channels_talk (address_hash, event_id, channel, person_id, kind, said_sealed, reply_sealed, way,"
        " asked_at, answered_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        " on conflict (address_hash, event_id) do nothing returning true",
        privacy.fingerprint(address, _ADDRESS), talk.event_id, talk.channel, talk.person_id, talk.kind,
        privacy.seal(talk.said, _SAID), privacy.seal(talk.answer, _ANSWER), talk.way, talk.asked_at, talk.answered_at,
    )  # fmt: skip
    return bool(kept)


async def one(tx: Tx, address: str, event_id: UUID) -> Talk | None:
    """What was answered to one event. One round trip."""
    row = await tx.fetchrow(
        f"{_ROW} where address_hash = $1 and event_id = $2", privacy.fingerprint(address, _ADDRESS), event_id
    )
    return _talk(row) if row else None


async def of_address(tx: Tx, channel: str, address: str, limit: int = 50) -> list[Talk]:
    """What one address wrote and was answered, newest first. One round trip."""
    rows = await tx.fetch(
        f"{_ROW} where address_hash = $1 and channel = $2 order by asked_at desc limit $3",
        privacy.fingerprint(address, _ADDRESS), channel, limit,
    )  # fmt: skip
    return [_talk(row) for row in rows]


_ROW = "select event_id, channel, person_id, kind, said_sealed, reply_sealed, way, asked_at, answered_at from channels_talk"


def _talk(row: Any) -> Talk:
    return Talk(
        row["event_id"], row["channel"], row["person_id"], row["kind"], privacy.unseal(row["said_sealed"], _SAID),
        privacy.unseal(row["reply_sealed"], _ANSWER), row["way"], row["asked_at"], row["answered_at"],
    )  # fmt: skip


async def answered(tx: Tx, address: str, event_id: UUID, at: datetime) -> None:
    """The platform took the answer. One round trip."""
    await tx.execute(
        "update channels_talk set answered_at = $3 where address_hash = $1 and event_id = $2",
        privacy.fingerprint(address, _ADDRESS), event_id, at,
    )  # fmt: skip


async def forget(tx: Tx, before: datetime) -> None:
    """Drop what is too old to be asked about. One round trip."""
    await tx.execute("delete from channels_talk where asked_at < $1", before)
