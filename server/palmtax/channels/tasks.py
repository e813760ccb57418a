"""Work of channels: events worked off, manifests read again, health looked at."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog

from palmtax.channels.actions import taking, versions, watching
from palmtax.channels.adapters import Ports, wecom
from palmtax.channels.adapters.process import process_of
from palmtax.channels.adapters.transports import TRANSPORTS
from palmtax.channels.model.manifest import Channel
from palmtax.channels.model.reading import FOLDER, texts_in
from palmtax.channels.store import traffic
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable
from palmtax.plumbing.outbox import TaskContext, enqueue, every, task

log = structlog.get_logger()
EARLY_SECONDS = (2, 4, 8, 16, 32, 64)
"""When a receipt is looked at again whose message nobody has noted yet."""
HALF_A_MINUTE = timedelta(seconds=30)
CARD_TAKEN = "已收到"


@task("channels.take_event", tries=12)
async def take_event(context: TaskContext, payload: dict[str, Any]) -> None:
    """Work off one event that came in; a receipt that was quicker than our own note is looked at again."""
    looks = int(payload.get("looks", 0))
    try:
        await _take(context, UUID(payload["event_id"]), is_last=looks >= len(EARLY_SECONDS))
    except taking.TooEarly:
        again = {"event_id": payload["event_id"], "looks": looks + 1}
        async with context.database.transaction() as tx:
            await enqueue(tx, "channels.take_event", again, run_after=timedelta(seconds=EARLY_SECONDS[looks]))


async def _take(context: TaskContext, event_id: UUID, *, is_last: bool) -> None:
    """Work one event off; a card that was clicked is changed afterwards."""
    process = process_of(context)
    known = await process.memory.known(context.database, context.clock)
    async with context.database.transaction() as tx:
        kept = await traffic.event(tx, event_id)
        if kept is None or kept.taken_at is not None or kept.channel not in known.channels:
            return
        channel = known.channels[kept.channel]
        card = await taking.take(
            tx,
            clock=context.clock,
            channel=channel,
            account=process.ports.account(channel),
            event_id=kept.event_id,
            event=kept.event,
            received_at=kept.received_at,
            request_id=context.request_id,
            is_last=is_last,
        )
    if card is not None and channel.manifest.transport == "wecom":
        try:
            await wecom.close_card(process.ports, channel, card.address, card.response_code, CARD_TAKEN)
        except (OutsideRefused, OutsideUnavailable) as wrong:
            log.warning("channels.card_not_closed", channel=channel.name, told=wrong.code)


@every("* * * * *", "channels.read_manifests")
async def read_manifests(context: TaskContext, _payload: dict[str, Any]) -> None:
    """Put changed manifests in force; bad ones are refused and shown to officers."""
    process = process_of(context)
    folder = texts_in(process.settings.folder or FOLDER)
    async with context.database.transaction() as tx:
        done = await versions.reload(tx, clock=context.clock, folder=folder)
    for name, faults in done.refused.items():
        log.error("channels.manifest_refused", channel=name, faults=[str(one) for one in faults])
    if done.put_in_force:
        process.memory.forget()


@every("* * * * *", "channels.watch")
async def watch(context: TaskContext, _payload: dict[str, Any]) -> None:
    """Look at every channel now, and once more in half a minute: a dead token is red within a minute."""
    await _look(context)
    async with context.database.transaction() as tx:
        await enqueue(tx, "channels.look_again", {}, run_after=HALF_A_MINUTE, key="channels.look_again")


@task("channels.look_again", tries=1)
async def look_again(context: TaskContext, _payload: dict[str, Any]) -> None:
    """The second look of a minute."""
    await _look(context)


async def _look(context: TaskContext) -> None:
    process = process_of(context)
    process.memory.forget()
    known = await process.memory.known(context.database, context.clock)
    probed = {
        name: await _probe(process.ports, channel)
        for name, channel in known.channels.items()
        if channel.manifest.probe.by != "none" and process.ports.has_credentials(channel)
    }
    async with context.database.transaction() as tx:
        await watching.look(tx, clock=context.clock, known=known, probed=probed)
    process.memory.forget()


async def _probe(ports: Ports, channel: Channel) -> tuple[bool, str]:
    """Whether the platform lets us in (`token`) or answers at all (`reach`)."""
    entry = TRANSPORTS[channel.manifest.transport]
    try:
        if channel.manifest.probe.by == "token" and entry.tokens is not None:
            await entry.tokens(ports, channel).get()
        else:
            await ports.reach(channel)
    except (OutsideRefused, OutsideUnavailable) as wrong:
        return False, wrong.code
    return True, ""


@every("17 3 * * *", "channels.forget")
async def forget(context: TaskContext, _payload: dict[str, Any]) -> None:
    """Drop what is too old to be of use."""
    async with context.database.transaction() as tx:
        await watching.forget(tx, clock=context.clock)
