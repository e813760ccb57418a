"""Campaigns: audiences, ramps, holdouts, what came of them.

Revision: 0009
Before: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Audiences, ramps, holdouts, what came of them."""
    op.execute("set local lock_timeout = '5s'")
    op.create_table(
        "messaging_complaint",
        sa.Column("taxpayer_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("complained_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("taxpayer_id", "message_id", "person_id", name=op.f("pk_messaging_complaint")),
        comment="what a person said against a message of a campaign: the first time counts",
        info={"distribute_by": "taxpayer_id", "append_only": True},
    )
    op.create_table(
        "messaging_recall",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("recalled_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", name=op.f("pk_messaging_recall")),
        comment="campaigns of which nothing is planned any more: few rows",
        info={"distribute_by": "reference"},
    )
    op.create_table(
        "insight_tag",
        sa.Column("taxpayer_id", sa.BigInteger(), nullable=False),
        sa.Column("office_code", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("vat_kind", sa.Text(), nullable=False),
        sa.Column("industry", sa.Text(), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("declared", sa.Text(), nullable=False, comment="bucket of what the last return came to"),
        sa.Column("filed", sa.Text(), nullable=False),
        sa.Column("owes", sa.Text(), nullable=False),
        sa.Column("invoices", sa.Text(), nullable=False, comment="bucket of what was issued last month"),
        sa.Column("reader_id", sa.BigInteger(), nullable=True, comment="the person through whom it is told"),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column(
            "reach",
            postgresql.ARRAY(sa.Text()),
            nullable=False,
            comment="ways that are wished and reach the person, the first first",
        ),
        sa.Column(
            "consents",
            postgresql.ARRAY(sa.Text()),
            nullable=False,
            comment="purposes the person agreed to, topics not switched off",
        ),
        sa.Column("quiet_from", sa.Time(), nullable=True, comment="China time"),
        sa.Column("quiet_until", sa.Time(), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True, comment="last day on which a campaign told them"),
        sa.Column("refreshed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("taxpayer_id", name=op.f("pk_insight_tag")),
        comment="tags of taxpayers for audiences: a projection",
        info={"distribute_by": "taxpayer_id"},
    )
    op.create_table(
        "insight_segment",
        sa.Column("office_code", sa.Text(), nullable=False),
        sa.Column("segment_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("audience", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("office_code", "segment_id", "version", name=op.f("pk_insight_segment")),
        comment="saved audiences (人群); a change is a new version",
        info={"distribute_by": "office_code", "append_only": True},
    )
    op.create_table(
        "insight_campaign",
        sa.Column("office_code", sa.Text(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("words", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("audience", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("segment_id", sa.Uuid(), nullable=True),
        sa.Column("segment_version", sa.Integer(), nullable=True),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("goal_days", sa.Integer(), nullable=False),
        sa.Column("holdout_bp", sa.Integer(), nullable=False, comment="ten-thousandths that are not told"),
        sa.Column("stages", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "draw_key", sa.LargeBinary(), nullable=False, comment="of the draw: nobody can choose who is held back"
        ),
        sa.Column(
            "estimate",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="what the approver saw when it was submitted",
        ),
        sa.Column("created_by", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "editors",
            postgresql.ARRAY(sa.BigInteger()),
            nullable=False,
            comment="everybody who wrote on it: none of them approves",
        ),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_words", sa.Text(), server_default="", nullable=False),
        sa.Column("drawn", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("drawn_to", sa.BigInteger(), server_default="0", nullable=False, comment="cursor of the draw"),
        sa.Column("stage", sa.Integer(), server_default="0", nullable=False),
        sa.Column("stage_began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "told_to",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="cursor of the stage that is told",
        ),
        sa.Column(
            "told_at", sa.DateTime(timezone=True), nullable=True, comment="when everybody of the stage had been told"
        ),
        sa.Column(
            "may_pass",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="an officer opened this gate",
        ),
        sa.Column("tally", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("tallied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stop_code", sa.Text(), server_default="", nullable=False),
        sa.Column("stop_words", sa.Text(), server_default="", nullable=False),
        sa.Column("stopped_by", sa.BigInteger(), nullable=True, comment="none: it stopped by itself"),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "watch_until_at", sa.DateTime(timezone=True), nullable=True, comment="how long its effect is watched"
        ),
        sa.CheckConstraint("goal in ('filed', 'paid', 'opened')", name=op.f("ck_insight_campaign_goal")),
        sa.CheckConstraint(
            "state in ('draft', 'review', 'drawing', 'running', 'paused', 'stopped', 'finished')",
            name=op.f("ck_insight_campaign_state"),
        ),
        sa.CheckConstraint(
            "decided_by is null or decided_by <> all(editors)", name=op.f("ck_insight_campaign_two_officers")
        ),
        sa.PrimaryKeyConstraint("office_code", "campaign_id", name=op.f("pk_insight_campaign")),
        comment="campaigns (精准推送)",
        info={"distribute_by": "office_code"},
    )
    op.create_index(
        "ix_insight_campaign_live",
        "insight_campaign",
        ["campaign_id"],
        unique=False,
        postgresql_where=sa.text("watch_until_at is not null"),
    )
    op.create_index(
        "ix_insight_campaign_newest", "insight_campaign", ["office_code", "created_at", "campaign_id"], unique=False
    )
    op.create_table(
        "insight_member",
        sa.Column("taxpayer_id", sa.BigInteger(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.SmallInteger(), nullable=False),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column(
            "told_at", sa.DateTime(timezone=True), nullable=True, comment="told, or held back when others were told"
        ),
        sa.Column("goal_until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("way", sa.Text(), server_default="", nullable=False),
        sa.Column("cost_fen", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("is_arrived", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_trouble", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_waiting", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_withdrawn", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unsubscribed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("complained_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "look_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when to ask messaging again; none: all is known",
        ),
        sa.CheckConstraint("state in ('drawn', 'told', 'held', 'left_out')", name=op.f("ck_insight_member_state")),
        sa.PrimaryKeyConstraint("taxpayer_id", "campaign_id", name=op.f("pk_insight_member")),
        comment="who was drawn for a campaign, and what came of it",
        info={"distribute_by": "taxpayer_id"},
    )
    op.create_index(
        "ix_insight_member_campaign", "insight_member", ["campaign_id", "stage", "taxpayer_id"], unique=False
    )
    op.create_index(
        "ix_insight_member_look",
        "insight_member",
        ["campaign_id", "look_at"],
        unique=False,
        postgresql_where=sa.text("look_at is not null"),
    )


def downgrade() -> None:
    """Undo it."""
    for table in (
        "insight_member",
        "insight_campaign",
        "insight_segment",
        "insight_tag",
        "messaging_recall",
        "messaging_complaint",
    ):
        op.drop_table(table)
