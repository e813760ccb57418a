"""Sessions for load generators: everybody of the town signed in at once, WeChat bound, without asking for codes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from palmtax.base.clock import SystemClock
from palmtax.base.identifiers import uuid7
from palmtax.identity.model.tokens import new_token
from palmtax.identity.store import sealed

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Opened:
    """A signed-in business owner."""

    taxpayer_id: int
    person_id: int
    session_id: UUID
    access_token: str
    openid: str


async def open_for_everybody(dsn: str, today: date, app_id: str, wechat_url: str, *, limit: int) -> list[Opened]:
    """Sign in the legal representative of each business for a day, through COPY; each gets a WeChat account at the sandbox."""
    connection = await asyncpg.connect(dsn)
    now = SystemClock().now() + timedelta(days=(today - SystemClock().today()).days)
    rows = await connection.fetch(
        "select taxpayer_id, person_id, hat_id from identity_hat where role_code = 'legal_rep' order by taxpayer_id limit $1",
        limit,
    )
    async with httpx.AsyncClient(base_url=wechat_url, timeout=60) as http:
        users = [{"person": f"load-{r['person_id']}"} for r in rows]
        known = (await http.post("/sandbox/users", json={"users": users})).raise_for_status().json()["users"]
    made = [
        Opened(r["taxpayer_id"], r["person_id"], uuid7(), new_token(r["person_id"]), user["openid"])
        for r, user in zip(rows, known, strict=True)
    ]
    signed = [(o.person_id, o.session_id, o.access_token, r["hat_id"]) for o, r in zip(made, rows, strict=True)]
    await copy_sessions(connection, signed, channel="miniprogram", way="wechat", now=now)
    await _bind(connection, app_id, made, now)
    await connection.close()
    return made


async def _bind(connection: asyncpg.Connection, app_id: str, made: Sequence[Opened], now: datetime) -> None:
    """Each one's WeChat account in the mini program is an address of theirs."""
    hashes = [sealed.address_hash("wechat_mini", app_id, one.openid) for one in made]
    await connection.copy_records_to_table(
        "identity_address",
        columns=["address_hash", "family", "app_id", "person_id", "bound_at"],
        records=[(found, "wechat_mini", app_id, one.person_id, now) for one, found in zip(made, hashes, strict=True)],
    )
    await connection.copy_records_to_table(
        "identity_person_address",
        columns=[
            "person_id", "address_id", "family", "app_id", "address_sealed", "address_hash", "proof", "bound_at",
        ],
        records=[
            (one.person_id, uuid7(), "wechat_mini", app_id, sealed.seal_address("wechat_mini", one.openid), found,
             "wechat_login", now)
            for one, found in zip(made, hashes, strict=True)
        ],
    )  # fmt: skip


async def copy_sessions(
    connection: asyncpg.Connection,
    signed: Sequence[tuple[int, UUID, str, UUID]],
    *,
    channel: str,
    way: str,
    now: datetime,
) -> None:
    """Sessions of a day: (person, session, access token, hat). One COPY."""
    ends = now + timedelta(days=1)
    columns = (
        "person_id", "session_id", "access_hash", "hat_id", "access_expires_at", "expires_at", "channel", "device_name",
        "way", "signed_in_at", "last_seen_at",
    )  # fmt: skip
    records = [
        (person_id, session_id, sealed.token_hash(token), hat_id, ends, ends, channel, "load", way, now, now)
        for person_id, session_id, token, hat_id in signed
    ]
    await connection.copy_records_to_table("identity_session", columns=columns, records=records)


def trades_of_sandbox(state: Path) -> list[dict[str, Any]]:
    """Every order the WeChat Pay sandbox knows, from its state file: `out_trade_no` and `trade_state`."""
    found = next(state.glob("*.sqlite*"))
    with sqlite3.connect(f"file:{found}?mode=ro", uri=True) as connection:
        rows = connection.execute("select out_trade_no, state from pay_order").fetchall()
    return [{"out_trade_no": number, "trade_state": trade_state} for number, trade_state in rows]


def as_json(opened: list[Opened]) -> str:
    """For load generators in other processes."""
    return json.dumps([{"taxpayer_id": o.taxpayer_id, "access_token": o.access_token} for o in opened])
