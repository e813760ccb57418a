"""Templates of messages: folders of words with named places, read once, rendered in two languages.

`templates/<slug>/template.yaml` says what a message is for and which values it takes; `inbox.zh.md` and `inbox.en.md`
hold the words: a first line `# title`, then the body. A place is written {name}; `{name}` of the English text takes
`name_en` where the teller gives it. Values are plain text: what looks like a place inside a value stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from palmtax.base.money import show_yuan

Kind = Literal["text", "date", "amount", "number", "time"]
Language = Literal["zh", "en"]
Values = Mapping[str, str | int]

FOLDER = Path(__file__).parents[1] / "templates"
PURPOSES = ("service", "promotion")
KINDS: tuple[Kind, ...] = ("text", "date", "amount", "number", "time")
LONGEST_VALUE = 500
_NONE = (None, "")
_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_HEAD = {"purpose", "topic", "variables"}
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


class BadTemplate(ValueError):
    """A template or a value that does not fit; a mistake of ours, never of a taxpayer."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One value of a template with a sample; `is_optional` when the words read well without it."""

    name: str
    kind: Kind
    sample: str | int
    sample_en: str | int
    is_optional: bool


@dataclass(frozen=True, slots=True)
class Words:
    """Title and body of a message in one language."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Template:
    """A message with places."""

    slug: str
    purpose: Literal["service", "promotion"]
    topic: str
    variables: Mapping[str, Variable]
    zh: Words
    en: Words

    def samples(self) -> dict[str, str | int]:
        """The sample values, as a teller would hand them in."""
        found: dict[str, str | int] = {}
        for one in self.variables.values():
            found[one.name] = one.sample
            if one.sample_en != one.sample:
                found[f"{one.name}_en"] = one.sample_en
        return found

    def check(self, values: Values) -> None:
        """`BadTemplate` when a value is missing or of another kind; values that no place asks for do no harm."""
        missing = [one.name for one in self.variables.values() if not one.is_optional and values.get(one.name) in _NONE]
        if missing:
            raise BadTemplate(f"{self.slug}: missing {missing}")
        for one in self.variables.values():
            if values.get(one.name) not in _NONE:
                shown(one.kind, values[one.name], "zh")

    def render(self, values: Values, language: Language) -> Words:
        """Title and body with the values in their places; a line whose optional value is not given is left out.

        `BadTemplate` when a value does not fit.
        """
        self.check(values)
        words = self.en if language == "en" else self.zh

        def put(found: re.Match[str]) -> str:
            name = found[1]
            value = values.get(f"{name}_en") if language == "en" else None
            return shown(self.variables[name].kind, values[name] if value in _NONE else value or "", language)

        kept = [
            _PLACE.sub(put, line)
            for line in words.body.splitlines()
            if not any(values.get(name) in _NONE for name in _PLACE.findall(line))
        ]
        return Words(_PLACE.sub(put, words.title), re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip())


def shown(kind: Kind, value: str | int, language: Language) -> str:
    """A value as people read it.

    >>> shown("date", "2026-11-23", "zh"), shown("date", "2026-11-23", "en"), shown("amount", 123450, "zh")
    ('2026年11月23日', '23 November 2026', '¥1,234.50')
    """
    if kind == "date":
        try:
            day = date.fromisoformat(str(value))
        except ValueError as wrong:
            raise BadTemplate(f"{value!r} is not an ISO day") from wrong
        return (
            f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
            if language == "en"
            else f"{day.year}年{day.month}月{day.day}日"
        )
    if kind == "amount":
        return f"¥{show_yuan(int(value))}"
    if kind == "number":
        return str(int(value))
    return re.sub(r"[\x00-\x08\x0b-\x1f]", "", str(value)).strip()[:LONGEST_VALUE]


def _words(path: Path) -> Words:
    first, _, rest = path.read_text(encoding="utf-8").partition("\n")
    if not first.startswith("# ") or not rest.strip():
        raise BadTemplate(f"{path.parent.name}/{path.name}: a first line “# title”, then the body")
    return Words(first.removeprefix("# ").strip(), rest.strip())


def _variable(slug: str, name: str, raw: Any) -> Variable:
    if not isinstance(raw, dict) or raw.get("type") not in KINDS or "sample" not in raw:
        raise BadTemplate(f"{slug}: {name} needs a type of {KINDS} and a sample")
    sample = raw["sample"]
    return Variable(name, raw["type"], sample, raw.get("sample_en") or sample, bool(raw.get("optional")))


def _read(folder: Path) -> Template:
    raw = yaml.safe_load((folder / "template.yaml").read_text(encoding="utf-8"))
    slug = folder.name
    if set(raw) != _HEAD or raw["purpose"] not in PURPOSES:
        raise BadTemplate(f"{slug}/template.yaml: keys {sorted(_HEAD)}, purpose one of {PURPOSES}")
    made = Template(
        slug=slug,
        purpose=raw["purpose"],
        topic=str(raw["topic"]),
        variables={name: _variable(slug, name, one) for name, one in raw["variables"].items()},
        zh=_words(folder / "inbox.zh.md"),
        en=_words(folder / "inbox.en.md"),
    )
    for words in (made.zh, made.en):
        places = set(_PLACE.findall(words.title + words.body))
        if places != set(made.variables):
            raise BadTemplate(f"{slug}: places {sorted(places)}, variables {sorted(made.variables)}")
    return made


@cache
def every_template() -> Mapping[str, Template]:
    """Every template by its slug; `BadTemplate` names the first that is badly written."""
    return {folder.name: _read(folder) for folder in sorted(FOLDER.iterdir()) if folder.is_dir()}


def find_template(slug: str) -> Template:
    """The template; `BadTemplate` when there is none."""
    found = every_template().get(slug)
    if found is None:
        raise BadTemplate(f"no message template {slug!r}")
    return found
