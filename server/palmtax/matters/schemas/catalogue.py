"""The catalogue on the wire."""

from __future__ import annotations

from typing import Literal

from palmtax.plumbing.wire import FenNotNegative, Wire

MobileMark = Literal["frequent", "suited", "office"]


class MatterCard(Wire):
    """A matter in a list."""

    code: str
    title: str
    title_en: str
    say: str
    say_en: str
    who: list[str]
    roles: list[str]
    instant: bool
    days: int
    mobile: MobileMark


class MatterGroup(Wire):
    """A group with its matters."""

    code: str
    name: str
    name_en: str
    matters: list[MatterCard]


class ThemeCard(Wire):
    """A theme in a list."""

    code: str
    title: str
    title_en: str
    say: str
    say_en: str
    icon: str
    matters: list[str]
    who: list[str]


class CatalogueOut(Wire):
    """The whole catalogue, for the phone to keep."""

    version: str
    groups: list[MatterGroup]
    themes: list[ThemeCard]


class AskOption(Wire):
    """An option."""

    value: str
    label: str
    label_en: str
    help: str
    help_en: str


class OriginOut(Wire):
    """Where an answer comes from."""

    source: str
    label: str
    label_en: str
    channel: str
    at: str


class WrongOut(Wire):
    """What is wrong with an answer."""

    text: str
    text_en: str


class AskOut(Wire):
    """A question, with its answer when there is an application."""

    code: str
    label: str
    label_en: str
    help: str
    help_en: str
    type: str
    each: str
    unit: str
    unit_en: str
    options: list[AskOption]
    rows: list[AskOut]
    kinds: list[str]
    at_least: int
    at_most: int
    min: int | str | None
    max: int | str | None
    max_length: int
    is_optional: bool
    is_locked: bool
    is_shown: bool
    value: object = None
    origin: OriginOut | None = None
    problem: WrongOut | None = None


class SectionOut(Wire):
    """Questions that belong together."""

    title: str
    title_en: str
    asks: list[AskOut]


class MatterCitation(Wire):
    """Where the law says so."""

    cite: str
    article: str
    confidence: str


class PromiseOut(Wire):
    """How long it takes."""

    is_instant: bool
    days: int
    is_calendar: bool
    at_most: int
    confidence: str
    note: str
    note_en: str


class PaperNeed(Wire):
    """A paper that may be asked for."""

    code: str
    title: str
    title_en: str
    why: str
    why_en: str
    is_optional: bool
    is_conditional: bool
    is_on_file: bool | None


class MatterOut(Wire):
    """A matter whole, before it is begun."""

    code: str
    group: str
    group_name: str
    group_name_en: str
    title: str
    title_en: str
    say: str
    say_en: str
    who: list[str]
    who_words: str
    who_words_en: str
    mobile: MobileMark
    level: Literal["full", "plain"]
    screens: Literal["guided", "page"]
    law: list[MatterCitation]
    promise: PromiseOut
    fee_fen: FenNotNegative
    decided_by: str
    sections: list[SectionOut]
    papers: list[PaperNeed]
    computes_law: str | None
    document_title: str | None
    document_title_en: str | None
    may_start: bool | None
    why_not: str | None
    why_not_en: str | None
    draft_id: str | None


class HitOut(Wire):
    """Something that was found; `marks` are the places of the title that match."""

    kind: Literal["matter", "theme", "article", "calculator"]
    code: str
    title: str
    title_en: str
    say: str
    say_en: str
    marks: list[tuple[int, int]]
    may_start: bool | None


class SearchOut(Wire):
    """What was found, best first."""

    hits: list[HitOut]
    took_us: int
