"""What a campaign needs to know of people and of what became of its messages. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from palmtax.messaging.model.media import segments
from palmtax.messaging.model.messages import Preference
from palmtax.messaging.model.reading import every_template
from palmtax.messaging.model.sending import sending
from palmtax.messaging.model.templates import LANGUAGES, Language, Template, Values, Words

SUBJECT = "campaign"
"""What a message of a campaign is about; its number is the campaign's."""
FRAMES = "campaign_"
"""How the templates begin that are frames around an editor's words."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person chose for a taxpayer, and the purposes for which campaigns may reach them: agreed to, and the topic
    not switched off.
    """

    choice: Preference
    consents: frozenset[str]


@dataclass(frozen=True, slots=True)
class Told:
    """What came of telling one taxpayer: the message, or why there is none (`no_consent`)."""

    taxpayer_id: int
    message_id: UUID | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message so far. `trouble`: no way has worked, and one failed or is tried again and again.

    `ways` are those by which it was handed over; `is_waiting` while one waits its turn, or nothing is planned yet.
    """

    taxpayer_id: int
    message_id: UUID
    ways: tuple[str, ...]
    is_arrived: bool
    is_trouble: bool
    is_waiting: bool
    is_withdrawn: bool
    read_at: datetime | None
    unsubscribed_at: datetime | None
    complained_at: datetime | None


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in every medium of one language; `segments` of the text message as the operators count."""

    language: Language
    inbox: Words
    elder: Words
    email: Words
    sms: str
    segments: int
    wechat: Mapping[str, str]


def frames() -> dict[str, Template]:
    """The templates that campaigns may use: frames whose purpose needs a consent of its own."""
    return {
        slug: one
        for slug, one in every_template().items()
        if slug.startswith(FRAMES) and one.purpose in sending().consents
    }


def rendered(template: Template, values: Values) -> tuple[Rendered, ...]:
    """The message in both languages and every medium; `BadTemplate` when a value does not fit."""
    found = []
    for language in LANGUAGES:
        sms = template.render_sms(values, language)
        found.append(
            Rendered(
                language=language,
                inbox=template.render(values, language),
                elder=template.render(values, language, is_elder=True),
                email=template.render_email(values, language),
                sms=sms,
                segments=segments(sms),
                wechat=template.render_wechat(values, language),
            )
        )
    return tuple(found)


def cost_fen(way: str, parts: int) -> int:
    """What one message costs by a way, fen; a text message costs each of its parts.

    >>> cost_fen("sms", 2), cost_fen("push", 2), cost_fen("inbox", 1)
    (10, 0, 0)
    """
    known = sending().ways.get(way)
    return 0 if known is None else known.cost_fen * (parts if way == "sms" else 1)
