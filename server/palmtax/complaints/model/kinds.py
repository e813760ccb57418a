"""What may be complained about, how long things may take, levels and tags of ratings: data files, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from palmtax.complaints.errors import ChoiceUnknown

FOLDER = Path(__file__).parents[1] / "kinds"
CATEGORIES = ("conduct", "quality", "rights")


@dataclass(frozen=True, slots=True)
class SubKind:
    """A kind of complaint within a category; quick ones are answered sooner."""

    code: str
    title: str
    title_en: str
    is_quick: bool = False


@dataclass(frozen=True, slots=True)
class Category:
    """One of the three categories, with its days for an answer."""

    code: str
    title: str
    title_en: str
    days: int
    kinds: Mapping[str, SubKind]


@dataclass(frozen=True, slots=True)
class Named:
    """A code with its names."""

    code: str
    title: str
    title_en: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A word that goes with a rating."""

    code: str
    title: str
    title_en: str
    is_good: bool


def _read(name: str) -> Any:
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


@cache
def categories() -> Mapping[str, Category]:
    """The three categories by code."""
    found = {}
    for name in CATEGORIES:
        raw = _read(name)
        kinds = {one["code"]: SubKind(**one) for one in raw["kinds"]}
        found[raw["code"]] = Category(raw["code"], raw["title"], raw["title_en"], int(raw["days"]), kinds)
    return found


@cache
def _clocks() -> Mapping[str, Any]:
    found: Mapping[str, Any] = _read("clocks")
    return found


def days_of(clock: str, on: date) -> int:
    """A clock's working days on a day: the newest value that had begun.

    >>> days_of("accept_days", date(2026, 11, 23)), days_of("quick_days", date(2026, 11, 23))
    (1, 3)
    """
    begun = [one for one in _clocks()[clock]["values"] if one["from"] <= on]
    return int(max(begun, key=lambda one: one["from"])["value"])


def find_kind(text: str) -> tuple[Category, SubKind | None]:
    """A category, or one of its kinds, by code or title. Errors: complaints.choice_unknown.

    >>> find_kind("conduct")[0].days, find_kind("服务质效")[0].code, find_kind("attitude")[1].title
    (5, 'quality', '服务态度不好')
    """
    asked = text.strip()
    for category in categories().values():
        if asked in {category.code, category.title}:
            return category, None
        for kind in category.kinds.values():
            if asked in {kind.code, kind.title, f"{category.code}.{kind.code}"}:
                return category, kind
    raise ChoiceUnknown(choice=asked[:40], known="、".join(one.title for one in categories().values()))


def answer_days(category: str, *, is_quick: bool, on: date) -> int:
    """Working days until the answer, from acceptance.

    >>> (
    ...     answer_days("conduct", is_quick=False, on=date(2026, 11, 23)),
    ...     answer_days("rights", is_quick=True, on=date(2026, 11, 23)),
    ... )
    (5, 3)
    """
    return days_of("quick_days", on) if is_quick else categories()[category].days


@cache
def tags() -> Mapping[str, Tag]:
    """Tags of ratings by code."""
    return {one["code"]: Tag(**one) for one in _read("ratings")["tags"]}


@cache
def levels() -> Mapping[int, Named]:
    """The five levels by their stars, the best first."""
    return {one["stars"]: Named(str(one["stars"]), one["title"], one["title_en"]) for one in _read("ratings")["levels"]}


@cache
def is_bad(stars: int) -> bool:
    """Whether somebody must call: the two lowest levels."""
    return stars <= int(_read("ratings")["bad_up_to"])


def find_suggestion_kind(text: str) -> Named:
    """Suggestion or praise, by code or title. Errors: complaints.choice_unknown."""
    known = [Named(**one) for one in _read("ratings")["suggestions"]]
    for one in known:
        if text.strip() in {one.code, one.title}:
            return one
    raise ChoiceUnknown(choice=text.strip()[:40], known="、".join(one.title for one in known))
