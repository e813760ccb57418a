"""Tables of filing: drafts that people work on, and the history of each period, which is only added to.

The history of a period is numbered: original, amendment and void each take the next `sequence`. One unique key
therefore settles every race (double tap, two phones, amend against void), and the foreign key to the draft's `version`
settles submit against change. A declaration is what an application filed:
one for each law of an application, each amended or voided at most once, by a later row. What may be declared once
(a tax of a period, or of a thing) is numbered the same way: `once_key` and `sequence`.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from palmtax.plumbing.schema import column, metadata

BY_TAXPAYER = {"distribute_by": "taxpayer_id"}

draft = sa.Table(
    "filing_draft",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("draft_id", sa.Uuid, privacy="L2"),
    column("version", sa.Integer, privacy="L2"),
    column("tax_type_code", sa.Text, privacy="L2"),
    column("period", sa.Text, privacy="L2"),
    column("sequence", sa.Integer, privacy="L2"),
    column("kind", sa.Text, privacy="L2"),
    column("amends_return_id", sa.Uuid, privacy="L2", nullable=True),
    column("window_from", sa.Date, privacy="L2", comment="first day of the twelve months that end with the period"),
    column("last_day", sa.Date, privacy="L2", comment="last day of the period"),
    column("corrections", JSONB, privacy="L3"),
    column("started_channel", sa.Text, privacy="L2"),
    column("last_channel", sa.Text, privacy="L2"),
    column("started_by", sa.BigInteger, privacy="L2"),
    column("created_at", sa.DateTime(timezone=True), privacy="L2"),
    column("updated_at", sa.DateTime(timezone=True), privacy="L2"),
    sa.PrimaryKeyConstraint("taxpayer_id", "draft_id"),
    sa.UniqueConstraint("taxpayer_id", "draft_id", "version", name="uq_filing_draft_version"),
    sa.UniqueConstraint("taxpayer_id", "tax_type_code", "period", "sequence", name="uq_filing_draft_sequence"),
    sa.CheckConstraint("kind in ('original', 'amendment')", name="kind"),
    sa.CheckConstraint("(kind = 'amendment') = (amends_return_id is not null)", name="amends"),
    info=BY_TAXPAYER,
)

filed = sa.Table(
    "filing_return",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("return_id", sa.Uuid, privacy="L2"),
    column("return_no", sa.Text, privacy="L2"),
    column("tax_type_code", sa.Text, privacy="L2"),
    column("period", sa.Text, privacy="L2"),
    column("sequence", sa.Integer, privacy="L2"),
    column("kind", sa.Text, privacy="L2"),
    column("draft_id", sa.Uuid, privacy="L2", nullable=True),
    column("draft_version", sa.Integer, privacy="L2", nullable=True),
    column("amends_return_id", sa.Uuid, privacy="L2", nullable=True),
    column("obligation_id", sa.Uuid, privacy="L2"),
    column("idempotency_key", sa.Text, privacy="L2"),
    column("request_hash", sa.LargeBinary, privacy="L2"),
    column("filed_at", sa.DateTime(timezone=True), privacy="L2"),
    column("filed_channel", sa.Text, privacy="L2"),
    column("filed_by", sa.BigInteger, privacy="L2"),
    column("due_on", sa.Date, privacy="L2"),
    column("law_on", sa.Date, privacy="L2"),
    column("rule_version", sa.Text, privacy="L2"),
    column("facts", JSONB, privacy="L3"),
    column("fields", JSONB, privacy="L3"),
    column("result", JSONB, privacy="L3"),
    column("lines", JSONB, privacy="L3"),
    column("taxes", JSONB, privacy="L3"),
    column("charges", JSONB, privacy="L3"),
    column("void_reason", sa.Text, privacy="L3", nullable=True),
    sa.PrimaryKeyConstraint("taxpayer_id", "return_id"),
    sa.UniqueConstraint("taxpayer_id", "return_no", name="uq_filing_return_no"),
    sa.UniqueConstraint("taxpayer_id", "idempotency_key", name="uq_filing_return_key"),
    sa.UniqueConstraint("taxpayer_id", "tax_type_code", "period", "sequence", name="uq_filing_return_sequence"),
    sa.ForeignKeyConstraint(
        ["taxpayer_id", "draft_id", "draft_version"],
        ["filing_draft.taxpayer_id", "filing_draft.draft_id", "filing_draft.version"],
        name="fk_filing_return_draft_version",
    ),
    sa.ForeignKeyConstraint(
        ["taxpayer_id", "amends_return_id"],
        ["filing_return.taxpayer_id", "filing_return.return_id"],
        name="fk_filing_return_amends",
    ),
    sa.CheckConstraint("kind in ('original', 'amendment', 'void')", name="kind"),
    sa.CheckConstraint("(kind = 'void') = (void_reason is not null)", name="void"),
    sa.CheckConstraint("(kind = 'original') = (amends_return_id is null)", name="amends"),
    sa.CheckConstraint("(kind = 'void') = (draft_id is null)", name="from_draft"),
    sa.Index("ix_filing_return_newest", "taxpayer_id", "filed_at", "return_id"),
    sa.Index("ix_filing_return_draft", "taxpayer_id", "draft_id"),
    info={**BY_TAXPAYER, "append_only": True},
)

declaration = sa.Table(
    "filing_declaration",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("declaration_id", sa.Uuid, privacy="L2"),
    column("declaration_no", sa.Text, privacy="L2"),
    column("kind", sa.Text, privacy="L2"),
    column("amends_declaration_id", sa.Uuid, privacy="L2", nullable=True, comment="what a later row replaces or voids"),
    column("obligation_id", sa.Uuid, privacy="L2", comment="the first of a chain of amendments: what payment knows"),
    column("law", sa.Text, privacy="L2"),
    column("law_on", sa.Date, privacy="L2"),
    column("period", sa.Text, privacy="L2"),
    column("rule_version", sa.Text, privacy="L2"),
    column("facts", JSONB, privacy="L3"),
    column("outputs", JSONB, privacy="L3"),
    column("lines", JSONB, privacy="L3"),
    column("also", JSONB, privacy="L3", comment="what further laws of the same return gave"),
    column("payable_code", sa.Text, privacy="L2", nullable=True),
    column("payable_fen", sa.BigInteger, privacy="L3", comment="negative: money is to come back"),
    column("charges", JSONB, privacy="L3", comment="fen by tax"),
    column("charged_fen", sa.BigInteger, privacy="L3", comment="what this row booked"),
    column("once_key", sa.Text, privacy="L3", comment="tax, period and thing: what is declared once"),
    column("sequence", sa.Integer, privacy="L2", comment="the acts on one once_key, numbered"),
    column("due_on", sa.Date, privacy="L2"),
    column("application_id", sa.Uuid, privacy="L2"),
    column("application_no", sa.Text, privacy="L2"),
    column("matter_code", sa.Text, privacy="L1"),
    column("filed_at", sa.DateTime(timezone=True), privacy="L2"),
    column("filed_channel", sa.Text, privacy="L2"),
    column("filed_by", sa.BigInteger, privacy="L2"),
    sa.PrimaryKeyConstraint("taxpayer_id", "declaration_id"),
    sa.UniqueConstraint("taxpayer_id", "declaration_no", name="uq_filing_declaration_no"),
    sa.UniqueConstraint("taxpayer_id", "application_id", "law", name="uq_filing_declaration_application"),
    sa.UniqueConstraint("taxpayer_id", "once_key", "sequence", name="uq_filing_declaration_once"),
    sa.UniqueConstraint("taxpayer_id", "amends_declaration_id", name="uq_filing_declaration_amends"),
    sa.CheckConstraint("kind in ('original', 'amendment', 'void')", name="kind"),
    sa.CheckConstraint("(kind = 'original') = (amends_declaration_id is null)", name="amends"),
    sa.Index("ix_filing_declaration_newest", "taxpayer_id", "filed_at", "declaration_id"),
    sa.Index("ix_filing_declaration_law", "taxpayer_id", "law", "period"),
    info={**BY_TAXPAYER, "append_only": True},
)
