"""The one address that platforms call: `/channels/{name}/callback`."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import asyncpg
import structlog
from fastapi import Path, Request
from fastapi.responses import PlainTextResponse

from palmtax.channels.actions import receiving, talking
from palmtax.channels.adapters.process import process_of
from palmtax.channels.errors import CallbackNotTaken
from palmtax.channels.http.counting import counted
from palmtax.channels.model.incoming import Callback, Verdict, receive
from palmtax.channels.model.manifest import Channel
from palmtax.channels.model.replying import reply
from palmtax.channels.model.wechat_codec import CallbackRefused
from palmtax.plumbing import faults
from palmtax.plumbing.edge import Edge, Router, may_anyone
from palmtax.plumbing.metrics import CALLBACKS
from palmtax.plumbing.outbox import enqueue

router = Router(prefix="/channels", tags=["channels"])
log = structlog.get_logger()
Name = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
RATE = "60000/minute"
"""From one address: a platform calls from few. Limits by platform lie in their own quotas."""
ANSWER_SECONDS = 3.0
"""Platforms hang up after five and come again."""
REPLY_SECONDS = 1.5
"""What we have to say must be found in what is left of them."""


@router.get("/{name}/callback", response_class=PlainTextResponse, include_in_schema=False)
async def check_callback(name: Name, request: Request, edge: Edge = may_anyone(rate=RATE)) -> PlainTextResponse:
    """The platform makes sure that the address is ours: its text comes back, decrypted where it was sealed."""
    verdict, _ = await _verified(edge, name, Callback("GET", dict(request.query_params), {}, b""))
    return PlainTextResponse(verdict.echo or "", headers={"x-content-type-options": "nosniff"})


@router.post("/{name}/callback", response_class=PlainTextResponse, include_in_schema=False)
async def take_callback(name: Name, request: Request, edge: Edge = may_anyone(rate=RATE)) -> PlainTextResponse:
    """Something happened outside: verified, kept once, answered; the work comes later."""
    headers = {key.lower(): value for key, value in request.headers.items()}
    call = Callback("POST", dict(request.query_params), headers, await request.body())
    verdict, channel = await _verified(edge, name, call)
    if verdict.echo is not None:
        return PlainTextResponse(verdict.echo)
    try:
        async with counted(edge, channel.name), asyncio.timeout(ANSWER_SECONDS):
            new = await _kept(edge, channel.name, verdict)
    except CallbackRefused as refused:
        raise _refused(channel.name, refused) from refused
    CALLBACKS.labels(channel.name, "kept" if new else "repeated").inc()
    said = await _said(edge, channel, verdict)
    if said is None:
        return PlainTextResponse(verdict.answer)
    section = process_of(edge.house).ports.credentials.get(channel.manifest.credentials, {})
    return PlainTextResponse(reply(channel.manifest, section, call, *said), media_type="text/xml")


async def _kept(edge: Edge, channel: str, verdict: Verdict) -> int:
    """How many events were new: one statement for what never came before, a look at it for what did."""
    about: dict[str, Any] = {"clock": edge.clock, "channel": channel, "verdict": verdict, "request_id": edge.request_id}
    try:
        async with edge.statement() as tx:
            return await receiving.take_new(tx, **about, engine=edge.house.database.engine)
    except asyncpg.UniqueViolationError:
        async with edge.transaction() as tx:
            return await receiving.take_in(tx, **about)


async def _said(edge: Edge, channel: Channel, verdict: Verdict) -> tuple[str, str] | None:
    """To whom we say what in this very answer; what cannot be said now follows as a customer-service message."""
    event = verdict.events[0] if len(verdict.events) == 1 else None
    if event is None or not talking.wants_answer(channel, event):
        return None
    ports = process_of(edge.house).ports
    if channel.manifest.transport == "wechat_oa":
        try:
            async with asyncio.timeout(REPLY_SECONDS), edge.transaction() as tx:
                talk = await talking.answer(
                    tx, clock=edge.clock, channel=channel, account=ports.account(channel), link=ports.link, event=event,
                    way="reply",
                )  # fmt: skip
        except TimeoutError:
            log.warning("channels.answer_late", channel=channel.name)
        else:
            return (event.address, talk.answer) if talk else None
    number = str(receiving.event_id(channel.name, event.key))
    async with edge.transaction() as tx:
        await enqueue(tx, "channels.answer", {"event_id": number}, key=f"channels.answer:{number}")
    return None


async def _verified(edge: Edge, name: str, call: Callback) -> tuple[Verdict, Channel]:
    process = process_of(edge.house)
    channel = (await process.memory.known(edge.house.database, edge.clock)).channel(name)
    section = process.ports.credentials.get(channel.manifest.credentials, {})
    try:
        return receive(channel.manifest, section, call, process.ports.wall()), channel
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
