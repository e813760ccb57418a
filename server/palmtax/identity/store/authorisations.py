"""Queries on authorisations: rows by taxpayer, and a look-up by the phone they were given to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from palmtax.identity.model.people import Authorisation
from palmtax.identity.store import sealed
from palmtax.plumbing.database import Tx

_SHOWN = (
    "authorisation_id, taxpayer_id, taxpayer_name, uscc, name_sealed, phone_masked, phone_hash, person_id, role_code,"
    " scopes, valid_from, valid_until, state, is_from_registration"
)


def _authorisation(row: Mapping[str, Any]) -> Authorisation:
    return Authorisation(
        authorisation_id=row["authorisation_id"],
        taxpayer_id=row["taxpayer_id"],
        taxpayer_name=row["taxpayer_name"],
        uscc=row["uscc"],
        name=sealed.open_name(row["name_sealed"]),
        phone_masked=row["phone_masked"],
        phone_hash=bytes(row["phone_hash"]),
        person_id=row["person_id"],
        role_code=row["role_code"],
        scopes=tuple(row["scopes"]),
        valid_from=row["valid_from"],
        valid_until=row["valid_until"],
        state=row["state"],
        is_from_registration=row["is_from_registration"],
    )


async def end_stale(tx: Tx, *, taxpayer_id: int, phone_hash: bytes, role_code: str, today: date, now: datetime) -> None:
    """Write down that earlier authorisations of this kind have run out, so that a new one can be given."""
    await tx.execute(
        "update identity_authorisation set state = 'ended', ended_at = $5 where taxpayer_id = $1 and phone_hash = $2"
        " and role_code = $3 and state in ('waiting', 'active') and valid_until < $4",
        taxpayer_id,
        phone_hash,
        role_code,
        today,
        now,
    )


async def add(tx: Tx, kept: Authorisation, *, given_by: int, now: datetime) -> None:
    """A new authorisation, waiting; UniqueViolationError when the same one is open. Two round trips."""
    await tx.execute(
        "insert into identity_authorisation (taxpayer_id, authorisation_id, taxpayer_name, uscc, name_sealed,"
        " phone_hash, phone_masked, role_code, scopes, valid_from, valid_until, state, is_from_registration, given_by,"
        " given_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'waiting', false, $12, $13)",
        kept.taxpayer_id,
        kept.authorisation_id,
        kept.taxpayer_name,
        kept.uscc,
        sealed.seal_name(kept.name),
        kept.phone_hash,
        kept.phone_masked,
        kept.role_code,
        list(kept.scopes),
        kept.valid_from,
        kept.valid_until,
        given_by,
        now,
    )
    await tx.execute(
        "insert into identity_authorisation_phone (phone_hash, authorisation_id, taxpayer_id) values ($1, $2, $3)",
        kept.phone_hash,
        kept.authorisation_id,
        kept.taxpayer_id,
    )


async def taxpayer_of_own(tx: Tx, *, phone_hash: bytes, authorisation_id: UUID) -> int | None:
    """The taxpayer of an authorisation given to this phone; none when it was given to another."""
    found = await tx.fetchval(
        "select taxpayer_id from identity_authorisation_phone where phone_hash = $1 and authorisation_id = $2",
        phone_hash,
        authorisation_id,
    )
    return int(found) if found is not None else None


async def locked(tx: Tx, *, taxpayer_id: int, authorisation_id: UUID) -> Authorisation | None:
    """One authorisation, held until the transaction ends: answers and revocations come one after the other."""
    row = await tx.fetchrow(
        f"select {_SHOWN} from identity_authorisation where taxpayer_id = $1 and authorisation_id = $2 for update",
        taxpayer_id,
        authorisation_id,
    )
    return _authorisation(row) if row else None


async def of_taxpayer(tx: Tx, taxpayer_id: int) -> list[Authorisation]:
    """All authorisations of a taxpayer, newest first."""
    rows = await tx.fetch(
        f"select {_SHOWN} from identity_authorisation where taxpayer_id = $1"
        " order by given_at desc, authorisation_id desc limit 200",
        taxpayer_id,
    )
    return [_authorisation(row) for row in rows]


async def of_phone(tx: Tx, phone_hash: bytes) -> list[Authorisation]:
    """All authorisations given to a phone, newest first. Two round trips; the second may read several shards."""
    found = await tx.fetch(
        "select taxpayer_id, authorisation_id from identity_authorisation_phone where phone_hash = $1", phone_hash
    )
    if not found:
        return []
    rows = await tx.fetch(
        f"select {_SHOWN} from identity_authorisation where taxpayer_id = any($1) and authorisation_id = any($2)"
        " order by given_at desc, authorisation_id desc limit 200",
        [row["taxpayer_id"] for row in found],
        [row["authorisation_id"] for row in found],
    )
    return [_authorisation(row) for row in rows]


async def accept(tx: Tx, *, taxpayer_id: int, authorisation_id: UUID, person_id: int, now: datetime) -> None:
    """Waiting becomes active."""
    await tx.execute(
        "update identity_authorisation set state = 'active', person_id = $3, answered_at = $4"
        " where taxpayer_id = $1 and authorisation_id = $2 and state = 'waiting'",
        taxpayer_id,
        authorisation_id,
        person_id,
        now,
    )


async def end(tx: Tx, *, taxpayer_id: int, authorisation_id: UUID, state: str, ended_by: int, now: datetime) -> None:
    """Waiting or active becomes revoked or denied."""
    await tx.execute(
        "update identity_authorisation set state = $3, ended_by = $4, ended_at = $5"
        " where taxpayer_id = $1 and authorisation_id = $2 and state in ('waiting', 'active')",
        taxpayer_id,
        authorisation_id,
        state,
        ended_by,
        now,
    )
