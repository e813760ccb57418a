"""Queries on applications and their secrets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from palmtax import privacy
from palmtax.base.identifiers import uuid7
from palmtax.partners.model.application import PartnerApplication
from palmtax.plumbing.database import Tx

_EMAIL, _SECRET = "partners.email", "partners.secret"
_COLUMNS = (
    "a.application_id, a.client_id, a.name, a.name_en, a.organisation, a.uscc, a.email_sealed, a.purpose, a.purpose_en,"
    " a.redirect_uris, a.scopes, a.state, a.state_reason, a.checked_by, a.made_by, a.made_at, a.changed_at, a.frame_origins"
)
_BY_CLIENT = f"select {_COLUMNS} from partners_application a where a.client_id = $1"
_BY_ID = f"select {_COLUMNS} from partners_application a where a.application_id = $1"
_LOCKED = f"select {_COLUMNS} from partners_application a where a.application_id = $1 for update"
_SEVERAL = f"select {_COLUMNS} from partners_application a where a.application_id = any($1)"
_BELIEVED = (
    f"select {_COLUMNS} from partners_application a join partners_secret s on s.application_id = a.application_id"
    " where a.client_id = $1 and s.secret_hash = $2 and (s.expires_at is null or s.expires_at > $3)"
)
_PAGE = (
    f"select {_COLUMNS} from partners_application a where ($1::text is null or a.state = $1)"
    " and ($2 = '' or a.name ilike '%' || $2 || '%' or a.organisation ilike '%' || $2 || '%' or a.client_id = $2)"
    " and ($3::timestamptz is null or (a.changed_at, a.application_id) < ($3, $4))"
    " order by a.changed_at desc, a.application_id desc limit $5"
)


def secret_hash(secret: str) -> bytes:
    """What is kept of a client secret."""
    return privacy.fingerprint(secret, _SECRET)


def _application(row: Mapping[str, Any]) -> PartnerApplication:
    values = dict(row.items())
    email = privacy.unseal(values.pop("email_sealed"), _EMAIL)
    values |= {name: tuple(values[name]) for name in ("redirect_uris", "scopes", "frame_origins")}
    return PartnerApplication(**values, email=email)


async def add(tx: Tx, one: PartnerApplication, *, secret: str) -> None:
    """A new application with its first secret. Two round trips."""
    await tx.execute(
        "insert into partners_application (application_id, client_id, name, name_en, organisation, uscc, email_sealed,"
        " purpose, purpose_en, redirect_uris, scopes, state, state_reason, checked_by, made_by, made_at, changed_at,"
        " frame_origins) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16, $17)",
        one.application_id, one.client_id, one.name, one.name_en, one.organisation, one.uscc,
        privacy.seal(one.email, _EMAIL), one.purpose, one.purpose_en, list(one.redirect_uris), list(one.scopes),
        one.state, one.state_reason, one.checked_by, one.made_by, one.made_at, list(one.frame_origins),
    )  # fmt: skip
    await add_secret(tx, one.application_id, secret, at=one.made_at)


async def change(tx: Tx, one: PartnerApplication, *, at: datetime) -> None:
    """Write what may change. One round trip."""
    await tx.execute(
        "update partners_application set redirect_uris = $2, scopes = $3, purpose = $4, purpose_en = $5, state = $6,"
        " state_reason = $7, checked_by = $8, email_sealed = $9, changed_at = $10, frame_origins = $11"
        " where application_id = $1",
        one.application_id, list(one.redirect_uris), list(one.scopes), one.purpose, one.purpose_en, one.state,
        one.state_reason, one.checked_by, privacy.seal(one.email, _EMAIL), at, list(one.frame_origins),
    )  # fmt: skip


async def of_client(tx: Tx, client_id: str) -> PartnerApplication | None:
    """The application with this client id."""
    row = await tx.fetchrow(_BY_CLIENT, client_id)
    return _application(row) if row else None


async def believed(tx: Tx, client_id: str, secret: str, now: datetime) -> PartnerApplication | None:
    """The application, when this is one of its secrets today."""
    row = await tx.fetchrow(_BELIEVED, client_id, secret_hash(secret), now)
    return _application(row) if row else None


async def find(tx: Tx, application_id: UUID) -> PartnerApplication | None:
    """The application."""
    row = await tx.fetchrow(_BY_ID, application_id)
    return _application(row) if row else None


async def locked(tx: Tx, application_id: UUID) -> PartnerApplication | None:
    """The application, held until the transaction ends."""
    row = await tx.fetchrow(_LOCKED, application_id)
    return _application(row) if row else None


async def several(tx: Tx, application_ids: list[UUID]) -> dict[UUID, PartnerApplication]:
    """Several by id."""
    return {row["application_id"]: _application(row) for row in await tx.fetch(_SEVERAL, application_ids)}


async def page(
    tx: Tx, *, state: str | None, text: str, before: tuple[datetime, UUID] | None, limit: int
) -> list[PartnerApplication]:
    """Applications, those that changed last first."""
    at, number = before or (None, None)
    return [_application(row) for row in await tx.fetch(_PAGE, state, text, at, number, limit)]


async def registered_since(tx: Tx, since: datetime) -> int:
    """How many developers registered themselves since then."""
    found: int = await tx.fetchval(
        "select count(*) from partners_application where made_by is null and made_at >= $1", since
    )
    return found


async def add_secret(tx: Tx, application_id: UUID, secret: str, *, at: datetime) -> None:
    """A secret that works from now on."""
    await tx.execute(
        "insert into partners_secret (application_id, secret_id, secret_hash, made_at) values ($1, $2, $3, $4)",
        application_id, uuid7(), secret_hash(secret), at,
    )  # fmt: skip


async def end_secrets(tx: Tx, application_id: UUID, *, keep: int, keep_until: datetime, now: datetime) -> None:
    """Of the secrets there are, the newest `keep` work until an instant and no longer, the others not at all."""
    await tx.execute(
        "with ranked as (select secret_hash, row_number() over (order by secret_id desc) as place from partners_secret"
        " where application_id = $1 and (expires_at is null or expires_at > $4))"
        " update partners_secret s set expires_at = case when r.place <= $2 then least(s.expires_at, $3) else $4 end"
        " from ranked r where s.application_id = $1 and s.secret_hash = r.secret_hash",
        application_id, keep, keep_until, now,
    )  # fmt: skip


async def secrets_that_work(tx: Tx, application_id: UUID, now: datetime) -> int:
    """How many secrets work."""
    found: int = await tx.fetchval(
        "select count(*) from partners_secret where application_id = $1 and (expires_at is null or expires_at > $2)",
        application_id, now,
    )  # fmt: skip
    return found


async def end_older_secrets(tx: Tx, application_id: UUID, *, now: datetime) -> None:
    """Only the newest secret works from now on."""
    await tx.execute(
        "update partners_secret set expires_at = $2 where application_id = $1 and (expires_at is null or expires_at > $2)"
        " and secret_id <> (select secret_id from partners_secret where application_id = $1 order by secret_id desc limit 1)",
        application_id, now,
    )  # fmt: skip
