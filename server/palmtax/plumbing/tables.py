"""Tables of the ground besides the queue's own: access tokens that several processes share, and the waiting room."""

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

waiting_arrival = sa.Table(
    "plumbing_waiting_arrival",
    metadata,
    column("process_id", sa.Uuid, privacy="L1"),
    column("second_at", INSTANT, privacy="L1"),
    column("room", sa.Text, privacy="L1"),
    column("arrivals", sa.Integer, privacy="L1", comment="people who got a place in this second from this process"),
    column("first_at", INSTANT, privacy="L1", server_default=sa.text("now()"), comment="when the first of them came"),
    sa.PrimaryKeyConstraint("process_id", "second_at", "room"),
    info={"distribute_by": "process_id"},
)
waiting_report = sa.Table(
    "plumbing_waiting_report",
    metadata,
    column("process_id", sa.Uuid, privacy="L1"),
    column("told_at", INSTANT, privacy="L1"),
    column("served", sa.Integer, privacy="L1", comment="requests of people answered in the last second"),
    column("came", sa.Integer, privacy="L1", comment="people who came through an open door"),
    column("queued", sa.Integer, privacy="L1"),
    column("is_full", sa.Boolean, privacy="L1"),
    column("busy_percent", sa.Integer, privacy="L1"),
    column("full_since_at", INSTANT, privacy="L1", nullable=True, comment="from here this process gave places"),
    sa.PrimaryKeyConstraint("process_id"),
    info={"distribute_by": "process_id"},
)
waiting_line = sa.Table(
    "plumbing_waiting_line",
    metadata,
    column("room", sa.Text, privacy="L1"),
    column("is_waiting", sa.Boolean, privacy="L1"),
    column("line_at", INSTANT, privacy="L1", comment="who came up to here may come in"),
    column("speed_milli", sa.Integer, privacy="L1", comment="places in a thousand seconds"),
    column("error_percent", sa.Integer, privacy="L1", comment="how far estimates were off"),
    column("ahead", sa.Integer, privacy="L1"),
    column("let_in", sa.BigInteger, privacy="L1", comment="places the line has passed, ever"),
    column("moved_at", INSTANT, privacy="L1"),
    sa.PrimaryKeyConstraint("room"),
    info={"distribute_by": "room"},
)
waiting_switch = sa.Table(
    "plumbing_waiting_switch",
    metadata,
    column("room", sa.Text, privacy="L1"),
    column("mode", sa.Text, privacy="L1", comment="auto, open, own_rate"),
    column("people_a_minute", sa.Integer, privacy="L1", comment="with own_rate; 0: nobody"),
    column("reason", sa.Text, privacy="L1"),
    column("asked_by", sa.BigInteger, privacy="L2", nullable=True, comment="who asks another officer to agree"),
    column("asked_mode", sa.Text, privacy="L1", nullable=True),
    column("asked_people_a_minute", sa.Integer, privacy="L1"),
    column("switched_by", sa.BigInteger, privacy="L2"),
    column("switched_at", INSTANT, privacy="L1"),
    sa.PrimaryKeyConstraint("room"),
    info={"distribute_by": "room"},
)
waiting_pace = sa.Table(
    "plumbing_waiting_pace",
    metadata,
    column("name", sa.Text, privacy="L1"),
    column("requests_milli", sa.Integer, privacy="L1", comment="requests that can be served in a thousand seconds"),
    column("each_milli", sa.Integer, privacy="L1", comment="requests that a thousand people make"),
    column("learned_at", INSTANT, privacy="L1"),
    sa.PrimaryKeyConstraint("name"),
    info={"distribute_by": "local"},
)
waiting_key = sa.Table(
    "plumbing_waiting_key",
    metadata,
    column("name", sa.Text, privacy="L1"),
    column("secret_sealed", sa.LargeBinary, privacy="L4", comment="what places and passes are signed with"),
    sa.PrimaryKeyConstraint("name"),
    info={"distribute_by": "local"},
)
