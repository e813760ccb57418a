"""Campaigns by hand: written, sampled, submitted, approved by a second officer, paused, resumed, stopped. All with evidence."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from palmtax import evidence, identity, messaging, registry
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.insight.actions.asking import NO_TAXPAYER, office_of
from palmtax.insight.actions.audiences import Preview, find_segment, preview
from palmtax.insight.errors import (
    AudienceEmpty,
    AuthorDecides,
    CampaignChanged,
    CampaignMalformed,
    CampaignNotNow,
    CampaignUnknown,
    ReasonNeeded,
)
from palmtax.insight.model.audience import because
from palmtax.insight.model.campaign import Campaign, Plan, State
from palmtax.insight.model.draw import WHOLE_BP
from palmtax.insight.store import campaigns as store
from palmtax.insight.store import tags
from palmtax.plumbing.database import Tx
from palmtax.plumbing.outbox import enqueue

SHORTEST_REASON = 2
LONGEST_CAMPAIGN = timedelta(days=365)


def purpose_of(template: str) -> str:
    """The purpose of a frame. Errors: insight.campaign_malformed."""
    frame = messaging.frames().get(template)
    if frame is None:
        raise CampaignMalformed(what="template", why="unknown")
    return frame.purpose


async def readable(tx: Tx, *, actor: Actor, campaign_id: UUID) -> Campaign:
    """A campaign of the officer's own office. Errors: insight.campaign_unknown."""
    found = await store.readable_campaign(tx, office_of(actor), campaign_id)
    if found is None:
        raise CampaignUnknown()
    return found


async def listed(
    tx: Tx, *, actor: Actor, state: str | None, before: tuple[datetime, UUID] | None, limit: int
) -> list[Campaign]:
    """Campaigns of the officer's office, newest first."""
    return await store.newest(tx, office_of(actor), state=state, before=before, limit=limit)


async def _held(tx: Tx, actor: Actor, campaign_id: UUID, *states: State) -> Campaign:
    """The campaign, held, in one of these states. Errors: insight.campaign_unknown, insight.campaign_not_now."""
    found = await store.locked(tx, office_of(actor), campaign_id)
    if found is None:
        raise CampaignUnknown()
    if found.state not in states:
        raise CampaignNotNow(state=found.state)
    return found


async def _record(
    tx: Tx, actor: Actor, clock: Clock, campaign_id: UUID, payload: Mapping[str, Any], *, act: str
) -> None:
    await evidence.append(
        tx, actor=actor, clock=clock, act=act, taxpayer_id=NO_TAXPAYER, subject_id=campaign_id, payload=dict(payload)
    )


async def write(tx: Tx, *, actor: Actor, clock: Clock, plan: Plan, segment: tuple[UUID, int] | None = None) -> Campaign:
    """Begin a campaign as a draft; evidence `insight.campaign_written`.

    Errors: insight.campaign_malformed, insight.audience_malformed, insight.tag_not_for_this, insight.segment_unknown.
    """
    plan.check(purpose_of(plan.template))
    await _check_segment(tx, actor, segment)
    now = clock.now()
    made = Campaign(
        office_code=office_of(actor), campaign_id=uuid7(), version=1, state="draft", plan=plan,
        segment_id=segment[0] if segment else None, segment_version=segment[1] if segment else None,
        draw_key=secrets.token_bytes(32), estimate=None, created_by=actor.person_id, created_at=now, changed_at=now,
        editors=(actor.person_id,), submitted_at=None, decided_by=None, decided_at=None, decision_words="", drawn=0,
        drawn_to=0, stage=0, stage_began_at=None, told_to=0, told_at=None, may_pass=False, tally=[], tallied_at=None, stop_code="",
        stop_words="", stopped_by=None, ended_at=None, watch_until_at=None,
    )  # fmt: skip
    await store.insert(tx, made)
    await _record(tx, actor, clock, made.campaign_id, plan.stored(), act="insight.campaign_written")
    return made


async def _check_segment(tx: Tx, actor: Actor, segment: tuple[UUID, int] | None) -> None:
    if segment is not None:
        await find_segment(tx, actor=actor, segment_id=segment[0], version=segment[1])


async def rewrite(
    tx: Tx,
    *,
    actor: Actor,
    clock: Clock,
    campaign_id: UUID,
    version: int,
    plan: Plan,
    segment: tuple[UUID, int] | None = None,
) -> Campaign:
    """Change a draft; whoever writes on it no longer approves it. Evidence `insight.campaign_written`.

    Errors: as `write`, and insight.campaign_unknown, insight.campaign_not_now, insight.campaign_changed.
    """
    plan.check(purpose_of(plan.template))
    held = await _held(tx, actor, campaign_id, "draft")
    if held.version != version:
        raise CampaignChanged()
    await _check_segment(tx, actor, segment)
    editors = tuple(dict.fromkeys((*held.editors, actor.person_id)))
    await store.change(
        tx, held, now=clock.now(), plan=plan, editors=editors, segment_id=segment[0] if segment else None,
        segment_version=segment[1] if segment else None,
    )  # fmt: skip
    await _record(tx, actor, clock, campaign_id, plan.stored(), act="insight.campaign_written")
    return await readable(tx, actor=actor, campaign_id=campaign_id)


async def values_of(tx: Tx, campaign: Campaign) -> dict[str, str]:
    """What goes into the frame: the editor's words, why the person is told, whose office speaks. One round trip."""
    offices = {one.code: (one.name, one.name_en) for one in await registry.offices(tx)}
    own = offices.get(campaign.office_code, (campaign.office_code, campaign.office_code))
    why, why_en = because(campaign.plan.audience, offices, own)
    return {**campaign.plan.words, "why": why, "why_en": why_en, "office": own[0], "office_en": own[1]}


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a sample is for: invented, or one real person, masked; the way that would be used."""

    name: str
    is_real: bool
    way: str
    language: str
    is_plain: bool


@dataclass(frozen=True, slots=True)
class Sample:
    """What the second officer looks at: the words in every medium and language, four recipients, segments, cost in fen."""

    rendered: tuple[messaging.Rendered, ...]
    recipients: tuple[Recipient, ...]
    preview: Preview
    cost_fen: int
    segments: int


_INVENTED = (
    Recipient("张样例", False, "wechat", "zh", False),
    Recipient("Sample Smith", False, "email", "en", False),
    Recipient("李样例", False, "sms", "zh", True),
)


async def sample(tx: Tx, *, actor: Actor, clock: Clock, campaign: Campaign) -> Sample:
    """Render a campaign for three invented people and a real one, and say what it would cost. Five round trips."""
    purpose = purpose_of(campaign.plan.template)
    audience = campaign.plan.audience
    found = await preview(tx, actor=actor, clock=clock, audience=audience, purpose=purpose)
    rendered = messaging.rendered_message(campaign.plan.template, await values_of(tx, campaign))
    parts = rendered[0].segments
    told_bp = WHOLE_BP - campaign.plan.holdout_bp
    cost = sum(count * told_bp // WHOLE_BP * messaging.cost_fen(way, parts) for way, count in found.by_way.items())
    real = await _real(tx, campaign, clock, purpose)
    return Sample(rendered, (*_INVENTED, *real), found, cost, parts)


async def _real(tx: Tx, campaign: Campaign, clock: Clock, purpose: str) -> tuple[Recipient, ...]:
    row = await tags.one_of(
        tx, campaign.plan.audience, office_code=campaign.office_code, today=clock.today(), purpose=purpose
    )
    if row is None:
        return ()
    people = await identity.people(tx, [row["reader_id"]])
    name = people[row["reader_id"]].name_masked if row["reader_id"] in people else "—"
    way = row["reach"][0] if row["reach"] else "inbox"
    return (Recipient(name, True, way, row["language"], row["wording"] == "plain"),)


async def submit(tx: Tx, *, actor: Actor, clock: Clock, campaign_id: UUID, version: int) -> Campaign:
    """Lay a draft before a second officer, with what it comes to now; evidence `insight.campaign_submitted`.

    Errors: insight.campaign_unknown, insight.campaign_not_now, insight.campaign_changed, insight.audience_empty.
    """
    held = await _held(tx, actor, campaign_id, "draft")
    if held.version != version:
        raise CampaignChanged()
    shown = await sample(tx, actor=actor, clock=clock, campaign=held)
    if shown.preview.told + shown.preview.left_out["cap"] == 0:  # told today: another day is theirs
        raise AudienceEmpty()
    estimate = {**shown.preview.stored(), "cost_fen": shown.cost_fen, "segments": shown.segments}
    editors = tuple(dict.fromkeys((*held.editors, actor.person_id)))
    await store.change(
        tx, held, now=clock.now(), state="review", estimate=estimate, editors=editors, submitted_at=clock.now(),
        decision_words="",
    )  # fmt: skip
    told = {"plan": held.plan.stored(), "estimate": estimate}
    await _record(tx, actor, clock, campaign_id, told, act="insight.campaign_submitted")
    return await readable(tx, actor=actor, campaign_id=campaign_id)


async def decide(
    tx: Tx, *, actor: Actor, clock: Clock, campaign_id: UUID, version: int, is_agreed: bool, words: str
) -> Campaign:
    """A second officer approves it as it was shown, or returns it with words; evidence `insight.campaign_decided`.

    Errors: insight.campaign_unknown, insight.campaign_not_now, insight.campaign_changed, insight.author_decides,
    insight.reason_needed.
    """
    held = await _held(tx, actor, campaign_id, "review")
    if actor.person_id in held.editors:
        raise AuthorDecides()
    if held.version != version:
        raise CampaignChanged()
    said, now = words.strip(), clock.now()
    if not is_agreed and len(said) < SHORTEST_REASON:
        raise ReasonNeeded()
    if is_agreed:
        await store.change(
            tx, held, now=now, state="drawing", decided_by=actor.person_id, decided_at=now, decision_words=said,
            watch_until_at=now + LONGEST_CAMPAIGN,
        )  # fmt: skip
        await drive_soon(tx, held.office_code, campaign_id)
    else:
        await store.change(tx, held, now=now, state="draft", decision_words=said)
    told = {"is_agreed": is_agreed, "words": said, "plan": held.plan.stored()}
    await _record(tx, actor, clock, campaign_id, told, act="insight.campaign_decided")
    return await readable(tx, actor=actor, campaign_id=campaign_id)


async def drive_soon(tx: Tx, office_code: str, campaign_id: UUID, *, after: timedelta = timedelta()) -> None:
    """Ask the worker for the next step of a campaign."""
    await enqueue(
        tx, "insight.drive_campaign", {"office_code": office_code, "campaign_id": str(campaign_id)}, run_after=after
    )


async def pause(tx: Tx, *, actor: Actor, clock: Clock, campaign_id: UUID) -> Campaign:
    """Tell nobody else for now; what is planned goes on. Evidence `insight.campaign_paused`.

    Errors: insight.campaign_unknown, insight.campaign_not_now.
    """
    held = await _held(tx, actor, campaign_id, "running")
    await store.change(
        tx, held, now=clock.now(), state="paused", stop_code="by_hand", stop_words="", stopped_by=actor.person_id
    )
    await _record(tx, actor, clock, campaign_id, {"stage": held.stage}, act="insight.campaign_paused")
    return await readable(tx, actor=actor, campaign_id=campaign_id)


async def resume(tx: Tx, *, actor: Actor, clock: Clock, campaign_id: UUID) -> Campaign:
    """Go on after a pause; when it had paused at an unclear gate, the gate of this stage is passed on the officer's word.

    Evidence `insight.campaign_resumed`. Errors: insight.campaign_unknown, insight.campaign_not_now.
    """
    held = await _held(tx, actor, campaign_id, "paused")
    is_unclear = held.stop_code == "unclear"
    await store.change(
        tx, held, now=clock.now(), state="running", stop_code="", stop_words="", stopped_by=None, may_pass=is_unclear
    )
    await drive_soon(tx, held.office_code, campaign_id)
    told = {"stage": held.stage, "passes_gate": is_unclear}
    await _record(tx, actor, clock, campaign_id, told, act="insight.campaign_resumed")
    return await readable(tx, actor=actor, campaign_id=campaign_id)


async def stop(tx: Tx, *, actor: Actor, clock: Clock, campaign_id: UUID, words: str) -> Campaign:
    """End it at once: nobody else is told, what waits is withdrawn; evidence `insight.campaign_stopped`.

    Errors: insight.campaign_unknown, insight.campaign_not_now, insight.reason_needed.
    """
    if len(words.strip()) < SHORTEST_REASON:
        raise ReasonNeeded()
    held = await _held(tx, actor, campaign_id, "drawing", "running", "paused")
    now = clock.now()
    withdrawn = await messaging.recall(tx, clock=clock, campaign_id=campaign_id)
    await store.change(
        tx, held, now=now, state="stopped", stop_code="by_hand", stop_words=words.strip(), stopped_by=actor.person_id,
        ended_at=now, watch_until_at=now + timedelta(days=held.plan.goal_days),
    )  # fmt: skip
    await drive_soon(tx, held.office_code, campaign_id)
    told = {"words": words.strip(), "stage": held.stage, "withdrawn": withdrawn}
    await _record(tx, actor, clock, campaign_id, told, act="insight.campaign_stopped")
    return await readable(tx, actor=actor, campaign_id=campaign_id)
