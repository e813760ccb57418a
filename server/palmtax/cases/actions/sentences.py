"""Sentences for decisions: one file for each field of work."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from palmtax.cases.model.case import SKILLS

FOLDER = Path(__file__).resolve().parents[1] / "templates"
USES = ("yes", "no", "supplement")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in Chinese and English."""

    text: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Sentences:
    """What is said with a yes, a no, and when something is missing."""

    skill: str
    yes: tuple[Sentence, ...]
    no: tuple[Sentence, ...]
    supplement: tuple[Sentence, ...]


@cache
def sentences(skill: str) -> Sentences:
    """The sentences of a field of work; of an unknown one the first, as a start."""
    code = skill if skill in SKILLS else SKILLS[0]
    raw: dict[str, Any] = yaml.safe_load((FOLDER / f"{code}.yaml").read_text(encoding="utf-8"))
    found = {use: tuple(Sentence(one["text"], one["text_en"]) for one in raw[use]) for use in USES}
    return Sentences(skill=code, **found)
