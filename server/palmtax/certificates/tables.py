"""Tables of certificates: what was issued, and the public look-up by verify code."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, UUID

from palmtax.plumbing.schema import column, metadata

BY_TAXPAYER = {"distribute_by": "taxpayer_id"}

certificate = sa.Table(
    "certificates_certificate",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("certificate_id", UUID, privacy="L2"),
    column("certificate_no", sa.Text, privacy="L2"),
    column("kind", sa.Text, privacy="L1"),
    column("state", sa.Text, privacy="L2"),
    column("taxpayer_name", sa.Text, privacy="L2"),
    column("uscc", sa.Text, privacy="L2", nullable=True),
    column("office_name", sa.Text, privacy="L1"),
    column("items", JSONB, privacy="L3", comment="[[tax_type_code, name, name_en, period, fen]] as printed"),
    column("total_fen", sa.BigInteger, privacy="L3"),
    column("paid_on", sa.Date, privacy="L2"),
    column("issued_at", sa.DateTime(timezone=True), privacy="L2"),
    column("issued_by", sa.BigInteger, privacy="L2", comment="person"),
    column("order_id", UUID, privacy="L2"),
    column("order_no", sa.Text, privacy="L2"),
    column("return_id", UUID, privacy="L2"),
    column("obligation_id", UUID, privacy="L2"),
    column("verify_code", sa.Text, privacy="L3"),
    column("pdf_name", sa.Text, privacy="L2", comment="SHA-256 of the PDF in the file store"),
    column("superseded_by_no", sa.Text, privacy="L2", nullable=True),
    sa.PrimaryKeyConstraint("taxpayer_id", "certificate_id"),
    sa.UniqueConstraint("taxpayer_id", "certificate_no", name="uq_certificates_certificate_no"),
    sa.Index(
        "uq_certificates_certificate_order",
        "taxpayer_id",
        "order_id",
        unique=True,
        postgresql_where=sa.text("state = 'valid'"),
    ),
    sa.Index("ix_certificates_certificate_obligation", "taxpayer_id", "obligation_id"),
    sa.CheckConstraint("kind = 'tax_paid'", name="kind"),
    sa.CheckConstraint("state in ('valid', 'superseded')", name="state"),
    sa.CheckConstraint(f"total_fen between 1 and {2**53 - 1}", name="total"),
    info=BY_TAXPAYER,
)

document = sa.Table(
    "certificates_document",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("document_id", UUID, privacy="L2"),
    column("document_no", sa.Text, privacy="L2"),
    column("kind", sa.Text, privacy="L1"),
    column("title", sa.Text, privacy="L1"),
    column("title_en", sa.Text, privacy="L1"),
    column("addressee", sa.Text, privacy="L2"),
    column("uscc", sa.Text, privacy="L2", nullable=True),
    column("content_sealed", sa.LargeBinary, privacy="L3", comment="JSON of lines and text, sealed"),
    column("office_name", sa.Text, privacy="L1"),
    column("issued_at", sa.DateTime(timezone=True), privacy="L2"),
    column("issued_by", sa.BigInteger, privacy="L2", comment="person"),
    column("verify_code", sa.Text, privacy="L3"),
    column("state", sa.Text, privacy="L2"),
    column("application_id", UUID, privacy="L2"),
    column("application_no", sa.Text, privacy="L2"),
    column("matter_code", sa.Text, privacy="L1"),
    sa.PrimaryKeyConstraint("taxpayer_id", "document_id"),
    sa.UniqueConstraint("taxpayer_id", "document_no", name="uq_certificates_document_no"),
    sa.UniqueConstraint("taxpayer_id", "application_id", name="uq_certificates_document_application"),
    sa.Index("ix_certificates_document_newest", "taxpayer_id", "issued_at", "document_id"),
    sa.CheckConstraint("kind in ('receipt', 'notice', 'decision', 'certificate', 'result')", name="kind"),
    sa.CheckConstraint("state in ('valid', 'withdrawn')", name="state"),
    info=BY_TAXPAYER,
    comment="what a decision was told with; the PDF is drawn from it whenever it is asked for",
)

proof = sa.Table(
    "certificates_proof",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("proof_id", UUID, privacy="L2"),
    column("proof_no", sa.Text, privacy="L2"),
    column("served_no", sa.Text, privacy="L2", comment="number of the document that was served"),
    column("message_id", UUID, privacy="L2"),
    column("cause", sa.Text, privacy="L1"),
    column("addressee", sa.Text, privacy="L2"),
    column("uscc", sa.Text, privacy="L2", nullable=True),
    column("content_sealed", sa.LargeBinary, privacy="L3", comment="JSON of the lines as they were true then, sealed"),
    column("office_name", sa.Text, privacy="L1"),
    column("issued_at", sa.DateTime(timezone=True), privacy="L2"),
    column("verify_code", sa.Text, privacy="L3"),
    sa.PrimaryKeyConstraint("taxpayer_id", "proof_id"),
    sa.UniqueConstraint("taxpayer_id", "served_no", "cause", name="uq_certificates_proof_cause"),
    sa.CheckConstraint("cause in ('read', 'paper')", name="cause"),
    info={**BY_TAXPAYER, "append_only": True},
    comment="certificates of service (送达回证), as they were true when made; the PDF is drawn when asked for",
)

code = sa.Table(
    "certificates_code",
    metadata,
    column("code", sa.Text, privacy="L3"),
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("certificate_id", UUID, privacy="L2", comment="of a certificate or of a document"),
    sa.PrimaryKeyConstraint("code"),
    info={"distribute_by": "code"},
    comment="whose certificate a verify code is: anybody may ask, and knows nothing else",
)

heard = sa.Table(
    "certificates_heard",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("cause_id", UUID, privacy="L2", comment="the amending return, or the refund"),
    sa.PrimaryKeyConstraint("taxpayer_id", "cause_id"),
    info={**BY_TAXPAYER, "append_only": True},
    comment="news that has already superseded certificates: told twice, it must not touch newer ones",
)
