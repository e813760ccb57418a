"""`make show kind=… name=…`: one thing as a person will see it."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from typing import Any

import house
import matter_pages
from palmtax.base.clock import SystemClock


def _pick(known: dict[str, Any], name: str) -> Any:
    if name not in known:
        near = [k for k in known if name and name in k] or sorted(known)
        raise SystemExit(f"没有 {name!r}；有 · there are: {', '.join(near[:40])}")
    return known[name]


def rule(name: str) -> None:
    """A tax: what it asks, its numbers over time, its lines today; `iit_year/medical_cap` shows one line or number."""
    from palmtax import rules

    code, _, part = name.partition("/")
    law = rules.law(_pick({one: one for one in rules.every_law()}, code))
    if part:
        _pick({**law.formulas, **law.parameters}, part)
    print(f"\n{law.title} · {law.title_en}")
    if not part:
        _facts(law)
    _numbers(law, part)
    _lines(law, part)


def _facts(law: Any) -> None:
    print("\n问什么 · asks")
    for fact in law.asked:
        each = f", {fact.each}" if fact.each else ""
        print(f"  {fact.label} · {fact.label_en}  [{fact.unit}{each}]  {fact.code}")
    if law.calculator:
        print(f"\n税款测算 · calculator\n  {law.calculator.name}：{law.calculator.question}")


def _numbers(law: Any, part: str) -> None:
    from palmtax import rules

    print("\n数字 · numbers")
    read = {argument for one in law.formulas.get(part, ()) for argument in inspect.signature(one.function).parameters}
    for code, parameter in law.parameters.items():
        if part and code != part and code not in read:
            continue
        print(f"  {parameter.title}（{parameter.unit}）  {code}  ← {'、'.join(rules.readers(parameter.key))}")
        for value in sorted(parameter.values, key=lambda one: one.first_day):
            until = f" 至 {value.until}" if value.until else " 起"
            mark = "  ⚠ 待核实" if value.confidence == "uncertain" else ""
            print(f"    {value.first_day}{until}  {_shown(parameter.kind, value.value)}  —— {value.law}{mark}")


def _shown(kind: str, value: Any) -> str:
    from palmtax import rules

    plain = rules.plain_number(kind, value)
    return ("是 yes" if plain else "否 no") if isinstance(plain, bool) else str(plain)


def _lines(law: Any, part: str) -> None:
    today = SystemClock().today()
    print(f"\n算法 · lines ({today})")
    for code in law.formulas:
        line = law.formula(code, today)
        arguments = list(inspect.signature(line.function).parameters) if line else []
        if line is None or (part and code != part and part not in arguments):
            continue
        print(f"  {line.label} · {line.label_en}  {code}({', '.join(arguments)})")
        print(f"    {(line.function.__doc__ or '').strip().splitlines()[0]}")
        print(f"    —— {'；'.join(line.articles)}")


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


def message(name: str) -> None:
    """A message as people get it, in every medium and both languages, with its samples."""
    from palmtax import messaging
    from palmtax.messaging.model.media import segments

    found = _pick(dict(messaging.every_template()), name)
    values = found.samples()
    quiet = f"{found.quiet.start:%H:%M}–{found.quiet.end:%H:%M}" if found.quiet else "–"
    print(f"\n{name}: {found.purpose} · {found.topic} · {found.audience} · reach {found.reach} · quiet {quiet}")
    for language in ("zh", "en"):
        words, text = found.render(values, language), found.render_sms(values, language)
        print(f"\n[{language}] {words.title}\n\n{words.body}\n\n  SMS ({segments(text)}): {text}")
        for field, shown in found.render_wechat(values, language).items():
            print(f"  {field}: {shown}")


KINDS: dict[str, Callable[[str], None]] = {
    "rule": rule,
    "tax": rule,
    "relief": rule,
    "parameter": rule,
    "matter": matter_pages.show,
    "error": error,
    "table": table,
    "route": route,
    "event": event,
    "message": message,
}


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
