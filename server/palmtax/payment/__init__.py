"""What taxpayers owe, how they pay it, and what goes back to them. Not returns (filing), not proofs (certificates).

Owns the words charge 应征, ledger 账, order 缴款单, settlement 入账, refund 退款, standing 缴款状况. Integer fen.

- The ledger is double entry: a line is one amount with a debit and a credit account, so nothing can be out of balance;
  entries are only added. Balances are sums of lines, never stored.
- All amendments of one return share the obligation of the first; `relates_to` of a charge names it.
- Late fees run to the Beijing day of payment. They are put on an order when it is made, the order ends that day, and
  they are booked when it is paid. A bank transfer counts to the day it arrived.
- An order is paid when WeChat Pay says so under its signature, or an officer saw the transfer; never on a
  device's word.

Events: payment.order_created, payment.settled, payment.order_expired, payment.charge_reduced, payment.refunded.
"""

from palmtax.payment.actions import effects
from palmtax.payment.actions.asking import late_fee_of, open_items, owed_of, paid_taxes
from palmtax.payment.actions.charges import charge_parts, ledger_of, owed, owing, standing, unbalanced
from palmtax.payment.actions.orders import orders_of, readable_order
from palmtax.payment.actions.reading import ledger_out, orders_out
from palmtax.payment.events import ChargeReduced, OrderCreated, OrderExpired, Refunded, Settled
from palmtax.payment.model import (
    LATE_FEE,
    ChargeItem,
    Ledger,
    OpenItem,
    Order,
    OrderItem,
    PaidTax,
    Standing,
    late_fee_fen,
    tax_name,
)
from palmtax.payment.schemas import LedgerOut, OrderOut, shape_order

__all__ = [
    "LATE_FEE",
    "ChargeItem",
    "ChargeReduced",
    "Ledger",
    "LedgerOut",
    "OpenItem",
    "Order",
    "OrderCreated",
    "OrderExpired",
    "OrderItem",
    "OrderOut",
    "PaidTax",
    "Refunded",
    "Settled",
    "Standing",
    "charge_parts",
    "effects",
    "late_fee_fen",
    "late_fee_of",
    "ledger_of",
    "ledger_out",
    "open_items",
    "orders_of",
    "orders_out",
    "owed",
    "owed_of",
    "owing",
    "paid_taxes",
    "readable_order",
    "shape_order",
    "standing",
    "tax_name",
    "unbalanced",
]
