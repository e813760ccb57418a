"""More channels: life channel, kiosk, vendor pushes, customer contacts.

Revision: 0016
Before: 0015
"""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Life channel, kiosk, vendor pushes, customer contacts."""
    op.execute("set local lock_timeout = '5s'")
