"""Taking a callback in: once, in one transaction, in time. What it means is worked out later."""

from __future__ import annotations

import hashlib
from uuid import UUID

from palmtax.base.clock import Clock
from palmtax.channels.model.incoming import SYNTHETIC, Event, Verdict
from palmtax.channels.model.wechat_codec import CallbackRefused
from palmtax.channels.store import traffic
from palmtax.plumbing.database import Tx
from palmtax.plumbing.outbox import enqueue


def event_id(channel: str, key: str) -> UUID:
    """The number of an event: the same for every repetition of it (UUID version 8 over channel and key)."""
    digest = bytearray(hashlib.sha256(f"{channel}\0{key}".encode()).digest()[:16])
    digest[6], digest[8] = digest[6] & 0x0F | 0x80, digest[8] & 0x3F | 0x80
    return UUID(bytes=bytes(digest))


async def take_in(tx: Tx, *, clock: Clock, channel: str, verdict: Verdict, request_id: str = "") -> int:
    """Keep the events of a callback and ask for their work; gives how many were new.

    The same call again is answered and changes nothing; another body under the same time and nonce is a forgery:
    CallbackRefused `replayed`.
    """
    now = clock.now()
    fresh = await traffic.is_new_nonce(
        tx, channel, verdict.nonce, verdict.digest, now, shared_seconds=verdict.shared_seconds
    )
    if fresh is None:
        raise CallbackRefused("replayed")
    if not fresh:
        return 0
    new = 0
    for event in verdict.events:
        if SYNTHETIC in event.key:
            continue
        number = event_id(channel, event.key)
        if await traffic.keep_event(tx, channel, number, event, now):
            await enqueue(tx, "channels.take_event", {"event_id": str(number)}, request_id=request_id)
            await _ask_for_more(tx, number, event, request_id)
            new += 1
    return new


async def _ask_for_more(tx: Tx, number: UUID, event: Event, request_id: str) -> None:
    """What an event wants beside being worked off; a welcome code is good for twenty seconds."""
    payload = {"event_id": str(number)}
    if event.more.get("WelcomeCode"):
        await enqueue(tx, "channels.answer", payload, request_id=request_id, is_urgent=True)
    if event.kind == "service_session":
        await enqueue(tx, "channels.pull_service", payload, request_id=request_id, is_urgent=True)
    if event.kind == "followed":
        await enqueue(tx, "channels.recognise", payload, request_id=request_id)
    await want_picture(tx, number, event, request_id)


async def want_picture(tx: Tx, number: UUID, event: Event, request_id: str) -> None:
    """Ask for the picture that somebody sent, if it is one; platforms keep it for three days."""
    if event.theirs == "image" and event.more.get("MediaId"):
        await enqueue(tx, "channels.fetch_picture", {"event_id": str(number)}, request_id=request_id)
