"""Writes the client libraries of the open platform, Python and TypeScript, from the OpenAPI document of `/open/v1`.

`python dev/partner_sdk.py` writes both beside the portal that serves them; a test fails when they are stale. Types and
methods come from the document; signing in and checking webhooks are written once, in `dev/partner_parts/`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import house

FOLDER = house.PACKAGE / "partners" / "templates"
PARTS = house.ROOT / "dev" / "partner_parts"
_PYTHON = {"string": "str", "integer": "int", "boolean": "bool", "number": "float", "null": "None"}
_TYPESCRIPT = {"string": "string", "integer": "number", "boolean": "boolean", "number": "number", "null": "null"}


@dataclass(frozen=True, slots=True)
class Call:
    """One operation: its name, where it is, what goes with it."""

    name: str
    say: str
    method: str
    path: str
    places: tuple[str, ...]
    query: tuple[tuple[str, dict[str, Any], bool], ...]
    body: dict[str, Any] | None
    answer: dict[str, Any]


def document() -> dict[str, Any]:
    """The OpenAPI document of the surface."""
    pages = house.module("palmtax.partners.http.pages")
    if pages is None:
        raise SystemExit("palmtax.partners is not there")
    return json.loads(json.dumps(pages.document()))


def calls(made: dict[str, Any]) -> Iterator[Call]:
    """Its operations."""
    for path, methods in made["paths"].items():
        for method, one in methods.items():
            good = next(one["responses"][status] for status in ("200", "201") if status in one["responses"])
            asked = one.get("parameters", [])
            body = one.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            yield Call(
                name=one["operationId"].replace("_open", ""),
                say=one["description"].split("\n")[0],
                method=method.upper(),
                path=path,
                places=tuple(p["name"] for p in asked if p["in"] == "path"),
                query=tuple((p["name"], p["schema"], p.get("required", False)) for p in asked if p["in"] == "query"),
                body=body,
                answer=good["content"]["application/json"]["schema"],
            )


def _schemas(made: dict[str, Any]) -> dict[str, Any]:
    return {
        name: one
        for name, one in made["components"]["schemas"].items()
        if name not in ("HTTPValidationError", "ValidationError")
    }


def _type(schema: dict[str, Any], *, python: bool) -> str:
    words = _PYTHON if python else _TYPESCRIPT
    if "$ref" in schema:
        return schema["$ref"].rsplit("/", 1)[1]
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_type(one, python=python) for one in schema["anyOf"]))
    if "const" in schema or "enum" in schema:
        values = [json.dumps(value) for value in schema.get("enum", [schema.get("const")])]
        return f"Literal[{', '.join(values)}]" if python else " | ".join(values)
    if schema.get("type") == "array":
        inside = _type(schema.get("items", {}), python=python)
        return f"list[{inside}]" if python else f"({inside})[]" if "|" in inside else f"{inside}[]"
    if schema.get("type") == "object":
        inside = schema.get("additionalProperties")
        value = _type(inside, python=python) if isinstance(inside, dict) and inside else "Any" if python else "unknown"
        return f"dict[str, {value}]" if python else f"Record<string, {value}>"
    return words.get(schema.get("type", ""), "Any" if python else "unknown")


def _python_types(made: dict[str, Any]) -> str:
    written = []
    for name, one in _schemas(made).items():
        needed = set(one.get("required", []))
        lines = [f"class {name}(TypedDict):", f'    """{one.get("description", name).splitlines()[0]}"""', ""]
        for field, schema in one.get("properties", {}).items():
            kind = _type(schema, python=True)
            lines.append(f"    {field}: {kind if field in needed or name.endswith('Out') else f'NotRequired[{kind}]'}")
        written.append("\n".join(lines))
    return "\n\n\n".join(written)


def _python_calls(made: dict[str, Any]) -> str:
    written = []
    for call in calls(made):
        arguments = ["self", "token: str", *(f"{p}: str" for p in call.places)]
        arguments += [f"given: {_type(call.body, python=True)}"] if call.body else []
        needed = [(n, s) for n, s, is_needed in call.query if is_needed]
        free = [(n, s) for n, s, is_needed in call.query if not is_needed]
        more = [f"{n}: {_type(s, python=True)}" for n, s in needed]
        more += [f"{n}: {_optional(_type(s, python=True))} = None" for n, s in free]
        arguments += ["*", *more] if more else []
        query = "{" + ", ".join(f'"{n}": {n}' for n, _, _ in call.query) + "}"
        path = re.sub(r"\{(\w+)\}", r"{quote(\1, safe='')}", call.path)
        lead = "f" if call.places else ""
        sent = f", query={query}" if call.query else ""
        sent += ", body=given" if call.body else ""
        written.append(
            f"    def {call.name}({', '.join(arguments)}) -> {_type(call.answer, python=True)}:\n"
            f'        """{call.say}"""\n'
            f'        return self._call("{call.method}", {lead}"{path}", token{sent})'
        )
    return "\n\n".join(written)


def _optional(kind: str) -> str:
    return kind if kind.endswith("None") else f"{kind} | None"


def _typescript_types(made: dict[str, Any]) -> str:
    written = []
    for name, one in _schemas(made).items():
        needed = set(one.get("required", []))
        lines = [f"/** {one.get('description', name).splitlines()[0]} */", f"export interface {name} {{"]
        for field, schema in one.get("properties", {}).items():
            mark = "" if field in needed or name.endswith("Out") else "?"
            lines.append(f"  {field}{mark}: {_type(schema, python=False)};")
        written.append("\n".join([*lines, "}"]))
    return "\n\n".join(written)


def _typescript_calls(made: dict[str, Any]) -> str:
    written = []
    for call in calls(made):
        name = re.sub(r"_(\w)", lambda found: found[1].upper(), call.name)
        arguments = ["token: string", *(f"{p}: string" for p in call.places)]
        arguments += [f"given: {_type(call.body, python=False)}"] if call.body else []
        members = "; ".join(f"{n}{'' if needed else '?'}: {_type(s, python=False)}" for n, s, needed in call.query)
        is_free = not any(needed for _, _, needed in call.query)
        arguments += [f"query: {{ {members} }}{' = {}' if is_free else ''}"] if call.query else []
        path = re.sub(r"\{(\w+)\}", r"${encodeURIComponent(\1)}", call.path)
        sent = ", query" if call.query else ", {}"
        sent += ", given" if call.body else ""
        written.append(
            f"  /** {call.say} */\n"
            f"  {name}({', '.join(arguments)}): Promise<{_type(call.answer, python=False)}> {{\n"
            f'    return this.call("{call.method}", `{path}`, token{sent});\n'
            "  }"
        )
    return "\n\n".join(written)


def _filled(text: str, *places: tuple[str, str]) -> str:
    for place, written in places:
        text = text.replace(place, written)
    return text


def made() -> dict[str, str]:
    """The libraries by file name."""
    document_of = document()
    python = (PARTS / "palmtax_open.py.txt").read_text(encoding="utf-8")
    typescript = (PARTS / "palmtax-open.ts.txt").read_text(encoding="utf-8")
    return {
        "palmtax_open.py.txt": _filled(python, ("# TYPES", _python_types(document_of)), ("    # CALLS", _python_calls(document_of))),
        "palmtax-open.ts.txt": _filled(
            typescript, ("// TYPES", _typescript_types(document_of)), ("  // CALLS", _typescript_calls(document_of))
        ),
    }  # fmt: skip


def main() -> None:
    """Write them."""
    for name, text in made().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
