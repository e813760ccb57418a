"""Campaigns: audiences, ramps, holdouts, what came of them.

Revision: 0009
Before: 0008
"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Audiences, ramps, holdouts, what came of them."""
    op.execute("set local lock_timeout = '5s'")
