"""Before a platform is called: the delivery is taken, its person's address found, a channel chosen, the call written down."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from palmtax import identity, messaging, registry
from palmtax.base.clock import Clock
from palmtax.channels.actions.carding import card_of
from palmtax.channels.actions.knowing import Known
from palmtax.channels.actions.sharing import Shares
from palmtax.channels.adapters.transports import TRANSPORTS
from palmtax.channels.model.manifest import SILENT, Channel, Template
from palmtax.channels.model.outgoing import Outgoing
from palmtax.channels.model.places import WORKBENCH, entered, into_workbench, whose_of
from palmtax.channels.model.routing import Asked, Route, route
from palmtax.channels.store import figures, traffic
from palmtax.plumbing.database import Tx
from palmtax.plumbing.limits import Limiter, Rate

SHORTEST_WAIT_SECONDS = 1
WORDS = {
    "off": ("渠道已关闭", "the channel is switched off"),
    "off_for_matter": ("此事项不使用该渠道", "the channel is not used for this matter"),
    "red": ("渠道不可用", "the channel is down"),
    "gray": ("尚未对此人开放", "not released to this person yet"),
    "region": ("不在此地区开放", "not offered in this region"),
    "closed": ("不在开放时间内", "outside opening hours"),
    "no_template": ("渠道没有这条消息的模板", "the channel has no template for this message"),
    "no_address": ("此人没有该渠道的地址", "the person has no address on this channel"),
    "no_channel": ("没有这种方式的渠道", "there is no channel of this way"),
    "no_window": ("不在客服消息窗口内", "outside the window for customer-service messages"),
    "unsubscribed": ("此人没有订阅这类消息", "the person has not subscribed to such messages"),
    "day_limit": ("渠道今天的发送条数已用完", "the channel has sent all it may send today"),
    "limit": ("已达发送频率上限", "the sending limit is reached"),
    "unknown": ("对方可能已收到，等待回执", "the platform may have taken it; waiting for its receipt"),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """One call to make: through which channel, to which address, with which words; `uses` an allowance of the person."""

    taxpayer_id: int
    delivery_id: UUID
    person_id: int
    number: int
    channel: Channel
    account: str
    out: Outgoing
    others: tuple[str, ...]
    uses: str = ""
    matter: str = ""
    office_code: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Around:
    """What planning needs of the process: channels, accounts by channel, limits, where the product is, the time in words."""

    known: Known
    accounts: Mapping[str, str]
    limiter: Limiter
    shares: Shares
    processes: int
    link: str
    now: str
    template_id: Callable[[Channel, Template], str]


async def plan(tx: Tx, *, clock: Clock, around: Around, wanted: Sequence[tuple[int, UUID]]) -> list[Plan]:
    """The calls to make for deliveries (taxpayer, number); none for what is over, another's, or carried by nothing.

    What nothing carries is told. Five to six round trips, and up to three for each that is out of the ordinary.
    """
    taken = await messaging.take_deliveries(tx, clock, wanted)
    taken = [one for one in taken if not await _was_interrupted(tx, clock, around, one.taxpayer_id, one)]
    addresses = await identity.addresses(tx, sorted({one.person_id for one in taken})) if taken else []
    taxpayers = await registry.taxpayers(tx, sorted({one.taxpayer_id for one in taken})) if taken else {}
    found = []
    for one in taken:
        taxpayer = taxpayers.get(one.taxpayer_id)
        reachable = [its for its in addresses if its.person_id == one.person_id and its.is_reachable]
        found.append(await _plan(tx, clock, around, one, reachable, taxpayer.office_code if taxpayer else ""))
    plans = [one for one in found if one is not None]
    if plans:
        begun = [(one.taxpayer_id, one.delivery_id, one.number, one.channel.name) for one in plans]
        await traffic.begin_calls(tx, begun, clock.now())
    return plans


async def _plan(
    tx: Tx,
    clock: Clock,
    around: Around,
    delivery: messaging.Delivery,
    reachable: list[identity.Address],
    office_code: str,
) -> Plan | None:
    taxpayer_id, delivery_id = delivery.taxpayer_id, delivery.delivery_id
    asked = Asked(
        way=delivery.way, person_id=delivery.person_id, office_code=office_code,
        template=delivery.template, matter=delivery.matter_code,
        families=frozenset(one.family for one in reachable), seed=f"{delivery_id}:{delivery.tries}",
    )  # fmt: skip
    found = route(around.known.channels.values(), around.known.standings, asked, clock.now())
    why = ""
    for place, channel in enumerate(found.channels):
        address = _address(reachable, channel, around.accounts.get(channel.name, ""))
        if address is None:
            why = why or "no_address"
            continue
        said = channel.manifest.said(delivery.template) or Template(kind="text")
        theirs = around.template_id(channel, said)
        uses, blocked = await _allowance(tx, clock, channel, said, theirs, address)
        if blocked:
            why = why or blocked
            continue
        wait = _limited(around, channel, address)
        if wait:
            await _put_off(tx, clock, taxpayer_id, delivery_id, channel.name, "limit", seconds=wait)
            return None
        if not around.shares.may_spend(channel, clock):
            if not around.shares.is_used_up(channel, clock):
                await _put_off(
                    tx, clock, taxpayer_id, delivery_id, channel.name, "limit", seconds=SHORTEST_WAIT_SECONDS
                )
                return None
            why = why or "day_limit"
            over = figures.Figure(channel.name, "refused", "day_limit", delivery.matter_code, asked.office_code)
            await figures.count(tx, [(over, clock.now())])
            continue
        out = _outgoing(around, delivery, channel, taxpayer_id, address)
        others = tuple(one.name for one in found.channels[place + 1 :])
        account = around.accounts.get(channel.name, "")
        return Plan(
            taxpayer_id, delivery_id, delivery.person_id, delivery.tries, channel, account, out, others, uses,
            asked.matter or delivery.template, asked.office_code, delivery.due_at,
        )  # fmt: skip
    await _nothing(tx, clock, taxpayer_id, delivery_id, found, why)
    return None


async def _was_interrupted(
    tx: Tx, clock: Clock, around: Around, taxpayer_id: int, delivery: messaging.Delivery
) -> bool:
    """A call that never came back: where the platform would show a repetition twice, its receipt is waited for instead.

    Where no receipt will come the way is given up.
    """
    name = await traffic.open_call(tx, taxpayer_id, delivery.delivery_id) if delivery.tries > 1 else None
    if name is None:
        return False
    await traffic.end_calls(tx, [(taxpayer_id, delivery.delivery_id, "unknown", "interrupted")], clock.now())
    channel = around.known.channels.get(name)
    if channel is None or TRANSPORTS[channel.manifest.transport].recognises(channel, delivery.template):
        return False
    reference = delivery.delivery_id.hex
    if not channel.manifest.has_receipt(delivery.template):
        await messaging.not_handed_over(
            tx, clock, taxpayer_id, delivery.delivery_id, name, "silent", SILENT.say, SILENT.say_en, is_final=True
        )
        return True
    await messaging.handed_over(tx, clock, [(taxpayer_id, delivery.delivery_id, name, reference)])
    await traffic.keep_handed(
        tx, [traffic.Handed(reference, name, taxpayer_id, delivery.delivery_id, clock.now(), "handed", "")]
    )
    return True


def _address(addresses: list[identity.Address], channel: Channel, account: str) -> str | None:
    if not channel.manifest.family:
        return ""
    fits = [one for one in addresses if one.family == channel.manifest.family and one.app_id in {account, ""}]
    return fits[0].value if fits else None


async def _allowance(
    tx: Tx, clock: Clock, channel: Channel, said: Template, theirs: str, address: str
) -> tuple[str, str]:
    """Which allowance the message uses up, and why the person's own choice stands against it."""
    if said.kind == "service" and channel.manifest.windows:
        windows = [one.after for one in channel.manifest.windows]
        what = await traffic.open_window(tx, channel.name, address, windows, clock.now())
        return what, "" if what else "no_window"
    if said.kind == "subscribe":
        left = await traffic.left_of(tx, channel.name, address, theirs)
        if left is not None and (left[1] or (left[0] <= 0 and not said.is_lasting)):
            return "", "unsubscribed"
        return ("" if said.is_lasting else theirs), ""
    return "", ""


def _limited(around: Around, channel: Channel, address: str) -> int:
    """Seconds to wait; each process grants its share of the channel's rate, so all together never pass it."""
    limits = channel.manifest.limits
    if limits.rate:
        rate = Rate.of(limits.rate)
        unit = limits.rate.partition("/")[2]
        shared = f"{max(1, rate.count // max(1, around.processes))}/{unit}"
        wait = around.limiter.turn_seconds(shared, f"channel:{channel.name}")
        if wait > 0:
            return int(wait) + SHORTEST_WAIT_SECONDS
    if limits.person and address:
        wait = around.limiter.wait_seconds(limits.person, f"{channel.name}:{address}")
        if wait > 0:
            return int(wait) + SHORTEST_WAIT_SECONDS
    return 0


def _outgoing(
    around: Around, delivery: messaging.Delivery, channel: Channel, taxpayer_id: int, address: str
) -> Outgoing:
    link = delivery.link
    if link.startswith(WORKBENCH):
        link = into_workbench(around.link, link, channel.manifest.family)
    if channel.manifest.family in ("wechat_oa", "wechat_mini"):
        link = entered(link, whose_of(taxpayer_id), via=channel.name)
    elif channel.manifest.family == "web_push" and not link.startswith(WORKBENCH):
        link = entered(link, whose_of(taxpayer_id))
    return Outgoing(
        reference=delivery.delivery_id.hex, address=address, language="en" if delivery.language == "en" else "zh",
        template=delivery.template, title=delivery.title, body=delivery.body, short=delivery.short or delivery.title,
        link=f"{around.link}/#{link}" if link.startswith("/") else link, now=around.now, page=link.lstrip("/"),
        values={**delivery.shown, **delivery.fields}, card=card_of(around.link, delivery, channel),
    )  # fmt: skip


async def _put_off(
    tx: Tx, clock: Clock, taxpayer_id: int, delivery_id: UUID, channel: str, code: str, *, seconds: int | None
) -> None:
    say, say_en = WORDS[code]
    await messaging.not_handed_over(
        tx, clock, taxpayer_id, delivery_id, channel, code, say, say_en, is_final=False, next_in_seconds=seconds,
        was_tried=False,
    )  # fmt: skip


async def _nothing(tx: Tx, clock: Clock, taxpayer_id: int, delivery_id: UUID, found: Route, why: str) -> None:
    """No channel carries it: closed ones open again, red and switched-off ones may come back, the rest is for good."""
    reasons = list(found.refused.values())
    code = (
        why
        or next((one for one in ("red", "closed", "off", "off_for_matter", "gray") if one in reasons), "")
        or (reasons[0] if reasons else "no_channel")
    )
    say, say_en = WORDS[code]
    comes_back = code in ("red", "closed")
    seconds = int(found.opens_in.total_seconds()) + 1 if found.opens_in and code == "closed" else None
    await messaging.not_handed_over(
        tx, clock, taxpayer_id, delivery_id, "", code, say, say_en, is_final=not comes_back, next_in_seconds=seconds
    )
