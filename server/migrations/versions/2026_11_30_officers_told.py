"""Officers told: what officers are sent, their addresses and cards.

Revision: 0008
Before: 0007
"""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What officers are sent, their addresses and cards."""
    op.execute("set local lock_timeout = '5s'")
