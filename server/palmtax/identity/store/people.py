"""Queries on people: accounts, their look-ups, WeChat bindings, hats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from palmtax.base.identifiers import mask_phone
from palmtax.identity.model.people import Contact, OwnHat, Person
from palmtax.identity.store import sealed
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Part

_PERSON = "person_id, name_sealed, phone_masked, real_name_checked_at"
_WORN = "revoked_at is null and valid_from <= $2 and (valid_until is null or valid_until >= $2)"


def _person(row: Mapping[str, Any]) -> Person:
    return Person(
        person_id=row["person_id"],
        name=sealed.open_name(row["name_sealed"]),
        phone_masked=row["phone_masked"],
        is_real_name_checked=row["real_name_checked_at"] is not None,
    )


async def person(tx: Tx, person_id: int) -> Person | None:
    """One person."""
    row = await tx.fetchrow(f"select {_PERSON} from identity_person where person_id = $1", person_id)
    return _person(row) if row else None


async def people(tx: Tx, person_ids: Sequence[int]) -> dict[int, Person]:
    """Several people by id; unknown ids are left out."""
    rows = await tx.fetch(f"select {_PERSON} from identity_person where person_id = any($1)", list(person_ids))
    return {row["person_id"]: _person(row) for row in rows}


def people_part(person_ids: Sequence[int]) -> Part:
    """Several people as a reading part of one statement."""
    return Part(
        "people", f"select {_PERSON} from identity_person where person_id = any($1)", (list(person_ids),), fetch=True
    )


def people_of_rows(rows: Sequence[Mapping[str, Any]]) -> dict[int, Person]:
    """What `people_part` answered; bytes may come as text."""
    found = {}
    for row in rows:
        name = row["name_sealed"]
        sealed_name = bytes.fromhex(name.removeprefix("\\x")) if isinstance(name, str) else name
        found[row["person_id"]] = _person({**row, "name_sealed": sealed_name})
    return found


async def person_id_of_phone(tx: Tx, phone: str) -> int | None:
    """Whose phone it is."""
    found = await tx.fetchval("select person_id from identity_phone where phone_hash = $1", sealed.phone_hash(phone))
    return int(found) if found is not None else None


async def people_of_phones(tx: Tx, phones: Sequence[str]) -> dict[str, int]:
    """Whose phones these are; unknown ones are left out (reads all shards: the worker only). One round trip."""
    hashes = {sealed.phone_hash(phone): phone for phone in phones}
    rows = await tx.fetch("select phone_hash, person_id from identity_phone where phone_hash = any($1)", list(hashes))
    return {hashes[bytes(row["phone_hash"])]: int(row["person_id"]) for row in rows}


async def phone_hash_of(tx: Tx, person_id: int) -> bytes | None:
    """The fingerprint of a person's phone."""
    found = await tx.fetchval("select phone_hash from identity_person where person_id = $1", person_id)
    return bytes(found) if found is not None else None


async def phone_of(tx: Tx, person_id: int) -> str | None:
    """A person's phone itself: only to send a message to its owner."""
    found = await tx.fetchval("select phone_sealed from identity_person where person_id = $1", person_id)
    return sealed.open_phone(found) if found is not None else None


async def add_person(tx: Tx, *, person_id: int, phone: str, hat_id: UUID, now: datetime, today: date) -> bool:
    """A new natural person with an empty 'self' hat; False when the phone has just got an owner. Three round trips."""
    found = sealed.phone_hash(phone)
    won = await tx.fetchval(
        "insert into identity_phone (phone_hash, person_id) values ($1, $2)"
        " on conflict (phone_hash) do nothing returning person_id",
        found,
        person_id,
    )
    if won is None:
        return False
    await tx.execute(
        "insert into identity_person (person_id, phone_sealed, phone_hash, phone_masked, created_at)"
        " values ($1, $2, $3, $4, $5)",
        person_id,
        sealed.seal_phone(phone),
        found,
        mask_phone(phone),
        now,
    )
    await tx.execute(
        "insert into identity_hat (person_id, hat_id, kind, role_code, title, scopes, valid_from)"
        " values ($1, $2, 'self', 'self', '', array[]::text[], $3)",
        person_id,
        hat_id,
        today,
    )
    return True


async def claim_resident_id(tx: Tx, *, person_id: int, resident_id: str) -> int:
    """Whose identity number it is from now on: this person's, unless it was somebody's before. Two round trips."""
    found = sealed.resident_hash(resident_id)
    await tx.execute(
        "insert into identity_resident (resident_hash, person_id) values ($1, $2)"
        " on conflict (resident_hash) do nothing",
        found,
        person_id,
    )
    return int(await tx.fetchval("select person_id from identity_resident where resident_hash = $1", found))


async def set_real_name(tx: Tx, *, person_id: int, name: str, resident_id: str, now: datetime) -> bool:
    """Write the checked name once; False when the person was already checked."""
    done = await tx.fetchval(
        "update identity_person set name_sealed = $2, resident_sealed = $3, resident_hash = $4,"
        " real_name_checked_at = $5 where person_id = $1 and real_name_checked_at is null returning person_id",
        person_id,
        sealed.seal_name(name),
        sealed.seal_resident_id(resident_id),
        sealed.resident_hash(resident_id),
        now,
    )
    return done is not None


async def holds_resident_id(tx: Tx, *, person_id: int, resident_id: str) -> bool:
    """Whether the person was checked with this number."""
    held = await tx.fetchval("select resident_hash from identity_person where person_id = $1", person_id)
    return held is not None and bytes(held) == sealed.resident_hash(resident_id)


def _own_hat(row: Mapping[str, Any]) -> OwnHat:
    return OwnHat(
        hat_id=row["hat_id"],
        kind=row["kind"],
        role_code=row["role_code"],
        taxpayer_id=row["taxpayer_id"],
        office_code=row["office_code"],
        title=row["title"],
        uscc=row["uscc"],
        scopes=tuple(row["scopes"]),
        valid_until=row["valid_until"],
    )


async def hats(tx: Tx, person_id: int, today: date) -> tuple[OwnHat, ...]:
    """The hats a person may put on today: enterprises by name, then agent's, own, and offices."""
    rows = await tx.fetch(
        "select hat_id, kind, role_code, taxpayer_id, office_code, title, uscc, scopes, valid_until"
        f" from identity_hat where person_id = $1 and {_WORN}"
        " order by array_position(array['enterprise', 'agent', 'self', 'officer'], kind), title, hat_id",
        person_id,
        today,
    )
    return tuple(_own_hat(row) for row in rows)


async def add_hat(tx: Tx, *, person_id: int, hat: OwnHat, valid_from: date) -> None:
    """Give a hat."""
    await tx.execute(
        "insert into identity_hat (person_id, hat_id, kind, role_code, taxpayer_id, office_code, title, uscc, scopes,"
        " valid_from, valid_until) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        person_id,
        hat.hat_id,
        hat.kind,
        hat.role_code,
        hat.taxpayer_id,
        hat.office_code,
        hat.title,
        hat.uscc,
        list(hat.scopes),
        valid_from,
        hat.valid_until,
    )


async def take_hat(tx: Tx, *, person_id: int, hat_id: UUID, now: datetime) -> None:
    """Take a hat away; the next request of whoever wears it has no hat."""
    await tx.execute(
        "update identity_hat set revoked_at = $3 where person_id = $1 and hat_id = $2 and revoked_at is null",
        person_id,
        hat_id,
        now,
    )


async def own_papers(tx: Tx, person_id: int) -> dict[str, str | None]:
    """Name, phone and identity number of a person, for that person's own eyes; none where unknown. One round trip."""
    row = await tx.fetchrow(
        "select name_sealed, phone_sealed, resident_sealed from identity_person where person_id = $1", person_id
    )
    if row is None:
        return {}
    return {
        "name": sealed.open_name(row["name_sealed"]) or None,
        "phone": sealed.open_phone(row["phone_sealed"]),
        "resident_id": sealed.open_resident_id(row["resident_sealed"]) if row["resident_sealed"] else None,
    }


async def retitle_hats(tx: Tx, *, taxpayer_id: int, title: str) -> None:
    """The hats of a taxpayer show its new name (writes all shards: rare)."""
    await tx.execute(
        "update identity_hat set title = $2 where taxpayer_id = $1 and kind in ('enterprise', 'agent')",
        taxpayer_id,
        title,
    )


_CONTACTS = (
    "select h.taxpayer_id, h.role_code, h.valid_until, p.person_id, p.name_sealed, p.phone_masked,"
    " p.real_name_checked_at from identity_hat h join identity_person p on p.person_id = h.person_id"
    " where h.taxpayer_id = any($1) and h.revoked_at is null and h.valid_from <= $2"
    " and (h.valid_until is null or h.valid_until >= $2)"
    " order by h.taxpayer_id, array_position(array['legal_rep', 'self', 'finance_lead', 'tax_clerk', 'agent',"
    " 'invoice_clerk'], h.role_code), h.hat_id"
)


async def contacts(tx: Tx, taxpayer_ids: Sequence[int], today: date) -> list[Contact]:
    """Who may act for these taxpayers today, the legal representative first (reads all shards: officers only)."""
    rows = await tx.fetch(_CONTACTS, list(taxpayer_ids), today)
    return [
        Contact(
            taxpayer_id=row["taxpayer_id"],
            person_id=row["person_id"],
            name_masked=(who := _person(row)).name_masked,
            phone_masked=who.phone_masked,
            role_code=row["role_code"],
            valid_until=row["valid_until"],
        )
        for row in rows
    ]


async def taxpayers_of_phone(tx: Tx, mask: str, today: date) -> list[int]:
    """Taxpayers for whom a person with such a phone (138****5678) may act today."""
    rows = await tx.fetch(
        "select distinct h.taxpayer_id from identity_person p join identity_hat h on h.person_id = p.person_id"
        f" where p.phone_masked = $1 and h.taxpayer_id is not null and {_WORN.replace('valid', 'h.valid')}"
        " order by h.taxpayer_id",
        mask,
        today,
    )
    return [row["taxpayer_id"] for row in rows]
