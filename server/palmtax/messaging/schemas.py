"""Messages and preferences on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from palmtax.messaging.model.messages import Choice, Message, Preference, choices
from palmtax.plumbing.wire import Wire

Code = Annotated[str, Field(min_length=1, max_length=40)]


class MessageOut(Wire):
    """A message in both languages; `read_at` is the reader's own."""

    message_id: UUID
    template: str
    topic: str
    title: str
    title_en: str
    body: str
    body_en: str
    subject_kind: str
    subject_id: UUID | None
    created_at: datetime
    read_at: datetime | None


class MessagePage(Wire):
    """A page of the inbox, newest first, and how many are unread in all."""

    messages: list[MessageOut]
    next_cursor: str | None
    unread: int


class ChoiceOut(Wire):
    """A topic or a way, and whether it is chosen."""

    code: str
    title: str
    title_en: str
    is_always: bool
    is_chosen: bool


class PreferenceIn(Wire):
    """What to be told, and how; what cannot be left out is put back in."""

    topics: list[Code] = Field(max_length=20)
    ways: list[Code] = Field(max_length=20)


class PreferenceOut(Wire):
    """All topics and ways with what this person chose."""

    topics: list[ChoiceOut]
    ways: list[ChoiceOut]
    changed_at: datetime | None


def shape_message(message: Message) -> MessageOut:
    """A message on the wire."""
    return MessageOut(**{name: getattr(message, name) for name in MessageOut.model_fields})


def _choice(one: Choice, chosen: tuple[str, ...]) -> ChoiceOut:
    return ChoiceOut(
        code=one.code,
        title=one.title,
        title_en=one.title_en,
        is_always=one.is_always,
        is_chosen=one.code in chosen,
    )


def shape_preference(wish: Preference) -> PreferenceOut:
    """A preference on the wire."""
    return PreferenceOut(
        topics=[_choice(one, wish.topics) for one in choices("topics").values()],
        ways=[_choice(one, wish.ways) for one in choices("ways").values()],
        changed_at=wish.changed_at,
    )
