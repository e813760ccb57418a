"""Queries on drafts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from palmtax.filing.model.returns import Draft
from palmtax.filing.store.rows import DRAFT_COLUMNS, HISTORY_COLUMNS, draft_of
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Part

_READ = ", ".join(f"d.{name}" for name in DRAFT_COLUMNS)
_HISTORY = ", ".join(f"r.{name}" for name in HISTORY_COLUMNS)
WINDOW_OF_DRAFT = (
    "select d.window_from as first_day, d.last_day from filing_draft d where d.taxpayer_id = $1 and d.draft_id = $2"
)
"""The span whose invoices a draft needs; `$1` taxpayer, `$2` draft."""


def draft_part(taxpayer_id: int, draft_id: UUID) -> Part:
    """The draft, when it is this taxpayer's."""
    sql = f"select {_READ} from filing_draft d where d.taxpayer_id = $1 and d.draft_id = $2"
    return Part("draft", sql, (taxpayer_id, draft_id), fetch=True)


def history_of_draft_part(taxpayer_id: int, draft_id: UUID) -> Part:
    """The history of the draft's period."""
    sql = (
        f"select {_HISTORY} from filing_draft d join filing_return r on r.taxpayer_id = d.taxpayer_id"
        " and r.tax_type_code = d.tax_type_code and r.period = d.period where d.taxpayer_id = $1 and d.draft_id = $2"
    )
    return Part("history", sql, (taxpayer_id, draft_id), fetch=True)


async def begin(
    tx: Tx,
    taxpayer_id: int,
    draft_id: UUID,
    *,
    tax_type_code: str,
    period: str,
    sequence: int,
    amends_return_id: UUID | None,
    window: tuple[date, date],
    corrections: dict[str, Any],
    channel: str,
    by: int,
    at: datetime,
) -> UUID:
    """The draft of this place in the history: a new one, or the one that is there. One or two round trips."""
    made: UUID | None = await tx.fetchval(
        "insert into filing_draft (taxpayer_id, draft_id, version, tax_type_code, period, sequence, kind,"
        " amends_return_id, window_from, last_day, corrections, started_channel, last_channel, started_by, created_at,"
        " updated_at)"
        " values ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12, $13, $13)"
        " on conflict (taxpayer_id, tax_type_code, period, sequence) do nothing returning draft_id",
        taxpayer_id, draft_id, tax_type_code, period, sequence, "amendment" if amends_return_id else "original",
        amends_return_id, *window, corrections, channel, by, at,
    )  # fmt: skip
    if made is not None:
        return made
    found: UUID = await tx.fetchval(
        "select draft_id from filing_draft where taxpayer_id = $1 and tax_type_code = $2 and period = $3"
        " and sequence = $4",
        taxpayer_id, tax_type_code, period, sequence,
    )  # fmt: skip
    return found


async def change(
    tx: Tx, taxpayer_id: int, draft_id: UUID, version: int, corrections: dict[str, Any], channel: str, at: datetime
) -> bool:
    """Put corrections on top of a version; false when it is no longer that version.

    A submitted version is held by the return's foreign key: ForeignKeyViolationError.
    """
    done = await tx.fetchval(
        "update filing_draft set version = version + 1, corrections = $4, last_channel = $5, updated_at = $6"
        " where taxpayer_id = $1 and draft_id = $2 and version = $3 returning version",
        taxpayer_id, draft_id, version, corrections, channel, at,
    )  # fmt: skip
    return done is not None


async def discard(tx: Tx, taxpayer_id: int, draft_id: UUID) -> bool:
    """Remove a draft; false when there is none. A submitted one is held: ForeignKeyViolationError."""
    gone = await tx.fetchval(
        "delete from filing_draft where taxpayer_id = $1 and draft_id = $2 returning draft_id", taxpayer_id, draft_id
    )
    return gone is not None


async def open_drafts(tx: Tx, taxpayer_id: int) -> list[Draft]:
    """Drafts that did not become returns and were not overtaken, newest first. One round trip."""
    rows = await tx.fetch(
        f"select {_READ} from filing_draft d where d.taxpayer_id = $1 and not exists (select 1 from filing_return r"
        " where r.taxpayer_id = $1 and r.tax_type_code = d.tax_type_code and r.period = d.period"
        " and r.sequence >= d.sequence) order by d.updated_at desc, d.draft_id desc limit 50",
        taxpayer_id,
    )
    return [draft_of(row) for row in rows]
