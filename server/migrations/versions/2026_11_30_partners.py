"""Partners: applications, consents, quotas, webhooks.

Revision: 0013
Before: 0012
"""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applications, consents, quotas, webhooks."""
    op.execute("set local lock_timeout = '5s'")
