"""Queries on requests for a consent, codes, families and tokens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from palmtax import privacy
from palmtax.partners.model.oauth import AuthoriseAsk, KeptCode, KeptToken
from palmtax.plumbing.database import Tx

_TOKEN = "partners.token"  # noqa: S105 the name of a column
_ASK = (
    "request_id, application_id, redirect_uri, scopes, state, challenge, expires_at, browser_hash, ticket_hash,"
    " person_id, session_id, answered_at"
)
_CODE = "application_id, taxpayer_id, consent_id, family_id, redirect_uri, scopes, challenge, expires_at, used_at"
_KEPT = (
    "kind, application_id, taxpayer_id, consent_id, family_id, scopes, audience, issued_at, expires_at, used_at,"
    " revoked_at"
)


def digest(value: str) -> bytes:
    """What is kept of a token, a code, a ticket or a cookie: worthless to who reads the table."""
    return privacy.fingerprint(value, _TOKEN)


def _with_scopes(row: Mapping[str, Any]) -> dict[str, Any]:
    return dict(row.items()) | {"scopes": tuple(row["scopes"])}


async def add_ask(tx: Tx, one: AuthoriseAsk, now: datetime) -> None:
    """A request waits for a person."""
    await tx.execute(
        "insert into partners_ask (request_id, application_id, redirect_uri, scopes, state, challenge, browser_hash,"
        " made_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        one.request_id, one.application_id, one.redirect_uri, list(one.scopes), one.state, one.challenge,
        one.browser_hash, now, one.expires_at,
    )  # fmt: skip


async def ask(tx: Tx, request_id: UUID) -> AuthoriseAsk | None:
    """The request, held until the transaction ends."""
    row = await tx.fetchrow(f"select {_ASK} from partners_ask where request_id = $1 for update", request_id)
    return AuthoriseAsk(**_with_scopes(row)) if row else None


async def show_ask(tx: Tx, request_id: UUID, *, ticket: str, person_id: int, session_id: UUID) -> None:
    """The request belongs to this session from now on; only its newest page can answer."""
    await tx.execute(
        "update partners_ask set ticket_hash = $2, person_id = $3, session_id = $4 where request_id = $1",
        request_id, digest(ticket), person_id, session_id,
    )  # fmt: skip


async def answer_ask(tx: Tx, request_id: UUID, now: datetime) -> None:
    """The request is answered."""
    await tx.execute("update partners_ask set answered_at = $2 where request_id = $1", request_id, now)


async def add_family(tx: Tx, *, taxpayer_id: int, family_id: UUID, consent_id: UUID, now: datetime) -> None:
    """A family of tokens begins."""
    await tx.execute(
        "insert into partners_family (taxpayer_id, family_id, consent_id, begun_at) values ($1, $2, $3, $4)",
        taxpayer_id, family_id, consent_id, now,
    )  # fmt: skip


async def family_lives(tx: Tx, taxpayer_id: int, family_id: UUID) -> bool:
    """Whether a family has not ended."""
    return bool(
        await tx.fetchval(
            "select true from partners_family where taxpayer_id = $1 and family_id = $2 and ended_at is null",
            taxpayer_id, family_id,
        )
    )  # fmt: skip


async def end_family(tx: Tx, *, taxpayer_id: int, family_id: UUID, reason: str, now: datetime) -> bool:
    """End every token of a family; whether it lived."""
    return bool(
        await tx.fetchval(
            "update partners_family set ended_at = $4, end_reason = $3 where taxpayer_id = $1 and family_id = $2"
            " and ended_at is null returning true",
            taxpayer_id, family_id, reason, now,
        )
    )  # fmt: skip


async def add_code(tx: Tx, code: str, kept: KeptCode) -> None:
    """A code that may be used once."""
    await tx.execute(
        f"insert into partners_code (code_hash, {_CODE}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, null)",
        digest(code), kept.application_id, kept.taxpayer_id, kept.consent_id, kept.family_id, kept.redirect_uri,
        list(kept.scopes), kept.challenge, kept.expires_at,
    )  # fmt: skip


async def spend_code(tx: Tx, code: str, application_id: UUID, now: datetime) -> KeptCode | None:
    """Use a code of this application: what it was before. Of two at once one finds it unused."""
    row = await tx.fetchrow(
        f"select {_CODE} from partners_code where code_hash = $1 and application_id = $2 for update",
        digest(code), application_id,
    )  # fmt: skip
    if row is None:
        return None
    if row["used_at"] is None:
        await tx.execute("update partners_code set used_at = $2 where code_hash = $1", digest(code), now)
    return KeptCode(**_with_scopes(row))


async def add_token(tx: Tx, token: str, kept: KeptToken) -> None:
    """A token."""
    await tx.execute(
        f"insert into partners_token (token_hash, {_KEPT}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, null, null)",
        digest(token), kept.kind, kept.application_id, kept.taxpayer_id, kept.consent_id, kept.family_id,
        list(kept.scopes), kept.audience, kept.issued_at, kept.expires_at,
    )  # fmt: skip


async def token(tx: Tx, value: str) -> KeptToken | None:
    """A token by what the caller sent."""
    row = await tx.fetchrow(f"select {_KEPT} from partners_token where token_hash = $1", digest(value))
    return KeptToken(**_with_scopes(row)) if row else None


async def spend_refresh(tx: Tx, value: str, application_id: UUID, now: datetime) -> KeptToken | None:
    """Use a refresh token of this application: what it was before. Of two at once one finds it unused."""
    row = await tx.fetchrow(
        f"select {_KEPT} from partners_token where token_hash = $1 and application_id = $2 and kind = 'refresh' for update",
        digest(value), application_id,
    )  # fmt: skip
    if row is None:
        return None
    if row["used_at"] is None:
        await tx.execute("update partners_token set used_at = $2 where token_hash = $1", digest(value), now)
    return KeptToken(**_with_scopes(row))


async def revoke_token(tx: Tx, value: str, now: datetime) -> None:
    """One token works no longer."""
    await tx.execute(
        "update partners_token set revoked_at = $2 where token_hash = $1 and revoked_at is null", digest(value), now
    )


async def forget(tx: Tx, before: datetime) -> None:
    """Drop requests, codes and tokens whose time is long over. Three round trips."""
    await tx.execute("delete from partners_ask where expires_at < $1", before)
    await tx.execute("delete from partners_code where expires_at < $1", before)
    await tx.execute("delete from partners_token where expires_at < $1", before)
