"""Calculators on the wire: the list, and what one of them asks."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, JsonValue, WithJsonSchema

from palmtax.plumbing.wire import Wire

Confidence = Literal["law", "secondary", "own", "uncertain"]
LineUnit = Literal["fen", "days", "count", "quantity", "rate", "day", "yes_no", "choice"]
_SINGLE = [{"type": "string"}, {"type": "integer"}, {"type": "boolean"}]
PlainValue = Annotated[
    JsonValue,
    WithJsonSchema({"anyOf": [*_SINGLE, {"type": "array", "items": {"anyOf": _SINGLE}, "maxItems": 12}]}),
]
"""A value as people write it: `"36000.50"` yuan, `"10%"`, `"140.01"`, `"2026-04-15"`, true, an option's code, a list."""


class CalculatorCard(Wire):
    """A calculator in the list."""

    law: str = Field(description="the code of the rule; stable")
    name: str
    name_en: str
    group: str
    question: str
    question_en: str
    words: list[str] = Field(description="everyday words that also find it")


class CalculatorGroup(Wire):
    """Calculators of one part of life."""

    name: str
    name_en: str
    calculators: list[CalculatorCard]


class CalculatorList(Wire):
    """All calculators, or those that were searched for."""

    groups: list[CalculatorGroup]
    total: int


class FactOption(Wire):
    """One option of a choice."""

    code: str
    label: str
    label_en: str


class Slider(Wire):
    """Where guessing begins and ends, in the fact's own plain numbers; any value between `lo` and `hi` may be typed."""

    start: str
    lo: str
    hi: str
    step: str


class CalculatorFact(Wire):
    """One thing a calculator asks; `lo`, `hi`, `default` and `typical` as people write them."""

    code: str
    label: str
    label_en: str
    term: str
    term_en: str
    group: str
    unit: LineUnit
    each: Literal["month", "quarter"] | None = Field(description="a row: a list of 12 or 4 values")
    measure: str
    measure_en: str
    lo: str | None
    hi: str | None
    default: PlainValue | None
    typical: PlainValue | None
    options: list[FactOption]
    help: str
    help_en: str
    is_asked_first: bool
    slider: Slider | None


class CalculatorLine(Wire):
    """A line of the result, by name."""

    code: str
    label: str
    label_en: str
    unit: LineUnit


class CalculatorChoice(Wire):
    """One of the choices that are compared."""

    code: str
    name: str
    name_en: str


class RuleCitation(Wire):
    """The article behind a line or a number, in the language asked for."""

    title: str
    article: str
    paraphrase: str
    source: str
    confidence: Confidence


class UncertainNumber(Wire):
    """A number of the law that we could not confirm."""

    title: str
    title_en: str
    note: str


class CalculatorOut(Wire):
    """One calculator as the law stands on a day."""

    law: str
    name: str
    name_en: str
    title: str
    title_en: str
    group: str
    question: str
    question_en: str
    on: date
    version: str
    facts: list[CalculatorFact]
    headline: CalculatorLine
    of: CalculatorLine | None
    parts: list[CalculatorLine]
    compare: list[CalculatorChoice]
    uncertain: list[UncertainNumber]
    statutes: list[RuleCitation]
    matter: str | None = Field(description="code of the matter that can be done next")
