"""A stranger with nothing but `law facts`: what its JSON Schema allows is computed, what it forbids is refused."""

from __future__ import annotations

import random as dice
from datetime import date
from decimal import Decimal
from typing import Any

import jsonschema
import pytest
from rules import random_facts as random

from palmtax import rules
from palmtax.base.errors import PalmtaxError
from palmtax.base.rate import Rate
from palmtax.rules.plain import schema

CODES = rules.every_law()
CASES = 40
WRONG: list[Any] = ["x", "", "1e5", "1.23456789", "１２", "-", 1.5, None, [[]], {"a": 1}, "2026-13-01", 10**30]


def written(kind: dict[str, Any], draw: dice.Random) -> Any:
    """A value of one property of the schema."""
    if "enum" in kind:
        return draw.choice(kind["enum"])
    match kind["type"]:
        case "boolean":
            return draw.random() < 0.5
        case "integer":
            return draw.randint(kind["minimum"], kind["maximum"])
        case "array":
            size = draw.randint(kind.get("minItems", 0), kind["maxItems"])
            return [written(kind["items"], draw) for _ in range(size)]
    if kind.get("format") == "date":
        least, most = (date.fromisoformat(kind[end]).toordinal() for end in ("least", "most"))
        return date.fromordinal(draw.randint(least, most)).isoformat()
    if is_rate(kind):
        least, most = (int(Rate(kind[end]).fraction * 10**6) for end in ("least", "most"))
        return draw.choice(["{}/1000000", "0.{:06d}"]).format(min(draw.randint(least, most), 999_999))
    return amount(kind, draw)


def is_rate(kind: dict[str, Any]) -> bool:
    """Whether it is written as a rate."""
    return "%" in kind.get("written", "")


def amount(kind: dict[str, Any], draw: dice.Random) -> str | int:
    """A number within the range, of any number of digits, with or without decimals."""
    least, most = Decimal(kind["least"]), Decimal(kind["most"])
    size = Decimal(draw.randint(0, 10 ** draw.randint(0, 14))) / 100
    value = min(max(size, least), most)
    if draw.random() < 0.1:
        return int(value) if least <= int(value) else str(value)
    return format(
        value.quantize(Decimal("0.01")) if draw.random() < 0.5 or value != value.to_integral() else value, "f"
    )


def instance(law: dict[str, Any], draw: dice.Random) -> dict[str, Any]:
    """Facts that the schema allows: all that are required, and some of the others."""
    wanted = {name: kind for name, kind in law["properties"].items() if name in law["required"] or draw.random() < 0.4}
    return {name: written(kind, draw) for name, kind in wanted.items()}


@pytest.mark.parametrize("code", CODES)
def test_what_the_schema_allows_is_computed(code: str) -> None:
    law, draw, day = schema(code), dice.Random(code), random.day_of(code)
    jsonschema.Draft202012Validator.check_schema(law)
    check = jsonschema.Draft202012Validator(law, format_checker=jsonschema.FormatChecker())
    for _ in range(CASES):
        facts = instance(law, draw)
        check.validate(facts)
        found = rules.assess(code, on=day, facts=rules.read_plain(code, facts))
        own = {name.rpartition("_")[0] if name[-2:].isdigit() else name for name in found.outputs if "." not in name}
        assert own <= law["results"].keys()


@pytest.mark.parametrize("code", CODES)
def test_what_the_schema_forbids_is_refused(code: str) -> None:
    law, draw, day = schema(code), dice.Random(code), random.day_of(code)
    check = jsonschema.Draft202012Validator(law, format_checker=jsonschema.FormatChecker())
    tried = 0
    for name in [*law["properties"], "no_such_fact"]:
        for value in WRONG:
            facts = {**instance(law, draw), name: value}
            if check.is_valid(facts) or value is None:  # nothing given is no wrong value
                continue
            tried += 1
            with pytest.raises(PalmtaxError) as refusal:
                rules.assess(code, on=day, facts=rules.read_plain(code, facts))
            told = refusal.value.values["fact"]
            assert told == name or told.startswith(f"{name}_"), value
    assert tried >= len(WRONG) - 1


@pytest.mark.parametrize("code", CODES)
def test_beyond_the_least_and_the_most_the_refusal_says_so(code: str) -> None:
    law, draw, day = schema(code), dice.Random(code), random.day_of(code)
    for name, kind in law["properties"].items():
        if "most" not in kind or is_rate(kind):
            continue
        beyond = "2199-12-31" if kind.get("format") == "date" else format(Decimal(kind["most"]) + 1, "f")
        with pytest.raises(rules.FactRefused) as refusal:
            rules.assess(code, on=day, facts=rules.read_plain(code, {**instance(law, draw), name: beyond}))
        assert refusal.value.values["fact"] == name
        assert (
            kind["most"] in refusal.value.words("zh")[0] + refusal.value.words("en")[0] or kind.get("format") == "date"
        )


@pytest.mark.parametrize("code", CODES)
def test_the_examples_are_what_the_schema_says(code: str) -> None:
    check = jsonschema.Draft202012Validator(schema(code), format_checker=jsonschema.FormatChecker())
    wanted = {fact.code for fact in rules.law(code).asked}
    for case in rules.cases(code):
        facts = {name: str(value) if isinstance(value, date) else value for name, value in case.facts.items()}
        assert facts.keys() <= wanted | {fact.code for fact in rules.law(code).facts}
        if facts.keys() <= wanted:
            bad = [problem for problem in check.iter_errors(facts) if problem.validator != "required"]
            assert [problem.message for problem in bad] == []
