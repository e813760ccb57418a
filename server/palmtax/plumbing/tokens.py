"""Access tokens of platforms: one for each name among all processes, fetched by one, renewed before it ends.

The token lies sealed in PostgreSQL. Whoever finds it due takes a lease and fetches; the others go on with the old one
while it lives, and wait when there is none. After a fault nobody asks again before a growing pause is over, so a dead
platform is never stormed. Instants are the database's: the processes' clocks need not agree.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from palmtax.base.identifiers import uuid7
from palmtax.plumbing.database import Database, Tx
from palmtax.plumbing.metrics import TOKEN_FETCHES
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable

RENEWED_BEFORE_SECONDS = 300
"""WeChat's family hands out the next token in the last five minutes of the present one, and takes both meanwhile."""
LEASE_SECONDS = 15.0
"""How long one process may fetch before another believes it dead."""
LONGEST_PAUSE_SECONDS = 60.0
YOUNG_SECONDS = 60.0
"""A token that is refused younger than this was not worth fetching: the second time running costs a pause."""
POLL_SECONDS = 0.1

log = structlog.get_logger()

Fetch = Callable[[], Awaitable[tuple[str, int]]]
"""Asks the platform: the token and the seconds it lives. Raises OutsideRefused or OutsideUnavailable."""


class _NoVault(RuntimeError):
    """Nobody said how secrets are sealed."""


def _no_seal(_text: str, _about: str) -> bytes:
    raise _NoVault


def _no_unseal(_sealed: bytes, _about: str) -> str:
    raise _NoVault


_ABOUT = "plumbing.token"
_vault: list[tuple[Callable[[str, str], bytes], Callable[[bytes, str], str]]] = [(_no_seal, _no_unseal)]


def seal_with(seal: Callable[[str, str], bytes], unseal: Callable[[bytes, str], str]) -> None:
    """Say how tokens are sealed: `privacy`, which stands above the ground, does so when it is imported."""
    _vault[0] = (seal, unseal)


def sealed(text: str, about: str) -> bytes:
    """A secret of the ground as it may lie in a table."""
    return _vault[0][0](text, about)


def unsealed(kept: bytes, about: str) -> str:
    """What `sealed` put away."""
    return _vault[0][1](kept, about)


@dataclass(frozen=True, slots=True)
class TokenState:
    """What monitoring sees of a token; never the token itself."""

    name: str
    is_alive: bool
    fetched_at: datetime | None
    expires_at: datetime | None
    failures: int
    last_error: str
    last_error_at: datetime | None
    seconds_left: int


@dataclass(frozen=True, slots=True)
class _Seen:
    token: str
    seconds_left: float
    seconds_fresh: float
    seconds_closed: float
    is_fetching: bool
    last_error: str


_LOOK = (
    "select secret_sealed, extract(epoch from expires_at - now())::float8 as seconds_left,"
    " extract(epoch from renew_at - now())::float8 as seconds_fresh,"
    " extract(epoch from next_try_at - now())::float8 as seconds_closed, refresher is not null as is_fetching,"
    " last_error from plumbing_token where name = $1"
)
_CLAIM = (
    "insert into plumbing_token as t (name, refresher, next_try_at, failures, early_drops, last_error)"
    " values ($1, $2, now() + make_interval(secs => $3), 0, 0, '') on conflict (name) do update"
    " set refresher = excluded.refresher, next_try_at = excluded.next_try_at"
    " where (t.next_try_at is null or t.next_try_at <= now())"
    " and (t.secret_sealed is null or t.renew_at <= now()) returning true"
)
_KEEP = (
    "update plumbing_token set secret_sealed = $3, secret_hash = $4, fetched_at = now(),"
    " expires_at = now() + make_interval(secs => $5), renew_at = now() + make_interval(secs => $6), refresher = null,"
    " next_try_at = null, failures = 0, last_error = '' where name = $1 and refresher = $2"
)
_FAIL = (
    "update plumbing_token set refresher = null, failures = failures + 1, last_error = $3, last_error_at = now(),"
    " next_try_at = now() + make_interval(secs => least($4, power(2, least(failures, 10))))"
    " where name = $1 and refresher = $2"
)
_DROP = (
    "update plumbing_token set secret_sealed = null, secret_hash = null, expires_at = now(), renew_at = now(),"
    " early_drops = case when fetched_at > now() - make_interval(secs => $3) then early_drops + 1 else 0 end,"
    " next_try_at = case when refresher is not null then next_try_at"
    " when fetched_at > now() - make_interval(secs => $3) and early_drops > 0"
    " then now() + make_interval(secs => least($4, power(2, least(early_drops, 10)))) end"
    " where name = $1 and secret_hash = $2"
)


class TokenKeeper:
    """The token of one name, for every process that asks for it."""

    def __init__(self, database: Database, name: str, fetch: Fetch) -> None:
        self.name = name
        self._database = database
        self._fetch = fetch
        self._lock = asyncio.Lock()
        self._token = ""
        self._until = 0.0

    async def get(self) -> str:
        """A living token; no round trip while the one seen last is fresh.

        Raises what the platform said, or OutsideUnavailable `token` while nobody may ask it again.
        """
        if time.monotonic() < self._until:
            return self._token
        async with self._lock:  # one of this process looks, the others take what it found
            if time.monotonic() < self._until:
                return self._token
            return await self._found()

    async def drop(self, token: str) -> None:
        """The platform no longer takes this token: forget it, unless somebody has replaced it already."""
        if self._token == token:
            self._until = 0.0
        async with self._database.transaction() as tx:
            await tx.execute(_DROP, self.name, _hash(token), YOUNG_SECONDS, LONGEST_PAUSE_SECONDS)

    async def _found(self) -> str:
        patience = time.monotonic() + 2 * LEASE_SECONDS
        while True:
            seen = await self._look()
            if seen.token and seen.seconds_fresh > 0:
                return self._remember(seen.token, seen.seconds_fresh)
            if seen.seconds_closed <= 0 and (me := await self._claim()):
                return await self._renew(me, seen)
            if seen.token and seen.seconds_left > 0:
                return seen.token  # being renewed by another, or the platform is away: the old one still works
            if not seen.is_fetching and seen.seconds_closed > 0:
                raise OutsideUnavailable("token", f"{self.name}: {seen.last_error or 'refused too often'}")
            if time.monotonic() > patience:
                raise OutsideUnavailable("token", f"{self.name}: nobody could fetch it")
            await asyncio.sleep(POLL_SECONDS)

    async def _look(self) -> _Seen:
        async with self._database.statement() as tx:
            row = await tx.fetchrow(_LOOK, self.name)
        if row is None:
            return _Seen("", 0, 0, 0, False, "")
        token = _vault[0][1](row["secret_sealed"], _ABOUT) if row["secret_sealed"] is not None else ""
        return _Seen(
            token=token,
            seconds_left=row["seconds_left"] or 0.0,
            seconds_fresh=row["seconds_fresh"] or 0.0,
            seconds_closed=row["seconds_closed"] or 0.0,
            is_fetching=row["is_fetching"],
            last_error=row["last_error"],
        )

    async def _claim(self) -> UUID | None:
        me = uuid7()
        async with self._database.transaction() as tx:
            won = await tx.fetchval(_CLAIM, self.name, me, LEASE_SECONDS)
        return me if won else None

    async def _renew(self, me: UUID, seen: _Seen) -> str:
        try:
            async with asyncio.timeout(LEASE_SECONDS * 0.8):  # whoever takes over finds us gone
                token, seconds = await self._fetch()
        except (OutsideRefused, OutsideUnavailable, TimeoutError) as fault:
            await self._failed(me, fault)
            if seen.token and seen.seconds_left > 0:
                return seen.token
            if isinstance(fault, TimeoutError):
                raise OutsideUnavailable("token", f"{self.name}: no answer") from None
            raise
        fresh = max(seconds - RENEWED_BEFORE_SECONDS, seconds // 2, 1)
        async with self._database.transaction() as tx:
            await tx.execute(_KEEP, self.name, me, _vault[0][0](token, _ABOUT), _hash(token), seconds, fresh)
        TOKEN_FETCHES.labels(self.name, "done").inc()
        return self._remember(token, fresh)

    async def _failed(self, me: UUID, fault: Exception) -> None:
        code = getattr(fault, "code", "timeout")
        TOKEN_FETCHES.labels(self.name, "failed").inc()
        log.error("plumbing.token_failed", keeper=self.name, told=code, kind=type(fault).__name__)
        async with self._database.transaction() as tx:
            await tx.execute(_FAIL, self.name, me, str(fault)[:300] or code, LONGEST_PAUSE_SECONDS)

    def _remember(self, token: str, seconds: float) -> str:
        self._token, self._until = token, time.monotonic() + seconds
        return token


def _hash(token: str) -> bytes:
    """A token is long and random: its plain digest gives nothing away."""
    return hashlib.sha256(token.encode()).digest()


async def token_states(tx: Tx) -> list[TokenState]:
    """Every token, by name, for monitoring. One round trip."""
    rows = await tx.fetch(
        "select name, coalesce(secret_sealed is not null and expires_at > now(), false) as is_alive, fetched_at,"
        " expires_at, failures, last_error, last_error_at, case when secret_sealed is null then 0"
        " else greatest(0, extract(epoch from expires_at - now())::int) end as seconds_left"
        " from plumbing_token order by name"
    )
    return [TokenState(**dict(row.items())) for row in rows]
