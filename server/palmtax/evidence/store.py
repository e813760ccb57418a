"""Queries of the evidence log."""

from __future__ import annotations

from dataclasses import astuple, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from palmtax.evidence.model import Entry
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Part

COLUMNS = ", ".join(f.name for f in fields(Entry))
_PLACES = ", ".join(f"${n}" for n in range(1, len(fields(Entry)) + 1))
INSERT = f"insert into evidence_entry ({COLUMNS}) values ({_PLACES})"


def insert_part(entry: Entry) -> Part:
    """The entry as a part of one statement."""
    return Part("evidence", INSERT, tuple(getattr(entry, f.name) for f in fields(Entry)))


async def insert(tx: Tx, entry: Entry) -> None:
    """Append one entry; one round trip."""
    await tx.execute(INSERT, *astuple(entry))


def entry_of(row: Any) -> Entry:
    """A row as an entry."""
    return Entry(**{f.name: row[f.name] for f in fields(Entry)})


async def of_taxpayer(
    tx: Tx, taxpayer_id: int, *, before: UUID | None, channel: str | None, act: str | None, limit: int
) -> list[Entry]:
    """The newest entries of a taxpayer before a given one; one round trip."""
    rows = await tx.fetch(
        f"select {COLUMNS} from evidence_entry where taxpayer_id = $1 and ($2::uuid is null or entry_id < $2)"
        " and ($3::text is null or channel = $3) and ($4::text is null or act like $4 || '%')"
        " order by entry_id desc limit $5",
        taxpayer_id,
        before,
        channel,
        act,
        limit,
    )
    return [entry_of(r) for r in rows]


async def of_subjects(tx: Tx, taxpayer_id: int, subject_ids: list[UUID], limit: int) -> list[Entry]:
    """The newest entries of a taxpayer on these subjects; one round trip."""
    rows = await tx.fetch(
        f"select {COLUMNS} from evidence_entry where taxpayer_id = $1 and subject_id = any($2)"
        " order by entry_id desc limit $3",
        taxpayer_id,
        subject_ids,
        limit,
    )
    return [entry_of(r) for r in rows]


async def last_acts(tx: Tx, taxpayer_ids: list[int], quiet: list[str]) -> dict[int, datetime]:
    """When something last happened on each file, officers' own reading left out; one round trip over several shards."""
    rows = await tx.fetch(
        "select taxpayer_id, max(at) as at from evidence_entry where taxpayer_id = any($1) and act <> all($2::text[])"
        " group by taxpayer_id",
        taxpayer_ids,
        quiet,
    )
    return {row["taxpayer_id"]: row["at"] for row in rows}


async def without_leaf(tx: Tx, *, since: UUID, limit: int) -> list[Entry]:
    """Entries newer than `since` that the tree does not hold yet, oldest first; one round trip (all shards)."""
    rows = await tx.fetch(
        f"select {COLUMNS} from evidence_entry e where entry_id > $1"
        " and not exists (select 1 from evidence_leaf l where l.entry_id = e.entry_id) order by entry_id limit $2",
        since,
        limit,
    )
    return [entry_of(r) for r in rows]


async def newest_head(tx: Tx) -> tuple[int, bytes, datetime] | None:
    """Size, root and time of the newest tree head; none before the first."""
    row = await tx.fetchrow("select size, root, at from evidence_head order by size desc limit 1")
    return None if row is None else (row["size"], row["root"], row["at"])


async def right_edge(tx: Tx, places: list[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    """The stored nodes at (level, number); one round trip."""
    rows = await tx.fetch(
        "select n.level, n.node_no, n.hash from evidence_node n join unnest($1::smallint[], $2::bigint[])"
        " as w(level, node_no) on w.level = n.level and w.node_no = n.node_no",
        [p[0] for p in places],
        [p[1] for p in places],
    )
    return {(r["level"], r["node_no"]): r["hash"] for r in rows}


async def add_leaves(tx: Tx, first_no: int, leaves: list[tuple[UUID, int, bytes]]) -> None:
    """Append leaves in order; one COPY."""
    await tx.copy_records_to_table(
        "evidence_leaf",
        records=[(first_no + i, e, t, h) for i, (e, t, h) in enumerate(leaves)],
        columns=["leaf_no", "entry_id", "taxpayer_id", "leaf_hash"],
    )


async def add_nodes(tx: Tx, nodes: dict[tuple[int, int], bytes]) -> None:
    """Keep finished nodes; one COPY."""
    await tx.copy_records_to_table(
        "evidence_node", records=[(lv, n, h) for (lv, n), h in nodes.items()], columns=["level", "node_no", "hash"]
    )


async def add_head(tx: Tx, size: int, root: bytes, at: datetime) -> None:
    """Publish a tree head."""
    await tx.execute("insert into evidence_head (size, root, at) values ($1, $2, $3)", size, root, at)


async def only_grower(tx: Tx) -> bool:
    """Whether this transaction alone may grow the tree (advisory lock on the node all applications use)."""
    # lint: statements — one task for the whole province; every application's session is on the coordinator (CITUS 10)
    return bool(await tx.fetchval("select pg_try_advisory_xact_lock(7305401)"))
