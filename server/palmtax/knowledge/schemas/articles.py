"""Articles and letters on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from palmtax.knowledge.model.articles import GROUPS, Article
from palmtax.knowledge.model.letters import Letter, letter_topics
from palmtax.plumbing.wire import Wire


class CiteOut(Wire):
    """A text the answer rests on, and how sure we are of it."""

    cite: str
    confidence: str


class ArticleCard(Wire):
    """An article in a list."""

    code: str
    title: str
    title_en: str
    group: str
    group_en: str
    is_current: bool


class ArticleOut(ArticleCard):
    """A question people ask, its short answer, and what it leads to."""

    words: list[str]
    answer: str
    answer_en: str
    law: list[CiteOut]
    matters: list[str]
    calculators: list[str]
    valid_from: date
    valid_until: date | None
    confidence: str


class ArticleList(Wire):
    """Articles found, the best first; all of them by group when nothing was asked."""

    articles: list[ArticleCard]
    total: int


class LetterOut(Wire):
    """A written question and its answer."""

    letter_id: UUID
    letter_no: str
    topic: str
    topic_title: str
    topic_title_en: str
    question: str
    state: Literal["asked", "answered"]
    asked_at: datetime
    due_on: date
    answer: str
    answered_at: datetime | None


def _card(one: Article, day: date) -> dict[str, object]:
    return {
        "code": one.code,
        "title": one.title,
        "title_en": one.title_en,
        "group": one.group,
        "group_en": GROUPS[one.group],
        "is_current": one.is_current(day),
    }


def shape_card(one: Article, day: date) -> ArticleCard:
    """An article in a list."""
    return ArticleCard.model_validate(_card(one, day))


def shape_article(one: Article, day: date) -> ArticleOut:
    """An article on the wire."""
    more = {
        "words": list(one.words),
        "answer": one.answer,
        "answer_en": one.answer_en,
        "law": [CiteOut(cite=law.cite, confidence=law.confidence) for law in one.law],
        "matters": list(one.matters),
        "calculators": list(one.calculators),
        "valid_from": one.valid_from,
        "valid_until": one.valid_until,
        "confidence": one.confidence,
    }
    return ArticleOut.model_validate(_card(one, day) | more)


def shape_letter(one: Letter) -> LetterOut:
    """A letter on the wire."""
    topic = letter_topics()[one.topic]
    return LetterOut(
        letter_id=one.letter_id,
        letter_no=one.letter_no,
        topic=one.topic,
        topic_title=topic.title,
        topic_title_en=topic.title_en,
        question=one.question,
        state=one.state,
        asked_at=one.asked_at,
        due_on=one.due_on,
        answer=one.answer,
        answered_at=one.answered_at,
    )
