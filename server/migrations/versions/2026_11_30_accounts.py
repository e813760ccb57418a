"""Accounts of channels: menus, scenes, media, what followers asked.

Revision: 0014
Before: 0013
"""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Menus, scenes, media, what followers asked."""
    op.execute("set local lock_timeout = '5s'")
