"""Messages of customer service (微信客服) are fetched, page by page, and each is kept once."""

from __future__ import annotations

from palmtax.base.clock import Clock
from palmtax.channels.actions.receiving import event_id, has_picture
from palmtax.channels.model.customers import Page
from palmtax.channels.store import customers, traffic
from palmtax.plumbing.database import Tx
from palmtax.plumbing.outbox import enqueue

_ANSWERED = frozenset({"asked", "entered"})


async def cursor(tx: Tx, *, channel: str, open_kfid: str) -> str:
    """From where to go on. One round trip."""
    return await customers.cursor(tx, channel, open_kfid)


async def take_page(
    tx: Tx, *, clock: Clock, channel: str, open_kfid: str, before: str, page: Page, request_id: str = ""
) -> int:
    """Keep a page and go on behind it; gives how many messages were new. Two to four round trips a message.

    An event has the time when it was made: windows and welcome codes run from then, however late we fetch it.
    """
    new, now = 0, clock.now()
    for event, made_at in page.events:
        number = event_id(channel, event.key)
        if not await traffic.keep_event(tx, channel, number, event, min(made_at, now)):
            continue
        new, payload = new + 1, {"event_id": str(number)}
        await enqueue(tx, "channels.take_event", payload, request_id=request_id, is_urgent=True)
        if has_picture(event):
            await enqueue(tx, "channels.fetch_picture", payload, request_id=request_id)
        if event.kind in _ANSWERED:
            await enqueue(tx, "channels.answer", payload, request_id=request_id, is_urgent=True)
    await customers.move(tx, channel, open_kfid, before, page.cursor, now)
    return new
