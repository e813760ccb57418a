"""Queries on changes of a taxpayer's columns, and on adding a taxpayer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from palmtax.plumbing.database import Tx
from palmtax.registry.model import FIELDS, Change


async def lock(tx: Tx, taxpayer_id: int) -> dict[str, str] | None:
    """The taxpayer's changeable columns, held until the transaction ends."""
    row = await tx.fetchrow(
        f"select {', '.join(FIELDS)} from registry_taxpayer where taxpayer_id = $1 for update", taxpayer_id
    )
    return dict(row) if row else None


async def add(tx: Tx, taxpayer_id: int, change: Change, application_id: UUID) -> bool:
    """Keep a change; false when the application has changed this column already."""
    added = await tx.fetchval(
        "insert into registry_change (taxpayer_id, change_id, field, before, after, valid_from, known_at,"
        " application_id, application_no) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        " on conflict (taxpayer_id, application_id, field) do nothing returning true",
        taxpayer_id, change.change_id, change.field, change.before, change.after, change.valid_from, change.known_at,
        application_id, change.application_no,
    )  # fmt: skip
    return bool(added)


async def set_column(tx: Tx, taxpayer_id: int, field: str, value: str) -> None:
    """The column as it counts now; what it was stands in the changes."""
    if field not in FIELDS:
        raise ValueError(f"{field} is not changed by matters")
    await tx.execute(f"update registry_taxpayer set {field} = $2 where taxpayer_id = $1", taxpayer_id, value)


async def of_taxpayer(tx: Tx, taxpayer_id: int, limit: int) -> list[Change]:
    """A taxpayer's changes, newest first. One round trip."""
    rows = await tx.fetch(
        "select change_id, field, before, after, valid_from, known_at, application_no from registry_change"
        " where taxpayer_id = $1 order by known_at desc, change_id desc limit $2",
        taxpayer_id, limit,
    )  # fmt: skip
    return [_change(row) for row in rows]


def _change(row: Any) -> Change:
    return Change(
        change_id=UUID(int=row["change_id"].int),
        field=row["field"],
        before=row["before"],
        after=row["after"],
        valid_from=row["valid_from"],
        known_at=row["known_at"],
        application_no=row["application_no"],
    )


async def beginning(tx: Tx, first_day: date, last_day: date) -> list[tuple[int, str]]:
    """Which columns of which taxpayers have a change that begins in these days. For the daily task: all shards."""
    rows = await tx.fetch(
        "select distinct taxpayer_id, field from registry_change where valid_from between $1 and $2"
        " order by taxpayer_id, field",
        first_day, last_day,
    )  # fmt: skip
    return [(row["taxpayer_id"], row["field"]) for row in rows]


async def value_on(tx: Tx, taxpayer_id: int, field: str, day: date) -> str | None:
    """What the newest change of a column says for a day; none when no change counts yet."""
    found: str | None = await tx.fetchval(
        "select after from registry_change where taxpayer_id = $1 and field = $2 and valid_from <= $3"
        " order by valid_from desc, known_at desc, change_id desc limit 1",
        taxpayer_id, field, day,
    )  # fmt: skip
    return found


async def add_person(tx: Tx, taxpayer_id: int, *, name_masked: str, office_code: str, today: date) -> bool:
    """A natural person as a taxpayer; false when there is one."""
    added = await tx.fetchval(
        "insert into registry_taxpayer (taxpayer_id, name, uscc, kind, vat_kind, filing_period, place_kind,"
        " is_half_relief, industry, address, office_code, registered_on, status)"
        " values ($1, $2, null, 'natural_person', 'none', 'month', 'city', false, '', '', $3, $4, 'normal')"
        " on conflict (taxpayer_id) do nothing returning true",
        taxpayer_id, name_masked, office_code, today,
    )  # fmt: skip
    return bool(added)


async def first_office(tx: Tx, codes: Sequence[str]) -> str:
    """The first of these codes that is an office; empty when none is. One round trip."""
    found: str | None = await tx.fetchval(
        "select o.code from unnest($1::text[]) with ordinality w(code, place) join registry_office o on o.code = w.code"
        " order by w.place limit 1",
        list(codes),
    )
    return found or ""


async def set_office(tx: Tx, taxpayer_id: int, office_code: str) -> str | None:
    """A natural person's office; what it was, none for anybody else."""
    found: str | None = await tx.fetchval(
        "update registry_taxpayer t set office_code = $2 from (select office_code from registry_taxpayer"
        " where taxpayer_id = $1 and kind = 'natural_person' for update) before"
        " where t.taxpayer_id = $1 returning before.office_code",
        taxpayer_id, office_code,
    )  # fmt: skip
    return found


async def top_office(tx: Tx) -> str:
    """The code of the office above all others; empty when the list is empty."""
    found: str | None = await tx.fetchval(
        "select code from registry_office order by length(rtrim(code, '0')), code limit 1"
    )
    return found or ""
