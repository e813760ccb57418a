"""Statutes: the texts that rules cite, the days they are in force, and what the cited articles say in short."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from palmtax.rules.errors import LawError
from palmtax.rules.parameters import CONFIDENCES, Confidence, read_yaml

PATH = Path(__file__).parent / "law" / "statutes.yaml"


@dataclass(frozen=True, slots=True)
class Article:
    """One cited article, paraphrased in our own words."""

    paraphrase: str
    paraphrase_en: str
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Statute:
    """A law, regulation or announcement; `ended_on` is set when it stopped earlier than it had said (`until`)."""

    title: str
    title_en: str
    number: str
    first_day: date
    until: date | None
    ended_on: date | None
    replaced_by: str
    articles: dict[str, Article]

    def in_force(self, day: date) -> bool:
        """Whether it counts on that day."""
        last = self.ended_on or self.until
        return self.first_day <= day and (last is None or day <= last)


@dataclass(frozen=True, slots=True)
class Citation:
    """The article behind a line or a number, as sure as the least sure of what is taken from it.

    `note` says, for officers, what is noted of the numbers taken from it.
    """

    title: str
    article: str
    paraphrase: str
    source: str
    confidence: Confidence
    note: str = ""


@cache
def every_statute() -> dict[str, Statute]:
    """Every statute, by title."""
    found: dict[str, Statute] = {}
    for title, raw in read_yaml(PATH).items():
        articles = {str(name): _article(f"{title} {name}", words) for name, words in raw["articles"].items()}
        found[title] = Statute(
            title=title,
            title_en=raw["title_en"],
            number=raw["number"],
            first_day=raw["from"],
            until=raw.get("until"),
            ended_on=raw.get("ended_on"),
            replaced_by=raw.get("replaced_by", ""),
            articles=articles,
        )
    return found


def _article(name: str, raw: dict[str, str]) -> Article:
    if set(raw) != {"zh", "en", "source", "confidence"} or raw["confidence"] not in CONFIDENCES:
        raise LawError(f"statutes.yaml: {name}: {sorted(raw)}")
    return Article(raw["zh"], raw["en"], raw["source"], raw["confidence"])  # type: ignore[arg-type]  # checked above


def find_article(reference: str) -> tuple[Statute, str, Article]:
    """The statute and article of a reference such as `增值税法 第二十三条`; an unknown one raises `LawError`."""
    title, _, article = reference.rpartition(" ")
    statute = every_statute().get(title)
    if statute is None or article not in statute.articles:
        raise LawError(f"not in statutes.yaml: {reference!r}")
    return statute, article, statute.articles[article]


_NUMERALS = {numeral: value for value, numeral in enumerate("零一二三四五六七八九")}
_TENS = {"十": 10, "百": 100}
_ARTICLE = re.compile("第([零一二三四五六七八九十百]+)条(.*)")


def article_in_english(name: str) -> str:
    """The name of an article for English readers; items below it keep their marks.

    >>> article_in_english("第一百零九条"), article_in_english("第十一条"), article_in_english("三（三）6")
    ('Art. 109', 'Art. 11', 'item 三（三）6')
    """
    found = _ARTICLE.fullmatch(name)
    if found is None:
        return f"item {name}"
    total = pending = 0
    for numeral in found[1]:
        if numeral in _TENS:
            total += (pending or 1) * _TENS[numeral]
            pending = 0
        else:
            pending = _NUMERALS[numeral]
    return f"Art. {total + pending}{found[2]}"


@cache
def cite(reference: str, language: str = "zh") -> Citation:
    """The reference as people read it, in `zh` or `en`."""
    statute, name, article = find_article(reference)
    if language == "en":
        name_en = article_in_english(name)
        return Citation(statute.title_en, name_en, article.paraphrase_en, article.source, article.confidence)
    return Citation(statute.title, name, article.paraphrase, article.source, article.confidence)
