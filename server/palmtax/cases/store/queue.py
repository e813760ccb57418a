"""The queue: a page in order, and how many there are.

An office with few below it reads its own rows by the index on its codes and sorts them; an office high up reads all
rows in order and leaves out what is not its own. Both stop after a page. Reads all shards: for officers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from palmtax import registry, rules
from palmtax.cases.model.case import MARKED, SOON_DAYS, Case, Desk, opened_within
from palmtax.cases.store.cases import ROW, case_of
from palmtax.plumbing.database import Tx

View = Literal["mine", "group", "all", "waiting", "closed"]
Due = Literal["overdue", "today", "soon", "week"]
Decided = Literal["any", "yes", "in_time"]
NOBODY = 0
LARGEST_COUNT = 1_000
SORTS = {"due": "due_on", "opened": "opened_at", "taxpayer": "taxpayer_id"}
_WIDE = 5
"""Up to so many digits a branch is a city or the province: many offices."""
_CODE = 11


@dataclass(frozen=True, slots=True)
class Asked:
    """What an officer wants to see; `taxpayer_ids` are those whose names match `text`.

    `person` holds the case, or decided it first (`NOBODY`: it is free); `age` is a place in `AGES`; `decided` since `since`.
    """

    view: View
    skill: str | None = None
    kind: str | None = None
    state: str | None = None
    due: Due | None = None
    text: str = ""
    taxpayer_ids: tuple[int, ...] = ()
    person: int | None = None
    age: int | None = None
    is_marked: bool = False
    decided: Decided | None = None
    since: datetime | None = None


class Filter:
    """Conditions with their arguments, numbered as they come."""

    def __init__(self) -> None:
        self.conditions: list[str] = []
        self.args: list[Any] = []

    def place(self, value: Any) -> str:
        """The place of an argument; the same value keeps its place."""
        for number, known in enumerate(self.args, 1):
            if known is value:
                return f"${number}"
        self.args.append(value)
        return f"${len(self.args)}"

    def add(self, condition: str, *args: Any) -> None:
        """Add a condition; each `{}` becomes the next place."""
        self.conditions.append(condition.format(*[self.place(value) for value in args]))

    @property
    def sql(self) -> str:
        """All of them."""
        return " and ".join(self.conditions)


def code_range(office_code: str) -> tuple[str, str]:
    """The first and last code of an office and those below it."""
    branch = registry.office_branch(office_code)
    return branch.ljust(_CODE, "0"), branch.ljust(_CODE, "9")


def of_branch(asked: Filter, office_code: str) -> None:
    """Only cases of this office and those below it."""
    branch = registry.office_branch(office_code)
    if len(branch) > _WIDE:
        first, last = code_range(office_code)
        asked.add("office_code between {} and {}", first, last)
    else:
        asked.add("starts_with(office_code, {})", branch)


def _of_view(asked: Filter, view: View, desk: Desk) -> None:
    asked.add("state = 'closed'" if view == "closed" else "state <> 'closed'")
    if view in ("mine", "waiting"):
        states = "('claimed', 'second')" if view == "mine" else "('waiting')"
        asked.add(
            f"state in {states} and claimed_by is not null and claimed_by = any({{}}::bigint[])", sorted(desk.hands)
        )
        return
    of_branch(asked, desk.office_code)
    asked.add("{} <> all(not_for)", desk.person_id)
    if view == "group":
        asked.add("claimed_by is null and first_by is distinct from {}", desk.person_id)
        if desk.skills:
            asked.add("skill = any({})", sorted(desk.skills))


def _of_day(asked: Filter, due: Due, today: date) -> None:
    if due == "overdue":
        asked.add("due_on < {} and state <> 'waiting'", today)
    elif due == "today":
        asked.add("due_on = {} and state <> 'waiting'", today)
    elif due == "soon":
        last = rules.add_working_days(today, SOON_DAYS)
        asked.add("due_on between {} and {} and state <> 'waiting'", today, last)
    else:
        asked.add("due_on between {} and {} and state <> 'waiting'", today, today + timedelta(days=6))


OPENED_ON = "(opened_at at time zone 'Asia/Shanghai')::date"
IN_TIME = "overdue_at is null and (closed_at at time zone 'Asia/Shanghai')::date <= due_on"


def _as_on_the_board(asked: Filter, wanted: Asked, today: date) -> None:
    """What a number of the board counts."""
    if wanted.person is not None:
        holder = "first_by" if wanted.view == "closed" else "claimed_by"
        if wanted.person == NOBODY:
            asked.add(f"{holder} is null")
        else:
            asked.add(f"{holder} = {{}}", wanted.person)
    if wanted.age is not None:
        first, last = opened_within(wanted.age, today)
        if first is not None:
            asked.add(f"{OPENED_ON} >= {{}}", first)
        if last is not None:
            asked.add(f"{OPENED_ON} <= {{}}", last)
    if wanted.is_marked:
        asked.add(f"priority = {MARKED}")
    if wanted.decided is not None and wanted.since is not None:
        asked.add("outcome is not null and closed_at >= {}", wanted.since)
        if wanted.decided == "yes":
            asked.add("outcome = 'yes'")
        elif wanted.decided == "in_time":
            asked.add(IN_TIME)


def _like(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _filter(wanted: Asked, desk: Desk, today: date) -> Filter:
    asked = Filter()
    _of_view(asked, wanted.view, desk)
    for column, value in (("skill", wanted.skill), ("kind", wanted.kind), ("state", wanted.state)):
        if value is not None:
            asked.add(f"{column} = {{}}", value)
    if wanted.due is not None:
        _of_day(asked, wanted.due, today)
    _as_on_the_board(asked, wanted, today)
    if wanted.text:
        ids = list(wanted.taxpayer_ids)
        asked.add(
            "(title like {} or title_en ilike {} or code = {} or taxpayer_id = any({}::bigint[]))",
            _like(wanted.text), _like(wanted.text), wanted.text, ids,
        )  # fmt: skip
    return asked


def statement(
    wanted: Asked, desk: Desk, today: date, sort: str, after: tuple[Any, UUID] | None, limit: int
) -> tuple[str, list[Any]]:
    """The statement of a page and its arguments; closed cases come newest first."""
    asked = _filter(wanted, desk, today)
    is_closed = wanted.view == "closed"
    column = "closed_at" if is_closed else SORTS[sort]
    direction, sign = ("desc", "<") if is_closed else ("asc", ">")
    if after is not None:
        asked.add(f"({column}, case_id) {sign} ({{}}, {{}})", *after)
    order = f"order by {column} {direction}, case_id {direction} limit {asked.place(limit)}"
    return f"select {ROW} from cases_case where {asked.sql} {order}", asked.args


async def page(
    tx: Tx, *, wanted: Asked, desk: Desk, today: date, sort: str, after: tuple[Any, UUID] | None, limit: int
) -> list[Case]:
    """A page of the queue after a place in its order. One round trip."""
    sql, args = statement(wanted, desk, today, sort, after, limit)
    return [case_of(row) for row in await tx.fetch(sql, *args)]


def counting(desk: Desk, today: date) -> tuple[str, list[Any]]:
    """The one statement of all counts, each up to 1,000, and its arguments."""
    whole = Filter()
    parts = []
    of_counts: tuple[tuple[str, View, Due | None], ...] = (
        ("mine", "mine", None), ("group_all", "group", None), ("waiting", "waiting", None),
        ("mine_overdue", "mine", "overdue"), ("group_overdue", "group", "overdue"),
        ("mine_today", "mine", "today"), ("group_today", "group", "today"),
    )  # fmt: skip
    for name, view, due in of_counts:
        one = Filter()
        one.args = whole.args
        _of_view(one, view, desk)
        if due is not None:
            _of_day(one, due, today)
        rows = f"select 1 from cases_case where {one.sql} limit {LARGEST_COUNT}"
        parts.append(f"(select count(*) from ({rows}) {name}_rows) as {name}")
    return f"select {', '.join(parts)}", whole.args


async def counts(tx: Tx, *, desk: Desk, today: date) -> dict[str, int]:
    """How many are one's own, to be taken, waiting; of the first two how many are overdue or due today. One round trip."""
    sql, args = counting(desk, today)
    row = await tx.fetchrow(sql, *args)
    return {
        "mine": row["mine"],
        "group": row["group_all"],
        "waiting": row["waiting"],
        "overdue": min(LARGEST_COUNT, row["mine_overdue"] + row["group_overdue"]),
        "today": min(LARGEST_COUNT, row["mine_today"] + row["group_today"]),
    }


@dataclass(frozen=True, slots=True)
class Load:
    """What an officer has in hand; due soon is not overdue."""

    in_hand: int
    waiting: int
    overdue: int
    due_soon: int


async def loads(tx: Tx, person_ids: Sequence[int], today: date) -> dict[int, Load]:
    """What each of these officers has in hand. One round trip."""
    rows = await tx.fetch(
        "select claimed_by, count(*) filter (where state <> 'waiting') as in_hand,"
        " count(*) filter (where state = 'waiting') as waiting,"
        " count(*) filter (where state <> 'waiting' and due_on < $2) as overdue,"
        " count(*) filter (where state <> 'waiting' and due_on between $2 and $3) as due_soon"
        " from cases_case where claimed_by = any($1) and claimed_by is not null and state <> 'closed' group by claimed_by",
        list(person_ids), today, rules.add_working_days(today, SOON_DAYS),
    )  # fmt: skip
    return {row["claimed_by"]: Load(row["in_hand"], row["waiting"], row["overdue"], row["due_soon"]) for row in rows}
