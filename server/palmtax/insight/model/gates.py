"""When a campaign stops by itself and when it may go on: dated limits and what the counts say of them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from palmtax.insight.model.draw import WHOLE_BP
from palmtax.insight.model.statistics import lower_bound

_FILE = Path(__file__).resolve().parents[1] / "kinds" / "push" / "gates.yaml"
Verdict = Literal["clean", "unclear", "stop"]


@dataclass(frozen=True, slots=True)
class Limit:
    """A rate that may not be passed: in ten-thousandths, judged from so many cases on."""

    code: str
    title: str
    title_en: str
    most_bp: int
    least: int


@dataclass(frozen=True, slots=True)
class Rule:
    """The limits of a day."""

    since: date
    confidence_bp: int
    tries: int
    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True)
class Gates:
    """All of it: the rules with their days, and what a new campaign begins with."""

    rules: tuple[Rule, ...]
    patience_minutes: int
    holdout_bp: int
    stages: tuple[tuple[int, int], ...]
    least_for_effect: int

    def on(self, day: date) -> Rule:
        """The rule in force; the first one before its day."""
        return next((one for one in reversed(self.rules) if one.since <= day), self.rules[0])


@dataclass(frozen=True, slots=True)
class Gate:
    """A rate as measured, and what follows: `low_bp` is the lower bound of what it may be in truth."""

    limit: Limit
    cases: int
    of: int
    low_bp: int
    verdict: Verdict


@cache
def gates() -> Gates:
    """What is set in `kinds/push/gates.yaml`."""
    raw: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    rules = [
        Rule(
            one["from"],
            one["confidence_bp"],
            one["tries"],
            tuple(Limit(code, **it) for code, it in one["rates"].items()),
        )
        for one in raw["rules"]
    ]
    return Gates(
        tuple(sorted(rules, key=lambda one: one.since)),
        raw["patience_minutes"],
        raw["holdout_bp"],
        tuple((one["share_bp"], one["minutes"]) for one in raw["stages"]),
        raw["least_for_effect"],
    )


def judged(rule: Rule, counts: Mapping[str, tuple[int, int]]) -> list[Gate]:
    """Each rate with its verdict; `counts` are cases and of how many, by the limit's code.

    >>> rule = gates().on(date(2026, 12, 1))
    >>> [one.verdict for one in judged(rule, {"failure": (5, 5), "unsubscribe": (1, 50), "complaint": (0, 3)})]
    ['stop', 'unclear', 'clean']
    """
    found = []
    for limit in rule.limits:
        cases, of = counts.get(limit.code, (0, 0))
        low = lower_bound(cases, of, rule.confidence_bp / WHOLE_BP)
        is_over = cases * WHOLE_BP > limit.most_bp * of
        verdict: Verdict = "unclear" if is_over else "clean"
        if of >= limit.least and low * WHOLE_BP > limit.most_bp:
            verdict = "stop"
        found.append(Gate(limit, cases, of, round(low * WHOLE_BP), verdict))
    return found
