"""The questions of a law of `rules` as asks of a matter: labels, units, options and limits come from the law itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from palmtax import rules
from palmtax.matters.model.asks import Ask, Option
from palmtax.matters.model.faults import FileFault

_TYPES = {
    "fen": "amount",
    "count": "number",
    "days": "number",
    "quantity": "quantity",
    "rate": "rate",
    "day": "date",
    "choice": "choice",
    "yes_no": "yes_no",
}


def law_asks(raw: Mapping[str, Any]) -> tuple[Ask, ...]:
    """All facts of the law, in its order; `from` names sources, `section` the group they stand in, `leave_out` facts not asked."""
    known = {"law", "from", "section", "section_en", "leave_out"}
    if not raw.keys() <= known:
        raise FileFault((min(raw.keys() - known),), "不认识的键", f"可用的键 / one of: {', '.join(sorted(known))}")
    if raw["law"] not in rules.every_law():
        raise FileFault(("law",), f"没有规则 {raw['law']!r}", "见 rules/law 下的文件夹名")
    sources = raw.get("from") or {}
    facts = rules.law(raw["law"]).asked
    for name in (*sources, *(raw.get("leave_out") or ())):
        if name not in {fact.code for fact in facts}:
            raise FileFault(("from", name), f"规则没有 {name!r} 这一项", "见该规则的 facts.yaml")
    section = raw.get("section", "计算依据"), raw.get("section_en", "What the tax is computed from")
    kept = [fact for fact in facts if fact.code not in (raw.get("leave_out") or ())]
    return tuple(_ask(fact, sources.get(fact.code, ""), section) for fact in kept)


def _ask(fact: rules.Fact, source: str, section: tuple[str, str]) -> Ask:
    kind = _TYPES[fact.unit]
    number = kind in ("amount", "number", "quantity", "date")
    lowest, highest = (_limit(fact, end) if number else None for end in (fact.lo, fact.hi))
    help_zh = "。".join(x for x in (f"{fact.term}" if fact.term != fact.label else "", fact.help) if x)
    help_en = ". ".join(x for x in (fact.term_en if fact.term_en != fact.label_en else "", fact.help_en) if x)
    return Ask(
        code=fact.code, type="series" if fact.each else kind, label=fact.label, label_en=fact.label_en, help=help_zh,
        help_en=help_en, section=section[0], section_en=section[1], kinds=(kind,) if fact.each else (),
        options=tuple(Option(one.code, one.label, one.label_en) for one in fact.options) if kind == "choice" else (),
        lowest=lowest, highest=highest, unit=fact.measure, unit_en=fact.measure_en, source=source,
        is_optional=fact.default is not None, fact=fact.code, each=fact.each or "",
    )  # fmt: skip


def _limit(fact: rules.Fact, number: int) -> int | str:
    return number if fact.unit in ("fen", "count", "days") else fact.plain(number)
