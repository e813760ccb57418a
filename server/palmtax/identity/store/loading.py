"""Many people at once, through COPY: the demo town and migrations from other registers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from palmtax.base.identifiers import mask_phone
from palmtax.identity.model.people import NO_END, NewHat, NewPerson
from palmtax.identity.store import sealed
from palmtax.plumbing.database import Tx

_PERSON = (
    "person_id",
    "name_sealed",
    "phone_sealed",
    "phone_hash",
    "phone_masked",
    "resident_sealed",
    "resident_hash",
    "real_name_checked_at",
    "created_at",
)
_HAT = (
    "person_id",
    "hat_id",
    "kind",
    "role_code",
    "taxpayer_id",
    "office_code",
    "title",
    "uscc",
    "scopes",
    "valid_from",
    "valid_until",
)
_AUTHORISATION = (
    "taxpayer_id",
    "authorisation_id",
    "taxpayer_name",
    "uscc",
    "name_sealed",
    "phone_hash",
    "phone_masked",
    "person_id",
    "role_code",
    "scopes",
    "valid_from",
    "valid_until",
    "state",
    "is_from_registration",
    "given_at",
    "answered_at",
)


def _person_row(person: NewPerson, now: datetime) -> tuple[Any, ...]:
    checked = person.resident_id is not None
    return (
        person.person_id,
        sealed.seal_name(person.name),
        sealed.seal_phone(person.phone),
        sealed.phone_hash(person.phone),
        mask_phone(person.phone),
        sealed.seal_resident_id(person.resident_id) if person.resident_id else None,
        sealed.resident_hash(person.resident_id) if person.resident_id else None,
        now if checked else None,
        now,
    )


def _hat_row(hat: NewHat) -> tuple[Any, ...]:
    return (
        hat.person_id,
        hat.hat_id,
        hat.kind,
        hat.role_code,
        hat.taxpayer_id,
        hat.office_code,
        "" if hat.kind == "self" else hat.title,  # a person's own name is sealed in one place only
        hat.uscc,
        hat.carried,
        hat.valid_from,
        hat.valid_until,
    )


def _authorisation_row(hat: NewHat, person: tuple[Any, ...], now: datetime) -> tuple[Any, ...]:
    person_id, name_sealed, _, phone_hash, phone_masked, *_ = person
    return (
        hat.taxpayer_id,
        hat.hat_id,
        hat.title,
        hat.uscc,
        name_sealed,
        phone_hash,
        phone_masked,
        person_id,
        hat.role_code,
        hat.carried,
        hat.valid_from,
        hat.valid_until or NO_END,
        "active",
        True,
        now,
        now,
    )


async def load(tx: Tx, *, people: Sequence[NewPerson], hats: Sequence[NewHat], now: datetime) -> None:
    """Load people with their hats: six COPYs. Every hat's person must be among `people`."""
    persons = {person.person_id: _person_row(person, now) for person in people}
    granted = [
        _authorisation_row(hat, persons[hat.person_id], now) for hat in hats if hat.kind in ("enterprise", "agent")
    ]
    copies: list[tuple[str, tuple[str, ...], list[tuple[Any, ...]]]] = [
        ("identity_phone", ("phone_hash", "person_id"), [(row[3], row[0]) for row in persons.values()]),
        (
            "identity_resident",
            ("resident_hash", "person_id"),
            [(row[6], row[0]) for row in persons.values() if row[6] is not None],
        ),
        ("identity_person", _PERSON, list(persons.values())),
        ("identity_hat", _HAT, [_hat_row(hat) for hat in hats]),
        ("identity_authorisation", _AUTHORISATION, granted),
        (
            "identity_authorisation_phone",
            ("phone_hash", "authorisation_id", "taxpayer_id"),
            [(row[5], row[1], row[0]) for row in granted],
        ),
    ]
    for table, columns, rows in copies:
        await tx.copy_records_to_table(table, columns=columns, records=rows)
