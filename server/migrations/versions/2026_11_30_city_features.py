"""City features: manifests, reviews, releases.

Revision: 0015
Before: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Manifests, reviews, releases."""
    op.execute("set local lock_timeout = '5s'")
    op.create_table(
        "partners_feature",
        sa.Column("feature_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=True, comment="none: the tax office's own"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["partners_application.application_id"], name="fk_partners_feature_application"
        ),
        sa.PrimaryKeyConstraint("feature_id", name=op.f("pk_partners_feature")),
        sa.UniqueConstraint("code", name=op.f("uq_partners_feature_code")),
        comment="city features 特色应用",
        info={"distribute_by": "local"},
    )
    op.create_index("ix_partners_feature_application_id", "partners_feature", ["application_id"], unique=False)
    op.create_table(
        "partners_feature_version",
        sa.Column("feature_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False, comment="the manifest as it was handed in"),
        sa.Column("findings", postgresql.JSONB(), nullable=False, comment="what the conformance kit found"),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.BigInteger(), nullable=True, comment="the officer who found it good first"),
        sa.Column("state_reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=True, comment="officer; none: the developer"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("has_been_listed", sa.Boolean(), nullable=False, comment="may be gone back to"),
        sa.CheckConstraint(
            "state in ('draft', 'checked', 'review', 'listed', 'superseded', 'suspended')",
            name=op.f("ck_partners_feature_version_state"),
        ),
        sa.ForeignKeyConstraint(
            ["feature_id"], ["partners_feature.feature_id"], name="fk_partners_feature_version_feature"
        ),
        sa.PrimaryKeyConstraint("feature_id", "version", name=op.f("pk_partners_feature_version")),
        info={"distribute_by": "local"},
    )
    op.create_index(
        "uq_partners_feature_version_listed",
        "partners_feature_version",
        ["feature_id"],
        unique=True,
        postgresql_where=sa.text("state = 'listed'"),
    )
    op.create_table(
        "partners_pass",
        sa.Column("pass_hash", sa.LargeBinary(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("taxpayer_id", sa.BigInteger(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("feature_id", sa.Uuid(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("pass_hash", name=op.f("pk_partners_pass")),
        comment="a person on the way into a feature: silent consent at /oauth/authorize, once, in 60 seconds",
        info={"distribute_by": "pass_hash"},
    )
    op.create_index("ix_partners_pass_expires_at", "partners_pass", ["expires_at"], unique=False)


def downgrade() -> None:
    """Undo it."""
    for table in ("pass", "feature_version", "feature"):
        op.drop_table(f"partners_{table}")
