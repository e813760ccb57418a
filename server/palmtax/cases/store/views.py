"""Queries for saved views."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from palmtax.plumbing.database import Tx


async def views(tx: Tx, person_id: int) -> list[Any]:
    """An officer's views by name; one round trip."""
    found = await tx.fetch("select view_id, name, view from cases_view where person_id = $1 order by name", person_id)
    return list(found)


async def insert_view(tx: Tx, person_id: int, view_id: UUID, name: str, view: dict[str, Any], at: Any) -> None:
    """Keep a view; UniqueViolationError when the name is taken."""
    await tx.execute(
        "insert into cases_view (person_id, view_id, name, view, created_at) values ($1, $2, $3, $4, $5)",
        person_id,
        view_id,
        name,
        view,
        at,
    )


async def update_view(tx: Tx, person_id: int, view_id: UUID, name: str, view: dict[str, Any]) -> bool:
    """Change a view; false when it is not this officer's."""
    done = await tx.execute(
        "update cases_view set name = $3, view = $4 where person_id = $1 and view_id = $2",
        person_id,
        view_id,
        name,
        view,
    )
    return bool(done == "UPDATE 1")


async def delete_view(tx: Tx, person_id: int, view_id: UUID) -> bool:
    """Drop a view; false when it is not this officer's."""
    done = await tx.execute("delete from cases_view where person_id = $1 and view_id = $2", person_id, view_id)
    return bool(done == "DELETE 1")
