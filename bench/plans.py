"""The plan of the statement that writes a return, really executed on a fresh draft and rolled back."""

from __future__ import annotations

from typing import Any

import asyncpg

from bench.drafts import Ready
from bench.split import submit_each
from bench.statements import ListeningDatabase, Sent
from palmtax.plumbing import database as ground


def _writing(sent: list[Sent]) -> Sent:
    return next(one for one in sent if "insert into filing_return" in one.sql)


async def write_plan(dsn: str, app: Any, listening: ListeningDatabase, fresh: Ready) -> str:
    """Submit a draft, take the return away again, and explain the very statement that wrote it."""
    one = _writing((await submit_each(app, listening, [fresh]))[0])
    connection = await asyncpg.connect(dsn)
    await ground._prepare(connection)
    work = connection.transaction()
    await work.start()
    try:
        for table in ("payment_line", "payment_entry", "evidence_entry", "filing_return"):
            await connection.execute(f"delete from {table} where taxpayer_id = $1", fresh.who.taxpayer_id)
        rows = await connection.fetch(f"explain (analyze, buffers, costs off, summary on) {one.sql}", *one.args)
        return "\n".join(row[0] for row in rows)
    finally:
        await work.rollback()
        await connection.close()
