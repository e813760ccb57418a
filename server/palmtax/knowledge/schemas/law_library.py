"""The law on the wire: laws, numbers through time, texts. Values are in the law's plain form, never a float."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, JsonValue, WithJsonSchema

from palmtax.knowledge.schemas.calculators import Confidence
from palmtax.plumbing.wire import Wire

_TEXT = {"type": "string", "maxLength": 60}
_ROW = {
    "type": "object",
    "properties": {"up_to": _TEXT, "rate": _TEXT, "less": _TEXT},
    "required": ["rate"],
    "additionalProperties": False,
}
LawValue = Annotated[
    JsonValue,
    WithJsonSchema(
        {
            "anyOf": [
                _TEXT,
                {"type": "integer"},
                {"type": "boolean"},
                {"type": "object", "additionalProperties": {"anyOf": [_TEXT, {"type": "integer"}]}},
                {"type": "array", "items": _ROW, "maxItems": 60},
            ]
        }
    ),
]
"""`"60000"` yuan, `"3%"`, 5, true, `"2026-01-01"`, one of each option, or the rows of a scale: by kind."""
ParameterKind = Literal[
    "money", "rate", "count", "quantity", "day", "yes_no", "comparison", "per_unit", "scale", "ratio_scale",
    "rates", "amounts", "quantities", "counts", "per_units",
]  # fmt: skip


class LawLine(Wire):
    """A law in the list; `uncertain` counts its numbers in force today that could not be confirmed."""

    code: str
    title: str
    title_en: str
    version: str
    parameters: int
    uncertain: int
    statutes: int


class LawList(Wire):
    """The laws that were asked for."""

    laws: list[LawLine]


class ParameterLine(Wire):
    """A number as it counts today; without a value when none is in force."""

    key: str
    title: str
    title_en: str
    kind: ParameterKind
    unit: str
    confidence: Confidence | None
    value: LawValue | None
    first_day: date | None
    until: date | None
    article: str | None
    has_change: bool = Field(description="a version is being drafted, decided on, or waits for its first day")


class StatuteOut(Wire):
    """A text that a law cites, and the days it is in force."""

    title: str
    title_en: str
    number: str
    from_on: date
    until: date | None
    ended_on: date | None
    replaced_by: str


class LawOut(Wire):
    """One law."""

    code: str
    title: str
    title_en: str
    version: str
    parameters: list[ParameterLine]
    statutes: list[StatuteOut]


class LawOption(Wire):
    """An option that a table has a number for."""

    code: str
    label: str
    label_en: str


class ParameterValue(Wire):
    """One value of a number with its days, from a file of the law or from the law desk."""

    first_day: date
    until: date | None
    value: LawValue
    article: str
    paraphrase: str
    published: date
    source: str
    confidence: Confidence
    note: str
    origin: Literal["file", "desk"]
    change_id: UUID | None
    is_in_force: bool
