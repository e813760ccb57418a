"""What the tax office tells a taxpayer, in words kept as templates, and how it reaches each person.

Owns the words message 消息, template 消息模板, reading 已读回执, preference 接收偏好, consent 同意, signature 签收, delivery
送达任务, way 方式, receipt 回执, dead letter 死信, service 电子送达, card 任务卡片. A domain that has news for a taxpayer
calls `tell` in its own transaction; telling twice under one key tells once. The worker plans deliveries; channels, which stand above, hear
`messaging.delivery_wanted`, take a delivery with a lease, and say what came of it. Not the channels themselves, not who
may see a matter, and nothing about why something was decided.
"""

from palmtax.messaging.actions.attempting import note_call, note_paper, phones_of, service_of_message, show_phone
from palmtax.messaging.actions.campaigning import (
    campaign_wishes,
    complaints_about,
    outcomes,
    recall,
    rendered_message,
    tell_many,
)
from palmtax.messaging.actions.cards import (
    Tapped,
    answer_word,
    cards_changed,
    face,
    press_card,
    register_card,
    register_saying,
)
from palmtax.messaging.actions.delivering import handed_over, not_handed_over, receipt, take_deliveries
from palmtax.messaging.actions.officers import office_language, tell_officers
from palmtax.messaging.actions.preferences import preference_of, set_preferences, unsubscribe
from palmtax.messaging.actions.serving import agreement_of, serve_document, serve_when_agreed, service_record
from palmtax.messaging.actions.signing import sign_for
from palmtax.messaging.actions.telling import message_part, tell
from palmtax.messaging.actions.watching import dead_since, progress, waiting
from palmtax.messaging.events import (
    CardsChanged,
    DeliveryDied,
    DeliveryWanted,
    DocumentRead,
    DocumentServed,
    DocumentUnread,
    ServiceEnded,
)
from palmtax.messaging.model.campaigning import Outcome, Rendered, Told, Wish, cost_fen, frames
from palmtax.messaging.model.cards import Button, Card, Words
from palmtax.messaging.model.deliveries import LEASE, Delivery, State
from palmtax.messaging.model.figures import Progress, Waiting
from palmtax.messaging.model.messages import Message, Preference
from palmtax.messaging.model.reading import every_template, find_template
from palmtax.messaging.model.sending import Way, sending
from palmtax.messaging.model.service import (
    OUTCOMES,
    Agreement,
    Attempt,
    AttemptOutcome,
    Called,
    Papered,
    Served,
    ServiceRecord,
)
from palmtax.messaging.model.templates import Template

__all__ = [
    "LEASE",
    "OUTCOMES",
    "Agreement",
    "Attempt",
    "AttemptOutcome",
    "Button",
    "Called",
    "Card",
    "CardsChanged",
    "Delivery",
    "DeliveryDied",
    "DeliveryWanted",
    "DocumentRead",
    "DocumentServed",
    "DocumentUnread",
    "Message",
    "Outcome",
    "Papered",
    "Preference",
    "Progress",
    "Rendered",
    "Served",
    "ServiceEnded",
    "ServiceRecord",
    "State",
    "Tapped",
    "Template",
    "Told",
    "Waiting",
    "Way",
    "Wish",
    "Words",
    "agreement_of",
    "answer_word",
    "campaign_wishes",
    "cards_changed",
    "complaints_about",
    "cost_fen",
    "dead_since",
    "every_template",
    "face",
    "find_template",
    "frames",
    "handed_over",
    "message_part",
    "not_handed_over",
    "note_call",
    "note_paper",
    "office_language",
    "outcomes",
    "phones_of",
    "preference_of",
    "press_card",
    "progress",
    "recall",
    "receipt",
    "register_card",
    "register_saying",
    "rendered_message",
    "sending",
    "serve_document",
    "serve_when_agreed",
    "service_of_message",
    "service_record",
    "set_preferences",
    "show_phone",
    "sign_for",
    "take_deliveries",
    "tell",
    "tell_many",
    "tell_officers",
    "unsubscribe",
    "waiting",
]
