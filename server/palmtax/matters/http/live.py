"""News of one's own applications while the page is open: server-sent events; what changed is read again by the client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime

import orjson
from fastapi.responses import StreamingResponse

from palmtax.matters.actions import listing
from palmtax.matters.actions.hats import standing
from palmtax.plumbing.edge import Edge, Router, may

router = Router(prefix="/api/matters", tags=["matters"])
EVERY_SECONDS = 2.0
LONGEST_SECONDS = 300.0
"""A stream ends by itself and the client opens it anew, so that rights are asked again and nothing hangs for ever."""


@router.get("/live", response_class=StreamingResponse, responses={200: {"content": {"text/event-stream": {}}}})
async def live(edge: Edge = may("matters.use", rate="30/minute")) -> StreamingResponse:
    """`changed` events with application_id and state; a comment every 15 seconds keeps the line open."""
    async with edge.transaction() as tx:
        who = await standing(tx, actor=edge.actor, clock=edge.clock)
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(
        _events(edge, who.taxpayer_id), media_type="text/event-stream; charset=utf-8", headers=headers
    )


async def _events(edge: Edge, taxpayer_id: int) -> AsyncIterator[bytes]:
    since = edge.clock.now()
    yield b"retry: 3000\n\n"
    loop = asyncio.get_running_loop()
    started = quiet_since = loop.time()
    while loop.time() - started < LONGEST_SECONDS:
        await asyncio.sleep(EVERY_SECONDS)
        if await edge.request.is_disconnected():
            return
        since, told = await _since(edge, taxpayer_id, since)
        if told:
            quiet_since = loop.time()
            yield told
        elif loop.time() - quiet_since > 15:
            quiet_since = loop.time()
            yield b": still here\n\n"


async def _since(edge: Edge, taxpayer_id: int, since: datetime) -> tuple[datetime, bytes]:
    """One short look at the database; no connection is held between two looks."""
    async with edge.statement() as tx:
        found = await listing.changes(tx, taxpayer_id=taxpayer_id, since=since, now=edge.clock.now())
    told = b""
    for one in found.changes:
        since = max(since, one.at)
        data = orjson.dumps({"application_id": str(one.application_id), "state": one.state, "at": one.at.isoformat()})
        told += b"event: changed\ndata: " + data + b"\n\n"
    return since, told
