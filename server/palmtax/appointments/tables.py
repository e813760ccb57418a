"""Tables of appointments: what a person has by taxpayer or person, what a hall counts by office."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from palmtax.plumbing.schema import column, metadata

INSTANT = sa.DateTime(timezone=True)
BY_TAXPAYER = {"distribute_by": "taxpayer_id"}
BY_OFFICE = {"distribute_by": "office_code"}
STATES = "('booked', 'waiting', 'checked_in', 'served', 'cancelled', 'missed', 'lapsed')"

booking = sa.Table(
    "appointments_booking",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("booking_id", sa.Uuid, privacy="L2"),
    column("appointment_no", sa.Text, privacy="L2"),
    column("person_id", sa.BigInteger, privacy="L2"),
    column("office_code", sa.Text, privacy="L1"),
    column("topic", sa.Text, privacy="L1"),
    column("desk", sa.Text, privacy="L1"),
    column("day", sa.Date, privacy="L2"),
    column("time", sa.Text, privacy="L2", comment="HH:MM in China"),
    column("starts_at", INSTANT, privacy="L2"),
    column("is_flexible", sa.Boolean, privacy="L1", comment="any time of the day will do"),
    column("state", sa.Text, privacy="L2"),
    column("arrival_no", sa.Integer, privacy="L1", comment="place in the order of its line"),
    column("made_at", INSTANT, privacy="L2"),
    column("is_moved_up", sa.Boolean, privacy="L1"),
    column("checked_in_at", INSTANT, privacy="L2", nullable=True),
    column("ended_at", INSTANT, privacy="L2", nullable=True),
    column("application_id", sa.Uuid, privacy="L2", nullable=True),
    column("moved_by", sa.Uuid, privacy="L2", nullable=True, comment="the application that moved it last"),
    sa.PrimaryKeyConstraint("taxpayer_id", "booking_id"),
    sa.UniqueConstraint("taxpayer_id", "appointment_no", name="uq_appointments_booking_no"),
    sa.UniqueConstraint("taxpayer_id", "application_id", name="uq_appointments_booking_application"),
    sa.CheckConstraint(f"state in {STATES}", name="state"),
    sa.Index("ix_appointments_booking_open", "state", "starts_at"),
    sa.Index("ix_appointments_booking_day", "office_code", "day", "starts_at"),
    info=BY_TAXPAYER,
)

open_one = sa.Table(
    "appointments_open",
    metadata,
    column("person_id", sa.BigInteger, privacy="L2"),
    column("topic", sa.Text, privacy="L1", comment="#ticket: the open ticket"),
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("booking_id", sa.Uuid, privacy="L2", comment="the booking, or the ticket"),
    column("office_code", sa.Text, privacy="L1"),
    sa.PrimaryKeyConstraint("person_id", "topic"),
    info={"distribute_by": "person_id"},
    comment="one open booking for each person and topic, whatever the hat",
)

missed = sa.Table(
    "appointments_missed",
    metadata,
    column("person_id", sa.BigInteger, privacy="L2"),
    column("booking_id", sa.Uuid, privacy="L2"),
    column("missed_on", sa.Date, privacy="L2"),
    sa.PrimaryKeyConstraint("person_id", "booking_id"),
    info={"distribute_by": "person_id", "append_only": True},
)

hall = sa.Table(
    "appointments_hall",
    metadata,
    column("office_code", sa.Text, privacy="L1"),
    column("windows", JSONB, privacy="L1", comment="{desk: windows}; what is not named is as planned for the level"),
    column("places", JSONB, privacy="L1", comment="{desk: bookings in one slot}, where the hall sets them itself"),
    column("hours", JSONB, privacy="L1", nullable=True, comment="[[from, until]]"),
    column("changed_at", INSTANT, privacy="L1"),
    sa.PrimaryKeyConstraint("office_code"),
    info=BY_OFFICE,
    comment="what a hall has changed of the plan of its level",
)

line = sa.Table(
    "appointments_line",
    metadata,
    column("office_code", sa.Text, privacy="L1"),
    column("day", sa.Date, privacy="L1"),
    column("desk", sa.Text, privacy="L1"),
    column("arrivals", sa.Integer, privacy="L1", comment="requests so far: the last number given"),
    column("digest", sa.LargeBinary, privacy="L1", comment="SHA-256 over the one before and the request"),
    column("tickets", sa.Integer, privacy="L1"),
    sa.PrimaryKeyConstraint("office_code", "day", "desk"),
    info=BY_OFFICE,
    comment="one row a line: who changes it first goes first, and holds it until the transaction ends",
)

slot = sa.Table(
    "appointments_slot",
    metadata,
    column("office_code", sa.Text, privacy="L1"),
    column("day", sa.Date, privacy="L1"),
    column("desk", sa.Text, privacy="L1"),
    column("time", sa.Text, privacy="L1"),
    column("capacity", sa.Integer, privacy="L1"),
    column("booked", sa.Integer, privacy="L1"),
    sa.PrimaryKeyConstraint("office_code", "day", "desk", "time"),
    sa.CheckConstraint("booked between 0 and capacity", name="booked"),
    info=BY_OFFICE,
)

arrival = sa.Table(
    "appointments_arrival",
    metadata,
    column("office_code", sa.Text, privacy="L1"),
    column("day", sa.Date, privacy="L1"),
    column("desk", sa.Text, privacy="L1"),
    column("arrival_no", sa.Integer, privacy="L1"),
    column("at", INSTANT, privacy="L1"),
    column("time", sa.Text, privacy="L1", comment="the time wished; after moving up the time given"),
    column("is_flexible", sa.Boolean, privacy="L1"),
    column("state", sa.Text, privacy="L1"),
    column("commitment", sa.LargeBinary, privacy="L1"),
    column("digest", sa.LargeBinary, privacy="L1"),
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("booking_id", sa.Uuid, privacy="L2"),
    sa.PrimaryKeyConstraint("office_code", "day", "desk", "arrival_no"),
    sa.CheckConstraint("state in ('booked', 'waiting', 'moved_up', 'left')", name="state"),
    sa.Index(
        "ix_appointments_arrival_waiting",
        "office_code",
        "day",
        "desk",
        "arrival_no",
        postgresql_where=sa.text("state = 'waiting'"),
    ),
    info=BY_OFFICE,
    comment="the order in which people came, chained by hashes; shown to anybody without names",
)

ticket = sa.Table(
    "appointments_ticket",
    metadata,
    column("office_code", sa.Text, privacy="L1"),
    column("ticket_id", sa.Uuid, privacy="L2"),
    column("day", sa.Date, privacy="L1"),
    column("desk", sa.Text, privacy="L1"),
    column("ticket_no", sa.Text, privacy="L1"),
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("person_id", sa.BigInteger, privacy="L2"),
    column("booking_id", sa.Uuid, privacy="L2", nullable=True),
    column("topic", sa.Text, privacy="L1"),
    column("state", sa.Text, privacy="L1"),
    column("taken_at", INSTANT, privacy="L1"),
    column(
        "rank_at", INSTANT, privacy="L1", comment="since when it counts as waiting; bookings since before their time"
    ),
    column("called_at", INSTANT, privacy="L1", nullable=True),
    column("window_no", sa.Integer, privacy="L1", nullable=True),
    column("ended_at", INSTANT, privacy="L1", nullable=True),
    column("application_id", sa.Uuid, privacy="L2", nullable=True),
    sa.PrimaryKeyConstraint("office_code", "ticket_id"),
    sa.UniqueConstraint("office_code", "day", "ticket_no", name="uq_appointments_ticket_no"),
    sa.UniqueConstraint("office_code", "application_id", name="uq_appointments_ticket_application"),
    sa.CheckConstraint("state in ('waiting', 'called', 'served', 'absent', 'left')", name="state"),
    sa.Index("ix_appointments_ticket_queue", "office_code", "day", "desk", "state", "rank_at"),
    info=BY_OFFICE,
)
