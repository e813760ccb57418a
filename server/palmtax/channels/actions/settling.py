"""After a platform was called: what it said becomes the delivery's state, the channel's light, a number in the figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, replace
from datetime import datetime, timedelta

from palmtax import identity, messaging
from palmtax.base.clock import Clock
from palmtax.channels.actions import carding
from palmtax.channels.actions.planning import Plan
from palmtax.channels.actions.taking import family_of
from palmtax.channels.events import LightChanged
from palmtax.channels.model.figures import bucket
from palmtax.channels.model.manifest import SILENT, Channel, Meaning
from palmtax.channels.model.outgoing import Answer, Sent
from palmtax.channels.store import figures, standings, traffic
from palmtax.plumbing.database import Tx
from palmtax.plumbing.outbox import emit

DEAD_WAIT_SECONDS = 30
"""How long a message waits when the platform refuses us altogether and no other channel of this way is left."""


async def settle(tx: Tx, *, clock: Clock, ended: Sequence[tuple[Plan, Answer]]) -> None:
    """Write down how calls ended, tell messaging, and turn a channel red when its platform refuses us altogether.

    Rows are written in one order by everybody, so that two who settle do not wait for each other. Four round trips for
    all that were handed over, up to five for each that was not or used up an allowance, and one.
    """
    now, counted = clock.now(), dict[figures.Figure, figures.Figure]()
    ended = sorted(ended, key=lambda one: one[0].delivery_id)
    handed = [(plan, answer) for plan, answer in ended if _is_handed(plan, answer)]
    if handed:
        await _handed(tx, clock, handed, now)
    for plan, answer in ended:
        if _is_handed(plan, answer):
            one = _figure(plan, answer, "handed" if answer.sent is not None else "unanswered", now)
        else:
            one = await _not_handed(tx, clock, plan, answer, now)
        same = replace(one, count=0, milliseconds=0, slowest=0)
        before = counted.get(same, same)
        counted[same] = replace(
            before, count=before.count + 1, milliseconds=before.milliseconds + one.milliseconds,
            slowest=max(before.slowest, one.slowest),
        )  # fmt: skip
    await figures.count(tx, [(counted[one], now) for one in sorted(counted, key=astuple)])


def _is_handed(plan: Plan, answer: Answer) -> bool:
    """The platform took it, or may have and will say so in a receipt."""
    return answer.sent is not None or (
        answer.ending == "unknown" and plan.channel.manifest.has_receipt(plan.out.template)
    )


async def _not_handed(tx: Tx, clock: Clock, plan: Plan, answer: Answer, now: datetime) -> figures.Figure:
    channel = plan.channel
    meaning = channel.meaning(answer.code)
    means = "retry" if answer.ending == "unanswered" and meaning.means not in ("channel", "token") else meaning.means
    if answer.ending == "unknown":  # shown twice when asked again, and no receipt will ever say whether it arrived
        means, meaning = "final", SILENT
    outcome = "dead" if means in ("channel", "token") else "refused" if answer.ending == "refused" else "unanswered"
    await traffic.end_calls(tx, [(plan.taxpayer_id, plan.delivery_id, answer.ending, answer.code)], now)
    if outcome == "dead":
        await mark_dead(tx, channel.name, meaning, now)
    if means == "address" and channel.manifest.family:
        await _unreachable(tx, clock, plan, answer.code)
    is_final = means == "final" or (means == "address" and not plan.others)
    await messaging.not_handed_over(
        tx, clock, plan.taxpayer_id, plan.delivery_id, channel.name, answer.code, meaning.say, meaning.say_en,
        is_final=is_final, next_in_seconds=_wait(means, meaning, plan),
    )  # fmt: skip
    return _figure(plan, answer, outcome, now)


def _wait(means: str, meaning: Meaning, plan: Plan) -> int | None:
    """At once when another channel stands ready, else as the code says, else as messaging backs off."""
    if means in ("address", "channel", "token"):
        return 0 if plan.others else DEAD_WAIT_SECONDS
    return meaning.wait_seconds or None


async def _handed(tx: Tx, clock: Clock, ended: Sequence[tuple[Plan, Answer]], now: datetime) -> None:
    sent = {plan.delivery_id: answer.sent or Sent(plan.out.reference) for plan, answer in ended}
    calls = [
        (plan.taxpayer_id, plan.delivery_id, "unknown" if answer.sent is None else "handed", answer.code)
        for plan, answer in ended
    ]
    await traffic.end_calls(tx, calls, now)
    kept = [
        traffic.Handed(
            reference, plan.channel.name, plan.taxpayer_id, plan.delivery_id, now,
            said.stage if plan.channel.manifest.has_receipt(plan.out.template) else "sent", said.follow_up,
        )
        for plan, _ in ended
        for said in (sent[plan.delivery_id],)
        for reference in dict.fromkeys((said.provider_ref, plan.out.reference))
    ]  # fmt: skip
    await traffic.keep_handed(tx, sorted(kept, key=lambda one: one.provider_ref))
    for plan, _ in ended:
        if plan.out.card is not None:
            follow_up = sent[plan.delivery_id].follow_up
            await carding.keep(
                tx, plan.out.card, plan.channel, plan.taxpayer_id, plan.delivery_id, plan.person_id, follow_up, now
            )
        if plan.uses:
            await traffic.use_one(tx, plan.channel.name, plan.out.address, plan.uses, now)
    handed = [
        (plan.taxpayer_id, plan.delivery_id, plan.channel.name, sent[plan.delivery_id].provider_ref)
        for plan, _ in ended
    ]
    await messaging.handed_over(tx, clock, handed)
    for plan, _ in ended:
        if sent[plan.delivery_id].stage == "delivered":
            await messaging.receipt(tx, clock, plan.taxpayer_id, plan.delivery_id, "delivered", now)


def _figure(plan: Plan, answer: Answer, outcome: str, now: datetime) -> figures.Figure:
    took, waited = answer.milliseconds, (now - (plan.due_at or now)) // timedelta(milliseconds=1)
    return figures.Figure(
        plan.channel.name, outcome, answer.code, plan.matter, plan.office_code, bucket(took), bucket(waited),
        milliseconds=took, slowest=took,
    )  # fmt: skip


async def give_up_silent(tx: Tx, *, clock: Clock, channel: Channel, limit: int) -> int:
    """Messages whose receipt never came are a failure, said in words: the next way, or the dead letters. How many.

    A receipt that comes later still is believed. Round trips: one, and up to six for each.
    """
    now = clock.now()
    found = await traffic.silent(
        tx, channel.name, now - timedelta(seconds=channel.manifest.receipt_seconds), now, limit=limit
    )
    for one in sorted(found, key=lambda one: one.delivery_id):
        await messaging.receipt(
            tx, clock, one.taxpayer_id, one.delivery_id, "failed", now, code="silent", reason=SILENT.say,
            reason_en=SILENT.say_en,
        )  # fmt: skip
    return len(found)


async def mark_dead(tx: Tx, channel: str, meaning: Meaning, now: datetime) -> None:
    """Red, now: from the next message on its fallbacks carry the traffic."""
    if await standings.kill(tx, channel, say=meaning.say, say_en=meaning.say_en, at=now):
        await emit(tx, LightChanged(channel, "red", "green"))


async def _unreachable(tx: Tx, clock: Clock, plan: Plan, code: str) -> None:
    family = family_of(plan.channel)
    if family is not None:
        await identity.unreachable(
            tx, clock=clock, person_id=plan.person_id, family=family, app_id=plan.account, value=plan.out.address,
            code=code,
        )  # fmt: skip
