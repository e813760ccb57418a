"""Tables of channels: manifests in force, switches, lights, what came in, what went out."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.dialects.postgresql import JSONB

from palmtax.plumbing.schema import column, metadata

INSTANT = sa.DateTime(timezone=True)
LOCAL = {"distribute_by": "local"}
OUTCOMES = "('handed', 'refused', 'dead', 'unanswered', 'taken', 'untaken')"

version = sa.Table(
    "channels_version",
    metadata,
    column("channel", sa.Text, privacy="L1"),
    column("version", sa.Integer, privacy="L1"),
    column("manifest", sa.Text, privacy="L1", comment="channel.yaml as it was read"),
    column("codes", sa.Text, privacy="L1", comment="codes.yaml as it was read"),
    column("digest", sa.Text, privacy="L1", comment="SHA-256 of both, by which a change is noticed"),
    column("state", sa.Text, privacy="L1"),
    column("faults", JSONB, privacy="L1", comment="why it was refused: file, line, what, what to do"),
    column("reason", sa.Text, privacy="L1"),
    column("made_by", sa.BigInteger, privacy="L2", nullable=True, comment="person; none: read from the folder"),
    column("made_at", INSTANT, privacy="L1"),
    sa.PrimaryKeyConstraint("channel", "version"),
    sa.CheckConstraint("state in ('in_force', 'past', 'refused')", name="state"),
    sa.Index("uq_channels_version_in_force", "channel", unique=True, postgresql_where=sa.text("state = 'in_force'")),
    info=LOCAL,
    comment="which text of a manifest is in force; a bad one leaves the last good one in force",
)

switch = sa.Table(
    "channels_switch",
    metadata,
    column("channel", sa.Text, privacy="L1"),
    column("part", sa.Text, privacy="L1", comment="empty: the whole channel; else a matter or a template"),
    column("is_enabled", sa.Boolean, privacy="L1"),
    column("reason", sa.Text, privacy="L1"),
    column("switched_by", sa.BigInteger, privacy="L2"),
    column("switched_at", INSTANT, privacy="L1"),
    column(
        "asked_by", sa.BigInteger, privacy="L2", nullable=True, comment="who asks to switch it on; another must agree"
    ),
    column("asked_at", INSTANT, privacy="L1", nullable=True),
    column("asked_reason", sa.Text, privacy="L1", nullable=True),
    sa.PrimaryKeyConstraint("channel", "part"),
    sa.CheckConstraint("(asked_by is null) = (asked_at is null)", name="asked"),
    info=LOCAL,
)

standing = sa.Table(
    "channels_standing",
    metadata,
    column("channel", sa.Text, privacy="L1"),
    column("light", sa.Text, privacy="L1"),
    column("say", sa.Text, privacy="L1"),
    column("say_en", sa.Text, privacy="L1"),
    column("weight", sa.Integer, privacy="L1", comment="percent of the manifest's weight that is left"),
    column("dead_at", INSTANT, privacy="L1", nullable=True, comment="when the platform last refused us altogether"),
    column("checked_at", INSTANT, privacy="L1"),
    column("changed_at", INSTANT, privacy="L1", comment="since when the light is what it is"),
    column("probed_at", INSTANT, privacy="L1", nullable=True, comment="when the platform was last asked"),
    sa.PrimaryKeyConstraint("channel"),
    sa.CheckConstraint("light in ('green', 'amber', 'red')", name="light"),
    sa.CheckConstraint("weight between 0 and 100", name="weight"),
    info=LOCAL,
)

FIGURE = ("matter", "office_code", "outcome", "code", "took", "waited")


def _figure(name: str, at: str, comment: str, *more: sa.Column[Any]) -> sa.Table:
    """Counts by what happened; the two spans are histograms: a row for each bucket that has something in it."""
    return sa.Table(
        name,
        metadata,
        column("channel", sa.Text, privacy="L1"),
        column(at, INSTANT, privacy="L1"),
        column(
            "matter", sa.Text, privacy="L1", server_default="", comment="matter, or template of a message without one"
        ),
        column("office_code", sa.Text, privacy="L1", server_default=""),
        column("outcome", sa.Text, privacy="L1"),
        column("code", sa.Text, privacy="L1"),
        column("took", sa.SmallInteger, privacy="L1", server_default="0", comment="bucket of the call's time"),
        column(
            "waited",
            sa.SmallInteger,
            privacy="L1",
            server_default="0",
            comment="bucket from due to the end of the call",
        ),
        *more,
        column("count", sa.Integer, privacy="L1"),
        column("milliseconds", sa.BigInteger, privacy="L1", comment="of all together"),
        column("slowest", sa.Integer, privacy="L1", comment="milliseconds"),
        column("last_at", INSTANT, privacy="L1"),
        sa.PrimaryKeyConstraint("channel", at, *FIGURE, *(one.name for one in more)),
        sa.CheckConstraint(f"outcome in {OUTCOMES}", name="outcome"),
        sa.Index(f"ix_{name}_{at}", at),
        info=LOCAL,
        comment=comment,
    )


SLOT = column("slot", sa.Integer, privacy="L1", comment="0 to 7, so that processes do not wait for each other")
minute = _figure("channels_minute", "minute_at", "outcomes of calls and callbacks by the minute", SLOT)
hour = _figure("channels_hour", "hour_at", "the same by the hour, rolled up once an hour is over")

call = sa.Table(
    "channels_call",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("delivery_id", sa.Uuid, privacy="L2"),
    column("number", sa.Integer, privacy="L1", comment="of the try"),
    column("channel", sa.Text, privacy="L1"),
    column("state", sa.Text, privacy="L1"),
    column("code", sa.Text, privacy="L1"),
    column("began_at", INSTANT, privacy="L2"),
    column("ended_at", INSTANT, privacy="L2", nullable=True),
    sa.PrimaryKeyConstraint("taxpayer_id", "delivery_id", "number"),
    sa.CheckConstraint("state in ('calling', 'handed', 'refused', 'unanswered', 'unknown')", name="state"),
    sa.Index("ix_channels_call_began_at", "began_at"),
    info={"distribute_by": "taxpayer_id"},
    comment="written before a platform is called: after a crash we know that it may have heard us",
)

handed = sa.Table(
    "channels_handed",
    metadata,
    column("provider_ref", sa.Text, privacy="L2"),
    column("channel", sa.Text, privacy="L1"),
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("delivery_id", sa.Uuid, privacy="L2"),
    column("handed_at", INSTANT, privacy="L2"),
    column("stage", sa.Text, privacy="L1"),
    column("stage_at", INSTANT, privacy="L2", nullable=True),
    column("follow_up", sa.Text, privacy="L2", comment="opens the card again, once"),
    sa.PrimaryKeyConstraint("provider_ref", "channel"),
    sa.Index("ix_channels_handed_lately", "channel", "handed_at"),
    info={"distribute_by": "provider_ref"},
    comment="a platform's number of a message → whose it is",
)

nonce = sa.Table(
    "channels_nonce",
    metadata,
    column("nonce", sa.Text, privacy="L1", comment="time and nonce of a callback"),
    column("channel", sa.Text, privacy="L1"),
    column(
        "digest",
        sa.Text,
        privacy="L1",
        comment="SHA-256 of the body: the same again is a repetition, another a forgery",
    ),
    column("seen_at", INSTANT, privacy="L1"),
    sa.PrimaryKeyConstraint("nonce", "channel"),
    sa.Index("ix_channels_nonce_seen_at", "seen_at"),
    info={"distribute_by": "nonce"},
)

event = sa.Table(
    "channels_event",
    metadata,
    column("event_id", sa.Uuid, privacy="L2"),
    column("channel", sa.Text, privacy="L1"),
    column("kind", sa.Text, privacy="L1"),
    column("theirs", sa.Text, privacy="L1", comment="what the platform calls it"),
    column("content_sealed", sa.LargeBinary, privacy="L3"),
    column("received_at", INSTANT, privacy="L2"),
    column("taken_at", INSTANT, privacy="L2", nullable=True),
    sa.PrimaryKeyConstraint("event_id"),
    sa.Index("ix_channels_event_received_at", "received_at"),
    info={"distribute_by": "event_id"},
    comment="what came in, in one shape; its number is made of channel and key, so a repetition finds its place taken",
)

allowance = sa.Table(
    "channels_allowance",
    metadata,
    column("address_hash", sa.LargeBinary, privacy="L2"),
    column("channel", sa.Text, privacy="L1"),
    column("what", sa.Text, privacy="L1", comment="a window (text, menu, …) or a template of a subscription"),
    column("remaining", sa.Integer, privacy="L1", comment="messages that may still follow"),
    column("until_at", INSTANT, privacy="L1", nullable=True),
    column("is_refused", sa.Boolean, privacy="L2"),
    column("changed_at", INSTANT, privacy="L1"),
    sa.PrimaryKeyConstraint("address_hash", "channel", "what"),
    info={"distribute_by": "address_hash"},
    comment="how many messages a person has let us send",
)

funnel = sa.Table(
    "channels_funnel",
    metadata,
    column("hour_at", INSTANT, privacy="L1", comment="hour in which the messages were told"),
    column("channel", sa.Text, privacy="L1"),
    column("template", sa.Text, privacy="L1"),
    *(column(name, sa.Integer, privacy="L1") for name in ("told", "handed", "delivered", "read", "acted", "lost")),
    sa.PrimaryKeyConstraint("channel", "hour_at", "template"),
    sa.Index("ix_channels_funnel_hour_at", "hour_at"),
    info=LOCAL,
    comment="how far the messages of an hour came; counted again while they still move",
)

journey = sa.Table(
    "channels_journey",
    metadata,
    column("subject", sa.Text, privacy="L1", comment="a channel, or service:NAME"),
    column("began_at", INSTANT, privacy="L1"),
    column("is_good", sa.Boolean, privacy="L1"),
    column("milliseconds", sa.Integer, privacy="L1"),
    column("steps", JSONB, privacy="L1", comment="name, code, milliseconds of each step made"),
    sa.PrimaryKeyConstraint("subject", "began_at"),
    sa.Index("ix_channels_journey_began_at", "began_at"),
    info=LOCAL,
    comment="synthetic journeys (拨测)",
)

day = sa.Table(
    "channels_day",
    metadata,
    column("subject", sa.Text, privacy="L1"),
    column("day", sa.Date, privacy="L1", comment="China day"),
    column("tries", sa.Integer, privacy="L1"),
    column("failed", sa.Integer, privacy="L1"),
    sa.PrimaryKeyConstraint("day", "subject"),
    info=LOCAL,
    comment="journeys by the day, for ninety days of bars",
)

alert = sa.Table(
    "channels_alert",
    metadata,
    column("alert_id", sa.Uuid, privacy="L1"),
    column("kind", sa.Text, privacy="L1"),
    column("subject", sa.Text, privacy="L1"),
    column("level", sa.Text, privacy="L1"),
    column("say", sa.Text, privacy="L1"),
    column("say_en", sa.Text, privacy="L1"),
    column("opened_at", INSTANT, privacy="L1"),
    column("seen_at", INSTANT, privacy="L1", comment="when it was last there"),
    column("closed_at", INSTANT, privacy="L1", nullable=True),
    column("acknowledged_by", sa.BigInteger, privacy="L2", nullable=True),
    column("acknowledged_at", INSTANT, privacy="L1", nullable=True),
    sa.PrimaryKeyConstraint("alert_id"),
    sa.CheckConstraint("level in ('page', 'ticket')", name="level"),
    sa.CheckConstraint("(acknowledged_by is null) = (acknowledged_at is null)", name="acknowledged"),
    sa.Index("uq_channels_alert_open", "kind", "subject", unique=True, postgresql_where=sa.text("closed_at is null")),
    sa.Index("ix_channels_alert_opened_at", "opened_at"),
    info=LOCAL,
    comment="troubles that officers are told of: one at a time for each kind and subject",
)

incident = sa.Table(
    "channels_incident",
    metadata,
    column("incident_id", sa.Uuid, privacy="L1"),
    column("kind", sa.Text, privacy="L1"),
    column("services", JSONB, privacy="L1", comment="names of services and channels"),
    column("title", sa.Text, privacy="L1"),
    column("title_en", sa.Text, privacy="L1"),
    column("starts_at", INSTANT, privacy="L1"),
    column(
        "ends_at",
        INSTANT,
        privacy="L1",
        nullable=True,
        comment="of maintenance: planned; of an incident: when it was over",
    ),
    column("state", sa.Text, privacy="L1"),
    column("version", sa.Integer, privacy="L1", comment="number of its last note"),
    column("made_by", sa.BigInteger, privacy="L2"),
    sa.PrimaryKeyConstraint("incident_id"),
    sa.CheckConstraint("kind in ('incident', 'maintenance')", name="kind"),
    sa.CheckConstraint("state in ('open', 'watching', 'closed', 'cancelled')", name="state"),
    sa.CheckConstraint("kind = 'incident' or ends_at is not null", name="planned"),
    sa.Index("ix_channels_incident_starts_at", "starts_at"),
    info=LOCAL,
    comment="what officers tell the public: incidents and planned maintenance",
)

incident_note = sa.Table(
    "channels_incident_note",
    metadata,
    column("incident_id", sa.Uuid, privacy="L1"),
    column("number", sa.Integer, privacy="L1"),
    column("state", sa.Text, privacy="L1"),
    column("text", sa.Text, privacy="L1"),
    column("text_en", sa.Text, privacy="L1"),
    column("said_by", sa.BigInteger, privacy="L2"),
    column("said_at", INSTANT, privacy="L1"),
    sa.PrimaryKeyConstraint("incident_id", "number"),
    sa.ForeignKeyConstraint(["incident_id"], ["channels_incident.incident_id"], name="fk_channels_incident_note"),
    info={**LOCAL, "append_only": True},
    comment="words about an incident, in their order",
)

share = sa.Table(
    "channels_share",
    metadata,
    column("channel", sa.Text, privacy="L1"),
    column("day", sa.Date, privacy="L1", comment="of China"),
    column("granted", sa.Integer, privacy="L1", comment="messages that processes may send or have sent"),
    sa.PrimaryKeyConstraint("channel", "day"),
    sa.CheckConstraint("granted >= 0", name="granted"),
    info=LOCAL,
    comment="of a channel's daily limit, what its processes took as their shares",
)

card = sa.Table(
    "channels_card",
    metadata,
    column("subject_id", sa.Uuid, privacy="L1"),
    column("delivery_id", sa.Uuid, privacy="L2"),
    column("channel", sa.Text, privacy="L1"),
    column("kind", sa.Text, privacy="L1", comment="of the subject"),
    column("taxpayer_id", sa.BigInteger, privacy="L2", comment="of the delivery: the officer as a natural person"),
    column("person_id", sa.BigInteger, privacy="L2"),
    column("codes", pg.ARRAY(sa.Text), privacy="L2", comment="each changes the card once, within 72 hours"),
    column("coded_at", INSTANT, privacy="L1", comment="when the last code came"),
    column("shown", sa.Text, privacy="L1", comment="digest of what stands on it; empty: a tap waits for its answer"),
    column("answer", sa.Text, privacy="L2"),
    column("answer_en", sa.Text, privacy="L2"),
    column("answer_to", sa.Text, privacy="L1", comment="how the thing stood when it was answered"),
    column("busy_until", INSTANT, privacy="L1", nullable=True, comment="a process is changing it"),
    sa.PrimaryKeyConstraint("subject_id", "delivery_id", "channel"),
    sa.Index("ix_channels_card_coded_at", "coded_at"),
    info={"distribute_by": "subject_id"},
    comment="cards that officers have before them (任务卡片)",
)

talk = sa.Table(
    "channels_talk",
    metadata,
    column("address_hash", sa.LargeBinary, privacy="L2"),
    column("event_id", sa.Uuid, privacy="L2"),
    column("channel", sa.Text, privacy="L1"),
    column("person_id", sa.BigInteger, privacy="L2", nullable=True, comment="none: nobody we know yet"),
    column("kind", sa.Text, privacy="L1"),
    column("said_sealed", sa.LargeBinary, privacy="L3"),
    column("reply_sealed", sa.LargeBinary, privacy="L3"),
    column("way", sa.Text, privacy="L1", comment="reply: in the callback's own answer; service: a message afterwards"),
    column("asked_at", INSTANT, privacy="L2"),
    column("answered_at", INSTANT, privacy="L2", nullable=True, comment="none: nobody knows whether it arrived"),
    sa.PrimaryKeyConstraint("address_hash", "event_id"),
    sa.CheckConstraint("way in ('reply', 'service')", name="way"),
    sa.Index("ix_channels_talk_asked_at", "asked_at"),
    info={"distribute_by": "address_hash"},
    comment="what people wrote to an account and were answered",
)

picture = sa.Table(
    "channels_picture",
    metadata,
    column("address_hash", sa.LargeBinary, privacy="L2"),
    column("event_id", sa.Uuid, privacy="L2"),
    column("file_name", sa.Text, privacy="L2", comment="SHA-256 under which the file is kept; empty: there is none"),
    column("media_type", sa.Text, privacy="L1"),
    column("byte_count", sa.Integer, privacy="L1"),
    column("code", sa.Text, privacy="L1", comment="why it was not taken; empty: it was"),
    column("fetched_at", INSTANT, privacy="L2"),
    sa.PrimaryKeyConstraint("address_hash", "event_id"),
    sa.CheckConstraint("(file_name = '') = (code <> '')", name="code"),
    sa.Index("ix_channels_picture_fetched_at", "fetched_at"),
    info={"distribute_by": "address_hash"},
    comment="pictures that people sent in a chat, beside what they were answered (channels_talk)",
)

scene = sa.Table(
    "channels_scene",
    metadata,
    column("scene", sa.Text, privacy="L1"),
    column("channel", sa.Text, privacy="L1"),
    column("kind", sa.Text, privacy="L1"),
    column("place", sa.Text, privacy="L1", comment="the page of the app it leads to"),
    column("title", sa.Text, privacy="L1"),
    column("title_en", sa.Text, privacy="L1"),
    column("address", sa.Text, privacy="L1", comment="what to draw or send; empty where the picture is asked for anew"),
    column("made_by", sa.BigInteger, privacy="L2"),
    column("made_at", INSTANT, privacy="L1"),
    column("expires_at", INSTANT, privacy="L1", nullable=True),
    column("ended_at", INSTANT, privacy="L1", nullable=True),
    column("uses", sa.Integer, privacy="L1", server_default=sa.text("0")),
    column("follows", sa.Integer, privacy="L1", server_default=sa.text("0"), comment="who followed the account by it"),
    column("last_at", INSTANT, privacy="L1", nullable=True),
    column("office_code", sa.Text, privacy="L1", nullable=True, comment="the office it hangs in; none: everywhere"),
    sa.PrimaryKeyConstraint("scene"),
    sa.CheckConstraint("kind in ('follow', 'link', 'scheme', 'picture', 'contact')", name="kind"),
    sa.Index("ix_channels_scene_channel", "channel", "made_at"),
    info={"distribute_by": "scene"},
    comment="codes and links that lead to a place of the app",
)

service_cursor = sa.Table(
    "channels_service_cursor",
    metadata,
    column("channel", sa.Text, privacy="L1"),
    column("open_kfid", sa.Text, privacy="L1", comment="their number of one customer-service account of ours"),
    column("cursor", sa.Text, privacy="L1", comment="up to where its messages were fetched; theirs, not to be read"),
    column("moved_at", INSTANT, privacy="L1"),
    sa.PrimaryKeyConstraint("channel", "open_kfid"),
    info=LOCAL,
    comment="how far the messages of customer-service accounts (微信客服) were fetched",
)

menu = sa.Table(
    "channels_menu",
    metadata,
    column("channel", sa.Text, privacy="L1"),
    column("version", sa.Integer, privacy="L1", comment="of the manifest whose menu was published"),
    column("code", sa.Text, privacy="L1", comment="why the platform refused it; empty: it took it"),
    column("at", INSTANT, privacy="L1"),
    sa.PrimaryKeyConstraint("channel"),
    info=LOCAL,
)

kiosk = sa.Table(
    "channels_kiosk",
    metadata,
    column("office_code", sa.Text, privacy="L1"),
    column("kiosk_id", sa.Uuid, privacy="L1"),
    column("name", sa.Text, privacy="L1"),
    column("name_en", sa.Text, privacy="L1"),
    column("place", sa.Text, privacy="L1"),
    column("place_en", sa.Text, privacy="L1"),
    column("paper", sa.Text, privacy="L1", comment="as the last print left it"),
    column("pairing_hash", sa.LargeBinary, privacy="L4", nullable=True),
    column("pairing_expires_at", INSTANT, privacy="L1", nullable=True),
    column("secret_hash", sa.LargeBinary, privacy="L4", nullable=True),
    column("registered_by", sa.BigInteger, privacy="L2"),
    column("registered_at", INSTANT, privacy="L1"),
    column("paired_at", INSTANT, privacy="L1", nullable=True),
    column("seen_at", INSTANT, privacy="L1", nullable=True),
    column("revoked_at", INSTANT, privacy="L1", nullable=True),
    column("revoked_reason", sa.Text, privacy="L1", server_default=""),
    sa.PrimaryKeyConstraint("office_code", "kiosk_id"),
    sa.CheckConstraint("paper in ('ok', 'out', 'jam')", name="paper"),
    sa.CheckConstraint("(pairing_hash is null) = (pairing_expires_at is null)", name="pairing"),
    sa.CheckConstraint("(secret_hash is null) = (paired_at is null)", name="secret"),
    sa.Index(
        "uq_channels_kiosk_name", "office_code", "name", unique=True, postgresql_where=sa.text("revoked_at is null")
    ),
    sa.Index("ix_channels_kiosk_pairing_hash", "pairing_hash"),
    info={"distribute_by": "office_code"},
    comment="printing kiosks of tax halls",
)

visit = sa.Table(
    "channels_visit",
    metadata,
    column("visit_id", sa.Uuid, privacy="L1"),
    column("secret_hash", sa.LargeBinary, privacy="L4", comment="of what the machine shows for this visit"),
    column("office_code", sa.Text, privacy="L1"),
    column("kiosk_id", sa.Uuid, privacy="L1"),
    column("number", sa.Text, privacy="L1"),
    column("state", sa.Text, privacy="L1"),
    column("made_at", INSTANT, privacy="L1"),
    column("expires_at", INSTANT, privacy="L1", comment="until when it may be confirmed, and then be used at most"),
    column("idle_at", INSTANT, privacy="L1", nullable=True, comment="when it ends if nothing is touched"),
    column("person_id", sa.BigInteger, privacy="L2", nullable=True),
    column("hat_id", sa.Uuid, privacy="L1", nullable=True),
    column("taxpayer_id", sa.BigInteger, privacy="L2", nullable=True),
    column("title", sa.Text, privacy="L2", server_default="", comment="whom the hat acts for, as the machine shows it"),
    column("ended_at", INSTANT, privacy="L1", nullable=True),
    column("end_reason", sa.Text, privacy="L1", server_default=""),
    sa.PrimaryKeyConstraint("visit_id"),
    sa.CheckConstraint("state in ('waiting', 'open', 'ended')", name="state"),
    sa.CheckConstraint("state <> 'open' or (person_id is not null and idle_at is not null)", name="person"),
    sa.CheckConstraint("(state = 'ended') = (ended_at is not null)", name="ending"),
    sa.Index("ix_channels_visit_made_at", "made_at"),
    info={"distribute_by": "visit_id"},
    comment="a code on a kiosk's screen, and who confirmed it: some minutes of reading and printing",
)

visit_number = sa.Table(
    "channels_visit_number",
    metadata,
    column("number", sa.Text, privacy="L1"),
    column("visit_id", sa.Uuid, privacy="L1"),
    column("expires_at", INSTANT, privacy="L1"),
    sa.PrimaryKeyConstraint("number"),
    info={"distribute_by": "number"},
    comment="the six digits of a code on a screen: no two at once",
)

kiosk_print = sa.Table(
    "channels_print",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("print_id", sa.Uuid, privacy="L1"),
    column("person_id", sa.BigInteger, privacy="L2"),
    column("visit_id", sa.Uuid, privacy="L1"),
    column("office_code", sa.Text, privacy="L1"),
    column("kiosk_id", sa.Uuid, privacy="L1"),
    column("source", sa.Text, privacy="L1"),
    column("paper_id", sa.Uuid, privacy="L2"),
    column("paper_no", sa.Text, privacy="L2"),
    column("title", sa.Text, privacy="L1"),
    column("title_en", sa.Text, privacy="L1"),
    column("copies", sa.Integer, privacy="L1"),
    column("printed", sa.Integer, privacy="L1", comment="copies that came out"),
    column("result", sa.Text, privacy="L1", comment="empty: the machine has not said yet"),
    column("started_at", INSTANT, privacy="L2"),
    column("ended_at", INSTANT, privacy="L2", nullable=True),
    sa.PrimaryKeyConstraint("taxpayer_id", "print_id"),
    sa.CheckConstraint("source in ('certificate', 'document')", name="source"),
    sa.CheckConstraint("result in ('', 'done', 'no_paper', 'jammed')", name="result"),
    sa.CheckConstraint("printed between 0 and copies", name="printed"),
    sa.Index("ix_channels_print_newest", "taxpayer_id", "started_at"),
    info={"distribute_by": "taxpayer_id"},
    comment="what was printed at kiosks",
)

print_day = sa.Table(
    "channels_print_day",
    metadata,
    column("taxpayer_id", sa.BigInteger, privacy="L2"),
    column("person_id", sa.BigInteger, privacy="L2"),
    column("paper_id", sa.Uuid, privacy="L2"),
    column("day", sa.Date, privacy="L1"),
    column("copies", sa.Integer, privacy="L1"),
    sa.PrimaryKeyConstraint("taxpayer_id", "person_id", "paper_id", "day"),
    sa.CheckConstraint("copies >= 0", name="copies"),
    info={"distribute_by": "taxpayer_id"},
    comment="copies of a document for a person on a day: counted in one row, so that two machines never print too many",
)
