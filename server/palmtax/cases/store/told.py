"""Queries for what officers are reminded of (read all shards: the worker only)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from palmtax import rules
from palmtax.cases.model.case import MARKED, Case
from palmtax.cases.store.cases import ROW, case_of
from palmtax.plumbing.database import Tx


@dataclass(frozen=True, slots=True)
class Due:
    """How many of an officer's cases are late, due today, due on the next working day."""

    person_id: int
    overdue: int
    today: int
    next: int


async def due_by_holder(tx: Tx, today: date) -> list[Due]:
    """Officers who hold something that is late or due by the next working day. One round trip."""
    rows = await tx.fetch(
        "select claimed_by as person_id, count(*) filter (where due_on < $1) as overdue,"
        " count(*) filter (where due_on = $1) as today, count(*) filter (where due_on > $1) as next from cases_case"
        " where claimed_by is not null and state in ('claimed', 'second') and due_on <= $2 group by claimed_by"
        " order by claimed_by",
        today, rules.add_working_days(today, 1),
    )  # fmt: skip
    return [Due(**dict(row.items())) for row in rows]


@dataclass(frozen=True, slots=True)
class Late:
    """What is late in an office: in all, held by nobody, marked for the supervisor."""

    office_code: str
    overdue: int
    unclaimed: int
    marked: int


async def late_by_office(tx: Tx, today: date) -> list[Late]:
    """Offices in which something is late. One round trip."""
    rows = await tx.fetch(
        "select office_code, count(*) as overdue, count(*) filter (where claimed_by is null) as unclaimed,"
        f" count(*) filter (where priority = {MARKED}) as marked from cases_case"
        " where state not in ('closed', 'waiting') and due_on < $1 group by office_code order by office_code",
        today,
    )
    return [Late(**dict(row.items())) for row in rows]


async def in_hand(tx: Tx, person_ids: list[int], limit: int) -> list[Case]:
    """What these officers have to do, the most urgent first. One round trip."""
    rows = await tx.fetch(
        f"select {ROW} from cases_case where claimed_by = any($1) and state in ('claimed', 'second')"
        " order by due_on, case_id limit $2",
        person_ids, limit,
    )  # fmt: skip
    return [case_of(row) for row in rows]
