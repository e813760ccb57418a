"""Who visits the pages that are measured: sessions as the applications keep them in the browser."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import asyncpg

from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.identity.model.tokens import new_token
from palmtax.identity.store.sealed import phone_hash, token_hash

SHOPKEEPER, OFFICER = "15400000001", "15400000021"
"""Phones of the cast: the noodle shop's owner, the case officer (dev/demo/cast.py)."""
H5_KEY, WORKBENCH_KEY = "palmtax.session", "palmtax.workbench.session"


@dataclass(frozen=True, slots=True)
class Visit:
    """A page, and what lies in the browser's storage before it opens."""

    name: str
    path: str
    is_desktop: bool
    storage: dict[str, str]


def _me(url: str, token: str, channel: str) -> dict[str, Any]:
    asked = urllib.request.Request(f"{url}/api/identity/me")  # noqa: S310 our own loopback address
    asked.add_header("authorization", f"Bearer {token}")
    asked.add_header("x-channel", channel)
    with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310 as above
        found: dict[str, Any] = json.loads(answer.read())
    return found


async def _session(dsn: str, clock: Clock, phone: str, channel: str) -> str:
    """A session for a day for this person, with the hat they wear first; its access token."""
    connection = await asyncpg.connect(dsn)
    try:
        row = await connection.fetchrow(
            "select p.person_id, h.hat_id from identity_person p join identity_hat h on h.person_id = p.person_id"
            " where p.phone_hash = $1 and h.kind <> 'self' and h.revoked_at is null order by h.hat_id limit 1",
            phone_hash(phone),
        )
        if row is None:
            raise RuntimeError(f"nobody in the town has the phone {phone}")
        token, now = new_token(row["person_id"]), clock.now()
        await connection.execute(
            "insert into identity_session (person_id, session_id, access_hash, access_expires_at, expires_at, hat_id, channel,"
            " device_name, way, signed_in_at, last_seen_at) values ($1, $2, $3, $4, $4, $5, $6, 'bench', 'sms', $7, $7)",
            row["person_id"], uuid7(), token_hash(token), now + timedelta(days=1), row["hat_id"], channel, now,
        )  # fmt: skip
    finally:
        await connection.close()
    return token


async def visits(dsn: str, url: str, clock: Clock) -> list[Visit]:
    """Welcome and sign-in page of a stranger, the home of a shopkeeper, the workbench of an officer."""
    owner = await _session(dsn, clock, SHOPKEEPER, "h5")
    officer = await _session(dsn, clock, OFFICER, "workbench")
    until = (clock.now() + timedelta(days=1)).isoformat()
    kept = {"access_token": owner, "access_expires_at": until, "refresh_token": "none", "me": _me(url, owner, "h5")}
    desk = {"access": officer, "refresh": "none", "me": _me(url, officer, "workbench")}
    return [
        Visit("H5 welcome", "/", is_desktop=False, storage={}),
        Visit("H5 sign-in", "/#/pages/sign-in/index", is_desktop=False, storage={}),
        Visit("H5 home, signed in", "/", is_desktop=False, storage={H5_KEY: json.dumps(kept)}),
        Visit("workbench, signed in", "/workbench/", is_desktop=True, storage={WORKBENCH_KEY: json.dumps(desk)}),
    ]
