"""Work of channels: events worked off, manifests read again, health looked at."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog

from palmtax import identity
from palmtax.channels.actions import (
    alerting,
    carding,
    measuring,
    picturing,
    pulling,
    settling,
    sharing,
    sorting,
    taking,
    talking,
    travelling,
    versions,
    visits,
    watching,
)
from palmtax.channels.actions.knowing import Known
from palmtax.channels.adapters import Ports, answering, media, wechat_account, wechat_menus, wecom, wecom_customers
from palmtax.channels.adapters.probing import probe
from palmtax.channels.adapters.process import process_of
from palmtax.channels.adapters.travelling import travel_channel, travel_service
from palmtax.channels.model.manifest import Channel
from palmtax.channels.model.menus import Follower, audience_of, fitted_menus_of, menu_of
from palmtax.channels.model.monitoring import SERVICE, services
from palmtax.channels.model.reading import FOLDER, texts_in
from palmtax.channels.store import scenes, standings, traffic
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable
from palmtax.plumbing.outbox import TaskContext, enqueue, every, task

log = structlog.get_logger()
EARLY_SECONDS = (2, 4, 8, 16, 32, 64)
"""When a receipt is looked at again whose message nobody has noted yet."""
CARD_TAKEN = "已收到"
SILENT_BATCH = 100
LINK_PLACE = "{link}"
"""Where an answer in a chat names the product's address."""
AGAIN = timedelta(seconds=3)


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
    """Work one event off; a card that was clicked is changed, and what was written answered, afterwards."""
    process = process_of(context)
    known = await process.memory.known(context.database, context.clock)
    async with context.database.transaction() as tx:
        kept = await traffic.event(tx, event_id)
        if kept is None or kept.taken_at is not None or kept.channel not in known.channels:
            return
        channel = known.channels[kept.channel]
        left = await taking.take(
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
    if left is None or channel.manifest.transport != "wecom":
        return
    try:
        if isinstance(left, taking.Reply):
            await wecom.say(process.ports, channel, left.address, left.text.replace(LINK_PLACE, process.ports.link))
        else:
            await wecom.close_card(process.ports, channel, left.address, left.response_code, CARD_TAKEN)
    except (OutsideRefused, OutsideUnavailable) as wrong:
        log.warning("channels.not_answered", channel=channel.name, told=wrong.code)


@task("channels.refresh_cards", tries=12)
async def refresh_cards(context: TaskContext, payload: dict[str, Any]) -> None:
    """Officers' cards about a thing show what is true now; one that another process changes is looked at again."""
    process, subject = process_of(context), {"kind": payload["subject_kind"], "subject_id": UUID(payload["subject_id"])}
    known = await process.memory.known(context.database, context.clock)
    accounts = {name: process.ports.account(one) for name, one in known.channels.items()}
    async with context.database.transaction() as tx:
        looked = await carding.look(
            tx, clock=context.clock, channels=known.channels, accounts=accounts, base=process.ports.link, **subject
        )
    is_again = looked.is_busy
    for change in looked.changes:
        is_again |= await _change_card(context, process.ports, change)
    if looked.changes or is_again:  # the thing may have moved meanwhile
        async with context.database.transaction() as tx:
            wait = AGAIN if is_again else timedelta()
            await enqueue(tx, "channels.refresh_cards", payload, run_after=wait)


async def _change_card(context: TaskContext, ports: Ports, change: carding.Change) -> bool:
    """Change one card; whether it is to be tried again at once, by another code."""
    reference = change.kept.delivery_id.hex
    try:
        await wecom.change_card(ports, change.channel, change.address, change.code, reference, change.card)
    except OutsideRefused as wrong:
        log.warning("channels.card_not_changed", channel=change.channel.name, told=wrong.code)
        async with context.database.transaction() as tx:
            await carding.settle(tx, change, is_shown=False)
        return True
    async with context.database.transaction() as tx:
        await carding.settle(tx, change, is_shown=True)
    return False


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
    """Look at every channel now, and again as often in this minute as manifests say (`probe.every_seconds`).

    Looks go before all other jobs: a dead token is red within a minute, however long the queue is.
    """
    known = await _look(context)
    async with context.database.transaction() as tx:
        for second in watching.looks(known):
            after, key = timedelta(seconds=second), f"channels.look_again:{second}"
            await enqueue(tx, "channels.look_again", {}, run_after=after, key=key, is_urgent=True)


@task("channels.look_again", tries=1)
async def look_again(context: TaskContext, _payload: dict[str, Any]) -> None:
    """A further look of a minute."""
    await _look(context)


async def _look(context: TaskContext) -> Known:
    process = process_of(context)
    process.memory.forget()
    known = await process.memory.known(context.database, context.clock)
    async with context.database.statement() as tx:
        stored = await standings.standings(tx)
    due = [
        channel
        for name, channel in known.channels.items()
        if process.ports.has_credentials(channel) and watching.is_due(channel, stored.get(name), context.clock.now())
    ]
    answers = await asyncio.gather(*(probe(process.ports, one) for one in due))
    async with context.database.transaction() as tx:
        probed = {one.name: answer for one, answer in zip(due, answers, strict=True)}
        await watching.look(tx, clock=context.clock, known=known, probed=probed)
    process.memory.forget()
    return known


@every("* * * * *", "channels.travel")
async def travel(context: TaskContext, _payload: dict[str, Any]) -> None:
    """Ask for every synthetic journey that is due; each is a job of its own."""
    process = process_of(context)
    known = await process.memory.known(context.database, context.clock)
    async with context.database.transaction() as tx:
        for subject in await travelling.due(tx, clock=context.clock, known=known):
            key = f"channels.make_journey:{subject}"
            await enqueue(tx, "channels.make_journey", {"subject": subject}, key=key, is_urgent=True)


@task("channels.make_journey", tries=1)
async def make_journey(context: TaskContext, payload: dict[str, Any]) -> None:
    """One synthetic journey, really made."""
    process = process_of(context)
    known = await process.memory.known(context.database, context.clock)
    subject, at = str(payload["subject"]), context.clock.now()
    service = services().service(subject.removeprefix(SERVICE)) if subject.startswith(SERVICE) else None
    if service is not None:
        made = await travel_service(process.ports, service, at)
    elif subject in known.channels:
        made = await travel_channel(process.ports, known.channels[subject], at)
    else:
        return
    async with context.database.transaction() as tx:
        await travelling.arrived(tx, journey=made)


@every("* * * * *", "channels.alert")
async def alert(context: TaskContext, _payload: dict[str, Any]) -> None:
    """Look for troubles that somebody must be told of, and for those that are over."""
    known = await process_of(context).memory.known(context.database, context.clock)
    async with context.database.transaction() as tx:
        await alerting.look(tx, clock=context.clock, known=known)


@every("12 * * * *", "channels.roll_up")
async def roll_up(context: TaskContext, _payload: dict[str, Any]) -> None:
    """Roll the minutes of hours that are over up, and count how far messages have come. A killed run changes nothing."""
    async with context.database.transaction() as tx:
        await measuring.roll_up(tx, clock=context.clock)
    for hour_at in await _hours(context):
        async with context.database.transaction() as tx:
            await measuring.count_funnel(tx, hour_at)


async def _hours(context: TaskContext) -> list[datetime]:
    async with context.database.statement() as tx:
        return await measuring.funnel_hours(tx, clock=context.clock)


@every("* * * * *", "channels.give_up_silent")
async def give_up_silent(context: TaskContext, _payload: dict[str, Any]) -> None:
    """Messages whose receipt never came go the next way: batch after batch, until a batch is not full."""
    known = await process_of(context).memory.known(context.database, context.clock)
    for channel in known.channels.values():
        for _ in range(50 if channel.manifest.receipt_seconds else 0):
            async with context.database.transaction() as tx:
                count = await settling.give_up_silent(tx, clock=context.clock, channel=channel, limit=SILENT_BATCH)
            if count < SILENT_BATCH:
                break


@every("17 3 * * *", "channels.forget")
async def forget(context: TaskContext, _payload: dict[str, Any]) -> None:
    """Drop what is too old to be of use."""
    async with context.database.transaction() as tx:
        await watching.forget(tx, clock=context.clock)
        await talking.forget(tx, clock=context.clock)
        await picturing.forget(tx, clock=context.clock)
        await sharing.forget(tx, clock=context.clock)
        await visits.forget(tx, clock=context.clock)


@task("channels.answer", tries=8)
async def answer(context: TaskContext, payload: dict[str, Any]) -> None:
    """Say afterwards what could not be said in the callback's own answer; never twice."""
    process, number = process_of(context), UUID(payload["event_id"])
    known = await process.memory.known(context.database, context.clock)
    async with context.database.statement() as tx:
        kept = await traffic.event(tx, number)
    channel = known.channels.get(kept.channel) if kept else None
    if kept is None or channel is None:
        return
    try:
        if await answering.may_speak(process.ports, channel, kept.event):
            await _answer(context, process.ports, known, channel, kept)
    except OutsideRefused as wrong:
        log.warning("channels.not_answered", channel=channel.name, told=wrong.code)
    except OutsideUnavailable as wrong:
        if channel.manifest.transport in answering.RECOGNISES:
            raise
        log.warning("channels.not_answered", channel=channel.name, told=wrong.code)


async def _answer(context: TaskContext, ports: Ports, known: Known, channel: Channel, kept: traffic.Kept) -> None:
    event, number = kept.event, kept.event_id
    async with context.database.transaction() as tx:
        uses = await talking.window(tx, clock=context.clock, channel=channel, event=event)
        if uses is None:
            if kept.taken_at is None:  # the window opens when the event is worked off
                await enqueue(tx, "channels.answer", {"event_id": str(number)}, run_after=AGAIN)
            return
        talk = await talking.answer(
            tx, clock=context.clock, channel=channel, account=ports.account(channel), link=ports.link, event=event,
            way="service", via=_via(known, channel), recognises=channel.manifest.transport in answering.RECOGNISES,
        )  # fmt: skip
    if talk is None:
        return
    await answering.say(ports, channel, event, number, talk.answer)
    async with context.database.transaction() as tx:
        await talking.answered(tx, clock=context.clock, talk=talk, address=event.address, uses=uses)


def _via(known: Known, channel: Channel) -> str:
    """The account that signs people in: customers of WeCom (not members) come from WeChat."""
    if channel.manifest.transport != "wecom":
        return channel.name
    accounts = (
        name for name, one in known.channels.items() if one.manifest.transport == "wechat_oa" and one.manifest.is_on
    )
    return next(accounts, "")


@task("channels.fetch_picture", tries=12)
async def fetch_picture(context: TaskContext, payload: dict[str, Any]) -> None:
    """Fetch a picture that somebody sent and keep it beside what they were answered; one that is none is noted so."""
    process = process_of(context)
    known = await process.memory.known(context.database, context.clock)
    async with context.database.statement() as tx:
        kept = await traffic.event(tx, UUID(payload["event_id"]))
        is_known = kept is not None and await picturing.is_known(tx, kept)
    channel = known.channels.get(kept.channel) if kept else None
    if kept is None or channel is None or is_known:
        return
    name, media_type, size, code = "", "", 0, ""
    try:
        found = await media.fetch(process.ports, channel, kept.event.more["MediaId"], "image")
        name, media_type, size = await context.files.put(found.content), found.media_type, len(found.content)
    except OutsideRefused as wrong:
        if wrong.code not in media.OURS and channel.meaning(wrong.code).means != "final":
            raise
        code = wrong.code
        log.warning("channels.picture_not_taken", channel=channel.name, told=code)
    async with context.database.transaction() as tx:
        await picturing.keep(tx, clock=context.clock, kept=kept, name=name, media_type=media_type, size=size, code=code)


@task("channels.pull_service", tries=12)
async def pull_service(context: TaskContext, payload: dict[str, Any]) -> None:
    """Fetch what customers wrote to a customer-service account, page by page; one that was killed goes on where it was."""
    process = process_of(context)
    known = await process.memory.known(context.database, context.clock)
    async with context.database.statement() as tx:
        kept = await traffic.event(tx, UUID(payload["event_id"]))
    channel = known.channels.get(kept.channel) if kept else None
    if kept is None or channel is None or channel.manifest.transport != "wecom":
        return
    token, open_kfid = kept.event.more.get("Token", ""), kept.event.more.get("OpenKfId", "")
    async with context.database.statement() as tx:
        before = await pulling.cursor(tx, channel=channel.name, open_kfid=open_kfid)
    is_more = bool(open_kfid)
    while is_more:
        try:
            page = await wecom_customers.pull(process.ports, channel, open_kfid, before, token)
        except OutsideRefused as wrong:
            if channel.meaning(wrong.code).means != "final":
                raise
            log.warning("channels.service_not_pulled", channel=channel.name, told=wrong.code)
            return
        async with context.database.transaction() as tx:
            await pulling.take_page(
                tx, clock=context.clock, channel=channel.name, open_kfid=open_kfid, before=before, page=page,
                request_id=context.request_id,
            )  # fmt: skip
        is_more, before = page.has_more and page.cursor != before, page.cursor


@task("channels.recognise", tries=8)
async def recognise(context: TaskContext, payload: dict[str, Any]) -> None:
    """Somebody new follows an official account: their unionid may say who they are."""
    process = process_of(context)
    known = await process.memory.known(context.database, context.clock)
    async with context.database.statement() as tx:
        kept = await traffic.event(tx, UUID(payload["event_id"]))
    channel = known.channels.get(kept.channel) if kept else None
    if kept is None or channel is None or channel.manifest.transport != "wechat_oa":
        return
    account, address = process.ports.account(channel), kept.event.address
    async with context.database.statement() as tx:
        if await identity.person_of_address(tx, "wechat_oa", account, address) is not None:
            return
    try:
        unionid = await wechat_account.unionid(process.ports, channel, address)
    except OutsideRefused as wrong:
        log.warning("channels.not_recognised", channel=channel.name, told=wrong.code)
        return
    if unionid is None:
        return
    async with context.database.transaction() as tx:
        person_id = await talking.recognise(tx, clock=context.clock, account=account, address=address, unionid=unionid)
        if person_id is not None and channel.manifest.menus:
            await enqueue(tx, "channels.sort_follower", {"event_id": payload["event_id"]})


@task("channels.sort_follower", tries=2)
async def sort_follower(context: TaskContext, payload: dict[str, Any]) -> None:
    """A follower is shown the menu that fits who they are: told by the tag that the platform knows them by.

    While the platform is away nothing is remembered, and the next thing they do asks again.
    """
    process = process_of(context)
    known = await process.memory.known(context.database, context.clock)
    async with context.database.statement() as tx:
        kept = await traffic.event(tx, UUID(payload["event_id"]))
    channel = known.channels.get(kept.channel) if kept else None
    if kept is None or channel is None or not channel.manifest.menus or not process.ports.has_credentials(channel):
        return
    account, address = process.ports.account(channel), kept.event.address
    async with context.database.statement() as tx:
        before = await sorting.known(tx, channel=channel, address=address)
        person_id = await identity.person_of_address(tx, "wechat_oa", account, address)
    who = Follower(person_id is not None, bool(payload.get("reads_english", before.reads_english)))
    audience = audience_of((one.who for one in channel.manifest.menus), who)
    try:
        await wechat_menus.tag_follower(process.ports, channel, address, audience, process.tags)
    except (OutsideRefused, OutsideUnavailable) as wrong:
        log.warning("channels.follower_not_sorted", channel=channel.name, told=wrong.code)
        if isinstance(wrong, OutsideUnavailable) or channel.meaning(wrong.code).means == "retry":
            return
    async with context.database.transaction() as tx:
        await sorting.keep(tx, clock=context.clock, channel=channel, address=address, who=who)


@task("channels.publish_menu", tries=12)
async def publish_menu(context: TaskContext, payload: dict[str, Any]) -> None:
    """A version of a manifest came into force: the account gets its menus, all or none, unless it has them already."""
    process = process_of(context)
    process.memory.forget()
    known = await process.memory.known(context.database, context.clock)
    channel = known.channels.get(payload["channel"])
    if channel is None or channel.manifest.transport != "wechat_oa" or not process.ports.has_credentials(channel):
        return
    mini = next((one for one in known.channels.values() if one.manifest.transport == "wechat_mini"), None)
    mini_app_id = process.ports.account(mini) if mini else ""
    place = {"link": process.ports.link, "via": channel.name, "mini_app_id": mini_app_id}
    wanted, fitted = menu_of(channel.manifest.menu, **place), fitted_menus_of(channel.manifest, **place)
    code = ""
    try:
        await wechat_menus.publish_menus(process.ports, channel, wanted, fitted)
    except OutsideRefused as refused:
        if channel.meaning(refused.code).means == "retry":
            raise
        code = refused.code
        log.warning("channels.menu_refused", channel=channel.name, told=code)
    async with context.database.transaction() as tx:
        told = scenes.Published(channel.name, channel.version, code, context.clock.now())
        await scenes.keep_menu(tx, told)
