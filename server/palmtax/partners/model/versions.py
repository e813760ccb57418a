"""A version of a city feature on its way: draft → checked → review → listed → superseded or suspended. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

FeatureState = Literal["draft", "checked", "review", "listed", "superseded", "suspended"]
CHECK_LASTS = timedelta(days=30)
"""So long a passed check counts when the second officer lists it: pages change."""
MOST_FEATURES = 20
"""Of one application."""
Outcome = Literal["pass", "fail", "skip"]


@dataclass(frozen=True, slots=True)
class FeatureFinding:
    """What one rule of the kit found; `line` is the rule itself and where it is written, `why` is empty when it passed."""

    rule: str
    line: str
    outcome: Outcome
    why: str = ""

    def __str__(self) -> str:
        mark = {"pass": "通过 pass", "fail": "不通过 FAIL", "skip": "不适用 skip"}[self.outcome]
        return f"{mark:12} {self.rule}: {self.line}" + (f"\n             → {self.why}" if self.why else "")


@dataclass(frozen=True, slots=True)
class FeatureVersion:
    """One version of a feature. `application_id` none: the tax office's own, leading to pages of ours only."""

    feature_id: UUID
    code: str
    application_id: UUID | None
    version: int
    state: FeatureState
    text: str
    findings: tuple[FeatureFinding, ...]
    checked_at: datetime | None
    reviewed_by: int | None
    state_reason: str
    made_by: int | None
    made_at: datetime
    changed_at: datetime
    has_been_listed: bool = False

    @property
    def has_passed(self) -> bool:
        """Whether the kit has run and no rule failed."""
        return bool(self.findings) and all(one.outcome != "fail" for one in self.findings)
