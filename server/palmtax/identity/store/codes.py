"""Queries on one-time codes: one row for a phone and a purpose, changed by single statements that cannot race."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from palmtax.identity.model.tokens import CODE_LOCK_LASTS, WRONG_CODES
from palmtax.plumbing.database import Tx

_ISSUE = """
insert into identity_sms_code as c (phone_hash, purpose, code_id, code_hash, resend_at, expires_at, wrong_count,
    day_began_at, day_count)
values ($1, $2, $3, $4, $6, $7, 0, $5, 1)
on conflict (phone_hash, purpose) do update set
    code_id = excluded.code_id, code_hash = excluded.code_hash, resend_at = excluded.resend_at,
    expires_at = excluded.expires_at, used_at = null, wrong_count = 0, locked_until = null,
    day_began_at = case when c.day_began_at <= $8 then excluded.day_began_at else c.day_began_at end,
    day_count = case when c.day_began_at <= $8 then 1 else c.day_count + 1 end
where c.resend_at <= $5 and (c.locked_until is null or c.locked_until <= $5)
    and (c.day_began_at <= $8 or c.day_count < $9)
returning code_id
"""

_TAKE = """
update identity_sms_code set
    used_at = case when code_hash = $3 then $4::timestamptz end,
    wrong_count = wrong_count + (code_hash <> $3)::int,
    locked_until = case when code_hash <> $3 and wrong_count + 1 >= $6 then $5::timestamptz end
where phone_hash = $1 and purpose = $2 and used_at is null and expires_at > $4
    and (locked_until is null or locked_until <= $4) and wrong_count < $6
returning code_hash = $3 as is_right, wrong_count, locked_until
"""


@dataclass(frozen=True, slots=True)
class CodeTaken:
    """What a try with a code led to: right, wrong with so many tries left, locked, or nothing to try."""

    is_right: bool = False
    tries_left: int = 0
    locked_until: datetime | None = None
    is_stale: bool = False


async def issue(
    tx: Tx,
    *,
    phone_hash: bytes,
    purpose: str,
    code_id: UUID,
    code_hash: bytes,
    now: datetime,
    resend_at: datetime,
    expires_at: datetime,
    a_day: int,
) -> datetime | None:
    """Put a new code in the place of the last; the instant to wait for when it is too soon or locked.

    One round trip, two when refused.
    """
    day_ago = now - timedelta(days=1)
    done = await tx.fetchval(
        _ISSUE, phone_hash, purpose, code_id, code_hash, now, resend_at, expires_at, day_ago, a_day
    )
    if done is not None:
        return None
    row = await tx.fetchrow(
        "select resend_at, locked_until, day_began_at, day_count from identity_sms_code"
        " where phone_hash = $1 and purpose = $2",
        phone_hash,
        purpose,
    )
    waits = [row["resend_at"]] if row else [resend_at]
    if row and row["locked_until"] is not None:
        waits.append(row["locked_until"])
    if row and row["day_count"] >= a_day:
        waits.append(row["day_began_at"] + timedelta(days=1))
    return max(waits)


async def take_back(tx: Tx, *, phone_hash: bytes, purpose: str, code_id: UUID, now: datetime) -> None:
    """Undo a code that could not be sent: it opens nothing and delays nothing."""
    await tx.execute(
        "update identity_sms_code set used_at = $4, resend_at = $4, day_count = day_count - 1"
        " where phone_hash = $1 and purpose = $2 and code_id = $3 and used_at is null",
        phone_hash,
        purpose,
        code_id,
        now,
    )


async def take(tx: Tx, *, phone_hash: bytes, purpose: str, code_hash: bytes, now: datetime) -> CodeTaken:
    """Try a code: used up when right, counted when wrong, locked at the fifth wrong one.

    One round trip, two when there is nothing to try. The caller must commit, also when it refuses.
    """
    row = await tx.fetchrow(_TAKE, phone_hash, purpose, code_hash, now, now + CODE_LOCK_LASTS, WRONG_CODES)
    if row is not None:
        return CodeTaken(row["is_right"], WRONG_CODES - row["wrong_count"], row["locked_until"])
    locked = await tx.fetchval(
        "select locked_until from identity_sms_code where phone_hash = $1 and purpose = $2 and locked_until > $3",
        phone_hash,
        purpose,
        now,
    )
    return CodeTaken(locked_until=locked, is_stale=locked is None)
