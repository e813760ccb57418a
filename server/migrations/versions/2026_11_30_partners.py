"""Partners: applications, consents, quotas, webhooks.

Revision: 0013
Before: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applications, consents, quotas, webhooks."""
    op.execute("set local lock_timeout = '5s'")
    op.create_table(
        "partners_application",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("uscc", sa.Text(), nullable=True),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=False, comment="whom to write to"),
        sa.Column("purpose", sa.Text(), nullable=False, comment="what it is for, as people read it before they agree"),
        sa.Column("purpose_en", sa.Text(), nullable=False),
        sa.Column("redirect_uris", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=False),
        sa.Column("checked_by", sa.BigInteger(), nullable=True, comment="the officer who found it good first"),
        sa.Column("made_by", sa.BigInteger(), nullable=True, comment="officer; none: the developer themselves"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state in ('sandbox', 'review', 'live', 'suspended')", name=op.f("ck_partners_application_state")
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_partners_application")),
        sa.UniqueConstraint("client_id", name=op.f("uq_partners_application_client_id")),
        info={"distribute_by": "local"},
    )
    op.create_table(
        "partners_secret",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("secret_id", sa.Uuid(), nullable=False, comment="grows: the newest is the largest"),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["partners_application.application_id"], name="fk_partners_secret_application"
        ),
        sa.PrimaryKeyConstraint("application_id", "secret_id", name=op.f("pk_partners_secret")),
        sa.UniqueConstraint(
            "application_id", "secret_hash", name=op.f("uq_partners_secret_application_id_secret_hash")
        ),
        comment="at most two that work, so that a new one can be rolled out",
        info={"distribute_by": "local"},
    )
    op.create_table(
        "partners_ask",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("redirect_uri", sa.Text(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, comment="the application's own, given back unchanged"),
        sa.Column("challenge", sa.Text(), nullable=False),
        sa.Column(
            "browser_hash", sa.LargeBinary(), nullable=False, comment="of the cookie of the browser that was sent here"
        ),
        sa.Column("ticket_hash", sa.LargeBinary(), nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_partners_ask")),
        comment="requests for a consent, waiting for a person",
        info={"distribute_by": "request_id"},
    )
    op.create_index("ix_partners_ask_expires_at", "partners_ask", ["expires_at"], unique=False)
    op.create_table(
        "partners_consent",
        sa.Column("taxpayer_id", sa.BigInteger(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("hat_id", sa.Uuid(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("is_sandbox", sa.Boolean(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.BigInteger(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("(ended_at is null) = (end_reason is null)", name=op.f("ck_partners_consent_ending")),
        sa.PrimaryKeyConstraint("taxpayer_id", "consent_id", name=op.f("pk_partners_consent")),
        info={"distribute_by": "taxpayer_id"},
    )
    op.create_index(
        "ix_partners_consent_application_id",
        "partners_consent",
        ["application_id"],
        unique=False,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_index("ix_partners_consent_person_id", "partners_consent", ["person_id", "given_at"], unique=False)
    op.create_index(
        "uq_partners_consent_open",
        "partners_consent",
        ["taxpayer_id", "person_id", "application_id"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_table(
        "partners_family",
        sa.Column("taxpayer_id", sa.BigInteger(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("(ended_at is null) = (end_reason is null)", name=op.f("ck_partners_family_ending")),
        sa.ForeignKeyConstraint(
            ["taxpayer_id", "consent_id"],
            ["partners_consent.taxpayer_id", "partners_consent.consent_id"],
            name="fk_partners_family_consent",
        ),
        sa.PrimaryKeyConstraint("taxpayer_id", "family_id", name=op.f("pk_partners_family")),
        comment="all tokens that came of one code: they end together",
        info={"distribute_by": "taxpayer_id"},
    )
    op.create_table(
        "partners_code",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("taxpayer_id", sa.BigInteger(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("redirect_uri", sa.Text(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("challenge", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_partners_code")),
        info={"distribute_by": "code_hash"},
    )
    op.create_index("ix_partners_code_expires_at", "partners_code", ["expires_at"], unique=False)
    op.create_table(
        "partners_token",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("taxpayer_id", sa.BigInteger(), nullable=False, comment="0: in the application's own name"),
        sa.Column("consent_id", sa.Uuid(), nullable=True),
        sa.Column("family_id", sa.Uuid(), nullable=True),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True, comment="a refresh token works once"),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('access', 'refresh')", name=op.f("ck_partners_token_kind")),
        sa.CheckConstraint("(taxpayer_id = 0) = (consent_id is null)", name=op.f("ck_partners_token_consent")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_partners_token")),
        info={"distribute_by": "token_hash"},
    )
    op.create_index("ix_partners_token_expires_at", "partners_token", ["expires_at"], unique=False)
    op.create_table(
        "partners_usage",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("day_on", sa.Date(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False, comment="0 to 7, so that calls do not wait for each other"),
        sa.Column("calls", sa.BigInteger(), nullable=False),
        sa.Column("refused", sa.BigInteger(), nullable=False, comment="over a limit, or without the right"),
        sa.PrimaryKeyConstraint("application_id", "day_on", "scope", "slot", name=op.f("pk_partners_usage")),
        info={"distribute_by": "local"},
    )
    op.create_table(
        "partners_sandbox",
        sa.Column("taxpayer_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False, comment="the invented person who agrees at once"),
        sa.PrimaryKeyConstraint("taxpayer_id", name=op.f("pk_partners_sandbox")),
        comment="invented taxpayers: the only ones applications on trial may act for, and live ones may not",
        info={"distribute_by": "taxpayer_id"},
    )
    op.create_table(
        "partners_endpoint",
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("events", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False, comment="in a row"),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state in ('on', 'disabled')", name=op.f("ck_partners_endpoint_state")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["partners_application.application_id"], name="fk_partners_endpoint_application"
        ),
        sa.PrimaryKeyConstraint("endpoint_id", name=op.f("pk_partners_endpoint")),
        info={"distribute_by": "local"},
    )
    op.create_index("ix_partners_endpoint_application_id", "partners_endpoint", ["application_id"], unique=False)
    op.create_table(
        "partners_signing",
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("secret_id", sa.Uuid(), nullable=False, comment="grows: the newest is the largest"),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["partners_endpoint.endpoint_id"], name="fk_partners_signing_endpoint", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("endpoint_id", "secret_id", name=op.f("pk_partners_signing")),
        comment="secrets that sign webhooks; after a rotation both sign for a day",
        info={"distribute_by": "local"},
    )
    op.create_table(
        "partners_delivery",
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column(
            "delivery_id",
            sa.Uuid(),
            nullable=False,
            comment="made of endpoint and event: news heard twice is sent once",
        ),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False, comment="identifiers and states only"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_status", sa.Integer(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'wanted') = (next_at is not null)", name=op.f("ck_partners_delivery_due")),
        sa.CheckConstraint("state in ('wanted', 'done', 'dead')", name=op.f("ck_partners_delivery_state")),
        sa.PrimaryKeyConstraint("endpoint_id", "delivery_id", name=op.f("pk_partners_delivery")),
        info={"distribute_by": "endpoint_id"},
    )
    op.create_index("ix_partners_delivery_created_at", "partners_delivery", ["created_at"], unique=False)
    op.create_index(
        "ix_partners_delivery_due",
        "partners_delivery",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("next_at is not null"),
    )
    op.execute(
        "update identity_hat set scopes = scopes || array['partners.read', 'partners.review']"
        " where role_code = 'system_admin' and not 'partners.read' = any(scopes)"
    )
    op.execute(
        "update identity_hat set scopes = scopes || array['partners.read']"
        " where role_code = 'decision_maker' and not 'partners.read' = any(scopes)"
    )


def downgrade() -> None:
    """Undo it."""
    op.execute(
        "update identity_hat set scopes = array_remove(array_remove(scopes, 'partners.read'), 'partners.review')"
        " where role_code in ('system_admin', 'decision_maker')"
    )
    for table in (
        "delivery",
        "signing",
        "endpoint",
        "sandbox",
        "usage",
        "token",
        "code",
        "family",
        "consent",
        "ask",
        "secret",
        "application",
    ):
        op.drop_table(f"partners_{table}")
