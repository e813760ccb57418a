"""What is kept of studies (question, progress, result) and of campaigns (tags, audiences, ramps, who was drawn).

Rows of the invented population never come into the database. Tags are a projection: they can be thrown away and made anew.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from palmtax.plumbing.schema import column, metadata

INSTANT = sa.DateTime(timezone=True)
BY_TAXPAYER, BY_OFFICE = {"distribute_by": "taxpayer_id"}, {"distribute_by": "office_code"}

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

tag = sa.Table(
    "insight_tag",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("office_code", sa.Text, privacy="L1"),
    column("status", sa.Text, privacy="L1"),
    column("kind", sa.Text, privacy="L1"),
    column("vat_kind", sa.Text, privacy="L1"),
    column("industry", sa.Text, privacy="L1"),
    column("registered_on", sa.Date, privacy="L1"),
    column("declared", sa.Text, privacy="L2", comment="bucket of what the last return came to"),
    column("filed", sa.Text, privacy="L2"),
    column("owes", sa.Text, privacy="L2"),
    column("invoices", sa.Text, privacy="L2", comment="bucket of what was issued last month"),
    column("reader_id", sa.BigInteger, privacy="L2", nullable=True, comment="the person through whom it is told"),
    column("wording", sa.Text, privacy="L2"),
    column("language", sa.Text, privacy="L1"),
    column("reach", ARRAY(sa.Text), privacy="L2", comment="ways that are wished and reach the person, the first first"),
    column("consents", ARRAY(sa.Text), privacy="L2", comment="purposes the person agreed to, topics not switched off"),
    column("quiet_from", sa.Time, privacy="L2", nullable=True, comment="China time"),
    column("quiet_until", sa.Time, privacy="L2", nullable=True),
    column("told_on", sa.Date, privacy="L2", nullable=True, comment="last day on which a campaign told them"),
    column("refreshed_at", INSTANT, privacy="L1"),
    sa.PrimaryKeyConstraint("taxpayer_id"),
    info=BY_TAXPAYER,
    comment="tags of taxpayers for audiences: a projection",
)

segment = sa.Table(
    "insight_segment",
    metadata,
    column("office_code", sa.Text, privacy="L1"),
    column("segment_id", sa.Uuid, privacy="L1"),
    column("version", sa.Integer, privacy="L1"),
    column("name", sa.Text, privacy="L1"),
    column("audience", JSONB, privacy="L1"),
    column("purpose", sa.Text, privacy="L1"),
    column("created_by", sa.BigInteger, privacy="L2"),
    column("created_at", INSTANT, privacy="L1"),
    sa.PrimaryKeyConstraint("office_code", "segment_id", "version"),
    info={**BY_OFFICE, "append_only": True},
    comment="saved audiences (人群); a change is a new version",
)

campaign = sa.Table(
    "insight_campaign",
    metadata,
    column("office_code", sa.Text, privacy="L1"),
    column("campaign_id", sa.Uuid, privacy="L1"),
    column("version", sa.Integer, privacy="L1"),
    column("state", sa.Text, privacy="L1"),
    column("name", sa.Text, privacy="L1"),
    column("template", sa.Text, privacy="L1"),
    column("words", JSONB, privacy="L1"),
    column("audience", JSONB, privacy="L1"),
    column("segment_id", sa.Uuid, privacy="L1", nullable=True),
    column("segment_version", sa.Integer, privacy="L1", nullable=True),
    column("goal", sa.Text, privacy="L1"),
    column("goal_days", sa.Integer, privacy="L1"),
    column("holdout_bp", sa.Integer, privacy="L1", comment="ten-thousandths that are not told"),
    column("stages", JSONB, privacy="L1"),
    column("draw_key", sa.LargeBinary, privacy="L2", comment="of the draw: nobody can choose who is held back"),
    column("estimate", JSONB, privacy="L1", nullable=True, comment="what the approver saw when it was submitted"),
    column("created_by", sa.BigInteger, privacy="L2"),
    column("created_at", INSTANT, privacy="L1"),
    column("changed_at", INSTANT, privacy="L1"),
    column("editors", ARRAY(sa.BigInteger), privacy="L2", comment="everybody who wrote on it: none of them approves"),
    column("submitted_at", INSTANT, privacy="L1", nullable=True),
    column("decided_by", sa.BigInteger, privacy="L2", nullable=True),
    column("decided_at", INSTANT, privacy="L1", nullable=True),
    column("decision_words", sa.Text, privacy="L1", server_default=""),
    column("drawn", sa.BigInteger, privacy="L1", server_default="0"),
    column("drawn_to", sa.BigInteger, privacy="L1", server_default="0", comment="cursor of the draw"),
    column("stage", sa.Integer, privacy="L1", server_default="0"),
    column("stage_began_at", INSTANT, privacy="L1", nullable=True),
    column("told_to", sa.BigInteger, privacy="L1", server_default="0", comment="cursor of the stage that is told"),
    column("told_at", INSTANT, privacy="L1", nullable=True, comment="when everybody of the stage had been told"),
    column("may_pass", sa.Boolean, privacy="L1", server_default=sa.false(), comment="an officer opened this gate"),
    column("tally", JSONB, privacy="L1", server_default="[]"),
    column("tallied_at", INSTANT, privacy="L1", nullable=True),
    column("stop_code", sa.Text, privacy="L1", server_default=""),
    column("stop_words", sa.Text, privacy="L1", server_default=""),
    column("stopped_by", sa.BigInteger, privacy="L2", nullable=True, comment="none: it stopped by itself"),
    column("ended_at", INSTANT, privacy="L1", nullable=True),
    column("watch_until_at", INSTANT, privacy="L1", nullable=True, comment="how long its effect is watched"),
    sa.PrimaryKeyConstraint("office_code", "campaign_id"),
    sa.CheckConstraint(
        "state in ('draft', 'review', 'drawing', 'running', 'paused', 'stopped', 'finished')", name="state"
    ),
    sa.CheckConstraint("decided_by is null or decided_by <> all(editors)", name="two_officers"),
    sa.CheckConstraint("goal in ('filed', 'paid', 'opened')", name="goal"),
    sa.Index("ix_insight_campaign_newest", "office_code", "created_at", "campaign_id"),
    sa.Index("ix_insight_campaign_live", "campaign_id", postgresql_where=sa.text("watch_until_at is not null")),
    info=BY_OFFICE,
    comment="campaigns (精准推送)",
)

member = sa.Table(
    "insight_member",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("campaign_id", sa.Uuid, privacy="L1"),
    column("stage", sa.SmallInteger, privacy="L1"),
    column("is_held", sa.Boolean, privacy="L2"),
    column("state", sa.Text, privacy="L2"),
    column("reason", sa.Text, privacy="L2", server_default=""),
    column("message_id", sa.Uuid, privacy="L2", nullable=True),
    column("goal", sa.Text, privacy="L1"),
    column("told_at", INSTANT, privacy="L2", nullable=True, comment="told, or held back when others were told"),
    column("goal_until_at", INSTANT, privacy="L2", nullable=True),
    column("acted_at", INSTANT, privacy="L2", nullable=True),
    column("way", sa.Text, privacy="L2", server_default=""),
    column("cost_fen", sa.BigInteger, privacy="L1", server_default="0"),
    column("is_arrived", sa.Boolean, privacy="L2", server_default=sa.false()),
    column("is_trouble", sa.Boolean, privacy="L2", server_default=sa.false()),
    column("is_waiting", sa.Boolean, privacy="L2", server_default=sa.false()),
    column("is_withdrawn", sa.Boolean, privacy="L2", server_default=sa.false()),
    column("read_at", INSTANT, privacy="L2", nullable=True),
    column("unsubscribed_at", INSTANT, privacy="L2", nullable=True),
    column("complained_at", INSTANT, privacy="L2", nullable=True),
    column("look_at", INSTANT, privacy="L1", nullable=True, comment="when to ask messaging again; none: all is known"),
    sa.PrimaryKeyConstraint("taxpayer_id", "campaign_id"),
    sa.CheckConstraint("state in ('drawn', 'told', 'held', 'left_out')", name="state"),
    sa.Index("ix_insight_member_campaign", "campaign_id", "stage", "taxpayer_id"),
    sa.Index("ix_insight_member_look", "campaign_id", "look_at", postgresql_where=sa.text("look_at is not null")),
    info=BY_TAXPAYER,
    comment="who was drawn for a campaign, and what came of it",
)
