"""Calculations on the wire: facts in, an explained result out."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from palmtax.knowledge.schemas.calculators import LineUnit, PlainValue, RuleCitation, UncertainNumber
from palmtax.plumbing.wire import Fen, FenNotNegative, Wire

MOST_FACTS = 200
FactName = Annotated[str, StringConstraints(max_length=80, pattern=r"^[a-z][a-z0-9_]*$")]
Permille = Annotated[int, Field(ge=0, le=1000)]


class CalculationIn(Wire):
    """What is known so far; what is left out takes its default or is asked for in `missing`."""

    on: date | None = Field(default=None, description="the day whose law counts; today when left out")
    facts: Annotated[dict[FactName, PlainValue], Field(max_length=MOST_FACTS)] = Field(
        default_factory=dict,
        description=(
            "By the code of the fact. Text is read as people write it: money in yuan (“36000.50”), rates “10%”, "
            "measures “140.01”, days “2026-04-15”; a whole JSON number for money is fen. Yes/no is true or false, a "
            "choice the code of its option, a row a list of up to 12 values. Never a JSON number with decimals."
        ),
    )


class LineValue(Wire):
    """A line and its value: whole fen, ten-thousandths of a measure, millionths of a rate; `text` as people write it."""

    code: str
    label: str
    label_en: str
    unit: LineUnit
    value: Fen
    text: str


class Slice(Wire):
    """A part of the picture."""

    code: str
    label: str
    label_en: str
    value_fen: FenNotNegative
    permille: Permille


class Picture(Wire):
    """How the result stands in the whole."""

    label: str
    label_en: str
    whole_fen: FenNotNegative
    slices: list[Slice]
    rest_fen: FenNotNegative
    rest_permille: Permille


class Column(Wire):
    """One month or quarter; `permille` of the highest."""

    place: str
    place_en: str
    value_fen: FenNotNegative
    permille: Permille


class Months(Wire):
    """How a result is spread over the months or quarters of a year."""

    code: str
    label: str
    label_en: str
    columns: list[Column]


class ComparedChoice(Wire):
    """One choice; `permille` of the dearest one."""

    code: str
    name: str
    name_en: str
    value_fen: Fen
    permille: Permille
    is_best: bool


class Comparison(Wire):
    """Choices side by side; none is best when they come to the same."""

    choices: list[ComparedChoice]
    best: str | None = Field(description="code of the least; null when all are equal")
    saved_fen: FenNotNegative = Field(description="the dearest less the least")


class CalculationLine(Wire):
    """One line of the explanation."""

    code: str
    label: str
    label_en: str
    formula: str
    formula_en: str
    unit: LineUnit
    value: Fen
    text: str
    is_output: bool
    citations: list[RuleCitation]


class UsedFact(Wire):
    """A fact that was used, as people write it."""

    code: str
    label: str
    label_en: str
    unit: LineUnit
    value: PlainValue
    is_default: bool


class CalculationResult(Wire):
    """The result with its picture and its reasons: only the lines that led to it."""

    headline: LineValue
    parts: list[LineValue]
    picture: Picture | None
    compare: Comparison | None
    months: Months | None
    lines: list[CalculationLine]
    uncertain: list[UncertainNumber]


class CalculationOut(Wire):
    """A result, or what to ask next: `missing` names, in order, only what can still change the outcome."""

    law: str
    on: date
    version: str
    missing: list[str]
    facts: list[UsedFact]
    result: CalculationResult | None
