"""`make show kind=… name=…`: one thing as a person will see it."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import house

LAW = house.PACKAGE / "rules" / "law"


def _pick(known: dict[str, Any], name: str) -> Any:
    if name not in known:
        near = [k for k in known if name and name in k] or sorted(known)
        raise SystemExit(f"没有 {name!r}；有 · there are: {', '.join(near[:40])}")
    return known[name]


def _constants(path: Path) -> dict[str, Any]:
    """Constants of a module, such as the names of articles used more than once."""
    found: dict[str, Any] = {}
    for node in house.tree(path).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            try:
                found[node.targets[0].id] = ast.literal_eval(node.value)
            except ValueError:
                continue
    return found


def _articles(decorator: ast.AST, constants: dict[str, Any]) -> Iterator[str]:
    for argument in getattr(decorator, "args", []):
        value = argument.value if isinstance(argument, ast.Starred) else argument
        meant = constants.get(value.id) if isinstance(value, ast.Name) else getattr(value, "value", None)
        yield from ([meant] if isinstance(meant, str) else meant or [ast.unparse(argument)])


def rule(name: str) -> None:
    """A tax: its facts, its numbers over time, its lines with their articles."""
    import yaml

    folder = _pick({p.name: p for p in sorted(LAW.iterdir()) if (p / "facts.yaml").exists()}, name)
    facts = yaml.safe_load((folder / "facts.yaml").read_text(encoding="utf-8"))
    print(f"\n{facts['title']} · {facts.get('title_en', '')}\n\n问什么 · asks")
    for fact, told in (facts.get("asks") or {}).items():
        print(f"  {told.get('label', fact)} · {told.get('label_en', '')}  [{told.get('unit', '')}]  {fact}")
    print("\n数字 · numbers")
    for path in sorted(folder.glob("parameters/*.yaml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        print(f"  {data['title']}（{data.get('unit', '')}）  {path.stem}")
        for entry in data["values"]:
            until = f" 至 {entry['until']}" if entry.get("until") else " 起"
            print(f"    {entry['from']}{until}  {entry['value']}  —— {entry.get('law', '')}")
    print("\n算法 · lines")
    constants = _constants(folder / "formulas.py")
    for node in house.tree(folder / "formulas.py").body:
        if isinstance(node, ast.FunctionDef) and node.decorator_list:
            decorator = node.decorator_list[0]
            label = next((k.value.value for k in getattr(decorator, "keywords", []) if k.arg == "label"), node.name)
            print(f"  {label}  {node.name}({', '.join(a.arg for a in node.args.args)})")
            print(f"    {(ast.get_docstring(node) or '').splitlines()[0]}")
            print(f"    {'；'.join(_articles(decorator, constants))}")


def error(name: str) -> None:
    """A refusal in both languages, its places filled with their own names."""
    house.load()
    from palmtax.base.errors import every_error

    kind = _pick({k.code: k for k in every_error()}, name)
    values = {field: f"‹{field}›" for field in kind.fields}
    print(f"\n{kind.status} {kind.code}\n")
    for words, hint in ((kind.text, kind.hint), (kind.text_en, kind.hint_en)):
        try:
            print(f"  {words.format(**values)}\n  → {hint.format(**values)}\n")
        except ValueError:  # a place with a number format
            print(f"  {words}\n  → {hint}\n")
    print(f"  字段 · fields: {', '.join(kind.fields) or '–'}")


def table(name: str) -> None:
    """A table: columns, classes, keys."""
    house.load()
    from sqlalchemy.dialects import postgresql

    from palmtax.plumbing.schema import metadata

    dialect = postgresql.dialect()
    found = _pick(dict(metadata.tables), name)
    print(f"\n{found.name} · distributed by {found.info.get('distribute_by')}")
    keys = {c.name for c in found.primary_key.columns}
    for column in found.columns:
        mark = "★" if column.name in keys else " "
        print(
            f"  {mark} {column.name:<28} {column.type.compile(dialect).lower():<26}"
            f" {column.info.get('privacy')}{' null' if column.nullable else ''}"
        )


def route(name: str) -> None:
    """A route: who may, what it records, how often."""
    found = [r for r in house.routes() if r.path == name or name in r.path]
    for one in found:
        for authority in house.authorities(one):
            print(
                f"\n{', '.join(sorted(one.methods))} {one.path}\n"
                f"  {(one.endpoint.__doc__ or '').strip().splitlines()[0]}"
            )
            print(
                f"  who {authority.who} · scope {authority.scope or '–'}"
                f" · records {authority.records or '–'} · limit {authority.rate or '–'}"
            )
    if not found:
        raise SystemExit("没有这个地址 · no such route")


def event(name: str) -> None:
    """An event: what it carries, who hears it."""
    import dataclasses

    house.load()
    from palmtax.plumbing import outbox

    known = {
        kind.name: kind
        for module in house.part("events").values()
        for kind in vars(module).values()
        if isinstance(kind, type) and dataclasses.is_dataclass(kind)
    }
    kind = _pick(known, name)
    print(f"\n{name}: {(kind.__doc__ or '').strip()}")
    print("  带着 · carries:", ", ".join(f"{f.name}: {f.type}" for f in dataclasses.fields(kind)))
    print("  谁在听 · heard by:", ", ".join(outbox.LISTENERS.get(name, [])) or "–")


KINDS: dict[str, Callable[[str], None]] = {"rule": rule, "error": error, "table": table, "route": route, "event": event}


def main(arguments: list[str]) -> int:
    """Print one thing; exit code 2 when the kind is unknown."""
    kind, name = (*arguments, "", "")[:2]
    if kind not in KINDS:
        print(f"make show kind=({' | '.join(KINDS)}) name=…")
        return 2
    KINDS[kind](name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
