"""Facts and results as people write them, and the JSON Schema by which a stranger can compute any case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from palmtax.rules.errors import FactRefused
from palmtax.rules.facts import EACH, Fact, write_plain_number
from palmtax.rules.laws import Law, find_law

_PATTERNS: dict[str, tuple[str, str]] = {
    "fen": (r"^-?\d+(\.\d{1,2})?$", "yuan, as text with at most two decimals, or whole yuan"),
    "quantity": (r"^\d+(\.\d{1,4})?$", "a measure, as text with at most four decimals, or whole"),
    "rate": (r"^\d+(\.\d+)?[%‰]?$|^\d+(\.\d+)?/\d+$", 'a rate, as text: "10%", "0.1" or "5/10000"'),
}


def read_plain(code: str, facts: Mapping[str, object]) -> dict[str, object]:
    """Facts as people write them, as `assess` takes them: yuan → fen, "10%" → rate, "140.01" → quantity, ISO day → day.

    Lists are rows. Raises `UnknownLaw` and `FactRefused`, which names the fact and how to mend it.
    """
    law = find_law(code)
    known = {fact.code: fact for fact in (*law.asked, *law.facts)}
    read: dict[str, object] = {}
    for name, raw in facts.items():
        if name not in known:
            raise FactRefused.of(name, name, name, "unknown")
        if raw is not None:
            read[name] = _read(known[name], raw)
    return read


def _read(fact: Fact, raw: object) -> object:
    if fact.each is None:
        return fact.plain_value(raw)
    if not isinstance(raw, (list, tuple)):
        raise fact.refused("row", str(len(fact.parts)))
    return [part.plain_value(value) for part, value in zip(fact.parts, raw, strict=False)] + list(
        raw[len(fact.parts) :]
    )


def write_plain(unit: str, value: int | bool) -> str | int | bool:
    """A result as people write it: yuan, measures and rates as text, counts and yes/no as they are."""
    if unit in ("count", "days", "yes_no", "choice"):
        return value
    return write_plain_number(unit, int(value))


def schema(code: str) -> dict[str, Any]:
    """The facts of a law as JSON Schema (2020-12): names, labels, units, ranges, defaults, options, help; its results."""
    law = find_law(code)
    needed = [fact.code for fact in law.asked if fact.default is None]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:palmtax:law:{code}",
        "title": law.title,
        "title_en": law.title_en,
        "version": law.version,
        "type": "object",
        "additionalProperties": False,
        "required": needed,
        "properties": {fact.code: _property(fact) for fact in law.asked},
        "results": {name: _result(law, name) for name in law.exports},
    }


def _result(law: Law, name: str) -> dict[str, str]:
    """How a result of the law is called; the line as it is written last."""
    line = law.formulas[name][-1]
    return {"title": line.label, "title_en": line.label_en}


def _property(fact: Fact) -> dict[str, Any]:
    if fact.each is not None:
        size = len(EACH[fact.each])
        words = _words(fact)
        row = {"type": "array", "items": _kind(fact), "maxItems": size, "each": fact.each}
        if fact.default is None:
            row["minItems"] = size
        return words | row
    return _words(fact) | _kind(fact)


def _words(fact: Fact) -> dict[str, Any]:
    words = {"title": fact.label, "title_en": fact.label_en, "term": fact.term, "group": fact.group, "unit": fact.unit}
    more = {"description": fact.help, "description_en": fact.help_en, "measure": fact.measure}
    return words | {key: value for key, value in more.items() if value}


def _kind(fact: Fact) -> dict[str, Any]:
    if fact.unit == "choice":
        options = {option.code: [option.label, option.label_en] for option in fact.options}
        kind: dict[str, Any] = {"type": "string", "enum": list(options), "options": options}
    elif fact.unit == "yes_no":
        kind = {"type": "boolean"}
    elif fact.unit == "day":
        kind = {"type": "string", "format": "date", "least": fact.plain(fact.lo), "most": fact.plain(fact.hi)}
    elif fact.unit in _PATTERNS:
        pattern, told = _PATTERNS[fact.unit]
        kind = {"type": ["string", "integer"], "pattern": pattern, "written": told}
        kind |= {"least": fact.plain(fact.lo), "most": fact.plain(fact.hi)}
    else:
        kind = {"type": "integer", "minimum": fact.lo, "maximum": fact.hi}
    if fact.default is not None:
        kind["default"] = (
            fact.default if isinstance(fact.default, (bool, str)) else write_plain(fact.unit, fact.read(fact.default))
        )
    return kind
