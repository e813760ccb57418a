"""Tables of messaging: what was told, who has read it, who wishes what, how it reached them, papers signed for."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.dialects.postgresql import JSONB

from palmtax.plumbing.schema import column, metadata

INSTANT = sa.DateTime(timezone=True)
BY_TAXPAYER = {"distribute_by": "taxpayer_id"}
ONCE = {**BY_TAXPAYER, "append_only": True}
FOR_A_WHILE = {**BY_TAXPAYER, "is_kept_for_a_while": True}
"""Never changed; removed when the template's `keep_days` are over."""

message = sa.Table(
    "messaging_message",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("message_id", sa.Uuid, privacy="L2"),
    column("key", sa.Text, privacy="L2", comment="what is told once: the same key again tells nothing"),
    column("template", sa.Text, privacy="L1"),
    column("topic", sa.Text, privacy="L1"),
    column("values", JSONB, privacy="L2"),
    column("title", sa.Text, privacy="L2"),
    column("title_en", sa.Text, privacy="L2"),
    column("body", sa.Text, privacy="L2"),
    column("body_en", sa.Text, privacy="L2"),
    column("subject_kind", sa.Text, privacy="L1"),
    column("subject_id", sa.Uuid, privacy="L2", nullable=True),
    column("for_person_id", sa.BigInteger, privacy="L2", nullable=True, comment="only this person reads it"),
    column("created_at", INSTANT, privacy="L2"),
    column(
        "matter_code",
        sa.Text,
        privacy="L1",
        nullable=True,
        comment="the matter it belongs to: a channel may be off for it",
    ),
    sa.PrimaryKeyConstraint("taxpayer_id", "message_id"),
    sa.UniqueConstraint("taxpayer_id", "key", name="uq_messaging_message_key"),
    sa.Index("ix_messaging_message_subject", "taxpayer_id", "subject_id"),
    sa.Index("ix_messaging_message_old", "created_at", postgresql_using="brin"),
    info=FOR_A_WHILE,
)

reading = sa.Table(
    "messaging_reading",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("message_id", sa.Uuid, privacy="L2"),
    column("person_id", sa.BigInteger, privacy="L2"),
    column("read_at", INSTANT, privacy="L2"),
    sa.PrimaryKeyConstraint("taxpayer_id", "message_id", "person_id"),
    sa.ForeignKeyConstraint(
        ["taxpayer_id", "message_id"],
        ["messaging_message.taxpayer_id", "messaging_message.message_id"],
        name="fk_messaging_reading_message",
    ),
    info=FOR_A_WHILE,
    comment="read receipts: who has opened a message first when",
)

preference = sa.Table(
    "messaging_preference",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("person_id", sa.BigInteger, privacy="L2"),
    column("topics", JSONB, privacy="L1"),
    column("ways", JSONB, privacy="L1"),
    column("language", sa.Text, privacy="L1", server_default="zh"),
    column("is_elder", sa.Boolean, privacy="L2", server_default=sa.false(), comment="plainer words in larger steps"),
    column("quiet_from", sa.Time, privacy="L1", nullable=True, comment="China time"),
    column("quiet_until", sa.Time, privacy="L1", nullable=True),
    column("changed_at", INSTANT, privacy="L1"),
    column("application_id", sa.Uuid, privacy="L2", nullable=True, comment="the application that chose it last"),
    sa.PrimaryKeyConstraint("taxpayer_id", "person_id"),
    sa.CheckConstraint("(quiet_from is null) = (quiet_until is null)", name="quiet"),
    info=BY_TAXPAYER,
)

officer_wish = sa.Table(
    "messaging_officer_wish",
    metadata,
    column("person_id", sa.BigInteger, privacy="L2"),
    column("topics", JSONB, privacy="L1"),
    column("ways", JSONB, privacy="L1"),
    column("language", sa.Text, privacy="L1", server_default="zh"),
    column("is_any_time", sa.Boolean, privacy="L1", server_default=sa.false(), comment="on duty: no quiet hours"),
    column("changed_at", INSTANT, privacy="L1"),
    sa.PrimaryKeyConstraint("person_id"),
    info={"distribute_by": "person_id"},
    comment="what an officer wishes to be told about work, and how",
)

consent = sa.Table(
    "messaging_consent",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("person_id", sa.BigInteger, privacy="L2"),
    column("purpose", sa.Text, privacy="L1"),
    column("decided_at", INSTANT, privacy="L2"),
    column("is_given", sa.Boolean, privacy="L2"),
    column("notice", sa.Text, privacy="L1", comment="version of what the person read"),
    column("proof", sa.Text, privacy="L1", comment="screen, or the word of a channel: unsubscribed there"),
    sa.PrimaryKeyConstraint("taxpayer_id", "person_id", "purpose", "decided_at"),
    info=ONCE,
    comment="what a person agreed to, and took back; the last word counts",
)

delivery = sa.Table(
    "messaging_delivery",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("delivery_id", sa.Uuid, privacy="L2"),
    column("message_id", sa.Uuid, privacy="L2"),
    column("person_id", sa.BigInteger, privacy="L2"),
    column("way", sa.Text, privacy="L1"),
    column("then_ways", pg.ARRAY(sa.Text), privacy="L1", comment="ways still to be tried when this one fails"),
    column("template", sa.Text, privacy="L1"),
    column("purpose", sa.Text, privacy="L1"),
    column("subject_id", sa.Uuid, privacy="L2", nullable=True),
    column("is_must", sa.Boolean, privacy="L1", comment="the law needs it to arrive"),
    column("state", sa.Text, privacy="L1"),
    column("channel", sa.Text, privacy="L1", nullable=True),
    column("tries", sa.Integer, privacy="L1"),
    column("is_unsure", sa.Boolean, privacy="L1", server_default=sa.false(), comment="a try may have arrived unheard"),
    column("merged", sa.Integer, privacy="L1", comment="earlier ones of the kind that it says too"),
    column("next_at", INSTANT, privacy="L1", nullable=True, comment="wanted: due; handing: end of the lease"),
    column("announced_at", INSTANT, privacy="L1", nullable=True, comment="when channels were last told that it is due"),
    column("deadline_at", INSTANT, privacy="L1"),
    column("handed_at", INSTANT, privacy="L1", nullable=True),
    column("arrived_at", INSTANT, privacy="L1", nullable=True),
    column("read_at", INSTANT, privacy="L2", nullable=True),
    column("provider_ref", sa.Text, privacy="L2", nullable=True),
    column("code", sa.Text, privacy="L1"),
    column("reason", sa.Text, privacy="L1"),
    column("reason_en", sa.Text, privacy="L1"),
    column("created_at", INSTANT, privacy="L1"),
    column("changed_at", INSTANT, privacy="L1"),
    sa.PrimaryKeyConstraint("taxpayer_id", "delivery_id"),
    sa.UniqueConstraint("taxpayer_id", "message_id", "person_id", "way", name="uq_messaging_delivery_once"),
    sa.ForeignKeyConstraint(
        ["taxpayer_id", "message_id"],
        ["messaging_message.taxpayer_id", "messaging_message.message_id"],
        name="fk_messaging_delivery_message",
    ),
    sa.CheckConstraint(
        "state in ('wanted', 'handing', 'handed', 'delivered', 'shown', 'read', 'acted', 'failed', 'dead', 'expired',"
        " 'suppressed')",
        name="state",
    ),
    sa.CheckConstraint("(state in ('wanted', 'handing')) = (next_at is not null)", name="due"),
    sa.Index("ix_messaging_delivery_created", "created_at", postgresql_using="brin"),
    sa.Index("ix_messaging_delivery_due", "next_at", postgresql_where=sa.text("next_at is not null")),
    sa.Index("ix_messaging_delivery_dead", "changed_at", postgresql_where=sa.text("state = 'dead'")),
    sa.Index("ix_messaging_delivery_person", "person_id", "created_at", postgresql_where=sa.text("way <> 'inbox'")),
    info=BY_TAXPAYER,
    comment="one message to one person by one way (送达任务)",
)

complaint = sa.Table(
    "messaging_complaint",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("message_id", sa.Uuid, privacy="L2"),
    column("person_id", sa.BigInteger, privacy="L2"),
    column("words", sa.Text, privacy="L2"),
    column("complained_at", INSTANT, privacy="L2"),
    sa.PrimaryKeyConstraint("taxpayer_id", "message_id", "person_id"),
    info=ONCE,
    comment="what a person said against a message of a campaign: the first time counts",
)

recall = sa.Table(
    "messaging_recall",
    metadata,
    column("subject_id", sa.Uuid, privacy="L1"),
    column("recalled_at", INSTANT, privacy="L1"),
    sa.PrimaryKeyConstraint("subject_id"),
    info={"distribute_by": "reference"},
    comment="campaigns of which nothing is planned any more: few rows",
)

signature = sa.Table(
    "messaging_signature",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("document_no", sa.Text, privacy="L2"),
    column("person_id", sa.BigInteger, privacy="L2"),
    column("application_id", sa.Uuid, privacy="L2", nullable=True),
    column("signed_at", INSTANT, privacy="L2"),
    sa.PrimaryKeyConstraint("taxpayer_id", "document_no"),
    info=ONCE,
    comment="documents that somebody signed for (电子送达签收): the first signature counts",
)

agreement = sa.Table(
    "messaging_agreement",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("decided_at", INSTANT, privacy="L2"),
    column("is_given", sa.Boolean, privacy="L2"),
    column("form", sa.Text, privacy="L1"),
    column("person_id", sa.BigInteger, privacy="L2"),
    sa.PrimaryKeyConstraint("taxpayer_id", "decided_at"),
    info=ONCE,
    comment="税务文书电子送达确认书: signed and taken back; the last word counts",
)

service = sa.Table(
    "messaging_service",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("document_no", sa.Text, privacy="L2"),
    column("kind", sa.Text, privacy="L1"),
    column("title", sa.Text, privacy="L2"),
    column("title_en", sa.Text, privacy="L2"),
    column("digest", sa.Text, privacy="L2", comment="SM3 of the document as it was served, hexadecimal"),
    column("message_id", sa.Uuid, privacy="L2"),
    column("agreement_at", INSTANT, privacy="L2", comment="the agreement it rests on"),
    column("law", sa.Text, privacy="L1", comment="the rule that made it served"),
    column("entered_at", INSTANT, privacy="L2"),
    column("served_on", sa.Date, privacy="L2"),
    column("step", sa.Text, privacy="L1"),
    column("next_step_at", INSTANT, privacy="L1", nullable=True, comment="when more is done unless somebody reads it"),
    column("office_code", sa.Text, privacy="L1", server_default="", comment="whose officers see to it while unread"),
    sa.PrimaryKeyConstraint("taxpayer_id", "document_no"),
    sa.Index("ix_messaging_service_message", "taxpayer_id", "message_id"),
    sa.ForeignKeyConstraint(
        ["taxpayer_id", "message_id"],
        ["messaging_message.taxpayer_id", "messaging_message.message_id"],
        name="fk_messaging_service_message",
    ),
    sa.CheckConstraint("step in ('entered', 'other_way', 'phone', 'paper', 'done')", name="step"),
    sa.Index("ix_messaging_service_next", "next_step_at", postgresql_where=sa.text("next_step_at is not null")),
    info=BY_TAXPAYER,
    comment="documents served electronically (电子送达)",
)

attempt = sa.Table(
    "messaging_attempt",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("attempt_id", sa.Uuid, privacy="L2"),
    column("document_no", sa.Text, privacy="L2"),
    column("step", sa.Text, privacy="L1"),
    column("outcome", sa.Text, privacy="L2"),
    column("at", INSTANT, privacy="L2"),
    column("officer_id", sa.BigInteger, privacy="L2"),
    column("person_id", sa.BigInteger, privacy="L2", nullable=True, comment="who was called"),
    column("on_day", sa.Date, privacy="L2", nullable=True, comment="of posting or handing over"),
    column("receipt_no", sa.Text, privacy="L2"),
    column("note", sa.Text, privacy="L3"),
    sa.PrimaryKeyConstraint("taxpayer_id", "attempt_id"),
    sa.ForeignKeyConstraint(
        ["taxpayer_id", "document_no"],
        ["messaging_service.taxpayer_id", "messaging_service.document_no"],
        name="fk_messaging_attempt_service",
    ),
    sa.CheckConstraint(
        "step = 'phone' and outcome in ('reached', 'not_reached', 'wrong_number') and person_id is not null"
        " or step = 'paper' and outcome in ('posted', 'handed', 'left') and on_day is not null",
        name="outcome",
    ),
    sa.Index("ix_messaging_attempt_document", "taxpayer_id", "document_no"),
    info=ONCE,
    comment="what officers did because nobody had read a served document",
)
