"""Queries of sign-ins inside WeChat that are under way."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from palmtax import privacy
from palmtax.identity.model.addresses import Family
from palmtax.identity.store.sealed import token_hash
from palmtax.plumbing.database import Tx

_FOUND = "identity_oauth.found"


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that was begun: by which account, and where it leads, as whom."""

    account: str
    place: str
    whose: str


@dataclass(frozen=True, slots=True)
class Found:
    """A user of WeChat or Alipay whom nobody here knows yet."""

    app_id: str
    openid: str
    unionid: str | None
    family: Family = "wechat_oa"


async def begin(tx: Tx, *, state: str, browser: str, begun: Begun, expires_at: datetime) -> None:
    """Keep a sign-in that begins. One round trip."""
    await tx.execute(
        "insert into identity_oauth (state_hash, browser_hash, account, place, whose, expires_at)"
        " values ($1, $2, $3, $4, $5, $6)",
        token_hash(state),
        token_hash(browser),
        begun.account,
        begun.place,
        begun.whose,
        expires_at,
    )


async def spend(tx: Tx, *, state: str, browser: str, now: datetime) -> Begun | None:
    """Use a state up, in the browser that began; none when it is another's, late or spent. One round trip."""
    row = await tx.fetchrow(
        "update identity_oauth set spent_at = $3 where state_hash = $1 and browser_hash = $2 and spent_at is null"
        " and expires_at > $3 returning account, place, whose",
        token_hash(state),
        token_hash(browser),
        now,
    )
    return Begun(**row) if row else None


async def keep_found(tx: Tx, *, state: str, found: Found, until: datetime) -> None:
    """Keep whom WeChat named, for the ordinary sign-in that follows. One round trip."""
    await tx.execute(
        "update identity_oauth set found_sealed = $2, bind_until = $3 where state_hash = $1 and spent_at is not null",
        token_hash(state),
        privacy.seal(json.dumps(asdict(found)), _FOUND),
        until,
    )


async def take_found(tx: Tx, *, state: str, browser: str, now: datetime) -> Found | None:
    """Whom WeChat named, once, in the browser that began; none when it is another's or late. One round trip."""
    sealed = await tx.fetchval(
        "delete from identity_oauth where state_hash = $1 and browser_hash = $2 and bind_until > $3 returning found_sealed",
        token_hash(state),
        token_hash(browser),
        now,
    )
    return Found(**json.loads(privacy.unseal(sealed, _FOUND))) if sealed is not None else None


async def forget(tx: Tx, before: datetime) -> None:
    """Drop what is over. One round trip."""
    await tx.execute("delete from identity_oauth where expires_at < $1", before)
