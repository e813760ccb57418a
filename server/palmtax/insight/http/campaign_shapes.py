"""Campaigns as they go over the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from palmtax import messaging
from palmtax.base.actor import Actor
from palmtax.insight.actions.audiences import Preview
from palmtax.insight.actions.campaigns import Sample, purpose_of
from palmtax.insight.model.audience import COMPARES
from palmtax.insight.model.campaign import Campaign
from palmtax.insight.model.counts import empty, rates, summed
from palmtax.insight.model.draw import WHOLE_BP
from palmtax.insight.model.gates import gates, judged
from palmtax.insight.model.statistics import effect
from palmtax.insight.model.tags import every_tag
from palmtax.insight.schemas.campaigns import (
    CampaignLine,
    CampaignOut,
    ComplaintOut,
    CountOut,
    CountsOut,
    EffectOut,
    GateOut,
    OptionOut,
    PreviewOut,
    RecipientOut,
    RenderedOut,
    SampleOut,
    SegmentOut,
    StageOut,
    TagOut,
    WayCount,
    WordsOut,
)
from palmtax.insight.store.segments import Segment

Names = Mapping[str, tuple[str, str]]
WAYS: Names = {
    "push": ("推送", "Web push"), "wechat": ("微信", "WeChat"), "email": ("电子邮件", "E-mail"),
    "sms": ("短信", "Text message"), "inbox": ("只进收件箱", "Inbox only"),
}  # fmt: skip
REASONS: Names = {
    "no_reader": ("没有可以接收的人", "Nobody reads for them"),
    "no_consent": ("没有同意接收，或关闭了这类消息", "Have not agreed, or switched the topic off"),
    "cap": ("今天已收到一次推送", "Were told by a campaign today"),
    "gone": ("轮到时已不符合条件", "No longer belonged when it was their turn"),
}


def tag_options(code: str, offices: Names, trades: Sequence[tuple[str, int]]) -> list[OptionOut]:
    """What a tag can be compared with: its own list, the offices below, the trades there are."""
    tag = every_tag()[code]
    if tag.shape == "office":
        return [OptionOut(code=one, title=zh, title_en=en) for one, (zh, en) in offices.items()]
    if tag.shape == "words":
        return [OptionOut(code=one, title=one, title_en=one) for one, _ in trades]
    return [OptionOut(code=one.code, title=one.title, title_en=one.title_en) for one in tag.options.values()]


def tags_out(offices: Names, trades: Sequence[tuple[str, int]]) -> list[TagOut]:
    """Every tag."""
    return [
        TagOut(
            code=one.code, title=one.title, title_en=one.title_en, shape=one.shape, compares=list(COMPARES[one.shape]),
            source=one.source, source_en=one.source_en, fresh=one.fresh, privacy=one.privacy,
            purposes=sorted(one.purposes), options=tag_options(one.code, offices, trades),
        )
        for one in every_tag().values()
    ]  # fmt: skip


def _counts(found: Mapping[str, int], names: Names) -> list[CountOut]:
    ordered = sorted(found.items(), key=lambda one: (-one[1], one[0]))
    known = [(code, *names.get(code, (code, code)), count) for code, count in ordered if count]
    return [CountOut(code=code, title=zh, title_en=en, count=count) for code, zh, en, count in known]


def preview_out(found: Preview, offices: Names) -> PreviewOut:
    """A preview with its words."""
    kinds = {one.code: (one.title, one.title_en) for one in every_tag()["kind"].options.values()}
    return PreviewOut(
        members=found.members,
        told=found.told,
        waits=found.waits,
        quiet_until=found.quiet_until,
        left_out=_counts(found.left_out, REASONS),
        by_office=_counts(found.by_office, offices),
        by_kind=_counts(found.by_kind, kinds),
        by_way=_counts(found.by_way, WAYS),
    )


def segment_out(one: Segment, name: str) -> SegmentOut:
    """A saved audience."""
    return SegmentOut(
        segment_id=one.segment_id, version=one.version, name=one.name, audience=one.audience.stored(),
        purpose=one.purpose, created_by=name, created_at=one.created_at,
    )  # fmt: skip


def counts_out(counts: Mapping[str, Any]) -> CountsOut:
    """Counts of a stage or of all."""
    ways = [WayCount(way=way, **found) for way, found in sorted(counts["by_way"].items())]
    return CountsOut(**{**counts, "by_way": ways})


def line_out(one: Campaign, name: str) -> CampaignLine:
    """A campaign in the list."""
    return CampaignLine(
        campaign_id=one.campaign_id, name=one.plan.name, state=one.state, purpose=purpose_of(one.plan.template),
        created_by=name, created_at=one.created_at, stage=one.stage, stages=len(one.plan.stages), drawn=one.drawn,
        told=summed(one.tally)["told"], stop_code=one.stop_code,
    )  # fmt: skip


def effect_out(one: Campaign, whole: Mapping[str, Any]) -> EffectOut:
    """The effect, or that there are too few to speak of one; nobody held back can open what they were not told."""
    counted = (whole["told"], whole["acted"], whole["held"], whole["held_acted"])
    least = gates().least_for_effect
    found = None if one.plan.goal == "opened" else effect(*counted, least=least)
    bp = [round(value * WHOLE_BP) for value in (found.difference, found.low, found.high)] if found else [None] * 3
    return EffectOut(
        goal=one.plan.goal, told=counted[0], told_acted=counted[1], held=counted[2], held_acted=counted[3], least=least,
        difference_bp=bp[0], low_bp=bp[1], high_bp=bp[2], is_shown=bool(found and found.is_shown),
    )  # fmt: skip


def campaign_out(
    one: Campaign,
    *,
    actor: Actor,
    names: Mapping[int, str],
    today: date,
    complaints: Sequence[tuple[datetime, str]] = (),
) -> CampaignOut:
    """A campaign with everything there is to see of it."""
    tally, rule = one.tally or [empty() for _ in one.plan.stages], gates().on(today)
    whole, is_mine = summed(tally), actor.person_id in one.editors
    next_at = one.told_at + timedelta(minutes=one.plan.stages[one.stage].minutes) if one.told_at else None
    return CampaignOut(
        **one.plan.stored(),
        segment_id=one.segment_id, segment_version=one.segment_version, campaign_id=one.campaign_id, version=one.version,
        state=one.state, purpose=purpose_of(one.plan.template), created_by=names.get(one.created_by, ""),
        created_at=one.created_at, submitted_at=one.submitted_at, decided_by=names.get(one.decided_by or 0, ""),
        decided_at=one.decided_at, decision_words=one.decision_words, is_mine=is_mine, may_edit=one.state == "draft",
        may_decide=one.state == "review" and not is_mine and actor.may("insight.push_approve"), drawn=one.drawn,
        stage=one.stage, stage_began_at=one.stage_began_at, told_at=one.told_at, next_at=next_at,
        tallied_at=one.tallied_at, stop_code=one.stop_code, stop_words=one.stop_words,
        stopped_by=names.get(one.stopped_by or 0, ""), ended_at=one.ended_at,
        ramp=[
            StageOut(share_bp=stage.share_bp, minutes=stage.minutes, counts=counts_out(counts))
            for stage, counts in zip(one.plan.stages, tally, strict=True)
        ],
        whole=counts_out(whole),
        gates=[
            GateOut(
                code=gate.limit.code, title=gate.limit.title, title_en=gate.limit.title_en, cases=gate.cases, of=gate.of,
                most_bp=gate.limit.most_bp, least=gate.limit.least, low_bp=gate.low_bp, verdict=gate.verdict,
            )
            for gate in judged(rule, rates(tally[one.stage]))
        ],
        confidence_bp=rule.confidence_bp,
        effect=effect_out(one, whole),
        complaints=[ComplaintOut(at=at, words=words) for at, words in complaints],
    )  # fmt: skip


def _rendered(one: messaging.Rendered) -> RenderedOut:
    said = {name: getattr(one, name) for name in ("inbox", "elder", "email")}
    return RenderedOut(
        language=one.language, sms=one.sms, segments=one.segments, wechat=dict(one.wechat),
        **{name: WordsOut(title=words.title, body=words.body) for name, words in said.items()},
    )  # fmt: skip


def sample_out(found: Sample, offices: Names) -> SampleOut:
    """What the second officer looks at."""
    return SampleOut(
        rendered=[_rendered(one) for one in found.rendered],
        recipients=[
            RecipientOut(
                name=one.name, is_real=one.is_real, way=one.way, language="en" if one.language == "en" else "zh",
                is_plain=one.is_plain,
            )
            for one in found.recipients
        ],
        preview=preview_out(found.preview, offices),
        cost_fen=found.cost_fen,
        segments=found.segments,
    )  # fmt: skip
