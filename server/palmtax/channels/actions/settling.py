"""After a platform was called: what it said becomes the delivery's state, the channel's light, a number in the figures."""

from __future__ import annotations

from datetime import datetime

from palmtax import identity, messaging
from palmtax.base.clock import Clock
from palmtax.channels.actions.planning import Plan
from palmtax.channels.actions.taking import family_of
from palmtax.channels.events import LightChanged
from palmtax.channels.model.manifest import Meaning
from palmtax.channels.model.outgoing import Answer, Sent
from palmtax.channels.store import standings, traffic
from palmtax.plumbing.database import Tx
from palmtax.plumbing.outbox import emit

DEAD_WAIT_SECONDS = 30
"""How long a message waits when the platform refuses us altogether and no other channel of this way is left."""


async def settle(tx: Tx, *, clock: Clock, plan: Plan, answer: Answer) -> None:
    """Write down how a call ended, tell messaging, and turn the channel red when the platform refuses us altogether."""
    now, channel = clock.now(), plan.channel
    if answer.sent is not None or answer.ending == "unknown":
        await _handed(tx, clock, plan, answer, now)
        return
    meaning = channel.meaning(answer.code)
    means = "retry" if answer.ending == "unanswered" and meaning.means not in ("channel", "token") else meaning.means
    state = "unanswered" if answer.ending == "unanswered" else "refused"
    outcome = "dead" if means in ("channel", "token") else state
    await traffic.end_call(tx, plan.taxpayer_id, plan.delivery_id, state, answer.code, now)
    await standings.count(tx, channel.name, outcome, answer.code[:80], milliseconds=answer.milliseconds, at=now)
    if outcome == "dead":
        await mark_dead(tx, channel.name, meaning, now)
    if means == "address" and channel.manifest.family:
        await _unreachable(tx, clock, plan, answer.code)
    is_final = means == "final" or (means == "address" and not plan.others)
    await messaging.not_handed_over(
        tx, clock, plan.taxpayer_id, plan.delivery_id, channel.name, answer.code, meaning.say, meaning.say_en,
        is_final=is_final, next_in_seconds=_wait(means, meaning, plan),
    )  # fmt: skip


def _wait(means: str, meaning: Meaning, plan: Plan) -> int | None:
    """At once when another channel stands ready, else as the code says, else as messaging backs off."""
    if means in ("address", "channel", "token"):
        return 0 if plan.others else DEAD_WAIT_SECONDS
    return meaning.wait_seconds or None


async def _handed(tx: Tx, clock: Clock, plan: Plan, answer: Answer, now: datetime) -> None:
    sent = answer.sent or Sent(plan.out.reference)
    name, taxpayer_id, delivery_id = plan.channel.name, plan.taxpayer_id, plan.delivery_id
    is_known = answer.sent is not None
    await traffic.end_call(tx, taxpayer_id, delivery_id, "handed" if is_known else "unknown", answer.code, now)
    outcome = "handed" if is_known else "unanswered"
    await standings.count(tx, name, outcome, answer.code[:80], milliseconds=answer.milliseconds, at=now)
    for reference in dict.fromkeys((sent.provider_ref, plan.out.reference)):
        kept = traffic.Handed(reference, name, taxpayer_id, delivery_id, now, sent.stage, sent.follow_up)
        await traffic.keep_handed(tx, kept)
    if plan.uses:
        await traffic.use_one(tx, name, plan.out.address, plan.uses, now)
    await messaging.handed_over(tx, clock, taxpayer_id, delivery_id, name, sent.provider_ref)
    if sent.stage == "delivered":
        await messaging.receipt(tx, clock, taxpayer_id, delivery_id, "delivered", now)


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
