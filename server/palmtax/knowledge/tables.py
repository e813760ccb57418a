"""What the law desk keeps: versions of numbers of the law and every act done to them. Rows are only added.

The files of `rules/law` stay as they are; approved versions lie beside them. These tables belong to no taxpayer and are
small: each process reads them at its start and looks for news with one tiny query.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from palmtax.plumbing.schema import column, metadata

ONCE = {"distribute_by": "local", "append_only": True}

change = sa.Table(
    "knowledge_law_change",
    metadata,
    column("change_id", sa.Uuid, privacy="L1"),
    column("key", sa.Text, privacy="L1", comment="law and number, such as iit_year.basic_deduction"),
    column("drafted_by", sa.BigInteger, privacy="L2", comment="person"),
    column("drafted_at", sa.DateTime(timezone=True), privacy="L1"),
    column("idempotency_key", sa.Text, privacy="L1", nullable=True),
    column("request_hash", sa.LargeBinary, privacy="L1"),
    sa.PrimaryKeyConstraint("change_id"),
    sa.UniqueConstraint("drafted_by", "idempotency_key"),
    sa.Index("ix_knowledge_law_change_key", "key", "change_id"),
    info=ONCE,
)

act = sa.Table(
    "knowledge_law_act",
    metadata,
    column("change_id", sa.Uuid, privacy="L1"),
    column(
        "sequence", sa.Integer, privacy="L1", comment="the acts on one change, from 1; who loses a race finds it taken"
    ),
    column("act_id", sa.Uuid, privacy="L1"),
    column("act", sa.Text, privacy="L1"),
    column("person_id", sa.BigInteger, privacy="L2"),
    column("at", sa.DateTime(timezone=True), privacy="L1"),
    column("reason", sa.Text, privacy="L2", nullable=True),
    column("body", JSONB, privacy="L1", nullable=True, comment="value, days, article, source as drafted or approved"),
    column("trial", JSONB, privacy="L1", nullable=True, comment="what was tried when it was approved"),
    sa.PrimaryKeyConstraint("change_id", "sequence"),
    sa.ForeignKeyConstraint(["change_id"], ["knowledge_law_change.change_id"], name="fk_knowledge_law_act_change"),
    sa.CheckConstraint("act in ('drafted', 'edited', 'sent', 'returned', 'approved', 'withdrawn')", name="act"),
    sa.CheckConstraint("(act in ('drafted', 'edited', 'approved')) = (body is not null)", name="body"),
    sa.CheckConstraint("(act in ('returned', 'withdrawn')) = (reason is not null)", name="reason"),
    sa.CheckConstraint("(act = 'approved') = (trial is not null)", name="trial"),
    sa.CheckConstraint("(act = 'drafted') = (sequence = 1)", name="first"),
    sa.Index("uq_knowledge_law_act_approved", "change_id", unique=True, postgresql_where=sa.text("act = 'approved'")),
    sa.Index("ix_knowledge_law_act_news", "act_id", postgresql_where=sa.text("act in ('approved', 'withdrawn')")),
    info=ONCE,
)

letter = sa.Table(
    "knowledge_letter",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("letter_id", sa.Uuid, privacy="L2"),
    column("letter_no", sa.Text, privacy="L2"),
    column("topic", sa.Text, privacy="L1"),
    column("question", sa.Text, privacy="L3"),
    column("person_id", sa.BigInteger, privacy="L2"),
    column("office_code", sa.Text, privacy="L1"),
    column("state", sa.Text, privacy="L2"),
    column("asked_at", sa.DateTime(timezone=True), privacy="L2"),
    column("due_on", sa.Date, privacy="L2"),
    column("answer", sa.Text, privacy="L3"),
    column("answered_by", sa.BigInteger, privacy="L2", nullable=True),
    column("answered_at", sa.DateTime(timezone=True), privacy="L2", nullable=True),
    column("application_id", sa.Uuid, privacy="L2", nullable=True),
    sa.PrimaryKeyConstraint("taxpayer_id", "letter_id"),
    sa.UniqueConstraint("taxpayer_id", "application_id", name="uq_knowledge_letter_application"),
    sa.CheckConstraint("state in ('asked', 'answered')", name="state"),
    info={"distribute_by": "taxpayer_id"},
)
