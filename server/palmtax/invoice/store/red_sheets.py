"""Queries on red-letter sheets and on marks of invoices."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from palmtax.base.identifiers import uuid7
from palmtax.invoice.model import RedSheet
from palmtax.plumbing.database import Tx

_NAMES = tuple(field.name for field in dataclasses.fields(RedSheet))
_SELECT = f"select {', '.join(_NAMES)} from invoice_red_sheet where taxpayer_id = $1"


def _sheet(row: Any) -> RedSheet:
    values = {name: row[name] for name in _NAMES}
    for name in ("application_id", "answer_application_id", "issue_application_id"):
        values[name] = UUID(int=row[name].int) if row[name] is not None else None
    return RedSheet(**values)


async def add(tx: Tx, sheet: RedSheet) -> bool:
    """Keep a sheet; false when the application has one, or the number is known."""
    places = ", ".join(f"${place}" for place in range(1, len(_NAMES) + 1))
    values = [getattr(sheet, name) for name in _NAMES]
    return bool(
        await tx.fetchval(
            f"insert into invoice_red_sheet ({', '.join(_NAMES)}) values ({places}) on conflict do nothing"
            " returning true",
            *values,
        )
    )


async def of_application(tx: Tx, taxpayer_id: int, column: str, application_id: UUID) -> RedSheet | None:
    """The sheet that an application opened, answered or issued. One round trip."""
    if column not in {"application_id", "answer_application_id", "issue_application_id"}:
        raise ValueError(column)
    row = await tx.fetchrow(f"{_SELECT} and {column} = $2", taxpayer_id, application_id)
    return _sheet(row) if row else None


async def locked(tx: Tx, taxpayer_id: int, sheet_no: str) -> RedSheet | None:
    """The sheet as this taxpayer sees it, held until the transaction ends."""
    row = await tx.fetchrow(_SELECT + " and sheet_no = $2 for update", taxpayer_id, sheet_no)
    return _sheet(row) if row else None


async def newest(tx: Tx, taxpayer_id: int, state: str, side: str | None) -> str | None:
    """The number of the newest sheet in a state, of one side or either. One round trip."""
    found: str | None = await tx.fetchval(
        "select sheet_no from invoice_red_sheet where taxpayer_id = $1 and state = $2"
        " and ($3::text is null or side = $3) order by opened_at desc, sheet_no desc limit 1",
        taxpayer_id, state, side,
    )  # fmt: skip
    return found


async def answer(
    tx: Tx, taxpayer_id: int, sheet_no: str, *, state: str, at: datetime, application_id: UUID | None
) -> None:
    """The sheet is agreed to or refused."""
    await tx.execute(
        "update invoice_red_sheet set state = $3, answered_at = $4, answer_application_id = $5"
        " where taxpayer_id = $1 and sheet_no = $2",
        taxpayer_id, sheet_no, state, at, application_id,
    )  # fmt: skip


async def issued(tx: Tx, taxpayer_id: int, sheet_no: str, *, red_invoice_no: str, application_id: UUID | None) -> None:
    """The red invoice of a sheet was issued."""
    await tx.execute(
        "update invoice_red_sheet set state = 'issued', red_invoice_no = $3, issue_application_id = $4"
        " where taxpayer_id = $1 and sheet_no = $2",
        taxpayer_id, sheet_no, red_invoice_no, application_id,
    )  # fmt: skip


async def mark(
    tx: Tx,
    taxpayer_id: int,
    invoice_nos: Sequence[str],
    *,
    kind: str,
    use: str,
    period: str | None,
    booked_on: date | None,
    at: datetime,
    application_id: UUID,
) -> int:
    """Mark invoices as used or booked; how many were new. One round trip for each of many."""
    new = 0
    for invoice_no in invoice_nos:
        new += bool(
            await tx.fetchval(
                "insert into invoice_mark (taxpayer_id, mark_id, invoice_no, kind, use, period, booked_on, made_at,"
                " application_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
                " on conflict (taxpayer_id, application_id, kind, invoice_no) do nothing returning true",
                taxpayer_id, uuid7(), invoice_no, kind, use, period, booked_on, at, application_id,
            )
        )  # fmt: skip
    return new


async def is_marked(tx: Tx, taxpayer_id: int, invoice_no: str) -> bool:
    """Whether the invoice was used or booked by this taxpayer. One round trip."""
    return bool(
        await tx.fetchval(
            "select true from invoice_mark where taxpayer_id = $1 and invoice_no = $2 limit 1", taxpayer_id, invoice_no
        )
    )
