"""Service of documents to its end, retention of messages.

Revision: 0010
Before: 0009
"""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Service of documents to its end, retention of messages."""
    op.execute("set local lock_timeout = '5s'")
