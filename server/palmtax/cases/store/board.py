"""Numbers for the supervisor's board; each is exact, over the cases of a branch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from palmtax.cases.model.case import MARKED
from palmtax.cases.store.queue import Filter, of_branch
from palmtax.plumbing.database import Tx


@dataclass(frozen=True, slots=True)
class SkillLoad:
    """The open cases of one field of work."""

    skill: str
    in_all: int
    unclaimed: int
    overdue: int
    marked: int


async def by_skill(tx: Tx, office_code: str, today: date) -> list[SkillLoad]:
    """Open cases by field of work. One round trip."""
    asked = Filter()
    asked.add("state <> 'closed'")
    of_branch(asked, office_code)
    day = asked.place(today)
    rows = await tx.fetch(
        "select skill, count(*) as in_all, count(*) filter (where claimed_by is null) as unclaimed,"
        f" count(*) filter (where due_on < {day} and state <> 'waiting') as overdue,"
        f" count(*) filter (where priority = {MARKED}) as marked"
        f" from cases_case where {asked.sql} group by skill order by skill",
        *asked.args,
    )
    return [SkillLoad(**dict(row.items())) for row in rows]


async def by_day(tx: Tx, office_code: str) -> dict[date, int]:
    """Open cases by the day, in China, on which they were opened. One round trip."""
    asked = Filter()
    asked.add("state <> 'closed'")
    of_branch(asked, office_code)
    rows = await tx.fetch(
        "select (opened_at at time zone 'Asia/Shanghai')::date as opened_on, count(*) as number"
        f" from cases_case where {asked.sql} group by 1",
        *asked.args,
    )
    return {row["opened_on"]: row["number"] for row in rows}


async def decided(tx: Tx, office_code: str, since: datetime) -> list[tuple[str, int, int, int]]:
    """By field of work: cases decided since, how many with yes, how many in time. One round trip."""
    asked = Filter()
    asked.add("state = 'closed' and outcome is not null")
    of_branch(asked, office_code)
    asked.add("closed_at >= {}", since)
    rows = await tx.fetch(
        "select skill, count(*) as decided, count(*) filter (where outcome = 'yes') as passed,"
        " count(*) filter (where overdue_at is null and (closed_at at time zone 'Asia/Shanghai')::date <= due_on)"
        f" as in_time from cases_case where {asked.sql} group by skill order by skill",
        *asked.args,
    )
    return [(row["skill"], row["decided"], row["passed"], row["in_time"]) for row in rows]
