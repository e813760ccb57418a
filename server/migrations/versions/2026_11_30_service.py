"""Service of documents to its end, retention of messages.

Revision: 0010
Before: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_CASES = "kind in ('matter', 'complaint', 'follow_up', 'letter', 'report'{more})"
_CODES = "purpose in ('sign_in', 'second_factor'{more})"


def _check(table: str, name: str, rule: str) -> None:
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, rule)


def upgrade() -> None:
    """Attempts of officers, certificates of service, the matter of a message, what a channel sent today."""
    op.execute("set local lock_timeout = '5s'")
    op.create_table(
        "messaging_attempt",
        sa.Column("taxpayer_id", sa.BigInteger(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("document_no", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("officer_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True, comment="who was called"),
        sa.Column("on_day", sa.Date(), nullable=True, comment="of posting or handing over"),
        sa.Column("receipt_no", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "step = 'phone' and outcome in ('reached', 'not_reached', 'wrong_number') and person_id is not null"
            " or step = 'paper' and outcome in ('posted', 'handed', 'left') and on_day is not null",
            name=op.f("ck_messaging_attempt_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["taxpayer_id", "document_no"],
            ["messaging_service.taxpayer_id", "messaging_service.document_no"],
            name="fk_messaging_attempt_service",
        ),
        sa.PrimaryKeyConstraint("taxpayer_id", "attempt_id", name=op.f("pk_messaging_attempt")),
        comment="what officers did because nobody had read a served document",
        info={"distribute_by": "taxpayer_id", "append_only": True},
    )
    op.create_index("ix_messaging_attempt_document", "messaging_attempt", ["taxpayer_id", "document_no"], unique=False)
    op.add_column(
        "messaging_service",
        sa.Column(
            "office_code", sa.Text(), server_default="", nullable=False, comment="whose officers see to it while unread"
        ),
    )
    op.create_index("ix_messaging_service_message", "messaging_service", ["taxpayer_id", "message_id"], unique=False)
    op.add_column(
        "messaging_message",
        sa.Column(
            "matter_code", sa.Text(), nullable=True, comment="the matter it belongs to: a channel may be off for it"
        ),
    )
    op.create_index(
        "ix_messaging_message_old", "messaging_message", ["created_at"], unique=False, postgresql_using="brin"
    )
    op.create_table(
        "certificates_proof",
        sa.Column("taxpayer_id", sa.BigInteger(), nullable=False),
        sa.Column("proof_id", postgresql.UUID(), nullable=False),
        sa.Column("proof_no", sa.Text(), nullable=False),
        sa.Column("served_no", sa.Text(), nullable=False, comment="number of the document that was served"),
        sa.Column("message_id", postgresql.UUID(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("addressee", sa.Text(), nullable=False),
        sa.Column("uscc", sa.Text(), nullable=True),
        sa.Column(
            "content_sealed",
            sa.LargeBinary(),
            nullable=False,
            comment="JSON of the lines as they were true then, sealed",
        ),
        sa.Column("office_name", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verify_code", sa.Text(), nullable=False),
        sa.CheckConstraint("cause in ('read', 'paper')", name=op.f("ck_certificates_proof_cause")),
        sa.PrimaryKeyConstraint("taxpayer_id", "proof_id", name=op.f("pk_certificates_proof")),
        sa.UniqueConstraint("taxpayer_id", "served_no", "cause", name="uq_certificates_proof_cause"),
        comment="certificates of service (送达回证), as they were true when made; the PDF is drawn when asked for",
        info={"distribute_by": "taxpayer_id", "append_only": True},
    )
    op.create_table(
        "channels_share",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False, comment="of China"),
        sa.Column("granted", sa.Integer(), nullable=False, comment="messages that processes may send or have sent"),
        sa.CheckConstraint("granted >= 0", name=op.f("ck_channels_share_granted")),
        sa.PrimaryKeyConstraint("channel", "day", name=op.f("pk_channels_share")),
        comment="of a channel's daily limit, what its processes took as their shares",
        info={"distribute_by": "local"},
    )
    _check("cases_case", "kind", _CASES.format(more=", 'service'"))
    _check("identity_sms_code", "purpose", _CODES.format(more=", 'email'"))


def downgrade() -> None:
    """Undo it."""
    op.execute("delete from identity_sms_code where purpose = 'email'")
    op.execute(
        "delete from cases_move where (taxpayer_id, case_id) in (select taxpayer_id, case_id from cases_case where kind = 'service')"
    )
    op.execute("delete from cases_case where kind = 'service'")
    _check("identity_sms_code", "purpose", _CODES.format(more=""))
    _check("cases_case", "kind", _CASES.format(more=""))
    for table in ("channels_share", "certificates_proof", "messaging_attempt"):
        op.drop_table(table)
    op.drop_index("ix_messaging_message_old", "messaging_message")
    op.drop_column("messaging_message", "matter_code")
    op.drop_index("ix_messaging_service_message", "messaging_service")
    op.drop_column("messaging_service", "office_code")
