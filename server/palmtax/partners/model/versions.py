"""A version of a city feature on its way: draft → checked → review → listed → superseded or suspended. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Literal
from uuid import UUID

import yaml

FeatureState = Literal["draft", "checked", "review", "listed", "superseded", "suspended"]
CHECK_LASTS = timedelta(days=30)
"""So long a passed check counts when the second officer lists it: pages change."""
FILE = Path(__file__).resolve().parents[1] / "kinds" / "rechecks.yaml"
UNREACHED = "page_answers"
"""The rule that fails when a page cannot be had; a night on which none could is our own line's."""
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
    failed_nights: int = 0

    @property
    def has_passed(self) -> bool:
        """Whether the kit has run and no rule failed."""
        return bool(self.findings) and all(one.outcome != "fail" for one in self.findings)


@cache
def _rules() -> tuple[tuple[date, int], ...]:
    listed = yaml.safe_load(FILE.read_text(encoding="utf-8"))["rules"]
    return tuple((one["from"], int(one["failed_nights"])) for one in listed)


def nights_until_off(day: date) -> int:
    """On how many nights in a row a listed feature may fail until it is off; before the first rule that one counts.

    >>> nights_until_off(date(2026, 12, 1))
    3
    """
    return next((nights for since, nights in reversed(_rules()) if since <= day), _rules()[0][1])


def is_our_line(nights: Collection[Collection[FeatureFinding]]) -> bool:
    """Whether of several pages none could be had: then it is not theirs.

    >>> gone, there = FeatureFinding(UNREACHED, "", "fail"), FeatureFinding(UNREACHED, "", "pass")
    >>> is_our_line([[gone], [gone]]), is_our_line([[gone]]), is_our_line([[gone], [there]])
    (True, False, False)
    """
    asked = [one.outcome for found in nights for one in found if one.rule == UNREACHED and one.outcome != "skip"]
    return len(asked) > 1 and all(one == "fail" for one in asked)
