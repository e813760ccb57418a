"""Monitoring: journeys, budgets, alerts, what channels cost.

Revision: 0011
Before: 0010
"""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Journeys, budgets, alerts, what channels cost."""
    op.execute("set local lock_timeout = '5s'")
