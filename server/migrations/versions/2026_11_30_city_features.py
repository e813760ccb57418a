"""City features: manifests, reviews, releases.

Revision: 0015
Before: 0014
"""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Manifests, reviews, releases."""
    op.execute("set local lock_timeout = '5s'")
