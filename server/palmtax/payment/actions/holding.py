"""Orders of a taxpayer, with nobody else at that taxpayer's money until the transaction ends.

One row is held for all of them: orders that are opened and paid meanwhile would not be among the rows that somebody
who locks orders has seen, and two who lock orders and add some wait for each other in a ring.
"""

from __future__ import annotations

from uuid import UUID

from palmtax import registry
from palmtax.payment.model import Order
from palmtax.payment.store import orders
from palmtax.plumbing.database import Tx


async def held_order(tx: Tx, *, taxpayer_id: int, order_id: UUID) -> Order | None:
    """The order of this taxpayer, as it stays until the transaction ends. Two round trips."""
    await registry.hold_taxpayer(tx, taxpayer_id)
    return await orders.readable_order(tx, taxpayer_id=taxpayer_id, order_id=order_id)


async def held_orders_of(tx: Tx, *, taxpayer_id: int, obligation_id: UUID) -> list[Order]:
    """All orders of an obligation, oldest first, as they stay until the transaction ends. Two round trips."""
    await registry.hold_taxpayer(tx, taxpayer_id)
    return await orders.orders_of_obligation(tx, taxpayer_id, obligation_id)
