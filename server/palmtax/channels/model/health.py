"""The light of a channel and its weight, from what happened lately. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from palmtax.channels.model.routing import Light

LOOKED_BACK = timedelta(minutes=5)
RESTED = timedelta(minutes=2)
"""A red channel without a probe is tried again after so long."""
FEWEST = 5
WEIGHT_LOST, WEIGHT_BACK, LEAST_WEIGHT = 20, 10, 10


@dataclass(frozen=True, slots=True)
class Lately:
    """What the last five minutes brought: handed over, refused for one message or person, unanswered; the last dead end."""

    handed: int = 0
    refused: int = 0
    unanswered: int = 0
    last_handed_at: datetime | None = None
    last_dead_at: datetime | None = None
    dead_say: str = ""
    dead_say_en: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """A light with its reason in words."""

    light: Light
    say: str
    say_en: str


def health(lately: Lately, at: datetime) -> Health:
    """Red: the platform refuses us altogether, or nothing gets through. Amber: much goes wrong. Green: all is well."""
    dead, good = lately.last_dead_at, lately.last_handed_at
    if dead is not None and (good is None or good < dead) and at - dead < RESTED:
        return Health("red", lately.dead_say, lately.dead_say_en)
    total = lately.handed + lately.unanswered
    if total >= FEWEST and lately.handed == 0:
        return Health("red", f"连续 {total} 次没有应答", f"no answer {total} times in a row")
    if total >= FEWEST and lately.unanswered * 5 >= total:
        say_en = f"{lately.unanswered} of {total} calls were not answered"
        return Health("amber", f"{total} 次调用中 {lately.unanswered} 次没有应答", say_en)
    tried = lately.handed + lately.refused
    if tried >= FEWEST and lately.refused * 2 >= tried:
        return Health("amber", f"{tried} 条中 {lately.refused} 条被拒", f"{lately.refused} of {tried} were refused")
    return Health("green", "正常", "all is well")


def next_weight(weight: int, *, delivered: int, slow: int, share_percent: int) -> int:
    """The weight after a look at the receipts: slow providers lose 20, all others get 10 back, up to 100.

    >>> (
    ...     next_weight(100, delivered=20, slow=10, share_percent=30),
    ...     next_weight(80, delivered=20, slow=1, share_percent=30),
    ... )
    (80, 90)
    """
    if delivered >= FEWEST and slow * 100 >= share_percent * delivered:
        return max(LEAST_WEIGHT, weight - WEIGHT_LOST)
    return min(100, weight + WEIGHT_BACK)
