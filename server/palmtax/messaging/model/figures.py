"""What monitoring is told of deliveries: numbers, never whose. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """How far messages came: those of one channel (or way, before a channel took them) and template."""

    channel: str
    template: str
    told: int
    handed: int
    delivered: int
    read: int
    acted: int
    lost: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is due by one way and not handed over, and since when the oldest waits."""

    way: str
    count: int
    oldest_at: datetime
