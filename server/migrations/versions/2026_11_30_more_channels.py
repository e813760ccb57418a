"""More channels: life channel, kiosk, vendor pushes, customer contacts.

Revision: 0016
Before: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Life channel, kiosk, vendor pushes, customer contacts."""
    op.execute("set local lock_timeout = '5s'")
    op.drop_constraint(op.f("ck_identity_person_address_family"), "identity_person_address", type_="check")
    op.create_check_constraint(
        op.f("ck_identity_person_address_family"),
        "identity_person_address",
        "family in ('wechat_oa', 'wechat_mini', 'wecom', 'gov_wechat', 'dingtalk', 'alipay', 'phone', 'email', 'web_push',"
        " 'huawei', 'xiaomi')",
    )
    op.drop_constraint(op.f("ck_identity_session_way"), "identity_session", type_="check")
    op.create_check_constraint(
        op.f("ck_identity_session_way"),
        "identity_session",
        "way in ('sms', 'wechat', 'ticket', 'gov_wechat', 'wecom', 'alipay')",
    )
    op.create_table(
        "identity_wechat_key",
        sa.Column("address_hash", sa.LargeBinary(), nullable=False, comment="a user of one mini program"),
        sa.Column(
            "secret_sealed",
            sa.LargeBinary(),
            nullable=False,
            comment="session_key of their last sign-in; never leaves us",
        ),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address_hash", name=op.f("pk_identity_wechat_key")),
        comment="under what WeChat encrypts for us what an older mini program hands over",
        info={"distribute_by": "address_hash"},
    )
    op.create_index("ix_identity_wechat_key_kept_at", "identity_wechat_key", ["kept_at"])
    op.drop_constraint(op.f("ck_channels_scene_kind"), "channels_scene", type_="check")
    op.create_check_constraint(
        op.f("ck_channels_scene_kind"),
        "channels_scene",
        "kind in ('follow', 'link', 'scheme', 'picture', 'contact')",
    )
    op.create_table(
        "channels_picture",
        sa.Column("address_hash", sa.LargeBinary(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column(
            "file_name", sa.Text(), nullable=False, comment="SHA-256 under which the file is kept; empty: there is none"
        ),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("byte_count", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False, comment="why it was not taken; empty: it was"),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address_hash", "event_id", name=op.f("pk_channels_picture")),
        sa.CheckConstraint("(file_name = '') = (code <> '')", name=op.f("ck_channels_picture_code")),
        comment="pictures that people sent in a chat, beside what they were answered (channels_talk)",
        info={"distribute_by": "address_hash"},
    )
    op.create_index("ix_channels_picture_fetched_at", "channels_picture", ["fetched_at"])
    op.create_table(
        "channels_service_cursor",
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("open_kfid", sa.Text, nullable=False, comment="their number of one customer-service account of ours"),
        sa.Column(
            "cursor",
            sa.Text,
            nullable=False,
            comment="up to where its messages were fetched; theirs, not to be read",
        ),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", "open_kfid", name=op.f("pk_channels_service_cursor")),
        comment="how far the messages of customer-service accounts (微信客服) were fetched",
        info={"distribute_by": "local"},
    )


def downgrade() -> None:
    """As it was."""
    op.execute("set local lock_timeout = '5s'")
    op.drop_constraint(op.f("ck_identity_person_address_family"), "identity_person_address", type_="check")
    op.create_check_constraint(
        op.f("ck_identity_person_address_family"),
        "identity_person_address",
        "family in ('wechat_oa', 'wechat_mini', 'wecom', 'gov_wechat', 'dingtalk', 'alipay', 'phone', 'email', 'web_push')",
    )
    op.drop_table("channels_service_cursor")
    op.drop_table("channels_picture")
    op.drop_table("identity_wechat_key")
    op.execute("delete from identity_session where way = 'alipay'")
    op.drop_constraint(op.f("ck_identity_session_way"), "identity_session", type_="check")
    op.create_check_constraint(
        op.f("ck_identity_session_way"), "identity_session", "way in ('sms', 'wechat', 'ticket', 'gov_wechat', 'wecom')"
    )
    op.execute("delete from channels_scene where kind = 'contact'")
    op.drop_constraint(op.f("ck_channels_scene_kind"), "channels_scene", type_="check")
    op.create_check_constraint(
        op.f("ck_channels_scene_kind"), "channels_scene", "kind in ('follow', 'link', 'scheme', 'picture')"
    )
