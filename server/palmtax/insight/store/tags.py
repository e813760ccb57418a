"""Queries of tags: keeping them, and choosing taxpayers by them. What an audience compares is compiled here, never glued."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from palmtax import registry
from palmtax.insight.model.audience import Audience, Condition
from palmtax.insight.model.tags import every_tag
from palmtax.plumbing.database import Tx

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Tagged:
    """The tags of one taxpayer."""

    taxpayer_id: int
    office_code: str
    status: str
    kind: str
    vat_kind: str
    industry: str
    registered_on: date
    declared: str
    filed: str
    owes: str
    invoices: str
    reader_id: int | None
    wording: str
    language: str
    reach: tuple[str, ...]
    consents: tuple[str, ...]
    quiet_from: time | None
    quiet_until: time | None


_COLUMNS = tuple(Tagged.__slots__)
_KEPT = (
    f"insert into insight_tag ({', '.join(_COLUMNS)}, refreshed_at)"
    f" values ({', '.join(f'${n}' for n in range(1, len(_COLUMNS) + 2))})"
    " on conflict (taxpayer_id) do update set "
    + ", ".join(f"{name} = excluded.{name}" for name in (*_COLUMNS[1:], "refreshed_at"))
)


async def keep(tx: Tx, tagged: Sequence[Tagged], at: datetime) -> None:
    """Keep the tags of several taxpayers; what a campaign told them stays. One round trip."""
    rows = [(*(_plain(getattr(one, name)) for name in _COLUMNS), at) for one in tagged]
    await tx.executemany(_KEPT, rows)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


async def mark_told(tx: Tx, taxpayer_ids: Sequence[int], on: date) -> None:
    """A campaign told these today: another waits for another day. One round trip."""
    await tx.execute("update insight_tag set told_on = $2 where taxpayer_id = any($1)", list(taxpayer_ids), on)


async def filed_of(tx: Tx, taxpayer_id: int) -> str:
    """How the taxpayer's returns stand as far as tags know; empty without tags. One round trip."""
    return str(await tx.fetchval("select filed from insight_tag where taxpayer_id = $1", taxpayer_id) or "")


async def note_filed(tx: Tx, taxpayer_id: int, *, declared: str) -> None:
    """A return was filed. One round trip."""
    await tx.execute(
        "update insight_tag set filed = 'filed', declared = $2 where taxpayer_id = $1", taxpayer_id, declared
    )


async def note_owed(tx: Tx, taxpayer_id: int, *, owes: str) -> None:
    """Whether the taxpayer owes now. One round trip."""
    await tx.execute("update insight_tag set owes = $2 where taxpayer_id = $1", taxpayer_id, owes)


def _months_ago(today: date, months: int) -> date:
    """The same day so many months before; the last day of a shorter month.

    >>> _months_ago(date(2026, 3, 31), 1), _months_ago(date(2026, 1, 5), 12)
    (datetime.date(2026, 2, 28), datetime.date(2025, 1, 5))
    """
    whole = today.year * _MONTHS + today.month - 1 - months
    for day in range(today.day, 0, -1):
        try:
            return date(max(1, whole // _MONTHS), whole % _MONTHS + 1, day)
        except ValueError:
            continue
    raise ValueError(f"{months} months before {today}")


class Where:
    """The conditions of an audience as SQL over `insight_tag t`, and their arguments from a place on."""

    def __init__(self, audience: Audience, *, office_code: str, today: date, first: int) -> None:
        self.args: list[Any] = []
        self._first, self._today = first, today
        branch = self._place(registry.office_branch(office_code))
        joined = f" {'and' if audience.match == 'all' else 'or'} ".join(
            "(" + (" and " if group.match == "all" else " or ").join(map(self._one, group.conditions)) + ")"
            for group in audience.groups
        )
        self.sql = f"t.status = 'normal' and starts_with(t.office_code, {branch})" + (
            f" and ({joined})" if joined else ""
        )

    def _place(self, value: Any) -> str:
        self.args.append(value)
        return f"${self._first + len(self.args) - 1}"

    def _one(self, one: Condition) -> str:
        shape, column = every_tag()[one.tag].shape, _COLUMN_OF.get(one.tag, one.tag)
        if shape == "months":
            sign = "<=" if one.compare == "at_least" else ">="
            return f"t.{column} {sign} {self._place(_months_ago(self._today, int(one.values[0])))}"
        if shape == "office":
            found = " or ".join(
                f"starts_with(t.{column}, {self._place(registry.office_branch(code))})" for code in one.values
            )
        elif shape == "many":
            found = f"t.{column} && {self._place(list(one.values))}::text[]"
        else:
            found = f"t.{column} = any({self._place(list(one.values))}::text[])"
        return f"not ({found})" if one.compare == "is_not" else f"({found})"


_COLUMN_OF = {"office": "office_code", "registered": "registered_on"}


async def cells(
    tx: Tx, audience: Audience, *, office_code: str, today: date, purpose: str, now: time
) -> list[Mapping[str, Any]]:
    """An audience counted at once by office, kind, way, and by what keeps somebody out or waiting. One round trip.

    Reads all tags of the office: for officers, never on a hot path.
    """
    where = Where(audience, office_code=office_code, today=today, first=4)
    rows = await tx.fetch(
        "select t.office_code, t.kind, coalesce(t.reach[1], 'inbox') as way, t.reader_id is null as is_unread,"
        " coalesce($1 = any(t.consents), false) as is_agreed, coalesce(t.told_on = $2, false) as is_capped,"
        " coalesce(case when t.quiet_from <= t.quiet_until then $3 >= t.quiet_from and $3 < t.quiet_until"
        " else $3 >= t.quiet_from or $3 < t.quiet_until end, false) as is_quiet, count(*) as members"
        f" from insight_tag t where {where.sql} group by 1, 2, 3, 4, 5, 6, 7",
        purpose,
        today,
        now,
        *where.args,
    )
    return [dict(row.items()) for row in rows]


async def one_of(tx: Tx, audience: Audience, *, office_code: str, today: date, purpose: str) -> Any:
    """Somebody of an audience who would be told; none when nobody would. One round trip."""
    where = Where(audience, office_code=office_code, today=today, first=2)
    return await tx.fetchrow(
        "select t.taxpayer_id, t.reader_id, t.reach, t.language, t.wording from insight_tag t"
        f" where t.reader_id is not null and $1 = any(t.consents) and {where.sql} order by t.taxpayer_id limit 1",
        purpose,
        *where.args,
    )


async def trades(tx: Tx, office_code: str, limit: int) -> list[tuple[str, int]]:
    """The trades of an office's taxpayers, the most frequent first. One round trip."""
    rows = await tx.fetch(
        "select t.industry, count(*) as members from insight_tag t where t.status = 'normal' and t.industry <> ''"
        " and starts_with(t.office_code, $1) group by 1 order by 2 desc, 1 limit $2",
        registry.office_branch(office_code),
        limit,
    )
    return [(row["industry"], row["members"]) for row in rows]


async def count(tx: Tx, office_code: str) -> tuple[int, datetime | None]:
    """How many taxpayers of an office have tags, and how old the oldest are. One round trip."""
    row = await tx.fetchrow(
        "select count(*) as members, min(refreshed_at) as oldest_at from insight_tag where starts_with(office_code, $1)",
        registry.office_branch(office_code),
    )
    return row["members"], row["oldest_at"]
