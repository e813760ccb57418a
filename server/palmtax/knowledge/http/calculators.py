"""Routes of the public calculators 税款测算: no sign-in, nothing kept, every answer explained."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Body, Path, Query

from palmtax.knowledge.actions import calculating, calculators
from palmtax.knowledge.schemas.calculations import CalculationIn, CalculationOut
from palmtax.knowledge.schemas.calculators import CalculatorList, CalculatorOut
from palmtax.plumbing.edge import Edge, Router, may_anyone

router = Router(prefix="/api/knowledge", tags=["knowledge"])
LawCode = Annotated[
    str, Path(max_length=60, pattern=r"^[a-z][a-z0-9_]*$", description="code of the rule, from the list")
]
OnDay = Annotated[date | None, Query(description="the day whose law counts; today when left out")]
_SAMPLES = {
    "late_fee": {
        "summary": "Tax paid late: yuan as text, days as a number",
        "value": {"on": "2026-11-23", "facts": {"unpaid_tax": "12000.50", "days_late": 30}},
    },
    "ask_next": {
        "summary": "Nothing is known yet: the answer names what to ask, in order",
        "value": {"facts": {}},
    },
}

# These three are plain functions on purpose: they compute and wait for nothing, so they run beside the event loop.


@router.get("/calculators")
def list_calculators(
    edge: Annotated[Edge, may_anyone(rate="120/minute")],  # noqa: ARG001  # declares who may call
    query: Annotated[str, Query(max_length=60, description="words of a name, a question or everyday speech")] = "",
) -> CalculatorList:
    """Every calculator in its group, or those that all words of `query` find (“年终奖”, “buy a home”).

    For partners: the list changes only with a release; keep it for a day. No key is needed within the limit of
    120 calls a minute.
    """
    return calculators.shelf(query)


@router.get("/calculators/{law}")
def read_calculator(
    law: LawCode, edge: Annotated[Edge, may_anyone(rate="120/minute")], on: OnDay = None
) -> CalculatorOut:
    """What a calculator asks and shows on a day: facts with units, ranges and defaults, lines, statutes, open doubts.

    For partners: complete enough to draw the form and to compute any case with the next call; `version` changes
    whenever a number, a formula or a cited text does. Citations come in the language of `Accept-Language`.
    """
    return calculators.calculator(law, on=on or edge.clock.today(), language=edge.language)


@router.post("/calculators/{law}")
def calculate(
    law: LawCode,
    given: Annotated[CalculationIn, Body(openapi_examples=_SAMPLES)],
    edge: Annotated[Edge, may_anyone(rate="300/minute")],
) -> CalculationOut:
    """Compute: the result line by line with its law, or in `missing` what can still change the outcome.

    For partners: nothing is stored, so the same facts, day and version always give the same answer; send no names,
    numbers or addresses of anybody (there is no field for them). A refusal (422) names the fact and how to mend it.
    """
    return calculating.calculate(law, on=given.on or edge.clock.today(), facts=given.facts, language=edge.language)
