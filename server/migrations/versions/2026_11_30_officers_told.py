"""Officers told: what officers are sent, their addresses and cards.

Revision: 0008
Before: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What officers are sent, their addresses and cards."""
    op.execute("set local lock_timeout = '5s'")
    op.create_table(
        "messaging_officer_wish",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("topics", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("ways", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("language", sa.Text(), server_default="zh", nullable=False),
        sa.Column(
            "is_any_time",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="on duty: no quiet hours",
        ),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_messaging_officer_wish")),
        comment="what an officer wishes to be told about work, and how",
        info={"distribute_by": "person_id"},
    )
    op.create_table(
        "channels_card",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="of the subject"),
        sa.Column(
            "taxpayer_id",
            sa.BigInteger(),
            nullable=False,
            comment="of the delivery: the officer as a natural person",
        ),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "codes",
            postgresql.ARRAY(sa.Text()),
            nullable=False,
            comment="each changes the card once, within 72 hours",
        ),
        sa.Column("coded_at", sa.DateTime(timezone=True), nullable=False, comment="when the last code came"),
        sa.Column(
            "shown", sa.Text(), nullable=False, comment="digest of what stands on it; empty: a tap waits for its answer"
        ),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answer_en", sa.Text(), nullable=False),
        sa.Column("answer_to", sa.Text(), nullable=False, comment="how the thing stood when it was answered"),
        sa.Column("busy_until", sa.DateTime(timezone=True), nullable=True, comment="a process is changing it"),
        sa.PrimaryKeyConstraint("subject_id", "delivery_id", "channel", name=op.f("pk_channels_card")),
        comment="cards that officers have before them (任务卡片)",
        info={"distribute_by": "subject_id"},
    )
    op.create_index("ix_channels_card_coded_at", "channels_card", ["coded_at"], unique=False)
    op.drop_constraint(op.f("ck_identity_session_way"), "identity_session", type_="check")
    op.create_check_constraint(
        op.f("ck_identity_session_way"),
        "identity_session",
        "way in ('sms', 'wechat', 'ticket', 'gov_wechat', 'wecom')",
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_constraint(op.f("ck_identity_session_way"), "identity_session", type_="check")
    op.execute("delete from identity_session where way in ('gov_wechat', 'wecom')")
    op.create_check_constraint(
        op.f("ck_identity_session_way"), "identity_session", "way in ('sms', 'wechat', 'ticket')"
    )
    op.drop_table("channels_card")
    op.drop_table("messaging_officer_wish")
