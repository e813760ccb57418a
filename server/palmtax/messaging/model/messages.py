"""Messages as they lie in the inbox, and what a person wishes to be told. Pure but for the list of topics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal
from uuid import UUID

import yaml

from palmtax.messaging.model.sending import Quiet
from palmtax.messaging.model.templates import Language

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
    matter_code: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A topic or a way that a person may choose; `is_always` cannot be left out."""

    code: str
    title: str
    title_en: str
    is_always: bool


@dataclass(frozen=True, slots=True)
class Preference:
    """What one person wishes to be told about one taxpayer, how, in which language, and in which hours not.

    At first everything, by every way that costs nothing and that the person has joined of their own accord.
    """

    topics: tuple[str, ...]
    ways: tuple[str, ...]
    language: Language = "zh"
    is_elder: bool = False
    quiet: Quiet | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """A person's word on a purpose: given or taken back, with the notice they had read and how we know."""

    purpose: str
    is_given: bool
    notice: str
    proof: Literal["screen", "channel"]
    decided_at: datetime


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
    return Preference(tuple(choices("topics")), completed("ways", ["wechat", "push"]))
