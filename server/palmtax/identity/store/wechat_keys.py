"""Queries of session keys of mini program users."""

from __future__ import annotations

from datetime import datetime

from palmtax import privacy
from palmtax.identity.store.sealed import address_hash
from palmtax.plumbing.database import Tx

_KEY = "identity_wechat_key.secret"
_FAMILY = "wechat_mini"


async def keep(tx: Tx, *, app_id: str, openid: str, key: str, at: datetime) -> None:
    """Keep the key of a user's last sign-in. One round trip."""
    await tx.execute(
        "insert into identity_wechat_key (address_hash, secret_sealed, kept_at) values ($1, $2, $3)"
        " on conflict (address_hash) do update set secret_sealed = excluded.secret_sealed, kept_at = excluded.kept_at",
        address_hash(_FAMILY, app_id, openid), privacy.seal(key, _KEY), at,
    )  # fmt: skip


async def key(tx: Tx, *, app_id: str, openid: str) -> str | None:
    """The key of a user. One round trip."""
    kept: bytes | None = await tx.fetchval(
        "select secret_sealed from identity_wechat_key where address_hash = $1", address_hash(_FAMILY, app_id, openid)
    )
    return privacy.unseal(kept, _KEY) if kept is not None else None


async def drop(tx: Tx, *, app_id: str, openid: str) -> None:
    """The key is used up. One round trip."""
    await tx.execute("delete from identity_wechat_key where address_hash = $1", address_hash(_FAMILY, app_id, openid))


async def forget(tx: Tx, before: datetime) -> None:
    """Drop keys of sign-ins long ago. One round trip."""
    await tx.execute("delete from identity_wechat_key where kept_at < $1", before)
