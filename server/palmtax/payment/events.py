"""News of payment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OrderCreated:
    """An order waits to be paid."""

    name: ClassVar[str] = "payment.order_created"
    taxpayer_id: int
    order_id: UUID
    return_id: UUID
    amount_fen: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Settled:
    """An order was paid and booked; fen."""

    name: ClassVar[str] = "payment.settled"
    taxpayer_id: int
    order_id: UUID
    return_id: UUID
    amount_fen: int
    way: str
    paid_at: datetime


@dataclass(frozen=True, slots=True)
class OrderExpired:
    """An order ended without money."""

    name: ClassVar[str] = "payment.order_expired"
    taxpayer_id: int
    order_id: UUID
    return_id: UUID


@dataclass(frozen=True, slots=True)
class ChargeReduced:
    """Later returns ask for less than before: an open order may be too high, a paid one may be overpaid.

    `keeps_overpaid`: the taxpayer leaves what was paid too much on the ledger.
    """

    name: ClassVar[str] = "payment.charge_reduced"
    taxpayer_id: int
    return_id: UUID
    keeps_overpaid: bool = False


@dataclass(frozen=True, slots=True)
class Refunded:
    """Money went back; fen. `order_id` is the order that had brought it, `reason_code` why."""

    name: ClassVar[str] = "payment.refunded"
    taxpayer_id: int
    order_id: UUID
    return_id: UUID
    refund_id: UUID
    amount_fen: int
    reason_code: str
