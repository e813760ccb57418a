"""Queries of the registry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Part
from palmtax.registry.model import Office, Taxpayer, office_branch

LARGEST_TOTAL = 1_000
_ROW = (
    "taxpayer_id",
    "name",
    "uscc",
    "kind",
    "vat_kind",
    "filing_period",
    "place_kind",
    "is_half_relief",
    "industry",
    "address",
    "office_code",
    "registered_on",
    "status",
)
_SELECT = (
    f"select {', '.join('t.' + name for name in _ROW)}, o.name as office_name"
    " from registry_taxpayer t join registry_office o on o.code = t.office_code"
)
_KEYS = {"name": "t.name", "uscc": "coalesce(t.uscc, '')", "registered_on": "t.registered_on::text"}


def _taxpayer(row: Mapping[str, Any]) -> Taxpayer:
    return Taxpayer(**dict(row.items()))


async def taxpayer(tx: Tx, taxpayer_id: int) -> Taxpayer | None:
    """One taxpayer."""
    row = await tx.fetchrow(f"{_SELECT} where t.taxpayer_id = $1", taxpayer_id)
    return _taxpayer(row) if row else None


def taxpayer_part(taxpayer_id: int) -> Part:
    """The taxpayer as a reading part of one statement."""
    return Part("taxpayer", f"{_SELECT} where t.taxpayer_id = $1", (taxpayer_id,), fetch=True)


def taxpayer_of_row(row: Mapping[str, Any]) -> Taxpayer:
    """What `taxpayer_part` answered; a day may come as text."""
    registered_on = row["registered_on"]
    if isinstance(registered_on, str):
        registered_on = date.fromisoformat(registered_on)
    return _taxpayer({**row, "registered_on": registered_on})


async def taxpayers(tx: Tx, taxpayer_ids: Sequence[int]) -> dict[int, Taxpayer]:
    """Several taxpayers by id; unknown ones are left out."""
    rows = await tx.fetch(f"{_SELECT} where t.taxpayer_id = any($1)", list(taxpayer_ids))
    return {row["taxpayer_id"]: _taxpayer(row) for row in rows}


async def taxpayer_id_of_uscc(tx: Tx, uscc: str) -> int | None:
    """Whose code it is."""
    found = await tx.fetchval("select taxpayer_id from registry_uscc where uscc = $1", uscc)
    return int(found) if found is not None else None


async def office(tx: Tx, code: str) -> Office | None:
    """A tax office."""
    row = await tx.fetchrow("select code, name, name_en from registry_office where code = $1", code)
    return Office(row["code"], row["name"], row["name_en"]) if row else None


def office_part(code: str) -> Part:
    """A tax office as a reading part of one statement."""
    return Part("office", "select code, name, name_en from registry_office where code = $1", (code,), fetch=True)


async def office_names(tx: Tx, codes: Sequence[str]) -> dict[str, str]:
    """Names of these offices by code; unknown ones are left out."""
    rows = await tx.fetch("select code, name from registry_office where code = any($1)", list(codes))
    return {row["code"]: row["name"] for row in rows}


async def offices(tx: Tx) -> list[Office]:
    """Every tax office, by code."""
    rows = await tx.fetch("select code, name, name_en from registry_office order by code")
    return [Office(row["code"], row["name"], row["name_en"]) for row in rows]


def _like(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


class _Filter:
    """Conditions with their arguments, numbered as they come."""

    def __init__(self) -> None:
        self.conditions: list[str] = []
        self.args: list[Any] = []

    def add(self, condition: str, *args: Any) -> None:
        """Add a condition; each `{}` becomes the next place."""
        places = [f"${len(self.args) + number}" for number in range(1, len(args) + 1)]
        self.conditions.append(condition.format(*places))
        self.args.extend(args)

    @property
    def sql(self) -> str:
        """The where clause."""
        return f" where {' and '.join(self.conditions)}" if self.conditions else ""


def _filter(
    text: str, vat_kind: str | None, status: str | None, office_code: str | None, ids: Sequence[int] | None
) -> _Filter:
    asked = _Filter()
    if text:
        asked.add("(t.name like {} or t.uscc like {})", _like(text), _like(text.upper()))
    if vat_kind is not None:
        asked.add("t.vat_kind = {}", vat_kind)
    if status is not None:
        asked.add("t.status = {}", status)
    if office_code is not None:
        asked.add("starts_with(t.office_code, {})", office_branch(office_code))
    if ids is not None:
        asked.add("t.taxpayer_id = any({})", list(ids))
    return asked


async def search(
    tx: Tx,
    *,
    text: str,
    vat_kind: str | None,
    status: str | None,
    office_code: str | None,
    ids: Sequence[int] | None,
    sort: str,
    is_descending: bool,
    after: tuple[str, int] | None,
    limit: int,
) -> tuple[list[Taxpayer], int]:
    """A page of taxpayers after a place in the order, and how many there are (up to 1,000). Two round trips.

    Reads all shards: for officers, not for hot paths.
    """
    asked = _filter(text, vat_kind, status, office_code, ids)
    counting = f"select count(*) from (select 1 from registry_taxpayer t{asked.sql} limit {LARGEST_TOTAL}) hits"
    total = int(await tx.fetchval(counting, *asked.args))
    key, direction, sign = _KEYS[sort], "desc" if is_descending else "asc", "<" if is_descending else ">"
    if after is not None:
        asked.add(f"({key}, t.taxpayer_id) {sign} ({{}}, {{}})", *after)
    order = f" order by {key} {direction}, t.taxpayer_id {direction} limit ${len(asked.args) + 1}"
    rows = await tx.fetch(_SELECT + asked.sql + order, *asked.args, limit)
    return [_taxpayer(row) for row in rows], total


async def load_offices(tx: Tx, offices: Sequence[Office]) -> None:
    """Add or correct offices."""
    await tx.executemany(
        "insert into registry_office (code, name, name_en) values ($1, $2, $3)"
        " on conflict (code) do update set name = excluded.name, name_en = excluded.name_en",
        [(one.code, one.name, one.name_en) for one in offices],
    )


async def load_taxpayers(tx: Tx, taxpayers: Sequence[Taxpayer]) -> None:
    """Many taxpayers through COPY; UniqueViolationError when an id or a USCC exists."""
    await tx.copy_records_to_table(
        "registry_taxpayer",
        columns=_ROW,
        records=[tuple(getattr(one, name) for name in _ROW) for one in taxpayers],
    )
    await tx.copy_records_to_table(
        "registry_uscc",
        columns=("uscc", "taxpayer_id"),
        records=[(one.uscc, one.taxpayer_id) for one in taxpayers if one.uscc is not None],
    )
