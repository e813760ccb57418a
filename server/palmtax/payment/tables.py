"""Tables of payment: a ledger that is only added to, orders, notices, transfers, refunds; what matters asked and granted."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, UUID

from palmtax.payment.model import ACCOUNTS, OPEN_STATES, ORDER_STATES, REFUND_STATES, WAYS
from palmtax.plumbing.schema import column, metadata

LARGEST_FEN = 2**53 - 1
AT = sa.DateTime(timezone=True)
BY_TAXPAYER = {"distribute_by": "taxpayer_id"}
ONLY_ADDED_TO = {**BY_TAXPAYER, "append_only": True}
"""Rows are never changed nor removed: the ground takes UPDATE and DELETE away, and no statement here asks for them."""


def _words(name: str, words: tuple[str, ...]) -> str:
    return f"{name} in ({', '.join(repr(w) for w in words)})"


def _to(table: str, key: str) -> Any:
    return sa.ForeignKeyConstraint(["taxpayer_id", key], [f"{table}.taxpayer_id", f"{table}.{key}"])


entry = sa.Table(
    "payment_entry",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("entry_id", UUID, privacy="L2"),
    column("kind", sa.Text, privacy="L2"),
    column("obligation_id", UUID, privacy="L2", comment="the first return of a chain of amendments"),
    column("return_id", UUID, privacy="L2", comment="the return that caused the entry"),
    column("return_no", sa.Text, privacy="L2"),
    column("period", sa.Text, privacy="L2"),
    column("due_on", sa.Date, privacy="L2"),
    column("order_id", UUID, privacy="L2", nullable=True),
    column("cause_key", sa.Text, privacy="L2", comment="what caused it; the same cause is booked once"),
    column("booked_at", AT, privacy="L2"),
    sa.PrimaryKeyConstraint("taxpayer_id", "entry_id"),
    sa.UniqueConstraint("taxpayer_id", "cause_key", name="uq_payment_entry_cause"),
    sa.Index("ix_payment_entry_obligation", "taxpayer_id", "obligation_id"),
    sa.Index("ix_payment_entry_return", "taxpayer_id", "return_id"),
    sa.CheckConstraint("kind in ('charge', 'settlement', 'overpayment', 'refund')", name="kind"),
    info=ONLY_ADDED_TO,
)

line = sa.Table(
    "payment_line",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("entry_id", UUID, privacy="L2"),
    column("line_no", sa.SmallInteger, privacy="L1"),
    column("obligation_id", UUID, privacy="L2"),
    column("tax_type_code", sa.Text, privacy="L2"),
    column("debit_account", sa.Text, privacy="L2"),
    column("credit_account", sa.Text, privacy="L2"),
    column(
        "amount_fen", sa.BigInteger, privacy="L3", comment="one amount for both sides: a line cannot be out of balance"
    ),
    sa.PrimaryKeyConstraint("taxpayer_id", "entry_id", "line_no"),
    _to("payment_entry", "entry_id"),
    sa.Index("ix_payment_line_obligation", "taxpayer_id", "obligation_id"),
    sa.CheckConstraint(f"amount_fen between 1 and {LARGEST_FEN}", name="amount"),
    sa.CheckConstraint(
        f"{_words('debit_account', ACCOUNTS)} and {_words('credit_account', ACCOUNTS)}"
        " and debit_account <> credit_account",
        name="accounts",
    ),
    info=ONLY_ADDED_TO,
)

order = sa.Table(
    "payment_order",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("order_id", UUID, privacy="L2"),
    column("order_no", sa.Text, privacy="L2"),
    column("obligation_id", UUID, privacy="L2"),
    column("return_id", UUID, privacy="L2"),
    column("return_no", sa.Text, privacy="L2"),
    column("period", sa.Text, privacy="L2"),
    column("due_on", sa.Date, privacy="L2"),
    column("state", sa.Text, privacy="L2"),
    column("way", sa.Text, privacy="L2", nullable=True),
    column("amount_fen", sa.BigInteger, privacy="L3"),
    column("created_by", sa.BigInteger, privacy="L2", comment="person"),
    column("created_at", AT, privacy="L2"),
    column("expires_at", AT, privacy="L2"),
    column("paid_at", AT, privacy="L2", nullable=True),
    column("channel_trade_no", sa.Text, privacy="L2", nullable=True),
    column("paid_trade_no", sa.Text, privacy="L2", nullable=True, comment="our number of the trade that was paid"),
    column("attempt", sa.SmallInteger, privacy="L1", comment="each trade at the channel has its own number"),
    column("trade", sa.Text, privacy="L1", nullable=True),
    column("payer_id", sa.BigInteger, privacy="L2", nullable=True, comment="person who was handed the cashier"),
    column("prepay", sa.Text, privacy="L2", nullable=True, comment="prepay_id, or the cashier page of h5"),
    sa.PrimaryKeyConstraint("taxpayer_id", "order_id"),
    sa.UniqueConstraint("taxpayer_id", "order_no", name="uq_payment_order_no"),
    sa.Index(
        "uq_payment_order_open",
        "taxpayer_id",
        "obligation_id",
        unique=True,
        postgresql_where=sa.text(_words("state", OPEN_STATES)),
    ),
    sa.Index("ix_payment_order_obligation", "taxpayer_id", "obligation_id"),
    sa.Index("ix_payment_order_waiting", "expires_at", postgresql_where=sa.text(_words("state", OPEN_STATES))),
    sa.CheckConstraint(_words("state", ORDER_STATES), name="state"),
    sa.CheckConstraint(_words("way", WAYS), name="way"),
    sa.CheckConstraint(f"amount_fen between 1 and {LARGEST_FEN}", name="amount"),
    sa.CheckConstraint("(state = 'paid') = (paid_at is not null)", name="paid"),
    info=BY_TAXPAYER,
)

order_item = sa.Table(
    "payment_order_item",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("order_id", UUID, privacy="L2"),
    column("tax_type_code", sa.Text, privacy="L2"),
    column("amount_fen", sa.BigInteger, privacy="L3"),
    column("late_fee_fen", sa.BigInteger, privacy="L3"),
    sa.PrimaryKeyConstraint("taxpayer_id", "order_id", "tax_type_code"),
    _to("payment_order", "order_id"),
    sa.CheckConstraint("amount_fen >= 0 and late_fee_fen >= 0 and amount_fen + late_fee_fen > 0", name="amount"),
    info=BY_TAXPAYER,
)

trade_number = sa.Table(
    "payment_trade_number",
    metadata,
    column("out_trade_no", sa.Text, privacy="L2"),
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("order_id", UUID, privacy="L2"),
    sa.PrimaryKeyConstraint("out_trade_no"),
    info={"distribute_by": "out_trade_no"},
    comment="whose order a number of the channel is: a notice does not say it",
)

notice = sa.Table(
    "payment_notice",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("notice_id", sa.Text, privacy="L2", comment="the same in every honest repeat"),
    column("nonce", sa.Text, privacy="L2", comment="the same only in a replay"),
    column("order_id", UUID, privacy="L2"),
    column("received_at", AT, privacy="L2"),
    sa.PrimaryKeyConstraint("taxpayer_id", "notice_id", "nonce"),
    _to("payment_order", "order_id"),
    info=ONLY_ADDED_TO,
)

transfer = sa.Table(
    "payment_transfer",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("transfer_id", UUID, privacy="L2"),
    column("order_id", UUID, privacy="L2"),
    column("amount_fen", sa.BigInteger, privacy="L3"),
    column("bank_reference", sa.Text, privacy="L3"),
    column("received_on", sa.Date, privacy="L2"),
    column("registered_by", sa.BigInteger, privacy="L2", comment="officer"),
    column("office_code", sa.Text, privacy="L1"),
    column("registered_at", AT, privacy="L2"),
    column("idempotency_key", sa.Text, privacy="L2"),
    sa.PrimaryKeyConstraint("taxpayer_id", "transfer_id"),
    _to("payment_order", "order_id"),
    sa.UniqueConstraint("taxpayer_id", "bank_reference", name="uq_payment_transfer_reference"),
    sa.UniqueConstraint("taxpayer_id", "registered_by", "idempotency_key", name="uq_payment_transfer_key"),
    sa.UniqueConstraint("taxpayer_id", "order_id", name="uq_payment_transfer_order"),
    sa.CheckConstraint(f"amount_fen between 1 and {LARGEST_FEN}", name="amount"),
    info=ONLY_ADDED_TO,
)

refund = sa.Table(
    "payment_refund",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("refund_id", UUID, privacy="L2"),
    column("order_id", UUID, privacy="L2"),
    column("obligation_id", UUID, privacy="L2"),
    column("refund_no", sa.Text, privacy="L2", comment="out_refund_no: the same at every try"),
    column(
        "out_trade_no", sa.Text, privacy="L2", nullable=True, comment="the trade that brought it; none for a transfer"
    ),
    column("trade_total_fen", sa.BigInteger, privacy="L3"),
    column("way", sa.Text, privacy="L2"),
    column("amount_fen", sa.BigInteger, privacy="L3"),
    column("items", JSONB, privacy="L3", comment="[[tax_type_code, fen]] where taxes were overpaid; empty otherwise"),
    column("reason_code", sa.Text, privacy="L2"),
    column("cause_key", sa.Text, privacy="L2", comment="the same cause is refunded once"),
    column("state", sa.Text, privacy="L2"),
    column("asked_at", AT, privacy="L2"),
    column("done_at", AT, privacy="L2", nullable=True),
    column("channel_refund_no", sa.Text, privacy="L2", nullable=True),
    sa.PrimaryKeyConstraint("taxpayer_id", "refund_id"),
    _to("payment_order", "order_id"),
    sa.UniqueConstraint("taxpayer_id", "cause_key", name="uq_payment_refund_cause"),
    sa.UniqueConstraint("taxpayer_id", "refund_no", name="uq_payment_refund_no"),
    sa.Index("ix_payment_refund_order", "taxpayer_id", "order_id"),
    sa.Index("ix_payment_refund_waiting", "asked_at", postgresql_where=sa.text("state = 'asked'")),
    sa.CheckConstraint(_words("state", REFUND_STATES), name="state"),
    sa.CheckConstraint(_words("way", WAYS), name="way"),
    sa.CheckConstraint("reason_code in ('paid_twice', 'paid_late', 'amended')", name="reason"),
    sa.CheckConstraint("amount_fen between 1 and trade_total_fen", name="amount"),
    sa.CheckConstraint("(state = 'done') = (done_at is not null)", name="done"),
    info=BY_TAXPAYER,
)

refund_request = sa.Table(
    "payment_refund_request",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("request_id", UUID, privacy="L2"),
    column("request_no", sa.Text, privacy="L2"),
    column("amount_fen", sa.BigInteger, privacy="L3"),
    column("bank_card_sealed", sa.LargeBinary, privacy="L3", nullable=True, comment="where the treasury shall send it"),
    column("reason", sa.Text, privacy="L2"),
    column("overpaid_fen", sa.BigInteger, privacy="L3", comment="what the ledger held for the taxpayer then"),
    column("obligation_id", UUID, privacy="L2", nullable=True, comment="the overpaid obligation, when there is one"),
    column("state", sa.Text, privacy="L2"),
    column("asked_at", AT, privacy="L2"),
    column("application_id", UUID, privacy="L2"),
    column("application_no", sa.Text, privacy="L2"),
    sa.PrimaryKeyConstraint("taxpayer_id", "request_id"),
    sa.UniqueConstraint("taxpayer_id", "application_id", name="uq_payment_refund_request_application"),
    sa.CheckConstraint("state in ('waiting_for_treasury', 'done')", name="state"),
    sa.CheckConstraint(f"amount_fen between 1 and {LARGEST_FEN}", name="amount"),
    info=BY_TAXPAYER,
    comment="approved; no money moves here: the treasury sends it back by its own procedure",
)

deferral = sa.Table(
    "payment_deferral",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("deferral_id", UUID, privacy="L2"),
    column("kind", sa.Text, privacy="L2"),
    column("amount_fen", sa.BigInteger, privacy="L3"),
    column("from_on", sa.Date, privacy="L2"),
    column("until_on", sa.Date, privacy="L2"),
    column("instalments", sa.SmallInteger, privacy="L2"),
    column("granted_at", AT, privacy="L2"),
    column("application_id", UUID, privacy="L2"),
    column("application_no", sa.Text, privacy="L2"),
    sa.PrimaryKeyConstraint("taxpayer_id", "deferral_id"),
    sa.UniqueConstraint("taxpayer_id", "application_id", "kind", name="uq_payment_deferral_application"),
    sa.CheckConstraint("kind in ('deferral', 'instalments')", name="kind"),
    sa.CheckConstraint("(kind = 'instalments') = (instalments > 1)", name="instalments"),
    sa.CheckConstraint(f"amount_fen between 1 and {LARGEST_FEN}", name="amount"),
    sa.CheckConstraint("until_on >= from_on", name="until"),
    info=ONLY_ADDED_TO,
)
