"""Which synthetic journeys are due, and what is kept of one that was made."""

from __future__ import annotations

from datetime import datetime, timedelta

from palmtax.base.clock import Clock, china_day
from palmtax.channels.actions.knowing import Known
from palmtax.channels.model.monitoring import services
from palmtax.channels.model.routing import is_on
from palmtax.channels.store import journeys as store
from palmtax.channels.store.journeys import Journey
from palmtax.plumbing.database import Tx
from palmtax.plumbing.metrics import JOURNEYS

EARLY = timedelta(seconds=5)
AGAIN_SECONDS = 60


async def due(tx: Tx, *, clock: Clock, known: Known) -> list[str]:
    """The subjects whose journey is to be made now: services, and channels that are on and declare one. One round trip."""
    now = clock.now()
    wanted = {one.subject: services().every_seconds for one in services().services}
    for name, channel in known.channels.items():
        if channel.manifest.journeys.steps and is_on(channel, known.standings[name]):
            wanted[name] = channel.manifest.journeys.every_seconds
    last = await store.last_two(tx, now - timedelta(days=2))
    return [name for name, seconds in wanted.items() if _is_due(last.get(name), seconds, now)]


def _is_due(last: list[Journey] | None, seconds: int, now: datetime) -> bool:
    """After a failure it is made again in a minute: whether that was a hiccup is soon known."""
    if not last:
        return True
    pause = seconds if last[0].is_good else min(seconds, AGAIN_SECONDS)
    return now - last[0].began_at >= timedelta(seconds=pause) - EARLY


async def arrived(tx: Tx, *, journey: Journey) -> None:
    """Keep a journey, and count it for its China day. Two round trips."""
    if await store.keep(tx, journey, china_day(journey.began_at)):
        JOURNEYS.labels(journey.subject, "good" if journey.is_good else "failed").inc()
