"""A campaign (精准推送): its states and what may follow, its stages, its goal. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Literal, get_args
from uuid import UUID

from palmtax.insight.errors import CampaignMalformed
from palmtax.insight.model.audience import Audience
from palmtax.insight.model.draw import WHOLE_BP
from palmtax.insight.model.wording import faults

State = Literal["draft", "review", "drawing", "running", "paused", "stopped", "finished"]
Goal = Literal["filed", "paid", "opened"]
STATES: tuple[State, ...] = get_args(State)
MOVES: Mapping[State, frozenset[State]] = {
    "draft": frozenset({"review"}),
    "review": frozenset({"draft", "drawing"}),
    "drawing": frozenset({"running", "stopped"}),
    "running": frozenset({"paused", "stopped", "finished"}),
    "paused": frozenset({"running", "stopped"}),
    "stopped": frozenset(),
    "finished": frozenset(),
}
"""What may follow what; only a campaign that runs or is paused can be stopped."""
UNDER_WAY: frozenset[State] = frozenset({"drawing", "running"})
MOST_STAGES, MOST_MINUTES, MOST_DAYS, MOST_HOLDOUT_BP = 8, 20_160, 90, 5_000


@dataclass(frozen=True, slots=True)
class Stage:
    """Up to this share of the audience (in ten-thousandths, growing), and how long to wait before the next, minutes."""

    share_bp: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What an editor writes: to whom, with which words, in which stages, what it is for."""

    name: str
    template: str
    words: Mapping[str, str]
    audience: Audience
    goal: Goal
    goal_days: int
    holdout_bp: int
    stages: tuple[Stage, ...]

    def check(self, purpose: str) -> None:
        """Errors: insight.campaign_malformed, insight.audience_malformed, insight.tag_not_for_this."""
        for what, why in faults(self.words):
            raise CampaignMalformed(what=what, why=why)
        shares = [one.share_bp for one in self.stages]
        is_growing = all(first < second for first, second in pairwise(shares))
        if not shares or len(shares) > MOST_STAGES or shares[0] < 1 or shares[-1] != WHOLE_BP or not is_growing:
            raise CampaignMalformed(what="stages", why="growing")
        if any(not 0 <= one.minutes <= MOST_MINUTES for one in self.stages):
            raise CampaignMalformed(what="stages", why="minutes")
        if not 0 <= self.holdout_bp <= MOST_HOLDOUT_BP or not 1 <= self.goal_days <= MOST_DAYS:
            raise CampaignMalformed(what="holdout", why="range")
        self.audience.check(purpose)

    def stored(self) -> dict[str, Any]:
        """As evidence digests it."""
        return {
            "name": self.name,
            "template": self.template,
            "words": dict(self.words),
            "audience": self.audience.stored(),
            "goal": self.goal,
            "goal_days": self.goal_days,
            "holdout_bp": self.holdout_bp,
            "stages": stages_stored(self.stages),
        }


def stages_stored(stages: Sequence[Stage]) -> list[dict[str, int]]:
    """As they are kept."""
    return [{"share_bp": one.share_bp, "minutes": one.minutes} for one in stages]


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign as kept. `stage` is the one that is told or watched now; `told_at`: everybody of it has been told.

    `tally`: counts by stage as of `tallied_at`; `stop_code` why it stopped or paused by itself; `may_pass`: an officer
    resumed it, which opens the gate of this stage once.
    """

    office_code: str
    campaign_id: UUID
    version: int
    state: State
    plan: Plan
    segment_id: UUID | None
    segment_version: int | None
    draw_key: bytes
    estimate: Mapping[str, Any] | None
    created_by: int
    created_at: datetime
    changed_at: datetime
    editors: tuple[int, ...]
    submitted_at: datetime | None
    decided_by: int | None
    decided_at: datetime | None
    decision_words: str
    drawn: int
    drawn_to: int
    stage: int
    stage_began_at: datetime | None
    told_to: int
    told_at: datetime | None
    may_pass: bool
    tally: list[dict[str, Any]]
    tallied_at: datetime | None
    stop_code: str
    stop_words: str
    stopped_by: int | None
    ended_at: datetime | None
    watch_until_at: datetime | None
