"""Accounts of channels: menus, scenes, what followers asked, sign-in inside WeChat.

Revision: 0014
Before: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Menus, scenes, what followers asked, sign-in inside WeChat."""
    op.execute("set local lock_timeout = '5s'")
    op.create_table(
        "channels_menu",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="of the manifest whose menu was published"),
        sa.Column("code", sa.Text(), nullable=False, comment="why the platform refused it; empty: it took it"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_channels_menu")),
        info={"distribute_by": "local"},
    )
    op.create_table(
        "channels_scene",
        sa.Column("scene", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False, comment="the page of the app it leads to"),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column(
            "address",
            sa.Text(),
            nullable=False,
            comment="what to draw or send; empty where the picture is asked for anew",
        ),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("uses", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "follows",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="who followed the account by it",
        ),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('follow', 'link', 'scheme', 'picture')", name=op.f("ck_channels_scene_kind")),
        sa.PrimaryKeyConstraint("scene", name=op.f("pk_channels_scene")),
        comment="codes and links that lead to a place of the app",
        info={"distribute_by": "scene"},
    )
    op.create_index("ix_channels_scene_channel", "channels_scene", ["channel", "made_at"], unique=False)
    op.create_table(
        "channels_talk",
        sa.Column("address_hash", sa.LargeBinary(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True, comment="none: nobody we know yet"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("reply_sealed", sa.LargeBinary(), nullable=False),
        sa.Column(
            "way",
            sa.Text(),
            nullable=False,
            comment="reply: in the callback's own answer; service: a message afterwards",
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "answered_at", sa.DateTime(timezone=True), nullable=True, comment="none: nobody knows whether it arrived"
        ),
        sa.CheckConstraint("way in ('reply', 'service')", name=op.f("ck_channels_talk_way")),
        sa.PrimaryKeyConstraint("address_hash", "event_id", name=op.f("pk_channels_talk")),
        comment="what people wrote to an account and were answered",
        info={"distribute_by": "address_hash"},
    )
    op.create_index("ix_channels_talk_asked_at", "channels_talk", ["asked_at"], unique=False)
    op.create_table(
        "identity_oauth",
        sa.Column("state_hash", sa.LargeBinary(), nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(), nullable=False, comment="of the cookie of the browser that began"),
        sa.Column(
            "account", sa.Text(), nullable=False, comment="the official account asked; a code of another is refused"
        ),
        sa.Column("place", sa.Text(), nullable=False, comment="the page of ours to open afterwards"),
        sa.Column("whose", sa.Text(), nullable=False, comment="the taxpayer to act for there; self: themselves"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("found_sealed", sa.LargeBinary(), nullable=True, comment="a WeChat user not known yet"),
        sa.Column("bind_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(found_sealed is null) = (bind_until is null)", name=op.f("ck_identity_oauth_found")),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_identity_oauth")),
        comment="a sign-in inside WeChat under way: one browser, one account, one use",
        info={"distribute_by": "state_hash"},
    )
    op.create_index("ix_identity_oauth_expires_at", "identity_oauth", ["expires_at"], unique=False)


def downgrade() -> None:
    """As it was."""
    op.execute("set local lock_timeout = '5s'")
    for table in (
        "identity_oauth",
        "channels_talk",
        "channels_scene",
        "channels_menu",
    ):
        op.drop_table(table)
