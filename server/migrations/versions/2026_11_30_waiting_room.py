"""Waiting room: who came when, how far the line has moved.

Revision: 0012
Before: 0011
"""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Who came when, how far the line has moved."""
    op.execute("set local lock_timeout = '5s'")
