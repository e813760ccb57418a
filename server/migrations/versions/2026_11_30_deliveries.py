"""Deliveries: how messages reach people, what people wish and agree to, documents served.

Revision: 0006
Before: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Deliveries, wishes, consents, service of documents."""
    op.execute("set local lock_timeout = '5s'")
    op.create_table(
        "messaging_agreement",
        sa.Column("taxpayer_id", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("taxpayer_id", "decided_at", name=op.f("pk_messaging_agreement")),
        comment="税务文书电子送达确认书: signed and taken back; the last word counts",
        info={"distribute_by": "taxpayer_id", "append_only": True},
    )
    op.create_table(
        "messaging_consent",
        sa.Column("taxpayer_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False, comment="version of what the person read"),
        sa.Column("proof", sa.Text(), nullable=False, comment="screen, or the word of a channel: unsubscribed there"),
        sa.PrimaryKeyConstraint("taxpayer_id", "person_id", "purpose", "decided_at", name=op.f("pk_messaging_consent")),
        comment="what a person agreed to, and took back; the last word counts",
        info={"distribute_by": "taxpayer_id", "append_only": True},
    )
    op.create_table(
        "messaging_delivery",
        sa.Column("taxpayer_id", sa.BigInteger(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column(
            "then_ways",
            postgresql.ARRAY(sa.Text()),
            nullable=False,
            comment="ways still to be tried when this one fails",
        ),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("is_must", sa.Boolean(), nullable=False, comment="the law needs it to arrive"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column(
            "is_unsure",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="a try may have arrived unheard",
        ),
        sa.Column("merged", sa.Integer(), nullable=False, comment="earlier ones of the kind that it says too"),
        sa.Column(
            "next_at", sa.DateTime(timezone=True), nullable=True, comment="wanted: due; handing: end of the lease"
        ),
        sa.Column(
            "announced_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when channels were last told that it is due",
        ),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provider_ref", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reason_en", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state in ('wanted', 'handing')) = (next_at is not null)", name=op.f("ck_messaging_delivery_due")
        ),
        sa.CheckConstraint(
            "state in ('wanted', 'handing', 'handed', 'delivered', 'shown', 'read', 'acted', 'failed', 'dead', 'expired', 'suppressed')",
            name=op.f("ck_messaging_delivery_state"),
        ),
        sa.ForeignKeyConstraint(
            ["taxpayer_id", "message_id"],
            ["messaging_message.taxpayer_id", "messaging_message.message_id"],
            name="fk_messaging_delivery_message",
        ),
        sa.PrimaryKeyConstraint("taxpayer_id", "delivery_id", name=op.f("pk_messaging_delivery")),
        sa.UniqueConstraint("taxpayer_id", "message_id", "person_id", "way", name="uq_messaging_delivery_once"),
        comment="one message to one person by one way (送达任务)",
        info={"distribute_by": "taxpayer_id"},
    )
    op.create_index(
        "ix_messaging_delivery_dead",
        "messaging_delivery",
        ["changed_at"],
        unique=False,
        postgresql_where=sa.text("state = 'dead'"),
    )
    op.create_index(
        "ix_messaging_delivery_due",
        "messaging_delivery",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("next_at is not null"),
    )
    op.create_index(
        "ix_messaging_delivery_person",
        "messaging_delivery",
        ["person_id", "created_at"],
        unique=False,
        postgresql_where=sa.text("way <> 'inbox'"),
    )
    op.create_table(
        "messaging_service",
        sa.Column("taxpayer_id", sa.BigInteger(), nullable=False),
        sa.Column("document_no", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False, comment="SM3 of the document as it was served, hexadecimal"),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("agreement_at", sa.DateTime(timezone=True), nullable=False, comment="the agreement it rests on"),
        sa.Column("law", sa.Text(), nullable=False, comment="the rule that made it served"),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("served_on", sa.Date(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column(
            "next_step_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when more is done unless somebody reads it",
        ),
        sa.CheckConstraint(
            "step in ('entered', 'other_way', 'phone', 'paper', 'done')", name=op.f("ck_messaging_service_step")
        ),
        sa.ForeignKeyConstraint(
            ["taxpayer_id", "message_id"],
            ["messaging_message.taxpayer_id", "messaging_message.message_id"],
            name="fk_messaging_service_message",
        ),
        sa.PrimaryKeyConstraint("taxpayer_id", "document_no", name=op.f("pk_messaging_service")),
        comment="documents served electronically (电子送达)",
        info={"distribute_by": "taxpayer_id"},
    )
    op.create_index(
        "ix_messaging_service_next",
        "messaging_service",
        ["next_step_at"],
        unique=False,
        postgresql_where=sa.text("next_step_at is not null"),
    )
    op.add_column("messaging_preference", sa.Column("language", sa.Text(), server_default="zh", nullable=False))
    op.add_column(
        "messaging_preference",
        sa.Column(
            "is_elder",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="plainer words in larger steps",
        ),
    )
    op.add_column("messaging_preference", sa.Column("quiet_from", sa.Time(), nullable=True, comment="China time"))
    op.add_column("messaging_preference", sa.Column("quiet_until", sa.Time(), nullable=True))
    op.create_check_constraint(
        op.f("ck_messaging_preference_quiet"), "messaging_preference", "(quiet_from is null) = (quiet_until is null)"
    )
    op.execute(
        "update identity_hat set scopes = scopes || array['messaging.rescue'] where role_code = 'system_admin'"
        " and not 'messaging.rescue' = any(scopes)"
    )


def downgrade() -> None:
    """Undo it."""
    op.execute(
        "update identity_hat set scopes = array_remove(scopes, 'messaging.rescue') where role_code = 'system_admin'"
    )
    op.drop_constraint(op.f("ck_messaging_preference_quiet"), "messaging_preference")
    for column in ("quiet_until", "quiet_from", "is_elder", "language"):
        op.drop_column("messaging_preference", column)
    for table in ("messaging_service", "messaging_delivery", "messaging_consent", "messaging_agreement"):
        op.drop_table(table)
