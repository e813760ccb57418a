"""Queries on addresses: whose they are, which a person has, who reads for a taxpayer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from palmtax.base.actor import NATURAL_BASE
from palmtax.identity.model.addresses import Address, Family, Proof, Reader
from palmtax.identity.store import sealed
from palmtax.plumbing.database import Tx

_COLUMNS = (
    "person_id, address_id, family, app_id, address_sealed, union_hash, proof, bound_at, refused_at, refused_code"
)
_ADDRESSES = (
    f"select {_COLUMNS} from identity_person_address where person_id = any($1)"
    " and ($2::text[] is null or family = any($2))"
    " union all select p.person_id, null, 'phone', '', p.phone_sealed, null, 'sms_code', p.created_at, null, ''"
    " from identity_person p where p.person_id = any($1) and p.merged_into is null"
    " and ($2::text[] is null or 'phone' = any($2)) and not exists (select 1 from identity_person_address a"
    " where a.person_id = p.person_id and a.address_hash = p.phone_hash) order by bound_at desc, address_id"
)


def _address(row: Mapping[str, Any]) -> Address:
    return Address(
        person_id=row["person_id"],
        family=row["family"],
        app_id=row["app_id"],
        value=sealed.open_address(row["family"], row["address_sealed"]),
        is_reachable=row["refused_at"] is None,
        unionid_hash=row["union_hash"],
        proof=row["proof"],
        bound_at=row["bound_at"],
        refused_code=row["refused_code"],
        address_id=row["address_id"],
    )


async def addresses(tx: Tx, person_ids: Sequence[int], families: Sequence[Family] | None) -> list[Address]:
    """Addresses of several people, the one proved last first; the account's phone is among them. One round trip."""
    rows = await tx.fetch(_ADDRESSES, list(person_ids), list(families) if families is not None else None)
    return [_address(row) for row in rows]


async def of_app(tx: Tx, *, family: Family, app_id: str) -> list[Address]:
    """Every address of one app (reads all shards: the worker only). One round trip."""
    rows = await tx.fetch(
        f"select {_COLUMNS} from identity_person_address where family = $1 and app_id = $2 order by person_id, address_id",
        family,
        app_id,
    )
    return [_address(row) for row in rows]


async def owner(tx: Tx, *, family: Family, app_id: str, value: str) -> int | None:
    """Whose address it is. One round trip."""
    table, column = ("identity_phone", "phone_hash") if family == "phone" else ("identity_address", "address_hash")
    found = await tx.fetchval(
        f"select person_id from {table} where {column} = $1", sealed.address_hash(family, app_id, value)
    )
    return int(found) if found is not None else None


async def owner_of_union(tx: Tx, unionid: str) -> int | None:
    """Who is this WeChat user in another of our accounts. One round trip."""
    found = await tx.fetchval("select person_id from identity_union where union_hash = $1", sealed.union_hash(unionid))
    return int(found) if found is not None else None


async def claim(tx: Tx, *, family: Family, app_id: str, value: str, person_id: int, now: datetime) -> int:
    """Whose address it is from now on: this person's, unless it was somebody's before. Two round trips."""
    found = sealed.address_hash(family, app_id, value)
    await tx.execute(
        "insert into identity_address (address_hash, family, app_id, person_id, bound_at) values ($1, $2, $3, $4, $5)"
        " on conflict (address_hash) do nothing",
        found,
        family,
        app_id,
        person_id,
        now,
    )
    return int(await tx.fetchval("select person_id from identity_address where address_hash = $1", found))


async def claim_union(tx: Tx, *, unionid: str, person_id: int) -> int:
    """Whose WeChat user it is from now on, unless it was somebody's before. Two round trips."""
    found = sealed.union_hash(unionid)
    await tx.execute(
        "insert into identity_union (union_hash, person_id) values ($1, $2) on conflict (union_hash) do nothing",
        found,
        person_id,
    )
    return int(await tx.fetchval("select person_id from identity_union where union_hash = $1", found))


async def hand_on(tx: Tx, *, family: Family, app_id: str, value: str, person_id: int, now: datetime) -> None:
    """The address has another owner: the device changed hands. Two round trips."""
    found = sealed.address_hash(family, app_id, value)
    await tx.execute(
        "delete from identity_person_address where address_hash = $1 and person_id <> $2", found, person_id
    )
    await tx.execute(
        "update identity_address set person_id = $2, bound_at = $3 where address_hash = $1", found, person_id, now
    )


async def keep(
    tx: Tx,
    *,
    person_id: int,
    address_id: UUID,
    family: Family,
    app_id: str,
    value: str,
    unionid: str | None,
    proof: Proof,
    now: datetime,
) -> bool:
    """Write the address with its person, as the latest of its app; proved again it can be reached again.

    Whether it is new. One round trip.
    """
    return bool(
        await tx.fetchval(
            "insert into identity_person_address as a (person_id, address_id, family, app_id, address_sealed,"
            " address_hash, union_hash, proof, bound_at) select $1, $2, $3, $4, $5, $6, $7, $8,"
            " greatest($9, max(bound_at) + interval '1 microsecond') from identity_person_address"
            " where person_id = $1 and family = $3 and app_id = $4"
            " on conflict (person_id, address_hash) do update set bound_at = excluded.bound_at, proof = excluded.proof,"
            " union_hash = coalesce(excluded.union_hash, a.union_hash), refused_at = null, refused_code = ''"
            " returning address_id = $2",
            person_id,
            address_id,
            family,
            app_id,
            sealed.seal_address(family, value),
            sealed.address_hash(family, app_id, value),
            sealed.union_hash(unionid) if unionid else None,
            proof,
            now,
        )
    )


async def mark_refused(
    tx: Tx, *, person_id: int, address_id: UUID, family: Family, app_id: str, value: str, code: str, now: datetime
) -> None:
    """The platform refuses this address for good; the account's phone gets a row for the mark. One round trip."""
    found = sealed.address_hash(family, app_id, value)
    if family != "phone":
        await tx.execute(
            "update identity_person_address set refused_at = $4, refused_code = $3"
            " where person_id = $1 and address_hash = $2 and refused_at is null",
            person_id,
            found,
            code,
            now,
        )
        return
    await tx.execute(
        "insert into identity_person_address as a (person_id, address_id, family, app_id, address_sealed, address_hash,"
        " proof, bound_at, refused_at, refused_code) select person_id, $2, 'phone', '', phone_sealed, phone_hash,"
        " 'sms_code', created_at, $5, $4 from identity_person where person_id = $1 and phone_hash = $3"
        " on conflict (person_id, address_hash) do update set refused_at = $5, refused_code = $4"
        " where a.refused_at is null",
        person_id,
        address_id,
        found,
        code,
        now,
    )


async def mark_reachable(tx: Tx, *, person_id: int, family: Family, app_id: str, value: str) -> None:
    """The platform takes it again. One round trip."""
    await tx.execute(
        "update identity_person_address set refused_at = null, refused_code = ''"
        " where person_id = $1 and address_hash = $2 and refused_at is not null",
        person_id,
        sealed.address_hash(family, app_id, value),
    )


async def forget(tx: Tx, *, person_id: int, found: Address) -> bool:
    """Take an address from a person; false when it was gone. Three round trips."""
    known = sealed.address_hash(found.family, found.app_id, found.value)
    gone = await tx.fetchval(
        "delete from identity_person_address where person_id = $1 and address_hash = $2 returning true",
        person_id,
        known,
    )
    await tx.execute("delete from identity_address where address_hash = $1 and person_id = $2", known, person_id)
    if found.unionid_hash is not None:
        await tx.execute(
            "delete from identity_union where union_hash = $2 and person_id = $1 and not exists (select 1"
            " from identity_person_address where person_id = $1 and union_hash = $2)",
            person_id,
            found.unionid_hash,
        )
    return bool(gone)


async def readers(tx: Tx, taxpayer_id: int, today: date) -> list[Reader]:
    """Who may read today what this taxpayer is told, the legal representative first (reads all shards: the worker only).

    One round trip.
    """
    rows = await tx.fetch(
        "select person_id, role_code from identity_hat where (taxpayer_id = $1 or kind = 'self' and person_id = $3)"
        " and 'messaging.read' = any(scopes) and revoked_at is null and valid_from <= $2"
        " and (valid_until is null or valid_until >= $2) order by array_position(array['legal_rep', 'self',"
        " 'finance_lead', 'tax_clerk', 'agent', 'invoice_clerk', 'social_insurance_clerk'], role_code), hat_id",
        taxpayer_id,
        today,
        taxpayer_id - NATURAL_BASE,
    )
    found: dict[int, Reader] = {}
    for row in rows:
        found.setdefault(row["person_id"], Reader(row["person_id"], row["role_code"]))
    return list(found.values())
