"""What came of a campaign, stage by stage: counts folded from rows of members. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

COUNTED = (
    "told", "held", "waiting", "handed", "arrived", "trouble", "read", "acted", "held_acted", "unsubscribed", "complained",
    "withdrawn", "cost_fen",
)  # fmt: skip


def empty() -> dict[str, Any]:
    """A stage of which nobody has been told."""
    return {**dict.fromkeys(COUNTED, 0), "drawn": 0, "left_out": {}, "by_way": {}}


def folded(rows: Iterable[Mapping[str, Any]], stages: int) -> list[dict[str, Any]]:
    """Counts by stage; a row is a group of members of one stage, state, reason and way.

    >>> row = dict.fromkeys(
    ...     ("arrived", "trouble", "waiting", "read", "acted", "unsubscribed", "complained", "withdrawn"), 0
    ... )
    >>> told = row | {
    ...     "stage": 0,
    ...     "state": "told",
    ...     "reason": "",
    ...     "way": "sms",
    ...     "members": 3,
    ...     "arrived": 2,
    ...     "cost_fen": 15,
    ... }
    >>> out = row | {"stage": 0, "state": "left_out", "reason": "no_consent", "way": "", "members": 4, "cost_fen": 0}
    >>> [stage] = folded([told, out], 1)
    >>> stage["told"], stage["handed"], stage["arrived"], stage["left_out"], stage["by_way"]["sms"]["handed"]
    (3, 3, 2, {'no_consent': 4}, 3)
    """
    found = [empty() for _ in range(stages)]
    for row in rows:
        stage, members = found[row["stage"]], row["members"]
        if row["state"] == "left_out":
            stage["left_out"][row["reason"]] = stage["left_out"].get(row["reason"], 0) + members
        elif row["state"] == "held":
            stage["held"] += members
            stage["held_acted"] += row["acted"]
        elif row["state"] == "drawn":
            stage["drawn"] += members
        else:
            _told(stage, row)
    return found


def _told(stage: dict[str, Any], row: Mapping[str, Any]) -> None:
    stage["told"] += row["members"]
    for name in (
        "arrived",
        "trouble",
        "waiting",
        "read",
        "acted",
        "unsubscribed",
        "complained",
        "withdrawn",
        "cost_fen",
    ):
        stage[name] += row[name]
    way = stage["by_way"].setdefault(row["way"] or "inbox", dict.fromkeys(("handed", "arrived", "read", "cost_fen"), 0))
    way["handed"] += row["members"]
    for name in ("arrived", "read", "cost_fen"):
        way[name] += row[name]
    stage["handed"] += row["members"] if row["way"] else 0


def summed(stages: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """All stages together."""
    whole = empty()
    for stage in stages:
        for name in (*COUNTED, "drawn"):
            whole[name] += stage[name]
        for reason, count in stage["left_out"].items():
            whole["left_out"][reason] = whole["left_out"].get(reason, 0) + count
        for way, counts in stage["by_way"].items():
            kept = whole["by_way"].setdefault(way, dict.fromkeys(counts, 0))
            for name, count in counts.items():
                kept[name] += count
    return whole


def rates(stage: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """Cases and of how many, as the gates judge them: failures of what was tried outside, the others of all told."""
    return {
        "failure": (stage["trouble"], stage["handed"] + stage["trouble"]),
        "unsubscribe": (stage["unsubscribed"], stage["told"]),
        "complaint": (stage["complained"], stage["told"]),
    }
