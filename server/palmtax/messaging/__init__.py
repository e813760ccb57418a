"""What the tax office tells a taxpayer, in words kept as templates, and how it reaches each person.

Owns the words message 消息, template 消息模板, reading 已读回执, preference 接收偏好, consent 同意, signature 签收, delivery
送达任务, way 方式, receipt 回执, dead letter 死信, service 电子送达. A domain that has news for a taxpayer calls `tell` in its own
transaction; telling twice under one key tells once. The worker plans deliveries; channels, which stand above, hear
`messaging.delivery_wanted`, take a delivery with a lease, and say what came of it. Not the channels themselves, not who
may see a matter, and nothing about why something was decided.
"""

from palmtax.messaging.actions.delivering import handed_over, not_handed_over, receipt, take_delivery
from palmtax.messaging.actions.preferences import preference_of, set_preferences, unsubscribe
from palmtax.messaging.actions.serving import agreement_of, serve_document, service_record
from palmtax.messaging.actions.signing import sign_for
from palmtax.messaging.actions.telling import message_part, tell
from palmtax.messaging.events import DeliveryDied, DeliveryWanted, DocumentRead, DocumentServed, DocumentUnread
from palmtax.messaging.model.deliveries import LEASE, Delivery, State
from palmtax.messaging.model.messages import Message, Preference
from palmtax.messaging.model.reading import every_template, find_template
from palmtax.messaging.model.sending import Way, sending
from palmtax.messaging.model.service import Agreement, Served, ServiceRecord
from palmtax.messaging.model.templates import Template

__all__ = [
    "LEASE",
    "Agreement",
    "Delivery",
    "DeliveryDied",
    "DeliveryWanted",
    "DocumentRead",
    "DocumentServed",
    "DocumentUnread",
    "Message",
    "Preference",
    "Served",
    "ServiceRecord",
    "State",
    "Template",
    "Way",
    "agreement_of",
    "every_template",
    "find_template",
    "handed_over",
    "message_part",
    "not_handed_over",
    "preference_of",
    "receipt",
    "sending",
    "serve_document",
    "service_record",
    "set_preferences",
    "sign_for",
    "take_delivery",
    "tell",
    "unsubscribe",
]
