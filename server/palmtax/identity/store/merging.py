"""Queries of one account going over into another."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from palmtax.plumbing.database import Tx


async def lock_pair(tx: Tx, one: int, other: int) -> dict[int, bool]:
    """Lock two accounts in the order of their numbers; whether each had its real name checked. Two round trips."""
    found: dict[int, bool] = {}
    for person_id in sorted((one, other)):
        row = await tx.fetchrow(
            "select real_name_checked_at is not null as is_checked from identity_person"
            " where person_id = $1 and merged_into is null for update",
            person_id,
        )
        if row:
            found[person_id] = row["is_checked"]
    return found


_PHONE_TOO = (
    "insert into identity_person_address (person_id, address_id, family, app_id, address_sealed, address_hash, proof,"
    " bound_at) select $1, $3, 'phone', '', phone_sealed, phone_hash, 'sms_code', $4 from identity_person"
    " where person_id = $2 on conflict (person_id, address_hash) do nothing"
)
_ADDRESSES_TOO = (
    "insert into identity_person_address (person_id, address_id, family, app_id, address_sealed, address_hash,"
    " union_hash, proof, bound_at, refused_at, refused_code) select $1, address_id, family, app_id, address_sealed,"
    " address_hash, union_hash, proof, bound_at, refused_at, refused_code from identity_person_address"
    " where person_id = $2 on conflict (person_id, address_hash) do nothing"
)
_HATS_TOO = (
    "insert into identity_hat (person_id, hat_id, kind, role_code, taxpayer_id, office_code, title, uscc, scopes,"
    " valid_from, valid_until) select $1, h.hat_id, h.kind, h.role_code, h.taxpayer_id, null, h.title, h.uscc, h.scopes,"
    " h.valid_from, h.valid_until from identity_hat h where h.person_id = $2 and h.kind in ('enterprise', 'agent')"
    " and h.revoked_at is null and not exists (select 1 from identity_hat k where k.person_id = $1"
    " and k.taxpayer_id = h.taxpayer_id and k.role_code = h.role_code and k.revoked_at is null)"
)
_OWNERS = (
    "delete from identity_person_address where person_id = $2 and $1 <> $2",
    "update identity_phone set person_id = $1 where person_id = $2",
    "update identity_address set person_id = $1 where person_id = $2",
    "update identity_union set person_id = $1 where person_id = $2",
    "update identity_authorisation set person_id = $1 where person_id = $2",
    "update identity_person set merged_into = $1 where person_id = $2",
)


async def merge(tx: Tx, *, kept: int, merged: int, address_id: UUID, now: datetime) -> None:
    """Everything of `merged` that leads to a person leads to `kept` (writes all shards: rare). Ten round trips."""
    await tx.execute(_PHONE_TOO, kept, merged, address_id, now)
    await tx.execute(_ADDRESSES_TOO, kept, merged)
    await tx.execute(_HATS_TOO, kept, merged)
    await tx.execute("update identity_hat set revoked_at = $2 where person_id = $1 and revoked_at is null", merged, now)
    for statement in _OWNERS:
        await tx.execute(statement, kept, merged)


async def is_officer(tx: Tx, person_id: int) -> bool:
    """Whether the account ever had a hat in a tax office. One round trip."""
    return bool(
        await tx.fetchval(
            "select exists (select 1 from identity_hat where person_id = $1 and kind = 'officer')", person_id
        )
    )
