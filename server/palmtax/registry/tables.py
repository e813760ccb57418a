"""Tables of the registry: taxpayers by `taxpayer_id`, offices as a list, USCCs unique through their own table."""

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
