"""Queries of the law desk; rows are only added."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from palmtax.knowledge.model.law_desk import Act, Change, folded
from palmtax.plumbing.database import Tx

_READ = (
    "select c.change_id, c.key, c.drafted_by, c.drafted_at, c.request_hash, a.sequence, a.act, a.person_id, a.at,"
    " a.reason, a.body, a.trial from knowledge_law_change c join knowledge_law_act a on a.change_id = c.change_id"
)
_LAST = (
    "select distinct on (change_id) change_id, case when act in ('drafted', 'edited') then 'draft'"
    " when act = 'approved' then case when (body ->> 'first_day')::date <= {} then 'effective' else 'scheduled' end"
    " else act end as state from knowledge_law_act order by change_id, sequence desc"
)


async def mark(tx: Tx) -> tuple[int, str]:
    """How many approvals and withdrawals there are, and the newest: changes whenever the law may have. One round trip."""
    row = await tx.fetchrow(
        "select count(*) as number, coalesce(max(act_id::text), '') as newest from knowledge_law_act"
        " where act in ('approved', 'withdrawn')"
    )
    return row["number"], row["newest"]


async def approved(tx: Tx) -> list[Change]:
    """The versions that two officers agreed on and nobody withdrew, the one approved last first. One round trip."""
    rows = await tx.fetch(
        f"{_READ} where c.change_id in (select change_id from knowledge_law_act where act = 'approved')"
        " and c.change_id not in (select change_id from knowledge_law_act where act = 'withdrawn')"
        " order by a.change_id, a.sequence"
    )
    found = [(one.approved, one) for one in folded(rows)]
    agreed = [(act.at, act.sequence, one.change_id, one) for act, one in found if act is not None]
    return [one for *_, one in sorted(agreed, key=lambda row: row[:3], reverse=True)]


async def change(tx: Tx, change_id: UUID) -> Change | None:
    """One version with its acts. One round trip."""
    rows = await tx.fetch(f"{_READ} where c.change_id = $1 order by a.sequence", change_id)
    return folded(rows)[0] if rows else None


async def of_key(tx: Tx, key: str) -> list[Change]:
    """Every version of a number, newest first. One round trip."""
    rows = await tx.fetch(f"{_READ} where c.key = $1 order by c.change_id desc, a.sequence", key)
    return folded(rows)


async def page(tx: Tx, *, state: str | None, today: date, before: UUID | None, limit: int) -> list[Change]:
    """Versions newest first, one more than `limit` when there are more. Two round trips."""
    last = _LAST.format("$1")
    rows = await tx.fetch(
        f"select change_id from ({last}) l where ($2::text is null or state = $2)"
        " and ($3::uuid is null or change_id < $3) order by change_id desc limit $4",
        today, state, before, limit + 1,
    )  # fmt: skip
    numbers = [row["change_id"] for row in rows]
    acts = await tx.fetch(f"{_READ} where c.change_id = any($1) order by c.change_id desc, a.sequence", numbers)
    return folded(acts)


async def keys_under_way(tx: Tx, today: date) -> set[str]:
    """Numbers that have a version which is neither in force nor given up. One round trip."""
    last = _LAST.format("$1")
    rows = await tx.fetch(
        f"select distinct c.key from knowledge_law_change c join ({last}) l on l.change_id = c.change_id"
        " where l.state in ('draft', 'sent', 'returned', 'scheduled')",
        today,
    )
    return {row["key"] for row in rows}


async def one_at_a_time(tx: Tx, change_id: UUID) -> None:
    """Let acts on one version follow each other, so that the later one is told where it stands. One round trip."""
    # lint: statements — the table is local: there is one node, and its rows are only added, so none can be locked
    await tx.execute("select pg_advisory_xact_lock($1)", change_id.int >> 65)


async def insert_change(tx: Tx, made: Change, idempotency_key: str | None) -> bool:
    """Begin a version; false when this officer used the key before. One round trip."""
    done = await tx.fetchval(
        # lint: statements — the table is local, its keys need not begin with a distribution column
        "insert into knowledge_law_change (change_id, key, drafted_by, drafted_at, idempotency_key, request_hash)"
        " values ($1, $2, $3, $4, $5, $6) on conflict (drafted_by, idempotency_key) do nothing returning true",
        made.change_id, made.key, made.drafted_by, made.drafted_at, idempotency_key, made.request_hash,
    )  # fmt: skip
    return bool(done)


async def by_key(tx: Tx, person_id: int, idempotency_key: str) -> Change | None:
    """The version that an officer began with this key. One round trip."""
    rows = await tx.fetch(
        f"{_READ} where c.drafted_by = $1 and c.idempotency_key = $2 order by a.sequence", person_id, idempotency_key
    )
    return folded(rows)[0] if rows else None


async def insert_act(tx: Tx, change_id: UUID, act_id: UUID, act: Act) -> None:
    """Add an act; UniqueViolationError when another took its number. One round trip."""
    values: Sequence[Any] = (act.sequence, act_id, act.act, act.person_id, act.at, act.reason, act.body, act.trial)
    await tx.execute(
        "insert into knowledge_law_act (change_id, sequence, act_id, act, person_id, at, reason, body, trial)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        change_id, *values,
    )  # fmt: skip
