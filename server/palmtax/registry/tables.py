"""Tables of the registry: taxpayers by `taxpayer_id`, offices as a list, USCCs unique through their own table.

Records carry both times: a row is never overwritten, only marked as superseded when a newer row tells more.
"""

from __future__ import annotations

import sqlalchemy as sa

from palmtax.plumbing.schema import column, metadata

office = sa.Table(
    "registry_office",
    metadata,
    column("code", sa.Text, privacy="L1"),
    column("name", sa.Text, privacy="L1"),
    column("name_en", sa.Text, privacy="L1"),
    sa.PrimaryKeyConstraint("code"),
    sa.CheckConstraint("code ~ '^[0-9]{11}$'", name="code"),
    info={"distribute_by": "reference"},
)

taxpayer = sa.Table(
    "registry_taxpayer",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L1", autoincrement=False),
    column("name", sa.Text, privacy="L2"),
    column("uscc", sa.Text, privacy="L1", nullable=True),
    column("kind", sa.Text, privacy="L1"),
    column("vat_kind", sa.Text, privacy="L1"),
    column("filing_period", sa.Text, privacy="L1"),
    column("place_kind", sa.Text, privacy="L1"),
    column("is_half_relief", sa.Boolean, privacy="L1"),
    column("industry", sa.Text, privacy="L1"),
    column("address", sa.Text, privacy="L2"),
    column("office_code", sa.Text, privacy="L1"),
    column("registered_on", sa.Date, privacy="L1"),
    column("status", sa.Text, privacy="L1"),
    sa.PrimaryKeyConstraint("taxpayer_id"),
    sa.ForeignKeyConstraint(["office_code"], ["registry_office.code"], name="fk_registry_taxpayer_office"),
    sa.CheckConstraint("taxpayer_id > 0", name="taxpayer_id"),
    sa.CheckConstraint("kind in ('natural_person', 'individual_business', 'enterprise')", name="kind"),
    sa.CheckConstraint("vat_kind in ('small_scale', 'general', 'none')", name="vat_kind"),
    sa.CheckConstraint("filing_period in ('month', 'quarter')", name="filing_period"),
    sa.CheckConstraint("place_kind in ('city', 'county', 'other')", name="place_kind"),
    sa.CheckConstraint("status in ('normal', 'suspended', 'closed')", name="status"),
    sa.CheckConstraint("(kind = 'natural_person') or (uscc is not null)", name="uscc"),
    sa.Index("ix_registry_taxpayer_name", "name", "taxpayer_id"),
    sa.Index("ix_registry_taxpayer_office", "office_code", "name", "taxpayer_id"),
    info={"distribute_by": "taxpayer_id"},
)

uscc = sa.Table(
    "registry_uscc",
    metadata,
    column("uscc", sa.Text, privacy="L1"),
    column("taxpayer_id", sa.BigInteger, privacy="L1"),
    sa.PrimaryKeyConstraint("uscc"),
    info={"distribute_by": "uscc"},
)

INSTANT = sa.DateTime(timezone=True)

record = sa.Table(
    "registry_record",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L1"),
    column("record_id", sa.Uuid, privacy="L1"),
    column("record_no", sa.Text, privacy="L1"),
    column("kind", sa.Text, privacy="L1"),
    column("data_sealed", sa.LargeBinary, privacy="L3", comment="JSON of what the matter asked, sealed"),
    column("valid_from", sa.Date, privacy="L1"),
    column("valid_until", sa.Date, privacy="L1", nullable=True, comment="the first day it no longer counts"),
    column("known_at", INSTANT, privacy="L1"),
    column("superseded_at", INSTANT, privacy="L1", nullable=True, comment="when a newer row of the record was known"),
    column("cause", sa.Text, privacy="L1", comment="what the application did: keep, or end, and which"),
    column("reason", sa.Text, privacy="L2"),
    column("application_id", sa.Uuid, privacy="L1"),
    column("application_no", sa.Text, privacy="L1"),
    column("matter_code", sa.Text, privacy="L1"),
    column("office_code", sa.Text, privacy="L1"),
    sa.PrimaryKeyConstraint("taxpayer_id", "record_id"),
    sa.UniqueConstraint("taxpayer_id", "application_id", "cause", name="uq_registry_record_cause"),
    sa.Index(
        "uq_registry_record_current",
        "taxpayer_id",
        "record_no",
        unique=True,
        postgresql_where=sa.text("superseded_at is null"),
    ),
    sa.Index("ix_registry_record_kind", "taxpayer_id", "kind", "known_at"),
    sa.CheckConstraint("valid_until is null or valid_until >= valid_from", name="valid"),
    info={"distribute_by": "taxpayer_id"},
)

change = sa.Table(
    "registry_change",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L1"),
    column("change_id", sa.Uuid, privacy="L1"),
    column("field", sa.Text, privacy="L1"),
    column("before", sa.Text, privacy="L2"),
    column("after", sa.Text, privacy="L2"),
    column("valid_from", sa.Date, privacy="L1"),
    column("known_at", INSTANT, privacy="L1"),
    column("application_id", sa.Uuid, privacy="L1"),
    column("application_no", sa.Text, privacy="L1"),
    sa.PrimaryKeyConstraint("taxpayer_id", "change_id"),
    sa.UniqueConstraint("taxpayer_id", "application_id", "field", name="uq_registry_change_cause"),
    sa.Index("ix_registry_change_field", "taxpayer_id", "field", "valid_from"),
    sa.Index("ix_registry_change_day", "valid_from"),
    sa.CheckConstraint("field in ('name', 'address', 'industry', 'vat_kind', 'filing_period', 'status')", name="field"),
    info={"distribute_by": "taxpayer_id", "append_only": True},
)
