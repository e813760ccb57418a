"""A code with a scene may belong to an office, whose hall it leads to and whose figures it counts in.

Revision: 0019
Before: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The office of a code."""
    op.execute("set local lock_timeout = '5s'")
    op.add_column(
        "channels_scene",
        sa.Column("office_code", sa.Text(), nullable=True, comment="the office it hangs in; none: everywhere"),
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_column("channels_scene", "office_code")
