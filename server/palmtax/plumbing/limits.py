"""Rate limits: a token bucket for each caller and rule, in this process.

With several web processes each grants its share; limits that must hold for the whole province
(one-time codes, wrong-code lock-out) are rows of their domain, not this.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field

_RULE = re.compile(r"^(\d+)/(second|minute|hour)$")
_SECONDS = {"second": 1.0, "minute": 60.0, "hour": 3600.0}
LARGEST_NUMBER_OF_CALLERS = 100_000


@dataclass(frozen=True, slots=True)
class Rate:
    """So many in so many seconds."""

    count: int
    seconds: float

    @classmethod
    def of(cls, rule: str) -> Rate:
        """`30/minute` → 30 in 60 seconds; ValueError for anything else."""
        found = _RULE.match(rule)
        if found is None:
            raise ValueError(f"a rate is N/second, N/minute or N/hour, not {rule!r}")
        return cls(int(found[1]), _SECONDS[found[2]])


@dataclass(slots=True)
class Limiter:
    """Buckets by caller; the oldest are dropped when there are too many callers."""

    _buckets: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)

    def wait_seconds(self, rule: str, caller: str, now: float | None = None) -> float:
        """Take one token: 0 when granted, otherwise the seconds to wait."""
        rate = Rate.of(rule)
        at = time.monotonic() if now is None else now
        tokens, seen = self._buckets.pop((rule, caller), (float(rate.count), at))
        tokens = min(float(rate.count), tokens + (at - seen) * rate.count / rate.seconds)
        granted = tokens >= 1
        self._buckets[(rule, caller)] = (tokens - 1 if granted else tokens, at)
        if len(self._buckets) > LARGEST_NUMBER_OF_CALLERS:
            del self._buckets[next(iter(self._buckets))]
        return 0.0 if granted else (1 - tokens) * rate.seconds / rate.count
