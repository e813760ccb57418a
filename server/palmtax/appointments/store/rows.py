"""Tables whose rows are one dataclass each: the columns are its fields, so that no query lists them again."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Generic, TypeVar

from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Part

One = TypeVar("One")


class Rows(Generic[One]):
    """Reading, keeping and changing the rows of a table; `unchanged` names what a change must find as it was read."""

    def __init__(self, name: str, kind: type[One], *, unchanged: tuple[str, ...]) -> None:
        self._name, self._table, self._kind, self._unchanged = name, f"appointments_{name}", kind, unchanged
        self._columns = tuple(field.name for field in fields(kind))  # type: ignore[arg-type]  # a dataclass

    def _of(self, row: Any) -> One:
        return self._kind(**{name: row[name] for name in self._columns})

    async def many(self, tx: Tx, condition: str, *values: Any) -> list[One]:
        """The rows that fit. One round trip."""
        rows = await tx.fetch(f"select {', '.join(self._columns)} from {self._table} where {condition}", *values)
        return [self._of(row) for row in rows]

    async def one(self, tx: Tx, condition: str, *values: Any) -> One | None:
        """The first row that fits. One round trip."""
        found = await self.many(tx, f"{condition} limit 1", *values)
        return found[0] if found else None

    def insert_part(self, one: One) -> Part:
        """A new row as a part of one statement."""
        places = ", ".join(f"${number}" for number in range(1, len(self._columns) + 1))
        return Part(
            self._name,
            f"insert into {self._table} ({', '.join(self._columns)}) values ({places})",
            tuple(getattr(one, name) for name in self._columns),
        )

    async def change(self, tx: Tx, before: One, **changed: Any) -> One | None:
        """Change a row as it was read; none when it is another meanwhile. One round trip."""
        held, names = self._unchanged, sorted(changed)
        same = " and ".join(f"{name} = ${number}" for number, name in enumerate(held, 1))
        sets = ", ".join(f"{name} = ${number}" for number, name in enumerate(names, len(held) + 1))
        row = await tx.fetchrow(
            f"update {self._table} set {sets} where {same} returning *",
            *(getattr(before, name) for name in held),
            *(changed[name] for name in names),
        )
        return self._of(row) if row else None
