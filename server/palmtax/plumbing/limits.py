"""Rate limits: a token bucket for each caller and rule, in this process.

With several web processes each grants its share; limits that must hold for the whole province
(one-time codes, wrong-code lock-out) are rows of their domain, not this.
"""

from __future__ import annotations

import math
import re
import time
from dataclasses import dataclass, field

_RULE = re.compile(r"^(\d+)/(second|minute|hour)$")
_SECONDS = {"second": 1.0, "minute": 60.0, "hour": 3600.0}
LARGEST_NUMBER_OF_CALLERS = 100_000
HALF_LIFE_SECONDS = 10.0


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
class Lanes:
    """Who sends much goes behind who sends little; nobody is refused, and what is left over is theirs.

    Counts fade by half every ten seconds; each process counts what passes through it.
    """

    _sent: dict[str, tuple[float, float]] = field(default_factory=dict)

    def place(self, sender: str, now: float | None = None) -> int:
        """The priority of the sender's next job: 0 for the first, one less whenever the count has doubled.

        >>> lanes = Lanes()
        >>> [lanes.place("office", 0.0) for _ in range(8)][-1], lanes.place("other", 0.0), lanes.place("office", 60.0)
        (-3, 0, 0)
        """
        at = time.monotonic() if now is None else now
        count, seen = self._sent.pop(sender, (0.0, at))
        count = count * 0.5 ** ((at - seen) / HALF_LIFE_SECONDS) + 1
        self._sent[sender] = (count, at)
        if len(self._sent) > LARGEST_NUMBER_OF_CALLERS:
            del self._sent[next(iter(self._sent))]
        return -int(math.log2(count))


@dataclass(slots=True)
class Limiter:
    """Buckets by caller; the oldest are dropped when there are too many callers."""

    _buckets: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    _turns: dict[tuple[str, str], float] = field(default_factory=dict)

    def turn_seconds(self, rule: str, caller: str, now: float | None = None) -> float:
        """Take one token: 0 when granted, otherwise the seconds to this one's own turn, so that a crowd does not come at once.

        >>> limiter = Limiter()
        >>> [limiter.turn_seconds("2/second", "sms", 0.0) for _ in range(5)]
        [0.0, 0.0, 0.5, 1.0, 1.5]
        """
        at, rate = time.monotonic() if now is None else now, Rate.of(rule)
        if self.wait_seconds(rule, caller, at) == 0.0:
            return 0.0
        turn = max(self._turns.get((rule, caller), at), at) + rate.seconds / rate.count
        self._turns[(rule, caller)] = turn
        return turn - at

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
