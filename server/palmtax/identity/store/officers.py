"""Queries on officers: who works in which tax office."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from palmtax.identity.model.officers import Officer
from palmtax.identity.model.people import Person
from palmtax.identity.store import sealed
from palmtax.plumbing.database import Tx

_OFFICERS = (
    "select p.person_id, p.name_sealed, p.phone_masked, h.role_code, h.office_code, h.scopes from identity_hat h"
    " join identity_person p on p.person_id = h.person_id"
    " where h.kind = 'officer' and h.office_code between $1 and $2 and h.revoked_at is null and h.valid_from <= $3"
    " and (h.valid_until is null or h.valid_until >= $3) order by h.office_code, p.person_id, cardinality(h.scopes) desc"
)


async def officers(tx: Tx, first_code: str, last_code: str, today: date) -> list[Officer]:
    """Officers of the offices whose codes lie in this range, by office (reads all shards: officers only)."""
    found: dict[int, Officer] = {}
    for row in await tx.fetch(_OFFICERS, first_code, last_code, today):
        person = Person(row["person_id"], sealed.open_name(row["name_sealed"]), row["phone_masked"], True)
        one = Officer(
            person.person_id, person.name_masked, row["role_code"], row["office_code"], frozenset(row["scopes"])
        )
        known = found.get(one.person_id)
        if known is None or len(known.scopes) < len(one.scopes):
            found[one.person_id] = one
    return list(found.values())


async def working(tx: Tx, person_ids: Sequence[int], today: date) -> frozenset[int]:
    """Those of these people who work in a tax office today. One round trip."""
    rows = await tx.fetch(
        "select distinct person_id from identity_hat where person_id = any($1) and kind = 'officer' and revoked_at is null"
        " and valid_from <= $2 and (valid_until is null or valid_until >= $2)",
        list(person_ids),
        today,
    )
    return frozenset(row["person_id"] for row in rows)
