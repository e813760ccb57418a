"""Audiences and campaigns on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from palmtax.insight.model.audience import Compare, Match
from palmtax.insight.model.campaign import MOST_STAGES, Goal, State
from palmtax.insight.model.gates import Verdict
from palmtax.plumbing.wire import FenNotNegative, Wire

Purpose = Literal["promotion", "survey"]
Code = Annotated[str, Field(min_length=1, max_length=40)]
Count = Annotated[int, Field(ge=0)]


class ConditionIn(Wire):
    """A tag compared with values; several values: one of them."""

    tag: Code
    compare: Compare
    values: list[Annotated[str, Field(min_length=1, max_length=40)]] = Field(min_length=1, max_length=30)


class GroupIn(Wire):
    """Conditions of which all or any hold."""

    match: Match
    conditions: list[ConditionIn] = Field(min_length=1, max_length=8)


class AudienceIn(Wire):
    """Groups of which all or any hold; without groups everybody of the office."""

    match: Match = "all"
    groups: list[GroupIn] = Field(default_factory=list, max_length=6)


class OptionOut(Wire):
    """A value of a tag."""

    code: str
    title: str
    title_en: str


class TagOut(Wire):
    """A tag that audiences can be made of: where it comes from, how fresh it is, what it may be used for."""

    code: str
    title: str
    title_en: str
    shape: Literal["choice", "many", "words", "office", "months"]
    compares: list[Compare]
    source: str
    source_en: str
    fresh: Literal["event", "night"]
    privacy: str
    purposes: list[Purpose]
    options: list[OptionOut]


class FrameOut(Wire):
    """A template into which an editor writes, and how long each field may be."""

    code: str
    purpose: Purpose
    longest: dict[str, int]


class CampaignSetup(Wire):
    """What an editor chooses from, what a new campaign begins with, and how old the tags are."""

    tags: list[TagOut]
    frames: list[FrameOut]
    holdout_bp: int
    stages: list[StageIn]
    members: Count
    oldest_at: datetime | None


class PreviewIn(Wire):
    """An audience to be counted for a kind of campaign."""

    audience: AudienceIn
    purpose: Purpose


class CountOut(Wire):
    """A value of a tag and how many have it."""

    code: str
    title: str
    title_en: str
    count: Count


class PreviewOut(Wire):
    """How many there are now, how many could be told by which way, and why the others are left out or wait."""

    members: Count
    told: Count
    waits: Count = Field(description="would be told after their quiet hours")
    quiet_until: datetime | None
    left_out: list[CountOut]
    by_office: list[CountOut]
    by_kind: list[CountOut]
    by_way: list[CountOut]


class SegmentIn(Wire):
    """An audience under a name."""

    name: str = Field(min_length=1, max_length=60)
    audience: AudienceIn
    purpose: Purpose


class SegmentChangeIn(SegmentIn):
    """A new version; `version` is the one that was read."""

    version: int = Field(ge=1)


class SegmentOut(Wire):
    """A version of a saved audience."""

    segment_id: UUID
    version: int
    name: str
    audience: AudienceIn
    purpose: Purpose
    created_by: str
    created_at: datetime


class StageIn(Wire):
    """Up to this share of all, in ten-thousandths; minutes to wait before the next."""

    share_bp: int = Field(ge=1, le=10_000)
    minutes: int = Field(ge=0, le=20_160)


class WordsIn(Wire):
    """The editor's own words in both languages; `brief` is for text messages."""

    headline: str = Field(min_length=1, max_length=20)
    words: str = Field(min_length=1, max_length=400)
    brief: str = Field(min_length=1, max_length=90)
    headline_en: str = Field(min_length=1, max_length=60)
    words_en: str = Field(min_length=1, max_length=1200)
    brief_en: str = Field(min_length=1, max_length=200)


class CampaignIn(Wire):
    """What an editor writes."""

    name: str = Field(min_length=1, max_length=60)
    template: Code
    words: WordsIn
    audience: AudienceIn
    segment_id: UUID | None = None
    segment_version: int | None = Field(default=None, ge=1)
    goal: Goal
    goal_days: int = Field(ge=1, le=90)
    holdout_bp: int = Field(ge=0, le=5_000)
    stages: list[StageIn] = Field(min_length=1, max_length=MOST_STAGES)


class CampaignChangeIn(CampaignIn):
    """The same again; `version` is the one that was read."""

    version: int = Field(ge=1)


class VersionIn(Wire):
    """The version that was read."""

    version: int = Field(ge=1)


class DecisionIn(VersionIn):
    """The second officer's decision; returning needs words."""

    is_agreed: bool
    words: str = Field(default="", max_length=300)


class StopIn(Wire):
    """Why it is stopped."""

    words: str = Field(min_length=1, max_length=300)


class WayCount(Wire):
    """What came of one way."""

    way: str
    handed: Count
    arrived: Count
    read: Count
    cost_fen: FenNotNegative


class CountsOut(Wire):
    """What came of telling: of a stage, or of all."""

    drawn: Count = Field(description="have not had their turn")
    told: Count
    held: Count
    left_out: dict[str, int]
    waiting: Count
    handed: Count
    arrived: Count
    trouble: Count
    read: Count
    acted: Count
    held_acted: Count
    unsubscribed: Count
    complained: Count
    withdrawn: Count
    cost_fen: FenNotNegative
    by_way: list[WayCount]


class GateOut(Wire):
    """A rate against its limit; ten-thousandths. `low_bp`: lower bound of the true rate (Clopper and Pearson)."""

    code: str
    title: str
    title_en: str
    cases: Count
    of: Count
    most_bp: int
    least: int
    low_bp: int
    verdict: Verdict


class StageOut(Wire):
    """A stage with its counts."""

    share_bp: int
    minutes: int
    counts: CountsOut


class EffectOut(Wire):
    """How often the told and the held back did the thing; thousandths of a percent point would be false precision: ‱.

    Difference and its 95 % interval are none while a side is smaller than `least`.
    """

    goal: Goal
    told: Count
    told_acted: Count
    held: Count
    held_acted: Count
    least: int
    difference_bp: int | None
    low_bp: int | None
    high_bp: int | None
    is_shown: bool


class CampaignLine(Wire):
    """A campaign in the list."""

    campaign_id: UUID
    name: str
    state: State
    purpose: Purpose
    created_by: str
    created_at: datetime
    stage: int
    stages: int
    drawn: Count
    told: Count
    stop_code: str


class CampaignPage(Wire):
    """Campaigns of the office, newest first."""

    campaigns: list[CampaignLine]
    next_cursor: str | None


class ComplaintOut(Wire):
    """What somebody said against the message."""

    at: datetime
    words: str


class CampaignOut(CampaignIn):
    """A campaign with what this officer may do with it now, its gates and what came of it."""

    campaign_id: UUID
    version: int
    state: State
    purpose: Purpose
    created_by: str
    created_at: datetime
    submitted_at: datetime | None
    decided_by: str
    decided_at: datetime | None
    decision_words: str
    is_mine: bool
    may_edit: bool
    may_decide: bool
    drawn: Count
    stage: int
    stage_began_at: datetime | None
    told_at: datetime | None
    next_at: datetime | None = Field(description="when the time of this stage is over")
    tallied_at: datetime | None
    stop_code: str
    stop_words: str
    stopped_by: str
    ended_at: datetime | None
    ramp: list[StageOut]
    whole: CountsOut
    gates: list[GateOut]
    confidence_bp: int
    effect: EffectOut
    complaints: list[ComplaintOut]


class WordsOut(Wire):
    """Title and body."""

    title: str
    body: str


class RenderedOut(Wire):
    """The message in one language, as each medium shows it."""

    language: Literal["zh", "en"]
    inbox: WordsOut
    elder: WordsOut
    email: WordsOut
    sms: str
    segments: int
    wechat: dict[str, str]


class RecipientOut(Wire):
    """Whom a sample is for."""

    name: str
    is_real: bool
    way: str
    language: Literal["zh", "en"]
    is_plain: bool


class SampleOut(Wire):
    """What the second officer looks at before deciding."""

    rendered: list[RenderedOut]
    recipients: list[RecipientOut]
    preview: PreviewOut
    cost_fen: FenNotNegative
    segments: int


class RefreshOut(Wire):
    """The tags are being read anew."""

    is_asked: bool


CampaignSetup.model_rebuild()
