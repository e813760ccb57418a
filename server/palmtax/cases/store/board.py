"""Numbers for the supervisor's board; each is exact, over the cases of a branch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from palmtax import rules
from palmtax.cases.model.case import MARKED, SOON_DAYS
from palmtax.cases.store.queue import IN_TIME, OPENED_ON, Filter, of_branch
from palmtax.plumbing.database import Tx


@dataclass(frozen=True, slots=True)
class SkillLoad:
    """The open cases of one field of work."""

    skill: str
    in_all: int
    unclaimed: int
    overdue: int
    due_soon: int
    marked: int


async def by_skill(tx: Tx, office_code: str, today: date) -> list[SkillLoad]:
    """Open cases by field of work. One round trip."""
    asked = Filter()
    asked.add("state <> 'closed'")
    of_branch(asked, office_code)
    day, soon = asked.place(today), asked.place(rules.add_working_days(today, SOON_DAYS))
    rows = await tx.fetch(
        "select skill, count(*) as in_all, count(*) filter (where claimed_by is null) as unclaimed,"
        f" count(*) filter (where due_on < {day} and state <> 'waiting') as overdue,"
        f" count(*) filter (where due_on between {day} and {soon} and state <> 'waiting') as due_soon,"
        f" count(*) filter (where priority = {MARKED}) as marked"
        f" from cases_case where {asked.sql} group by skill order by skill",
        *asked.args,
    )
    return [SkillLoad(**dict(row.items())) for row in rows]


async def by_day(tx: Tx, office_code: str) -> list[tuple[int | None, date, int]]:
    """Open cases by holder and by the day, in China, on which they were opened. One round trip."""
    asked = Filter()
    asked.add("state <> 'closed'")
    of_branch(asked, office_code)
    rows = await tx.fetch(
        f"select claimed_by, {OPENED_ON} as opened_on, count(*) as number from cases_case where {asked.sql} group by 1, 2",
        *asked.args,
    )
    return [(row["claimed_by"], row["opened_on"], row["number"]) for row in rows]


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided in a field of work by an officer, as the first of two where two decide."""

    skill: str
    person_id: int | None
    decided: int
    passed: int
    in_time: int


async def decided(tx: Tx, office_code: str, since: datetime) -> list[Decided]:
    """Cases decided since, how many with yes, how many in time, by field of work and officer. One round trip."""
    asked = Filter()
    asked.add("state = 'closed' and outcome is not null")
    of_branch(asked, office_code)
    asked.add("closed_at >= {}", since)
    rows = await tx.fetch(
        "select skill, first_by as person_id, count(*) as decided, count(*) filter (where outcome = 'yes') as passed,"
        f" count(*) filter (where {IN_TIME}) as in_time"
        f" from cases_case where {asked.sql} group by skill, first_by order by skill, first_by",
        *asked.args,
    )
    return [Decided(**dict(row.items())) for row in rows]
