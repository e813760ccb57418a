"""Queries on what was printed at kiosks, and the copies of a day."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from palmtax.channels.model.kiosks import Outcome, Print
from palmtax.plumbing.database import Tx

_COLUMNS = tuple(one.name for one in fields(Print))
_SELECT = f"select {', '.join(_COLUMNS)} from channels_print where taxpayer_id = $1"


def _print(row: Any) -> Print | None:
    return Print(**row) if row else None


async def count(
    tx: Tx, *, taxpayer_id: int, person_id: int, paper_id: UUID, day: date, copies: int, limit: int
) -> bool:
    """Count copies of a document for a person's day; false when it would be more than `limit`. One round trip."""
    done = await tx.fetchval(
        "insert into channels_print_day as kept (taxpayer_id, person_id, paper_id, day, copies) values ($1, $2, $3, $4, $5)"
        " on conflict (taxpayer_id, person_id, paper_id, day) do update set copies = kept.copies + excluded.copies"
        " where kept.copies + excluded.copies <= $6 returning true",
        taxpayer_id, person_id, paper_id, day, copies, limit,
    )  # fmt: skip
    return bool(done)


async def give_back(tx: Tx, one: Print, *, day: date, copies: int) -> None:
    """Copies that did not come out do not count. One round trip."""
    await tx.execute(
        "update channels_print_day set copies = copies - $5 where taxpayer_id = $1 and person_id = $2 and paper_id = $3"
        " and day = $4",
        one.taxpayer_id, one.person_id, one.paper_id, day, copies,
    )  # fmt: skip


async def counted(tx: Tx, *, taxpayer_id: int, person_id: int, day: date) -> dict[UUID, int]:
    """Copies so far on a day, by document. One round trip."""
    rows = await tx.fetch(
        "select paper_id, copies from channels_print_day where taxpayer_id = $1 and person_id = $2 and day = $3",
        taxpayer_id, person_id, day,
    )  # fmt: skip
    return {row["paper_id"]: row["copies"] for row in rows}


async def add(tx: Tx, one: Print) -> bool:
    """A new print; false when its number is taken. One round trip."""
    places = ", ".join(f"${number}" for number in range(1, len(_COLUMNS) + 1))
    done = await tx.fetchval(
        f"insert into channels_print ({', '.join(_COLUMNS)}) values ({places})"
        " on conflict (taxpayer_id, print_id) do nothing returning true",
        *(getattr(one, name) for name in _COLUMNS),
    )
    return bool(done)


async def one(tx: Tx, taxpayer_id: int, print_id: UUID) -> Print | None:
    """A print of the taxpayer. One round trip."""
    return _print(await tx.fetchrow(_SELECT + " and print_id = $2", taxpayer_id, print_id))


async def finish(tx: Tx, before: Print, *, result: Outcome, printed: int, at: datetime) -> Print | None:
    """What came of it, once; none when that is known already. One round trip."""
    return _print(
        await tx.fetchrow(
            "update channels_print set result = $3, printed = $4, ended_at = $5 where taxpayer_id = $1 and print_id = $2"
            f" and result = '' returning {', '.join(_COLUMNS)}",
            before.taxpayer_id,
            before.print_id,
            result,
            printed,
            at,
        )
    )


async def newest(tx: Tx, taxpayer_id: int, limit: int) -> list[Print]:
    """What was printed for a taxpayer, newest first. One round trip."""
    rows = await tx.fetch(_SELECT + " order by started_at desc, print_id desc limit $2", taxpayer_id, limit)
    return [Print(**row) for row in rows]
