"""From counts to figures, and which five matters go worst. Pure: whole numbers only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Reason = Literal["drop", "supplement", "held", "slow", "refused"]
FEWEST = 5
"""A matter begun fewer times says nothing."""
SLOW_MINUTES = 15
_WORDS: Mapping[Reason, tuple[str, str]] = {
    "drop": ("{started} 人开始，{dropped} 人中途离开（{drop}%），多停在“{at}”",
             "{started} began, {dropped} left ({drop} %), most at “{at_en}”"),
    "supplement": ("{submitted} 件中有 {supplemented} 件被要求补正（{supplement}%）",
                   "{supplemented} of {submitted} had to add something ({supplement} %)"),
    "held": ("{held} 次请人填写了我们已有的内容", "people were asked {held} times for what we already hold"),
    "slow": ("填写一份要 {minutes} 分钟（中位数）", "filling it in takes {minutes} minutes (median)"),
    "refused": ("{finished} 件办结中有 {refused} 件不予办理（{refusal}%）",
                "{refused} of {finished} were refused ({refusal} %)"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bad:
    """A matter that goes badly."""

    code: str
    reason: Reason
    text: str
    text_en: str
    score: int


def per_mille(part: int, whole: int) -> int:
    """Part of a whole in per mille, rounded down; 0 of nothing.

    >>> per_mille(1, 3), per_mille(0, 0)
    (333, 0)
    """
    return part * 1000 // whole if whole else 0


def worst(
    counted: Iterable[Mapping[str, Any]], stops: Mapping[str, tuple[str, str]], held: Mapping[str, int], most: int = 5
) -> list[Bad]:
    """The matters that cost people most, worst first: each with its worst reason. The score counts people hurt."""
    found = []
    for one in counted:
        if one["started"] < FEWEST:
            continue
        bad = max(_reasons(one, held.get(one["matter_code"], 0)), key=lambda pair: pair[1])
        if bad[1] > 0:
            found.append(_told(one, bad[0], bad[1], stops, held))
    return sorted(found, key=lambda bad: (-bad.score, bad.code))[:most]


def _reasons(one: Mapping[str, Any], held: int) -> Sequence[tuple[Reason, int]]:
    minutes = int(one["median_fill_seconds"] or 0) // 60
    refused = one["finished"] - one["approved"]
    return (
        ("drop", one["dropped"]),
        ("supplement", one["supplemented"]),
        ("held", held // 2),
        ("slow", one["submitted"] * max(minutes - SLOW_MINUTES, 0) // SLOW_MINUTES),
        ("refused", refused if 5 * refused > one["finished"] else 0),
    )


def _told(
    one: Mapping[str, Any], reason: Reason, score: int, stops: Mapping[str, tuple[str, str]], held: Mapping[str, int]
) -> Bad:
    at, at_en = stops.get(one["matter_code"], ("—", "—"))
    refused = one["finished"] - one["approved"]
    values = {
        **one, "at": at, "at_en": at_en, "held": held.get(one["matter_code"], 0), "refused": refused,
        "drop": per_mille(one["dropped"], one["started"]) // 10,
        "supplement": per_mille(one["supplemented"], one["submitted"]) // 10,
        "refusal": per_mille(refused, one["finished"]) // 10,
        "minutes": int(one["median_fill_seconds"] or 0) // 60,
    }  # fmt: skip
    zh, en = _WORDS[reason]
    return Bad(one["matter_code"], reason, zh.format(**values), en.format(**values), score)
