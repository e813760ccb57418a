"""The reference page of matters: what each asks, who decides, what happens on yes; words that a file may use."""

from __future__ import annotations

from collections import Counter
from typing import Any

import house
from page_tables import MADE, table

_DECIDES = {
    "instant": "at once",
    "one_officer": "one officer",
    "two_officers": "two officers",
    "other_office": "another office",
}


def _effect(call: Any) -> str:
    constants = [str(g.constant) for n, g in call.arguments.items() if n in ("kind", "law", "status") and g.constant]
    return f"`{call.do}`" + (f" ({', '.join(constants)})" if constants else "")


def matters() -> str:
    """`matters.md`."""
    house.load()
    from palmtax.matters.model.catalogue import catalogue
    from palmtax.matters.model.matter import GROUPS

    known = catalogue()
    level = Counter(m.level for m in known.values())
    effects = Counter(call.do for m in known.values() for call in m.on_yes)
    asked = sum(len(m.asks) for m in known.values())
    text = f"# Matters\n\n{MADE}{len(known)} matters in {len(GROUPS)} groups: {level['full']} full (thought through, real effect),"
    text += f" {level['plain']} plain (complete and honest, plainer). {asked} questions,"
    text += (
        f" {sum(1 for m in known.values() for a in m.asks if a.source)} of them prefilled from what the bureau holds,"
    )
    text += f" {sum(1 for m in known.values() for a in m.asks if a.fact)} the facts of a law;"
    text += f" {sum(len(m.examples) for m in known.values())} examples, each run end to end in every hat by the tests."
    text += " How to add one: [add-a-matter.md](../how-to/add-a-matter.md).\n"
    for group, (zh, en) in GROUPS.items():
        rows = [_row(m) for m in known.values() if m.group == group]
        heads = ("code", "matter", "who", "asks", "papers", "decided by", "promise", "on yes", "level", "mobile")
        text += f"\n## {zh} · {en}\n\n" + table(heads, rows)
    return text + _words(effects)


def _row(m: Any) -> tuple[object, ...]:
    promise = (
        "at once"
        if m.promise.is_instant
        else f"{m.promise.days} {'calendar' if m.promise.is_calendar else 'working'} days"
    )
    law = f"; law {', '.join(f'`{one.law}`' for one in m.computes)}" if m.computes else ""
    return (
        m.code,
        f"{m.title}<br>{m.title_en}",
        ", ".join(m.who),
        f"{len(m.asks)}{law}",
        len(m.papers),
        _DECIDES[m.decision.by] + ("; small ones at once" if m.decision.instant_when else ""),
        promise,
        ", ".join(_effect(call) for call in m.on_yes),
        m.level,
        {"frequent": "★", "suited": "●", "office": "○"}[m.mobile],
    )


def _words(effects: Counter[str]) -> str:
    from palmtax.matters.model.checking import DAYS
    from palmtax.matters.model.types import TYPES
    from palmtax.plumbing.effects import EFFECTS, READERS
    from palmtax.registry import record_kinds

    text = (
        "\n## Words a file may use\n\nTypes of asks: "
        + ", ".join(f"`{one}`" for one in sorted(TYPES - {"series"}))
        + ".\n"
    )
    rows = [
        (
            f"`{name}`",
            ", ".join(f"{p.name}{'?' if p.is_optional else ''}: {p.kind.__name__}" for p in entry.parameters.values())
            or "–",
            (entry.handler.__doc__ or "").strip().splitlines()[0],
            effects.get(name, 0),
        )
        for name, entry in sorted(EFFECTS.items())
    ]
    text += "\n### Door actions (`do:`)\n\n" + table(("action", "arguments", "what it does", "matters"), rows)
    sources = [
        (f"`{domain}.{name}{'.…' if kind == '*' else ''}`", kind)
        for domain, entry in sorted(READERS.items())
        for name, kind in entry.names.items()
    ]
    sources += [(f"`{name}`", "from the day") for name in sorted(DAYS)]
    text += "\n### Sources (`from:`, `read:`, `on_file:`)\n\n" + table(("source", "gives"), sources)
    kinds = [
        (f"`{k.code}`", k.title, k.title_en, k.keeps) for k in sorted(record_kinds().values(), key=lambda k: k.code)
    ]
    text += "\n### Kinds of records of the register\n\n"
    return text + table(("kind", "title", "title_en", "keeps"), kinds)


def show(code: str) -> None:
    """One matter as a person meets it."""
    house.load()
    from palmtax.matters.model.catalogue import catalogue

    known = catalogue()
    if code not in known:
        near = [f"{k} {m.title}" for k, m in known.items() if code and (code in k or code in m.title)] or sorted(known)
        raise SystemExit(f"没有 {code!r}；有 · there are: {'; '.join(near[:30])}")
    m = known[code]
    print(f"\n{m.code} {m.title} · {m.title_en}\n  {m.say} · {m.say_en}\n  {m.path}")
    print("  谁可以办 · who:", "、".join(m.who), "/", "、".join(m.roles))
    print(
        "  时限 · promise:", "即时" if m.promise.is_instant else f"{m.promise.days} 天", f"（{m.promise.confidence}）"
    )
    print("\n问什么 · asks")
    for ask in m.asks:
        when = "；".join(f"{c.on} {c.sign or '∈'} {c.constant if c.sign else list(c.values)}" for c in ask.when)
        held = f"  ← {ask.source}" if ask.source else ""
        mark = "" if not ask.is_optional else "（可不填）"
        print(f"  {ask.label}{mark} · {ask.label_en}  [{ask.type}]{held}" + (f"  当 {when}" if when else ""))
        for option in ask.options:
            print(f"      ○ {option.label} · {option.label_en}")
    print("\n材料 · papers")
    for paper in m.papers:
        print(f"  {paper.title} · {paper.title_en}" + (f"  已有则免交 ← {paper.on_file}" if paper.on_file else ""))
    print("\n谁决定 · decided by:", m.decision.by, "   办成之后 · on yes:", ", ".join(c.do for c in m.on_yes))
