"""Waiting room: who came when, how far the line has moved.

Revision: 0012
Before: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Who came when, how far the line has moved."""
    op.execute("set local lock_timeout = '5s'")
    op.create_table(
        "plumbing_waiting_arrival",
        sa.Column("process_id", sa.Uuid(), nullable=False),
        sa.Column("second_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column(
            "arrivals", sa.Integer(), nullable=False, comment="people who got a place in this second from this process"
        ),
        sa.PrimaryKeyConstraint("process_id", "second_at", "room", name=op.f("pk_plumbing_waiting_arrival")),
        info={"distribute_by": "process_id"},
    )
    op.create_table(
        "plumbing_waiting_report",
        sa.Column("process_id", sa.Uuid(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("served", sa.Integer(), nullable=False, comment="requests of people answered in the last second"),
        sa.Column("came", sa.Integer(), nullable=False, comment="people who came through an open door"),
        sa.Column("queued", sa.Integer(), nullable=False),
        sa.Column("is_full", sa.Boolean(), nullable=False),
        sa.Column("busy_percent", sa.Integer(), nullable=False),
        sa.Column(
            "full_since_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="from here this process gave places",
        ),
        sa.PrimaryKeyConstraint("process_id", name=op.f("pk_plumbing_waiting_report")),
        info={"distribute_by": "process_id"},
    )
    op.create_table(
        "plumbing_waiting_line",
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("is_waiting", sa.Boolean(), nullable=False),
        sa.Column("line_at", sa.DateTime(timezone=True), nullable=False, comment="who came up to here may come in"),
        sa.Column("speed_milli", sa.Integer(), nullable=False, comment="places in a thousand seconds"),
        sa.Column("error_percent", sa.Integer(), nullable=False, comment="how far estimates were off"),
        sa.Column("ahead", sa.Integer(), nullable=False),
        sa.Column("let_in", sa.BigInteger(), nullable=False, comment="places the line has passed, ever"),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("room", name=op.f("pk_plumbing_waiting_line")),
        info={"distribute_by": "room"},
    )
    op.create_table(
        "plumbing_waiting_switch",
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False, comment="auto, open, own_rate"),
        sa.Column("people_a_minute", sa.Integer(), nullable=False, comment="with own_rate; 0: nobody"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=True, comment="who asks another officer to agree"),
        sa.Column("asked_mode", sa.Text(), nullable=True),
        sa.Column("asked_people_a_minute", sa.Integer(), nullable=False),
        sa.Column("switched_by", sa.BigInteger(), nullable=False),
        sa.Column("switched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("room", name=op.f("pk_plumbing_waiting_switch")),
        info={"distribute_by": "room"},
    )
    op.create_table(
        "plumbing_waiting_key",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False, comment="what places and passes are signed with"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_plumbing_waiting_key")),
        info={"distribute_by": "local"},
    )


def downgrade() -> None:
    """As it was."""
    op.execute("set local lock_timeout = '5s'")
    for table in (
        "plumbing_waiting_key",
        "plumbing_waiting_switch",
        "plumbing_waiting_line",
        "plumbing_waiting_report",
        "plumbing_waiting_arrival",
    ):
        op.drop_table(table)
