"""A campaign on its way, by the worker: draw, tell a stage batch by batch, look what came of it, judge, go on or stop.

Each step is one transaction that holds the campaign; a worker that dies between two leaves nothing half done, and twice is
once: a member is drawn once, told under one key, and counted from its row.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from palmtax import evidence, messaging
from palmtax.base.clock import Clock
from palmtax.insight.actions.asking import NO_TAXPAYER
from palmtax.insight.actions.campaigns import values_of
from palmtax.insight.model.campaign import Campaign
from palmtax.insight.model.counts import folded, rates, summed
from palmtax.insight.model.gates import Gate, gates, judged
from palmtax.insight.store import campaigns as store
from palmtax.insight.store import members, tags
from palmtax.plumbing.database import Tx

DRAWN_AT_ONCE, TOLD_AT_ONCE, LOOKED_AT_ONCE = 20_000, 200, 1_000
LONGEST_PAUSE = timedelta(hours=6)


async def draw_some(tx: Tx, *, clock: Clock, office_code: str, campaign_id: UUID) -> bool:
    """Draw the next taxpayers into their stages; whether there are more. Five round trips."""
    held = await store.locked(tx, office_code, campaign_id, is_patient=False)
    if held is None or held.state != "drawing":
        return False
    asked = members.Draw(
        campaign_id,
        held.draw_key,
        tuple(one.share_bp for one in held.plan.stages),
        held.plan.holdout_bp,
        held.plan.goal,
    )
    count, last = await members.draw(
        tx,
        asked,
        held.plan.audience,
        office_code=office_code,
        today=clock.today(),
        after=held.drawn_to,
        limit=DRAWN_AT_ONCE,
    )
    now = clock.now()
    if last > held.drawn_to:
        await store.change(tx, held, now=now, drawn=held.drawn + count, drawn_to=last)
        return True
    await store.change(tx, held, now=now, state="running", stage=0, stage_began_at=now)
    await _record(tx, clock, held, {"stage": 0, "drawn": held.drawn}, act="insight.campaign_staged")
    return False


async def tell_some(tx: Tx, *, clock: Clock, office_code: str, campaign_id: UUID) -> bool:
    """Tell the next of the stage, hold the held back, leave out who may not be told; whether there are more.

    Twelve round trips for two hundred.
    """
    held = await store.locked(tx, office_code, campaign_id, is_patient=False)
    if held is None or held.state != "running" or held.told_at is not None:
        return False
    today, now = clock.today(), clock.now()
    found = await members.following(
        tx,
        campaign_id,
        held.stage,
        held.plan.audience,
        office_code=office_code,
        today=today,
        after=held.told_to,
        limit=TOLD_AT_ONCE,
    )
    if not found:
        await store.change(tx, held, now=now, told_at=now)
        return False
    turns = await _turns(tx, clock, held, found)
    await members.note_turns(tx, campaign_id, turns, now=now, goal_days=held.plan.goal_days)
    await tags.mark_told(tx, [one["taxpayer_id"] for one in turns if one["state"] == "told"], today)
    await store.change(tx, held, now=now, told_to=found[-1].taxpayer_id)
    return True


async def _turns(tx: Tx, clock: Clock, held: Campaign, found: Sequence[members.Next]) -> list[dict[str, Any]]:
    """What each turn comes to. The held back are asked for consent like the told: only so are both alike."""
    reasons = {one.taxpayer_id: _reason(one) for one in found}
    open_ = {one.taxpayer_id: one for one in found if not reasons[one.taxpayer_id]}
    people = {one.taxpayer_id: one.reader_id for one in open_.values() if one.reader_id is not None}
    to_tell = {one: who for one, who in people.items() if not open_[one].is_held}
    told: dict[int, messaging.Told] = {}
    if to_tell:
        answers = await messaging.tell_many(
            tx, clock=clock, template=held.plan.template, values=await values_of(tx, held),
            campaign_id=held.campaign_id, people=to_tell,
        )  # fmt: skip
        told = {one.taxpayer_id: one for one in answers}
    back = [(one, who) for one, who in people.items() if one not in to_tell]
    wishes = await messaging.campaign_wishes(tx, back) if back else {}
    purpose = messaging.find_template(held.plan.template).purpose
    for pair, wish in wishes.items():
        reasons[pair[0]] = "" if purpose in wish.consents else "no_consent"
    for one in told.values():
        reasons[one.taxpayer_id] = one.reason
    return [
        {
            "taxpayer_id": one.taxpayer_id,
            "state": "left_out" if reasons[one.taxpayer_id] else "held" if one.is_held else "told",
            "reason": reasons[one.taxpayer_id],
            "message_id": told[one.taxpayer_id].message_id if one.taxpayer_id in told else None,
        }
        for one in found
    ]


def _reason(one: members.Next) -> str:
    if not one.is_still:
        return "gone"
    if one.reader_id is None:
        return "no_reader"
    return "cap" if one.is_capped else ""


async def look(tx: Tx, *, clock: Clock, campaign: Campaign, pause: timedelta) -> bool:
    """Ask messaging what became of the next messages; whether there are more to ask after. Four round trips.

    The longer ago somebody was told, the more seldom is asked: a quarter of that time, at most six hours.
    """
    now = clock.now()
    found = await members.to_look_at(tx, campaign.campaign_id, now=now, limit=LOOKED_AT_ONCE)
    if not found:
        return False
    tries, template = gates().on(clock.today()).tries, campaign.plan.template
    outcomes = await messaging.outcomes(
        tx, [(taxpayer_id, number) for taxpayer_id, number, _ in found], template=template, tries=tries
    )
    told_at = {taxpayer_id: at for taxpayer_id, _, at in found}
    parts = messaging.rendered_message(template, await values_of(tx, campaign))[0].segments
    await members.note_outcomes(
        tx,
        campaign.campaign_id,
        outcomes,
        costs=[sum(messaging.cost_fen(way, parts) for way in one.ways) for one in outcomes],
        look_at=[now + max(pause, min((now - told_at[one.taxpayer_id]) / 4, LONGEST_PAUSE)) for one in outcomes],
        is_opening=campaign.plan.goal == "opened",
    )
    return len(found) == LOOKED_AT_ONCE


async def judge(tx: Tx, *, clock: Clock, office_code: str, campaign_id: UUID) -> Campaign | None:
    """Count anew, and while it runs: stop it, pause it, begin the next stage, or finish it. Gives it as it then is."""
    held = await store.locked(tx, office_code, campaign_id, is_patient=False)
    if held is None:
        return None
    now = clock.now()
    tally = folded(await members.tally(tx, campaign_id), len(held.plan.stages))
    await store.change(tx, held, now=now, tally=tally, tallied_at=now)
    if held.state in ("running", "paused") and (wrong := _stopping(clock, held, tally)):
        await _stop(tx, clock, held, wrong)
    elif held.state == "running" and held.told_at is not None:
        await _go_on(tx, clock, held, tally, held.told_at)
    elif held.state in ("stopped", "finished"):
        await _watch(tx, clock, held)
    return await store.readable_campaign(tx, office_code, campaign_id)


def gates_of(clock: Clock, held: Campaign, tally: Sequence[dict[str, Any]]) -> list[Gate]:
    """The rates of the stage that is told now, by the rule of today."""
    return judged(gates().on(clock.today()), rates(tally[held.stage])) if tally else []


def _stopping(clock: Clock, held: Campaign, tally: Sequence[dict[str, Any]]) -> Gate | None:
    """The first rate that stops it: of this stage, or of all stages so far (complaints come late)."""
    whole = judged(gates().on(clock.today()), rates(summed(tally)))
    return next((one for one in (*gates_of(clock, held, tally), *whole) if one.verdict == "stop"), None)


async def _stop(tx: Tx, clock: Clock, held: Campaign, wrong: Gate) -> None:
    now = clock.now()
    withdrawn = await messaging.recall(tx, clock=clock, campaign_id=held.campaign_id)
    words = f"{wrong.cases}/{wrong.of}"
    await store.change(
        tx, held, now=now, state="stopped", stop_code=wrong.limit.code, stop_words=words, stopped_by=None, ended_at=now,
        watch_until_at=now + timedelta(days=held.plan.goal_days),
    )  # fmt: skip
    told = {"code": wrong.limit.code, "cases": wrong.cases, "of": wrong.of, "low_bp": wrong.low_bp}
    await _record(tx, clock, held, {**told, "withdrawn": withdrawn}, act="insight.campaign_stopped")


async def _go_on(tx: Tx, clock: Clock, held: Campaign, tally: Sequence[dict[str, Any]], told_at: datetime) -> None:
    """The gate after a stage: its time has passed, nothing waits to be handed over, and every rate is clean."""
    now, stage = clock.now(), held.plan.stages[held.stage]
    is_last = held.stage + 1 == len(held.plan.stages)
    is_over = now >= told_at + timedelta(minutes=stage.minutes)
    if not is_over or (tally[held.stage]["waiting"] and now < told_at + timedelta(days=1)):
        return
    is_clean = held.may_pass or all(one.verdict == "clean" for one in gates_of(clock, held, tally))
    if not is_clean:
        if now >= told_at + timedelta(minutes=stage.minutes + gates().patience_minutes):
            await store.change(tx, held, now=now, state="paused", stop_code="unclear", stop_words="", stopped_by=None)
            await _record(tx, clock, held, {"code": "unclear", "stage": held.stage}, act="insight.campaign_paused")
        return
    if is_last:
        until = now + timedelta(days=held.plan.goal_days)
        await store.change(tx, held, now=now, state="finished", ended_at=now, watch_until_at=until)
        await _record(tx, clock, held, {"tally": list(tally)}, act="insight.campaign_finished")
        return
    following = held.stage + 1
    await store.change(tx, held, now=now, stage=following, stage_began_at=now, told_to=0, told_at=None, may_pass=False)
    await _record(tx, clock, held, {"stage": following, "before": tally[held.stage]}, act="insight.campaign_staged")


async def _watch(tx: Tx, clock: Clock, held: Campaign) -> None:
    """After the end: what a channel gave back is withdrawn too, until the days of the goal are over."""
    if held.state == "stopped":
        await messaging.recall(tx, clock=clock, campaign_id=held.campaign_id)
    if held.watch_until_at is not None and clock.now() >= held.watch_until_at:
        await members.end_looking(tx, held.campaign_id)
        await store.change(tx, held, now=clock.now(), watch_until_at=None)


async def _record(tx: Tx, clock: Clock, held: Campaign, payload: dict[str, Any], *, act: str) -> None:
    await evidence.append(
        tx, actor=None, clock=clock, act=act, taxpayer_id=NO_TAXPAYER, subject_id=held.campaign_id, payload=payload
    )
