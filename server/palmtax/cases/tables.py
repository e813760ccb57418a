"""What the workbench keeps for officers."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from palmtax.plumbing.schema import column, metadata

view = sa.Table(
    "cases_view",
    metadata,
    column("person_id", sa.BigInteger, privacy="L2"),
    column("view_id", sa.Uuid, privacy="L2"),
    column("name", sa.Text, privacy="L2"),
    column("view", pg.JSONB, privacy="L2"),
    column("created_at", sa.DateTime(timezone=True), privacy="L2"),
    sa.PrimaryKeyConstraint("person_id", "view_id"),
    sa.UniqueConstraint("person_id", "name"),
    info={"distribute_by": "person_id"},
)
