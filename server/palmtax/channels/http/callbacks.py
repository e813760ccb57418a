"""The one address that platforms call: `/channels/{name}/callback`."""

from __future__ import annotations

import asyncio
from typing import Annotated

import structlog
from fastapi import Path, Request
from fastapi.responses import PlainTextResponse

from palmtax.channels.actions import receiving
from palmtax.channels.adapters.process import process_of
from palmtax.channels.errors import CallbackNotTaken
from palmtax.channels.model.incoming import Callback, Verdict, receive
from palmtax.channels.model.wechat_codec import CallbackRefused
from palmtax.plumbing import faults
from palmtax.plumbing.edge import Edge, Router, may_anyone
from palmtax.plumbing.metrics import CALLBACKS

router = Router(prefix="/channels", tags=["channels"])
log = structlog.get_logger()
Name = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
RATE = "60000/minute"
"""From one address: a platform calls from few. Limits by platform lie in their own quotas."""
ANSWER_SECONDS = 4.0
"""Platforms hang up after five and come again."""


@router.get("/{name}/callback", response_class=PlainTextResponse, include_in_schema=False)
async def check_callback(name: Name, request: Request, edge: Edge = may_anyone(rate=RATE)) -> PlainTextResponse:
    """The platform makes sure that the address is ours: its text comes back, decrypted where it was sealed."""
    verdict, _ = await _verified(edge, name, Callback("GET", dict(request.query_params), {}, b""))
    return PlainTextResponse(verdict.echo or "")


@router.post("/{name}/callback", response_class=PlainTextResponse, include_in_schema=False)
async def take_callback(name: Name, request: Request, edge: Edge = may_anyone(rate=RATE)) -> PlainTextResponse:
    """Something happened outside: verified, kept once, answered; the work comes later."""
    headers = {key.lower(): value for key, value in request.headers.items()}
    call = Callback("POST", dict(request.query_params), headers, await request.body())
    verdict, channel = await _verified(edge, name, call)
    if verdict.echo is not None:
        return PlainTextResponse(verdict.echo)
    try:
        async with asyncio.timeout(ANSWER_SECONDS), edge.transaction() as tx:
            new = await receiving.take_in(
                tx, clock=edge.clock, channel=channel, verdict=verdict, request_id=edge.request_id
            )
    except CallbackRefused as refused:
        raise _refused(channel, refused) from refused
    CALLBACKS.labels(channel, "kept" if new else "repeated").inc()
    return PlainTextResponse(verdict.answer)


async def _verified(edge: Edge, name: str, call: Callback) -> tuple[Verdict, str]:
    process = process_of(edge.house)
    channel = (await process.memory.known(edge.house.database, edge.clock)).channel(name)
    section = process.ports.credentials.get(channel.manifest.credentials, {})
    try:
        return receive(channel.manifest, section, call, process.ports.wall()), channel.name
    except CallbackRefused as refused:
        if refused.code == "too_large":
            CALLBACKS.labels(channel.name, "too_large").inc()
            raise faults.TooLarge(limit_bytes=channel.manifest.callback.largest_bytes) from refused
        raise _refused(channel.name, refused) from refused


def _refused(channel: str, refused: CallbackRefused) -> CallbackNotTaken:
    """One answer for every reason; which it was is for the log and the figures."""
    CALLBACKS.labels(channel, refused.code).inc()
    log.warning("channels.callback_refused", channel=channel, told=refused.code)
    return CallbackNotTaken()
