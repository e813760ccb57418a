"""Everybody of the town signed in at once, for load that needs no partner (the demo's own sessions bind WeChat at the sandbox)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import asyncpg

from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.identity.model.tokens import new_token
from palmtax.identity.store.sealed import token_hash

_COLUMNS = (
    "person_id", "session_id", "access_hash", "access_expires_at", "expires_at", "hat_id", "channel", "device_name", "way",
    "signed_in_at", "last_seen_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opened:
    """A signed-in owner of a business."""

    taxpayer_id: int
    person_id: int
    access_token: str


async def open_sessions(dsn: str, clock: Clock) -> list[Opened]:
    """A session for a day for the legal representative of each business, in order of taxpayer, through COPY."""
    connection = await asyncpg.connect(dsn)
    now = clock.now()
    rows = await connection.fetch(
        "select taxpayer_id, person_id, hat_id from identity_hat where role_code = 'legal_rep' order by taxpayer_id"
    )
    made = [Opened(row["taxpayer_id"], row["person_id"], new_token(row["person_id"])) for row in rows]
    until = now + timedelta(days=1)
    await connection.copy_records_to_table(
        "identity_session",
        columns=list(_COLUMNS),
        records=[
            (
                one.person_id,
                uuid7(),
                token_hash(one.access_token),
                until,
                until,
                row["hat_id"],
                "h5",
                "bench",
                "sms",
                now,
                now,
            )
            for one, row in zip(made, rows, strict=True)
        ],
    )
    await connection.close()
    return made


async def open_numbered_sessions(dsn: str) -> None:
    """A second session for each, whose token hash pgbench can compute from the taxpayer's number."""
    connection = await asyncpg.connect(dsn)
    await connection.execute(
        "insert into identity_session (person_id, session_id, access_hash, access_expires_at, expires_at, hat_id, channel,"
        " device_name, way, signed_in_at, last_seen_at)"
        " select s.person_id, gen_random_uuid(), decode(lpad(h.taxpayer_id::text, 64, '0'), 'hex'), s.access_expires_at, s.expires_at,"
        " s.hat_id, s.channel, s.device_name, s.way, s.signed_in_at, s.last_seen_at"
        " from identity_session s join identity_hat h on h.person_id = s.person_id and h.hat_id = s.hat_id"
    )
    await connection.execute("vacuum analyze")
    await connection.close()
