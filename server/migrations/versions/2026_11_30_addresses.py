"""Addresses: where people can be reached, sealed; access tokens that processes share.

Revision: 0007
Before: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from palmtax import privacy
from palmtax.base.identifiers import uuid7

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ABOUT, UNION = "identity.address", "identity.union"


def upgrade() -> None:
    """Addresses instead of WeChat users in the clear; shared tokens."""
    op.execute("set local lock_timeout = '5s'")
    op.create_table(
        "identity_address",
        sa.Column("address_hash", sa.LargeBinary(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("app_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address_hash", name=op.f("pk_identity_address")),
        comment="whose address it is: one person's at a time (phones: identity_phone)",
        info={"distribute_by": "address_hash"},
    )
    op.create_table(
        "identity_union",
        sa.Column("union_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("union_hash", name=op.f("pk_identity_union")),
        comment="one WeChat user over all our accounts of an open platform",
        info={"distribute_by": "union_hash"},
    )
    op.create_table(
        "identity_person_address",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("address_id", sa.Uuid(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("app_id", sa.Text(), nullable=False),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(), nullable=False),
        sa.Column("union_hash", sa.LargeBinary(), nullable=True),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column(
            "bound_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="last proved: the latest of an app is the one to write to",
        ),
        sa.Column(
            "refused_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="since when the platform refuses it for good",
        ),
        sa.Column("refused_code", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "(refused_at is null) = (refused_code = '')", name=op.f("ck_identity_person_address_refusal")
        ),
        sa.CheckConstraint(
            "family in ('wechat_oa', 'wechat_mini', 'wecom', 'gov_wechat', 'dingtalk', 'alipay', 'phone', 'email', 'web_push')",
            name=op.f("ck_identity_person_address_family"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["identity_person.person_id"], name="fk_identity_person_address_person"),
        sa.PrimaryKeyConstraint("person_id", "address_id", name=op.f("pk_identity_person_address")),
        sa.UniqueConstraint(
            "person_id", "address_hash", name=op.f("uq_identity_person_address_person_id_address_hash")
        ),
        info={"distribute_by": "person_id"},
    )
    op.create_table(
        "plumbing_token",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=True, comment="none: dropped, or never fetched"),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "renew_at", sa.DateTime(timezone=True), nullable=True, comment="from here somebody fetches the next one"
        ),
        sa.Column("refresher", sa.Uuid(), nullable=True, comment="who fetches now"),
        sa.Column(
            "next_try_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="end of the lease, or of the wait after a fault",
        ),
        sa.Column("failures", sa.Integer(), nullable=False, comment="fetches that failed since the last good one"),
        sa.Column("early_drops", sa.Integer(), nullable=False, comment="tokens refused young, one after the other"),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("last_error_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_plumbing_token")),
        info={"distribute_by": "local"},
    )
    op.add_column(
        "identity_person",
        sa.Column("merged_into", sa.BigInteger(), nullable=True, comment="the account that goes on for this one"),
    )
    _seal_what_is_bound()
    op.drop_table("identity_person_wechat")
    op.drop_table("identity_wechat")


def _seal_what_is_bound() -> None:
    """Every WeChat user bound so far, with the seals of today; the last one of a person in an app stays the last."""
    rows = op.get_bind().execute(
        sa.text(
            "select w.openid, w.app_id, w.person_id, w.bound_at, p.union_id from identity_wechat w"
            " left join identity_person_wechat p on p.person_id = w.person_id and p.app_id = w.app_id"
            " and p.openid = w.openid order by p.openid is not null, w.bound_at"
        )
    )
    for row in rows.mappings().all():
        hashed = privacy.fingerprint(f"wechat_mini {row['app_id']} {row['openid']}", ABOUT)
        union = privacy.fingerprint(row["union_id"], UNION) if row["union_id"] else None
        known = {
            "hash": hashed,
            "app": row["app_id"],
            "person": row["person_id"],
            "at": row["bound_at"],
            "sealed": privacy.seal(row["openid"], ABOUT),
            "union": union,
            "id": uuid7(),
        }
        _insert(
            "identity_address (address_hash, family, app_id, person_id, bound_at)",
            ":hash, 'wechat_mini', :app, :person, :at",
            known,
        )
        _insert(
            "identity_person_address (person_id, address_id, family, app_id, address_sealed, address_hash, union_hash,"
            " proof, bound_at)",
            ":person, :id, 'wechat_mini', :app, :sealed, :hash, :union, 'wechat_login', greatest(:at, (select max(bound_at)"
            " + interval '1 microsecond' from identity_person_address where person_id = :person and app_id = :app))",
            known,
        )
        if union is not None:
            _insert("identity_union (union_hash, person_id)", ":union, :person", known)


def _insert(into: str, values: str, known: dict[str, object]) -> None:
    used = {name: value for name, value in known.items() if f":{name}" in values}
    op.get_bind().execute(sa.text(f"insert into {into} select {values} on conflict do nothing"), used)


def _open_what_is_bound() -> None:
    rows = op.get_bind().execute(
        sa.text(
            "select address_sealed, app_id, person_id, bound_at from identity_person_address"
            " where family = 'wechat_mini' order by bound_at"
        )
    )
    for row in rows.mappings().all():
        known = {
            "openid": privacy.unseal(bytes(row["address_sealed"]), ABOUT),
            "app": row["app_id"],
            "person": row["person_id"],
            "at": row["bound_at"],
        }
        _insert("identity_wechat (openid, app_id, person_id, bound_at)", ":openid, :app, :person, :at", known)
        op.get_bind().execute(
            sa.text(
                "insert into identity_person_wechat (person_id, app_id, openid, bound_at)"
                " values (:person, :app, :openid, :at) on conflict (person_id, app_id) do update"
                " set openid = excluded.openid, bound_at = excluded.bound_at"
            ),
            known,
        )


def downgrade() -> None:
    """Undo it: WeChat users come back, other addresses are lost."""
    op.create_table(
        "identity_wechat",
        sa.Column("openid", sa.Text(), nullable=False),
        sa.Column("app_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("openid", "app_id", name=op.f("pk_identity_wechat")),
        info={"distribute_by": "openid"},
    )
    op.create_table(
        "identity_person_wechat",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("app_id", sa.Text(), nullable=False),
        sa.Column("openid", sa.Text(), nullable=False),
        sa.Column("union_id", sa.Text(), nullable=True),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["identity_person.person_id"], name="fk_identity_person_wechat_person"),
        sa.PrimaryKeyConstraint("person_id", "app_id", name=op.f("pk_identity_person_wechat")),
        info={"distribute_by": "person_id"},
    )
    _open_what_is_bound()
    op.drop_column("identity_person", "merged_into")
    for table in ("plumbing_token", "identity_person_address", "identity_union", "identity_address"):
        op.drop_table(table)
