"""Monitoring: journeys, budgets, alerts, what channels cost.

Revision: 0011
Before: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OUTCOMES = "outcome in ('handed', 'refused', 'dead', 'unanswered', 'taken', 'untaken')"
INSTANT = sa.DateTime(timezone=True)
LOCAL = {"distribute_by": "local"}


def _figures() -> list[sa.Column]:  # type: ignore[type-arg]  # columns of several kinds
    return [
        sa.Column(
            "matter",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="matter, or template of a message without one",
        ),
        sa.Column("office_code", sa.Text(), server_default="", nullable=False),
        sa.Column("took", sa.SmallInteger(), server_default="0", nullable=False, comment="bucket of the call's time"),
        sa.Column(
            "waited",
            sa.SmallInteger(),
            server_default="0",
            nullable=False,
            comment="bucket from due to the end of the call",
        ),
    ]


def _journeys() -> None:
    op.create_table(
        "channels_journey",
        sa.Column("subject", sa.Text(), nullable=False, comment="a channel, or service:NAME"),
        sa.Column("began_at", INSTANT, nullable=False),
        sa.Column("is_good", sa.Boolean(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column(
            "steps",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="name, code, milliseconds of each step made",
        ),
        sa.PrimaryKeyConstraint("subject", "began_at", name=op.f("pk_channels_journey")),
        comment="synthetic journeys (拨测)",
        info=LOCAL,
    )
    op.create_index("ix_channels_journey_began_at", "channels_journey", ["began_at"], unique=False)
    op.create_table(
        "channels_day",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False, comment="China day"),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "subject", name=op.f("pk_channels_day")),
        comment="journeys by the day, for ninety days of bars",
        info=LOCAL,
    )


def _told() -> None:
    op.create_table(
        "channels_alert",
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("say", sa.Text(), nullable=False),
        sa.Column("say_en", sa.Text(), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False, comment="when it was last there"),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("acknowledged_by", sa.BigInteger(), nullable=True),
        sa.Column("acknowledged_at", INSTANT, nullable=True),
        sa.CheckConstraint("level in ('page', 'ticket')", name=op.f("ck_channels_alert_level")),
        sa.CheckConstraint(
            "(acknowledged_by is null) = (acknowledged_at is null)", name=op.f("ck_channels_alert_acknowledged")
        ),
        sa.PrimaryKeyConstraint("alert_id", name=op.f("pk_channels_alert")),
        comment="troubles that officers are told of: one at a time for each kind and subject",
        info=LOCAL,
    )
    op.create_index(
        "uq_channels_alert_open",
        "channels_alert",
        ["kind", "subject"],
        unique=True,
        postgresql_where=sa.text("closed_at is null"),
    )
    op.create_index("ix_channels_alert_opened_at", "channels_alert", ["opened_at"], unique=False)
    op.create_table(
        "channels_incident",
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "services",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="names of services and channels",
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column(
            "ends_at", INSTANT, nullable=True, comment="of maintenance: planned; of an incident: when it was over"
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="number of its last note"),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind in ('incident', 'maintenance')", name=op.f("ck_channels_incident_kind")),
        sa.CheckConstraint(
            "state in ('open', 'watching', 'closed', 'cancelled')", name=op.f("ck_channels_incident_state")
        ),
        sa.CheckConstraint("kind = 'incident' or ends_at is not null", name=op.f("ck_channels_incident_planned")),
        sa.PrimaryKeyConstraint("incident_id", name=op.f("pk_channels_incident")),
        comment="what officers tell the public: incidents and planned maintenance",
        info=LOCAL,
    )
    op.create_index("ix_channels_incident_starts_at", "channels_incident", ["starts_at"], unique=False)
    op.create_table(
        "channels_incident_note",
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("said_by", sa.BigInteger(), nullable=False),
        sa.Column("said_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["channels_incident.incident_id"], name="fk_channels_incident_note"),
        sa.PrimaryKeyConstraint("incident_id", "number", name=op.f("pk_channels_incident_note")),
        comment="words about an incident, in their order",
        info={**LOCAL, "append_only": True},
    )


def upgrade() -> None:
    """Journeys, budgets, alerts, what channels cost."""
    op.execute("set local lock_timeout = '5s'")
    for one in _figures():
        op.add_column("channels_minute", one)
    op.drop_constraint(op.f("pk_channels_minute"), "channels_minute")
    op.create_primary_key(
        op.f("pk_channels_minute"),
        "channels_minute",
        ["channel", "minute_at", "matter", "office_code", "outcome", "code", "took", "waited", "slot"],
    )
    op.drop_constraint(op.f("ck_channels_minute_outcome"), "channels_minute")
    op.create_check_constraint(op.f("ck_channels_minute_outcome"), "channels_minute", OUTCOMES)
    op.create_table_comment("channels_minute", "outcomes of calls and callbacks by the minute")
    op.create_index("ix_channels_minute_minute_at", "channels_minute", ["minute_at"], unique=False)
    op.create_table(
        "channels_hour",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("hour_at", INSTANT, nullable=False),
        *_figures()[:2],
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        *_figures()[2:],
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("milliseconds", sa.BigInteger(), nullable=False, comment="of all together"),
        sa.Column("slowest", sa.Integer(), nullable=False, comment="milliseconds"),
        sa.Column("last_at", INSTANT, nullable=False),
        sa.CheckConstraint(OUTCOMES, name=op.f("ck_channels_hour_outcome")),
        sa.PrimaryKeyConstraint(
            "channel", "hour_at", "matter", "office_code", "outcome", "code", "took", "waited",
            name=op.f("pk_channels_hour"),
        ),
        comment="the same by the hour, rolled up once an hour is over",
        info=LOCAL,
    )  # fmt: skip
    op.create_index("ix_channels_hour_hour_at", "channels_hour", ["hour_at"], unique=False)
    op.add_column(
        "channels_standing",
        sa.Column("probed_at", INSTANT, nullable=True, comment="when the platform was last asked"),
    )
    op.create_table(
        "channels_funnel",
        sa.Column("hour_at", INSTANT, nullable=False, comment="hour in which the messages were told"),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("told", "handed", "delivered", "read", "acted", "lost")
        ),
        sa.PrimaryKeyConstraint("channel", "hour_at", "template", name=op.f("pk_channels_funnel")),
        comment="how far the messages of an hour came; counted again while they still move",
        info=LOCAL,
    )
    op.create_index("ix_channels_funnel_hour_at", "channels_funnel", ["hour_at"], unique=False)
    op.create_index(
        "ix_messaging_delivery_created",
        "messaging_delivery",
        ["created_at"],
        unique=False,
        postgresql_using="brin",
    )
    _journeys()
    _told()


def downgrade() -> None:
    """Undo it."""
    for table in ("incident_note", "incident", "alert", "day", "journey", "funnel", "hour"):
        op.drop_table(f"channels_{table}")
    op.drop_index("ix_messaging_delivery_created", table_name="messaging_delivery")
    op.drop_column("channels_standing", "probed_at")
    op.drop_index("ix_channels_minute_minute_at", table_name="channels_minute")
    op.execute("delete from channels_minute")
    op.drop_constraint(op.f("ck_channels_minute_outcome"), "channels_minute")
    op.create_check_constraint(
        op.f("ck_channels_minute_outcome"),
        "channels_minute",
        "outcome in ('handed', 'refused', 'dead', 'unanswered')",
    )
    op.create_table_comment("channels_minute", "outcomes of calls by the minute")
    op.drop_constraint(op.f("pk_channels_minute"), "channels_minute")
    for name in ("matter", "office_code", "took", "waited"):
        op.drop_column("channels_minute", name)
    op.create_primary_key(
        op.f("pk_channels_minute"), "channels_minute", ["channel", "minute_at", "outcome", "code", "slot"]
    )
