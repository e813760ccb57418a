"""Sessions for load generators: everybody of the town signed in at once, WeChat bound, without asking for codes."""

from __future__ import annotations

import json
import sqlite3
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
from palmtax.identity.store.sealed import token_hash

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
    await connection.copy_records_to_table(
        "identity_session",
        columns=[
            "person_id",
            "session_id",
            "access_hash",
            "access_expires_at",
            "expires_at",
            "hat_id",
            "channel",
            "device_name",
            "way",
            "signed_in_at",
            "last_seen_at",
        ],
        records=[
            (
                o.person_id,
                o.session_id,
                token_hash(o.access_token),
                now + timedelta(days=1),
                now + timedelta(days=1),
                r["hat_id"],
                "miniprogram",
                "load",
                "wechat",
                now,
                now,
            )
            for o, r in zip(made, rows, strict=True)
        ],
    )
    await connection.copy_records_to_table(
        "identity_wechat",
        columns=["openid", "app_id", "person_id", "bound_at"],
        records=[(o.openid, app_id, o.person_id, now) for o in made],
    )
    await connection.copy_records_to_table(
        "identity_person_wechat",
        columns=["person_id", "app_id", "openid", "bound_at"],
        records=[(o.person_id, app_id, o.openid, now) for o in made],
    )
    await connection.close()
    return made


def trades_of_sandbox(state: Path) -> list[dict[str, Any]]:
    """Every order the WeChat Pay sandbox knows, from its state file: `out_trade_no` and `trade_state`."""
    found = next(state.glob("*.sqlite*"))
    with sqlite3.connect(f"file:{found}?mode=ro", uri=True) as connection:
        rows = connection.execute("select out_trade_no, state from pay_order").fetchall()
    return [{"out_trade_no": number, "trade_state": trade_state} for number, trade_state in rows]


def as_json(opened: list[Opened]) -> str:
    """For load generators in other processes."""
    return json.dumps([{"taxpayer_id": o.taxpayer_id, "access_token": o.access_token} for o in opened])
