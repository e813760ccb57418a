"""Queries of versions and switches: few rows, read by every process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from palmtax.channels.model.reading import Fault, Texts
from palmtax.plumbing.database import Tx


@dataclass(frozen=True, slots=True)
class Version:
    """One text of a channel, and what became of it."""

    channel: str
    version: int
    manifest: str
    codes: str
    digest: str
    state: str
    faults: tuple[str, ...]
    reason: str
    made_by: int | None
    made_at: datetime

    @property
    def texts(self) -> Texts:
        """Its two files."""
        return Texts(self.channel, self.manifest, self.codes)


@dataclass(frozen=True, slots=True)
class Switch:
    """What officers decided for a channel or one matter in it."""

    channel: str
    part: str
    is_enabled: bool
    reason: str
    switched_by: int
    switched_at: datetime
    asked_by: int | None
    asked_at: datetime | None
    asked_reason: str | None


_VERSION = "channel, version, manifest, codes, digest, state, faults, reason, made_by, made_at"


def _version(row: Mapping[str, Any]) -> Version:
    return Version(**(dict(row.items()) | {"faults": tuple(row["faults"])}))


async def in_force(tx: Tx) -> list[Version]:
    """The version in force of every channel. One round trip."""
    rows = await tx.fetch(f"select {_VERSION} from channels_version where state = 'in_force' order by channel")
    return [_version(row) for row in rows]


async def newest(tx: Tx) -> dict[str, Version]:
    """The last version of every channel, whatever became of it. One round trip."""
    rows = await tx.fetch(
        f"select distinct on (channel) {_VERSION} from channels_version order by channel, version desc"
    )
    return {row["channel"]: _version(row) for row in rows}


async def history(tx: Tx, channel: str, limit: int = 20) -> list[Version]:
    """The last versions of a channel, newest first. One round trip."""
    rows = await tx.fetch(
        f"select {_VERSION} from channels_version where channel = $1 order by version desc limit $2", channel, limit
    )
    return [_version(row) for row in rows]


async def add(
    tx: Tx,
    texts: Texts,
    *,
    number: int,
    faults: Sequence[Fault] = (),
    reason: str,
    made_by: int | None,
    at: datetime,
) -> bool:
    """Keep a version: in force when it has no faults, else refused; false when another process was first."""
    if not faults:
        await tx.execute(
            "update channels_version set state = 'past' where channel = $1 and state = 'in_force'", texts.name
        )
    added = await tx.fetchval(
        f"insert into channels_version ({_VERSION}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        " on conflict (channel, version) do nothing returning true",
        texts.name,
        number,
        texts.manifest,
        texts.codes,
        texts.digest,
        "refused" if faults else "in_force",
        [str(one) for one in faults],
        reason,
        made_by,
        at,
    )
    return bool(added)


async def switches(tx: Tx) -> list[Switch]:
    """Everything officers decided. One round trip."""
    rows = await tx.fetch(
        "select channel, part, is_enabled, reason, switched_by, switched_at, asked_by, asked_at, asked_reason"
        " from channels_switch"
    )
    return [Switch(**row) for row in rows]


async def put_switch(
    tx: Tx, channel: str, part: str, *, is_on: bool, reason: str, person_id: int, at: datetime
) -> None:
    """Switch, and take back whatever was asked before. One round trip."""
    await tx.execute(
        "insert into channels_switch as s (channel, part, is_enabled, reason, switched_by, switched_at)"
        " values ($1, $2, $3, $4, $5, $6) on conflict (channel, part) do update set is_enabled = excluded.is_enabled,"
        " reason = excluded.reason, switched_by = excluded.switched_by, switched_at = excluded.switched_at,"
        " asked_by = null, asked_at = null, asked_reason = null",
        channel,
        part,
        is_on,
        reason,
        person_id,
        at,
    )


async def ask_on(tx: Tx, channel: str, part: str, *, reason: str, person_id: int, at: datetime) -> None:
    """Ask to switch on what is off; it stays off. One round trip."""
    await tx.execute(
        "insert into channels_switch as s (channel, part, is_enabled, reason, switched_by, switched_at, asked_by, asked_at,"
        " asked_reason) values ($1, $2, false, $3, $4, $5, $4, $5, $3) on conflict (channel, part) do update"
        " set asked_by = excluded.asked_by, asked_at = excluded.asked_at, asked_reason = excluded.asked_reason",
        channel,
        part,
        reason,
        person_id,
        at,
    )
