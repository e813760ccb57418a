"""The waiting room knows when the first of a second came, and what the house has learned of its own pace.

Revision: 0020
Before: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """People of a second are thought to have come evenly from the first of them on; the pace outlives a process."""
    op.execute("set local lock_timeout = '5s'")
    op.add_column(
        "plumbing_waiting_arrival",
        sa.Column(
            "first_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="when the first of them came",
        ),
    )
    op.create_table(
        "plumbing_waiting_pace",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "requests_milli", sa.Integer(), nullable=False, comment="requests that can be served in a thousand seconds"
        ),
        sa.Column("each_milli", sa.Integer(), nullable=False, comment="requests that a thousand people make"),
        sa.Column("learned_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_plumbing_waiting_pace")),
        info={"distribute_by": "local"},
    )


def downgrade() -> None:
    """As it was."""
    op.execute("set local lock_timeout = '5s'")
    op.drop_table("plumbing_waiting_pace")
    op.drop_column("plumbing_waiting_arrival", "first_at")
