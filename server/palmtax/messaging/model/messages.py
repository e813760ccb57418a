"""Messages as they lie in the inbox, and what a person wishes to be told. Pure but for the list of topics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from uuid import UUID

import yaml

_TOPICS = Path(__file__).parents[1] / "kinds" / "topics.yaml"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a taxpayer, in both languages, with the reader's own mark."""

    taxpayer_id: int
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
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A topic or a way that a person may choose; `is_always` cannot be left out."""

    code: str
    title: str
    title_en: str
    is_always: bool


@dataclass(frozen=True, slots=True)
class Preference:
    """What one person wishes to be told about one taxpayer, and how; at first everything, in the inbox."""

    topics: tuple[str, ...]
    ways: tuple[str, ...]
    changed_at: datetime | None = None


@cache
def choices(what: str) -> Mapping[str, Choice]:
    """The `topics` or the `ways`, by code, in the order in which they are shown."""
    raw = yaml.safe_load(_TOPICS.read_text(encoding="utf-8"))
    return {one["code"]: Choice(**one) for one in raw[what]}


def completed(what: str, chosen: Sequence[str]) -> tuple[str, ...]:
    """What was chosen and what cannot be left out, in the order of the list.

    >>> completed("ways", ["sms"]), completed("topics", ["policy"])[-1]
    (('inbox', 'sms'), 'policy')
    """
    return tuple(one.code for one in choices(what).values() if one.is_always or one.code in chosen)


def at_first() -> Preference:
    """The preference of somebody who never chose."""
    return Preference(tuple(choices("topics")), ("inbox",))
