"""Tables of partners. Consents by `taxpayer_id`; codes and tokens by their digest, the only thing a caller knows of them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from palmtax.plumbing.schema import column, metadata

INSTANT = sa.DateTime(timezone=True)
LOCAL = {"distribute_by": "local"}
_BY_TAXPAYER = {"distribute_by": "taxpayer_id"}

application = sa.Table(
    "partners_application",
    metadata,
    column("application_id", sa.Uuid, privacy="L1"),
    column("client_id", sa.Text, privacy="L1"),
    column("name", sa.Text, privacy="L1"),
    column("name_en", sa.Text, privacy="L1"),
    column("organisation", sa.Text, privacy="L1"),
    column("uscc", sa.Text, privacy="L1", nullable=True),
    column("email_sealed", sa.LargeBinary, privacy="L3", comment="whom to write to"),
    column("purpose", sa.Text, privacy="L1", comment="what it is for, as people read it before they agree"),
    column("purpose_en", sa.Text, privacy="L1"),
    column("redirect_uris", pg.ARRAY(sa.Text), privacy="L1"),
    column("scopes", pg.ARRAY(sa.Text), privacy="L1"),
    column("state", sa.Text, privacy="L1"),
    column("state_reason", sa.Text, privacy="L1"),
    column("checked_by", sa.BigInteger, privacy="L2", nullable=True, comment="the officer who found it good first"),
    column("made_by", sa.BigInteger, privacy="L2", nullable=True, comment="officer; none: the developer themselves"),
    column("made_at", INSTANT, privacy="L1"),
    column("changed_at", INSTANT, privacy="L1"),
    column(
        "frame_origins",
        pg.ARRAY(sa.Text),
        privacy="L1",
        server_default=sa.text("'{}'"),
        comment="whose pages may frame ours",
    ),
    sa.PrimaryKeyConstraint("application_id"),
    sa.UniqueConstraint("client_id"),
    sa.CheckConstraint("state in ('sandbox', 'review', 'live', 'suspended')", name="state"),
    info=LOCAL,
)

secret = sa.Table(
    "partners_secret",
    metadata,
    column("application_id", sa.Uuid, privacy="L1"),
    column("secret_id", sa.Uuid, privacy="L1", comment="grows: the newest is the largest"),
    column("secret_hash", sa.LargeBinary, privacy="L4"),
    column("made_at", INSTANT, privacy="L1"),
    column("expires_at", INSTANT, privacy="L1", nullable=True),
    sa.PrimaryKeyConstraint("application_id", "secret_id"),
    sa.UniqueConstraint("application_id", "secret_hash"),
    sa.ForeignKeyConstraint(
        ["application_id"], ["partners_application.application_id"], name="fk_partners_secret_application"
    ),
    info=LOCAL,
    comment="at most two that work, so that a new one can be rolled out",
)

ask = sa.Table(
    "partners_ask",
    metadata,
    column("request_id", sa.Uuid, privacy="L1"),
    column("application_id", sa.Uuid, privacy="L1"),
    column("redirect_uri", sa.Text, privacy="L1"),
    column("scopes", pg.ARRAY(sa.Text), privacy="L1"),
    column("state", sa.Text, privacy="L1", comment="the application's own, given back unchanged"),
    column("challenge", sa.Text, privacy="L1"),
    column("browser_hash", sa.LargeBinary, privacy="L4", comment="of the cookie of the browser that was sent here"),
    column("ticket_hash", sa.LargeBinary, privacy="L4", nullable=True),
    column("person_id", sa.BigInteger, privacy="L2", nullable=True),
    column("session_id", sa.Uuid, privacy="L1", nullable=True),
    column("made_at", INSTANT, privacy="L1"),
    column("expires_at", INSTANT, privacy="L1"),
    column("answered_at", INSTANT, privacy="L1", nullable=True),
    sa.PrimaryKeyConstraint("request_id"),
    sa.Index("ix_partners_ask_expires_at", "expires_at"),
    info={"distribute_by": "request_id"},
    comment="requests for a consent, waiting for a person",
)

consent = sa.Table(
    "partners_consent",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("consent_id", sa.Uuid, privacy="L1"),
    column("application_id", sa.Uuid, privacy="L1"),
    column("person_id", sa.BigInteger, privacy="L2"),
    column("hat_id", sa.Uuid, privacy="L1"),
    column("scopes", pg.ARRAY(sa.Text), privacy="L1"),
    column("is_sandbox", sa.Boolean, privacy="L1"),
    column("given_at", INSTANT, privacy="L2"),
    column("until_at", INSTANT, privacy="L2"),
    column("ended_at", INSTANT, privacy="L2", nullable=True),
    column("ended_by", sa.BigInteger, privacy="L2", nullable=True),
    column("end_reason", sa.Text, privacy="L1", nullable=True),
    sa.PrimaryKeyConstraint("taxpayer_id", "consent_id"),
    sa.CheckConstraint("(ended_at is null) = (end_reason is null)", name="ending"),
    sa.Index("ix_partners_consent_person_id", "person_id", "given_at"),
    sa.Index("ix_partners_consent_application_id", "application_id", postgresql_where=sa.text("ended_at is null")),
    sa.Index(
        "uq_partners_consent_open",
        "taxpayer_id",
        "person_id",
        "application_id",
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    ),
    info=_BY_TAXPAYER,
)

family = sa.Table(
    "partners_family",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("family_id", sa.Uuid, privacy="L1"),
    column("consent_id", sa.Uuid, privacy="L1"),
    column("begun_at", INSTANT, privacy="L1"),
    column("ended_at", INSTANT, privacy="L1", nullable=True),
    column("end_reason", sa.Text, privacy="L1", nullable=True),
    sa.PrimaryKeyConstraint("taxpayer_id", "family_id"),
    sa.ForeignKeyConstraint(
        ["taxpayer_id", "consent_id"],
        ["partners_consent.taxpayer_id", "partners_consent.consent_id"],
        name="fk_partners_family_consent",
    ),
    sa.CheckConstraint("(ended_at is null) = (end_reason is null)", name="ending"),
    info=_BY_TAXPAYER,
    comment="all tokens that came of one code: they end together",
)

code = sa.Table(
    "partners_code",
    metadata,
    column("code_hash", sa.LargeBinary, privacy="L4"),
    column("application_id", sa.Uuid, privacy="L1"),
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("consent_id", sa.Uuid, privacy="L1"),
    column("family_id", sa.Uuid, privacy="L1"),
    column("redirect_uri", sa.Text, privacy="L1"),
    column("scopes", pg.ARRAY(sa.Text), privacy="L1"),
    column("challenge", sa.Text, privacy="L1"),
    column("expires_at", INSTANT, privacy="L1"),
    column("used_at", INSTANT, privacy="L1", nullable=True),
    sa.PrimaryKeyConstraint("code_hash"),
    sa.Index("ix_partners_code_expires_at", "expires_at"),
    info={"distribute_by": "code_hash"},
)

token = sa.Table(
    "partners_token",
    metadata,
    column("token_hash", sa.LargeBinary, privacy="L4"),
    column("kind", sa.Text, privacy="L1"),
    column("application_id", sa.Uuid, privacy="L1"),
    column("taxpayer_id", sa.BigInteger, privacy="L2", comment="0: in the application's own name"),
    column("consent_id", sa.Uuid, privacy="L1", nullable=True),
    column("family_id", sa.Uuid, privacy="L1", nullable=True),
    column("scopes", pg.ARRAY(sa.Text), privacy="L1"),
    column("audience", sa.Text, privacy="L1"),
    column("issued_at", INSTANT, privacy="L1"),
    column("expires_at", INSTANT, privacy="L1"),
    column("used_at", INSTANT, privacy="L1", nullable=True, comment="a refresh token works once"),
    column("revoked_at", INSTANT, privacy="L1", nullable=True),
    sa.PrimaryKeyConstraint("token_hash"),
    sa.CheckConstraint("kind in ('access', 'refresh')", name="kind"),
    sa.CheckConstraint("(taxpayer_id = 0) = (consent_id is null)", name="consent"),
    sa.Index("ix_partners_token_expires_at", "expires_at"),
    info={"distribute_by": "token_hash"},
)

usage = sa.Table(
    "partners_usage",
    metadata,
    column("application_id", sa.Uuid, privacy="L1"),
    column("day_on", sa.Date, privacy="L1"),
    column("scope", sa.Text, privacy="L1"),
    column("slot", sa.Integer, privacy="L1", comment="0 to 7, so that calls do not wait for each other"),
    column("calls", sa.BigInteger, privacy="L1"),
    column("refused", sa.BigInteger, privacy="L1", comment="over a limit, or without the right"),
    sa.PrimaryKeyConstraint("application_id", "day_on", "scope", "slot"),
    info=LOCAL,
)

sandbox = sa.Table(
    "partners_sandbox",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L1"),
    column("person_id", sa.BigInteger, privacy="L1", comment="the invented person who agrees at once"),
    sa.PrimaryKeyConstraint("taxpayer_id"),
    info=_BY_TAXPAYER,
    comment="invented taxpayers: the only ones applications on trial may act for, and live ones may not",
)

endpoint = sa.Table(
    "partners_endpoint",
    metadata,
    column("endpoint_id", sa.Uuid, privacy="L1"),
    column("application_id", sa.Uuid, privacy="L1"),
    column("url", sa.Text, privacy="L1"),
    column("events", pg.ARRAY(sa.Text), privacy="L1"),
    column("state", sa.Text, privacy="L1"),
    column("failures", sa.Integer, privacy="L1", comment="in a row"),
    column("failing_since", INSTANT, privacy="L1", nullable=True),
    column("tried_at", INSTANT, privacy="L1", nullable=True),
    column("last_error", sa.Text, privacy="L1"),
    column("made_at", INSTANT, privacy="L1"),
    sa.PrimaryKeyConstraint("endpoint_id"),
    sa.ForeignKeyConstraint(
        ["application_id"], ["partners_application.application_id"], name="fk_partners_endpoint_application"
    ),
    sa.CheckConstraint("state in ('on', 'disabled')", name="state"),
    sa.Index("ix_partners_endpoint_application_id", "application_id"),
    info=LOCAL,
)

signing = sa.Table(
    "partners_signing",
    metadata,
    column("endpoint_id", sa.Uuid, privacy="L1"),
    column("secret_id", sa.Uuid, privacy="L1", comment="grows: the newest is the largest"),
    column("secret_sealed", sa.LargeBinary, privacy="L4"),
    column("expires_at", INSTANT, privacy="L1", nullable=True),
    sa.PrimaryKeyConstraint("endpoint_id", "secret_id"),
    sa.ForeignKeyConstraint(
        ["endpoint_id"], ["partners_endpoint.endpoint_id"], name="fk_partners_signing_endpoint", ondelete="CASCADE"
    ),
    info=LOCAL,
    comment="secrets that sign webhooks; after a rotation both sign for a day",
)

delivery = sa.Table(
    "partners_delivery",
    metadata,
    column("endpoint_id", sa.Uuid, privacy="L1"),
    column("delivery_id", sa.Uuid, privacy="L1", comment="made of endpoint and event: news heard twice is sent once"),
    column("event", sa.Text, privacy="L1"),
    column("body", sa.Text, privacy="L2", comment="identifiers and states only"),
    column("state", sa.Text, privacy="L1"),
    column("tries", sa.Integer, privacy="L1"),
    column("last_status", sa.Integer, privacy="L1", nullable=True),
    column("last_error", sa.Text, privacy="L1"),
    column("created_at", INSTANT, privacy="L1"),
    column("next_at", INSTANT, privacy="L1", nullable=True),
    column("done_at", INSTANT, privacy="L1", nullable=True),
    sa.PrimaryKeyConstraint("endpoint_id", "delivery_id"),
    sa.CheckConstraint("state in ('wanted', 'done', 'dead')", name="state"),
    sa.CheckConstraint("(state = 'wanted') = (next_at is not null)", name="due"),
    sa.Index("ix_partners_delivery_created_at", "created_at"),
    sa.Index("ix_partners_delivery_due", "next_at", postgresql_where=sa.text("next_at is not null")),
    info={"distribute_by": "endpoint_id"},
)

feature = sa.Table(
    "partners_feature",
    metadata,
    column("feature_id", sa.Uuid, privacy="L1"),
    column("code", sa.Text, privacy="L1"),
    column("application_id", sa.Uuid, privacy="L1", nullable=True, comment="none: the tax office's own"),
    column("made_at", INSTANT, privacy="L1"),
    sa.PrimaryKeyConstraint("feature_id"),
    sa.UniqueConstraint("code"),
    sa.ForeignKeyConstraint(
        ["application_id"], ["partners_application.application_id"], name="fk_partners_feature_application"
    ),
    sa.Index("ix_partners_feature_application_id", "application_id"),
    info=LOCAL,
    comment="city features 特色应用",
)

feature_version = sa.Table(
    "partners_feature_version",
    metadata,
    column("feature_id", sa.Uuid, privacy="L1"),
    column("version", sa.Integer, privacy="L1"),
    column("state", sa.Text, privacy="L1"),
    column("text", sa.Text, privacy="L1", comment="the manifest as it was handed in"),
    column("findings", pg.JSONB, privacy="L1", comment="what the conformance kit found"),
    column("checked_at", INSTANT, privacy="L1", nullable=True),
    column("reviewed_by", sa.BigInteger, privacy="L2", nullable=True, comment="the officer who found it good first"),
    column("state_reason", sa.Text, privacy="L1"),
    column("made_by", sa.BigInteger, privacy="L2", nullable=True, comment="officer; none: the developer"),
    column("made_at", INSTANT, privacy="L1"),
    column("changed_at", INSTANT, privacy="L1"),
    column("has_been_listed", sa.Boolean, privacy="L1", comment="may be gone back to"),
    column("failed_nights", sa.Integer, privacy="L1", server_default="0", comment="in a row, by the clock"),
    sa.PrimaryKeyConstraint("feature_id", "version"),
    sa.ForeignKeyConstraint(
        ["feature_id"], ["partners_feature.feature_id"], name="fk_partners_feature_version_feature"
    ),
    sa.CheckConstraint("state in ('draft', 'checked', 'review', 'listed', 'superseded', 'suspended')", name="state"),
    sa.Index(
        "uq_partners_feature_version_listed", "feature_id", unique=True, postgresql_where=sa.text("state = 'listed'")
    ),
    info=LOCAL,
)

pass_ticket = sa.Table(
    "partners_pass",
    metadata,
    column("pass_hash", sa.LargeBinary, privacy="L4"),
    column("application_id", sa.Uuid, privacy="L1"),
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("consent_id", sa.Uuid, privacy="L1"),
    column("feature_id", sa.Uuid, privacy="L1"),
    column("scopes", pg.ARRAY(sa.Text), privacy="L1"),
    column("expires_at", INSTANT, privacy="L1"),
    column("used_at", INSTANT, privacy="L1", nullable=True),
    sa.PrimaryKeyConstraint("pass_hash"),
    sa.Index("ix_partners_pass_expires_at", "expires_at"),
    info={"distribute_by": "pass_hash"},
    comment="a person on the way into a feature: silent consent at /oauth/authorize, once, in 60 seconds",
)

embed_ticket = sa.Table(
    "partners_embed_ticket",
    metadata,
    column("ticket_hash", sa.LargeBinary, privacy="L4"),
    column("visit_id", sa.Uuid, privacy="L1"),
    column("application_id", sa.Uuid, privacy="L1"),
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("consent_id", sa.Uuid, privacy="L1"),
    column("family_id", sa.Uuid, privacy="L1"),
    column("screen", sa.Text, privacy="L1"),
    column("subject", sa.Text, privacy="L1", comment="what the screen shows; empty: nothing certain"),
    column("expires_at", INSTANT, privacy="L1"),
    column("used_at", INSTANT, privacy="L1", nullable=True),
    sa.PrimaryKeyConstraint("ticket_hash"),
    sa.Index("ix_partners_embed_ticket_expires_at", "expires_at"),
    info={"distribute_by": "ticket_hash"},
    comment="a person on the way to one of our screens in a partner's page: once, in 60 seconds",
)

visit = sa.Table(
    "partners_visit",
    metadata,
    column("token_hash", sa.LargeBinary, privacy="L4"),
    column("visit_id", sa.Uuid, privacy="L1"),
    column("application_id", sa.Uuid, privacy="L1"),
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("consent_id", sa.Uuid, privacy="L1"),
    column("family_id", sa.Uuid, privacy="L1"),
    column("screen", sa.Text, privacy="L1"),
    column("subject", sa.Text, privacy="L1"),
    column("expires_at", INSTANT, privacy="L1"),
    column("ended_at", INSTANT, privacy="L1", nullable=True),
    sa.PrimaryKeyConstraint("token_hash"),
    sa.Index("ix_partners_visit_expires_at", "expires_at"),
    info={"distribute_by": "token_hash"},
    comment="one of our screens standing in a partner's page: a session for that screen's routes and no others",
)
