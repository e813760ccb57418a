"""What the workbench keeps: cases and all that happened to them by taxpayer; what belongs to an officer by person."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from palmtax.plumbing.schema import column, metadata

INSTANT = sa.DateTime(timezone=True)
_BY_TAXPAYER = {"distribute_by": "taxpayer_id"}
_BY_PERSON = {"distribute_by": "person_id"}
_NOT_CLOSED = sa.text("state <> 'closed'")
_CLOSED = sa.text("state = 'closed'")
_HELD = sa.text("state <> 'closed' and claimed_by is not null")
_FREE = sa.text("state <> 'closed' and claimed_by is null")


def _belongs_to(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["taxpayer_id", "case_id"], ["cases_case.taxpayer_id", "cases_case.case_id"], name=f"fk_{table}_case"
    )


def _index(name: str, where: sa.TextClause, *columns: str, include: str = "") -> sa.Index:
    """An index of part of the cases, in an order that ends with the case."""
    return sa.Index(
        f"ix_cases_case_{name}", *columns, "case_id", postgresql_where=where, postgresql_include=include.split()
    )


view = sa.Table(
    "cases_view",
    metadata,
    column("person_id", sa.BigInteger, privacy="L2"),
    column("view_id", sa.Uuid, privacy="L2"),
    column("name", sa.Text, privacy="L2"),
    column("view", pg.JSONB, privacy="L2"),
    column("created_at", INSTANT, privacy="L2"),
    sa.PrimaryKeyConstraint("person_id", "view_id"),
    sa.UniqueConstraint("person_id", "name"),
    info=_BY_PERSON,
)

case = sa.Table(
    "cases_case",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L1"),
    column("case_id", sa.Uuid, privacy="L1"),
    column("kind", sa.Text, privacy="L1"),
    column("subject_id", sa.Uuid, privacy="L1"),
    column("code", sa.Text, privacy="L1"),
    column("title", sa.Text, privacy="L2"),
    column("title_en", sa.Text, privacy="L2"),
    column("office_code", sa.Text, privacy="L1"),
    column("skill", sa.Text, privacy="L1"),
    column("needs_two", sa.Boolean, privacy="L1"),
    column("not_for", pg.ARRAY(sa.BigInteger), privacy="L2"),
    column("state", sa.Text, privacy="L1"),
    column("version", sa.Integer, privacy="L1"),
    column("opened_at", INSTANT, privacy="L1"),
    column("due_on", sa.Date, privacy="L1"),
    column("claimed_by", sa.BigInteger, privacy="L2", nullable=True),
    column("claimed_at", INSTANT, privacy="L1", nullable=True),
    column("first_by", sa.BigInteger, privacy="L2", nullable=True),
    column("outcome", sa.Text, privacy="L2", nullable=True),
    column("reason", sa.Text, privacy="L3", nullable=True),
    column("opinion_at", INSTANT, privacy="L1", nullable=True),
    column("second_by", sa.BigInteger, privacy="L2", nullable=True),
    column("waits_until_on", sa.Date, privacy="L1", nullable=True),
    column("days_kept", sa.Integer, privacy="L1", nullable=True),
    column("priority", sa.SmallInteger, privacy="L1"),
    column("escalates_on", sa.Date, privacy="L1", nullable=True),
    column("overdue_at", INSTANT, privacy="L1", nullable=True),
    column("closed_at", INSTANT, privacy="L1", nullable=True),
    column("close_reason", sa.Text, privacy="L1", nullable=True),
    sa.PrimaryKeyConstraint("taxpayer_id", "case_id"),
    sa.CheckConstraint("kind in ('matter', 'complaint', 'follow_up', 'letter', 'report', 'service')", name="kind"),
    sa.CheckConstraint("state in ('open', 'claimed', 'waiting', 'second', 'closed')", name="state"),
    sa.CheckConstraint("state <> 'open' or claimed_by is null", name="open"),
    sa.CheckConstraint("state not in ('claimed', 'waiting') or claimed_by is not null", name="holder"),
    sa.CheckConstraint("(state = 'closed') = (closed_at is not null)", name="closing"),
    sa.CheckConstraint("outcome in ('yes', 'no')", name="outcome"),
    sa.CheckConstraint("second_by is null or second_by <> first_by", name="two_officers"),
    sa.Index("uq_cases_case_open", "taxpayer_id", "kind", "subject_id", unique=True, postgresql_where=_NOT_CLOSED),
    sa.Index("ix_cases_case_id", "case_id"),
    sa.Index("ix_cases_case_subject_id", "subject_id"),
    # The queue: an office with few below it reads its own cases and sorts them; one high up reads in order and filters.
    # What is included answers counts and the board without a look at the rows.
    _index("queue_office", _NOT_CLOSED, "office_code", "due_on", include="skill opened_at claimed_by priority state"),
    _index("queue_due", _NOT_CLOSED, "due_on"),
    _index("queue_holder", _HELD, "claimed_by", "due_on", include="state"),
    _index("free_office", _FREE, "office_code", "due_on", include="skill first_by not_for state"),
    _index("free_due", _FREE, "due_on", include="office_code skill first_by not_for state"),
    _index("closed_office", _CLOSED, "office_code", "closed_at"),
    _index("closed_at", _CLOSED, "closed_at", include="office_code skill outcome overdue_at due_on"),
    sa.Index("ix_cases_case_escalates_on", "escalates_on", postgresql_where=sa.text("escalates_on is not null")),
    info=_BY_TAXPAYER,
)

move = sa.Table(
    "cases_move",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L1"),
    column("case_id", sa.Uuid, privacy="L1"),
    column("version", sa.Integer, privacy="L1"),
    column("act", sa.Text, privacy="L1"),
    column("at", INSTANT, privacy="L1"),
    column("person_id", sa.BigInteger, privacy="L2", nullable=True),
    column("for_person_id", sa.BigInteger, privacy="L2", nullable=True),
    column("to_person_id", sa.BigInteger, privacy="L2", nullable=True),
    column("state", sa.Text, privacy="L1"),
    column("office_code", sa.Text, privacy="L1"),
    column("note", sa.Text, privacy="L3"),
    sa.PrimaryKeyConstraint("taxpayer_id", "case_id", "version"),
    _belongs_to("cases_move"),
    info=_BY_TAXPAYER,
)

note = sa.Table(
    "cases_note",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L1"),
    column("case_id", sa.Uuid, privacy="L1"),
    column("note_id", sa.Uuid, privacy="L1"),
    column("person_id", sa.BigInteger, privacy="L2"),
    column("at", INSTANT, privacy="L1"),
    column("text", sa.Text, privacy="L3"),
    column("mentions", pg.ARRAY(sa.BigInteger), privacy="L2"),
    sa.PrimaryKeyConstraint("taxpayer_id", "case_id", "note_id"),
    _belongs_to("cases_note"),
    info=_BY_TAXPAYER,
)

mention = sa.Table(
    "cases_mention",
    metadata,
    column("person_id", sa.BigInteger, privacy="L2"),
    column("note_id", sa.Uuid, privacy="L1"),
    column("taxpayer_id", sa.BigInteger, privacy="L1"),
    column("case_id", sa.Uuid, privacy="L1"),
    column("at", INSTANT, privacy="L1"),
    column("read_at", INSTANT, privacy="L1", nullable=True),
    sa.PrimaryKeyConstraint("person_id", "note_id"),
    sa.Index("ix_cases_mention_unread", "person_id", "case_id", postgresql_where=sa.text("read_at is null")),
    info=_BY_PERSON,
)

absence = sa.Table(
    "cases_absence",
    metadata,
    column("person_id", sa.BigInteger, privacy="L2"),
    column("absence_id", sa.Uuid, privacy="L1"),
    column("from_on", sa.Date, privacy="L2"),
    column("until_on", sa.Date, privacy="L2"),
    column("substitute_id", sa.BigInteger, privacy="L2"),
    column("made_by", sa.BigInteger, privacy="L2"),
    column("made_at", INSTANT, privacy="L1"),
    column("ended_at", INSTANT, privacy="L1", nullable=True),
    sa.PrimaryKeyConstraint("person_id", "absence_id"),
    sa.CheckConstraint("from_on <= until_on", name="days"),
    sa.CheckConstraint("person_id <> substitute_id", name="substitute"),
    sa.Index("ix_cases_absence_substitute_id", "substitute_id"),
    info=_BY_PERSON,
)

skill = sa.Table(
    "cases_skill",
    metadata,
    column("person_id", sa.BigInteger, privacy="L2"),
    column("skill", sa.Text, privacy="L1"),
    sa.PrimaryKeyConstraint("person_id", "skill"),
    info=_BY_PERSON,
)
