"""Several domains' writes as one statement: each domain gives parts, nobody touches another's tables.

One data-modifying CTE costs one round trip (.76 of pgbench against .39 for four statements, decision 0004).
Citus wants the same parts one after the other inside a transaction; the parts are written so that both forms mean the same:
VALUES only, ids made by the client, parents before children, no part reads what another writes, guards are constraints.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import asyncpg

from palmtax.plumbing.faults import Busy

Engine = Literal["postgres", "citus"]
_PLACE = re.compile(r"\$(\d+)")


@dataclass(frozen=True, slots=True)
class Part:
    """One data-modifying statement with its own `$1…`; `fetch` asks for its RETURNING rows; `then` goes along at the end."""

    name: str
    sql: str
    args: tuple[Any, ...]
    fetch: bool = False
    then: tuple[Part, ...] = ()


def _shifted(sql: str, by: int) -> str:
    """The statement with its `$n` counted on from `by`."""
    return _PLACE.sub(lambda found: f"${int(found.group(1)) + by}", sql)


@lru_cache(maxsize=1024)
def _combined(shapes: tuple[tuple[str, str, int, bool], ...]) -> str:
    """The one statement for these parts; cached by text, so asyncpg prepares it once."""
    pieces, offset, asked = [], 0, []
    for index, (name, sql, count, fetch) in enumerate(shapes):
        alias = f"{name}_{index}"
        pieces.append(f"{alias} as ({_shifted(sql, offset)})")
        offset += count
        if fetch:
            asked.append(f"select {index} as part, to_jsonb({alias}) as row from {alias}")
    return "with " + ",\n".join(pieces) + "\n" + (" union all ".join(asked) or "select 1 where false")


async def once(tx: asyncpg.Connection, *parts: Part, engine: Engine = "postgres") -> None:
    """`together` for what one act does once; somebody who does the same at this very moment is sent back.

    Errors: plumbing.busy. The transaction is lost with it.
    """
    try:
        await together(tx, *parts, engine=engine)
    except asyncpg.UniqueViolationError as taken:
        raise Busy() from taken


async def together(tx: asyncpg.Connection, *parts: Part, engine: Engine = "postgres") -> list[list[Any]]:
    """Run all parts or none; rows of parts with `fetch`, in the order of the parts (each row a dict of JSON values).

    One round trip on PostgreSQL. On Citus `tx` must be inside a transaction block.
    Errors: whatever the constraints raise (23505 unique, 23503 foreign key, 23514 check); nothing is left behind.
    """
    rows: list[list[Any]] = [[] for _ in parts]
    parts += tuple(follower for one in parts for follower in one.then)
    if engine == "citus":
        for index, part in enumerate(parts):
            if part.fetch:
                rows[index] = [dict(r) for r in await tx.fetch(part.sql, *part.args)]
            else:
                await tx.execute(part.sql, *part.args)
        return rows
    shapes = tuple((p.name, p.sql, len(p.args), p.fetch) for p in parts)
    args: Sequence[Any] = [a for p in parts for a in p.args]
    for record in await tx.fetch(_combined(shapes), *args):
        rows[record["part"]].append(record["row"])
    return rows
