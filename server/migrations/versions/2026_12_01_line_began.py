"""When a line began: in that second nobody has a place from before, and every process must count alike.

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
    """The beginning of a line."""
    op.execute("set local lock_timeout = '5s'")
    op.add_column(
        "plumbing_waiting_line",
        sa.Column(
            "began_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="from here on who came has a place",
        ),
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_column("plumbing_waiting_line", "began_at")
