"""Limits of applications: so many a minute in this process's memory, so many a day in rows that do not get hot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from palmtax.base.clock import CHINA, Clock, day_begins
from palmtax.partners import errors
from palmtax.partners.model.scopes import partner_scopes
from palmtax.partners.store import usage
from palmtax.plumbing.database import Tx
from palmtax.plumbing.limits import Limiter

DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a day, for the headers `RateLimit-*`."""

    limit: int
    remaining: int
    reset_seconds: int
    per_minute: int

    @property
    def headers(self) -> dict[str, str]:
        """The headers, as clients know them (RateLimit header fields, httpapi working group)."""
        return {
            "ratelimit-limit": str(self.limit),
            "ratelimit-remaining": str(self.remaining),
            "ratelimit-reset": str(self.reset_seconds),
            "ratelimit-policy": f"{self.limit};w={DAY_SECONDS}, {self.per_minute};w=60",
        }


def seconds_to_midnight(now: datetime) -> int:
    """Until the day ends in China."""
    local = now.astimezone(CHINA)
    midnight = day_begins(local.date() + timedelta(days=1))
    return int((midnight - local).total_seconds()) + 1


async def take_one(
    tx: Tx, *, clock: Clock, limiter: Limiter, application_id: UUID, scope: str
) -> Allowance | errors.QuotaSpent:
    """Count one call; returned when there is none left: partners.quota_spent (it is counted as refused).

    Calls at the same instant may overshoot a day's limit by as many as there are at that instant.
    """
    known = partner_scopes()[scope]
    wait = limiter.wait_seconds(f"{known.per_minute}/minute", f"partner {application_id} {scope}")
    day, reset = clock.today(), seconds_to_midnight(clock.now())
    if wait > 0:
        await usage.count(tx, application_id, day, scope, refused=True)
        return errors.QuotaSpent(per="分钟", per_en="minute", limit=known.per_minute, wait_seconds=int(wait) + 1)
    used = await usage.calls(tx, application_id, day, scope)
    if used >= known.per_day:
        await usage.count(tx, application_id, day, scope, refused=True)
        return errors.QuotaSpent(per="日", per_en="day", limit=known.per_day, wait_seconds=reset)
    await usage.count(tx, application_id, day, scope)
    return Allowance(known.per_day, known.per_day - used - 1, reset, known.per_minute)
