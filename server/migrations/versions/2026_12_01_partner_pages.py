"""Our pages in partners' frames: whose pages may frame them, one-time tickets, visits; listed features checked by the clock.

Revision: 0018
Before: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def _visit_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("taxpayer_id", sa.BigInteger(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("screen", sa.Text(), nullable=False),
    ]


def upgrade() -> None:
    """Origins, tickets, visits, failed nights."""
    op.execute("set local lock_timeout = '5s'")
    op.add_column(
        "partners_application",
        sa.Column(
            "frame_origins",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="whose pages may frame ours",
        ),
    )
    op.create_table(
        "partners_embed_ticket",
        sa.Column("ticket_hash", sa.LargeBinary(), nullable=False),
        *_visit_columns(),
        sa.Column("subject", sa.Text(), nullable=False, comment="what the screen shows; empty: nothing certain"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("ticket_hash", name=op.f("pk_partners_embed_ticket")),
        comment="a person on the way to one of our screens in a partner's page: once, in 60 seconds",
        info={"distribute_by": "ticket_hash"},
    )
    op.create_index("ix_partners_embed_ticket_expires_at", "partners_embed_ticket", ["expires_at"], unique=False)
    op.create_table(
        "partners_visit",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        *_visit_columns(),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_partners_visit")),
        comment="one of our screens standing in a partner's page: a session for that screen's routes and no others",
        info={"distribute_by": "token_hash"},
    )
    op.create_index("ix_partners_visit_expires_at", "partners_visit", ["expires_at"], unique=False)
    op.add_column(
        "partners_feature_version",
        sa.Column("failed_nights", sa.Integer(), server_default="0", nullable=False, comment="in a row, by the clock"),
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_column("partners_feature_version", "failed_nights")
    op.drop_table("partners_visit")
    op.drop_table("partners_embed_ticket")
    op.drop_column("partners_application", "frame_origins")
