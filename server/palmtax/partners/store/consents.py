"""Queries on consents, and on the invented taxpayers of the sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from palmtax.partners.model.consent import Consent
from palmtax.plumbing.database import Tx

_COLUMNS = (
    "taxpayer_id, consent_id, application_id, person_id, hat_id, scopes, is_sandbox, given_at, until_at,"
    " ended_at, end_reason"
)


def _consent(row: Mapping[str, Any]) -> Consent:
    return Consent(**dict(row.items()) | {"scopes": tuple(row["scopes"])})


async def add(tx: Tx, one: Consent) -> None:
    """A new consent."""
    await tx.execute(
        f"insert into partners_consent ({_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, null, null)",
        one.taxpayer_id, one.consent_id, one.application_id, one.person_id, one.hat_id,
        list(one.scopes), one.is_sandbox, one.given_at, one.until_at,
    )  # fmt: skip


async def find(tx: Tx, taxpayer_id: int, consent_id: UUID) -> Consent | None:
    """One consent."""
    row = await tx.fetchrow(
        f"select {_COLUMNS} from partners_consent where taxpayer_id = $1 and consent_id = $2", taxpayer_id, consent_id
    )
    return _consent(row) if row else None


async def open_ones(tx: Tx, *, taxpayer_id: int, person_id: int, application_id: UUID) -> list[Consent]:
    """What this person allows this application for this taxpayer and has not ended, held."""
    rows = await tx.fetch(
        f"select {_COLUMNS} from partners_consent where taxpayer_id = $1 and person_id = $2 and application_id = $3"
        " and ended_at is null for update",
        taxpayer_id, person_id, application_id,
    )  # fmt: skip
    return [_consent(row) for row in rows]


async def end(tx: Tx, *, taxpayer_id: int, consent_id: UUID, reason: str, ended_by: int | None, now: datetime) -> bool:
    """End a consent; whether it was open."""
    return bool(
        await tx.fetchval(
            "update partners_consent set ended_at = $4, end_reason = $3, ended_by = $5 where taxpayer_id = $1"
            " and consent_id = $2 and ended_at is null returning true",
            taxpayer_id, consent_id, reason, now, ended_by,
        )
    )  # fmt: skip


async def of_person(tx: Tx, person_id: int, limit: int) -> list[Consent]:
    """What a person allowed, over all hats, newest first."""
    rows = await tx.fetch(
        f"select {_COLUMNS} from partners_consent where person_id = $1 order by given_at desc limit $2",
        person_id,
        limit,
    )
    return [_consent(row) for row in rows]


async def of_taxpayer(tx: Tx, taxpayer_id: int, limit: int) -> list[Consent]:
    """What anybody allowed for a taxpayer, newest first."""
    rows = await tx.fetch(
        f"select {_COLUMNS} from partners_consent where taxpayer_id = $1 order by given_at desc limit $2",
        taxpayer_id, limit,
    )  # fmt: skip
    return [_consent(row) for row in rows]


async def open_of_application(tx: Tx, application_id: UUID, limit: int) -> list[Consent]:
    """Open consents of an application, oldest first."""
    rows = await tx.fetch(
        f"select {_COLUMNS} from partners_consent where application_id = $1 and ended_at is null"
        " order by given_at limit $2",
        application_id, limit,
    )  # fmt: skip
    return [_consent(row) for row in rows]


async def open_of_taxpayer(tx: Tx, taxpayer_id: int, now: datetime) -> list[Consent]:
    """Consents for a taxpayer that allow something now: who is told of news."""
    rows = await tx.fetch(
        f"select {_COLUMNS} from partners_consent where taxpayer_id = $1 and ended_at is null and until_at > $2",
        taxpayer_id, now,
    )  # fmt: skip
    return [_consent(row) for row in rows]


async def counts(tx: Tx, application_ids: list[UUID], now: datetime) -> dict[UUID, int]:
    """How many consents are open, by application."""
    rows = await tx.fetch(
        "select application_id, count(*) as n from partners_consent where application_id = any($1)"
        " and ended_at is null and until_at > $2 group by application_id",
        application_ids, now,
    )  # fmt: skip
    return {row["application_id"]: row["n"] for row in rows}


async def mark_invented(tx: Tx, taxpayer_id: int, person_id: int) -> None:
    """A taxpayer of the sandbox, and the person who agrees for it."""
    await tx.execute(
        "insert into partners_sandbox (taxpayer_id, person_id) values ($1, $2) on conflict (taxpayer_id) do nothing",
        taxpayer_id, person_id,
    )  # fmt: skip


async def is_invented(tx: Tx, taxpayer_id: int) -> bool:
    """Whether a taxpayer belongs to the sandbox."""
    return bool(await tx.fetchval("select true from partners_sandbox where taxpayer_id = $1", taxpayer_id))


async def invented(tx: Tx) -> list[tuple[int, int]]:
    """Taxpayers of the sandbox with the person who agrees for each, in their order."""
    rows = await tx.fetch("select taxpayer_id, person_id from partners_sandbox order by taxpayer_id limit 50")
    return [(row["taxpayer_id"], row["person_id"]) for row in rows]
