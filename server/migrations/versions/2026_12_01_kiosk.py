"""Printing kiosks: devices and what they printed.

Revision: 0017
Before: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Machines, visits, prints."""
    op.execute("set local lock_timeout = '5s'")
    op.create_table(
        "channels_kiosk",
        sa.Column("office_code", sa.Text(), nullable=False),
        sa.Column("kiosk_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("place_en", sa.Text(), nullable=False),
        sa.Column("paper", sa.Text(), nullable=False, comment="as the last print left it"),
        sa.Column("pairing_hash", sa.LargeBinary(), nullable=True),
        sa.Column("pairing_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=True),
        sa.Column("registered_by", sa.BigInteger(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("paper in ('ok', 'out', 'jam')", name=op.f("ck_channels_kiosk_paper")),
        sa.CheckConstraint(
            "(pairing_hash is null) = (pairing_expires_at is null)", name=op.f("ck_channels_kiosk_pairing")
        ),
        sa.CheckConstraint("(secret_hash is null) = (paired_at is null)", name=op.f("ck_channels_kiosk_secret")),
        sa.PrimaryKeyConstraint("office_code", "kiosk_id", name=op.f("pk_channels_kiosk")),
        comment="printing kiosks of tax halls",
        info={"distribute_by": "office_code"},
    )
    op.create_index("ix_channels_kiosk_pairing_hash", "channels_kiosk", ["pairing_hash"], unique=False)
    op.create_index(
        "uq_channels_kiosk_name",
        "channels_kiosk",
        ["office_code", "name"],
        unique=True,
        postgresql_where=sa.text("revoked_at is null"),
    )
    _visits()
    _prints()


def _visits() -> None:
    op.create_table(
        "channels_visit",
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False, comment="of what the machine shows for this visit"),
        sa.Column("office_code", sa.Text(), nullable=False),
        sa.Column("kiosk_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "expires_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="until when it may be confirmed, and then be used at most",
        ),
        sa.Column("idle_at", sa.DateTime(timezone=True), nullable=True, comment="when it ends if nothing is touched"),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("hat_id", sa.Uuid(), nullable=True),
        sa.Column("taxpayer_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "title",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="whom the hat acts for, as the machine shows it",
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("state in ('waiting', 'open', 'ended')", name=op.f("ck_channels_visit_state")),
        sa.CheckConstraint(
            "state <> 'open' or (person_id is not null and idle_at is not null)", name=op.f("ck_channels_visit_person")
        ),
        sa.CheckConstraint("(state = 'ended') = (ended_at is not null)", name=op.f("ck_channels_visit_ending")),
        sa.PrimaryKeyConstraint("visit_id", name=op.f("pk_channels_visit")),
        comment="a code on a kiosk's screen, and who confirmed it: some minutes of reading and printing",
        info={"distribute_by": "visit_id"},
    )
    op.create_index("ix_channels_visit_made_at", "channels_visit", ["made_at"], unique=False)
    op.create_table(
        "channels_visit_number",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_channels_visit_number")),
        comment="the six digits of a code on a screen: no two at once",
        info={"distribute_by": "number"},
    )


def _prints() -> None:
    op.create_table(
        "channels_print",
        sa.Column("taxpayer_id", sa.BigInteger(), nullable=False),
        sa.Column("print_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("office_code", sa.Text(), nullable=False),
        sa.Column("kiosk_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("paper_no", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("printed", sa.Integer(), nullable=False, comment="copies that came out"),
        sa.Column("result", sa.Text(), nullable=False, comment="empty: the machine has not said yet"),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("source in ('certificate', 'document')", name=op.f("ck_channels_print_source")),
        sa.CheckConstraint("result in ('', 'done', 'no_paper', 'jammed')", name=op.f("ck_channels_print_result")),
        sa.CheckConstraint("printed between 0 and copies", name=op.f("ck_channels_print_printed")),
        sa.PrimaryKeyConstraint("taxpayer_id", "print_id", name=op.f("pk_channels_print")),
        comment="what was printed at kiosks",
        info={"distribute_by": "taxpayer_id"},
    )
    op.create_index("ix_channels_print_newest", "channels_print", ["taxpayer_id", "started_at"], unique=False)
    op.create_table(
        "channels_print_day",
        sa.Column("taxpayer_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.CheckConstraint("copies >= 0", name=op.f("ck_channels_print_day_copies")),
        sa.PrimaryKeyConstraint("taxpayer_id", "person_id", "paper_id", "day", name=op.f("pk_channels_print_day")),
        comment="copies of a document for a person on a day: counted in one row, so that two machines never print too many",
        info={"distribute_by": "taxpayer_id"},
    )


def downgrade() -> None:
    """Undo it."""
    for table in ("print_day", "print", "visit_number", "visit", "kiosk"):
        op.drop_table(f"channels_{table}")
