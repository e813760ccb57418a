"""Tables of the invoice pool, of imports, and of what matters do with invoices: quota, red-letter sheets, marks."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from palmtax.plumbing.schema import column, metadata

BY_TAXPAYER = {"distribute_by": "taxpayer_id"}

invoice = sa.Table(
    "invoice_invoice",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("invoice_id", sa.Uuid, privacy="L2"),
    column("invoice_no", sa.Text, privacy="L3"),
    column("kind", sa.Text, privacy="L2"),
    column("direction", sa.Text, privacy="L2"),
    column("is_red", sa.Boolean, privacy="L2"),
    column("red_of_invoice_no", sa.Text, privacy="L3", nullable=True),
    column("issued_on", sa.Date, privacy="L3"),
    column("counterparty_name", sa.Text, privacy="L3"),
    column("lines", JSONB, privacy="L3"),
    column("amount_fen", sa.BigInteger, privacy="L3"),
    column("tax_fen", sa.BigInteger, privacy="L3"),
    column("is_real_estate", sa.Boolean, privacy="L3"),
    column("reduction_waived", sa.Boolean, privacy="L3"),
    column("source", sa.Text, privacy="L2"),
    column("is_void", sa.Boolean, privacy="L2", server_default=sa.false()),
    column("import_id", sa.Uuid, privacy="L2", nullable=True),
    column("import_row_no", sa.Integer, privacy="L2", nullable=True),
    column("idempotency_key", sa.Text, privacy="L2", nullable=True),
    column("request_hash", sa.LargeBinary, privacy="L2", nullable=True),
    column("created_by", sa.BigInteger, privacy="L2", nullable=True),
    column("created_at", sa.DateTime(timezone=True), privacy="L2"),
    sa.PrimaryKeyConstraint("taxpayer_id", "invoice_id"),
    sa.UniqueConstraint("taxpayer_id", "invoice_no"),
    sa.UniqueConstraint("taxpayer_id", "idempotency_key"),
    sa.CheckConstraint("kind in ('ordinary', 'special', 'none')", name="kind"),
    sa.CheckConstraint("direction in ('issued', 'received')", name="direction"),
    sa.CheckConstraint("jsonb_array_length(lines) > 0", name="has_lines"),
    sa.Index("ix_invoice_invoice_day", "taxpayer_id", "issued_on", "invoice_id"),
    sa.Index(
        "ix_invoice_invoice_red_of",
        "taxpayer_id",
        "red_of_invoice_no",
        postgresql_where=sa.text("red_of_invoice_no is not null"),
    ),
    info=BY_TAXPAYER,
)

imports = sa.Table(
    "invoice_import",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("import_id", sa.Uuid, privacy="L2"),
    column("kind", sa.Text, privacy="L2"),
    column("file_name", sa.Text, privacy="L2"),
    column("stored_as", sa.Text, privacy="L2"),
    column("state", sa.Text, privacy="L2"),
    column("total_rows", sa.Integer, privacy="L2", server_default="0"),
    column("done_rows", sa.Integer, privacy="L2", server_default="0"),
    column("accepted", sa.Integer, privacy="L2", server_default="0"),
    column("duplicates", sa.Integer, privacy="L2", server_default="0"),
    column("refused", sa.Integer, privacy="L2", server_default="0"),
    column("problem", JSONB, privacy="L2", nullable=True),
    column("created_by", sa.BigInteger, privacy="L2"),
    column("created_at", sa.DateTime(timezone=True), privacy="L2"),
    column("finished_at", sa.DateTime(timezone=True), privacy="L2", nullable=True),
    sa.PrimaryKeyConstraint("taxpayer_id", "import_id"),
    sa.CheckConstraint("kind in ('einvoice_xml', 'platform_csv')", name="kind"),
    sa.CheckConstraint("state in ('queued', 'running', 'done', 'failed')", name="state"),
    info=BY_TAXPAYER,
)

import_row = sa.Table(
    "invoice_import_row",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("import_id", sa.Uuid, privacy="L2"),
    column("row_no", sa.Integer, privacy="L2"),
    column("outcome", sa.Text, privacy="L2"),
    column("invoice_no", sa.Text, privacy="L3", nullable=True),
    column("problem", JSONB, privacy="L3", nullable=True),
    sa.PrimaryKeyConstraint("taxpayer_id", "import_id", "row_no"),
    sa.CheckConstraint("outcome in ('accepted', 'duplicate', 'refused')", name="outcome"),
    info=BY_TAXPAYER,
)

INSTANT = sa.DateTime(timezone=True)

quota = sa.Table(
    "invoice_quota",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("quota_id", sa.Uuid, privacy="L2"),
    column("quota_fen", sa.BigInteger, privacy="L3", comment="a month, without VAT"),
    column("scope", sa.Text, privacy="L2"),
    column("valid_from", sa.Date, privacy="L2"),
    column("valid_until", sa.Date, privacy="L2", nullable=True, comment="last day of the month of a temporary one"),
    column("known_at", INSTANT, privacy="L2"),
    column("application_id", sa.Uuid, privacy="L2"),
    column("application_no", sa.Text, privacy="L2"),
    sa.PrimaryKeyConstraint("taxpayer_id", "quota_id"),
    sa.UniqueConstraint("taxpayer_id", "application_id", name="uq_invoice_quota_application"),
    sa.CheckConstraint("scope in ('lasting', 'temporary')", name="scope"),
    sa.CheckConstraint("(scope = 'temporary') = (valid_until is not null)", name="until"),
    sa.CheckConstraint("quota_fen >= 0", name="quota"),
    info={**BY_TAXPAYER, "append_only": True},
)

number = sa.Table(
    "invoice_number",
    metadata,
    column("invoice_no", sa.Text, privacy="L3"),
    column("taxpayer_id", sa.BigInteger, privacy="L2", comment="who issued it here"),
    column("buyer_id", sa.BigInteger, privacy="L2", nullable=True, comment="the buyer, when a taxpayer of ours"),
    sa.PrimaryKeyConstraint("invoice_no"),
    info={"distribute_by": "invoice_no", "append_only": True},
    comment="whose invoice a number issued here is: anybody may check one, and no number is given twice",
)

red_sheet = sa.Table(
    "invoice_red_sheet",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("sheet_no", sa.Text, privacy="L2"),
    column("side", sa.Text, privacy="L2", comment="opened by this taxpayer, or received from the other side"),
    column("other_taxpayer_id", sa.BigInteger, privacy="L2", nullable=True),
    column("invoice_no", sa.Text, privacy="L3"),
    column("other_name", sa.Text, privacy="L3"),
    column("reason", sa.Text, privacy="L2"),
    column("amount_fen", sa.BigInteger, privacy="L3"),
    column("state", sa.Text, privacy="L2"),
    column("opened_at", INSTANT, privacy="L2"),
    column("answered_at", INSTANT, privacy="L2", nullable=True),
    column("red_invoice_no", sa.Text, privacy="L3", nullable=True),
    column("application_id", sa.Uuid, privacy="L2"),
    column("answer_application_id", sa.Uuid, privacy="L2", nullable=True),
    column("issue_application_id", sa.Uuid, privacy="L2", nullable=True),
    sa.PrimaryKeyConstraint("taxpayer_id", "sheet_no"),
    sa.UniqueConstraint("taxpayer_id", "application_id", name="uq_invoice_red_sheet_application"),
    sa.CheckConstraint("side in ('opened', 'received')", name="side"),
    sa.CheckConstraint("state in ('waiting', 'agreed', 'refused', 'void', 'issued')", name="state"),
    sa.CheckConstraint("(state = 'issued') = (red_invoice_no is not null)", name="issued"),
    sa.CheckConstraint("amount_fen > 0", name="amount"),
    info=BY_TAXPAYER,
)

mark = sa.Table(
    "invoice_mark",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("mark_id", sa.Uuid, privacy="L2"),
    column("invoice_no", sa.Text, privacy="L3"),
    column("kind", sa.Text, privacy="L2"),
    column("use", sa.Text, privacy="L2", comment="deduct, no_deduct, refund …; empty for a booking"),
    column("period", sa.Text, privacy="L2", nullable=True),
    column("booked_on", sa.Date, privacy="L2", nullable=True),
    column("made_at", INSTANT, privacy="L2"),
    column("application_id", sa.Uuid, privacy="L2"),
    sa.PrimaryKeyConstraint("taxpayer_id", "mark_id"),
    sa.UniqueConstraint("taxpayer_id", "application_id", "kind", "invoice_no", name="uq_invoice_mark_application"),
    sa.Index("ix_invoice_mark_invoice", "taxpayer_id", "invoice_no", "made_at"),
    sa.CheckConstraint("kind in ('use', 'booked')", name="kind"),
    sa.CheckConstraint("(kind = 'booked') = (booked_on is not null)", name="booked"),
    info={**BY_TAXPAYER, "append_only": True},
)
