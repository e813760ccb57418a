"""The one table of the ground besides the queue's own: access tokens that several processes share."""

from __future__ import annotations

import sqlalchemy as sa

from palmtax.plumbing.schema import column, metadata

INSTANT = sa.DateTime(timezone=True)

token = sa.Table(
    "plumbing_token",
    metadata,
    column("name", sa.Text, privacy="L1"),
    column("secret_sealed", sa.LargeBinary, privacy="L4", nullable=True, comment="none: dropped, or never fetched"),
    column("secret_hash", sa.LargeBinary, privacy="L4", nullable=True),
    column("fetched_at", INSTANT, privacy="L1", nullable=True),
    column("expires_at", INSTANT, privacy="L1", nullable=True),
    column("renew_at", INSTANT, privacy="L1", nullable=True, comment="from here somebody fetches the next one"),
    column("refresher", sa.Uuid, privacy="L1", nullable=True, comment="who fetches now"),
    column(
        "next_try_at", INSTANT, privacy="L1", nullable=True, comment="end of the lease, or of the wait after a fault"
    ),
    column("failures", sa.Integer, privacy="L1", comment="fetches that failed since the last good one"),
    column("early_drops", sa.Integer, privacy="L1", comment="tokens refused young, one after the other"),
    column("last_error", sa.Text, privacy="L1"),
    column("last_error_at", INSTANT, privacy="L1", nullable=True),
    sa.PrimaryKeyConstraint("name"),
    info={"distribute_by": "local"},
)
