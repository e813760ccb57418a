"""Tables of channels: manifests in force, switches, lights, what came in, what went out."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from palmtax.plumbing.schema import column, metadata

INSTANT = sa.DateTime(timezone=True)
LOCAL = {"distribute_by": "local"}
OUTCOMES = "('handed', 'refused', 'dead', 'unanswered')"

version = sa.Table(
    "channels_version",
    metadata,
    column("channel", sa.Text, privacy="L1"),
    column("version", sa.Integer, privacy="L1"),
    column("manifest", sa.Text, privacy="L1", comment="channel.yaml as it was read"),
    column("codes", sa.Text, privacy="L1", comment="codes.yaml as it was read"),
    column("digest", sa.Text, privacy="L1", comment="SHA-256 of both, by which a change is noticed"),
    column("state", sa.Text, privacy="L1"),
    column("faults", JSONB, privacy="L1", comment="why it was refused: file, line, what, what to do"),
    column("reason", sa.Text, privacy="L1"),
    column("made_by", sa.BigInteger, privacy="L2", nullable=True, comment="person; none: read from the folder"),
    column("made_at", INSTANT, privacy="L1"),
    sa.PrimaryKeyConstraint("channel", "version"),
    sa.CheckConstraint("state in ('in_force', 'past', 'refused')", name="state"),
    sa.Index("uq_channels_version_in_force", "channel", unique=True, postgresql_where=sa.text("state = 'in_force'")),
    info=LOCAL,
    comment="which text of a manifest is in force; a bad one leaves the last good one in force",
)

switch = sa.Table(
    "channels_switch",
    metadata,
    column("channel", sa.Text, privacy="L1"),
    column("part", sa.Text, privacy="L1", comment="empty: the whole channel; else a matter or a template"),
    column("is_enabled", sa.Boolean, privacy="L1"),
    column("reason", sa.Text, privacy="L1"),
    column("switched_by", sa.BigInteger, privacy="L2"),
    column("switched_at", INSTANT, privacy="L1"),
    column(
        "asked_by", sa.BigInteger, privacy="L2", nullable=True, comment="who asks to switch it on; another must agree"
    ),
    column("asked_at", INSTANT, privacy="L1", nullable=True),
    column("asked_reason", sa.Text, privacy="L1", nullable=True),
    sa.PrimaryKeyConstraint("channel", "part"),
    sa.CheckConstraint("(asked_by is null) = (asked_at is null)", name="asked"),
    info=LOCAL,
)

standing = sa.Table(
    "channels_standing",
    metadata,
    column("channel", sa.Text, privacy="L1"),
    column("light", sa.Text, privacy="L1"),
    column("say", sa.Text, privacy="L1"),
    column("say_en", sa.Text, privacy="L1"),
    column("weight", sa.Integer, privacy="L1", comment="percent of the manifest's weight that is left"),
    column("dead_at", INSTANT, privacy="L1", nullable=True, comment="when the platform last refused us altogether"),
    column("checked_at", INSTANT, privacy="L1"),
    column("changed_at", INSTANT, privacy="L1", comment="since when the light is what it is"),
    sa.PrimaryKeyConstraint("channel"),
    sa.CheckConstraint("light in ('green', 'amber', 'red')", name="light"),
    sa.CheckConstraint("weight between 0 and 100", name="weight"),
    info=LOCAL,
)

minute = sa.Table(
    "channels_minute",
    metadata,
    column("channel", sa.Text, privacy="L1"),
    column("minute_at", INSTANT, privacy="L1"),
    column("outcome", sa.Text, privacy="L1"),
    column("code", sa.Text, privacy="L1"),
    column("slot", sa.Integer, privacy="L1", comment="0 to 7, so that processes do not wait for each other"),
    column("count", sa.Integer, privacy="L1"),
    column("milliseconds", sa.BigInteger, privacy="L1", comment="of all together"),
    column("slowest", sa.Integer, privacy="L1", comment="milliseconds"),
    column("last_at", INSTANT, privacy="L1"),
    sa.PrimaryKeyConstraint("channel", "minute_at", "outcome", "code", "slot"),
    sa.CheckConstraint(f"outcome in {OUTCOMES}", name="outcome"),
    info=LOCAL,
    comment="outcomes of calls by the minute",
)

call = sa.Table(
    "channels_call",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("delivery_id", sa.Uuid, privacy="L2"),
    column("number", sa.Integer, privacy="L1", comment="of the try"),
    column("channel", sa.Text, privacy="L1"),
    column("state", sa.Text, privacy="L1"),
    column("code", sa.Text, privacy="L1"),
    column("began_at", INSTANT, privacy="L2"),
    column("ended_at", INSTANT, privacy="L2", nullable=True),
    sa.PrimaryKeyConstraint("taxpayer_id", "delivery_id", "number"),
    sa.CheckConstraint("state in ('calling', 'handed', 'refused', 'unanswered', 'unknown')", name="state"),
    sa.Index("ix_channels_call_began_at", "began_at"),
    info={"distribute_by": "taxpayer_id"},
    comment="written before a platform is called: after a crash we know that it may have heard us",
)

handed = sa.Table(
    "channels_handed",
    metadata,
    column("provider_ref", sa.Text, privacy="L2"),
    column("channel", sa.Text, privacy="L1"),
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("delivery_id", sa.Uuid, privacy="L2"),
    column("handed_at", INSTANT, privacy="L2"),
    column("stage", sa.Text, privacy="L1"),
    column("stage_at", INSTANT, privacy="L2", nullable=True),
    column("follow_up", sa.Text, privacy="L2", comment="opens the card again, once"),
    sa.PrimaryKeyConstraint("provider_ref", "channel"),
    sa.Index("ix_channels_handed_lately", "channel", "handed_at"),
    info={"distribute_by": "provider_ref"},
    comment="a platform's number of a message → whose it is",
)

nonce = sa.Table(
    "channels_nonce",
    metadata,
    column("nonce", sa.Text, privacy="L1", comment="time and nonce of a callback"),
    column("channel", sa.Text, privacy="L1"),
    column(
        "digest",
        sa.Text,
        privacy="L1",
        comment="SHA-256 of the body: the same again is a repetition, another a forgery",
    ),
    column("seen_at", INSTANT, privacy="L1"),
    sa.PrimaryKeyConstraint("nonce", "channel"),
    sa.Index("ix_channels_nonce_seen_at", "seen_at"),
    info={"distribute_by": "nonce"},
)

event = sa.Table(
    "channels_event",
    metadata,
    column("event_id", sa.Uuid, privacy="L2"),
    column("channel", sa.Text, privacy="L1"),
    column("kind", sa.Text, privacy="L1"),
    column("theirs", sa.Text, privacy="L1", comment="what the platform calls it"),
    column("content_sealed", sa.LargeBinary, privacy="L3"),
    column("received_at", INSTANT, privacy="L2"),
    column("taken_at", INSTANT, privacy="L2", nullable=True),
    sa.PrimaryKeyConstraint("event_id"),
    sa.Index("ix_channels_event_received_at", "received_at"),
    info={"distribute_by": "event_id"},
    comment="what came in, in one shape; its number is made of channel and key, so a repetition finds its place taken",
)

allowance = sa.Table(
    "channels_allowance",
    metadata,
    column("address_hash", sa.LargeBinary, privacy="L2"),
    column("channel", sa.Text, privacy="L1"),
    column("what", sa.Text, privacy="L1", comment="a window (text, menu, …) or a template of a subscription"),
    column("remaining", sa.Integer, privacy="L1", comment="messages that may still follow"),
    column("until_at", INSTANT, privacy="L1", nullable=True),
    column("is_refused", sa.Boolean, privacy="L2"),
    column("changed_at", INSTANT, privacy="L1"),
    sa.PrimaryKeyConstraint("address_hash", "channel", "what"),
    info={"distribute_by": "address_hash"},
    comment="how many messages a person has let us send",
)
