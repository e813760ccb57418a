"""Written consultations 书面咨询: a question, its topic, and the day by which it is answered. Pure but for the list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import yaml

from palmtax.knowledge import errors

_FILE = Path(__file__).parents[1] / "kinds" / "letters.yaml"


@dataclass(frozen=True, slots=True)
class LetterTopic:
    """What a question is about."""

    code: str
    title: str
    title_en: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A question in writing, and its answer."""

    taxpayer_id: int
    letter_id: UUID
    letter_no: str
    topic: str
    question: str
    person_id: int
    office_code: str
    state: Literal["asked", "answered"]
    asked_at: datetime
    due_on: date
    answer: str = ""
    answered_by: int | None = None
    answered_at: datetime | None = None
    application_id: UUID | None = None


@cache
def _list() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return found


@cache
def letter_topics() -> Mapping[str, LetterTopic]:
    """Every topic by code."""
    return {one["code"]: LetterTopic(**one) for one in _list()["topics"]}


def find_topic(text: str) -> LetterTopic:
    """A topic by code or title; `other` for what is on no list.

    >>> find_topic("vat").title, find_topic("印花税").code, find_topic("留学生退税").code
    ('增值税', 'stamp', 'other')
    """
    asked = text.strip()
    known = letter_topics()
    return next((one for one in known.values() if asked in {one.code, one.title}), known["other"])


def answer_days(day: date) -> int:
    """Working days until the answer.

    >>> answer_days(date(2026, 11, 23))
    15
    """
    known = _list()["answer_days"]["values"]
    begun = [one for one in known if one["from"] <= day] or known[:1]
    return int(max(begun, key=lambda one: one["from"])["value"])


def checked_question(text: str) -> str:
    """The question without blanks around it. Errors: knowledge.question_missing."""
    if len(text.strip()) < 5:
        raise errors.QuestionMissing()
    return text.strip()


def sees(office_code: str, of_letter: str) -> bool:
    """Whether an office is that of the letter or one above it: levels are pairs of digits, `00` where not used.

    >>> sees("14403000000", "14403050000"), sees("14403050000", "14403000000"), sees("", "14403050000")
    (True, False, False)
    """
    lead, levels = office_code[:1], office_code[1:]
    while levels.endswith("00"):
        levels = levels[:-2]
    return bool(office_code) and of_letter.startswith(lead + levels)
