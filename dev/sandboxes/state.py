"""The sandboxes' own memory: one SQLite file, so a killed sandbox still knows its orders."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sandboxes.schema import SCHEMA


def _fitting(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """A list, an object or a number beyond 64 bits is compared as text: it is nobody's."""
    return tuple(one if _fits(one) else str(one) for one in values)


def _fits(value: Any) -> bool:
    if isinstance(value, int):
        return -(2**63) <= value < 2**63
    return value is None or isinstance(value, float | str | bytes)


class State:
    """One SQLite connection, used only from the event loop's thread; every change is one transaction."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("pragma journal_mode = wal")
        self._connection.execute("pragma synchronous = normal")
        self._connection.executescript(SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @contextmanager
    def change(self) -> Iterator[None]:
        """Everything inside happens, or nothing does; must not await inside."""
        self._connection.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._connection.execute("rollback")
            raise
        self._connection.execute("commit")

    def run(self, sql: str, *values: Any) -> int:
        """Run one statement; how many rows it touched."""
        return self._connection.execute(sql, _fitting(values)).rowcount

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """All rows of a query."""
        return self._connection.execute(sql, _fitting(values)).fetchall()

    def row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        """The first row of a query, or none."""
        found: sqlite3.Row | None = self._connection.execute(sql, _fitting(values)).fetchone()
        return found

    def number(self, sql: str, *values: Any) -> float:
        """The single number a query gives; nothing counts as 0."""
        found = self.row(sql, *values)
        return 0 if found is None or found[0] is None else found[0]

    def set(self, name: str, value: str) -> None:
        """Keep a setting."""
        self.run(
            "insert into setting values (?, ?) on conflict (name) do update set value = excluded.value", name, value
        )

    def setting(self, name: str, default: str = "") -> str:
        """A setting, or what it is when never set."""
        found = self.row("select value from setting where name = ?", name)
        return default if found is None else str(found["value"])
