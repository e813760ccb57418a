"""Hand-made hostility: a well-formed body for every operation, and what is put in place of each of its values."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

DEEP = "[" * 3000 + "]" * 3000
POISONS: dict[str, str] = {
    "nul": '"\\u0000"', "nul inside": '"a\\u0000b"', "lone surrogate": '"\\ud800"', "reversed pair": '"\\udc00\\ud800"',
    "huge integer": "9" * 400, "below int64": str(-(2**63) - 1), "float": "1.5", "infinity": "Infinity", "not a number": "NaN",
    "1e308": "1e308", "true": "true", "null": "null", "list": "[]", "deep list": DEEP, "object": '{"a":{"b":{}}}',
    "emoji": '"🍜👩‍👩‍👧‍👦𠮷"', "sql": "\"'; drop table filing_return; --\"", "format": '"{0} {period} %s %(x)s ${x}"',
    "line ends": '"a\\r\\nSet-Cookie: x=1"', "right to left": '"\\u202e\\u2066"', "long": '"' + "x" * 20_000 + '"', "empty": '""',
    "digits of another script": '"１３８００００００００"', "date that is none": '"2026-02-30"', "year 10000": '"10000-01-01"',
    "zero date": '"0000-00-00"', "html": '"<img src=x onerror=alert(1)>"',
}  # fmt: skip
"""JSON text by name."""
SAMPLES = {
    "phone": "15400009999", "code": "123456", "period": "2026Q3", "issued_on": "2026-08-12", "valid_until": "2026-12-31",
    "received_on": "2026-10-15", "resident_id": "990100198505050013", "invoice_no": "26990000000000000009",
    "refresh_token": "x" * 40, "idempotency": "a-key-of-mine", "key": "vat_small_scale.quarter_threshold", "first_day": "2027-01-01",
    "until": "2027-12-31", "published": "2026-10-10", "on": "2026-09-30", "after_on": "2026-09-30", "value": "450000",
    "article": "财政部 税务总局公告2026年第10号 起征点标准", "laws": "vat_small_scale_return",
}  # fmt: skip


OPEN: dict[str, Any] = {
    "facts": {"unpaid_tax": "12000.50", "days_late": 30}, "changes": {"vat_small_scale.quarter_threshold": "450000"},
}  # fmt: skip
"""Objects whose members the schema does not name."""


def resolved(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """A schema without its reference."""
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def sample(schema: dict[str, Any], document: dict[str, Any], name: str = "") -> Any:
    """The simplest value that a schema allows; every member is there."""
    schema = resolved(schema, document)
    for choice in schema.get("anyOf", []):
        if choice.get("type") != "null":
            return sample(choice, document, name)
    if "const" in schema or "enum" in schema:
        return schema.get("const", (schema.get("enum") or [None])[0])
    kind = schema.get("type")
    if kind == "object" and name in OPEN:
        return OPEN[name]
    if kind == "object":
        return {key: sample(part, document, key) for key, part in schema.get("properties", {}).items()}
    if kind == "array":
        return [sample(part, document, name) for part in schema.get("prefixItems", [schema.get("items", {})])]
    if kind == "string" and schema.get("format") == "uuid":
        return "01900000-0000-7000-8000-000000000000"
    simple = {"string": SAMPLES.get(name, "某文本"), "integer": 1, "boolean": True, "number": 1}
    return simple[str(kind)]


def bodies(document: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Method, path (with its places) and a well-formed body of every operation that takes JSON."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            content = operation.get("requestBody", {}).get("content", {})
            if "application/json" in content:
                yield method.upper(), path, sample(content["application/json"]["schema"], document)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value of a body, leaves and containers."""
    if path:
        yield path
    if isinstance(value, dict):
        for key, part in value.items():
            yield from places(part, (*path, key))
    if isinstance(value, list):
        for number, part in enumerate(value):
            yield from places(part, (*path, number))


MARK = "@@poison@@"


def poisoned(body: Any, path: tuple[Any, ...], poison: str) -> bytes:
    """The body with JSON text in place of one value."""

    def put(value: Any, rest: tuple[Any, ...]) -> Any:
        if not rest:
            return MARK
        if isinstance(value, dict):
            return {k: put(v, rest[1:]) if k == rest[0] else v for k, v in value.items()}
        return [put(v, rest[1:]) if n == rest[0] else v for n, v in enumerate(value)]

    return json.dumps(put(body, path), ensure_ascii=False).replace(f'"{MARK}"', poison).encode()
