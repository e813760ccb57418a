"""Tables of messaging: what was told, who has read it, who wishes what, which papers were signed for."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from palmtax.plumbing.schema import column, metadata

INSTANT = sa.DateTime(timezone=True)
BY_TAXPAYER = {"distribute_by": "taxpayer_id"}
ONCE = {**BY_TAXPAYER, "append_only": True}

message = sa.Table(
    "messaging_message",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("message_id", sa.Uuid, privacy="L2"),
    column("key", sa.Text, privacy="L2", comment="what is told once: the same key again tells nothing"),
    column("template", sa.Text, privacy="L1"),
    column("topic", sa.Text, privacy="L1"),
    column("values", JSONB, privacy="L2"),
    column("title", sa.Text, privacy="L2"),
    column("title_en", sa.Text, privacy="L2"),
    column("body", sa.Text, privacy="L2"),
    column("body_en", sa.Text, privacy="L2"),
    column("subject_kind", sa.Text, privacy="L1"),
    column("subject_id", sa.Uuid, privacy="L2", nullable=True),
    column("for_person_id", sa.BigInteger, privacy="L2", nullable=True, comment="only this person reads it"),
    column("created_at", INSTANT, privacy="L2"),
    sa.PrimaryKeyConstraint("taxpayer_id", "message_id"),
    sa.UniqueConstraint("taxpayer_id", "key", name="uq_messaging_message_key"),
    sa.Index("ix_messaging_message_subject", "taxpayer_id", "subject_id"),
    info=ONCE,
)

reading = sa.Table(
    "messaging_reading",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("message_id", sa.Uuid, privacy="L2"),
    column("person_id", sa.BigInteger, privacy="L2"),
    column("read_at", INSTANT, privacy="L2"),
    sa.PrimaryKeyConstraint("taxpayer_id", "message_id", "person_id"),
    sa.ForeignKeyConstraint(
        ["taxpayer_id", "message_id"],
        ["messaging_message.taxpayer_id", "messaging_message.message_id"],
        name="fk_messaging_reading_message",
    ),
    info=ONCE,
    comment="read receipts: who has opened a message first when",
)

preference = sa.Table(
    "messaging_preference",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("person_id", sa.BigInteger, privacy="L2"),
    column("topics", JSONB, privacy="L1"),
    column("ways", JSONB, privacy="L1"),
    column("changed_at", INSTANT, privacy="L1"),
    column("application_id", sa.Uuid, privacy="L2", nullable=True, comment="the application that chose it last"),
    sa.PrimaryKeyConstraint("taxpayer_id", "person_id"),
    info=BY_TAXPAYER,
)

signature = sa.Table(
    "messaging_signature",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("document_no", sa.Text, privacy="L2"),
    column("person_id", sa.BigInteger, privacy="L2"),
    column("application_id", sa.Uuid, privacy="L2", nullable=True),
    column("signed_at", INSTANT, privacy="L2"),
    sa.PrimaryKeyConstraint("taxpayer_id", "document_no"),
    info=ONCE,
    comment="documents that somebody signed for (电子送达签收): the first signature counts",
)
