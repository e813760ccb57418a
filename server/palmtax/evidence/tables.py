"""The evidence log and its tree. Nothing here is ever updated or deleted."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from palmtax.plumbing.schema import column, metadata

entry = sa.Table(
    "evidence_entry",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("entry_id", sa.Uuid, privacy="L2"),
    column("at", sa.DateTime(timezone=True), privacy="L2"),
    column("act", sa.Text, privacy="L2"),
    column("channel", sa.Text, privacy="L2"),
    column("person_id", sa.BigInteger, privacy="L2"),
    column("hat_kind", sa.Text, privacy="L2"),
    column("role_code", sa.Text, privacy="L2"),
    column("session_id", sa.Uuid, privacy="L2", nullable=True),
    column("request_id", sa.Text, privacy="L2"),
    column("subject_id", sa.Uuid, privacy="L2", nullable=True),
    column("digest", sa.LargeBinary, privacy="L2"),
    column("previous_head", sa.LargeBinary, privacy="L2"),
    column("summary", pg.JSONB, privacy="L3"),
    sa.PrimaryKeyConstraint("taxpayer_id", "entry_id"),
    sa.Index("ix_evidence_entry_entry_id", "entry_id"),
    info={"distribute_by": "taxpayer_id", "append_only": True},
)

leaf = sa.Table(
    "evidence_leaf",
    metadata,
    column("leaf_no", sa.BigInteger, privacy="L2", autoincrement=False),
    column("entry_id", sa.Uuid, privacy="L2"),
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("leaf_hash", sa.LargeBinary, privacy="L2"),
    sa.PrimaryKeyConstraint("leaf_no"),
    sa.UniqueConstraint("entry_id"),
    info={"distribute_by": "local", "append_only": True},
)

node = sa.Table(
    "evidence_node",
    metadata,
    column("level", sa.SmallInteger, privacy="L2"),
    column("node_no", sa.BigInteger, privacy="L2"),
    column("hash", sa.LargeBinary, privacy="L2"),
    sa.PrimaryKeyConstraint("level", "node_no"),
    info={"distribute_by": "local", "append_only": True},
)

head = sa.Table(
    "evidence_head",
    metadata,
    column("size", sa.BigInteger, privacy="L1", autoincrement=False),
    column("root", sa.LargeBinary, privacy="L1"),
    column("at", sa.DateTime(timezone=True), privacy="L1"),
    sa.PrimaryKeyConstraint("size"),
    info={"distribute_by": "local", "append_only": True},
)
