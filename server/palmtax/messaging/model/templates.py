"""Templates of messages: words with named places, rendered in two languages for each medium. Pure.

A place is written {name}; `{name}` of the English text takes `name_en` where the teller gives it. Values are plain
text: what looks like a place inside a value stays as it is. `reading` reads the folders.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from palmtax.base.money import show_yuan
from palmtax.messaging.model.media import fitted, kind_of_field
from palmtax.messaging.model.sending import Quiet

Kind = Literal["text", "date", "amount", "number", "time"]
Language = Literal["zh", "en"]
Values = Mapping[str, str | int]

Purpose = Literal["service", "promotion", "survey"]
Audience = Literal["everybody", "leads", "officer"]
Reach = Literal["inbox", "wish", "must"]

LANGUAGES: tuple[Language, ...] = ("zh", "en")
KINDS: tuple[Kind, ...] = ("text", "date", "amount", "number", "time")
LONGEST_VALUE = 500
_NONE = (None, "")
_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
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
    """One value of a template with a sample; `is_optional` when the words read well without it.

    `is_personal`: what somebody wrote or what is theirs alone; it stays inside, never on a locked screen.
    """

    name: str
    kind: Kind
    sample: str | int
    sample_en: str | int
    is_optional: bool
    is_personal: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """Title and body of a message in one language."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Template:
    """A message with places, its words for every medium, and what it may cost people's attention.

    `audience`: everybody who reads for the taxpayer, those who answer for it, or an officer (`tell_officers`).
    `reach`: only the inbox, by the person's wish, or the law needs it to arrive (`must`). `quiet` none: it cannot wait.
    `repeat`: the same about the same thing is not said again outside so soon. `expires`: later it is of no use outside.
    `elder` and `email` are there where the words differ from the inbox's.
    """

    slug: str
    purpose: Purpose
    topic: str
    audience: Audience
    reach: Reach
    quiet: Quiet | None
    repeat: timedelta
    expires: timedelta
    keep: timedelta
    variables: Mapping[str, Variable]
    zh: Words
    en: Words
    sms: Mapping[Language, str]
    wechat: Mapping[Language, Mapping[str, str]]
    elder: Mapping[Language, Words]
    email: Mapping[Language, Words]

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

    def render(self, values: Values, language: Language, *, is_elder: bool = False) -> Words:
        """Title and body with the values in their places; a line whose optional value is not given is left out.

        `BadTemplate` when a value does not fit.
        """
        own = self.elder.get(language) if is_elder else None
        return self._filled(own or (self.en if language == "en" else self.zh), values, language)

    def render_email(self, values: Values, language: Language) -> Words:
        """The mail: the inbox's words where it has none of its own."""
        return self._filled(self.email.get(language) or (self.en if language == "en" else self.zh), values, language)

    def render_sms(self, values: Values, language: Language, *, merged: int = 0) -> str:
        """The text message, on one line; `merged` more of the kind wait in the inbox. Empty when it has none."""
        if language not in self.sms:
            return ""
        text = self._filled(Words("", self.sms[language]), values, language).body
        gap = " " if language == "en" else ""
        return gap.join(line.strip() for line in (*text.splitlines(), more(merged, language)) if line.strip())

    def render_wechat(self, values: Values, language: Language) -> dict[str, str]:
        """The fields of the WeChat template, each as its type takes it: days always as WeChat reads them, 2026年11月24日."""
        filled = {}
        for name, text in (self.wechat.get(language) or {}).items():
            own: Language = "zh" if kind_of_field(name) in ("date", "time") else language
            filled[name] = fitted(name, self._filled(Words("", text), values, own).body)
        return filled

    def show_values(self, values: Values, language: Language) -> dict[str, str]:
        """Every given value as people read it."""
        return {name: self._put(name, values, language) for name in self.variables if values.get(name) not in _NONE}

    def _put(self, name: str, values: Values, language: Language) -> str:
        value = values.get(f"{name}_en") if language == "en" else None
        return shown(self.variables[name].kind, values[name] if value in _NONE else value or "", language)

    def _filled(self, words: Words, values: Values, language: Language) -> Words:
        self.check(values)

        def put(found: re.Match[str]) -> str:
            return self._put(found[1], values, language)

        kept = [
            _PLACE.sub(put, line)
            for line in words.body.splitlines()
            if not any(values.get(name) in _NONE for name in places(line))
        ]
        return Words(_PLACE.sub(put, words.title), re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip())


def places(text: str) -> list[str]:
    """The names of the places in a text.

    >>> places("{matter_title}：{until}")
    ['matter_title', 'until']
    """
    return _PLACE.findall(text)


def more(merged: int, language: Language) -> str:
    """What a text message adds when it stands for several.

    >>> more(2, "zh"), more(0, "zh"), more(1, "en")
    ('另有2条同类消息，请看收件箱。', '', '1 more like this in your inbox.')
    """
    if not merged:
        return ""
    return f"{merged} more like this in your inbox." if language == "en" else f"另有{merged}条同类消息，请看收件箱。"


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
