"""The public status page: what works now, for everybody, also while the database is away."""

from __future__ import annotations

from datetime import UTC, datetime

import asyncpg
from fastapi import Request
from fastapi.responses import HTMLResponse

from palmtax.channels.actions import publishing
from palmtax.channels.adapters.process import process_of
from palmtax.channels.http.status_page import page
from palmtax.channels.schemas.status import StatusOut, shape_status
from palmtax.plumbing.database import CONNECTION_LOST
from palmtax.plumbing.edge import Edge, Router, language_of, may_anyone

router = Router(prefix="/api/status", tags=["channels"])
page_router = Router(prefix="/status", tags=["channels"])
RATE = "600/minute"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


@router.get("")
async def read_status(edge: Edge = may_anyone(rate=RATE)) -> StatusOut:
    """What works now; the last state known, and since when, while the database is away."""
    return await _told(edge)


@page_router.get("", response_class=HTMLResponse, include_in_schema=False)
async def status_page(request: Request, lang: str = "", edge: Edge = may_anyone(rate=RATE)) -> HTMLResponse:
    """The same to read: no script, no login, both languages."""
    language = lang if lang in ("zh", "en") else language_of(request)
    headers = {
        "content-security-policy": POLICY, "x-content-type-options": "nosniff", "cache-control": "no-cache",
        "content-language": language, "vary": "accept-language",
    }  # fmt: skip
    return HTMLResponse(page(await _told(edge), language), headers=headers)


async def _told(edge: Edge) -> StatusOut:
    process = process_of(edge.house)
    board, now = process.board, process.ports.now()
    if (fresh := board.fresh(now)) is not None:
        return fresh
    try:
        known = await process.memory.known(edge.house.database, edge.clock)
        async with edge.statement() as tx:
            found = shape_status(await publishing.status(tx, clock=edge.clock, known=known))
    except (*CONNECTION_LOST, asyncpg.PostgresError):
        last = await board.last()
        if last is not None:
            return last.model_copy(update={"is_stale": True})
        nothing = datetime.fromtimestamp(now, UTC)
        return StatusOut(as_of=nothing, is_stale=True, overall="unknown", lines=[], incidents=[], maintenance=[])
    await board.keep(found, now)
    return found
