"""The in-app inbox (收件箱): what the tax office tells a taxpayer, in words kept as templates.

Owns the words message 消息, template 消息模板, reading 已读回执, preference 接收偏好, signature 签收. A domain that has
news for a taxpayer calls `tell` in its own transaction; telling twice under one key tells once. Not the channels that
carry a message outside (text message, WeChat, e-mail): they come with a later issue and read the same templates. Not
who may see a matter, and nothing about why something was decided.
"""

from palmtax.messaging.actions.preferences import preference_of, set_preferences
from palmtax.messaging.actions.signing import sign_for
from palmtax.messaging.actions.telling import message_part, tell
from palmtax.messaging.model.messages import Message, Preference
from palmtax.messaging.model.templates import Template, every_template, find_template

__all__ = [
    "Message",
    "Preference",
    "Template",
    "every_template",
    "find_template",
    "message_part",
    "preference_of",
    "set_preferences",
    "sign_for",
    "tell",
]
