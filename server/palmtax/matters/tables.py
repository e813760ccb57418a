"""Tables of matters: applications with their sealed answers, files, moves, journeys, and the time each question took."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from palmtax.plumbing.schema import column, metadata

BY_TAXPAYER = {"distribute_by": "taxpayer_id"}
STATES = "('draft', 'submitted', 'in_review', 'supplement', 'approved', 'refused', 'withdrawn', 'lapsed', 'discarded')"

application = sa.Table(
    "matters_application",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("application_id", sa.Uuid, privacy="L2"),
    column("application_no", sa.Text, privacy="L2"),
    column("matter_code", sa.Text, privacy="L1"),
    column("catalogue_version", sa.Text, privacy="L1"),
    column("state", sa.Text, privacy="L2"),
    column("version", sa.Integer, privacy="L2"),
    column("category", sa.Text, privacy="L2"),
    column("role_code", sa.Text, privacy="L2"),
    column("office_code", sa.Text, privacy="L1"),
    column("answers_sealed", sa.LargeBinary, privacy="L3", comment="JSON: value, source, channel and instant of each"),
    column("started_by", sa.BigInteger, privacy="L2", comment="person"),
    column("started_channel", sa.Text, privacy="L2"),
    column("last_channel", sa.Text, privacy="L2"),
    column("started_at", sa.DateTime(timezone=True), privacy="L2"),
    column("updated_at", sa.DateTime(timezone=True), privacy="L2"),
    column("submitted_at", sa.DateTime(timezone=True), privacy="L2", nullable=True),
    column("due_on", sa.Date, privacy="L2", nullable=True, comment="the promise"),
    column("until_on", sa.Date, privacy="L2", nullable=True, comment="last day of a supplement"),
    column("ended_at", sa.DateTime(timezone=True), privacy="L2", nullable=True),
    column("idempotency_key", sa.Text, privacy="L2", nullable=True),
    column("decision", JSONB, privacy="L2", nullable=True),
    column("supplement", JSONB, privacy="L2", nullable=True),
    column("outcome_sealed", sa.LargeBinary, privacy="L3", nullable=True),
    column("document_id", sa.Uuid, privacy="L2", nullable=True),
    column("journey_id", sa.Uuid, privacy="L2", nullable=True),
    column("stars", sa.SmallInteger, privacy="L2", nullable=True),
    sa.PrimaryKeyConstraint("taxpayer_id", "application_id"),
    sa.UniqueConstraint("taxpayer_id", "application_no", name="uq_matters_application_no"),
    sa.UniqueConstraint("taxpayer_id", "idempotency_key", name="uq_matters_application_key"),
    sa.Index("ix_matters_application_newest", "taxpayer_id", "updated_at", "application_id"),
    sa.Index("ix_matters_application_found", "application_id"),
    sa.Index(
        "ix_matters_application_waiting",
        "state",
        "updated_at",
        postgresql_where=sa.text("state in ('draft', 'submitted', 'in_review', 'supplement')"),
    ),
    sa.CheckConstraint(f"state in {STATES}", name="state"),
    sa.CheckConstraint("(state = 'supplement') = (until_on is not null)", name="until"),
    sa.CheckConstraint("stars between 1 and 5", name="stars"),
    info=BY_TAXPAYER,
)

file = sa.Table(
    "matters_file",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("paper_id", sa.Uuid, privacy="L2"),
    column("application_id", sa.Uuid, privacy="L2"),
    column("paper_code", sa.Text, privacy="L1"),
    column("file_name", sa.Text, privacy="L2"),
    column("media_type", sa.Text, privacy="L1"),
    column("size_bytes", sa.BigInteger, privacy="L2"),
    column("pages", sa.Integer, privacy="L2"),
    column("content_name", sa.Text, privacy="L2", comment="SHA-256 of the sealed content in the file store"),
    column("thumbnail_name", sa.Text, privacy="L2", nullable=True),
    column("added_at", sa.DateTime(timezone=True), privacy="L2"),
    column("added_by", sa.BigInteger, privacy="L2"),
    column("channel", sa.Text, privacy="L2"),
    column("removed_at", sa.DateTime(timezone=True), privacy="L2", nullable=True),
    sa.PrimaryKeyConstraint("taxpayer_id", "paper_id"),
    sa.ForeignKeyConstraint(
        ["taxpayer_id", "application_id"],
        ["matters_application.taxpayer_id", "matters_application.application_id"],
        name="fk_matters_file_application",
    ),
    sa.Index("ix_matters_file_application", "taxpayer_id", "application_id"),
    info=BY_TAXPAYER,
)

upload = sa.Table(
    "matters_upload",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("upload_id", sa.Uuid, privacy="L2"),
    column("application_id", sa.Uuid, privacy="L2"),
    column("paper_code", sa.Text, privacy="L1"),
    column("file_name", sa.Text, privacy="L2"),
    column("size_bytes", sa.BigInteger, privacy="L2"),
    column("received_bytes", sa.BigInteger, privacy="L2"),
    column("started_by", sa.BigInteger, privacy="L2"),
    column("started_at", sa.DateTime(timezone=True), privacy="L2"),
    column("paper_id", sa.Uuid, privacy="L2", nullable=True, comment="the file it became"),
    column("idempotency_key", sa.Text, privacy="L2"),
    sa.PrimaryKeyConstraint("taxpayer_id", "upload_id"),
    sa.UniqueConstraint("taxpayer_id", "idempotency_key", name="uq_matters_upload_key"),
    sa.Index("ix_matters_upload_started", "started_at"),
    info=BY_TAXPAYER,
)

chunk = sa.Table(
    "matters_upload_chunk",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("upload_id", sa.Uuid, privacy="L2"),
    column("first_byte", sa.BigInteger, privacy="L2"),
    column("content_sealed", sa.LargeBinary, privacy="L3"),
    sa.PrimaryKeyConstraint("taxpayer_id", "upload_id", "first_byte"),
    sa.ForeignKeyConstraint(
        ["taxpayer_id", "upload_id"],
        ["matters_upload.taxpayer_id", "matters_upload.upload_id"],
        name="fk_matters_upload_chunk_upload",
        ondelete="CASCADE",
    ),
    info=BY_TAXPAYER,
)

move = sa.Table(
    "matters_move",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("move_id", sa.Uuid, privacy="L2"),
    column("application_id", sa.Uuid, privacy="L2"),
    column("at", sa.DateTime(timezone=True), privacy="L2"),
    column("act", sa.Text, privacy="L2"),
    column("channel", sa.Text, privacy="L2"),
    column("person_id", sa.BigInteger, privacy="L2"),
    column("is_officer", sa.Boolean, privacy="L2"),
    column("note", sa.Text, privacy="L2"),
    sa.PrimaryKeyConstraint("taxpayer_id", "move_id"),
    sa.Index("ix_matters_move_application", "taxpayer_id", "application_id", "move_id"),
    info={**BY_TAXPAYER, "append_only": True},
)

step = sa.Table(
    "matters_step",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("application_id", sa.Uuid, privacy="L2"),
    column("matter_code", sa.Text, privacy="L1"),
    column("ask_code", sa.Text, privacy="L1"),
    column("spent_ms", sa.BigInteger, privacy="L2"),
    column("changes", sa.Integer, privacy="L2"),
    column(
        "is_held", sa.Boolean, privacy="L2", comment="the bureau had the answer and the person gave another or the same"
    ),
    column("last_at", sa.DateTime(timezone=True), privacy="L2"),
    sa.PrimaryKeyConstraint("taxpayer_id", "application_id", "ask_code"),
    sa.Index("ix_matters_step_matter", "matter_code", "last_at"),
    info=BY_TAXPAYER,
)

journey = sa.Table(
    "matters_journey",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("journey_id", sa.Uuid, privacy="L2"),
    column("theme_code", sa.Text, privacy="L1"),
    column("state", sa.Text, privacy="L2"),
    column("version", sa.Integer, privacy="L2"),
    column("answers_sealed", sa.LargeBinary, privacy="L3"),
    column("steps", JSONB, privacy="L2"),
    column("started_by", sa.BigInteger, privacy="L2"),
    column("started_at", sa.DateTime(timezone=True), privacy="L2"),
    column("updated_at", sa.DateTime(timezone=True), privacy="L2"),
    column("idempotency_key", sa.Text, privacy="L2", nullable=True),
    column("begun_key", sa.Text, privacy="L2", comment="the idempotency key of its beginning"),
    sa.PrimaryKeyConstraint("taxpayer_id", "journey_id"),
    sa.UniqueConstraint("taxpayer_id", "begun_key", name="uq_matters_journey_begun"),
    sa.UniqueConstraint("taxpayer_id", "idempotency_key", name="uq_matters_journey_key"),
    sa.CheckConstraint("state in ('draft', 'running', 'done', 'abandoned')", name="state"),
    info=BY_TAXPAYER,
)
