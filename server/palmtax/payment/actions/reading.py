"""Orders and ledger in the shape of the wire, for the officers' workbench as for the taxpayer's own screens."""

from __future__ import annotations

from uuid import UUID

from palmtax.payment.actions.charges import ledger_of
from palmtax.payment.actions.orders import orders_of
from palmtax.payment.schemas import LedgerOut, OrderOut, shape_ledger, shape_order
from palmtax.plumbing.database import Tx


async def orders_out(tx: Tx, *, taxpayer_id: int, return_id: UUID | None = None, limit: int = 50) -> list[OrderOut]:
    """A taxpayer's orders, newest first; of one return when it is named. One round trip."""
    return [shape_order(order) for order in await orders_of(tx, taxpayer_id, return_id=return_id, limit=limit)]


async def ledger_out(tx: Tx, *, taxpayer_id: int, cursor: str | None = None, limit: int = 50) -> LedgerOut:
    """A page of a taxpayer's ledger, newest entry first, each line as its two sides. Two round trips."""
    return shape_ledger(await ledger_of(tx, taxpayer_id, cursor=cursor, limit=limit))
