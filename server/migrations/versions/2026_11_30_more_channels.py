"""More channels: life channel, kiosk, vendor pushes, customer contacts.

Revision: 0016
Before: 0015
"""

from __future__ import annotations

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
