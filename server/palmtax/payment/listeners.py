"""What payment does on news: a return that asks for less than before may leave money to give back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from palmtax.payment.actions.refunds import refund_overpaid
from palmtax.payment.store import ledger
from palmtax.plumbing.outbox import TaskContext, listens


@listens("payment.charge_reduced")
async def give_back(context: TaskContext, payload: dict[str, Any]) -> None:
    """Withdraw an order that is now too high and refund what is now overpaid, unless it stays; twice is once."""
    taxpayer_id = int(payload["taxpayer_id"])
    async with context.database.transaction() as tx:
        obligation_id = await ledger.obligation_of(tx, taxpayer_id, UUID(payload["return_id"]))
        if obligation_id is not None:
            await refund_overpaid(
                tx, clock=context.clock, taxpayer_id=taxpayer_id, obligation_id=obligation_id,
                is_kept=bool(payload.get("keeps_overpaid")),
            )  # fmt: skip
