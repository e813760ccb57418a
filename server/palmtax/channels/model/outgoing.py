"""A message on its way out, and their words fitted to what each field of theirs takes. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

import orjson

from palmtax.channels.model.manifest import Template

EMPTY = "—"
"""A field is never empty: an empty value is refused with 47003."""
_LONGEST = {
    "thing": 20, "short_thing": 5, "number": 32, "letter": 32, "symbol": 5, "character_string": 32, "phone_number": 17,
    "car_number": 8, "name": 10, "phrase": 5, "const": 20,
}  # fmt: skip
_KIND = re.compile(r"^([a-z_]+?)\d*$")


@dataclass(frozen=True, slots=True)
class CardOut:
    """A card in one language; `buttons` are keys with words and whether each is the main one, `answer` is what the last tap came to.

    `kind` and `subject_id` say what it is about.
    """

    kind: str
    subject_id: UUID
    title: str
    standing: str
    facts: tuple[tuple[str, str], ...]
    buttons: tuple[tuple[str, str, bool], ...]
    open_words: str
    link: str
    answer: str = ""

    @property
    def digest(self) -> str:
        """What stands on it, in one number; the answer is not part of it."""
        said = (self.title, self.standing, self.facts, self.buttons, self.link)
        return hashlib.sha256(orjson.dumps(said)).hexdigest()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to one address, with `values` by name as text.

    `reference` is ours (the delivery), `link` a whole address, `page` the same inside the mini program.
    """

    reference: str
    address: str
    language: Literal["zh", "en"]
    template: str
    title: str
    body: str
    short: str
    link: str
    now: str = ""
    page: str = "pages/home/index"
    values: Mapping[str, str] = field(default_factory=dict)
    card: CardOut | None = None

    def place(self, name: str) -> str:
        """One of our places: title, body, short, link, now, reference, or a variable; `a|b` takes the first that is there.

        A text after `=` stands for itself.
        """
        own = {"title": self.title, "body": self.body, "short": self.short, "link": self.link, "now": self.now}
        for one in name.split("|"):
            found = one[1:] if one.startswith("=") else own.get(one) or self.values.get(one, "")
            if found:
                return found
        return ""


@dataclass(frozen=True, slots=True)
class Sent:
    """What the platform took: its number of the message; `follow_up` opens the card again (WeCom's response_code)."""

    provider_ref: str
    stage: Literal["handed", "delivered"] = "handed"
    follow_up: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """How one call ended: `sent`, or a code; `unanswered` when no usable answer came, `unknown` when it may have arrived."""

    sent: Sent | None
    code: str = ""
    ending: Literal["sent", "refused", "unanswered", "unknown"] = "sent"
    milliseconds: int = 0


def fitted(field_name: str, value: str) -> str:
    """A value cut to what a field of this name takes (channels.md §3).

    >>> fitted("thing1", "增值税及附加税费申报表（小规模纳税人适用）"), fitted("thing2", " ")
    ('增值税及附加税费申报表（小规模纳税人适…', '—')
    >>> fitted("character_string3", "BJ2026号"), fitted("phrase4", "已经办理完成了")
    ('BJ2026', '已经办理完')
    """
    found = _KIND.match(field_name)
    kind = found[1] if found else field_name
    text = " ".join(value.split())
    if kind in ("character_string", "number", "letter"):
        text = re.sub(r"[^\x20-\x7e]", "", text).strip()
        return text[: _LONGEST[kind]] or "-"
    if kind == "phrase":
        return re.sub(r"[^一-鿿]", "", text)[: _LONGEST[kind]] or "有更新"
    if kind == "amount":
        return text.replace(",", "")[:14] or EMPTY
    longest = _LONGEST.get(kind, 0)
    if longest and len(text) > longest:
        text = text[: longest - 1] + "…"
    return text or EMPTY


def one_line(text: str) -> str:
    r"""The words on one line, without what steers the screen.

    >>> one_line("已\r\n办好\u202e。")
    '已 办好。'
    """
    return "".join(one for one in " ".join(text.split()) if one.isprintable())


def fields_of(said: Template, out: Outgoing) -> dict[str, str]:
    """Their fields with our words in them."""
    return {name: fitted(name, out.place(ours)) for name, ours in said.fields.items()}


def utf8_cut(text: str, longest_bytes: int) -> str:
    """The text cut to so many bytes, never inside a character.

    >>> utf8_cut("税务局", 7)
    '税务'
    """
    return text.encode()[:longest_bytes].decode("utf-8", "ignore")
