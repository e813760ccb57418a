"""What is kept of studies: the question, how far it is, the result. Rows of the population never come into the database."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from palmtax.plumbing.schema import column, metadata

study = sa.Table(
    "insight_study",
    metadata,
    column("office_code", sa.Text, privacy="L1"),
    column("study_id", sa.Uuid, privacy="L2"),
    column("name", sa.Text, privacy="L2"),
    column("question", JSONB, privacy="L2", comment="laws, days, changed parameters"),
    column("population", JSONB, privacy="L1", comment="fingerprint, seed and size of the invented population"),
    column("state", sa.Text, privacy="L2"),
    column("groups_total", sa.Integer, privacy="L1"),
    column("groups_done", sa.Integer, privacy="L1", server_default="0"),
    column("rows_done", sa.BigInteger, privacy="L1", server_default="0"),
    column("rows_total", sa.BigInteger, privacy="L1"),
    column(
        "kept", sa.LargeBinary, privacy="L1", nullable=True, comment="what is tallied so far, for going on after a kill"
    ),
    column(
        "cells_name", sa.Text, privacy="L1", nullable=True, comment="SHA-256 of the finished cells in the file store"
    ),
    column("result", JSONB, privacy="L2", nullable=True),
    column("problem", JSONB, privacy="L1", nullable=True),
    column("revenue_delta_fen", sa.BigInteger, privacy="L2", nullable=True),
    column("idempotency_key", sa.Text, privacy="L2", nullable=True),
    column("created_by", sa.BigInteger, privacy="L2", comment="person"),
    column("created_at", sa.DateTime(timezone=True), privacy="L2"),
    column("started_at", sa.DateTime(timezone=True), privacy="L2", nullable=True),
    column("finished_at", sa.DateTime(timezone=True), privacy="L2", nullable=True),
    sa.PrimaryKeyConstraint("office_code", "study_id"),
    sa.UniqueConstraint("office_code", "idempotency_key"),
    sa.CheckConstraint("state in ('queued', 'running', 'done', 'failed', 'cancelled')", name="state"),
    sa.CheckConstraint("groups_done between 0 and groups_total", name="progress"),
    sa.CheckConstraint("(state = 'done') = (result is not null)", name="result"),
    sa.Index("ix_insight_study_newest", "office_code", "created_at", "study_id"),
    info={"distribute_by": "office_code"},
)
