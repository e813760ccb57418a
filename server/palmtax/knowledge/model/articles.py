"""Policies and answers 政策与问答: short articles in everyday words, one file each; found by what people say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from palmtax.knowledge import errors

FOLDER = Path(__file__).parents[1] / "catalogue"
CONFIDENCES = ("law", "secondary", "own knowledge", "uncertain")
GROUPS = {
    "增值税": "VAT",
    "个人所得税": "Income tax of people",
    "企业所得税": "Corporate income tax",
    "印花税": "Stamp duty",
    "优惠": "Reliefs",
    "申报": "Filing and paying",
    "退税": "Refunds",
    "发票": "Invoices",
    "证明": "Certificates",
    "房产车辆": "Homes and cars",
    "社保": "Social insurance and fees",
    "登记注销": "Registration and closing",
    "信用": "Credit",
    "办税厅": "Service halls",
    "权益": "Rights",
}
_NEEDED = {"title", "title_en", "group", "words", "law", "answer", "answer_en", "matters", "valid_from", "confidence"}
_MORE = {"valid_until", "calculators"}


@dataclass(frozen=True, slots=True)
class Cite:
    """A text the answer rests on, and how sure we are of it."""

    cite: str
    confidence: str


@dataclass(frozen=True)
class Article:
    """A question people ask, its short answer, and what it leads to."""

    code: str
    title: str
    title_en: str
    group: str
    words: tuple[str, ...]
    law: tuple[Cite, ...]
    answer: str
    answer_en: str
    matters: tuple[str, ...]
    calculators: tuple[str, ...]
    valid_from: date
    valid_until: date | None
    confidence: str

    def is_current(self, day: date) -> bool:
        """Whether the answer counts on a day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)

    @cached_property
    def _named(self) -> str:
        return "\n".join((self.title, self.title_en, *self.words)).lower()

    @cached_property
    def _said(self) -> str:
        return "\n".join((self._named, self.answer, self.answer_en, *(one.cite for one in self.law))).lower()

    def marks(self, asked: str) -> int:
        """How well it answers what somebody typed: 0 not at all, 100 by its very name."""
        text = asked.strip().lower()
        if not any(letter.isalnum() for letter in text):
            return 0
        if text in (self.title.lower(), self.title_en.lower()) or text in (word.lower() for word in self.words):
            return 100
        parts = text.split()
        if text in self._named:
            return 80
        if any(word.lower() in text for word in self.words):
            return 70
        if len(parts) > 1 and all(part in self._said for part in parts):
            return 60
        if text in self._said:
            return 40
        return self._shared(text)

    def _shared(self, text: str) -> int:
        """Up to 35 by the pairs of letters that stand in its name too; for Chinese without spaces."""
        pairs = {text[at : at + 2] for at in range(len(text) - 1) if not text[at].isascii()}
        found = sum(pair in self._named for pair in pairs)
        return 35 * found // len(pairs) if len(pairs) > 1 and found * 2 >= len(pairs) else 0


def read_article(path: Path) -> Article:
    """One file; `ValueError` names what is wrong with it."""
    raw: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(raw, dict) or not _NEEDED <= raw.keys() <= _NEEDED | _MORE:
        raise ValueError(f"{path.name}: needs {sorted(_NEEDED)}, may have {sorted(_MORE)}")
    laws = tuple(Cite(str(one["cite"]), str(one["confidence"])) for one in raw["law"])
    bad = [one for one in (*(law.confidence for law in laws), raw["confidence"]) if one not in CONFIDENCES]
    if bad or raw["group"] not in GROUPS or not laws:
        raise ValueError(f"{path.name}: group or confidence {bad}, or no law")
    return Article(
        code=path.stem,
        title=str(raw["title"]),
        title_en=str(raw["title_en"]),
        group=raw["group"],
        words=tuple(map(str, raw["words"])),
        law=laws,
        answer=str(raw["answer"]).strip(),
        answer_en=str(raw["answer_en"]).strip(),
        matters=tuple(raw["matters"]),
        calculators=tuple(raw.get("calculators", ())),
        valid_from=raw["valid_from"],
        valid_until=raw.get("valid_until"),
        confidence=raw["confidence"],
    )


@cache
def every_article() -> Mapping[str, Article]:
    """Every article by code."""
    return {path.stem: read_article(path) for path in sorted(FOLDER.glob("*.yaml"))}


def find_article(code: str) -> Article:
    """One article. Errors: knowledge.article_unknown."""
    found = every_article().get(code)
    if found is None:
        raise errors.ArticleUnknown()
    return found


def found_articles(text: str, *, on: date, limit: int = 20) -> list[tuple[Article, int]]:
    """Articles that answer what somebody typed, the best first; those that count on the day before those that do not."""
    found = [(one, one.marks(text)) for one in every_article().values()]
    hits = [(one, marks) for one, marks in found if marks > 0]
    return sorted(hits, key=lambda hit: (not hit[0].is_current(on), -hit[1], hit[0].code))[:limit]


def articles_of_matter(matter: str) -> list[Article]:
    """Articles that lead to a matter, by its code."""
    return [one for one in every_article().values() if matter.strip().upper() in one.matters]
