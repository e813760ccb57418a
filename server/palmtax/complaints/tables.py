"""Tables of complaints: complaints with their steps, ratings, suggestions by taxpayer; reports by themselves."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from palmtax.plumbing.schema import column, metadata

INSTANT = sa.DateTime(timezone=True)
BY_TAXPAYER = {"distribute_by": "taxpayer_id"}
STATES = "('filed', 'accepted', 'refused', 'investigating', 'answered', 'closed', 'withdrawn')"

complaint = sa.Table(
    "complaints_complaint",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("complaint_id", sa.Uuid, privacy="L2"),
    column("complaint_no", sa.Text, privacy="L2"),
    column("category", sa.Text, privacy="L1"),
    column("sub_kind", sa.Text, privacy="L1"),
    column("is_quick", sa.Boolean, privacy="L1"),
    column("is_real_name", sa.Boolean, privacy="L2"),
    column("person_id", sa.BigInteger, privacy="L2"),
    column("about", sa.Text, privacy="L3"),
    column("facts", sa.Text, privacy="L3"),
    column("office_code", sa.Text, privacy="L1", comment="who handles it now; the office above after an escalation"),
    column("not_for", pg.ARRAY(sa.BigInteger), privacy="L2", comment="persons who must not handle it"),
    column("state", sa.Text, privacy="L2"),
    column("version", sa.Integer, privacy="L1"),
    column("filed_at", INSTANT, privacy="L2"),
    column("accept_by_on", sa.Date, privacy="L2"),
    column("accepted_at", INSTANT, privacy="L2", nullable=True),
    column("is_accepted_by_time", sa.Boolean, privacy="L1"),
    column("due_on", sa.Date, privacy="L2", nullable=True),
    column(
        "extension", pg.JSONB, privacy="L2", nullable=True, comment="[asked_by, days, reason, is_agreed, agreed_by]"
    ),
    column("investigators", pg.ARRAY(sa.BigInteger), privacy="L2"),
    column("refusal", sa.Text, privacy="L2"),
    column("answer", sa.Text, privacy="L2"),
    column("answered_at", INSTANT, privacy="L2", nullable=True),
    column("is_satisfied", sa.Boolean, privacy="L2", nullable=True),
    column("closed_at", INSTANT, privacy="L2", nullable=True),
    column("escalated_at", INSTANT, privacy="L2", nullable=True),
    column("reviews", sa.Integer, privacy="L1"),
    column("application_id", sa.Uuid, privacy="L2", nullable=True),
    sa.PrimaryKeyConstraint("taxpayer_id", "complaint_id"),
    sa.UniqueConstraint("taxpayer_id", "application_id", name="uq_complaints_complaint_application"),
    sa.CheckConstraint(f"state in {STATES}", name="state"),
    sa.Index("ix_complaints_complaint_open", "state", "accept_by_on", "due_on"),
    sa.Index("ix_complaints_complaint_office", "office_code", "filed_at"),
    info=BY_TAXPAYER,
)

place = sa.Table(
    "complaints_place",
    metadata,
    column("complaint_id", sa.Uuid, privacy="L2"),
    column("taxpayer_id", sa.BigInteger, privacy="L3"),
    sa.PrimaryKeyConstraint("complaint_id"),
    info={"distribute_by": "complaint_id", "append_only": True},
    comment="whose a complaint is, when officers may know only the complaint",
)

step = sa.Table(
    "complaints_step",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("step_id", sa.Uuid, privacy="L2"),
    column("complaint_id", sa.Uuid, privacy="L2"),
    column("at", INSTANT, privacy="L2"),
    column("act", sa.Text, privacy="L1"),
    column("person_id", sa.BigInteger, privacy="L2", comment="0: the clock"),
    column("note", sa.Text, privacy="L2"),
    column("is_public", sa.Boolean, privacy="L1", comment="shown to the person who complained"),
    sa.PrimaryKeyConstraint("taxpayer_id", "step_id"),
    sa.ForeignKeyConstraint(
        ["taxpayer_id", "complaint_id"],
        ["complaints_complaint.taxpayer_id", "complaints_complaint.complaint_id"],
        name="fk_complaints_step_complaint",
    ),
    sa.Index("ix_complaints_step_complaint", "taxpayer_id", "complaint_id", "step_id"),
    info={**BY_TAXPAYER, "append_only": True},
)

rating = sa.Table(
    "complaints_rating",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("rating_id", sa.Uuid, privacy="L2"),
    column("subject_kind", sa.Text, privacy="L1"),
    column("subject_id", sa.Uuid, privacy="L2", comment="the service act that is rated: once"),
    column("title", sa.Text, privacy="L2"),
    column("title_en", sa.Text, privacy="L2"),
    column("stars", sa.SmallInteger, privacy="L2"),
    column("tags", pg.ARRAY(sa.Text), privacy="L1"),
    column("text", sa.Text, privacy="L2"),
    column("person_id", sa.BigInteger, privacy="L2"),
    column("office_code", sa.Text, privacy="L1"),
    column("not_for", pg.ARRAY(sa.BigInteger), privacy="L2"),
    column("state", sa.Text, privacy="L2"),
    column("rated_at", INSTANT, privacy="L2"),
    column("contact_by_on", sa.Date, privacy="L2", nullable=True),
    column("feedback_by_on", sa.Date, privacy="L2", nullable=True),
    column("contacted_at", INSTANT, privacy="L2", nullable=True),
    column("answered_at", INSTANT, privacy="L2", nullable=True),
    column("answer", sa.Text, privacy="L2"),
    column("application_id", sa.Uuid, privacy="L2", nullable=True, comment="the application that gave the rating"),
    sa.PrimaryKeyConstraint("taxpayer_id", "rating_id"),
    sa.UniqueConstraint("taxpayer_id", "subject_kind", "subject_id", name="uq_complaints_rating_subject"),
    sa.CheckConstraint("stars between 1 and 5", name="stars"),
    sa.CheckConstraint("state in ('noted', 'follow_up', 'contacted', 'answered')", name="state"),
    sa.Index("ix_complaints_rating_office", "office_code", "rated_at"),
    info=BY_TAXPAYER,
)

suggestion = sa.Table(
    "complaints_suggestion",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("suggestion_id", sa.Uuid, privacy="L2"),
    column("suggestion_no", sa.Text, privacy="L2"),
    column("kind", sa.Text, privacy="L1"),
    column("text", sa.Text, privacy="L2"),
    column("office_code", sa.Text, privacy="L1"),
    column("person_id", sa.BigInteger, privacy="L2"),
    column("given_at", INSTANT, privacy="L2"),
    column("due_on", sa.Date, privacy="L2"),
    column("application_id", sa.Uuid, privacy="L2", nullable=True),
    sa.PrimaryKeyConstraint("taxpayer_id", "suggestion_id"),
    sa.UniqueConstraint("taxpayer_id", "application_id", name="uq_complaints_suggestion_application"),
    sa.CheckConstraint("kind in ('suggestion', 'praise')", name="kind"),
    sa.Index("ix_complaints_suggestion_office", "office_code", "given_at"),
    info={**BY_TAXPAYER, "append_only": True},
)

report = sa.Table(
    "complaints_report",
    metadata,
    column("report_id", sa.Uuid, privacy="L2"),
    column("report_no", sa.Text, privacy="L2"),
    column("report_sealed", sa.LargeBinary, privacy="L4", comment="who is reported, and what happened"),
    column("informant_sealed", sa.LargeBinary, privacy="L4", comment="who reports: opened only with its own scope"),
    column("informant_hash", sa.LargeBinary, privacy="L4", comment="by which the informant finds it again"),
    column("office_code", sa.Text, privacy="L1"),
    column("state", sa.Text, privacy="L2"),
    column("received_at", INSTANT, privacy="L2"),
    column("due_on", sa.Date, privacy="L2"),
    column("reply_sealed", sa.LargeBinary, privacy="L4", nullable=True),
    column("answered_at", INSTANT, privacy="L2", nullable=True),
    sa.PrimaryKeyConstraint("report_id"),
    sa.CheckConstraint("state in ('received', 'answered')", name="state"),
    sa.Index("ix_complaints_report_informant", "informant_hash"),
    info={"distribute_by": "report_id"},
    comment="by itself, not by taxpayer: the row's place would say who reported",
)
