"""Taking a callback in: once, in one transaction, in time. What it means is worked out later."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from uuid import UUID

from palmtax.base.clock import Clock
from palmtax.channels.model.incoming import SYNTHETIC, Event, Verdict
from palmtax.channels.model.wechat_codec import CallbackRefused
from palmtax.channels.store import traffic
from palmtax.plumbing.database import Tx
from palmtax.plumbing.outbox import URGENT, Waiting, enqueue_all, task_part
from palmtax.plumbing.together import Engine, together


def event_id(channel: str, key: str) -> UUID:
    """The number of an event: the same for every repetition of it (UUID version 8 over channel and key)."""
    digest = bytearray(hashlib.sha256(f"{channel}\0{key}".encode()).digest()[:16])
    digest[6], digest[8] = digest[6] & 0x0F | 0x80, digest[8] & 0x3F | 0x80
    return UUID(bytes=bytes(digest))


async def take_new(
    tx: Tx, *, clock: Clock, channel: str, verdict: Verdict, request_id: str = "", engine: Engine = "postgres"
) -> int:
    """Keep the events of a callback that was never seen and ask for their work; gives how many.

    One round trip: nearly every call is new. Errors: asyncpg's UniqueViolationError when any part of it was here before;
    nothing is kept then, and `take_in` looks what it is.
    """
    now, events = clock.now(), _events(channel, verdict)
    parts = [traffic.new_nonce(channel, verdict.nonce, verdict.digest, now)]
    for number, event in events:
        parts.append(traffic.new_event(channel, number, event, now))
        parts += [task_part(one.name, one.payload, request_id, priority=one.priority) for one in _work(number, event)]
    await together(tx, *parts, engine=engine)
    return len(events)


async def take_in(tx: Tx, *, clock: Clock, channel: str, verdict: Verdict, request_id: str = "") -> int:
    """Keep what is new of a callback that came before, or in part; gives how many events.

    The same call again is answered and changes nothing; another body under the same time and nonce is a forgery:
    CallbackRefused `replayed`. Two or three round trips, and two an event.
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
    for number, event in _events(channel, verdict):
        if await traffic.keep_event(tx, channel, number, event, now):
            await enqueue_all(tx, [replace(one, request_id=request_id) for one in _work(number, event)])
            new += 1
    return new


def _events(channel: str, verdict: Verdict) -> list[tuple[UUID, Event]]:
    """What is to be kept, each once: a callback may name an event twice; those of synthetic journeys are not kept."""
    found = {event_id(channel, one.key): one for one in verdict.events if SYNTHETIC not in one.key}
    return list(found.items())


def _work(number: UUID, event: Event) -> list[Waiting]:
    """What an event asks for; a welcome code is good for twenty seconds."""
    payload = {"event_id": str(number)}
    work = [Waiting("channels.take_event", payload)]
    if event.more.get("WelcomeCode"):
        work.append(Waiting("channels.answer", payload, priority=URGENT))
    if event.kind == "service_session":
        work.append(Waiting("channels.pull_service", payload, priority=URGENT))
    if event.kind == "followed":
        work.append(Waiting("channels.recognise", payload))
    if has_picture(event):
        work.append(Waiting("channels.fetch_picture", payload))
    return work


def has_picture(event: Event) -> bool:
    """Whether somebody sent a picture; platforms keep it for three days."""
    return event.theirs == "image" and bool(event.more.get("MediaId"))
