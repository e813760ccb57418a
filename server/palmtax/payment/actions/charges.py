"""A return asks for money; what it asks, what was paid, what is open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from palmtax.base.clock import Clock
from palmtax.payment.events import ChargeReduced
from palmtax.payment.model import ChargeItem, Entry, Ledger, Standing, Transfer, charge_lines
from palmtax.payment.store import ledger
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Part

PAGE = 50
"""Entries of one page of a ledger."""


def charge_parts(
    *,
    taxpayer_id: int,
    return_id: UUID,
    return_no: str,
    period: str,
    due_on: date,
    items: Iterable[ChargeItem],
    booked_at: datetime,
    entry_id: UUID,
    relates_to: UUID | None = None,
    request_id: str = "",
    keeps_overpaid: bool = False,
) -> list[Part]:
    """What an accepted return makes payable, as parts of the caller's one statement; fen.

    Books receivable to treasury per tax. An amendment gives the differences (negative where less is due) and
    `relates_to`: the FIRST return of its chain, whose deadline and payments it shares. Voiding gives the negation.
    Zero items are left out; nothing to book is no part at all. A second entry with the same `entry_id` is a 23505.
    When any item is negative, news of it (`payment.charge_reduced`) goes out with the same statement: an open order
    is withdrawn and what was overpaid is refunded, or stays on the ledger with `keeps_overpaid`.
    """
    asked = tuple(items)
    lines = charge_lines(asked)
    if not lines:
        return []
    parts = ledger.entry_parts(
        taxpayer_id=taxpayer_id,
        entry_id=entry_id,
        kind="charge",
        obligation_id=relates_to or return_id,
        return_id=return_id,
        return_no=return_no,
        period=period,
        due_on=due_on,
        order_id=None,
        cause_key=f"charge:{entry_id}",
        booked_at=booked_at,
        lines=lines,
    )
    if any(item.amount_fen < 0 for item in asked):
        parts.append(outbox.part(ChargeReduced(taxpayer_id, return_id, keeps_overpaid), request_id))
    return parts


async def standing(tx: Tx, taxpayer_id: int, return_ids: Sequence[UUID], *, clock: Clock) -> dict[UUID, Standing]:
    """Where the payment of each return stands today (Beijing); every asked return is in the answer. One round trip.

    A return that never asked for money is `nothing_due`. The late fee (征管法 第三十二条) is what paying today would
    add; it is booked when an order is paid, to the day of payment, so an unpaid order never has to be taken back.
    """
    known = await ledger.standings(tx, taxpayer_id, return_ids, clock.today()) if return_ids else {}
    return {number: known.get(number) or _nothing(number) for number in return_ids}


def _nothing(return_id: UUID) -> Standing:
    return Standing(
        obligation_id=return_id, return_no="", period="", due_on=None, charged_fen=0, paid_fen=0, open_fen=0,
        late_fee_fen=0, refunding_fen=0, order_id=None, state="nothing_due", items=(),
    )  # fmt: skip


async def owed(tx: Tx, taxpayer_ids: Sequence[int]) -> dict[int, int]:
    """What each taxpayer owes, fen, without late fees still running; negative when money is held for them."""
    return await ledger.owed(tx, taxpayer_ids)


async def owing(tx: Tx, *, limit: int = 10_000) -> list[int]:
    """Taxpayers who owe something now, the largest sum first. For lists of officers, never on a hot path."""
    return await ledger.owing(tx, limit)


async def ledger_of(tx: Tx, taxpayer_id: int, *, cursor: str | None = None, limit: int = PAGE) -> Ledger:
    """A page of the ledger; two round trips. An unknown cursor begins at the top."""
    rows = await ledger.ledger_page(tx, taxpayer_id, _place(cursor), limit + 1)
    page = rows[:limit]
    following = f"{page[-1]['booked_at'].isoformat()}~{page[-1]['entry_id']}" if len(rows) > limit else None
    held = await ledger.owed(tx, [taxpayer_id])
    return Ledger(tuple(_entry(row) for row in page), held[taxpayer_id], following)


def _entry(row: Any) -> Entry:
    lines = tuple(Transfer(*line) for line in row["lines"])
    return Entry(
        row["entry_id"], row["kind"], row["return_id"], row["return_no"], row["order_id"], row["booked_at"], lines
    )


def _place(cursor: str | None) -> tuple[datetime, UUID] | None:
    at, _, entry_id = (cursor or "").partition("~")
    try:
        return datetime.fromisoformat(at), UUID(entry_id)
    except ValueError:
        return None


async def unbalanced(tx: Tx) -> list[int]:
    """Taxpayers whose ledger does not add up; always empty. For checks: reads everything."""
    return await ledger.unbalanced(tx)
