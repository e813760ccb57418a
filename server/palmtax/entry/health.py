"""Whether this process can do its work, and in words what is missing."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import httpx

from palmtax import channels, knowledge
from palmtax.entry.enacting import enact_once
from palmtax.entry.standing import newest
from palmtax.plumbing.database import CONNECTION_LOST
from palmtax.plumbing.edge import House
from palmtax.plumbing.worker import measure_queue

WAITING_TOO_LONG = 10_000


async def ready(house: House) -> dict[str, Any]:
    """The report of /readyz: `ready` and a word for each of database, queue, migrations and every partner."""
    checks: dict[str, dict[str, Any]] = {}
    if not await house.database.ping():
        checks["database"] = {"ok": False, "text": "数据库没有应答 / the database does not answer"}
    else:
        checks["database"] = {"ok": True, "text": "正常 / answers"}
        checks["queue"], checks["migrations"] = await _queue(house), await _migrations(house)
        checks["law"] = await _law(house)
    answers = await asyncio.gather(*(_partner(client) for client in house.probes.values()))
    for name, answer in zip(house.probes, answers, strict=True):
        checks[name] = answer | {"needed": False}
    needed = [c for c in checks.values() if c.get("needed", True)]
    return {"ready": all(c["ok"] for c in needed), "checks": checks}


async def _queue(house: House) -> dict[str, Any]:
    try:
        async with house.database.statement() as tx:
            found = await measure_queue(tx)
    except (*CONNECTION_LOST, asyncpg.PostgresError) as wrong:
        return {"ok": False, "text": f"{type(wrong).__name__}"}
    waiting = found.get("queued", 0)
    return {
        "ok": waiting < WAITING_TOO_LONG,
        "text": f"等待 {waiting}，死信 {found.get('failed', 0)} / queued, dead letters",
    }


async def _law(house: House) -> dict[str, Any]:
    """Whether the versions that two officers agreed on are in force here, all of them."""
    if not await enact_once(house.database):
        return {"ok": False, "text": "税法版本未能载入 / approved versions of the law could not be read"}
    lost = knowledge.unreadable_versions()
    return {"ok": not lost, "text": f"无法识别 / unreadable: {', '.join(lost)}" if lost else "正常 / in force"}


async def _migrations(house: House) -> dict[str, Any]:
    try:
        async with house.database.statement() as tx:
            have = await tx.fetchval("select version_num from alembic_version")
    except (*CONNECTION_LOST, asyncpg.PostgresError):
        have = None
    want = newest()
    return {"ok": have == want, "text": f"{have or '无 / none'} → {want}"}


async def _partner(client: httpx.AsyncClient) -> dict[str, Any]:
    """Any HTTP answer at all means the partner is there."""
    try:
        await client.get("/", timeout=1.0)
    except httpx.HTTPError as wrong:
        return {"ok": False, "text": f"{type(wrong).__name__}"}
    return {"ok": True, "text": "正常 / answers"}


async def refresh_gauges(house: House) -> None:
    """Bring the gauges of queue, messages and channels up to date; silent when the database is away."""
    try:
        async with house.database.statement() as tx:
            await measure_queue(tx)
        async with house.database.transaction() as tx:
            await channels.expose(tx, clock=house.clock)
    except (*CONNECTION_LOST, asyncpg.PostgresError):
        return
