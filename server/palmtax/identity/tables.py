"""Tables of identity. People by `person_id`, look-ups by the value looked up, authorisations by `taxpayer_id`.

A session, its hat and the rights on it lie together by `person_id`, so a request is authorised by one statement on one
shard. Phones and identity numbers are found by keyed fingerprints; the values themselves are sealed (privacy).
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from palmtax.plumbing.schema import column, metadata

INSTANT = sa.DateTime(timezone=True)
_BY_PERSON = {"distribute_by": "person_id"}


def _belongs_to(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["person_id"], ["identity_person.person_id"], name=f"fk_{table}_person")


person = sa.Table(
    "identity_person",
    metadata,
    column("person_id", sa.BigInteger, privacy="L2", autoincrement=False),
    column("name_sealed", sa.LargeBinary, privacy="L3", nullable=True),
    column("phone_sealed", sa.LargeBinary, privacy="L3"),
    column("phone_hash", sa.LargeBinary, privacy="L3"),
    column("phone_masked", sa.Text, privacy="L2"),
    column("resident_sealed", sa.LargeBinary, privacy="L3", nullable=True),
    column("resident_hash", sa.LargeBinary, privacy="L3", nullable=True),
    column("real_name_checked_at", INSTANT, privacy="L2", nullable=True),
    column("last_hat_id", sa.Uuid, privacy="L1", nullable=True),
    column("merged_into", sa.BigInteger, privacy="L2", nullable=True, comment="the account that goes on for this one"),
    column("created_at", INSTANT, privacy="L1"),
    sa.PrimaryKeyConstraint("person_id"),
    sa.Index("ix_identity_person_phone_masked", "phone_masked"),
    info=_BY_PERSON,
)

phone = sa.Table(
    "identity_phone",
    metadata,
    column("phone_hash", sa.LargeBinary, privacy="L3"),
    column("person_id", sa.BigInteger, privacy="L2"),
    sa.PrimaryKeyConstraint("phone_hash"),
    info={"distribute_by": "phone_hash"},
)

resident = sa.Table(
    "identity_resident",
    metadata,
    column("resident_hash", sa.LargeBinary, privacy="L3"),
    column("person_id", sa.BigInteger, privacy="L2"),
    sa.PrimaryKeyConstraint("resident_hash"),
    info={"distribute_by": "resident_hash"},
)

address = sa.Table(
    "identity_address",
    metadata,
    column("address_hash", sa.LargeBinary, privacy="L3"),
    column("family", sa.Text, privacy="L1"),
    column("app_id", sa.Text, privacy="L1"),
    column("person_id", sa.BigInteger, privacy="L2"),
    column("bound_at", INSTANT, privacy="L1"),
    sa.PrimaryKeyConstraint("address_hash"),
    info={"distribute_by": "address_hash"},
    comment="whose address it is: one person's at a time (phones: identity_phone)",
)

union = sa.Table(
    "identity_union",
    metadata,
    column("union_hash", sa.LargeBinary, privacy="L3"),
    column("person_id", sa.BigInteger, privacy="L2"),
    sa.PrimaryKeyConstraint("union_hash"),
    info={"distribute_by": "union_hash"},
    comment="one WeChat user over all our accounts of an open platform",
)

person_address = sa.Table(
    "identity_person_address",
    metadata,
    column("person_id", sa.BigInteger, privacy="L2"),
    column("address_id", sa.Uuid, privacy="L1"),
    column("family", sa.Text, privacy="L1"),
    column("app_id", sa.Text, privacy="L1"),
    column("address_sealed", sa.LargeBinary, privacy="L3"),
    column("address_hash", sa.LargeBinary, privacy="L3"),
    column("union_hash", sa.LargeBinary, privacy="L3", nullable=True),
    column("proof", sa.Text, privacy="L1"),
    column("bound_at", INSTANT, privacy="L1", comment="last proved: the latest of an app is the one to write to"),
    column("refused_at", INSTANT, privacy="L1", nullable=True, comment="since when the platform refuses it for good"),
    column("refused_code", sa.Text, privacy="L1", server_default=""),
    sa.PrimaryKeyConstraint("person_id", "address_id"),
    sa.UniqueConstraint("person_id", "address_hash"),
    _belongs_to("identity_person_address"),
    sa.CheckConstraint(
        "family in ('wechat_oa', 'wechat_mini', 'wecom', 'gov_wechat', 'dingtalk', 'alipay', 'phone', 'email', 'web_push',"
        " 'huawei', 'xiaomi')",
        name="family",
    ),
    sa.CheckConstraint("(refused_at is null) = (refused_code = '')", name="refusal"),
    info=_BY_PERSON,
)

hat = sa.Table(
    "identity_hat",
    metadata,
    column("person_id", sa.BigInteger, privacy="L2"),
    column("hat_id", sa.Uuid, privacy="L1"),
    column("kind", sa.Text, privacy="L1"),
    column("role_code", sa.Text, privacy="L1"),
    column("taxpayer_id", sa.BigInteger, privacy="L2", nullable=True),
    column("office_code", sa.Text, privacy="L1", nullable=True),
    column("title", sa.Text, privacy="L2"),
    column("uscc", sa.Text, privacy="L1", nullable=True),
    column("scopes", pg.ARRAY(sa.Text), privacy="L1"),
    column("valid_from", sa.Date, privacy="L1"),
    column("valid_until", sa.Date, privacy="L1", nullable=True),
    column("revoked_at", INSTANT, privacy="L1", nullable=True),
    sa.PrimaryKeyConstraint("person_id", "hat_id"),
    _belongs_to("identity_hat"),
    sa.CheckConstraint("kind in ('self', 'enterprise', 'agent', 'officer')", name="kind"),
    sa.CheckConstraint("(kind = 'officer') = (office_code is not null)", name="office"),
    sa.CheckConstraint("kind not in ('enterprise', 'agent') or taxpayer_id is not null", name="taxpayer"),
    sa.Index("ix_identity_hat_taxpayer_id", "taxpayer_id"),
    sa.Index("ix_identity_hat_office_code", "office_code", postgresql_where=sa.text("kind = 'officer'")),
    info=_BY_PERSON,
)

session = sa.Table(
    "identity_session",
    metadata,
    column("person_id", sa.BigInteger, privacy="L2"),
    column("session_id", sa.Uuid, privacy="L1"),
    column("access_hash", sa.LargeBinary, privacy="L4"),
    column("access_expires_at", INSTANT, privacy="L1"),
    column("expires_at", INSTANT, privacy="L1"),
    column("hat_id", sa.Uuid, privacy="L1", nullable=True),
    column("channel", sa.Text, privacy="L1"),
    column("device_name", sa.Text, privacy="L2"),
    column("way", sa.Text, privacy="L1"),
    column("signed_in_at", INSTANT, privacy="L1"),
    column("last_seen_at", INSTANT, privacy="L1"),
    column("second_factor_until", INSTANT, privacy="L1", nullable=True),
    column("ended_at", INSTANT, privacy="L1", nullable=True),
    column("end_reason", sa.Text, privacy="L1", nullable=True),
    sa.PrimaryKeyConstraint("person_id", "session_id"),
    sa.UniqueConstraint("person_id", "access_hash"),
    _belongs_to("identity_session"),
    sa.CheckConstraint("way in ('sms', 'wechat', 'ticket', 'gov_wechat', 'wecom', 'alipay')", name="way"),
    sa.CheckConstraint("(ended_at is null) = (end_reason is null)", name="ending"),
    info=_BY_PERSON,
)

refresh = sa.Table(
    "identity_refresh",
    metadata,
    column("person_id", sa.BigInteger, privacy="L2"),
    column("token_hash", sa.LargeBinary, privacy="L4"),
    column("session_id", sa.Uuid, privacy="L1"),
    column("issued_at", INSTANT, privacy="L1"),
    column("used_at", INSTANT, privacy="L1", nullable=True),
    sa.PrimaryKeyConstraint("person_id", "token_hash"),
    sa.ForeignKeyConstraint(
        ["person_id", "session_id"],
        ["identity_session.person_id", "identity_session.session_id"],
        name="fk_identity_refresh_session",
        ondelete="CASCADE",
    ),
    sa.Index("ix_identity_refresh_session", "person_id", "session_id"),
    info=_BY_PERSON,
)

sms_code = sa.Table(
    "identity_sms_code",
    metadata,
    column("phone_hash", sa.LargeBinary, privacy="L3"),
    column("purpose", sa.Text, privacy="L1"),
    column("code_id", sa.Uuid, privacy="L1"),
    column("code_hash", sa.LargeBinary, privacy="L4"),
    column("resend_at", INSTANT, privacy="L1"),
    column("expires_at", INSTANT, privacy="L1"),
    column("used_at", INSTANT, privacy="L1", nullable=True),
    column("wrong_count", sa.Integer, privacy="L1"),
    column("locked_until", INSTANT, privacy="L1", nullable=True),
    column("day_began_at", INSTANT, privacy="L1"),
    column("day_count", sa.Integer, privacy="L1"),
    sa.PrimaryKeyConstraint("phone_hash", "purpose"),
    sa.CheckConstraint("purpose in ('sign_in', 'second_factor', 'email')", name="purpose"),
    info={"distribute_by": "phone_hash"},
)

sign_in_ticket = sa.Table(
    "identity_sign_in_ticket",
    metadata,
    column("ticket_id", sa.Uuid, privacy="L1"),
    column("poll_hash", sa.LargeBinary, privacy="L4"),
    column("state", sa.Text, privacy="L1"),
    column("device_name", sa.Text, privacy="L2"),
    column("person_id", sa.BigInteger, privacy="L2", nullable=True),
    column("created_at", INSTANT, privacy="L1"),
    column("expires_at", INSTANT, privacy="L1"),
    column("handed_out_at", INSTANT, privacy="L1", nullable=True),
    sa.PrimaryKeyConstraint("ticket_id"),
    sa.CheckConstraint("state in ('waiting', 'scanned', 'confirmed', 'refused')", name="state"),
    sa.CheckConstraint("(state = 'waiting') = (person_id is null)", name="person"),
    info={"distribute_by": "ticket_id"},
)

authorisation = sa.Table(
    "identity_authorisation",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("authorisation_id", sa.Uuid, privacy="L1"),
    column("taxpayer_name", sa.Text, privacy="L2"),
    column("uscc", sa.Text, privacy="L1", nullable=True),
    column("name_sealed", sa.LargeBinary, privacy="L3"),
    column("phone_hash", sa.LargeBinary, privacy="L3"),
    column("phone_masked", sa.Text, privacy="L2"),
    column("person_id", sa.BigInteger, privacy="L2", nullable=True),
    column("role_code", sa.Text, privacy="L1"),
    column("scopes", pg.ARRAY(sa.Text), privacy="L1"),
    column("valid_from", sa.Date, privacy="L1"),
    column("valid_until", sa.Date, privacy="L1"),
    column("state", sa.Text, privacy="L1"),
    column("is_from_registration", sa.Boolean, privacy="L1"),
    column("given_by", sa.BigInteger, privacy="L2", nullable=True),
    column("given_at", INSTANT, privacy="L1"),
    column("answered_at", INSTANT, privacy="L1", nullable=True),
    column("ended_by", sa.BigInteger, privacy="L2", nullable=True),
    column("ended_at", INSTANT, privacy="L1", nullable=True),
    sa.PrimaryKeyConstraint("taxpayer_id", "authorisation_id"),
    sa.CheckConstraint("state in ('waiting', 'active', 'revoked', 'denied', 'ended')", name="state"),
    sa.CheckConstraint("is_from_registration or given_by is not null", name="giver"),
    sa.Index(
        "uq_identity_authorisation_open",
        "taxpayer_id",
        "phone_hash",
        "role_code",
        unique=True,
        postgresql_where=sa.text("state in ('waiting', 'active')"),
    ),
    info={"distribute_by": "taxpayer_id"},
)

authorisation_phone = sa.Table(
    "identity_authorisation_phone",
    metadata,
    column("phone_hash", sa.LargeBinary, privacy="L3"),
    column("authorisation_id", sa.Uuid, privacy="L1"),
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    sa.PrimaryKeyConstraint("phone_hash", "authorisation_id"),
    info={"distribute_by": "phone_hash"},
)

wechat_key = sa.Table(
    "identity_wechat_key",
    metadata,
    column("address_hash", sa.LargeBinary, privacy="L2", comment="a user of one mini program"),
    column("secret_sealed", sa.LargeBinary, privacy="L4", comment="session_key of their last sign-in; never leaves us"),
    column("kept_at", INSTANT, privacy="L1"),
    sa.PrimaryKeyConstraint("address_hash"),
    sa.Index("ix_identity_wechat_key_kept_at", "kept_at"),
    info={"distribute_by": "address_hash"},
    comment="under what WeChat encrypts for us what an older mini program hands over",
)

oauth = sa.Table(
    "identity_oauth",
    metadata,
    column("state_hash", sa.LargeBinary, privacy="L4"),
    column("browser_hash", sa.LargeBinary, privacy="L4", comment="of the cookie of the browser that began"),
    column("account", sa.Text, privacy="L1", comment="the official account asked; a code of another is refused"),
    column("place", sa.Text, privacy="L2", comment="the page of ours to open afterwards"),
    column("whose", sa.Text, privacy="L2", comment="the taxpayer to act for there; self: themselves"),
    column("expires_at", INSTANT, privacy="L1"),
    column("spent_at", INSTANT, privacy="L1", nullable=True),
    column("found_sealed", sa.LargeBinary, privacy="L3", nullable=True, comment="a WeChat user not known yet"),
    column("bind_until", INSTANT, privacy="L1", nullable=True),
    sa.PrimaryKeyConstraint("state_hash"),
    sa.CheckConstraint("(found_sealed is null) = (bind_until is null)", name="found"),
    sa.Index("ix_identity_oauth_expires_at", "expires_at"),
    info={"distribute_by": "state_hash"},
    comment="a sign-in inside WeChat under way: one browser, one account, one use",
)
